"""What stands in a cell: values of a pack as text and numbers that come back as they went. Pure.

A plain text, number or yes/no stands as it is. Lists, tables, nothing, and texts that a workbook would not give back
(control signs, spaces at the ends, or what would be read as one of these) stand as JSON.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

Cell = str | int | float | bool
EXTEND = "extend"  # 扩展字段: columns that nobody knows are kept there, whatever their names
LONGEST = 32_767  # characters of a cell
_AS_JSON = re.compile(r'^(?:[\[{"].*|null|\s.*|.*\s|)\Z|.*(?:[\x00-\x1f\x7f]|_x[0-9A-Fa-f]{4}_)', re.DOTALL)
_EXACT = 10**15  # whole numbers that a workbook keeps


def flatten(data: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """(path with dots, value) of everything in it; a list is one value, and so is an empty table."""
    for key, value in data.items():
        if before + key == EXTEND and isinstance(value, Mapping) and value:
            yield from ((f"{EXTEND}.{name}", one) for name, one in value.items())
        elif isinstance(value, Mapping) and value and not any("." in name for name in value):
            yield from flatten(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def put(data: dict[str, Any], path: str, value: Any) -> None:
    """Set what stands at the path; tables on the way are made."""
    *way, last = path.split(".")
    for name in way:
        below = data.get(name)
        if not isinstance(below, dict):
            below = data[name] = {}
        data = below
    data[last] = value


def take(data: dict[str, Any], path: str) -> None:
    """Take away what stands at the path, and every table that it leaves empty."""
    name, _, rest = path.partition(".")
    below = data.get(name)
    if rest and isinstance(below, dict):
        take(below, rest)
        if below:
            return
    elif rest:
        return
    data.pop(name, None)


def at(data: Mapping[str, Any], path: str) -> Any:
    """What stands at the path. KeyError when nothing does."""
    found: Any = data
    for name in path.split("."):
        if not isinstance(found, Mapping):
            raise KeyError(path)
        found = found[name]
    return found


def written(value: Any) -> Cell:
    """The cell of a value."""
    if isinstance(value, bool | float):
        return value
    if isinstance(value, int) and abs(value) < _EXACT:
        return value
    if isinstance(value, str) and not _AS_JSON.match(value):
        return value
    return json.dumps(value, ensure_ascii=False).replace("_x", "\\u005fx").replace("\x7f", "\\u007f")


def read(cell: Cell) -> Any:
    """The value of a cell that is not empty; what only looks like JSON is the text that it is."""
    if isinstance(cell, str) and (cell[:1] in '[{"' or cell == "null"):
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            return cell
    return cell
