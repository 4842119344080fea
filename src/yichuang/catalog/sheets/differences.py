"""What a workbook would change in the packs that there are, cell by cell: for the page that asks before it writes. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from yichuang.catalog.sheets.cells import flatten, written
from yichuang.catalog.sheets.columns import LISTS, MAIN, Sheet
from yichuang.catalog.sheets.packs import Data, facts_of, key_of, rows_of
from yichuang.catalog.values import CellChange

LONGEST = 300  # characters of a value that are shown


def differences(before: Mapping[str, Data], after: Mapping[str, Data]) -> tuple[CellChange, ...]:
    """Every cell that differs. A line that comes or goes stands with each of its cells; one that only moves does not."""
    found = list(_cells(MAIN, "", dict(facts_of(before)), dict(facts_of(after))))
    for sheet in LISTS:
        old, new = _lines(sheet, before), _lines(sheet, after)
        for line in dict.fromkeys((*old, *new)):
            found += _cells(sheet, line, old.get(line, {}), new.get(line, {}))
    return tuple(found)


def _lines(sheet: Sheet, files: Mapping[str, Data]) -> dict[str, dict[str, Any]]:
    """The lines of a list by what they are known by; one that is known by nothing, or stands twice, by its number."""
    lines: dict[str, dict[str, Any]] = {}
    for number, row in enumerate(rows_of(sheet, files), 1):
        name = key_of(row)
        lines[name if name and name not in lines else f"{name} #{number}".strip()] = dict(flatten(row))
    return lines


def _cells(sheet: Sheet, line: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[CellChange]:
    titles = {column.path: column.title for column in sheet.columns}
    for path in dict.fromkeys((*old, *new)):
        if (path in old) != (path in new) or old.get(path) != new.get(path):
            before, after = (_shown(values[path]) if path in values else "" for values in (old, new))
            yield CellChange(sheet.title, line, titles.get(path, path), before, after)


def _shown(value: Any) -> str:
    text = {True: "是", False: "否"}[value] if isinstance(value, bool) else str(written(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
