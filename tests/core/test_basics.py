"""The small values that everything passes around: words, clock, ids, actors, refusals, events, masks, roles, pages."""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from yichuang.core import clock, events, masks, roles
from yichuang.core.actors import SYSTEM, Actor, Channel, Grant, anonymous
from yichuang.core.ids import new_id
from yichuang.core.paging import Page
from yichuang.core.refusals import STATUS, Conflict, NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W, Words

# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_words_in_both_languages():
    words = W("受理", "Accept")
    assert [words.in_(locale) for locale in ("zh-hans", "zh", "en", "en-gb")] == ["受理", "受理", "Accept", "Accept"]


def test_words_fill_in_words_of_the_fitting_language_and_never_twice():
    inner = W("身份证{x}", "ID card{x}")
    assert W("缺{what}", "{what} is missing").format(what=inner) == Words("缺身份证{x}", "ID card{x} is missing")


# ── clock ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_hall_s_day_is_shanghai_s():
    assert clock.local_date(datetime(2026, 11, 23, 15, 59, tzinfo=UTC)) == date(2026, 11, 23)
    assert clock.local_date(datetime(2026, 11, 23, 16, 0, tzinfo=UTC)) == date(2026, 11, 24)
    assert clock.local(datetime(2026, 11, 23, 1, tzinfo=UTC)).hour == 9


def test_the_clock_stops_only_inside():
    at = datetime(2020, 1, 1, tzinfo=UTC)
    with clock.fixed(at) as stopped:
        assert clock.now() == stopped == at
        with clock.fixed(at + timedelta(days=1)):
            assert clock.now() == at + timedelta(days=1)
        assert clock.now() == at
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert clock.now().tzinfo is UTC


def test_a_clock_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware"), clock.fixed(datetime(2020, 1, 1)):  # noqa: DTZ001  (what is refused)
        pass


def test_the_offset_moves_the_clock(monkeypatch):
    monkeypatch.setattr(clock, "_OFFSET", timedelta(days=-30))
    assert abs(clock.now() + timedelta(days=30) - datetime.now(UTC)) < timedelta(seconds=5)
    assert clock.machine(clock.shown_at(datetime(2026, 1, 1, tzinfo=UTC))) == datetime(2026, 1, 1, tzinfo=UTC)


# ── ids ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_ids_are_uuid_version_7_unique_and_ordered_by_time():
    ids = [new_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert {(found.version, found.variant) for found in ids} == {(7, "specified in RFC 4122")}
    for _ in range(200):  # rows of one millisecond stand in the order they were written in
        first = new_id()
        time.sleep(0.00001)
        assert first < new_id()
    time.sleep(0.003)
    later = new_id()
    assert all(found < later for found in ids)
    assert abs((later.int >> 80) - time.time() * 1000) < 5000


# ── actors ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_grant_covers_its_place_and_department_and_no_other():
    hall, other, department = uuid4(), uuid4(), uuid4()
    clerk = Actor(kind="staff", id=uuid4(), grants=frozenset({Grant(roles.INTAKE_CLERK, place=hall)}))
    assert clerk.has(roles.INTAKE_CLERK)
    assert clerk.has(roles.INTAKE_CLERK, place=hall)
    assert clerk.has(roles.INTAKE_CLERK, place=hall, department=department)
    assert not clerk.has(roles.INTAKE_CLERK, place=other)
    assert not clerk.has(roles.REVIEWER, place=hall)
    reviewer = Actor(kind="staff", grants=frozenset({Grant(roles.REVIEWER, department=department)}))
    assert reviewer.has(roles.REVIEWER, place=other, department=department)
    assert not reviewer.has(roles.REVIEWER, department=uuid4())
    assert (clerk.is_staff, clerk.roles) == (True, {roles.INTAKE_CLERK})


def test_place_and_department_must_come_from_one_grant():
    a, b = uuid4(), uuid4()
    actor = Actor(
        kind="staff", grants=frozenset({Grant("r", place=a, department=b), Grant("r", place=b, department=a)})
    )
    assert actor.has("r", place=a, department=b)
    assert not actor.has("r", place=a, department=a)


def test_a_person_acts_for_itself_and_whom_it_represents():
    me, company = uuid4(), uuid4()
    person = Actor(kind="person", id=me, represents=frozenset({company}))
    assert (person.acts_for(me), person.acts_for(company), person.acts_for(uuid4())) == (True, True, False)
    assert not Actor(kind="staff", id=me).acts_for(me)
    assert not SYSTEM.acts_for(me)
    assert not anonymous(channel=Channel.PORTAL).has(roles.INTAKE_CLERK)


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_refusal_carries_every_reason():
    reasons = [Reason("A", W("一", "one"), "/a"), Reason("B", W("二", "two"))]
    with pytest.raises(Refused) as refused:
        refuse_all(reasons)
    assert (refused.value.reasons, refused.value.status) == (tuple(reasons), 422)
    refuse_all([])


def test_a_limit_that_ends_at_midnight_ends_on_the_day_before():
    midnight = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)  # 24:00 of 24 November in Shanghai
    instant = timedelta(microseconds=1)
    days = [clock.last_date(at).day for at in (midnight - instant, midnight, midnight + instant)]
    assert days == [24, 24, 25]


