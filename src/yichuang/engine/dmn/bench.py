"""The test bench of a table (试算): what somebody typed, as the table takes it, and what it says. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from yichuang.core.refusals import Reason, refuse_all
from yichuang.core.words import W, Words
from yichuang.engine.dmn.edge import ReadyDecision

MOST_DIGITS: Final = 34  # of a number that is tried: as DMN's numbers have (IEEE 754 decimal128)
_VALUE = W("“{name}”要填写{kind}", "“{name}” takes {kind}")
_KINDS: Final = {
    "number": W("数字", "a number"),
    "date": W("日期，如 2026-12-31", "a date like 2026-12-31"),
    "boolean": W("是或否", "yes or no"),
}


@dataclass(frozen=True, slots=True)
class TriedRow:
    """What became of one row (from 1): the result it gives, and that it hit or the first cell that did not fit."""

    row: int
    hit: bool
    result: str
    why: Words


@dataclass(frozen=True, slots=True)
class TableTrial:
    """What a table says on values typed: its result as text ("": a person decides), the doubts, and row by row why."""

    value: str
    doubts: tuple[Words, ...]
    rows: tuple[TriedRow, ...]


def typed_inputs(kinds: Mapping[str, tuple[Words, str]], values: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, by input (its name for people, its kind), as JSON keeps it; "" stays unknown.

    Refused WRONG_VALUE for each that is not of its kind.
    """
    wrong: list[Reason] = []
    inputs: dict[str, Any] = {}
    for name, (words, kind) in kinds.items():
        try:
            inputs[name] = _typed(kind, values.get(name, "").strip())
        except ValueError:
            wrong.append(Reason("WRONG_VALUE", _VALUE.format(name=words, kind=_KINDS[kind]), f"/values/{name}"))
    refuse_all(wrong)
    return inputs


def _typed(kind: str, text: str) -> Any:
    """One value. ValueError when it is not of the kind."""
    if not text:
        return None
    if kind == "boolean":
        return {"true": True, "false": False}[text] if text in {"true", "false"} else _wrong(text)
    if kind == "number":
        try:
            number = Decimal(text)
        except InvalidOperation:
            return _wrong(text)
        # twelve characters can name a number of a thousand million digits, which nobody could ever write out
        return str(number) if number.is_finite() and abs(number.adjusted()) <= MOST_DIGITS else _wrong(text)
    return datetime.strptime(text, "%Y-%m-%d").date().isoformat() if kind == "date" else text  # noqa: DTZ007  (a day)


def _wrong(text: str) -> Any:
    raise ValueError(text)


def tried(decision: ReadyDecision, inputs: Mapping[str, object], at: datetime) -> TableTrial:
    """A table's answer to these inputs."""
    said = decision.decide(inputs, at=at)
    rules = decision.table.rules if decision.table else ()
    rows = tuple(
        TriedRow(one.row, one.hit, "，".join(cell.text for cell in rules[one.row - 1].results), one.words)
        for one in decision.explain(inputs, said.record, at=at)
    )
    return TableTrial(str(said.value) if said.decided else "", tuple(said.doubts), rows)
