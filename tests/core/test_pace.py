"""A clock that runs quicker: a demo's day is played on it, by every process alike."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.core import clock
from yichuang.core.pace import SHANGHAI, Hours, Pace, hours_of, pace_of

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
SINCE = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
OFFSET = MONDAY - SINCE  # the clock shows Monday, nine in the morning, when it begins to run quicker
DAY = Hours(time(8, 30), time(18, 30))
instants = st.integers(0, 40 * 86400).map(lambda seconds: timedelta(seconds=seconds))
speeds = st.sampled_from([0.5, 1.0, 8.0, 60.0, 360.0])


def shown(pace: Pace, later: timedelta) -> datetime:
    return pace.of(SINCE + later, OFFSET).astimezone(SHANGHAI)


def test_a_minute_of_the_machine_is_an_hour_at_speed_sixty() -> None:
    pace = Pace(SINCE, 60)
    assert shown(pace, timedelta(0)) == MONDAY
    assert shown(pace, timedelta(minutes=1)) == MONDAY + timedelta(hours=1)


def test_before_it_begins_it_runs_as_the_machine_does() -> None:
    assert shown(Pace(SINCE, 60), timedelta(minutes=-2)) == MONDAY - timedelta(minutes=2)


@pytest.mark.parametrize(
    ("minutes", "day", "at"),
    [
        (9.5 * 60 - 1, date(2026, 11, 23), time(18, 29)),
        (9.5 * 60, date(2026, 11, 24), time(8, 30)),  # the evening's end is the morning
        (9.5 * 60 + 3 * 600, date(2026, 11, 27), time(8, 30)),
        (9.5 * 60 + 4 * 600, date(2026, 11, 30), time(8, 30)),  # from Friday to Monday
        (9.5 * 60 + 4 * 600 + 90, date(2026, 11, 30), time(10, 0)),
    ],
)
def test_nights_and_week_ends_are_skipped(minutes: float, day: date, at: time) -> None:
    found = shown(Pace(SINCE, 1, DAY), timedelta(minutes=minutes))
    assert (found.date(), found.time()) == (day, at)


def test_a_clock_that_begins_in_the_night_begins_in_the_morning() -> None:
    early = MONDAY.replace(hour=3) - SINCE
    assert Pace(SINCE, 60, DAY).of(SINCE + timedelta(seconds=1), early) == MONDAY.replace(hour=8, minute=31)
    saturday = datetime(2026, 11, 28, 12, 0, tzinfo=SHANGHAI) - SINCE
    found = Pace(SINCE, 60, DAY).of(SINCE + timedelta(seconds=1), saturday)
    assert found == datetime(2026, 11, 30, 8, 31, tzinfo=SHANGHAI)


@given(first=instants, then=instants, speed=speeds, hours=st.sampled_from([None, DAY]))
def test_it_never_goes_back(first: timedelta, then: timedelta, speed: float, hours: Hours | None) -> None:
    pace = Pace(SINCE, speed, hours)
    assert shown(pace, min(first, then)) <= shown(pace, max(first, then))


@given(later=instants, speed=speeds)
def test_with_hours_it_shows_no_night_and_no_week_end(later: timedelta, speed: float) -> None:
    found = shown(Pace(SINCE, speed, DAY), later + timedelta(seconds=1))
    assert found.weekday() < 5
    assert DAY.opens <= found.time() < DAY.closes


@given(later=instants, speed=speeds, hours=st.sampled_from([None, DAY]))
def test_the_machines_moment_of_what_it_shows_is_that_moment(
    later: timedelta, speed: float, hours: Hours | None
) -> None:
    pace = Pace(SINCE, speed, hours)
    back = pace.machine(pace.of(SINCE + later, OFFSET), OFFSET)
    assert abs(back - (SINCE + later)) < timedelta(milliseconds=1)


def test_what_is_due_in_the_night_is_due_in_the_morning() -> None:
    pace = Pace(SINCE, 60, DAY)
    due = pace.machine(MONDAY.replace(hour=23), OFFSET)
    assert due == SINCE + timedelta(minutes=9.5)
    assert pace.machine(MONDAY - timedelta(days=3), OFFSET) < SINCE


def test_a_process_is_told_its_pace_or_goes_by_the_machine() -> None:
    assert pace_of({}) is None
    assert pace_of({"YICHUANG_CLOCK_SPEED": "1", "YICHUANG_CLOCK_HOURS": ""}) is None
    told = {"YICHUANG_CLOCK_SPEED": "60", "YICHUANG_CLOCK_SINCE": "1000", "YICHUANG_CLOCK_HOURS": "08:30-18:30"}
    assert pace_of(told) == Pace(datetime.fromtimestamp(1000, UTC), 60, DAY)


@pytest.mark.parametrize("speed", ["0", "-1", "nan", "1001", "quick"])
def test_a_speed_that_is_none_is_refused(speed: str) -> None:
    with pytest.raises(ValueError, match=r"SPEED|float"):
        pace_of({"YICHUANG_CLOCK_SPEED": speed})


@pytest.mark.parametrize("text", ["18:30-08:30", "08:30", "early-late"])
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        hours_of(text)


def test_the_clock_goes_by_the_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_PACE", Pace(datetime.now(UTC) - timedelta(minutes=1), 60))
    monkeypatch.setattr(clock, "_OFFSET", timedelta(0))
    ahead = clock.now() - datetime.now(UTC)
    assert timedelta(minutes=58) < ahead < timedelta(minutes=64)
    assert abs(clock.machine(clock.now()) - datetime.now(UTC)) < timedelta(seconds=1)
    assert clock.speed() == 60
    assert clock.runs_apart()


def test_no_process_of_a_real_hall_starts_on_a_quickened_clock() -> None:
    told = {"DJANGO_SETTINGS_MODULE": "yichuang.settings.base", "YICHUANG_CLOCK_SPEED": "60", "YICHUANG_DEMO": "False"}
    started = subprocess.run(
        [sys.executable, "-c", "import yichuang.settings.base"],
        env=dict(os.environ) | told,
        capture_output=True,
        text=True,
    )
    assert started.returncode != 0
    assert "statutory limits run by the real clock" in started.stderr
    assert "加快的时钟只能用于演示环境" in started.stderr


def test_for_who_sits_before_a_screen_a_quickened_hour_is_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    assert clock.lasted(MONDAY, MONDAY + timedelta(hours=1)) == timedelta(hours=1)
    monkeypatch.setattr(clock, "_PACE", Pace(SINCE, 60, DAY))
    monkeypatch.setattr(clock, "_OFFSET", OFFSET)
    assert clock.lasted(MONDAY, MONDAY + timedelta(hours=1)) == timedelta(minutes=1)
    night = clock.lasted(MONDAY.replace(hour=18), MONDAY.replace(hour=9) + timedelta(days=1))
    assert night == timedelta(minutes=1)  # half an hour in the evening and another in the morning: the night is skipped
