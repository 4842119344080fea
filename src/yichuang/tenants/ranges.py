"""What is asked of a data table: equal values, bounds and an order, held against what the table declares. Pure."""

import base64
import binascii
import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yichuang.core.paging import bad_cursor
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W, Words
from yichuang.tenants.rules import LONGEST_SORTED, group_for, group_name, mark_value
from yichuang.tenants.values import BOUNDS, TableSpec

NOT_FOUND_BY = W(
    "不能按这些列查找；这张表可以按：{groups}", "Rows cannot be found by these columns; this table has: {groups}"
)
NOT_BETWEEN = W(
    "不能按这些列区间查找或排序；这张表可以按：{groups}（最后一列是区间或排序，前面的列要写明值）",
    "Rows cannot be sorted or bounded by these columns; this table has: {groups} (the last is bounded or sorted, the others have values)",
)
NOTHING = W("没有声明", "none declared")
BAD_BOUND = W("“{name}”的界限要和这一列同一类型", "The bounds of “{name}” are of the column's own type")


@dataclass(frozen=True, slots=True)
class Asked:
    """How rows are found. `group`: of columns with these values, "" for all rows; `ordered`: by the key of the group's last
    column, between `bounds` (lookup → key)."""

    group: str = ""
    value: str = ""
    ordered: bool = False
    bounds: Mapping[str, str] = frozenset()  # type: ignore[assignment]  # an empty one that nobody changes
    down: bool = False


def asked(spec: TableSpec, where: Mapping[str, Any], sort: str = "") -> Asked:
    """What is asked, as the table can answer it. Refused NOT_FOUND_BY, NOT_BETWEEN, BAD_BOUND: a table is never read through.

    `where`: a value for a column, or bounds: {"from", "to", "after", "before"}. `sort`: a column, "-" before it for downwards.
    """
    between = {name: bounds for name, bounds in where.items() if isinstance(bounds, Mapping)}
    equal = {name: value for name, value in where.items() if name not in between}
    down, column = sort.startswith("-"), sort.removeprefix("-")
    if not between and not column:
        return _equal(spec, equal)
    last = next(iter(between), column)
    group = next((one for one in spec.ranges if one[-1] == last and {*one[:-1]} == {*equal}), None)
    if group is None or len(between) > 1 or column not in {"", last}:
        raise Refused(Reason("NOT_BETWEEN", NOT_BETWEEN.format(groups=_named(spec.ranges)), "/where"))
    bounds = {BOUNDS[name]: _bound(spec, last, value) for name, value in between.get(last, {}).items()}
    value = mark_value([equal[name] for name in group[:-1]])
    return Asked(range_name(group), value, ordered=True, bounds=bounds, down=down)


def _equal(spec: TableSpec, where: Mapping[str, Any]) -> Asked:
    if not where:
        return Asked()
    group = group_for(spec, list(where))
    if group is None:
        raise Refused(Reason("NOT_FOUND_BY", NOT_FOUND_BY.format(groups=_named(spec.groups)), "/where"))
    return Asked(group_name(group), mark_value([where[column] for column in group]))


def _bound(spec: TableSpec, name: str, value: Any) -> str:
    text = spec.columns[name].get("type") == "string"
    fits = isinstance(value, str) if text else isinstance(value, int | float) and not isinstance(value, bool)
    if not fits:
        raise Refused(Reason("BAD_BOUND", BAD_BOUND.format(name=name), f"/where/{name}"))
    return sort_key(value)


def range_name(group: tuple[str, ...]) -> str:
    """By which a group of `ranges` is known: "venue<day"."""
    return "+".join(group[:-1]) + "<" + group[-1]


def orders_of(spec: TableSpec, data: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(group, value of the columns before the last, key) of each group of whose columns the row has all."""
    for group in spec.ranges:
        if all(data.get(name) is not None for name in group):
            yield range_name(group), mark_value([data[name] for name in group[:-1]]), sort_key(data[group[-1]])


def sort_key(value: Any) -> str:
    """A text that stands in the order of the values, byte by byte: texts as they are, numbers as doubles."""
    if isinstance(value, str):
        return value[:LONGEST_SORTED]
    try:
        bits: int = struct.unpack(">Q", struct.pack(">d", float(value) + 0.0))[0]  # -0.0 is 0.0
    except OverflowError:
        bits = 0xFFF0 << 48 if value < 0 else 0x7FF0 << 48  # beyond all doubles
    flipped = bits ^ (2**64 - 1) if bits >> 63 else bits | 1 << 63
    return f"{flipped:016x}"


def write_cursor(key: str, row: UUID) -> str:
    """The mark behind a row in an order."""
    return base64.urlsafe_b64encode(json.dumps([key, str(row)], ensure_ascii=False).encode()).decode()


def read_cursor(cursor: str, *, ordered: bool) -> tuple[str, UUID]:
    """(key, row) behind which the page begins; without an order the row alone. Refused BAD_CURSOR."""
    try:
        if not ordered:
            return "", UUID(cursor)
        key, row = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if not isinstance(key, str) or "\x00" in key:
            raise ValueError(key)
        key.encode()  # half a character (a lone surrogate) no database takes
        return key, UUID(row)
    except (ValueError, TypeError, AttributeError, RecursionError, binascii.Error):
        raise bad_cursor() from None


def _named(groups: tuple[tuple[str, ...], ...]) -> Words:
    named = [group_name(group) for group in groups]
    return Words("、".join(named), ", ".join(named)) if named else NOTHING