def test_every_kind_has_its_own_status():
    assert len(set(STATUS.values())) == len(STATUS)
    for kind, status in STATUS.items():
        assert Refused(kind=kind).status == status


def test_what_is_missing_and_what_is_forbidden_look_alike():
    missing = NotFound(W("办件", "case"))
    assert (missing.status, missing.reasons[0].words.in_("en")) == (
        404,
        "We could not find this case, or you may not see it",
    )
    assert Conflict().status == 409


# ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_handlers_hear_exactly_their_event_once_and_in_order(monkeypatch):
    from collections import defaultdict

    monkeypatch.setattr(events, "_handlers", defaultdict(list))

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Filed(events.Event):
        n: int

    @dataclass(frozen=True, slots=True, kw_only=True)
    class FiledTwice(Filed):
        pass

    heard = []

    def first(event: Filed) -> None:
        heard.append(("first", event.n))

    events.subscribe(Filed)(first)
    events.subscribe(Filed)(first)
    events.subscribe(Filed)(lambda event: heard.append(("second", event.n)))
    events.publish(Filed(n=1))
    events.publish(FiledTwice(n=2))
    assert heard == [("first", 1), ("second", 1)]


def test_a_failing_handler_fails_the_act(monkeypatch):
    from collections import defaultdict

    monkeypatch.setattr(events, "_handlers", defaultdict(list))

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Broken(events.Event):
        pass

    @events.subscribe(Broken)
    def handler(event: Broken) -> None:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        events.publish(Broken())


