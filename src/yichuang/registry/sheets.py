"""Rows of a batch from a file: CSV (UTF-8, or GB 18030 where that is declared) or XLSX, one head line with the names or the
Chinese titles of the fields."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Literal

from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W, Words
from yichuang.registry.values import FIELDS, KEY_WORDS, KEYS, Base

KEY, BEYOND = "key", "beyond"  # a cell under no head: something shifted
Row = tuple[int, Mapping[str, object]]  # number as a spreadsheet counts it, cells by field
Encoding = Literal["utf-8", "gb18030"]
LARGEST, MOST, MOST_COLUMNS = 20_000_000, 50_000, 100  # bytes, rows, columns
_NO_TABLE = W(
    "读不出表格：请用 UTF-8 或 GB 18030 编码的 CSV，或者 XLSX 文件，第一行写列名",
    "No table could be read: use CSV in UTF-8 or GB 18030, or XLSX, with the names of the columns in the first line",
)
_ENCODING: Mapping[Encoding, Words] = {
    "utf-8": W(
        "文件不是 UTF-8 编码。如果是用 Excel 另存的 CSV，编码请选 GB 18030（GBK）",
        "The file is not in UTF-8. If it is a CSV saved by a Chinese Excel, choose GB 18030 (GBK)",
    ),
    "gb18030": W(
        "文件不像是 GB 18030（GBK）编码，请改选 UTF-8",
        "The file does not look like GB 18030 (GBK): choose UTF-8",
    ),
}
_WIDE = W("列太多（最多 100 列）", "Too many columns (100 at most)")
_TOO_LARGE = W("文件太大（20 MB、5 万行以内）", "The file is too large (20 MB and 50,000 rows at most)")
_NO_KEY = W("缺少“{key}”这一列", "The column “{key}” is missing")
_UNKNOWN = W("目录里没有“{name}”这一列", "The catalogue has no column “{name}”")
_TWICE = W("“{name}”这一列出现两次", "The column “{name}” stands there twice")


def read(base: Base, content: bytes, encoding: Encoding = "utf-8") -> list[Row]:
    """The rows. Refused with every fault of the head line, when it is no table, or CSV in another encoding than the declared.

    Nothing is guessed: bytes of one encoding often read as words of the other, and then a person has another's name.
    """
    if len(content) > LARGEST:
        raise Refused(Reason("FILE_TOO_LARGE", _TOO_LARGE, "/file"), kind="too_large")
    lines = _xlsx(content) if content[:2] == b"PK" else _csv(content, encoding)
    try:
        head = next(lines, [])
        names = _names(base, [str(cell or "").strip() for cell in head])
        return list(_rows(names, lines))
    except (csv.Error, UnicodeError) as error:
        raise Refused(Reason("FILE_UNREADABLE", _NO_TABLE, "/file")) from error


def _rows(names: list[str], lines: Iterator[list[object]]) -> Iterator[Row]:
    for number, line in enumerate(lines, 2):
        if number > MOST + 1:
            raise Refused(Reason("FILE_TOO_LARGE", _TOO_LARGE, "/file"), kind="too_large")
        cells = dict(zip(names, line, strict=False))
        if any(cell not in (None, "") for cell in line[len(names) :]):
            cells[BEYOND] = True
        if any(cell not in (None, "") for cell in cells.values()):
            yield number, cells


def _names(base: Base, head: list[str]) -> list[str]:
    key = KEY_WORDS[KEYS[base]]
    known = {KEY: KEY, key.zh: KEY, key.en: KEY}
    for spec in FIELDS[base].values():
        known |= {spec.name: spec.name, spec.words.zh: spec.name, spec.words.en: spec.name}
    if not any(head):
        raise Refused(Reason("FILE_UNREADABLE", _NO_TABLE, "/file"))
    while head and not head[-1]:
        head.pop()
    if len(head) > MOST_COLUMNS:
        raise Refused(Reason("FILE_TOO_LARGE", _WIDE, "/file"), kind="too_large")
    names = [known.get(title, "") for title in head]
    reasons = [
        Reason("COLUMN_UNKNOWN", _UNKNOWN.format(name=title[:40]), "/file")
        for title, name in zip(head, names, strict=True)
        if not name
    ]
    reasons += [
        Reason("COLUMN_TWICE", _TWICE.format(name=name), "/file")
        for name in sorted({*names} - {""})
        if names.count(name) > 1
    ]
    if KEY not in names:
        reasons.append(Reason("KEY_COLUMN_MISSING", _NO_KEY.format(key=_named(key)), "/file"))
    if reasons:
        raise Refused(*reasons)
    return names


def _named(key: Words) -> Words:
    return W(f"{KEY}（{key.zh}）", f"{KEY} ({key.en})")


def _text(content: bytes, encoding: Encoding) -> str:
    try:
        if encoding == "gb18030" and not content.isascii() and _is_utf8(content):
            raise Refused(Reason("ENCODING", _ENCODING[encoding], "/file"))
        return content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError:
        raise Refused(Reason("ENCODING", _ENCODING[encoding], "/file")) from None


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _csv(content: bytes, encoding: Encoding) -> Iterator[list[object]]:
    text = _text(content, encoding)
    if "\0" in text:
        raise Refused(Reason("FILE_UNREADABLE", _NO_TABLE, "/file"))
    for line in csv.reader(io.StringIO(text, newline=""), strict=True):
        yield [*line]


def _xlsx(content: bytes) -> Iterator[list[object]]:
    from openpyxl import load_workbook  # here: it takes a while to load, and few processes ever read a workbook

    from yichuang.core.spreadsheets import Unreadable, looked_at

    try:
        looked = looked_at(content)
    except Unreadable as error:
        raise Refused(Reason("FILE_UNREADABLE", error.args[0], "/file")) from error
    try:
        sheet = load_workbook(io.BytesIO(looked), read_only=True, data_only=True, keep_links=False).worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size need not be true
        for row in sheet.iter_rows(values_only=True):
            yield [*row]
    except Refused:
        raise
    except Exception as error:  # openpyxl raises whatever the broken part makes it stumble over
        raise Refused(Reason("FILE_UNREADABLE", _NO_TABLE, "/file")) from error
