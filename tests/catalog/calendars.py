"""The working-day calendar that the law vectors were computed with (2025 and 2026 as published)."""

from datetime import date, timedelta

import chinese_calendar

from yichuang.core.workdays import Calendar

_YEARS = (2025, 2026)


def _days() -> dict[date, bool]:
    every = (date(_YEARS[0], 1, 1) + timedelta(n) for n in range(365 * len(_YEARS)))
    return {day: works for day in every if (works := chinese_calendar.is_workday(day)) != (day.weekday() < 5)}


CALENDAR = Calendar(_days(), frozenset(_YEARS))
