"""Tables to and from XLSX files. A file from outside is looked at before it is opened (`core.spreadsheets`), then read as a stream.

openpyxl is loaded by who reads or writes one: it takes 6 MB.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from yichuang.catalog.sheets.cells import LONGEST, Cell
from yichuang.core.spreadsheets import NO_FILE, Unreadable, looked_at
from yichuang.core.words import W, Words

HEAD = 2  # names for programs, titles for people
_FORMULA = W("请把公式换成它的值", "Please put the value in the place of the formula")
_ERROR = W("这个单元格是一个错误值", "This cell holds an error")


@dataclass(frozen=True, slots=True)
class SheetFault:
    """What is wrong, and in which cell: sheet, row and column as the spreadsheet counts them (0: the whole sheet or file)."""

    sheet: str
    row: int
    column: int
    words: Words

    @property
    def place(self) -> str:
        from openpyxl.utils import get_column_letter

        cell = f"{get_column_letter(self.column)}{self.row}" if self.row and self.column else ""
        return f"{self.sheet}!{cell}" if cell else self.sheet


@dataclass(slots=True)
class Table:
    """One sheet: columns by name and title; rows as (number of the row, cells that are not empty by number of column)."""

    title: str
    names: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    rows: list[tuple[int, dict[int, Cell]]] = field(default_factory=list)


def write(tables: Sequence[Table]) -> bytes:
    """The workbook. ValueError for a text that no cell can hold."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        sheet = book.create_sheet(table.title)
        for number, (name, title) in enumerate(zip(table.names, table.titles, strict=True), 1):
            _set(sheet, 1, number, name)
            _set(sheet, 2, number, title)
            sheet.cell(2, number).font = Font(bold=True)
            sheet.column_dimensions[sheet.cell(2, number).column_letter].width = 18
        for row, cells in table.rows:
            for number, value in cells.items():
                _set(sheet, row, number, value)
        sheet.freeze_panes = "B3"
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _set(sheet: Any, row: int, column: int, value: Cell) -> None:
    if isinstance(value, str) and len(value) > LONGEST:
        place = sheet.cell(row, column).coordinate
        raise ValueError(f"{sheet.title}!{place}: {len(value)} characters, {LONGEST} at most")
    cell = sheet.cell(row, column)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula, whatever it begins with
        if "\n" in value:
            from openpyxl.styles import Alignment

            cell.alignment = Alignment(wrap_text=True, vertical="top")


def read(raw: bytes) -> tuple[list[Table], list[SheetFault]]:
    """The tables of a workbook, and the cells that are no values. Raises Unreadable."""
    from openpyxl import load_workbook

    looked = looked_at(raw)
    faults: list[SheetFault] = []
    try:
        book = load_workbook(BytesIO(looked), read_only=True, data_only=False, keep_links=False)
        return [_table(sheet, faults) for sheet in book.worksheets], faults
    except Exception as error:  # openpyxl raises whatever the broken part makes it stumble over
        raise Unreadable(NO_FILE) from error


def _table(sheet: Any, faults: list[SheetFault]) -> Table:
    sheet.reset_dimensions()  # what the file says of its own size need not be true
    table = Table(sheet.title)
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = dict(_cells(sheet.title, row, faults))
        if number <= HEAD:
            line = [str(cells.get(column, "")).strip() for column in range(1, len(row) + 1)]
            if number == 1:
                table.names = line
            else:
                table.titles = line
        if cells and number > 1:
            table.rows.append((number, cells))
    return table


def _cells(title: str, row: Any, faults: list[SheetFault]) -> Iterator[tuple[int, Cell]]:
    for cell in row:
        value = cell.value
        if value is None or value == "":
            continue
        if cell.data_type in ("f", "e"):
            faults.append(SheetFault(title, cell.row, cell.column, _FORMULA if cell.data_type == "f" else _ERROR))
        elif isinstance(value, str | int | float | bool):
            yield cell.column, value
        else:  # dates and times, as our files write them
            yield cell.column, value.isoformat()[:10]
