"""Case numbers (办件编号) and query codes (查询码). A number alone opens nothing."""

import secrets
from datetime import date, datetime

from yichuang.cases.values import DocumentKind
from yichuang.core import crypto, numbers
from yichuang.core.actors import Channel
from yichuang.core.clock import local_date
from yichuang.core.identifiers import case_check_digit

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31 signs, none that reads like another
CODE_LENGTH = 8  # 31^8 ≈ 8.5·10^11
LETTER: dict[str, str] = {
    Channel.COUNTER: "W",
    Channel.PORTAL: "N",
    Channel.KIOSK: "K",
    Channel.COMMUNITY: "C",
    Channel.API: "A",
}


def new_numbers(*, region: str, department: str, at: datetime) -> tuple[int, int]:
    """The next serials of a case of the region and day, and of a receipt (收件凭证) of the department and year.

    Their rows stay locked until the act ends. One statement.
    """
    day = local_date(at)
    receipts = (f"document.{DocumentKind.RECEIPT.value}", department, date(day.year, 1, 1))
    of_case, of_receipt = numbers.next_numbers([("case", region, day), receipts])
    return of_case, of_receipt


def case_number(serial: int, *, region: str, channel: str, at: datetime) -> str:
    """`440303-20261122-W-000123-7`: region, day, channel letter, counter of region and day, check digit."""
    day = local_date(at)
    body = f"{region}-{day.year}{day.month:02}{day.day:02}-{LETTER.get(channel, 'A')}-{serial:06d}"
    return f"{body}-{case_check_digit(body)}"


def new_query_code() -> str:
    """A fresh random query code."""
    number, signs = secrets.randbelow(len(CODE_ALPHABET) ** CODE_LENGTH), ""
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(CODE_ALPHABET))
        signs += CODE_ALPHABET[place]
    return signs


def query_index(number: str, code: str) -> str:
    """The blind index under which a case is found by number and query code together."""
    return crypto.blind_index("case.query", f"{number.strip().upper()}|{code.strip().upper()}")


def answer_index(code: str) -> str:
    """The blind index of a code with which somebody who was told answers (利害关系人)."""
    return crypto.blind_index("case.answer", code.strip().upper())


def link_index(code: str) -> str:
    """The blind index of a supply link's code."""
    return crypto.blind_index("case.link", code.strip().upper())
