"""Days, moments and waits inside sentences (core/said.py)."""

from datetime import UTC, date, datetime

from yichuang.core.said import day_said, moment_said, wait_said
from yichuang.core.words import W


def test_a_day_and_a_moment_are_said_as_people_say_them() -> None:
    assert day_said(date(2026, 3, 5)) == W("2026年3月5日", "5 March 2026")
    assert moment_said(datetime(2026, 11, 25, 0, 30, tzinfo=UTC)) == W("11月25日 08:30", "25 November, 08:30")
    assert moment_said(datetime(2026, 11, 24, 16, 0, 7, tzinfo=UTC)) == W("11月25日 00:00:07", "25 November, 00:00:07")


def test_a_wait_is_an_interval_unless_there_is_less_to_say() -> None:
    """ "0–0 分钟" told nobody that there is nothing to wait for."""
    assert wait_said(0, 0) == W("不用等", "no wait")
    assert wait_said(0, 1) == W("1 分钟以内", "within 1 minute")
    assert wait_said(5, 5) == W("约 5 分钟", "about 5 minutes")
    assert wait_said(3, 12) == W("约 3–12 分钟", "about 3–12 minutes")
