"""A workbook from outside is looked at before it is opened: what it unpacks to, entities, macros, rows and columns.

Each part is read as a stream by expat, so that no encoding hides anything: it tells of a document type in UTF-16 as in
UTF-8, and a part in an encoding that it does not know is no part of a workbook.
"""

import re
from functools import reduce
from io import BytesIO
from xml.parsers import expat
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from yichuang.core.words import W

LARGEST, UNPACKED = 20_000_000, 100_000_000  # bytes
MOST_PARTS, MOST_DEEP = 1000, 60
MOST_ROWS, MOST_COLUMNS = 50_000, 400  # of a sheet
MOST_CELLS = 1_000_000  # of all sheets
MOST_ELEMENTS = 5_000_000
MOST_OTHER = 300_000  # elements that are neither cells nor texts of cells: these are read in one piece
MOST_INSIDE = 40_000  # elements of one row or one text: this is read in one piece too
STEP = 65_536  # bytes at a time
_OF_CELLS = {"row", "c", "v", "f", "is", "si", "t", "r", "rPr", "sz", "color", "rFont", "family", "charset", "scheme"}
_MACRO = re.compile(r"macroEnabled|vbaProject|activeX|oleObject|ctrlProp", re.IGNORECASE)
_COLUMN = re.compile(r"([A-Z]{1,3})\d{1,7}")
NO_FILE = W("这不是可以读取的 XLSX 文件", "This is no XLSX file that can be read")
TOO_LARGE = W(
    "文件太大（20 MB、每表 5 万行 400 列、全部 100 万个单元格以内）",
    "The file is too large (20 MB; 50,000 rows and 400 columns a sheet; a million cells in all)",
)
MACROS = W(
    "文件带有宏或嵌入的程序，请另存为不含宏的 .xlsx 再导入",
    "The file holds macros or embedded programs; please save it as .xlsx without macros",
)


class Unreadable(ValueError):
    """Not a workbook that may be opened; the argument is the words."""


def looked_at(raw: bytes) -> bytes:
    """The workbook with nothing in it but XML that was looked at. Raises Unreadable."""
    if len(raw) > LARGEST:
        raise Unreadable(TOO_LARGE)
    try:
        with ZipFile(BytesIO(raw)) as archive:
            return _looked_at(raw, archive)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, expat.ExpatError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(NO_FILE) from error


def _looked_at(raw: bytes, archive: ZipFile) -> bytes:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise Unreadable(TOO_LARGE)
    if len({part.filename for part in parts}) < len(parts):
        raise Unreadable(NO_FILE)  # two parts of one name: what was looked at might not be what is opened
    if any(_MACRO.search(part.filename) for part in parts):
        raise Unreadable(MACROS)
    look = _Look()
    xml = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
    for part in xml:
        _scan(archive, part, look)
    return raw if len(xml) == len(parts) else _only(archive, xml)


def _scan(archive: ZipFile, part: ZipInfo, look: "_Look") -> None:
    parser = expat.ParserCreate()
    look.begin(parser)
    with archive.open(part) as stream:
        while piece := stream.read(STEP):
            parser.Parse(piece, False)
    parser.Parse(b"", True)


def _only(archive: ZipFile, parts: list[ZipInfo]) -> bytes:
    """Pictures and settings of printers stay outside: nobody can call one of them a sheet."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_STORED) as copy:
        for part in parts:
            copy.writestr(part.filename, archive.read(part))
    return made.getvalue()


class _Look:
    """Counts what the parts hold while they stream by; raises Unreadable at the first thing too many."""

    def __init__(self) -> None:
        self.elements = self.cells = self.others = 0

    def begin(self, parser: expat.XMLParserType) -> None:
        self.deep = self.rows = self.columns = self.inside = 0
        parser.StartDoctypeDeclHandler = _refuse
        parser.EntityDeclHandler = _refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.deep += 1
        self.elements += 1
        self.inside += 1
        match name.rpartition(":")[2]:
            case "row":
                self._row(attributes.get("r", ""))
            case "si":
                self.inside = 0
            case "c":
                self._cell(attributes.get("r", ""))
            case "Override" | "Default" if _MACRO.search(attributes.get("ContentType", "")):
                raise Unreadable(MACROS)
            case other if other not in _OF_CELLS:
                self.others += 1
                self.inside -= 1
        self._judge()

    def _judge(self) -> None:
        if self.deep > MOST_DEEP:
            raise Unreadable(NO_FILE)
        counted = ((self.elements, MOST_ELEMENTS), (self.cells, MOST_CELLS), (self.others, MOST_OTHER), (self.inside, MOST_INSIDE))  # fmt: skip
        if any(found > most for found, most in counted):
            raise Unreadable(TOO_LARGE)

    def _end(self, name: str) -> None:
        self.deep -= 1

    def _row(self, number: str) -> None:
        self.rows = max(self.rows + 1, int(number or 0))
        self.columns = self.inside = 0
        if self.rows > MOST_ROWS:
            raise Unreadable(TOO_LARGE)

    def _cell(self, place: str) -> None:
        self.cells += 1
        found = _COLUMN.fullmatch(place)
        if place and found is None:
            raise Unreadable(NO_FILE)
        self.columns = max(self.columns + 1, _number_of(found[1]) if found else 0)
        if self.columns > MOST_COLUMNS:
            raise Unreadable(TOO_LARGE)


def _refuse(*told: object) -> None:
    raise Unreadable(NO_FILE)


def _number_of(letters: str) -> int:
    """The column of a name: A is 1, AB is 28."""
    return reduce(lambda number, letter: 26 * number + ord(letter) - 64, letters, 0)
