"""From the files of packs to tables, and from tables to the files of drafts. Pure.

A sheet knows facts, not forms, processes or examples: a draft of an item that there is keeps those, and the cells of
columns that the workbook does not have. A draft of a new item holds what the sheet knows; `packs check` says what it lacks.
"""

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yichuang.catalog.sheets.cells import EXTEND, Cell, at, flatten, put, read, take, written
from yichuang.catalog.sheets.columns import CODE, LISTS, MAIN, Codes, Column, NotListed, Sheet
from yichuang.catalog.sheets.workbook import HEAD, SheetFault, Table
from yichuang.core.words import W

Data = dict[str, Any]
Files = dict[str, Data]  # file name → its data
FILES = ("item.yaml", "materials.yaml", "situations.yaml", "result.yaml", "faqs.yaml")
FORMAT = "format"
_KEYS = (
    "code",
    "id",
    "name",
    "zh",
    "ground",
    "key",
    "question",
    "words",
)  # a row of before is known by the first it has
_ROOTS = frozenset(
    [
        *(
            "code",
            "version",
            "area",
            "name",
            "summary",
            "spoken",
            "kind",
            "codes",
            "organ",
            "audience",
            "handling",
            "limits",
            "fees",
        ),
        *("legal_basis", "conditions", "facts", "commitments", "signing", "flow", "contacts", "sources"),
        *(file.removesuffix(".yaml") for file in FILES[1:]),
    ]
)
_ITEM_CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_PATH = re.compile(r"[a-z_][a-z_0-9]*(?:\.[a-z_][a-z_0-9]*)*")
_NO_MAIN = W("没有“事项”表", "There is no sheet 事项")
_NO_CODE_COLUMN = W("没有唯一标识（row_guid）列", "There is no column row_guid (唯一标识)")
_NO_CODE = W(
    "唯一标识应以小写字母开头，由小写字母、数字和连字符组成，60 个字以内",
    "row_guid begins with a small letter and consists of small letters, digits and hyphens, 60 at most",
)
_TWICE = W("{code} 在本表中已经有一行", "{code} has a row in this sheet already")
_NOBODY = W("“事项”表中没有 {code}", "There is no {code} in the sheet 事项")
_NOT_LISTED = W("“{value}”不在代码表中，可填：{choices}", "“{value}” is not in the list of codes: {choices}")
_NO_NUMBER = W("“{value}”不是这一列能用的值", "“{value}” is no value for this column")
_UNKNOWN = W("这个表不认识“{name}”列", "This sheet has no column “{name}”")
_TWO_COLUMNS = W("“{name}”列出现了两次", "The column “{name}” stands here twice")
_CLASH = W("“{name}”和另一列冲突", "“{name}” and another column contradict each other")


# --- out


def tables_of(packs: Sequence[Mapping[str, Data]]) -> list[Table]:
    """The workbook of these packs: facts on the first sheet, each list of a pack on a sheet of its own."""
    rows = [(dict(facts_of(files)), files) for files in packs]
    main = _table(MAIN, [facts for facts, _ in rows])
    lists = []
    for sheet in LISTS:
        found = [
            {CODE: files["item.yaml"]["code"], **dict(flatten(one))}
            for _, files in rows
            for one in rows_of(sheet, files)
        ]
        lists.append(_table(sheet, found))
    return [main, *lists]


def facts_of(files: Mapping[str, Data]) -> Iterator[tuple[str, Any]]:
    """(path, value) of what stands on the first sheet."""
    lists = {(sheet.file, sheet.path) for sheet in LISTS if rows_of(sheet, files)}
    for file in FILES:
        if file in files:
            before = "" if file == MAIN.file else f"{file.removesuffix('.yaml')}."
            for path, value in flatten(files[file]):
                if (file, path) not in lists and path != FORMAT:
                    yield before + path, value


def rows_of(sheet: Sheet, files: Mapping[str, Data]) -> list[Data]:
    """The rows of a list; nothing when it is no list of tables (then it is one value of the first sheet)."""
    try:
        found = at(files[sheet.file], sheet.path)
    except KeyError:
        return []
    tables = isinstance(found, list) and all(isinstance(row, dict) and row and CODE not in row for row in found)
    return found if tables else []


