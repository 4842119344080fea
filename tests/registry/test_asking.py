"""Asking the shared bases: local ones in two statements, outside ones never longer than the deadline, all of it on record."""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.utils import Error as DatabaseError
from tests.registry.conftest import DOG
from tests.registry.sources import Scripted, took

from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.faults import Fault, armed
from yichuang.core.identifiers import synthetic
from yichuang.core.ids import new_id
from yichuang.core.jobs import run_waiting
from yichuang.core.refusals import Refused
from yichuang.core.words import W
from yichuang.notices.models import Message
from yichuang.people.commands import register_party
from yichuang.registry import outside, ports
from yichuang.registry.commands import ask, ask_local, load_batch, settle_contradiction
from yichuang.registry.models import CachedAnswer, Contradiction, RegistryLook, SharedRecord
from yichuang.registry.ports import SourceDown, SourceRefused, SourceSlow, SourceWrong, connected
from yichuang.registry.queries import list_contradictions, list_looks, source_states
from yichuang.registry.values import Answer, Base, Ground, Purpose, Question

BORN = date(1990, 1, 1)
PERSON = synthetic.cn_id(BORN, "female", region="440303", nth=1)
OTHER = synthetic.cn_id(BORN, "male", region="440303", nth=2)
COMPANY = synthetic.uscc(7, region="440303")
DUTY = Ground("duty", "个体工商户登记管理办法 第十四条")
PURPOSE = Purpose("getihu-sheli", "LH20261124000018", W("个体工商户设立登记", "Registration of a shop"))
HOME = "深圳市罗湖区桂园街道老围社区演示路8号501"


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    outside.forget()
    yield
    outside.forget()


def registered(number: str = PERSON, name: str = "张晓", *, at: datetime) -> UUID:
    """The party of a number, in our books."""
    return register_party(actor=SYSTEM, kind="person", name=name, id_type="111", id_no=number, at=at)


@pytest.fixture
def known(db: None, at: datetime) -> UUID:
    """张晓, in our books."""
    return registered(at=at)


@pytest.fixture
def loaded(db: None, at: datetime) -> None:
    """Two people as the police have them (all they have), one address, one credit record."""
    rows = [
        {"key": PERSON, "name": "张晓", "birth_date": "1990-01-01", "alive": "是", "residence_address": HOME},
        {"key": OTHER, "name": "李明", "alive": "否"},
    ]
    load_batch(base=Base.POPULATION, source="police", actor=SYSTEM, at=at, rows=rows, whole=True)
    addresses = [{"key": HOME, "standard": HOME, "registrable": True, "entities": 2}]
    load_batch(base=Base.ADDRESSES, source="street", actor=SYSTEM, at=at, rows=addresses, whole=True)
    load_batch(
        base=Base.CREDIT, source="court", actor=SYSTEM, at=at, rows=[{"key": OTHER, "restricted": True}], whole=True
    )


def about(key: str = PERSON, *fields: str, base: Base = Base.POPULATION, name: str = "person") -> Question:
    return Question(name, base, key, fields or ("name", "alive"))


def put(*questions: Question, at: datetime, how: Callable[..., Any] = ask_local, **more: Any) -> tuple[Answer, ...]:
    given = {"actor": SYSTEM, "ground": DUTY, "purpose": PURPOSE, **more}
    answers: tuple[Answer, ...] = how(questions, at=at, **given)
    return answers


def test_local_bases_answer_all_questions_in_two_statements_and_log_them_in_one_insert(
    loaded: None, at: datetime, django_assert_num_queries: Any
):
    questions = (
        about(PERSON, "name", "alive"),
        about(HOME.replace("501", " 501 室"), "registrable", "entities", base=Base.ADDRESSES, name="place"),
        about(PERSON, "restricted", base=Base.CREDIT, name="credit"),
        about(COMPANY, "name", base=Base.ENTITIES, name="shop"),
    )
    with django_assert_num_queries(3):
        person, place, credit, shop = put(*questions, at=at)
    assert (person.state, dict(person.fields), person.source) == ("found", {"name": "张晓", "alive": True}, "police")
    assert place.state == "found"
    assert place.fields["entities"] == 2
    assert credit.state == "none"  # the court gave all it has
    assert (shop.state, shop.fault) == ("unknown", "not_held")  # nobody gave us anything: that is no "none"
    looks = RegistryLook.objects.order_by("id")
    assert [(look.base, look.state) for look in looks] == [
        ("population", "found"),
        ("addresses", "found"),
        ("credit", "none"),
        ("entities", "unknown"),
    ]
    assert PERSON not in str(list(looks.values()))


