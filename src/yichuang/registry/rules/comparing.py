"""Comparing what somebody said with what a base says, field by field: same, different, or unknown."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal

from yichuang.core.words import W, Words
from yichuang.registry.rules import addresses, names
from yichuang.registry.values import Compare, FieldSpec, Verdict

State = Literal["same", "different", "unknown"]
_WORDS: Mapping[State, Words] = {
    "same": W("{field}与登记的一致", "{field}: the same as on record"),
    "different": W("{field}与登记的不一致", "{field}: different from what is on record"),
    "unknown": W("{field}无法确认是否一致", "{field}: could not be confirmed"),
}
_PART_WORDS: Mapping[str, Words] = {
    "province": W("省份", "province"),
    "city": W("城市", "city"),
    "district": W("区县", "district"),
    "street": W("街道", "sub-district"),
    "community": W("社区", "community"),
    "road": W("道路", "road"),
    "lane": W("里弄门巷", "lane"),
    "number": W("门牌号", "number"),
    "estate": W("小区或楼宇名", "estate"),
    "building": W("楼栋", "building"),
    "unit": W("单元", "unit"),
    "floor": W("楼层", "floor"),
    "room": W("房号", "room"),
    "rest": W("未能识别的部分", "a part that was not understood"),
}
_DIFFERING = W("{field}与登记的不一致：{parts}不同", "{field}: different from what is on record ({parts})")
_MISSING = W("{field}无法确认：{parts}只有一方写明", "{field}: could not be confirmed; only one side names {parts}")
_VARIANT = W(
    "{field}可能是同一人的不同写法（生僻字、异体字），请核对",
    "{field}: may be two spellings of one name (rare or variant characters); please check",
)
MOST_DIGITS = 40  # characters of a number
_DATE = re.compile(r"([0-9]{4})(?:([0-9]{2})([0-9]{2})|[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?)")


def compare(spec: FieldSpec, claimed: object, known: object) -> Verdict:
    """How `claimed` stands to `known`. What is empty, not comparable or of another kind is unknown; nothing is guessed."""
    if spec.compare is None or _empty(claimed) or _empty(known):
        return _verdict(spec, "unknown", None)
    return _HOW[spec.compare](spec, claimed, known)


def _verdict(spec: FieldSpec, state: State, score: Decimal | None, words: Words | None = None) -> Verdict:
    said = _said(state, spec.words) if words is None else words.format(field=spec.words)
    return Verdict(spec.name, state, score, said)


@lru_cache(maxsize=256)
def _said(state: State, field: Words) -> Words:
    return _WORDS[state].format(field=field)


def _empty(value: object) -> bool:
    return (
        value is None
        or (isinstance(value, str | tuple | list) and not value)
        or (isinstance(value, str) and not value.strip())
    )


def _exact(spec: FieldSpec, claimed: object, known: object) -> Verdict:
    if isinstance(claimed, str) and claimed == known and spec.kind == "text":  # most are, and need no other spelling
        return _verdict(spec, "same", None)
    one, other = _typed(spec, claimed), _typed(spec, known)
    if one is None or other is None:
        return _verdict(spec, "unknown", None)
    return _verdict(spec, "same" if one == other else "different", None)


def _typed(spec: FieldSpec, value: object) -> object:
    """The value in its field's kind, or None when it is of another."""
    if spec.kind == "flag":
        return value if isinstance(value, bool) else None
    if spec.kind == "number":
        return number_of(value)
    if spec.kind == "list":
        return frozenset(_text(item) for item in value) if isinstance(value, tuple | list) else None
    return _text(value) if isinstance(value, str) else None


def number_of(value: object) -> Decimal | None:
    """The number that a value says; None for what is none, not finite, or of a size or fineness that nobody writes out.

    Twelve characters can name a number of a thousand million digits.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    try:
        text = str(value)
        number = Decimal(text) if len(text) <= MOST_DIGITS else None
    except (InvalidOperation, ValueError):  # str() refuses integers of thousands of digits
        return None
    if number is None or not number.is_finite():
        return None
    if not number:
        return Decimal(0)
    return number if abs(number.adjusted()) < 15 else None


def _text(value: object) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", str(value))).upper()


def _names(spec: FieldSpec, claimed: object, known: object) -> Verdict:
    if not isinstance(claimed, str) or not isinstance(known, str):
        return _verdict(spec, "unknown", None)
    state, score = names.match(claimed, known)
    return _verdict(spec, state, score, _VARIANT if state == "unknown" else None)


def _addresses(spec: FieldSpec, claimed: object, known: object) -> Verdict:
    if not isinstance(claimed, str) or not isinstance(known, str):
        return _verdict(spec, "unknown", None)
    found = addresses.match(addresses.parse(claimed), addresses.parse(known))
    if found.differing:
        return _verdict(
            spec, found.state, found.score, _DIFFERING.format(field=spec.words, parts=_listed(found.differing))
        )
    if found.missing:
        return _verdict(spec, found.state, found.score, _MISSING.format(field=spec.words, parts=_listed(found.missing)))
    return _verdict(spec, found.state, found.score)


def _listed(parts: tuple[str, ...]) -> Words:
    return W("、".join(_PART_WORDS[p].zh for p in parts), ", ".join(_PART_WORDS[p].en for p in parts))


def _dates(spec: FieldSpec, claimed: object, known: object) -> Verdict:
    one, other = day_of(claimed), day_of(known)
    if one is None or other is None:
        return _verdict(spec, "unknown", None)
    return _verdict(spec, "same" if one == other else "different", None)


def day_of(value: object) -> date | None:
    """The day that a value names: a date, 2026-11-22, 2026/11/22, 20261122 or 2026年11月22日; None otherwise.

    Without separators it takes all eight digits: 2026111 may be two days.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = _DATE.fullmatch(_text(value)) if isinstance(value, str) else None
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups() if part))
    except ValueError:
        return None


_HOW: Mapping[Compare, Callable[[FieldSpec, object, object], Verdict]] = {
    "exact": _exact,
    "name": _names,
    "address": _addresses,
    "date": _dates,
}
