"""The tree, opening hours and who may take what: pure rules, no database."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.core.clock import SHANGHAI
from yichuang.core.words import W
from yichuang.core.workdays import Calendar
from yichuang.network import rules
from yichuang.network.values import (
    AssignmentRow,
    AssignmentRule,
    DepartmentData,
    DepartmentKind,
    PlaceData,
    PlaceKind,
    PlaceNode,
    PlaceRow,
    Span,
    SpecialDay,
    Timetable,
    WindowKind,
    WindowRow,
)

MORNING, AFTERNOON = Span(time(9), time(12)), Span(time(14), time(18))
HALVES = Timetable(week=((MORNING, AFTERNOON),) * 5 + ((), ()))
# National Day 2026: rest from Thursday 1 to Wednesday 7 October; Saturday 10 October is worked.
NATIONAL_DAY = {date(2026, 10, d): False for d in range(1, 8)} | {date(2026, 10, 10): True}
CALENDAR = Calendar(days=NATIONAL_DAY, confirmed_years=frozenset({2026}))


def place(number: int, parent: int | None = None, **changes: Any) -> PlaceRow:
    row = PlaceRow(
        id=UUID(int=number),
        code=f"P{number:03}",
        parent=UUID(int=parent) if parent else None,
        kind=PlaceKind.SUBDISTRICT_HALL,
        name=W("网点", "Place"),
        address=W("", ""),
        phone="",
        region_code="440303",
        street_code="",
        community_code="",
        takes_filings=True,
        active=True,
        demo=True,
        timetable=HALVES,
    )
    return replace(row, **changes)


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SHANGHAI).astimezone(UTC)


# ── the tree ────────────────────────────────────────────────────────────────────────────────────────────────────────


def count(nodes: tuple[PlaceNode, ...]) -> int:
    return sum(1 + count(node.children) for node in nodes)


def test_children_stand_below_their_parent_in_the_order_of_their_codes() -> None:
    (root,) = rules.build_tree([place(3, 1), place(1), place(2, 1), place(4, 2)])
    assert [node.place.code for node in root.children] == ["P002", "P003"]
    assert [node.place.code for node in root.children[0].children] == ["P004"]


@given(st.lists(st.integers(1, 12), min_size=12, max_size=12))
def test_no_wrong_parent_loses_a_place_or_runs_for_ever(parents: list[int]) -> None:
    rows = [place(number, parent) for number, parent in enumerate(parents, start=1)]
    assert count(rules.build_tree(rows)) == len(rows)
    known = {row.id: row.parent for row in rows}
    assert all(row.id in rules.below(row.id, known) for row in rows)


def test_a_place_cannot_stand_below_itself_or_below_its_own_children() -> None:
    parents = {UUID(int=1): None, UUID(int=2): UUID(int=1), UUID(int=3): UUID(int=2)}
    assert rules.makes_circle(UUID(int=1), UUID(int=3), parents)
    assert rules.makes_circle(UUID(int=1), UUID(int=1), parents)
    assert not rules.makes_circle(UUID(int=3), UUID(int=1), parents)
    assert not rules.makes_circle(UUID(int=1), None, parents)
    assert rules.below(UUID(int=2), parents) == {UUID(int=2), UUID(int=3)}
    assert list(rules.ancestors(UUID(int=3), parents)) == [UUID(int=2), UUID(int=1)]


# ── opening hours ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("day", "clock", "open_", "reason", "next_change"),
    [
        ("2026-11-24", "10:00", True, rules.OPEN, "2026-11-24T12:00"),
        ("2026-11-24", "12:00", False, rules.BREAK, "2026-11-24T14:00"),
        ("2026-11-24", "18:00", False, rules.AFTER_HOURS, "2026-11-25T09:00"),
        ("2026-11-24", "08:59", False, rules.AFTER_HOURS, "2026-11-24T09:00"),
        ("2026-11-28", "10:00", False, rules.REST_DAY, "2026-11-30T09:00"),
        ("2026-09-30", "19:00", False, rules.AFTER_HOURS, "2026-10-08T09:00"),
        ("2026-10-02", "10:00", False, rules.HOLIDAY, "2026-10-08T09:00"),
        ("2026-10-10", "10:00", True, rules.OPEN, "2026-10-10T12:00"),  # Saturday, 调休上班
    ],
)
def test_a_hall_is_open_when_its_hours_and_the_calendar_say_so(
    day: str, clock: str, open_: bool, reason: object, next_change: str
) -> None:
    row = rules.opening(HALVES, CALENDAR, at(day, clock))
    assert (row.open, row.reason) == (open_, reason)
    assert row.changes_at == at(*next_change.split("T"))


def test_a_hall_without_a_lunch_break_is_open_at_noon() -> None:
    through = Timetable(week=((Span(time(9), time(18)),),) * 5 + ((), ()))
    assert rules.opening(through, CALENDAR, at("2026-11-24", "12:30")).open


def test_spans_that_touch_are_one_opening() -> None:
    touching = Timetable(week=((Span(time(9), time(12)), Span(time(12), time(18))),) * 5 + ((), ()))
    assert rules.opening(touching, CALENDAR, at("2026-11-24", "10:00")).changes_at == at("2026-11-24", "18:00")


def test_midnight_joins_two_days() -> None:
    late = Timetable(week=((Span(time(20), time.max),), (Span(time(0), time(2)),), (), (), (), (), ()))
    row = rules.opening(late, CALENDAR, at("2026-11-23", "23:30"))
    assert row.open
    assert row.changes_at == at("2026-11-24", "02:00")


def test_a_closed_day_closes_and_an_extended_day_opens_even_a_holiday() -> None:
    closed = SpecialDay(date(2026, 11, 24), (), W("设备检修", "Maintenance"))
    extended = SpecialDay(date(2026, 10, 2), (MORNING,), W("延时办理", "Extended hours"))
    timetable = replace(HALVES, exceptions=(closed, extended))
    shut = rules.opening(timetable, CALENDAR, at("2026-11-24", "10:00"))
    assert (shut.open, shut.reason.en) == (False, "Maintenance")
    assert shut.changes_at == at("2026-11-25", "09:00")
    assert rules.opening(timetable, CALENDAR, at("2026-10-02", "10:00")).open


def test_saturday_hours_count_on_ordinary_saturdays_only() -> None:
    saturdays = Timetable(week=(((MORNING, AFTERNOON),) * 5 + ((MORNING,), ())))
    assert rules.opening(saturdays, CALENDAR, at("2026-11-28", "10:00")).open
    assert not rules.opening(saturdays, CALENDAR, at("2026-10-03", "10:00")).open  # in the holiday
    assert rules.opening(saturdays, CALENDAR, at("2026-10-10", "17:00")).open  # worked like a Monday


def test_a_working_weekend_keeps_mondays_hours_and_a_worked_weekday_its_own() -> None:
    week = tuple((Span(time(8 + day), time(17)),) for day in range(7))
    worked = Calendar({date(2026, 10, 10): True, date(2026, 10, 9): True}, frozenset({2026}))
    opens = [rules.spans_on(Timetable(week), date(2026, 10, day), worked)[0].opens for day in (8, 9, 10, 11)]
    assert opens == [time(11), time(12), time(8), time(14)]


def test_what_never_changes_is_certain() -> None:
    always = rules.opening(Timetable(((),) * 7, always=True), CALENDAR, at("2028-01-01", "03:00"))
    ended = rules.opening(HALVES, CALENDAR, at("2028-01-01", "10:00"), active=False)
    assert always.certain
    assert ended.certain
    assert always.changes_at is ended.changes_at is None


def test_the_next_opening_is_looked_for_sixty_days_ahead() -> None:
    def opens_on(day: date) -> datetime | None:
        timetable = Timetable(((),) * 7, exceptions=(SpecialDay(day, (MORNING,), W("延时", "Extended")),))
        return rules.opening(timetable, CALENDAR, at("2026-06-01", "10:00")).changes_at

    assert opens_on(date(2026, 7, 31)) == at("2026-07-31", "09:00")
    assert opens_on(date(2026, 8, 1)) is None


def test_that_no_opening_comes_is_as_certain_as_the_days_that_were_looked_at() -> None:
    never = Timetable(((),) * 7)
    assert rules.opening(never, CALENDAR, at("2026-11-01", "10:00")).certain
    assert not rules.opening(never, CALENDAR, at("2026-11-24", "10:00")).certain
    assert not rules.opening(never, CALENDAR, at("2025-12-24", "10:00")).certain


def test_machines_never_close_and_a_place_out_of_service_never_opens() -> None:
    assert rules.opening(Timetable(((),) * 7, always=True), CALENDAR, at("2026-10-01", "03:00")).open
    assert not rules.opening(HALVES, CALENDAR, at("2026-11-24", "10:00"), active=False).open


def test_an_opening_that_rests_on_an_unpublished_year_says_so() -> None:
    assert rules.opening(HALVES, CALENDAR, at("2026-12-30", "19:00")).certain  # opens on the 31st
    assert not rules.opening(HALVES, CALENDAR, at("2026-12-31", "19:00")).certain  # opens in 2027: nobody knows yet


def test_a_place_without_hours_names_no_next_opening() -> None:
    assert rules.opening(Timetable(((),) * 7), CALENDAR, at("2026-11-24", "10:00")).changes_at is None


@given(st.timedeltas(timedelta(0), timedelta(days=120)))
def test_the_next_change_is_the_first_instant_at_which_the_answer_differs(later: timedelta) -> None:
    instant = at("2026-09-01", "00:00") + later
    row = rules.opening(HALVES, CALENDAR, instant)
    assert row.changes_at is not None
    assert row.changes_at > instant
    assert rules.opening(HALVES, CALENDAR, row.changes_at).open is not row.open
    just_before = row.changes_at - timedelta(microseconds=1)
    assert rules.opening(HALVES, CALENDAR, just_before).open is row.open


# ── who takes what ──────────────────────────────────────────────────────────────────────────────────────────────────

DISTRICT = place(1, kind=PlaceKind.DISTRICT_HALL)
GUIYUAN = place(2, 1, street_code="440303001")
SPECIAL = place(3, 1, kind=PlaceKind.SPECIAL_HALL)
PLACES = [GUIYUAN, SPECIAL, DISTRICT]


def assigned(rule: AssignmentRule, named: PlaceRow | None = None) -> AssignmentRow:
    return AssignmentRow("yangquan-dengji", "CGZF", rule, named.id if named else None)


@pytest.mark.parametrize(
    ("assignment", "street", "expected"),
    [
        (assigned(AssignmentRule.STREET), "440303001", GUIYUAN),
        (assigned(AssignmentRule.STREET), "440303001002", GUIYUAN),  # a community code names its street too
        (assigned(AssignmentRule.STREET), "440303099", DISTRICT),
        (assigned(AssignmentRule.STREET), "", DISTRICT),
        (assigned(AssignmentRule.DISTRICT), "440303001", DISTRICT),
        (assigned(AssignmentRule.PLACE, SPECIAL), "440303001", SPECIAL),
    ],
)
def test_somebody_always_answers_for_an_item(assignment: AssignmentRow, street: str, expected: PlaceRow) -> None:
    assert rules.find_responsible(assignment, street, PLACES) == expected


def test_a_street_is_answered_for_by_its_hall_and_not_by_another_place_in_it() -> None:
    station = place(2, 1, street_code="440303001", kind=PlaceKind.COMMUNITY)
    assert rules.find_responsible(assigned(AssignmentRule.STREET), "440303001", [station, DISTRICT]) == DISTRICT
    nowhere = replace(GUIYUAN, street_code="")
    assert rules.find_responsible(assigned(AssignmentRule.STREET), "", [nowhere, DISTRICT]) == DISTRICT
    assert rules.find_responsible(assigned(AssignmentRule.STREET), "440303001", [station]) is None


def test_the_places_of_ones_own_street_come_first_then_the_bigger_ones() -> None:
    machine = place(4, 1, street_code="440303001", kind=PlaceKind.ESTATION)
    near = sorted([DISTRICT, machine, GUIYUAN], key=lambda row: rules.nearness(row, "440303001002"))
    assert near == [GUIYUAN, machine, DISTRICT]
    assert sorted([machine, GUIYUAN, DISTRICT], key=lambda row: rules.nearness(row, "")) == [DISTRICT, GUIYUAN, machine]
    assert rules.nearness(DISTRICT, "") == (1, rules.KIND_ORDER[PlaceKind.DISTRICT_HALL], "P001")
    assert rules.nearness(GUIYUAN, "440303001")[0] == 0


def test_a_hall_out_of_service_hands_its_street_to_the_district_hall() -> None:
    closed = replace(GUIYUAN, active=False)
    assert rules.find_responsible(assigned(AssignmentRule.STREET), "440303001", [closed, DISTRICT]) == DISTRICT


@pytest.mark.parametrize(
    ("scope", "region", "reaches"),
    [
        ("hall", "440303", False),
        ("district", "440303", True),
        ("district", "440305", False),
        ("city", "440305", True),
        ("city", "441900", False),
        ("province", "441900", True),
        ("province", "110101", False),
        ("state", "110101", True),
        ("everywhere", "440303", False),  # an unknown word opens nothing
    ],
)
def test_the_scope_says_how_far_an_item_reaches(scope: str, region: str, reaches: bool) -> None:
    assert rules.scope_reaches(scope, place(9, region_code=region), GUIYUAN) is reaches


def test_the_responsible_place_takes_its_items_under_every_known_scope_and_under_no_unknown_one() -> None:
    assert rules.scope_reaches("hall", GUIYUAN, GUIYUAN)
    assert not rules.scope_reaches("", GUIYUAN, GUIYUAN)


def test_a_machine_and_a_closed_place_take_no_filings() -> None:
    assert not rules.scope_reaches("state", replace(SPECIAL, takes_filings=False), GUIYUAN)
    assert not rules.scope_reaches("state", replace(SPECIAL, active=False), GUIYUAN)


def window(kind: WindowKind, **changes: Any) -> WindowRow:
    row = WindowRow(UUID(int=1), UUID(int=2), "01", kind, W("窗口", "Window"), True, (), ())
    return replace(row, **changes)


def test_windows_are_counted_as_people_count() -> None:
    assert rules.window_order("A") == ("A", 0), "a window with no number at all"
    assert sorted(["10", "A1", "2", "1", "A10", "A2"], key=rules.window_order) == ["1", "2", "10", "A1", "A2", "A10"]


def test_an_integrated_window_takes_every_item_and_a_special_one_what_it_names() -> None:
    assert rules.window_takes(window(WindowKind.INTEGRATED), "getihu-sheli", "SCJG")
    special = window(WindowKind.SPECIAL, departments=("SCJG",), items=("shiye-dengji",))
    assert rules.window_takes(special, "getihu-sheli", "SCJG")
    assert rules.window_takes(special, "shiye-dengji", "RLZY")
    assert not rules.window_takes(special, "yangquan-dengji", "CGZF")
    assert not rules.window_takes(window(WindowKind.ISSUING), "getihu-sheli", "SCJG")
    assert not rules.window_takes(replace(special, kind=WindowKind.ISSUING), "getihu-sheli", "SCJG")
    assert not rules.window_takes(window(WindowKind.INTEGRATED, active=False), "getihu-sheli", "SCJG")


# ── what may be written ─────────────────────────────────────────────────────────────────────────────────────────────


def test_every_fault_of_a_place_is_told_at_once() -> None:
    backwards, overlapping = (Span(time(12), time(9)),), (Span(time(9), time(12)), Span(time(11), time(13)))
    wrong = PlaceData(
        code="lh 1",
        kind=PlaceKind.COMMUNITY,
        name=W("站", ""),
        region_code="4404",
        street_code="440399001",
        community_code="12",
        week=(backwards, overlapping, (), (), ()),
    )
    assert [(reason.code, reason.field) for reason in rules.judge_place(wrong)] == [
        ("CODE_MALFORMED", "/code"),
        ("NAME_MISSING", "/name"),
        ("REGION_MALFORMED", "/region_code"),
        ("STREET_MALFORMED", "/street_code"),
        ("COMMUNITY_MALFORMED", "/community_code"),
        ("WEEK_INCOMPLETE", "/week"),
        ("HOURS_BACKWARDS", "/week/0"),
        ("HOURS_OVERLAP", "/week/1"),
    ]


SOUND = PlaceData(
    code="LH-S01",
    kind=PlaceKind.SUBDISTRICT_HALL,
    name=W("桂园街道政务服务中心", "Guiyuan"),
    region_code="440303",
    street_code="440303001",
    community_code="440303001002",
)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"street_code": "", "community_code": ""}, []),
        ({"community_code": ""}, []),
        ({"street_code": "44030300"}, ["STREET_MALFORMED"]),
        ({"street_code": "4403030010", "community_code": ""}, ["STREET_MALFORMED"]),
        ({"street_code": "440305001", "community_code": ""}, ["STREET_MALFORMED"]),
        ({"community_code": "44030300100"}, ["COMMUNITY_MALFORMED"]),
        ({"community_code": "4403030010020"}, ["COMMUNITY_MALFORMED"]),
        ({"community_code": "440303002002"}, ["COMMUNITY_MALFORMED"]),
        ({"name": W("", "Guiyuan")}, ["NAME_MISSING"]),
        ({"name": W("桂园", " ")}, ["NAME_MISSING"]),
        ({"code": "A" * 40}, []),
        ({"code": "A" * 41}, ["CODE_MALFORMED"]),
        ({"week": ((),) * 8}, ["WEEK_INCOMPLETE"]),
        ({"region_code": "４４０３０３", "street_code": "", "community_code": ""}, ["REGION_MALFORMED"]),
        ({"street_code": "440303００１", "community_code": ""}, ["STREET_MALFORMED"]),
        ({"community_code": "440303001００２"}, ["COMMUNITY_MALFORMED"]),
    ],
)
def test_a_place_is_entered_as_its_codes_are_built(changes: dict[str, Any], codes: list[str]) -> None:
    assert [reason.code for reason in rules.judge_place(replace(SOUND, **changes))] == codes


@pytest.mark.parametrize(
    ("spans", "codes"),
    [
        ((), []),
        ((AFTERNOON, MORNING), []),
        ((Span(time(9), time(12)), Span(time(12), time(14))), []),
        ((Span(time(9), time(9)),), ["HOURS_BACKWARDS"]),
        ((Span(time(9), time(12)), Span(time(11, 59), time(14))), ["HOURS_OVERLAP"]),
    ],
)
def test_the_hours_of_a_day(spans: tuple[Span, ...], codes: list[str]) -> None:
    assert [reason.code for reason in rules.judge_spans(spans, "/x")] == codes


@pytest.mark.parametrize(
    ("number", "kind", "departments", "items", "codes"),
    [
        ("1", WindowKind.INTEGRATED, (), (), []),
        ("A012", WindowKind.GREEN, (), (), []),
        ("A0123", WindowKind.GREEN, (), (), ["NUMBER_MALFORMED"]),
        ("１", WindowKind.GREEN, (), (), ["NUMBER_MALFORMED"]),
        ("1", WindowKind.SPECIAL, ("CGZF",), (), []),
        ("1", WindowKind.SPECIAL, (), ("yangquan-dengji",), []),
        ("1", WindowKind.SPECIAL, (), (), ["SCOPE_MISSING"]),
        ("1", WindowKind.INTEGRATED, ("CGZF",), (), ["SCOPE_NOT_ALLOWED"]),
        ("1", WindowKind.INTEGRATED, (), ("yangquan-dengji",), ["SCOPE_NOT_ALLOWED"]),
        ("1", WindowKind.SPECIAL, ("CGZF", "NONE"), (), ["DEPARTMENT_UNKNOWN"]),
    ],
)
def test_a_window_names_what_it_takes_where_it_is_a_special_one(
    number: str, kind: WindowKind, departments: tuple[str, ...], items: tuple[str, ...], codes: list[str]
) -> None:
    found = rules.judge_window(number, kind, W("窗口", "Window"), departments, items, {"CGZF"})
    assert [reason.code for reason in found] == codes


BUREAU = DepartmentData(
    code="CGZF",
    uscc="11320982741330162E",
    kind=DepartmentKind.STATUTORY,
    name=W("城管局", "Bureau"),
    organ_seal="城管局",
    review_organ=W("政府", "Government"),
    court=W("法院", "Court"),
    phone="0755-1",
    complaint_phone="0755-2",
)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"code": "C"}, ["CODE_MALFORMED"]),
        ({"code": "C" * 20}, []),
        ({"code": "C" * 21}, ["CODE_MALFORMED"]),
        ({"code": "WINDOW"}, ["CODE_MALFORMED"]),
        ({"uscc": "11320982741330162F"}, ["USCC_CHECK_DIGIT"]),
        ({"name": W("城管局", "")}, ["NAME_MISSING"]),
        ({"review_organ": W("", "Government")}, ["REMEDIES_MISSING"]),
        ({"court": W("法院", "")}, ["REMEDIES_MISSING"]),
        ({"organ_seal": " "}, ["SEAL_MISSING"]),
        ({"phone": ""}, ["PHONES_MISSING_OR_SAME"]),
        ({"complaint_phone": ""}, ["PHONES_MISSING_OR_SAME"]),
        ({"complaint_phone": "0755-1"}, ["PHONES_MISSING_OR_SAME"]),
    ],
)
def test_a_department_is_entered_whole(changes: dict[str, Any], codes: list[str]) -> None:
    assert [reason.code for reason in rules.judge_department(replace(BUREAU, **changes))] == codes


def test_every_fault_of_a_department_is_told_at_once() -> None:
    wrong = DepartmentData(
        code="WINDOW",
        uscc="11440303YC000001XB",
        kind=DepartmentKind.STATUTORY,
        name=W("局", ""),
        organ_seal=" ",
        review_organ=W("政府", "Government"),
        court=W("法院", ""),
        phone="0755-1",
        complaint_phone="0755-1",
    )
    codes = [reason.code for reason in rules.judge_department(wrong)]
    assert len(codes) == 6
    assert {"CODE_MALFORMED", "NAME_MISSING", "REMEDIES_MISSING", "SEAL_MISSING", "PHONES_MISSING_OR_SAME"} < set(codes)


def test_a_year_is_confirmed_only_with_its_source_and_its_holidays() -> None:
    codes = [reason.code for reason in rules.judge_year(2027, {date(2027, 1, 1): False}, " ")]
    assert codes == ["SOURCE_MISSING", "HOLIDAYS_MISSING"]


@pytest.mark.parametrize(("year", "least"), [(2024, 11), (2025, 13), (2027, 13)])
def test_a_year_has_the_rest_days_that_the_law_gave_it(year: int, least: int) -> None:
    """全国年节及纪念日放假办法: eleven days, thirteen since 2025; a working day or another year's rest is none of them."""
    others = {date(year, 12, day): True for day in range(1, 9)} | {date(year - 1, 12, 31): False}

    def found(days: int) -> list[str]:
        resting = {date(year, 1, day): False for day in range(1, days + 1)}
        return [reason.words.zh for reason in rules.judge_year(year, resting | others, "国办发明电")]

    assert found(least) == []
    (said,) = found(least - 1)
    assert f"只录入了 {least - 1} 天假日，少于法定的 {least} 天" in said
