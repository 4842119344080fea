"""How long an item may take: limits, their variants, extension, and grounds on which the clock stops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from yichuang.core.words import W, Words

if TYPE_CHECKING:
    from yichuang.engine.values import Expression

_UNITS: Mapping[str, Words] = {
    "workday": W("{n} 个工作日", "{n} working days"),
    "day": W("{n} 天", "{n} days"),
    "hour": W("{n} 小时", "{n} hours"),
    "instant": W("当场办结", "on the spot"),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit (办结时限) that runs from acceptance. `amount` is in `unit`; "instant" (当场, 即办) has amount 0."""

    amount: int
    unit: Literal["workday", "day", "hour", "instant"]
    basis: str = ""
    source: str = ""
    note: Words | None = None

    @property
    def words(self) -> Words:
        if self.amount == 1 and self.unit != "instant":
            return W(_UNITS[self.unit].zh.format(n=1), f"1 {'working day' if self.unit == 'workday' else self.unit}")
        return _UNITS[self.unit].format(n=self.amount)


@dataclass(frozen=True, slots=True)
class LimitVariant:
    """Other limits in some situations, e.g. on the spot at the counter."""

    when: Expression
    legal: Limit | None
    promise: Limit | None
    words: Words


@dataclass(frozen=True, slots=True)
class Extension:
    """延长办理期限: how far the legal limit may be extended, once, and who approves."""

    limit: Limit
    approver: Words
    basis: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class SpecialProcedure:
    """特别程序: a lawful ground on which the legal clock stops (行政许可法 art. 45, or the item's own law)."""

    ground: str
    name: Words
    limit: Limit
    basis: str
    source: str = ""
