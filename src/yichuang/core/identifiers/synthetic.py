"""Made-up numbers with right check digits, for demo data and tests; nobody real carries them.

Personal numbers use the sequence digits 900–999, mobiles the block 199 0000 xxxx, chips the test code 999.
All functions are deterministic: the same arguments always give the same number.
"""

from datetime import date

from yichuang.core.identifiers.checksums import USCC_ALPHABET, cn_id_check, luhn_check, org_check, uscc_check
from yichuang.core.identifiers.persons import Sex


def cn_id(birth: date, sex: Sex, *, region: str = "440305", nth: int = 0) -> str:
    """An 18-digit number; `nth` 0–49 tells people of one region, day and sex apart."""
    if not 0 <= nth < 50:
        raise ValueError("50 synthetic people per region, day and sex")
    first17 = f"{region}{birth:%Y%m%d}{900 + 2 * nth + (1 if sex == 'male' else 0)}"
    return first17 + cn_id_check(first17)


def is_synthetic_cn_id(number: str) -> bool:
    """Whether the sequence digits lie in 900–999 (real ones may too: it marks, it does not prove)."""
    return len(number) == 18 and number[14] == "9"


def uscc(nth: int, *, kind: str = "91", region: str = "440305") -> str:
    """A unified social credit code with a right inner organisation code, `nth` from 0."""
    body = f"MA9{_base31(nth, 5)}"
    first17 = kind + region + body + org_check(body)
    return first17 + uscc_check(first17)


def _base31(number: int, width: int) -> str:
    digits = ""
    for _ in range(width):
        number, rest = divmod(number, 31)
        digits = USCC_ALPHABET[rest] + digits
    if number:
        raise ValueError("too many synthetic organisations")
    return digits


def mobile(nth: int) -> str:
    """19900000000 + nth, up to 9999."""
    if not 0 <= nth < 10_000:
        raise ValueError("10000 synthetic mobiles")
    return f"1990000{nth:04d}"


def bank_card(nth: int) -> str:
    """A 19-digit card of a prefix that no bank uses, with a right last digit."""
    first18 = f"990000{nth:012d}"
    return first18 + luhn_check(first18)


def chip(nth: int) -> str:
    """An ISO 11784 number under the test code 999."""
    return f"999{nth:012d}"