def test_only_what_was_asked_for_comes_out(loaded: None, at: datetime):
    (answer,) = put(about(PERSON, "alive"), at=at)
    assert dict(answer.fields) == {"alive": True}
    (missing,) = put(about(OTHER, "birth_date"), at=at)
    assert missing.state == "found"
    assert dict(missing.fields) == {}


def test_a_giver_of_some_rows_cannot_say_none(db: None, at: datetime):
    load_batch(base=Base.POPULATION, source="street", actor=SYSTEM, at=at, rows=[{"key": PERSON, "name": "张晓"}])
    (answer,) = put(about(OTHER), at=at)
    assert (answer.state, answer.fault) == ("unknown", "not_held")


@pytest.mark.parametrize("key", ["44030319900101", "440303199001019991", "罗湖区", ""])
def test_a_key_that_points_to_nothing_is_unclear(loaded: None, at: datetime, key: str):
    base = Base.ADDRESSES if key == "罗湖区" else Base.POPULATION
    (answer,) = put(about(key, *(("code",) if base is Base.ADDRESSES else ("name",)), base=base), at=at)
    assert (answer.state, answer.fault) == ("unknown", "unclear")


def test_an_address_without_its_areas_is_found_when_it_can_only_be_one(loaded: None, at: datetime):
    short = "老围社区演示路 8 号 501"
    (answer,) = put(about(short, "standard", base=Base.ADDRESSES), at=at)
    assert answer.fields["standard"] == HOME
    twin = {"key": "罗湖区黄贝街道演示路8号501", "standard": "罗湖区黄贝街道演示路8号501"}
    load_batch(base=Base.ADDRESSES, source="street", actor=SYSTEM, at=at, rows=[twin])
    (answer,) = put(about(short, "standard", base=Base.ADDRESSES), at=at)
    assert (answer.state, answer.fault) == ("unknown", "unclear")


def test_our_own_certificates_are_those_of_whose_number_is_asked(record, known: UUID, at: datetime):
    row = record(holder_party=known)
    question = about(PERSON, "types", "numbers", base=Base.CERTIFICATES)
    stranger = about(OTHER, "types", base=Base.CERTIFICATES, name="other")
    answer, nobody = put(question, stranger, at=at)
    assert answer.fields["types"] == (DOG,)
    assert answer.fields["numbers"] == (row.number,)
    assert nobody.fault == "not_held"  # not in our books: we know nothing of them
    (before,) = put(question, at=at - timedelta(days=5))
    assert before.state == "none"
    registered(OTHER, "李明", at=at)
    assert put(stranger, at=at)[0].state == "none"


def test_the_log_cannot_be_changed_and_without_it_nothing_is_told(loaded: None, at: datetime):
    with armed("registry.after_log"), pytest.raises(Fault), transaction.atomic():
        put(about(), at=at)
    assert not RegistryLook.objects.exists()
    put(about(), at=at)
    for statement in (
        "UPDATE registry_look SET base = 'credit'",
        "DELETE FROM registry_look",
        "TRUNCATE registry_look",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("ground", "code"),
    [(Ground("duty", " "), "BASIS_NEEDED"), (Ground("consent", "PIPL 13"), "CONSENT_NEEDED")],
)
def test_no_question_without_a_ground(loaded: None, at: datetime, ground: Ground, code: str):
    with pytest.raises(Refused) as refused:
        put(about(), at=at, ground=ground)
    assert [reason.code for reason in refused.value.reasons] == [code]


def test_who_may_ask(loaded: None, at: datetime, known: UUID, li_na: Actor, stranger: Actor):
    person = Actor(kind="person", id=known, name="张晓")
    place = about(HOME, "registrable", base=Base.ADDRESSES)
    assert put(about(), place, at=at, actor=person)  # a place is nobody
    assert put(about(), at=at, actor=li_na)
    for actor, questions in (
        (person, [about(), about(OTHER)]),  # one of them about somebody else
        (person, [about("", "name")]),
        (stranger, [about()]),
        (Actor(kind="anonymous"), [place]),
        (Actor(kind="link"), [place]),
    ):
        for how in (ask_local, ask):
            with pytest.raises(Refused) as refused:
                put(*questions, at=at, actor=actor, how=how)
            assert refused.value.kind == "forbidden"
    registered(OTHER, "李明", at=at)
    with pytest.raises(Refused):
        put(about(OTHER), at=at, actor=person)
    assert RegistryLook.objects.count() == 3


