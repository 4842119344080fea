"""Lines of a list as a file: CSV that spreadsheets open as Chinese, or XLSX; no cell is ever a formula."""

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from io import BytesIO, StringIO
from itertools import islice

from yichuang.core.clock import local
from yichuang.core.words import Words

MOST_LINES = 50_000  # of a workbook: more is for CSV, which costs a tenth
Line = tuple[Words | str | datetime, ...]


def csv_of(lines: Iterable[Line], locale: str) -> bytes:
    """All of them, UTF-8 with the mark that spreadsheets look for."""
    out = StringIO()
    csv.writer(out).writerows(_told(lines, locale))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx_of(lines: Iterable[Line], locale: str) -> bytes:
    """The first `MOST_LINES` of them."""
    from openpyxl import Workbook  # 6 MB, for the few who ask for a file

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in islice(_told(lines, locale), MOST_LINES + 1):
        sheet.append(line)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _told(lines: Iterable[Line], locale: str) -> Iterator[list[str]]:
    for line in lines:
        yield [_cell(one, locale) for one in line]


def _cell(value: Words | str | datetime, locale: str) -> str:
    if isinstance(value, datetime):
        return f"{local(value):%Y-%m-%d %H:%M}"
    text = value.in_(locale) if isinstance(value, Words) else value
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


WRITERS: dict[
    str, tuple[Callable[[Iterable[Line], str], bytes], str]
] = {  # by the ending of the file: writer, media type
    "csv": (csv_of, "text/csv"),
    "xlsx": (xlsx_of, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
