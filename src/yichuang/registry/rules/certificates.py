"""Pure rules of the certificate base: validity, and which status may follow which."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from yichuang.registry.values import Status, Validity

ENDED_BY_AN_ORGAN = (Status.REVOKED, Status.WITHDRAWN, Status.FORFEITED, Status.CANCELLED)
# A revoked, cancelled or replaced certificate never comes back: a new one is issued (行政许可法 arts. 69–70).
TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.VALID: frozenset({Status.SUSPENDED, Status.REPLACED, *ENDED_BY_AN_ORGAN}),
    Status.SUSPENDED: frozenset({Status.VALID, *ENDED_BY_AN_ORGAN}),
    **{status: frozenset() for status in ENDED_BY_AN_ORGAN},
    Status.REPLACED: frozenset(),
}


_ENDED: Mapping[Status, Validity] = {
    Status.SUSPENDED: "suspended",
    Status.REVOKED: "revoked",
    Status.WITHDRAWN: "withdrawn",
    Status.FORFEITED: "forfeited",
    Status.CANCELLED: "cancelled",
    Status.REPLACED: "replaced",
}


def can_follow(old: Status, new: Status) -> bool:
    """Whether a certificate of status `old` may become `new`."""
    return new in TRANSITIONS[old]


def validity(*, status: Status, valid_from: date, valid_to: date | None, on: date) -> Validity:
    """What the certificate is worth on a local day; both ends of its term count as days of validity.

    What an organ did to it comes before its dates: a revoked certificate stays revoked after its term has run out.
    """
    if status is not Status.VALID:
        return _ENDED[status]
    if on < valid_from:
        return "not_yet"
    if valid_to is not None and on > valid_to:
        return "expired"
    return "valid"


def serial_of(number: str, fallback: str) -> str:
    """The serial part of the identifier: the letters and digits of the printed number when they suffice, else `fallback`.

    GB/T 36904 wants digits and capital letters; a number such as 深罗养犬2026000123 keeps only 2026000123.
    """
    plain = "".join(c for c in number.upper() if c.isascii() and c.isalnum())
    return plain if 6 <= len(plain) <= 32 else fallback


def plain_data(value: object) -> Any:
    """The value as JSON can hold it: days and moments in ISO form, decimals as text."""
    if isinstance(value, Mapping):
        return {str(key): plain_data(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain_data(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
