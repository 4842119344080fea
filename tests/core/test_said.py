"""Days and moments inside sentences (core/said.py)."""

from datetime import UTC, date, datetime

from yichuang.core.said import day_said, moment_said
from yichuang.core.words import W


def test_a_day_and_a_moment_are_said_as_people_say_them() -> None:
    assert day_said(date(2026, 3, 5)) == W("2026年3月5日", "5 March 2026")
    assert moment_said(datetime(2026, 11, 25, 0, 30, tzinfo=UTC)) == W("11月25日 08:30", "25 November, 08:30")
    assert moment_said(datetime(2026, 11, 24, 16, 0, 7, tzinfo=UTC)) == W("11月25日 00:00:07", "25 November, 00:00:07")
