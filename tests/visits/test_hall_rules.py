"""Rules of a hall without a database: which queue takes what, who may call it, what a manager may move, how long it opens."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from yichuang.people.values import Qualified
from yichuang.visits.rules.display import lines
from yichuang.visits.rules.hours import joined, later_than
from yichuang.visits.rules.plan import left_alone
from yichuang.visits.rules.qualified import BREAK, OnDuty
from yichuang.visits.rules.queues import covers, width

DOG, FOOD, SHOP = "yangquan-dengji", "shipin-jingying-xuke", "youxian-gongsi-sheli"
ORGANS = {FOOD: "SCJG", SHOP: "SCJG", DOG: "GAJ"}
A, B, C, D = (UUID(int=n) for n in range(4))
LINA, ZHOU = UUID(int=11), UUID(int=12)


# ── which queue takes what ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("items", "departments", "wanted", "takes"),
    [
        ([], [], [DOG], True), ([], [], [], True), ([DOG], [], [DOG], True), ([DOG], [], [FOOD], False), ([], ["SCJG"], [FOOD], True), ([], ["SCJG"], [FOOD, SHOP], True), ([], ["SCJG"], [DOG], False), ([], ["SCJG"], [FOOD, DOG], False),
        ([DOG], ["SCJG"], [FOOD, DOG], True), ([DOG], ["SCJG"], ["weizhi"], False), ([DOG], [], [], False), ([], ["SCJG"], [], False), ([], [""], [DOG], False),
    ],
)  # fmt: skip
def test_a_queue_takes_all_that_somebody_came_for_or_nothing(
    items: list[str], departments: list[str], wanted: list[str], takes: bool
) -> None:
    assert covers(items, departments, wanted, ORGANS) is takes


@pytest.mark.parametrize(
    ("items", "departments", "wanted", "place"),
    [
        ([DOG], [], [DOG], 0), ([DOG], ["SCJG"], [DOG], 0), ([DOG, FOOD], [], [DOG, FOOD], 0), ([DOG], ["SCJG"], [DOG, FOOD], 1), ([], ["SCJG"], [FOOD], 1), ([DOG], [], [], 1), ([], [], [DOG], 2), ([], [], [], 2),
    ],
)  # fmt: skip
def test_who_names_the_item_goes_before_its_department_and_that_before_who_takes_everything(
    items: list[str], departments: list[str], wanted: list[str], place: int
) -> None:
    assert width(items, departments, wanted) == place


# ── 上岗资格 ──────────────────────────────────────────────────────────────────────────────────────────────────────
DUTY = OnDuty(
    frozenset({FOOD, SHOP}), ORGANS, {LINA: Qualified(frozenset({FOOD})), ZHOU: Qualified(departments=frozenset({"GAJ"}))},
    {A: frozenset({LINA, ZHOU}), B: frozenset({ZHOU})},
)  # fmt: skip


def test_somebody_lacks_only_what_is_asked_and_not_held() -> None:
    assert DUTY.needs([DOG, FOOD]) == {FOOD}
    assert DUTY.lacks(LINA, [DOG, FOOD]) == frozenset()
    assert DUTY.lacks(LINA, [FOOD, SHOP]) == {SHOP}
    assert DUTY.lacks(ZHOU, [DOG, FOOD]) == {FOOD}
    assert DUTY.lacks(None, [DOG, FOOD]) == {FOOD}, "a window where nobody sits is qualified for nothing"
    whole = OnDuty(frozenset({FOOD}), ORGANS, {ZHOU: Qualified(departments=frozenset({"SCJG"}))})
    assert whole.lacks(ZHOU, [FOOD]) == frozenset()
    unknown = OnDuty(frozenset({FOOD}), {}, {ZHOU: Qualified(departments=frozenset({"SCJG"}))})
    assert unknown.lacks(ZHOU, [FOOD]) == {FOOD}, "of no known department"


def test_who_is_qualified_calls_and_where_nobody_is_everybody_does() -> None:
    assert DUTY.fit(A, [FOOD]) == {LINA}
    assert (DUTY.may_call(LINA, A, [FOOD]), DUTY.may_call(ZHOU, A, [FOOD])) == (True, False)
    assert DUTY.may_call(ZHOU, A, [DOG])
    assert DUTY.fit(B, [FOOD]) == frozenset()
    assert DUTY.may_call(ZHOU, B, [FOOD])
    assert DUTY.may_call(ZHOU, C, [FOOD]), "a queue that nobody serves"


def test_a_window_that_paused_a_quarter_of_an_hour_ago_comes_back() -> None:
    assert timedelta(minutes=15) == BREAK


# ── 现场调度 ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_left_alone_are_only_queues_in_which_people_wait_and_that_nobody_else_serves() -> None:
    waiting = {A: 1, B: 1, C: 1}
    assert left_alone([A, B, C, D], [A], [B], waiting) == [C]
    assert left_alone([D], [], [], {D: 0}) == []
    assert left_alone([D], [], [], {}) == []
    assert left_alone([A], [A], [A], waiting) == []
    assert left_alone([], [], [], waiting) == [], "what it never served it does not leave"


# ── 延时 ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def at(hour: float) -> datetime:
    return datetime(2026, 11, 24, tzinfo=UTC) + timedelta(hours=hour)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        ([(9, 12), (14, 17)], [(9, 12), (14, 17)]), ([(14, 17), (9, 12)], [(9, 12), (14, 17)]), ([(9, 12), (12, 14)], [(9, 14)]), ([(9, 12), (11, 14)], [(9, 14)]), ([(9, 17), (10, 11)], [(9, 17)]), ([(9, 12), (11, 14), (13, 15)], [(9, 15)]),
        ([(9, 12), (12.5, 14)], [(9, 12), (12.5, 14)]), ([], []),
    ],
)  # fmt: skip
def test_stretches_that_touch_become_one(given: list[tuple[float, float]], then: list[tuple[float, float]]) -> None:
    found = joined((at(since), at(until)) for since, until in given)
    assert found == tuple((at(since), at(until)) for since, until in then)


@pytest.mark.parametrize(
    ("closes", "now", "offered"),
    [
        (time(17), time(10), "17:30 18:00 18:30 19:00 19:30 20:00"), (time(17), time(17, 29), "17:30 18:00 18:30 19:00 19:30 20:00"), (time(17), time(17, 30), "18:00 18:30 19:00 19:30 20:00 20:30"), (time(17, 15), time(10), "17:45 18:15 18:45 19:15 19:45 20:15"),
        (time(22, 30), time(10), "23:00 23:30"), (time(23, 29), time(10), "23:59"), (time(23, 30), time(10), ""), (time.max, time(10), ""), (time(17), time(23, 40), ""),
    ],
)  # fmt: skip
def test_a_hall_is_opened_longer_by_half_hours_of_which_six_are_offered_never_into_the_past_or_the_next_day(
    closes: time, now: time, offered: str
) -> None:
    assert " ".join(f"{one:%H:%M}" for one in later_than(closes, now)) == offered


# ── the display above a window ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("now", "shown"),
    [
        ({}, "请等候叫号"), ({"open": False}, "暂未开放"), ({"open": False, "number": "A001", "calls": 2}, "暂未开放"), ({"paused": True}, "暂停服务"), ({"number": "A001"}, "请 A001 号"), ({"number": "A001", "calls": 2}, "请 A001 号/第 2 次呼叫"), ({"number": "A001", "paused": True}, "请 A001 号"),
        ({"number": "A001", "serving": True}, "A001 号正在办理"), ({"number": "A001", "serving": True, "calls": 3}, "A001 号正在办理"), ({"serving": True}, "请等候叫号"),
    ],
)  # fmt: skip
def test_above_a_window_stands_whom_it_calls_or_serves_or_that_nobody_is_called(
    now: dict[str, Any], shown: str
) -> None:
    given = {"open": True, "paused": False, "number": "", "serving": False, "calls": 1, **now}
    assert "/".join(lines("3", **given)) == f"3 号窗口/{shown}"
