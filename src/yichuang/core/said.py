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


def wait_said(least: int, most: int) -> Words:
    """How long a wait of so many minutes is: an interval, unless it is none, or begins with nothing, or is one number."""
    if most <= 0:
        return Words("不用等", "no wait")
    if least <= 0:
        return Words(f"{most} 分钟以内", f"within {_minutes(most)}")
    if least == most:
        return Words(f"约 {most} 分钟", f"about {_minutes(most)}")
    return Words(f"约 {least}–{most} 分钟", f"about {least}–{most} minutes")


def _minutes(n: int) -> str:
    return f"{n} minute" if n == 1 else f"{n} minutes"
