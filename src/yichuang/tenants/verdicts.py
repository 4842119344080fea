"""Decision tables of tenants, asked: what JSON says as the table takes it, and what the table says as JSON. Pure."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from yichuang.engine.values import ReadyDecision
from yichuang.tenants.values import Tried, Verdict


def judged(decision: ReadyDecision, code: str, version: int, inputs: Mapping[str, Any], at: datetime) -> Verdict:
    """The verdict, and row by row why. Whatever is missing or of a wrong kind is a doubt, and a person decides."""
    given = taken(decision, inputs)
    outcome = decision.decide(given, at=at)
    rows = decision.explain(given, outcome.record, at=at)
    return Verdict(
        code=code,
        version=version,
        decided=outcome.decided,
        value=_plain(outcome.value) if outcome.decided else None,
        doubts=tuple(outcome.doubts),
        rows=tuple(Tried(row.row, row.hit, row.words) for row in rows),
    )


def taken(decision: ReadyDecision, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What JSON holds, as the table takes it."""
    return {name: _taken(value, decision, name) for name, value in inputs.items()}


def _taken(value: Any, decision: ReadyDecision, name: str) -> Any:
    """JSON has no days: a text where the table takes one. What is no day stays a text, which the table then doubts."""
    kind = decision.kinds.get(name)
    if kind is None or not isinstance(value, str):
        return value
    try:
        if kind.kind == "date":
            return date.fromisoformat(value)
        return datetime.fromisoformat(value) if kind.kind == "moment" else value
    except ValueError:
        return value


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | str():
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return {str(key): _plain(one) for key, one in value.items()}
        case tuple() | list():
            return [_plain(one) for one in value]
        case _:
            return str(value)