def _table(sheet: Sheet, rows: Sequence[Mapping[str, Any]]) -> Table:
    given = (Column(CODE, "唯一标识", CODE), *sheet.columns) if sheet is not MAIN else sheet.columns
    others = sorted({path for row in rows for path in row} - {column.path for column in given})
    columns = [*given, *(Column(_name(sheet, path), "", path) for path in others)]
    table = Table(sheet.title, [column.name for column in columns], [column.title or column.name for column in columns])
    for number, row in enumerate(rows, HEAD + 1):
        cells = {
            place: _cell(column, row[column.path]) for place, column in enumerate(columns, 1) if column.path in row
        }
        table.rows.append((number, cells))
    return table


def _name(sheet: Sheet, path: str) -> str:
    """How the column of a path is called: what nobody knew keeps the name that it came with."""
    name = path.removeprefix(f"{EXTEND}.")
    known = {CODE, *(c.name for c in sheet.columns), *(c.title for c in sheet.columns)}
    if path != name and name == name.strip() != "" and name not in known and not _PATH.fullmatch(name):
        return name
    return path


def _cell(column: Column, value: Any) -> Cell:
    coded = column.kind.write(value)
    return written(value) if coded is None else coded


def _same(old: Data, new: Data) -> bool:
    """Whether two rows are about the same thing."""
    key = next((key for key in _KEYS if key in new), None)
    return key is not None and key in old and _core(old[key]) == _core(new[key])


def key_of(row: Data) -> str:
    """What a row of a list is known by, in words; empty when it has nothing of the kind."""
    return next((str(_core(row[key]) or "") for key in _KEYS if key in row), "")


def _core(name: Any) -> Any:
    return name.get("zh") if isinstance(name, dict) else name


def _take(data: Data, path: str) -> None:
    if path.startswith(f"{EXTEND}."):
        kept = data.get(EXTEND, {})
        kept.pop(path.removeprefix(f"{EXTEND}."), None)
        if not kept:
            data.pop(EXTEND, None)
    else:
        take(data, path)


# --- in


class _Empty:
    """The cell of a column that the workbook has is empty: the fact is taken away."""


class _Any:
    """A column without a national name: what the cell holds."""

    def write(self, value: Any) -> Cell | None:
        return None

    def read(self, cell: Cell) -> Any:
        return read(cell)


_EMPTY, _ANY = _Empty(), _Any()
Values = list[tuple[int, Column, Any]]  # (number of the column, the column, its value or _EMPTY)


@dataclass(frozen=True, slots=True)
class Draft:
    """One item of a workbook: the data of the files that a sheet knows, as they are to be."""

    code: str
    files: Files


