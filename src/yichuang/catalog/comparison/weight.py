"""What a difference means for who applies: harder, easier, or neither as far as a rule can tell. Pure.

Only what is sure is said: a condition or a rule that reads otherwise may be wider or narrower, a person must look.
"""

from collections.abc import Callable, Mapping
from typing import Any

from yichuang.catalog.values import (
    AgainSpec,
    Condition,
    Fee,
    Fees,
    FileRule,
    FormRule,
    Limit,
    Mark,
    Material,
    Pack,
    Scope,
    Visits,
    Weight,
)

_NEED = {"optional": 0, "secondary": 1, "main": 2}
_REACH = {"hall": 0, "district": 1, "city": 2, "province": 3, "state": 4}


def _limit(limit: Limit) -> tuple[str, float]:
    """(what may be compared with what, how long). Working days and days only compare with their own kind."""
    return ("", 0) if limit.unit == "instant" or not limit.amount else (limit.unit, limit.amount)


def _longer(before: Limit, after: Limit) -> float:
    (kind, left), (other, right) = _limit(before), _limit(after)
    return right - left if kind == other or not kind or not other else 0


def _more(before: float, after: float) -> float:
    return after - before


def _fewer(before: float, after: float) -> float:
    return before - after


# (owner, property) → how much harder it has become; below zero it is easier
_RULES: Mapping[tuple[type, str], Callable[[Any, Any], float]] = {
    (Pack, "legal_limit"): _longer,
    (Pack, "promise_limit"): _longer,
    (Pack, "instant"): _fewer,
    (Pack, "express"): _fewer,
    (Pack, "kiosk"): _fewer,
    (Pack, "audience"): lambda before, after: len(set(before) - set(after)) or -len(set(after) - set(before)),
    (Pack, "ways"): lambda before, after: len(set(before) - set(after)) or -len(set(after) - set(before)),
    (Pack, "marks"): lambda before, after: len(_kind_marks(before) - _kind_marks(after)) or -len(
        _kind_marks(after) - _kind_marks(before)
    ),
    (Visits, "count"): _more,
    (Scope, "area"): lambda before, after: _REACH[before] - _REACH[after],
    (Fees, "charged"): _more,
    (Fee, "amount_fen"): lambda before, after: 0 if before is None or after is None else after - before,
    (Material, "necessity"): lambda before, after: _NEED[after] - _NEED[before],
    (Material, "originals"): _more,
    (Material, "copies"): _more,
    (Material, "promise_days"): lambda before, after: before - after if before and after else 0,
    (Material, "replaces"): lambda before, after: bool(before) - bool(after),
    (Material, "held"): lambda before, after: bool(before) - bool(after),
    (Material, "again"): lambda before, after: bool(before) - bool(after),
    (AgainSpec, "days"): _fewer,
    (FileRule, "least"): _more,
    (FileRule, "most"): _fewer,
    (FileRule, "max_mb"): _fewer,
}  # fmt: skip


def _kind_marks(marks: tuple[Mark, ...]) -> set[Mark]:
    return set(marks)


def weigh(owner: type, name: str, before: Any, after: Any) -> Weight:
    """The weight of a property that changed."""
    rule = _RULES.get((owner, name))
    return _said(rule(before, after)) if rule else ""


def weigh_thing(one: Any, *, gone: bool) -> Weight:
    """The weight of a thing that came or went."""
    burden = (
        (isinstance(one, Material) and one.necessity != "optional")
        or isinstance(one, Condition)
        or (isinstance(one, FormRule) and one.level == "error")
        or isinstance(one, Fee)
    )
    return _said((-1 if gone else 1) if burden else 0)


def _said(harder: float) -> Weight:
    return "harder" if harder > 0 else "easier" if harder < 0 else ""
