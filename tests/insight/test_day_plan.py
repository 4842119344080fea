"""The plan of a day that is played: pure, the same for the same seed, and a day as halls have them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.core.clock import SHANGHAI
from yichuang.insight.simulation.day import Comes, DayPlan, Setting, Visitor, clerks_for, plan_day

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)
USUAL = Setting(seed=7, people=165, opens=NINE, closes=NINE.replace(hour=18))
settings_of_days = st.builds(
    Setting,
    seed=st.integers(0, 10_000),
    people=st.integers(0, 300),
    opens=st.just(NINE),
    closes=st.integers(2, 11).map(lambda hours: NINE + timedelta(hours=hours)),
)


@given(setting=settings_of_days)
def test_the_same_seed_plans_the_same_day(setting: Setting) -> None:
    assert plan_day(setting) == plan_day(setting)


@given(setting=settings_of_days)
def test_everybody_comes_while_the_hall_is_open_and_in_their_order(setting: Setting) -> None:
    day = plan_day(setting)
    moments = [one.at for one in day.visitors]
    assert len(day.visitors) == setting.people
    assert [one.nth for one in day.visitors] == list(range(setting.people))
    assert moments == sorted(moments)
    assert all(setting.opens <= at < setting.closes for at in moments)
    assert all(one.service >= timedelta(minutes=1) for one in day.visitors)


@given(setting=settings_of_days)
def test_there_is_one_clerk_in_reserve_and_all_are_there_when_the_hall_opens(setting: Setting) -> None:
    day = plan_day(setting)
    assert [one.spare for one in day.clerks] == [False] * clerks_for(setting.people) + [True]
    assert all(one.opens < setting.opens for one in day.clerks)


@given(setting=settings_of_days)
def test_the_clerks_are_never_all_on_a_break(setting: Setting) -> None:
    working = [one for one in plan_day(setting).clerks if not one.spare]
    away = [(at, at + length) for clerk in working for at, length in clerk.breaks]
    for moment, _ in away:
        assert sum(since <= moment < until for since, until in away) < len(working)


@given(setting=settings_of_days)
def test_what_fails_is_mended_later_that_day(setting: Setting) -> None:
    failures = plan_day(setting).failures
    assert {one.machine for one in failures} == {"printer", "reader"}
    assert all(setting.opens < one.at < one.mended for one in failures)


def test_another_seed_is_another_day() -> None:
    assert plan_day(USUAL).visitors != plan_day(replace(USUAL, seed=8)).visitors


def test_more_people_change_no_machine() -> None:
    assert plan_day(USUAL).failures == plan_day(replace(USUAL, people=40)).failures


@pytest.fixture(scope="module")
def many() -> DayPlan:
    return plan_day(replace(USUAL, people=4000))


@pytest.mark.parametrize(
    ("share", "of"),
    [
        (0.4, lambda one: one.comes is Comes.KIOSK),
        (0.16, lambda one: one.comes is Comes.BOOKED),
        (0.18, lambda one: one.comes is Comes.ONLINE),
        (0.15, lambda one: one.patience is not None),
        (0.6, lambda one: one.files),
        (0.3, lambda one: one.item == "yangquan-dengji"),
    ],
    ids=["kiosk", "booked", "online", "impatient", "files", "dogs"],
)
def test_shares_are_as_they_are_said(many: DayPlan, share: float, of: Callable[[Visitor], bool]) -> None:
    found = sum(of(one) for one in many.visitors) / len(many.visitors)
    assert abs(found - share) < 0.03


def test_the_morning_is_fuller_than_noon(many: DayPlan) -> None:
    by_hour = [sum(one.at.hour == hour for one in many.visitors) for hour in range(9, 17)]
    assert by_hour[1] > 2 * by_hour[3]