def test_a_look_is_told_to_whose_number_was_asked_and_to_nobody_else(loaded: None, at: datetime, known: UUID):
    other = registered(OTHER, "李明", at=at)
    company = about(COMPANY, "name", base=Base.ENTITIES, name="shop")
    place = about(HOME, "registrable", base=Base.ADDRESSES, name="place")
    for how in (ask_local, ask):
        put(about(), about(OTHER, "alive", name="partner"), company, place, at=at, how=how)
    with transaction.atomic():
        run_waiting()
    assert [row.fields[0].zh for row in list_looks(known).items] == ["姓名"] * 2
    assert [row.fields[0].zh for row in list_looks(other).items] == ["在世"] * 2
    assert set(RegistryLook.objects.values_list("base", "party_id").order_by("id")) == {
        ("population", known),
        ("population", other),
        ("entities", None),
        ("addresses", None),
    }
    told = {message.party: message.body for message in Message.objects.filter(template="registry_asked")}
    assert set(told) == {known, other}
    assert all("地址库" not in body and "法人库" not in body for body in told.values())


def test_the_person_reads_every_look_and_is_told_once_a_day(loaded: None, at: datetime, known: UUID, li_na: Actor):
    credit = about(PERSON, "restricted", base=Base.CREDIT, name="credit")
    for moment in (at, at + timedelta(hours=1), at + timedelta(days=1)):
        put(about(), credit, at=moment, actor=li_na)
    with transaction.atomic():
        run_waiting()
    told = Message.objects.filter(party=known, template="registry_asked").order_by("id")
    assert len(told) == 2
    assert "人口库、信用库" in told[0].body
    assert PURPOSE.case_number in told[0].body
    looks = list_looks(known, limit=4)
    assert len(looks.items) == 4
    assert list_looks(known, cursor=looks.next).items[-1].base is Base.POPULATION
    first = looks.items[-1]
    assert first.who == "李*"
    assert first.basis == DUTY.basis
    assert {words.zh for words in looks.items[1].fields} <= {"姓名", "在世", "严重失信且未修复"}


def test_looks_under_the_number_of_who_came_later_are_theirs(loaded: None, at: datetime, db: None):
    put(about(), at=at)
    party = registered(at=at)
    assert [row.base for row in list_looks(party).items] == [Base.POPULATION]


# ── outside sources ──────────────────────────────────────────────────────────────────────────────────────────────


def police(at: datetime, **more: Any) -> Scripted:
    return Scripted("police_api", {PERSON: {"name": "张晓", "alive": True, "salary": 1}}, at, **more)


def test_an_outside_source_answers_is_kept_and_every_use_is_on_record(db: None, at: datetime):
    source = police(at)
    with connected(source):
        (first,) = put(about(), at=at, how=ask)
        (again,) = put(about(PERSON, "alive"), at=at + timedelta(minutes=5), how=ask)
        (more,) = put(about(PERSON, "birth_date"), at=at, how=ask)
        (later,) = put(about(), at=at + timedelta(hours=7), how=ask)
    assert first.state == again.state == later.state == "found"
    assert dict(first.fields) == {"name": "张晓", "alive": True}
    assert dict(again.fields) == {"alive": True}
    assert more.state == "found"
    assert len(source.asked) == 3  # the second came from what was kept
    assert [look.sources[0][3] for look in RegistryLook.objects.order_by("id")] == [False, True, False, False]
    assert all("张晓" not in str(row) for row in CachedAnswer.objects.order_by("id").values_list("names", "key_index"))


def test_of_two_answers_the_one_that_was_asked_later_is_kept_whichever_came_last(db: None, at: datetime):
    """The earlier question was slow: its answer is written down behind the later one's."""
    for said, minutes in (({"alive": False}, 5), ({"alive": True}, 0)):
        source = Scripted("police_api", {PERSON: said}, at + timedelta(minutes=minutes))
        with connected(source), patch("yichuang.registry.commands.asking._not_cached", every_call):
            put(about(PERSON, "alive"), at=at + timedelta(minutes=minutes), how=ask)
    source = police(at)
    with connected(source):
        (kept,) = put(about(PERSON, "alive"), at=at + timedelta(minutes=6), how=ask)
    assert (dict(kept.fields), kept.as_of, source.asked) == ({"alive": False}, at + timedelta(minutes=5), [])


def every_call(asked: Any, at: datetime) -> list[Any]:
    """As where nothing was kept yet when it was asked."""
    return [(one, source) for one in asked for source in ports.sources_of(one.looked.question.base)]


def test_nothing_waits_for_another_house_inside_a_transaction(transactional_db: None, at: datetime):
    with connected(police(at)), pytest.raises(RuntimeError), transaction.atomic():
        put(about(), at=at, how=ask)


