"""What is said when a number is called, and the sound parts of which it can be made. Pure.

The words follow the halls: 请 A零一二 号到 三 号窗口. A number is said digit by digit, so that nobody mishears it.
"""

import re
from collections.abc import Mapping

DIGITS = "零一二三四五六七八九"
MOST_WINDOWS = 99


def _spoken(number: int) -> str:
    """三, 十二, 二十, 二十三: as a window is named."""
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")


PARTS: Mapping[str, str] = {  # name of a sound file → what is said in it
    "please": "请",
    "to": "号，到",
    "window": "号窗口",
    **{letter: letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    **{f"d{n}": said for n, said in enumerate(DIGITS)},
    **{f"n{n}": _spoken(n) for n in range(1, MOST_WINDOWS + 1)},
}


def parts_of(number: str, window: str) -> tuple[str, ...]:
    """The sound files of a call in their order; () for a number or a window that has no such words."""
    letters = re.fullmatch(r"([A-Z])(\d+)", number)
    if letters is None or f"n{window}" not in PARTS:
        return ()
    return ("please", letters[1], *(f"d{digit}" for digit in letters[2]), "to", f"n{window}", "window")


def words_of(number: str, window: str) -> str:
    """The same as words for a browser's voice; "" where `parts_of` has nothing."""
    return "".join(PARTS[part] for part in parts_of(number, window))
