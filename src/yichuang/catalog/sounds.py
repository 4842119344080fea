"""How Chinese is read (拼音): syllables without tones, as pypinyin gives them (`lazy_pinyin`), from a twentieth of its memory.

Its dictionaries are 47,000 phrases and 42,000 characters: as Python's lists and texts 58 MB in every process that reads
one name. Here a phrase is a line of a text, and a character a number in a table: 4 MB. A test compares both.
"""

import re
import unicodedata
from array import array
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from json import JSONDecoder
from pathlib import Path
from typing import Any, NamedTuple

_TONES = dict.fromkeys((0x300, 0x301, 0x304, 0x30C))  # grave, acute, macron, caron, set apart from their letter
_END = 0x32400  # behind the last character on record
# What is Chinese to pypinyin: 〇, the ideographs of all planes, those of compatibility, parts of the private area.
_HAN = re.compile(
    "([〇\ue815-\ue864㐀-\u4dbf一-\u9fff\uf900-\ufaff\U00020000-\U0002a6df\U0002a703-\U0002b73f\U0002b740-\U0002b81d"
    "\U0002b825-\U0002bf6e\U0002c029-\U0002ce93\U0002d016\U0002d11b-\U0002ebd9\U0002f80a-\U0002fa1f"
    "\U00030000-\U0003134a\U000300f7-\U00031288\U00030edd\U00030ede\U00031350-\U00032389]+)"
)
_BETWEEN = re.compile(r"[\s:]*")


class _Book(NamedTuple):
    phrases: dict[str, str]  # first character → lines of "\n", phrase, "\t", its syllables
    characters: "array[int]"  # code point → which syllable
    syllables: list[str]  # the first one is of characters without a sound on record


@cache
def _plain(sound: str) -> str:
    """Without its tone; ü is typed as v."""
    bare = unicodedata.normalize("NFC", unicodedata.normalize("NFD", sound).translate(_TONES))
    return bare.replace("ü", "v")


def _pairs(file: Path) -> Iterator[tuple[str, Any]]:
    """The members of a JSON object, one at a time: read whole, they are ten times what is kept of them."""
    text, read = file.read_text(encoding="utf-8"), JSONDecoder().raw_decode
    at = text.index('"')
    while at >= 0:
        name, end = read(text, at)
        value, end = read(text, _BETWEEN.match(text, end).end())  # type: ignore[union-attr]  # it matches nothing too
        yield name, value
        at = text.find('"', end)


@cache
def _book() -> _Book:
    """The dictionaries, loaded once."""
    spec = find_spec("pypinyin")  # its texts, none of its code
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent
    phrases = dict[str, str]()
    for first, told in groupby(_pairs(folder / "phrases_dict.json"), key=lambda pair: pair[0][0]):
        lines = (f"\n{phrase}\t{' '.join(_plain(sounds[0]) for sounds in read)}" for phrase, read in told)
        phrases[first] = "".join([phrases.get(first, "\n")[:-1], *lines, "\n"])
    characters, numbers = array("H", bytes(2 * _END)), {"": 0}
    for code, read in _pairs(folder / "pinyin_dict.json"):
        characters[int(code)] = numbers.setdefault(_plain(read.partition(",")[0]), len(numbers))
    _plain.cache_clear()
    return _Book(phrases, characters, list(numbers))


def load() -> None:
    """Read the dictionaries, which the first use would (a quarter of a second)."""
    _book()


def syllables(text: str, *, others: bool = False) -> list[str]:
    """The syllables of a text, phrase by phrase from its start, the longest first; a character without a sound on record
    has none. `others`: it stays, and so does each piece that is not Chinese.
    """
    book, found = _book(), list[str]()
    for place, piece in enumerate(_HAN.split(text)):
        if place % 2:
            for word in _cut(book, piece):
                found += _read(book, word, others)
        elif others and piece:
            found.append(piece)
    return found


def _cut(book: _Book, text: str) -> Iterator[str]:
    """Phrases on record, and single characters between them."""
    while text:
        lines = book.phrases.get(text[0], "")
        longest, length = 1, 1
        while length <= len(text) and f"\n{text[:length]}" in lines:
            if f"\n{text[:length]}\t" in lines:
                longest = length
            length += 1
        if longest == 1 and length > len(text):  # a phrase that is broken off: pypinyin looks for no other in it
            yield from text
            return
        yield text[:longest]
        text = text[longest:]


def _read(book: _Book, word: str, others: bool) -> list[str]:
    lines = book.phrases.get(word[0], "")
    at = lines.find(f"\n{word}\t")
    if at >= 0:
        start = at + len(word) + 2
        return lines[start : lines.index("\n", start)].split(" ")
    sounds = ((sign, book.syllables[book.characters[ord(sign)]]) for sign in word)
    return [sound or sign for sign, sound in sounds if sound or others]
