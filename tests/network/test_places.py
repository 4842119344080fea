"""Places, windows, special days, and which place takes what."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.identifiers import synthetic
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.network import queries
from yichuang.network.commands import (
    assign_item,
    clear_special_day,
    save_department,
    save_place,
    save_post,
    save_window,
    set_special_day,
)
from yichuang.network.models import Department, Place
from yichuang.network.values import (
    AssignmentRule,
    DepartmentData,
    DepartmentKind,
    PlaceData,
    PlaceKind,
    PostAct,
    Span,
    WindowKind,
)

pytestmark = pytest.mark.usefixtures("network")
NOBODY = UUID(int=0)
TUESDAY_NOON = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)
NEW = PlaceData(
    code="LH-C99",
    kind=PlaceKind.COMMUNITY,
    name=W("新社区便民服务站", "New Community Centre"),
    region_code="440303",
    parent="LH-S01",
    street_code="440303001",
    week=((Span(time(9), time(12)),),) * 5 + ((), ()),
)


def test_a_new_place_stands_in_the_tree_at_once_with_its_hours(administrator: Actor, at: datetime) -> None:
    id = save_place(actor=administrator, place=NEW, at=at)
    assert id in queries.places_below(queries.get_place("LH-S01").id)
    assert queries.is_open(id, at)
    assert not queries.is_open(id, TUESDAY_NOON)
    (entry,) = ledger.list_entries(ledger.Subject("place", id))
    assert (entry.act, entry.detail["code"]) == ("network.place_created", "LH-C99")


def test_saving_a_place_again_changes_it_and_keeps_its_identity(administrator: Actor, at: datetime) -> None:
    id = save_place(actor=administrator, place=NEW, at=at)
    assert save_place(actor=administrator, place=replace(NEW, active=False, parent="LH"), at=at) == id
    assert not queries.is_open(id, at)
    assert queries.get_place("LH-C99").parent == queries.get_place("LH").id


def test_a_place_moved_below_its_own_child_is_refused(administrator: Actor, at: datetime) -> None:
    hall = queries.get_place("LH-S01")
    moved = PlaceData("LH-S01", hall.kind, hall.name, "440303", parent="LH-C440303001001", week=hall.timetable.week)
    with pytest.raises(Refused, match="CIRCLE"):
        save_place(actor=administrator, place=moved, at=at)
    with pytest.raises(Refused, match="PARENT_UNKNOWN"):
        save_place(actor=administrator, place=replace(NEW, parent="NOWHERE"), at=at)


def test_a_hall_manager_and_li_na_make_no_places(manager: Actor, li_na: Actor, at: datetime) -> None:
    for actor in (manager, li_na):
        with pytest.raises(Refused) as refused:
            save_place(actor=actor, place=NEW, at=at)
        assert refused.value.status == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"parent_id": "own id"},
        {"kind": "castle"},
        {"name_en": ""},
        {"region_code": "44"},
        {"street_code": "x"},
        {"code": "lower"},
    ],
)
def test_the_database_itself_refuses_a_wrong_place(changes: dict[str, object]) -> None:
    id = queries.get_place("LH-S01").id
    values = {key: id if value == "own id" else value for key, value in changes.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.filter(pk=id).update(**values)


def test_what_is_not_there_is_not_found() -> None:
    for ask in (lambda: queries.get_place("X"), lambda: queries.get_department("X")):
        with pytest.raises(NotFound):
            ask()
    for ask_id in (queries.get_place_by_id, queries.get_department_by_id):
        with pytest.raises(NotFound):
            ask_id(NOBODY)


# ── special days ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_manager_closes_and_extends_a_day_of_the_own_hall_only(manager: Actor, at: datetime) -> None:
    own, other = queries.get_place("LH").id, queries.get_place("LH-S02").id
    day = date(2026, 11, 24)
    set_special_day(actor=manager, place=own, day=day, spans=(), reason=W("设备检修", "Maintenance"), at=at)
    assert queries.opening(own, at).reason.zh == "设备检修"
    assert queries.next_opening(own, at) == datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
    evening = (Span(time(9), time(12)), Span(time(13), time(20)))
    set_special_day(actor=manager, place=own, day=day, spans=evening, reason=W("延时办理", "Late"), at=at)
    assert queries.is_open(own, datetime(2026, 11, 24, 11, 30, tzinfo=UTC))
    clear_special_day(actor=manager, place=own, day=day, at=at)
    assert not queries.is_open(own, datetime(2026, 11, 24, 11, 30, tzinfo=UTC))
    with pytest.raises(Refused) as refused:
        set_special_day(actor=manager, place=other, day=day, spans=(), reason=W("关", "Closed"), at=at)
    assert refused.value.status == 403


def test_a_special_day_tells_all_its_faults(manager: Actor, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        set_special_day(
            actor=manager,
            place=queries.get_place("LH").id,
            day=date(2026, 11, 24),
            spans=(Span(time(9), time(12)), Span(time(11), time(13))),
            reason=W("", ""),
            at=at,
        )
    assert [reason.code for reason in refused.value.reasons] == ["HOURS_OVERLAP", "REASON_MISSING"]


# ── windows ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_special_window_takes_what_it_names(manager: Actor, at: datetime) -> None:
    hall = queries.get_place("LH").id
    save_window(
        actor=manager,
        place=hall,
        number="A31",
        kind=WindowKind.SPECIAL,
        name=W("就业专窗", "Jobs window"),
        departments=["RLZY"],
        items=["yangquan-dengji"],
        at=at,
    )
    window = queries.find_window(hall, "A31")
    assert window is not None
    assert queries.window_takes(window, "shiye-dengji", "RLZY")
    assert queries.window_takes(window, "yangquan-dengji", "CGZF")
    assert not queries.window_takes(window, "getihu-sheli", "SCJG")


def test_a_window_tells_all_its_faults(manager: Actor, at: datetime) -> None:
    hall = queries.get_place("LH").id
    with pytest.raises(Refused) as refused:
        save_window(
            actor=manager,
            place=hall,
            number="一号",
            kind=WindowKind.INTEGRATED,
            name=W("", ""),
            departments=["XXXX"],
            at=at,
        )
    codes = [reason.code for reason in refused.value.reasons]
    assert codes == ["NUMBER_MALFORMED", "NAME_MISSING", "SCOPE_NOT_ALLOWED", "DEPARTMENT_UNKNOWN"]


# ── who takes what ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_street_of_the_address_answers_for_a_lease() -> None:
    assert queries.responsible_place("fangwu-zulin-beian", "440303008").code == "LH-S08"
    assert queries.responsible_place("fangwu-zulin-beian", "").code == "LH"
    assert queries.responsible_place("getihu-sheli", "440303008").code == "LH"


def test_the_district_hall_answers_for_an_item_that_nobody_has_assigned() -> None:
    street, machine = queries.get_place("LH-S05").id, queries.get_place("LH-E01").id
    on = date(2026, 11, 24)
    assert queries.responsible_place("new-item", "440303008").code == "LH"
    assert queries.can_take(street, "new-item", "district", department="SCJG", on=on)
    assert not queries.can_take(street, "new-item", "hall", department="SCJG", on=on)
    assert not queries.can_take(street, "new-item", "district", department="ZWFW", on=on)  # nothing authorised
    assert not queries.can_take(street, "new-item", "district", department="NONE", on=on)
    assert not queries.can_take(machine, "new-item", "district", department="SCJG")


def test_one_picture_shows_every_place_and_its_state_in_few_queries(
    at: datetime, django_assert_max_num_queries: Any
) -> None:
    queries.place_tree()
    with django_assert_max_num_queries(5):
        rows = queries.overview(at)
    assert [(row.place.code, row.depth) for row in rows[:2]] == [("LH", 0), ("LH-S01", 1)]
    assert len(rows) == len(queries.list_places())
    assert all(row.opening.open for row in rows)
    assert rows[0].windows == 28
    sunday = queries.overview(datetime(2026, 11, 22, 4, 0, tzinfo=UTC))
    assert {row.place.code for row in sunday if row.opening.open} == {"LH-E01", "LH-M01", "LH-P01", "LH-X01"}


def test_a_place_takes_an_item_when_scope_and_authorisation_allow() -> None:
    street, special = queries.get_place("LH-S05").id, queries.get_place("LH-Z1").id
    machine, on = queries.get_place("LH-E01").id, date(2026, 11, 24)
    assert queries.can_take(street, "getihu-sheli", "district", on=on)
    assert not queries.can_take(street, "getihu-sheli", "hall", on=on)
    assert queries.can_take(street, "fangwu-zulin-beian", "hall", street_code="440303005", on=on)
    assert not queries.can_take(street, "fangwu-zulin-beian", "hall", street_code="440303001", on=on)
    assert not queries.can_take(special, "yangquan-dengji", "district", on=on)  # 城管 has not authorised that hall
    assert queries.can_take(special, "yangquan-dengji", "district")
    assert not queries.can_take(machine, "getihu-sheli", "district")
    assert not queries.can_take(street, "unknown-item", "district")
    assert not queries.can_take(NOBODY, "getihu-sheli", "district")


def test_near_places_come_first_in_the_list_of_who_takes_an_item(at: datetime) -> None:
    rows = queries.places_taking("fangwu-zulin-beian", "district", at, street_code="440303008")
    assert rows[0].place.code == "LH-S08"
    assert rows[0].responsible
    near = queries.places_taking("yangquan-dengji", "district", at, street_code="440303008")
    assert {row.place.street_code for row in near[:8]} == {"440303008"}
    assert len(near) == 1 + 10 + 83
    only = queries.places_taking("fangwu-zulin-beian", "hall", at, street_code="440303008")
    assert [row.place.code for row in only] == ["LH-S08"]
    assert queries.places_taking("unknown-item", "district", at) == ()


def test_the_page_of_a_place_is_complete_and_costs_few_queries(
    at: datetime, django_assert_max_num_queries: Any
) -> None:
    queries.place_tree()
    with django_assert_max_num_queries(11):
        page = queries.place_page("LH-S01", at)
    assert page.parent is not None
    assert page.parent.code == "LH"
    assert len(page.children) == 9
    assert len(page.windows) == 12
    assert {department.code for department in page.departments} >= {"SCJG", "CGZF", "RLZY", "ZFJS", "GAFJ", "GHZR"}
    assert page.opening.open


# ── departments and posts ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_department_and_its_posts_are_saved_and_named_in_the_ledger(administrator: Actor, at: datetime) -> None:
    data = DepartmentData(
        code="JYJ",
        uscc=synthetic.uscc(3, kind="11", region="440303"),
        kind=DepartmentKind.STATUTORY,
        name=W("罗湖区教育局", "Luohu District Education Bureau"),
        organ_seal="罗湖区教育局（演示专用）",
        review_organ=W("罗湖区人民政府", "Government of Luohu District"),
        court=W("深圳市盐田区人民法院", "Yantian Court"),
        phone="0755-0000-2011",
        complaint_phone="0755-0000-3011",
    )
    id = save_department(actor=administrator, department=data, at=at)
    save_post(actor=administrator, code="JYJ.review", name=W("审查岗", "Reviewer"), act=PostAct.REVIEW, at=at)
    assert queries.get_department("JYJ").id == id
    assert [post.code for post in queries.list_posts("JYJ")] == ["JYJ.review"]
    with pytest.raises(Refused, match="USCC_TAKEN"):
        save_department(actor=administrator, department=replace(data, code="JYJ2"), at=at)
    with pytest.raises(Refused, match="CODE_MALFORMED"):
        save_post(actor=administrator, code="jyj", name=W("岗", "Post"), act=PostAct.REVIEW, at=at)
    with pytest.raises(NotFound):
        save_post(actor=administrator, code="NONE.review", name=W("岗", "Post"), act=PostAct.REVIEW, at=at)


def test_one_telephone_for_questions_and_complaints_is_refused_by_the_database_too() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Department.objects.filter(code="SCJG").update(complaint_phone="0755-0000-2001")


def test_an_item_is_assigned_to_a_department_and_a_named_place(administrator: Actor, at: datetime) -> None:
    assign_item(
        actor=administrator,
        item_code="ershoufang-zhuanyi",
        department="GHZR",
        rule=AssignmentRule.PLACE,
        place="LH-Z2",
        at=at,
    )
    assert queries.responsible_place("ershoufang-zhuanyi", "440303001").code == "LH-Z2"
    for rule, place in ((AssignmentRule.PLACE, None), (AssignmentRule.STREET, "LH-Z2"), (AssignmentRule.PLACE, "X")):
        with pytest.raises(Refused, match="PLACE_AND_RULE_DISAGREE"):
            assign_item(actor=administrator, item_code="x", department="GHZR", rule=rule, place=place, at=at)