@pytest.mark.parametrize(
    ("fails", "fault"),
    [
        (SourceDown("HTTP_503"), "down"),
        (SourceSlow("NO_ANSWER"), "slow"),
        (SourceWrong("SIGNATURE"), "wrong"),
        (SourceRefused("HTTP_403"), "refused"),
        (ZeroDivisionError(f"a defect about {PERSON}"), "wrong"),
    ],
)
def test_a_source_that_fails_is_an_answer(
    db: None, at: datetime, fails: Exception, fault: str, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.DEBUG), connected(police(at, fails=fails)):
        (answer,) = put(about(), at=at, how=ask)
    assert (answer.state, answer.fault) == ("unknown", fault)
    assert answer.why is not None
    assert PERSON not in caplog.text
    assert not CachedAnswer.objects.exists()


@pytest.mark.parametrize(
    "said",
    [{"alive": "yes"}, {"name": 7}, {"name": "张" * 600}, {"birth_date": "01/02/03", "name": None}],
)
def test_wrong_types_are_no_answer(db: None, at: datetime, said: dict[str, object]):
    with connected(Scripted("police_api", {PERSON: said}, at)):
        (answer,) = put(about(PERSON, "name", "alive", "birth_date"), at=at, how=ask)
    assert (answer.state, answer.fault) == ("unknown", "wrong")


def test_an_answer_of_tomorrow_is_no_answer(db: None, at: datetime):
    with connected(Scripted("police_api", {}, at + timedelta(days=1))):
        (answer,) = put(about(), at=at, how=ask)
    assert answer.fault == "wrong"


def test_nobody_waits_longer_than_the_deadline_and_who_is_slow_is_soon_not_asked(db: None, at: datetime):
    source = police(at, wait=30.0, timeout=30.0)
    with connected(source):
        begun = time.monotonic()
        answers = put(*(about(name=str(n)) for n in range(3)), at=at, how=ask, deadline=0.2)
        waited = took(begun)
        assert [answer.fault for answer in answers] == ["slow"] * 3
        assert 0.2 <= waited < 5  # far from the thirty seconds
        (cut,) = put(about(), at=at, how=ask, deadline=20.0)
        assert cut.fault == "down"  # three in a row: nobody waits for it now
        assert len(source.asked) == 3
        (state,) = source_states(SYSTEM, at=at)
        assert (state.open, state.asked, state.failed) == (True, 4, 4)
    source.free.set()


def test_a_source_has_a_time_of_its_own(db: None, at: datetime):
    source = police(at, wait=30.0, timeout=0.1)
    quick = Scripted("civil", {PERSON: {"name": "张晓", "alive": True}}, at)
    with connected(source, quick):
        (answer,) = put(about(), at=at, how=ask, deadline=20.0)
    source.free.set()
    assert (answer.state, answer.fault) == ("unknown", "slow")  # the other one answered, but this one might know better
    assert [entry[:2] for entry in RegistryLook.objects.get().sources] == [["civil", "found"], ["police_api", "slow"]]


def test_none_needs_every_source(db: None, at: datetime):
    with connected(Scripted("civil", {}, at), police(at, fails=SourceDown("X"))):
        (answer,) = put(about(OTHER), at=at, how=ask)
    assert answer.state == "unknown"
    with connected(Scripted("civil", {}, at), police(at)):
        (answer,) = put(about(OTHER), at=at + timedelta(days=1), how=ask)
    assert answer.state == "none"


def test_a_source_that_hangs_does_not_pile_up_threads(db: None, at: datetime):
    source = police(at, wait=30.0, timeout=30.0)
    with connected(source):
        answers = put(*(about(name=str(n)) for n in range(12)), at=at, how=ask, deadline=0.1)
    source.free.set()
    assert sorted(answer.fault or "" for answer in answers) == ["busy"] * 4 + ["slow"] * 8


# ── contradictions ───────────────────────────────────────────────────────────────────────────────────────────────


def test_contradictory_sources_make_unknown_until_a_person_settles_it(loaded: None, at: datetime, editor: Actor):
    says = {PERSON: {"name": "张小", "alive": True}}
    with connected(Scripted("civil", says, at)):
        (answer,) = put(about(), at=at, how=ask)
        assert (answer.state, answer.fault) == ("unknown", "contradictory")
        put(about(), at=at, how=ask)
        (clash,) = list_contradictions(editor).items  # twice asked, once in the list
        assert (clash.field, {source: words.zh for source, words in clash.said}) == (
            "name",
            {"civil": "张*", "police": "张*"},
        )
        assert PERSON not in str(clash)
        settle_contradiction(
            actor=editor, id=clash.id, seen=clash.found_at, keep="police", reason="与户口簿核对", at=at
        )
        (answer,) = put(about(), at=at, how=ask)
        assert dict(answer.fields) == {"name": "张晓", "alive": True}
    with connected(Scripted("civil", {PERSON: {"name": "章晓", "alive": True}}, at)):
        (answer,) = put(about(), at=at + timedelta(days=1), how=ask)
        assert answer.fault == "contradictory"  # it says something else now: that was not settled
    assert list_contradictions(editor, settled=True).items[0].kept == "police"


