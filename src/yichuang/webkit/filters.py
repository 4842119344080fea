"""How values look on pages: words, days, moments, limits, money, sizes.

In the language of the request, or, where `en` is given, in that one: a page asks hundreds of times and has one language.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, Protocol

from django.conf import settings
from django.utils.translation import get_language
from markupsafe import Markup, escape

from yichuang.core.citations import articles, english_of
from yichuang.core.clock import local
from yichuang.core.words import W, Words

WEEKDAYS = (
    W("周一", "Mon"), W("周二", "Tue"), W("周三", "Wed"), W("周四", "Thu"), W("周五", "Fri"), W("周六", "Sat"), W("周日", "Sun"),
)  # fmt: skip
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNITS: Mapping[str, tuple[Words, Words]] = {  # unit → (one, many)
    "workday": (W("个工作日", "working day"), W("个工作日", "working days")),
    "day": (W("天", "day"), W("天", "days")),
    "hour": (W("小时", "hour"), W("小时", "hours")),
}
INSTANT = W("当场办结", "on the spot")


class LimitLike(Protocol):
    """What a time limit looks like (catalog.values.Limit)."""

    @property
    def amount(self) -> Any: ...
    @property
    def unit(self) -> Any: ...


def english() -> bool:
    """Whether the page is in English."""
    return (get_language() or "").startswith("en")


def say(words: Words | str | None, en: bool | None = None) -> str:
    """A label in the language of the page; plain text stays, None is empty."""
    if isinstance(words, Words):
        return words.en if (english() if en is None else en) else words.zh
    return words or ""


def day(value: date | datetime | None, en: bool | None = None) -> str:
    """2026年11月22日（周日） / Sun 22 Nov 2026; an instant is shown as the hall's calendar day; None is a dash."""
    return "—" if value is None else _day(value, english() if en is None else en)


@lru_cache(maxsize=4096)
def _day(value: date | datetime, en: bool) -> str:
    if isinstance(value, datetime):
        value = local(value).date()
    weekday = say(WEEKDAYS[value.weekday()], en)
    if en:
        return f"{weekday} {value.day} {MONTHS[value.month - 1]} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日（{weekday}）"


def short_day(value: date | datetime | None, en: bool | None = None) -> str:
    """11月26日 / 26 Nov."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        value = local(value).date()
    en = english() if en is None else en
    return f"{value.day} {MONTHS[value.month - 1]}" if en else f"{value.month}月{value.day}日"


def deadline(value: datetime | None, en: bool | None = None) -> str:
    """The last day of a limit that ends at an instant: midnight ends the day before. 11月26日 / 26 Nov."""
    return "—" if value is None else short_day(value - timedelta(microseconds=1), en)


def hour(value: datetime | None) -> str:
    """18:00 by the hall's clock."""
    return "—" if value is None else f"{local(value):%H:%M}"


def moment(value: datetime | None, en: bool | None = None) -> str:
    """2026年11月22日 18:00 / 22 Nov 2026, 18:00, by the hall's clock."""
    return "—" if value is None else _moment(value, english() if en is None else en)


@lru_cache(maxsize=4096)
def _moment(value: datetime, en: bool) -> str:
    there = local(value)
    if en:
        return f"{there.day} {MONTHS[there.month - 1]} {there.year}, {there:%H:%M}"
    return f"{there.year}年{there.month}月{there.day}日 {there:%H:%M}"


def due(value: datetime | None, en: bool | None = None) -> str:
    """The last moment of a limit: midnight is said as 24:00 of the day before, as the law counts (民法典 art. 203)."""
    return "—" if value is None else _due(value, english() if en is None else en)


@lru_cache(maxsize=4096)
def _due(value: datetime, en: bool) -> str:
    if local(value).time() != time(0):
        return _moment(value, en)
    return _moment(value - timedelta(minutes=1), en).replace("23:59", "24:00")


DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?")


