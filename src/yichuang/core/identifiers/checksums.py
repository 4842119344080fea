"""Check digits of national and international numbers: pure arithmetic."""

from collections.abc import Sequence

CN_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I O S V Z, which look like 1 0 5 U 2
ALNUM = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _weighted(values: Sequence[int], weights: Sequence[int]) -> int:
    return sum(value * weight for value, weight in zip(values, weights, strict=True))


def cn_id_check(first17: str) -> str:
    """The 18th character of a citizen number (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return "10X98765432"[_weighted([int(c) for c in first17], CN_ID_WEIGHTS) % 11]


def org_check(first8: str) -> str:
    """The 9th character of an organisation code (GB 11714-1997)."""
    rest = 11 - _weighted([ALNUM.index(c) for c in first8], ORG_WEIGHTS) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def uscc_check(first17: str) -> str:
    """The 18th character of a unified social credit code (GB 32100-2015)."""
    total = sum(USCC_ALPHABET.index(c) * pow(3, place, 31) for place, c in enumerate(first17))
    return USCC_ALPHABET[(31 - total % 31) % 31]


def luhn_check(digits: str) -> str:
    """The last digit of a bank card (ISO/IEC 7812-1 annex B), from the digits before it."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def _hybrid(values: Sequence[int], modulus: int) -> int:
    """ISO 7064 hybrid systems MOD M+1,M: the value of the check character."""
    product = modulus
    for value in values:
        total = (product + value) % modulus or modulus
        product = total * 2 % (modulus + 1)
    return (modulus + 1 - product) % modulus


def mod_37_36(text: str) -> str:
    """ISO 7064 MOD 37,36 over digits and capital letters."""
    return ALNUM[_hybrid([ALNUM.index(c) for c in text], 36)]


def mod_11_10(digits: str) -> str:
    """ISO 7064 MOD 11,10 over digits: finds every single wrong digit and nearly every swap."""
    return str(_hybrid([int(c) for c in digits], 10))
