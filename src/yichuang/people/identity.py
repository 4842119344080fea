"""Checking what somebody says they are, and the one spelling under which they are found again."""

from dataclasses import dataclass
from datetime import date

from yichuang.core import crypto
from yichuang.core.identifiers import (
    check_cn_id,
    check_mobile,
    check_name,
    normal_id,
    normal_mobile,
    normal_name,
    parse_cn_id,
)
from yichuang.core.refusals import Reason, refuse_all
from yichuang.core.words import W
from yichuang.people.values import (
    FOREIGN_RESIDENT_ID,
    ID_TYPES,
    PASSPORT,
    USCC,
    PartyKind,
    check_number,
)

_LATIN_NAMES = {PASSPORT, FOREIGN_RESIDENT_ID}


@dataclass(frozen=True, slots=True)
class Identity:
    """A checked identity in its stored spelling, with the blind indexes that find it."""

    kind: PartyKind
    name: str
    id_type: str
    id_no: str
    id_index: str
    mobile: str
    mobile_index: str
    birth_date: date | None


def id_index(id_type: str, id_no: str) -> str:
    """The fingerprint of an identity number; the type is part of it."""
    return crypto.blind_index("party.id", f"{id_type}\x1f{normal_id(id_no)}")


def checked_mobile(mobile: str) -> tuple[str, str]:
    """Digits and fingerprint; empty stays empty. Refused MOBILE_FORMAT."""
    if not mobile.strip():
        return "", ""
    refuse_all(check_mobile(mobile, field="/mobile"))
    digits = normal_mobile(mobile)
    return digits, crypto.blind_index("mobile", digits)


def check_identity(
    *, kind: PartyKind, name: str, id_type: str, id_no: str, mobile: str, birth_date: date | None, today: date
) -> Identity:
    """The identity, or Refused with every fault of name, document, number, mobile and birth date at once."""
    reasons = _judge_name(kind, id_type, name) + _judge_number(kind, id_type, id_no, today)
    if mobile.strip():
        reasons += check_mobile(mobile, field="/mobile")
    born = birth_date
    if not reasons and kind == "person" and not check_cn_id(id_no, on=today):  # any 18-digit number tells the birth
        born = parse_cn_id(id_no).birth_date
    refuse_all(reasons + _judge_birth(birth_date, born, today))
    digits, index = checked_mobile(mobile)
    return Identity(
        kind=kind,
        name=normal_name(name),
        id_type=id_type,
        id_no=normal_id(id_no),
        id_index=id_index(id_type, id_no),
        mobile=digits,
        mobile_index=index,
        birth_date=born if kind == "person" else None,
    )


def _judge_name(kind: PartyKind, id_type: str, name: str) -> list[Reason]:
    if kind == "person":
        return check_name(name, field="/name", latin=id_type in _LATIN_NAMES)
    if 2 <= len(normal_name(name)) <= 100 and normal_name(name).isprintable():
        return []
    words = W("单位名称应为 2–100 个字", "The name of an organisation has 2 to 100 characters")
    return [Reason("COMPANY_NAME_LENGTH", words, "/name")]


def _judge_number(kind: PartyKind, id_type: str, id_no: str, today: date) -> list[Reason]:
    if kind == "company":
        wrong = Reason("ID_TYPE_UNKNOWN", W("单位应填写统一社会信用代码", "Give the credit code"), "/id_type")
        return check_number(USCC, id_no) if id_type == USCC else [wrong]
    if id_type not in ID_TYPES or id_type == USCC:
        return [Reason("ID_TYPE_UNKNOWN", W("请选择证件类型", "Choose the type of document"), "/id_type")]
    return check_number(id_type, id_no, on=today)


def _judge_birth(given: date | None, born: date | None, today: date) -> list[Reason]:
    if given is not None and given != born:
        words = W("出生日期与身份证号不一致，请核对", "The date of birth does not match the identity number")
        return [Reason("BIRTH_DATE_DIFFERS", words, "/birth_date")]
    if given is not None and not date(today.year - 150, 1, 1) <= given <= today:
        words = W("出生日期不正确，请核对", "This date of birth cannot be right")
        return [Reason("BIRTH_DATE_WRONG", words, "/birth_date")]
    return []
