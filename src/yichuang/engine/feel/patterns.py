"""Patterns of `matches`, `replace` and `split` (XML Schema part 2, appendix F; XPath functions 3.0, 5.6) for Python.

Read by a grammar of our own and written anew, so that nothing of Python's own syntax gets through. Python goes back and
tries again, so a pattern may cost more than a server has: a repetition inside a repetition and alternatives inside one that
begin alike are refused, and so is a pattern whose ways to divide the text among its repetitions, multiplied, are too many.
"""

import re
import sys
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

MAX_PATTERN: Final = 500  # characters
MAX_SIZE: Final = 20_000  # signs, those that are counted (`{9}`) as often as that
MAX_WORK: Final = 4_000_000  # tries, roughly: where a match may begin, times how often each repetition may repeat
_BLOCKS: Final = {
    "BasicLatin": (0x0, 0x7F),
    "Latin-1Supplement": (0x80, 0xFF),
    "LatinExtended-A": (0x100, 0x17F),
    "LatinExtended-B": (0x180, 0x24F),
    "Greek": (0x370, 0x3FF),
    "GreekandCoptic": (0x370, 0x3FF),
    "Cyrillic": (0x400, 0x4FF),
    "Hebrew": (0x590, 0x5FF),
    "Arabic": (0x600, 0x6FF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "HangulSyllables": (0xAC00, 0xD7AF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
}
_CLASSES: Final = {
    "d": r"\d",
    "D": r"\D",
    "s": r" \t\n\r",
    "w": r"\w",
    "W": r"\W",
    "i": r"_:a-zA-Z\u00c0-\ud7ff\uf900-\ufffd",
    "c": r"_:.\-0-9a-zA-Z\u00b7-\ud7ff\uf900-\ufffd",
}
_INVERSE: Final = {"S": "s", "I": "i", "C": "c"}
_SINGLE: Final = {"n": r"\n", "r": r"\r", "t": r"\t"}
_LITERAL: Final = frozenset("\\|.-^?*+{}()[]$/ ")


class _Bad(Exception):
    """A pattern that is wrong, or would cost too much."""


class _Choice(NamedTuple):
    """A place where Python may have to try again: so many ways (None: one more than the text is long), so many times."""

    ways: int | None
    times: int | None = 1  # None: as often as the text is long

    def within(self, length: int) -> int:
        """How many tries it costs in a text of a length, capped."""
        ways = length + 1 if self.ways is None else min(self.ways, length + 1)
        tries = 1
        for _ in range(length if self.times is None else self.times):
            tries *= ways
            if tries > MAX_WORK or ways == 1:
                break
        return tries

    def again(self, most: int | None) -> "_Choice":
        """The same inside a repetition."""
        return _Choice(self.ways, None if most is None or self.times is None else self.times * most)


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> tuple[re.Pattern[str], tuple[_Choice, ...]] | None:
    if len(pattern) > MAX_PATTERN or set(flags) - set("smixq"):
        return None
    mode = re.NOFLAG
    for flag, bit in (("s", re.DOTALL), ("m", re.MULTILINE), ("i", re.IGNORECASE)):
        mode |= bit if flag in flags else re.NOFLAG
    if "q" in flags:
        return re.compile(re.escape(pattern), mode), ()
    try:
        reader = _Reader(_bare(pattern) if "x" in flags else pattern, flags)
        text = reader.whole()
        return re.compile(text, mode), tuple(reader.choices)
    except (_Bad, re.error, RecursionError, OverflowError):
        return None


def compile_pattern(pattern: str, flags: str, length: int) -> re.Pattern[str] | None:
    """The pattern for a text of a length; None when it is wrong or would cost too much."""
    found = _compiled(pattern, flags)
    if found is None:
        return None
    work = max(length, 1)
    for choice in found[1]:
        work *= choice.within(length)
        if work > MAX_WORK:
            return None
    return found[0]


def replacement(text: str, groups: int) -> str | None:
    """`$1` as Python has it; None when a sign is wrong."""
    out: list[str] = []
    at = 0
    while at < len(text):
        sign, after = text[at], text[at + 1 : at + 2]
        if sign == "$" and after.isdigit() and after.isascii():
            out.append(f"\\g<{after}>" if int(after) <= groups else "")
            at += 2
        elif sign == "\\" and after in {"\\", "$"} and after:
            out.append("\\\\" if after == "\\" else "$")
            at += 2
        elif sign in "$\\":
            return None
        else:
            out.append(sign)
            at += 1
    return "".join(out)


def _bare(pattern: str) -> str:
    """Without white space outside of brackets (flag x)."""
    out: list[str] = []
    depth, escaped = 0, False
    for sign in pattern:
        if sign.isspace() and not depth:
            continue
        depth += 0 if escaped else (sign == "[") - (sign == "]")
        escaped = sign == "\\" and not escaped
        out.append(sign)
    return "".join(out)


class _Reader:
    """Recursive descent; every method gives Python's text of what it read."""

    def __init__(self, text: str, flags: str) -> None:
        self.text = text
        self.flags = flags
        self.at = 0
        self.groups = 0
        self.closed: set[int] = set()
        self.choices: list[_Choice] = []
        self.repeats = 0  # repetitions of any kind that are read so far
        self.heads: set[str] = set()
        self.size = 0

    @property
    def now(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        sign = self.now
        if not sign:
            raise _Bad
        self.at += 1
        return sign

    def whole(self) -> str:
        text = self.either()[0]
        if self.now:
            raise _Bad
        return text

    def either(self) -> tuple[str, bool]:
        """Alternatives; and whether two of them may begin alike."""
        branches: list[str] = []
        heads: list[str] = []
        while True:
            heads.append(self.head())
            branches.append(self.sequence())
            if self.now != "|":
                break
            self.take()
        plain = all(head.isalnum() for head in heads) and len(set(heads)) == len(heads)
        if len(branches) > 1 and not plain:
            self.choices.append(_Choice(len(branches)))
        return "|".join(branches), len(branches) > 1 and not plain

    def head(self) -> str:
        """What an alternative begins with, as it is compared; nothing where that may be left out."""
        if self.text[self.at + 1 : self.at + 2] in {"?", "*", "{"}:
            return ""
        return self.now.casefold() if "i" in self.flags else self.now

    def sequence(self) -> str:
        out: list[str] = []
        while self.now and self.now not in "|)":
            before, inside, size = self.repeats, len(self.choices), self.size
            text, alike = self.atom()
            out.append(text + self.quantifier(self.repeats > before, alike, inside, size))
        return "".join(out)

    def quantifier(self, nested: bool, alike: bool, inside: int, size: int) -> str:
        """How often; `nested`: what is repeated repeats something itself. Choices from `inside` on are its own, size too."""
        sign = self.now
        if not sign or sign not in "?*+{":
            return ""
        self.at += 1
        if sign == "{":
            least, most = self.counts()
            text = f"{{{least},{most}}}" if most is not None else f"{{{least},}}"
        else:
            least, most = {"?": (0, 1), "*": (0, None), "+": (1, None)}[sign]
            text = sign
        self.size = size + (self.size - size) * (most or 1)
        if self.size > MAX_SIZE:
            raise _Bad
        if most is None or most > 1:
            if nested or alike:
                raise _Bad
            self.choices[inside:] = [one.again(most) for one in self.choices[inside:]]
            self.repeats += most != least
        if most != least:
            self.choices.append(_Choice(None if most is None else most - least + 1))
        if self.now == "?":
            self.at += 1
            text += "?"
        return text

    def counts(self) -> tuple[int, int | None]:
        found = re.compile(r"(\d{1,4})(,(\d{1,4})?)?\}", re.ASCII).match(self.text, self.at)
        if found is None:
            raise _Bad
        self.at = found.end()
        least = int(found[1])
        most = int(found[3]) if found[3] else (None if found[2] else least)
        if least > 1000 or (most or 0) > 1000:
            raise _Bad
        return least, most

    def atom(self) -> tuple[str, bool]:
        sign = self.take()
        self.size += 1
        if sign == "(":
            return self.group()
        if sign == "[":
            return self.bracket(), False
        if sign == "\\":
            return self.escape(), False
        if sign in "?*+{}])|":
            raise _Bad
        if sign == "$":
            return ("$" if "m" in self.flags else r"\Z"), False
        if sign == "^":
            return "^", False
        if sign == ".":
            return ("." if "s" in self.flags else r"[^\n\r]"), False
        return re.escape(sign), False

    def group(self) -> tuple[str, bool]:
        capture = True
        if self.now == "?":
            self.take()
            if self.take() != ":":
                raise _Bad
            capture = False
        if capture:
            self.groups += 1
            number = self.groups
        inner, alike = self.either()
        if self.take() != ")":
            raise _Bad
        if capture:
            self.closed.add(number)
        return (f"({inner})" if capture else f"(?:{inner})"), alike

    def escape(self) -> str:
        if self.now.isdigit() and self.now.isascii():
            number = int(self.take())
            if number not in self.closed:
                raise _Bad
            self.repeats += 1
            self.choices.append(_Choice(None))
            return f"(?:\\{number})"
        piece, inverse = self.shorthand()
        return f"[{'^' if inverse else ''}{piece}]"

    def shorthand(self) -> tuple[str, bool]:
        """What stands behind a backslash, as the inside of brackets; and whether it is the rest that is meant."""
        sign = self.take()
        if sign in "pP":
            return self.category(), sign == "P"
        if sign in _INVERSE:
            return _CLASSES[_INVERSE[sign]], True
        if sign in _CLASSES:
            return _CLASSES[sign], False
        if sign in _SINGLE:
            return _SINGLE[sign], False
        if sign in _LITERAL:
            return "\\" + sign, False
        raise _Bad

    def category(self) -> str:
        end = self.text.find("}", self.at)
        if self.take() != "{" or end < 0:
            raise _Bad
        name = self.text[self.at : end]
        self.at = end + 1
        if name.startswith("Is"):
            if name[2:] not in _BLOCKS:
                raise _Bad
            low, high = _BLOCKS[name[2:]]
            return f"\\U{low:08x}-\\U{high:08x}"
        return _category(name)

    def bracket(self) -> str:
        """`[a-z-[aeiou]]`."""
        inverse = self.now == "^"
        self.at += inverse
        parts: list[str] = []
        negative: list[str] = []
        without = ""
        while self.now != "]" or not (parts or negative):
            if self.now == "-" and self.text[self.at + 1 : self.at + 2] == "[":
                self.at += 2
                without = self.bracket()
                if self.now != "]":
                    raise _Bad
                break
            self.member(parts, negative)
        self.take()
        inside = "|".join(([f"[{''.join(parts)}]"] if parts else []) + [f"[^{piece}]" for piece in negative])
        text = f"(?:(?!{inside})[\\s\\S])" if inverse else f"(?:{inside})"
        return f"(?:(?!{without}){text})" if without else text

    def member(self, parts: list[str], negative: list[str]) -> None:
        sign = self.take()
        if sign == "\\":
            piece, inverse = self.shorthand()
            if inverse:
                negative.append(piece)
                return
            single = len(piece) == 2 and piece not in {r"\d", r"\D", r"\w", r"\W"}
        elif sign in "[]":  # a bracket without anything in it is none
            raise _Bad
        else:
            piece, single = re.escape(sign), True
        after = self.text[self.at + 1 : self.at + 2]
        if single and self.now == "-" and after not in {"]", "[", ""}:
            self.take()
            high = self.take()
            piece += "-" + ("\\" + self.take() if high == "\\" else re.escape(high))
        parts.append(piece)


@lru_cache(maxsize=64)
def _category(name: str) -> str:
    """The characters of a Unicode category, as ranges."""
    if not re.fullmatch(r"[LMNPZSC][a-z]?", name):
        raise _Bad
    ranges: list[str] = []
    start = -1
    for code in range(sys.maxunicode + 2):
        inside = code <= sys.maxunicode and unicodedata.category(chr(code)).startswith(name)
        if inside and start < 0:
            start = code
        elif not inside and start >= 0:
            ranges.append(f"\\U{start:08x}-\\U{code - 1:08x}")
            start = -1
    if not ranges:
        raise _Bad
    return "".join(ranges)