def written(value: str, en: bool | None = None) -> str:
    """A day or month among the data of a certificate as its paper prints it; anything else as it stands.

    2027-01-09 → 2027年1月9日 / 9 January 2027; 2024-05 → 2024年5月 / May 2024.
    """
    known = DAY.fullmatch(value)
    if known is None:
        return value
    en, whole = english() if en is None else en, bool(known[1])
    try:
        found = date.fromisoformat(value if whole else f"{value}-01")
    except ValueError:
        return value
    if en:
        return f"{found:%-d %B %Y}" if whole else f"{found:%B %Y}"
    return f"{found.year}年{found.month}月{found.day}日" if whole else f"{found.year}年{found.month}月"


LASTED = (
    (86400, W("{n} 天", "{n} days")), (3600, W("{n} 小时", "{n} hours")), (60, W("{n} 分钟", "{n} minutes")),
)  # fmt: skip


def lasted(seconds: float, en: bool | None = None) -> str:
    """How long something took, in the largest unit of which there are two: 0.4 秒, 3 分钟, 21 天."""
    for unit, words in LASTED:
        if seconds >= 2 * unit:
            return say(words.format(n=round(seconds / unit)), en)
    return say(W("{n} 秒", "{n} s").format(n=f"{seconds:.1f}"), en)


def iso(value: date | datetime | None) -> str:
    """For the `datetime` attribute of <time>."""
    return "" if value is None else _iso(value)


@lru_cache(maxsize=4096)
def _iso(value: date | datetime) -> str:
    return local(value).isoformat() if isinstance(value, datetime) else value.isoformat()


def limit(value: LimitLike | None, en: bool | None = None) -> str:
    """10 个工作日 / 10 working days / 当场办结."""
    if value is None:
        return "—"
    unit = str(getattr(value.unit, "value", value.unit))
    if unit == "instant":
        return say(INSTANT, en)
    one, many = UNITS[unit]
    amount = f"{float(value.amount):g}"
    return f"{amount} {say(one if amount == '1' else many, en)}"


def law(cited: str, en: bool | None = None) -> Markup:
    """A citation as it stands in the papers; in English followed by the law's English name and article, where known."""
    if not (english() if en is None else en):
        return escape(cited)
    chinese = Markup('<span lang="zh-Hans-CN">{}</span>').format(cited)
    return chinese + Markup(" · {}").format(english_of(cited) or "in Chinese") if "《" in cited else chinese


def typed_moment(value: datetime | None) -> str:
    """For the value of a field for date and time: 2026-11-24T10:00 by the hall's clock; "" for none."""
    return f"{local(value):%Y-%m-%dT%H:%M}" if value else ""


def money(value: Decimal | int | None) -> str:
    """Yuan with two decimals: ¥1,200.00; None is a dash."""
    return "—" if value is None else f"¥{Decimal(value):,.2f}"


def size(count: int) -> str:
    """Bytes as people say them: 3.2 MB."""
    for unit, step in (("MB", 1024 * 1024), ("KB", 1024)):
        if count >= step:
            return f"{count / step:.1f} {unit}"
    return f"{count} B"


def unless_empty(value: Any) -> Any:
    """The value, or a dash where there is none."""
    return "—" if value in (None, "", (), []) else value


def site() -> Words:
    """The name of this service network (setting YICHUANG_SITE, "中文|English")."""
    zh, _, en = str(getattr(settings, "YICHUANG_SITE", "一窗政务服务网|Yichuang Government Services")).partition("|")
    return Words(zh, en or zh)


ALL: Mapping[str, Callable[..., str]] = {
    "say": say, "day": day, "short_day": short_day, "hour": hour, "moment": moment, "iso": iso, "limit": limit,
    "money": money, "size": size, "due": due, "deadline": deadline, "written": written, "lasted": lasted, "law": law,
    "typed_moment": typed_moment, "articles": articles,
}  # fmt: skip
SPOKEN = frozenset(
    {"say", "day", "short_day", "moment", "limit", "due", "deadline", "written", "lasted", "law"}
)  # those that depend on the language


def in_language(en: bool) -> Mapping[str, Callable[..., str]]:
    """All filters for pages in one language."""
    known = {name: partial(filter, en=en) if name in SPOKEN else filter for name, filter in ALL.items()}
    return {**known, "due": lambda value: "—" if value is None else _due(value, en)}  # a list asks it for each line
