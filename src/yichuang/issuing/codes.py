"""Short codes: the public code on a paper (查验码) and the pick-up code (取件码). Pure.

A public code is 10 characters of Crockford's base 32 (50 bits): short enough to type, too many to guess. Letters that
look like digits are read as those digits.
"""

import re
import secrets
from urllib.parse import urlsplit

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 10
_LOOKALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_CODE = re.compile(f"[{_ALPHABET}]{{{_LENGTH}}}")
_IDENTIFIER = re.compile(r"1\.2\.156\.3005\.2\.[0-9A-Za-z.]{20,90}")
_MARK = re.compile(rb"yichuang:(certificate|document):([0-9A-Z]{10})")
PICKUP_DIGITS = 8


def new_public_code() -> str:
    """A fresh public code."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def new_pickup_code() -> str:
    """Eight digits, each from the system's randomness."""
    return f"{secrets.randbelow(10**PICKUP_DIGITS):0{PICKUP_DIGITS}d}"


def printed(code: str) -> str:
    """8F3K-2QX7-MN, as a paper shows it."""
    return "-".join((code[:4], code[4:8], code[8:]))


def read_public_code(text: str) -> str | None:
    """The code in what somebody typed, in its one spelling; None when it cannot be one."""
    plain = re.sub(r"[\s\-－—]", "", text).upper().translate(_LOOKALIKE)
    return plain if _CODE.fullmatch(plain) else None


def read_payload(payload: str) -> str:
    """What a scanned QR says: the last part of our address, or the text itself."""
    text = payload.strip()
    if "/" in text:
        text = urlsplit(text).path.rstrip("/").rsplit("/", 1)[-1]
    found = _IDENTIFIER.search(text)
    return found[0] if found else text


def mark_of(kind: str, code: str) -> str:
    """The mark in a file's metadata, by which even a damaged file says what it was issued as."""
    return f"yichuang:{kind}:{code}"


def read_mark(pdf: bytes) -> tuple[str, str] | None:
    """(kind, public code) of the mark in a file's metadata; proves nothing by itself."""
    found = _MARK.search(pdf)
    return (found[1].decode(), found[2].decode()) if found else None
