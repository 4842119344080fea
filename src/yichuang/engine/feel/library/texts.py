"""Functions of texts, and conversions to and from them (DMN 1.5, 10.3.4.1 and 10.3.4.3)."""

import re
from decimal import Decimal, DecimalException
from typing import Final

from yichuang.engine.feel.arith import DECIMAL
from yichuang.engine.feel.budget import MAX_TEXT
from yichuang.engine.feel.kinds import Val
from yichuang.engine.feel.library.show import text_of
from yichuang.engine.feel.library.signatures import Book
from yichuang.engine.feel.patterns import compile_pattern, replacement

BOOK: Final = Book()
_NUMBER: Final = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,4})?", re.ASCII)


def _short(text: str) -> Val:
    return text if len(text) <= MAX_TEXT else None


@BOOK.add("substring", "string text", "start position number", "length number?")
def _substring(text: str, start: Decimal, length: Decimal | None = None) -> Val:
    """Counted from 1; a negative start counts from the end."""
    at, size = int(start), None if length is None else int(length)
    if at == 0 or abs(at) > len(text) or (size is not None and size < 1):
        return "" if abs(at) > len(text) and at and (size is None or size >= 1) else None
    first = at - 1 if at > 0 else len(text) + at
    return text[first:] if size is None else text[first : first + size]


BOOK.add("string length", "string text")(lambda text: Decimal(len(text)))
BOOK.add("upper case", "string text")(lambda text: _short(text.upper()))
BOOK.add("lower case", "string text")(lambda text: _short(text.lower()))
BOOK.add("contains", "string text", "match text")(lambda text, part: part in text)
BOOK.add("starts with", "string text", "match text")(lambda text, part: text.startswith(part))
BOOK.add("ends with", "string text", "match text")(lambda text, part: text.endswith(part))
BOOK.add("substring before", "string text", "match text")(
    lambda text, part: text.partition(part)[0] if part and part in text else ""
)
BOOK.add("substring after", "string text", "match text")(lambda text, part: text.partition(part)[2] if part else text)


@BOOK.add("matches", "input text", "pattern text", "flags text?")
def _matches(text: str, pattern: str, flags: str | None = None) -> Val:
    found = compile_pattern(pattern, flags or "", len(text))
    return None if found is None else found.search(text) is not None


@BOOK.add("replace", "input text", "pattern text", "replacement text", "flags text?")
def _replace(text: str, pattern: str, by: str, flags: str | None = None) -> Val:
    found = compile_pattern(pattern, flags or "", len(text))
    if found is None or found.search("") is not None:  # what matches nothing cannot be replaced (XPath, FORX0003)
        return None
    put = replacement(by, found.groups)
    if put is None or len(by) * (len(text) + 1) > 10 * MAX_TEXT:
        return None
    return _short(found.sub(put, text))


@BOOK.add("split", "string text", "delimiter text")
def _split(text: str, delimiter: str) -> Val:
    found = compile_pattern(delimiter, "", len(text))
    if found is None or found.search("") is not None:
        return None
    at, parts = 0, []
    for match in found.finditer(text):
        parts.append(text[at : match.start()])
        at = match.end()
    return (*parts, text[at:])


@BOOK.add("string join", "list list", "delimiter text?")
def _join(items: tuple[Val, ...], delimiter: str | None = None) -> Val:
    texts = [item for item in items if item is not None]
    if not all(isinstance(item, str) for item in texts):
        return None
    size = sum(len(str(item)) for item in texts) + len(texts) * len(delimiter or "")
    return (delimiter or "").join(str(item) for item in texts) if size <= MAX_TEXT else None


@BOOK.add("string", "from any")
def _string(value: Val) -> Val:
    return text_of(value)


@BOOK.add("number", "from text")
def read_number(text: str) -> Val:
    """A number as JSON and FEEL write it, else null."""
    if len(text) > 60 or not _NUMBER.fullmatch(text):
        return None
    try:
        return DECIMAL.create_decimal(text)
    except DecimalException:
        return None


@BOOK.add("number", "from text", "grouping separator text?", "decimal separator text?")
def _number_by(text: str, group: str | None, point: str | None = None) -> Val:
    """Groups are parted by a space, comma or full stop, the fraction by a comma or full stop."""
    if group not in {None, " ", ",", "."} or point not in {None, ",", "."} or (group is not None and group == point):
        return None
    if group is not None:
        text = text.replace(group, "")
    if point is not None:
        if point != "." and "." in text:
            return None
        text = text.replace(point, ".")
    return read_number(text)


@BOOK.add("number", "from number")
def _same_number(number: Decimal) -> Val:
    return number