# ── masks ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("mask", "plain", "masked"),
    [
        (masks.mask_name, "", ""),
        (masks.mask_name, "张", "*"),
        (masks.mask_name, "张晓", "张*"),
        (masks.mask_name, "𠮷野", "𠮷*"),
        (masks.mask_name, "欧阳小敏", "欧**敏"),
        (masks.mask_name, "䶮㛃𠮷", "䶮*𠮷"),
        (masks.mask_name, "阿卜杜拉·麦麦提江", "阿***·***江"),
        (masks.mask_name, "阿不都热西提·买买提艾力江·阿卜杜拉", "阿***·***·***拉"),
        (masks.mask_name, "Christopher A Johnson", "C*** * ***n"),
        (masks.mask_holder, "张晓", "张*"),
        (masks.mask_holder, "深圳市罗湖区阳光宠物用品有限公司", "深圳市罗湖区阳光宠物用品有限公司"),
        (masks.mask_id, "11010519491231002X", "110105********002X"),
        (masks.mask_id, "E12345678", "E1*****78"),
        (masks.mask_id, "1234", "****"),
        (masks.mask_id, "12345", "12*45"),
        (masks.mask_mobile, "13800003210", "138****3210"),
        (masks.mask_mobile, "8613800003210", "138****3210"),
        (masks.mask_mobile, "+86 138 0000 3210", "138****3210"),
        (masks.mask_mobile, "0755-25501234", "****34"),
        (masks.mask_mobile, "075525501234", "****34"),
        (masks.mask_mobile, "+85291234567", "****67"),
        (masks.mask_by_shape, "075525501234", "****34"),
        (masks.mask_mobile, "2550123456", "****56"),
        (masks.mask_mobile, "25501234", "****34"),
        (masks.mask_mobile, "2550123", "****"),
        (masks.mask_address, "广东省深圳市南山区蛇口街道工业七路12号3栋501室", "广东省深圳市南山区蛇口街道****"),
        (masks.mask_address, "南山区蛇口街道海湾社区渔村路8号", "南山区蛇口街道海湾社区****"),
        (masks.mask_address, "蛇口街道工业七路12号花果山社区中心201", "蛇口街道****"),
        (masks.mask_address, "深圳市南山区某某花园3栋", "深圳市南山区****"),
        (masks.mask_address, "深圳市南山区某某小区3栋501", "深圳市南山区****"),
        (masks.mask_address, "某某小区3栋501", "****"),
        (masks.mask_address, "桂园社区桂园路 1 号 2 栋 301", "桂园社区****"),
        (masks.mask_address, "花果山社区中心201", "****"),
        (masks.mask_address, "某某花园3栋501", "****"),
        (masks.mask_address, "", ""),
        (masks.mask_by_shape, "深圳市罗湖区阳光宠物用品有限公司", "深圳市罗湖区阳光宠物用品有限公司"),
        (masks.mask_by_shape, "深圳市58同城信息服务有限公司罗湖分公司", "深圳市58同城信息服务有限公司罗湖分公司"),
        (masks.mask_by_shape, "罗湖东门早晨烘焙店（个体工商户）", "罗湖东门早晨烘焙店（个体工商户）"),
        (masks.mask_by_shape, "深圳市罗湖区爱国路8号阳光公司", "深圳市罗湖区****"),
        (masks.mask_by_shape, "深圳市罗湖区爱国路阳光大厦三楼物业公司", "深圳市罗湖区****"),
        (masks.mask_by_shape, "深圳市罗湖区爱国路深圳大学", "深圳市罗湖区****"),
        (masks.mask_by_shape, "深圳市罗湖区东门街道人民医院", "深圳市罗湖区东门街道****"),
        (masks.mask_by_shape, "深圳市交通路桥有限公司", "深圳市交通路桥有限公司"),
        (masks.mask_by_shape, "深圳市人民医院", "深圳市人民医院"),
        (masks.mask_by_shape, "罗湖区爱国路8号", "罗湖区****"),
        (masks.mask_by_shape, "东门街道花园路一号", "东门街道****"),
        (masks.mask_by_shape, "罗湖区爱国路", "罗湖区****"),
        (masks.mask_by_shape, "某某小区3栋501", "****"),
        (masks.mask_by_shape, "3栋501", "****"),
        (masks.mask_by_shape, "李镇乡", "李*乡"),
        (masks.mask_by_shape, "𠮷䶮", "𠮷*"),
        (masks.mask_by_shape, "阿不都热西提·买买提艾力江·阿卜杜拉", "阿***·***·***拉"),
        (masks.mask_by_shape, "11010519491231002X", "110105********002X"),
        (masks.mask_by_shape, "13800003210", "138****3210"),
        (masks.mask_by_shape, "E12345678", "E1*****78"),
        (masks.mask_by_shape, "粤（2020）深圳市不动产权第0012345号", "粤（2020）深圳市****"),
        (masks.mask_by_shape, "蛇口街道海边", "蛇口街道****"),
        (masks.mask_by_shape, "桂园社区旁边", "桂园社区****"),
        (masks.mask_by_shape, "东门街道办", "东门街道****"),
        (masks.mask_by_shape, "李大镇乡", "李**乡"),
        (masks.mask_by_shape, "某某花园十栋", "****"),
        (masks.mask_by_shape, "某某花园3", "****"),
        (masks.mask_by_shape, "110105194912310号室", "****"),
        (masks.mask_by_shape, "110105491231002", "11***********02"),
        (masks.mask_by_shape, "11010549123100", "****00"),
        (masks.mask_by_shape, "John Smith", "J*** ***h"),
        (masks.mask_by_shape, "欧阳大学", "欧**学"),
        (masks.mask_by_shape, "深圳市大学", "深圳市大学"),
        (masks.mask_email, "zhang@example.cn", "z***@example.cn"),
        (masks.mask_email, "nonsense", "n***"),
        (masks.mask_bank_card, "6222020000000001234", "**** 1234"),
        (masks.mask_certificate_number, "JY24403050012345", "JY2**********345"),
        (masks.mask_bank_card, "622202000", "**** 2000"),
        (masks.mask_bank_card, "62220200", "****"),
        (masks.mask_certificate_number, "123456789", "123***789"),
        (masks.mask_certificate_number, "12345678", "******78"),
        (masks.mask_certificate_number, "123", "*23"),
        (masks.mask_certificate_number, "12", "**"),
    ],
)
def test_masks(mask, plain, masked):
    assert mask(plain) == masked


@pytest.mark.parametrize("mask", [masks.mask_id, masks.mask_mobile, masks.mask_bank_card])
@pytest.mark.parametrize("length", range(1, 20))
def test_no_mask_ever_shows_the_whole_number_nor_most_of_it(mask, length):
    number = "1234567890123456789"[:length]
    masked = mask(number)
    assert number not in masked
    assert sum(c.isdigit() for c in masked) <= max(0.8 * length, 1)


# ── roles and pages ──────────────────────────────────────────────────────────────────────────────────────────────


def test_every_role_has_words_and_the_three_administrators_are_roles():
    constants = {value for name, value in vars(roles).items() if name.isupper() and isinstance(value, str)}
    assert constants == roles.ALL == set(roles.WORDS)
    assert roles.ALL > roles.THREE_ADMINISTRATORS
    assert len({words.zh for words in roles.WORDS.values()}) == len(roles.ALL)


def test_a_page_ends_without_a_cursor():
    assert Page((1, 2)).next is None
