"""Which characters the vendored fonts have. typst prints an empty box for a missing one and says nothing: so ask first."""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
_TEXT_FACES = ("NotoSerifSC-Regular.ttf", "YichuangRareSerif-Regular.otf")
# Characters that steer others and have no shape of their own: joiners, marks of direction, variation selectors.
_SHAPELESS = {"Cf", "Mn", "Zl", "Zp", "Zs"}


@cache
def coverage() -> frozenset[int]:
    """Code points that the text faces have between them (about 33,000)."""
    return frozenset().union(*map(_cmap, _TEXT_FACES))


@cache
def _cmap(name: str) -> frozenset[int]:
    from fontTools.ttLib import TTFont  # once in a process that sets a page; others never need it

    with TTFont(FONTS / name, lazy=True) as font:
        return frozenset(font.getBestCmap())


def face_for(letter: str, *, bold: bool = False) -> str:
    """The file of a face that has the letter, for who draws pictures of words; "" when none has it."""
    faces = ("NotoSansSC-Bold.ttf" if bold else "NotoSerifSC-Regular.ttf", "NotoSerifSC-Regular.ttf", _TEXT_FACES[1])
    return next((str(FONTS / name) for name in faces if ord(letter) in _cmap(name)), "")


def missing_glyphs(text: str) -> tuple[str, ...]:
    """The characters of the text that no font has, in order of appearance, each once."""
    known = coverage()
    return tuple(dict.fromkeys(c for c in text if ord(c) not in known and not _is_shapeless(c) and c not in "\n\t\r"))


def _is_shapeless(char: str) -> bool:
    return unicodedata.category(char) in _SHAPELESS


def _clean(text: str) -> str:
    """Without control characters, which PDF text cannot hold."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})


def marked(value: object, missing: dict[str, None]) -> object:
    """A copy of a JSON value where each character that cannot be printed stands as 〔U+31234〕; adds them to `missing`."""
    if isinstance(value, str):
        text = _clean(value)
        for char in missing_glyphs(text):
            code = f"U+{ord(char):04X}"
            missing[code] = None
            text = text.replace(char, f"〔{code}〕")
        return text
    if isinstance(value, Mapping):
        return {str(k): marked(v, missing) for k, v in value.items()}
    if isinstance(value, Sequence):
        return [marked(item, missing) for item in value]
    return value