class Reader:
    """Reads tables into drafts; what cannot be read is in `faults`, each with its cell."""

    def __init__(self, tables: Sequence[Table], known: Mapping[str, Mapping[str, Data]]) -> None:
        self.tables = {table.title.strip(): table for table in tables}
        self.known = known
        self.faults: list[SheetFault] = []

    def drafts(self) -> list[Draft]:
        """A draft of each item of the first sheet, in its order; meaningful only when `faults` stays empty."""
        main = self.tables.get(MAIN.title)
        if main is None:
            self.faults.append(SheetFault(MAIN.title, 0, 0, _NO_MAIN))
            return []
        found: dict[str, Files] = {}
        for number, code, values in self._rows(MAIN, main):
            if code in found:
                self._wrong(MAIN, number, 1, _TWICE.format(code=code))
            else:
                found[code] = {name: copy.deepcopy(data) for name, data in self.known.get(code, {}).items()}
                self._putfacts_of(found[code], number, values)
        for sheet in LISTS:
            if sheet.title in self.tables:
                self._lists(sheet, found)
        return [Draft(code, files) for code, files in found.items()]

    def _putfacts_of(self, files: Files, number: int, values: Values) -> None:
        for place, column, value in sorted(values, key=lambda one: one[2] is not _EMPTY):
            stem, _, rest = column.path.partition(".")
            file, path = (f"{stem}.yaml", rest) if rest and f"{stem}.yaml" in FILES[1:] else (MAIN.file, column.path)
            if value is not _EMPTY:
                self._put(MAIN, files.setdefault(file, {FORMAT: 1}), path, value, number, place)
            elif file in files and not self._is_list(file, path):
                _take(files[file], path)

    def _is_list(self, file: str, path: str) -> bool:
        """Whether a sheet of its own says what stands there."""
        return any(sheet.file == file and sheet.path == path and sheet.title in self.tables for sheet in LISTS)

    def _lists(self, sheet: Sheet, found: Mapping[str, Files]) -> None:
        rows: dict[str, list[tuple[int, Values]]] = {code: [] for code in found}
        for number, code, values in self._rows(sheet, self.tables[sheet.title]):
            if code in rows:
                rows[code].append((number, values))
            else:
                self._wrong(sheet, number, 1, _NOBODY.format(code=code))
        for code, files in found.items():
            before = rows_of(sheet, files)
            if rows[code]:
                made = [self._row(sheet, number, values, before) for number, values in rows[code]]
                put(files.setdefault(sheet.file, {FORMAT: 1}), sheet.path, made)
            elif before and sheet.file in files:
                take(files[sheet.file], sheet.path)

    def _row(self, sheet: Sheet, number: int, values: Values, before: list[Data]) -> Data:
        given: Data = {}
        for place, column, value in values:
            if value is not _EMPTY:
                self._put(sheet, given, column.path, value, number, place)
        row = copy.deepcopy(next((old for old in before if _same(old, given)), {}))
        for _, column, value in values:
            if value is _EMPTY:
                _take(row, column.path)
        for place, column, value in values:
            if value is not _EMPTY:
                self._put(sheet, row, column.path, value, number, place)
        return row

    def _put(self, sheet: Sheet, data: Data, path: str, value: Any, number: int, place: int) -> None:
        if path.startswith(f"{EXTEND}."):
            kept = data.setdefault(EXTEND, {})
            kept[path.removeprefix(f"{EXTEND}.")] = value
            return
        *way, last = path.split(".")
        for end in range(1, len(way) + 1):
            try:
                clash = not isinstance(at(data, ".".join(way[:end])), dict)
            except KeyError:
                break
            if clash:
                self._wrong(sheet, number, place, _CLASH.format(name=path))
                return
        put(data, path, value)

    def _rows(self, sheet: Sheet, table: Table) -> Iterator[tuple[int, str, Values]]:
        columns = dict(self._columns(sheet, table))
        code_place = next((place for place, column in columns.items() if column.name == CODE), 0)
        if not code_place:
            self._wrong(sheet, 1, 0, _NO_CODE_COLUMN)
            return
        for number, cells in table.rows:
            if number == HEAD and self._are_titles(table):
                continue
            code = str(cells.get(code_place, "")).strip()
            if not _ITEM_CODE.fullmatch(code) or len(code) > 60:
                self._wrong(sheet, number, code_place, _NO_CODE)
                continue
            values = [
                (place, column, self._value(sheet, number, place, column, cells[place]) if place in cells else _EMPTY)
                for place, column in columns.items()
                if sheet is MAIN or place != code_place
            ]
            yield number, code, values

    def _are_titles(self, table: Table) -> bool:
        titles = {column.title for sheet in (MAIN, *LISTS) for column in sheet.columns} | set(table.names)
        said = [title for title in table.titles if title]
        return bool(said) and all(title in titles for title in said)

    def _columns(self, sheet: Sheet, table: Table) -> Iterator[tuple[int, Column]]:
        code = Column(CODE, "唯一标识", "code" if sheet is MAIN else CODE)
        known = {name: column for column in (*sheet.columns, code) for name in (column.name, column.title)}
        seen: set[str] = set()
        for place, name in enumerate(table.names, 1):
            column = known.get(name) or self._other(sheet, name)
            if not name:
                continue
            if column is None:
                self._wrong(sheet, 1, place, _UNKNOWN.format(name=name))
            elif column.path in seen:
                self._wrong(sheet, 1, place, _TWO_COLUMNS.format(name=name))
            else:
                seen.add(column.path)
                yield place, column

    def _other(self, sheet: Sheet, name: str) -> Column | None:
        """A column without a national name: a path in our files, or one that is kept as it came."""
        if name.startswith(f"{EXTEND}."):
            return Column(name, "", name, _ANY) if sheet.extends else None
        if _PATH.fullmatch(name) and (sheet is not MAIN or name.partition(".")[0] in _ROOTS):
            return Column(name, "", name, _ANY)
        return Column(name, "", f"{EXTEND}.{name}", _ANY) if sheet.extends else None

    def _value(self, sheet: Sheet, number: int, place: int, column: Column, cell: Cell) -> Any:
        try:
            found = read(cell)
            # what the column's own spelling cannot say was written as JSON
            return found if isinstance(found, list | dict | None) else column.kind.read(cell)
        except NotListed as wrong:
            words = _NO_NUMBER.format(value=str(wrong))
            if isinstance(column.kind, Codes):
                words = _NOT_LISTED.format(value=str(wrong), choices=column.kind.choices)
            self._wrong(sheet, number, place, words)
            return _EMPTY

    def _wrong(self, sheet: Sheet, row: int, column: int, words: Any) -> None:
        self.faults.append(SheetFault(sheet.title, row, column, words))
