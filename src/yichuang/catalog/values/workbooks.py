"""What a workbook of items would change, and what is wrong in it: for the page that asks before anything is written."""

from __future__ import annotations

from dataclasses import dataclass

from yichuang.core.words import Words


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell, as the workbook names it: sheet, line (empty on the first sheet), column; empty values: nothing there."""

    sheet: str
    line: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong in a cell ("事项!F12"), or in a whole sheet."""

    place: str
    words: Words


@dataclass(frozen=True, slots=True)
class SheetRow:
    """An item that a workbook changes, or brings: its draft would have this version."""

    code: str
    name: Words
    is_new: bool
    version: int
    cells: tuple[CellChange, ...]


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """What a workbook would become: nothing of it while there are faults."""

    mark: str
    rows: tuple[SheetRow, ...]
    unchanged: tuple[str, ...]
    faults: tuple[CellFault, ...]
