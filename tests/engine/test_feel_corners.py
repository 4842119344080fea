"""Corners of FEEL: both readings of parts of dates, what adds to what, how values are written, and which types fit."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from yichuang.engine.feel.arith import calculate
from yichuang.engine.feel.explain import show
from yichuang.engine.feel.expression import compile_expression
from yichuang.engine.feel.kinds import Months, Range, less

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def value(text: str, **values: Any) -> Any:
    """As conditions of packs and processes read it: a doubt stays a doubt."""
    return compile_expression(text).evaluate(values)


def unknown(text: str, **values: Any) -> bool:
    """Not even that it is nothing is known: null would be."""
    return compile_expression(f"({text}) = null").holds(values).holds is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("d.year", 2026),
        ("d.month", 3),
        ("d.day", 7),
        ("span.years", 2),
        ("span.months", 5),
        ("wait.days", 3),
        ("wait.hours", 4),
    ],
)
def test_parts_of_days_and_durations(text: str, expected: int) -> None:
    given = {"d": date(2026, 3, 7), "span": Months(29), "wait": timedelta(days=3, hours=4)}
    assert value(text, **given) == expected


@pytest.mark.parametrize("text", ["d.hours", "d.years", "span.days", "wait.months", "wait.year", "n.days", "t.days"])
def test_a_part_that_a_value_does_not_have_is_not_known(text: str) -> None:
    given = {"d": date(2026, 3, 7), "span": Months(29), "wait": timedelta(days=3), "n": 3, "t": "2026-03-07"}
    assert unknown(text, **given)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('date("2026-02-28")', date(2026, 2, 28)),
        ("date(2026, 2, 28)", date(2026, 2, 28)),
        ('date("2026-02-28") + duration("P1D")', date(2026, 3, 1)),
        ('date("2026-02-28") - duration("P1M")', date(2026, 1, 28)),
        ('duration("P1Y") + duration("P2M")', Months(14)),
        ('duration("P1Y") - duration("P2M")', Months(10)),
        ('duration("P1D") + duration("PT2H")', timedelta(days=1, hours=2)),
        ('duration("P1M") + date("2026-01-31")', date(2026, 2, 28)),
    ],
)
def test_days_and_durations_add_up(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        'date("2026-02-30")',
        "date(2026, 2, 30)",
        'date("soon")',
        'duration("P1Y") + duration("P1D")',
        'date("2026-01-01") + 1',
    ],
)
def test_what_is_no_day_or_does_not_add_up_is_not_known(text: str) -> None:
    assert unknown(text)


@pytest.mark.parametrize(
    ("left", "op", "right", "expected"),
    [
        (Months(3), "+", Months(4), Months(7)),
        (Months(3), "-", Months(4), Months(-1)),
        (Months(3), "*", Decimal(4), Months(12)),
        (Decimal(4), "*", Months(3), Months(12)),
        (Months(12), "/", Decimal(5), Months(2)),
        (Months(12), "/", Months(3), Decimal(4)),
        (timedelta(hours=1), "*", Decimal(3), timedelta(hours=3)),
        (Decimal(3), "*", timedelta(hours=1), timedelta(hours=3)),
        (timedelta(hours=3), "/", Decimal(2), timedelta(minutes=90)),
        (timedelta(hours=3), "/", timedelta(hours=2), Decimal("1.5")),
    ],
)
def test_durations_are_added_and_multiplied(left: Any, op: str, right: Any, expected: Any) -> None:
    assert calculate(op, left, right) == expected


def test_shorter_comes_before_longer_and_equal_before_nothing() -> None:
    assert [less(Months(a), Months(b)) for a, b in ((1, 2), (2, 2), (3, 2))] == [True, False, False]
    assert [less(timedelta(a), timedelta(b)) for a, b in ((1, 2), (2, 2), (3, 2))] == [True, False, False]
    assert less(Months(1), timedelta(1)) is not True
    assert less("甲", 1) is not True  # type: ignore[arg-type]  # of another kind


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (Decimal("12.50"), "12.50"),
        ("甲", '"甲"'),
        (date(2026, 1, 2), "2026-01-02"),
        (time(9, 30), "09:30:00"),
        (NOON, "2026-11-23T12:00:00+00:00"),
        (timedelta(days=2), "P2D"),
        (timedelta(days=2, seconds=5), "P2DT5S"),
        (Months(14), "P14M"),
        (Range(Decimal(1), Decimal(2), low_in=True, high_in=False), "[1..2)"),
        (Range(Decimal(1), Decimal(2), low_in=False, high_in=True), "(1..2]"),
        ((Decimal(1), "a"), '[1, "a"]'),
        (tuple(Decimal(n) for n in range(7)), "[0, 1, 2, 3, 4, …]"),
        (((((Decimal(1),),),),), "[[[[…]]]]"),
        ({"a": Decimal(1)}, "{…}"),
        ("长" * 80, f'"{"长" * 60}…"'),
    ],
)
def test_how_people_are_shown_a_value(one: Any, expected: str) -> None:
    assert show(one) == expected


def test_times_of_different_places_are_compared_as_moments() -> None:
    shanghai = timezone(timedelta(hours=8))
    assert less(time(8, tzinfo=shanghai), time(1, tzinfo=UTC)) is True
    assert less(time(9, tzinfo=shanghai), time(1, tzinfo=UTC)) is False
    assert less(time(8), time(9)) is True
    assert less(time(8), time(9, tzinfo=UTC)) is not True
