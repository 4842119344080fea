"""Days and moments as they are said inside a sentence, in both languages: never as a machine writes them."""

from datetime import date, datetime

from yichuang.core.clock import local
from yichuang.core.words import Words


def day_said(day: date) -> Words:
    """2026年11月25日 / 25 November 2026."""
    return Words(f"{day.year}年{day.month}月{day.day}日", f"{day:%-d %B %Y}")


def moment_said(at: datetime) -> Words:
    """11月25日 08:30 / 25 November, 08:30, by the hall's clock; seconds only where they count."""
    there = local(at)
    time = f"{there:%H:%M:%S}" if there.second else f"{there:%H:%M}"
    return Words(f"{there.month}月{there.day}日 {time}", f"{there:%-d %B}, {time}")