def test_the_list_shows_what_sources_say_now_and_who_read_something_else_looks_again(
    loaded: None, at: datetime, editor: Actor
):
    later = at + timedelta(days=1)
    for moment, name in ((at, "张小"), (later, "章晓")):
        with connected(Scripted("civil", {PERSON: {"name": name, "alive": True}}, moment)):
            put(about(), at=moment, how=ask)
    (clash,) = list_contradictions(editor).items
    assert Contradiction.objects.get().said["civil"] == "章晓"
    with pytest.raises(Refused) as refused:
        settle_contradiction(actor=editor, id=clash.id, seen=at, keep="police", reason="与户口簿核对", at=later)
    assert refused.value.reasons[0].code == "CHANGED"
    settle_contradiction(actor=editor, id=clash.id, seen=clash.found_at, keep="police", reason="与户口簿核对", at=later)
    with connected(Scripted("civil", {PERSON: {"name": "章晓", "alive": True}}, later)):
        assert put(about(), at=later + timedelta(hours=7), how=ask)[0].settled == ("name",)


def test_one_finds_what_another_does_not_have(loaded: None, at: datetime, editor: Actor):
    third = synthetic.cn_id(BORN, "male", region="440303", nth=9)
    with connected(Scripted("civil", {third: {"name": "王强"}}, at)):
        (answer,) = put(about(third, "name"), at=at, how=ask)
        assert answer.fault == "contradictory"
        (clash,) = list_contradictions(editor).items
        settle_contradiction(actor=editor, id=clash.id, seen=clash.found_at, keep="civil", reason="昨日新迁入", at=at)
        (answer,) = put(about(third, "name"), at=at, how=ask)
    assert answer.fields["name"] == "王强"


def test_two_spellings_are_no_contradiction(loaded: None, at: datetime):
    says = {PERSON: {"residence_address": "罗湖区桂园街道演示路 8 号 501 室", "birth_date": "19900101"}}
    with connected(Scripted("civil", says, at)):
        (answer,) = put(about(PERSON, "residence_address", "birth_date"), at=at, how=ask)
    assert answer.state == "found"
    assert not Contradiction.objects.exists()


def test_settling_needs_the_power_a_reason_and_a_source(loaded: None, at: datetime, editor: Actor, li_na: Actor):
    with connected(Scripted("civil", {PERSON: {"name": "张小"}}, at)):
        put(about(PERSON, "name"), at=at, how=ask)
    (clash,) = list_contradictions(editor).items
    with pytest.raises(Refused) as refused:
        settle_contradiction(actor=editor, id=clash.id, seen=clash.found_at, keep="nobody", reason=" ", at=at)
    assert {reason.code for reason in refused.value.reasons} == {"SOURCE_UNKNOWN", "REASON_NEEDED"}
    with pytest.raises(Refused) as refused:
        settle_contradiction(actor=li_na, id=clash.id, seen=clash.found_at, keep="civil", reason="x", at=at)
    assert refused.value.kind == "forbidden"
    settle_contradiction(actor=editor, id=clash.id, seen=clash.found_at, keep="civil", reason="核对", at=at)
    with pytest.raises(Refused) as refused:
        settle_contradiction(actor=editor, id=clash.id, seen=clash.found_at, keep="police", reason="核对", at=at)
    assert refused.value.kind == "conflict"
    with pytest.raises(Refused) as refused:
        settle_contradiction(actor=editor, id=new_id(), seen=at, keep="police", reason="核对", at=at)
    assert refused.value.kind == "missing"


def test_records_and_kept_answers_are_sealed(loaded: None, at: datetime):
    with connected(police(at)):
        put(about(), at=at, how=ask)
    with connection.cursor() as cursor:
        for table in ("registry_record", "registry_cache", "registry_look", "registry_contradiction"):
            cursor.execute(f"SELECT * FROM {table}")
            text = str(cursor.fetchall())
            assert "张晓" not in text
            assert PERSON not in text
            assert BORN.isoformat() not in text
    assert SharedRecord.objects.get(key_masked__startswith="440303", base="credit").key_masked.count("*") == 8
