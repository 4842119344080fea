"""Names of people and organisations as systems spell them: width, spaces, dots, brackets – and rare characters.

Rare characters (生僻字) are written by older systems as a variant, as pinyin, as a box or as a private code point. Then
nobody can tell from the spelling whether two names are the same: the answer is "unknown", never a guess.
"""

import re
import unicodedata
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Literal

from yichuang.core.identifiers import is_han, normal_name

# Characters that stand for each other in registers: variants, and simplified or traditional forms of surnames.
_GROUPS = (
    "䶮龑", "𠮷吉", "㛃洁潔", "喆哲", "昇升陞", "堃坤", "珺君", "翀冲", "頔迪", "祎禕袆", "犇奔", "畲畬佘", "峯峰", "羣群", "傅付", "戴代",
    "蕭萧肖", "閻阎闫", "張张", "劉刘", "陳陈", "黃黄", "趙赵", "吳吴", "鄭郑", "葉叶", "楊杨", "馬马", "許许", "蔣蒋", "麗丽", "華华", "國国",
    "強强", "偉伟", "軍军", "東东", "紅红", "雲云", "鳳凤", "蘭兰", "寶宝", "龍龙", "慶庆", "於于", "鍾钟锺", "範范", "沖冲", "餘余",
)  # fmt: skip
LONGEST = 100  # characters that are looked at for how alike two names are; for people, it decides nothing
_GROUP_OF: dict[str, list[int]] = {}
for _number, _group in enumerate(_GROUPS):
    for _character in _group:
        _GROUP_OF.setdefault(_character, []).append(_number)
_BOXES = frozenset("?■□▢*●○囗\ufffd")
_BRACKETS = re.compile(r"[()\[\]【】〔〕「」]")


def plain(name: str) -> str:
    """Half width, capitals, no spaces or brackets, one kind of middle dot."""
    folded = normal_name(unicodedata.normalize("NFKC", _without_variation(name)))
    return re.sub(r"\s", "", _BRACKETS.sub("", folded)).upper()


def _without_variation(name: str) -> str:
    """Selectors of glyph variants (U+FE00…, U+E0100…) change the look, not the character."""
    return "".join(c for c in name if not (0xFE00 <= ord(c) <= 0xFE0F or 0xE0100 <= ord(c) <= 0xE01EF))


def match(one: str, other: str) -> tuple[Literal["same", "different", "unknown"], Decimal]:
    """Whether two names are the same, and how alike they look (0–1, for people)."""
    left, right = plain(one), plain(other)
    if left == right and left:
        return ("unknown" if _unsure(left) else "same"), Decimal(1)
    alike = SequenceMatcher(None, left[:LONGEST], right[:LONGEST], autojunk=False).ratio()
    score = Decimal(str(round(alike, 2)))
    if not left or not right:
        return "unknown", score
    return ("unknown" if _may_be(_signs(left), _signs(right)) else "different"), score


def _unsure(name: str) -> bool:
    return any(_hides(character) for character in name)


def _hides(character: str) -> bool:
    """A box, a private code point, or the mark of a run of letters in a Chinese name (`_signs`)."""
    return character in _BOXES or unicodedata.category(character) == "Co" or character == "\0"


def _signs(name: str) -> str:
    """Letters between Chinese characters stand for one that could not be written (张JIE): one mark for each run."""
    if not any(is_han(character) for character in name):
        return name
    return re.sub(r"[A-Z]+", "\0", name)


def _may_be(left: str, right: str) -> bool:
    """Whether each place is equal, a known variant, or hidden on one side; a run of letters may hide several characters."""
    if "\0" in left and "\0" in right:
        return True
    if "\0" in right:
        left, right = right, left
    if "\0" in left:
        return _fits(left, right)
    if len(left) != len(right):
        return False
    return all(a == b or _hides(a) or _hides(b) or _are_variants(a, b) for a, b in zip(left, right, strict=True))


def _fits(left: str, right: str) -> bool:
    """Whether `right` can be `left` with one to four characters for each run of letters: walked once, never back."""
    reached = {0}
    for character in left:
        if character == "\0":
            reached = {at + more for at in reached for more in range(1, 5) if at + more <= len(right)}
        else:
            reached = {at + 1 for at in reached if at < len(right) and _like(character, right[at])}
    return len(right) in reached


def _like(one: str, other: str) -> bool:
    return one == other or _are_variants(one, other)


def _are_variants(one: str, other: str) -> bool:
    return bool(set(_GROUP_OF.get(one, ())) & set(_GROUP_OF.get(other, ())))
