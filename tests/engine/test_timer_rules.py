"""When a timer is due, at the edges: bounds, kinds, and time that does not count."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from yichuang.core.clock import SHANGHAI
from yichuang.core.workdays import Calendar
from yichuang.engine.bpmn.graph import Timer
from yichuang.engine.bpmn.timers import LAST, MAX_DAYS, NoTime, after_pause, due
from yichuang.engine.feel.expression import compile_expression

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # Tuesday, ten in the hall
CALENDAR = Calendar({}, frozenset(range(2026, 2070)))


def timer(kind: str, text: str) -> Timer:
    return Timer(kind, text)  # type: ignore[arg-type]  # a kind is a literal


def computed(kind: str, value: object) -> datetime:
    """A timer whose moment is computed to be this value."""
    return due(Timer(kind, "x", compile_expression("x")), {"x": value}, AT, CALENDAR)  # type: ignore[arg-type]  # a literal


def begins(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P1W2D", AT + timedelta(days=9)),
        ("P2W", AT + timedelta(days=14)),
        ("PT1H2M3S", AT + timedelta(hours=1, minutes=2, seconds=3)),
        ("P1M", AT.replace(month=12)),
        ("P1Y2M", AT.replace(year=2028, month=1)),
        ("P13M", AT.replace(year=2027, month=12)),
    ],
)
def test_durations(text: str, expected: datetime) -> None:
    assert due(timer("duration", text), {}, AT, None) == expected


@pytest.mark.parametrize(("months", "expected"), [(1, (2028, 2, 29)), (13, (2029, 2, 28)), (10, (2028, 11, 30))])
def test_a_shorter_month_ends_on_its_last_day(months: int, expected: tuple[int, int, int]) -> None:
    at = datetime(2028, 1, 31, 10, tzinfo=SHANGHAI)
    assert due(timer("duration", f"P{months}M"), {}, at, None) == datetime(*expected, 10, tzinfo=SHANGHAI)


def test_nothing_is_due_beyond_the_last_moment() -> None:
    assert begins(9000, 1, 1) == LAST
    last = datetime(8999, 12, 31, 23, 59, tzinfo=SHANGHAI)
    assert due(timer("date", "8999-12-31T23:59:00+08:00"), {}, AT, None) == last
    assert due(timer("duration", "P6973Y"), {}, AT, None).year == 8999
    for kind, text in (
        ("date", "9000-01-01"), ("duration", "P6974Y"), ("duration", "P9999Y"), ("duration", "P99999D9999Y"),
    ):  # fmt: skip
        with pytest.raises(NoTime):
            due(timer(kind, text), {}, AT, None)


def test_a_computed_moment() -> None:
    assert computed("date", date(2026, 12, 1)) == begins(2026, 12, 1)
    hall = datetime(2026, 12, 1, 9, tzinfo=SHANGHAI)
    assert computed("date", hall) == computed("date", hall.replace(tzinfo=None)) == hall
    assert computed("duration", timedelta(0)) == AT
    assert computed("duration", timedelta(hours=1)) == AT + timedelta(hours=1)
    assert computed("workdays", "3") == computed("workdays", Decimal(3)) == begins(2026, 11, 28)
    assert computed("workdays", Decimal(0)) == begins(2026, 11, 25)
    assert computed("workdays", str(MAX_DAYS)) > begins(2064, 1, 1)
    for kind, value in (
        ("duration", timedelta(seconds=-1)), ("duration", Decimal(3)), ("duration", None), ("workdays", "-1"),
        ("workdays", Decimal("1.5")), ("workdays", date(2026, 12, 1)), ("workdays", str(MAX_DAYS + 1)), ("workdays", True),
    ):  # fmt: skip
        with pytest.raises(NoTime):
            computed(kind, value)


@pytest.mark.parametrize(
    ("kind", "text", "due_at", "until", "expected"),
    [
        # three working days from Tuesday: Friday ends; a week of pause puts it off to the Friday after
        ("workdays", "3", begins(2026, 11, 28), AT + timedelta(days=7), begins(2026, 12, 5)),
        ("workdays", "3", begins(2026, 11, 28), AT + timedelta(days=1), begins(2026, 12, 1)),
        ("workdays", "3", begins(2026, 11, 28), AT + timedelta(hours=3), begins(2026, 11, 28)),
        # what falls due on the eve of a pause over a weekend only does not move
        ("duration", "PT48H", AT + timedelta(hours=48), AT + timedelta(hours=5), AT + timedelta(hours=53)),
        ("duration", "PT48H", LAST - timedelta(hours=1), AT + timedelta(hours=5), LAST),
        ("date", "2026-12-01", begins(2026, 12, 1), AT + timedelta(days=30), begins(2026, 12, 1)),
        ("duration", "PT1H", AT - timedelta(hours=1), AT + timedelta(days=30), AT - timedelta(hours=1)),
        ("duration", "PT1H", AT, AT + timedelta(days=30), AT),
        ("workdays", "1", AT - timedelta(hours=1), AT + timedelta(days=30), AT - timedelta(hours=1)),
    ],
)
def test_time_that_does_not_count(kind: str, text: str, due_at: datetime, until: datetime, expected: datetime) -> None:
    assert after_pause(timer(kind, text), due_at, since=AT, until=until, calendar=CALENDAR) == expected


def test_a_pause_of_a_weekend_is_no_working_day() -> None:
    friday = datetime(2026, 11, 27, 10, tzinfo=SHANGHAI)
    due_at = begins(2026, 12, 2)
    paused = after_pause(
        timer("workdays", "2"), due_at, since=friday, until=friday + timedelta(days=2), calendar=CALENDAR
    )
    assert paused == due_at
