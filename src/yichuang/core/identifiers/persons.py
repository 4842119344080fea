"""Numbers and names of natural persons: what a form may take and what it answers.

Every `check_` takes what somebody typed and returns all reasons against it (none = fine). It looks at the number's
own arithmetic only; whether the person exists is asked elsewhere. Store `normal_id`, `normal_mobile`, `normal_name`.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from yichuang.core import clock
from yichuang.core.identifiers.checksums import cn_id_check, luhn_check
from yichuang.core.refusals import Reason
from yichuang.core.words import W, Words

OLDEST_AGE = 150  # years; an older birth date is a typing error
NAME_LENGTH = (2, 50)
_DOTS = str.maketrans({"‧": "·", "•": "·", "・": "·", "∙": "·", "．": "·", "⋅": "·"})

Sex = Literal["male", "female"]
Holder = Literal["citizen", "hk_macao_taiwan", "foreigner"]


@dataclass(frozen=True, slots=True)
class CnId:
    """What an 18-digit number says. `region` are the first six digits, whatever they mean to its issuer."""

    region: str
    birth_date: date
    sex: Sex
    holder: Holder

    def age(self, on: date) -> int:
        """Completed years on the day (民法典 arts. 17–18 count full years)."""
        return on.year - self.birth_date.year - ((on.month, on.day) < (self.birth_date.month, self.birth_date.day))


def normal_id(text: str) -> str:
    """The one spelling under which a number is stored and compared: no spaces, half width, capitals."""
    if text.isascii() and text.isalnum():  # as nearly all are typed: nothing to leave out
        return text.upper()
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()


def normal_mobile(text: str) -> str:
    """Digits only, without the country code 86."""
    if len(text) == 11 and text.isascii() and text.isdigit():  # as nearly all are typed
        return text
    digits = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"^(\+|00)?86(?=1\d{10}$)", "", digits)


def normal_name(text: str) -> str:
    """Outer spaces off, inner ones single, every kind of middle dot as `·` (GB/T 2312 间隔号)."""
    return re.sub(r"\s+", " ", text).strip().translate(_DOTS)


# ── 18-digit numbers: citizens (GB 11643-1999), 港澳台居民居住证, 外国人永久居留身份证 (since December 2023) ──────────


def check_cn_id(text: str, *, field: str | None = None, on: date | None = None) -> list[Reason]:
    """All reasons against an 18-digit number. `on` is the hall's day (default today) that births may not lie beyond.

    An unknown region is never a reason: codes are abolished every year and old cards keep them.
    """
    number = normal_id(text)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return [Reason("CN_ID_FORMAT", _format_words(number), field)]
    return [
        *_birth_reasons(number[6:14], on or clock.local_date(clock.now()), field),
        *_check_digit_reasons(number, field),
    ]


def _format_words(number: str) -> Words:
    if not number:
        return W("请填写身份证号", "Enter the ID card number")
    if re.fullmatch(r"[0-9]{15}", number):
        return W(
            "15 位旧身份证号已停用，请填写 18 位号码", "15-digit ID numbers are no longer valid; enter all 18 digits"
        )
    if len(number) != 18:
        words = W(
            "身份证号应为 18 位，您填写了 {n} 位，请核对",
            "An ID card number has 18 characters, you entered {n}; please check",
        )
        return words.format(n=len(number))
    return W(
        "身份证号前 17 位应为数字，第 18 位为数字或 X，请核对",
        "The first 17 characters of an ID card number are digits, the 18th is a digit or X; please check",
    )


def _birth_reasons(digits: str, today: date, field: str | None) -> list[Reason]:
    day = _date(digits)
    if day is None or day.year < today.year - OLDEST_AGE:
        words = W(
            "身份证号第 7–14 位“{d}”不是有效的出生日期，请核对",
            "Digits 7–14 of the ID card number ({d}) are not a valid date of birth; please check",
        )
        return [Reason("CN_ID_BIRTH_DATE", words.format(d=digits), field)]
    if day > today:
        words = W(
            "身份证号中的出生日期 {d} 晚于今天，请核对",
            "The date of birth in the ID card number, {d}, lies in the future; please check",
        )
        return [Reason("CN_ID_BIRTH_FUTURE", words.format(d=day.isoformat()), field)]
    return []


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _check_digit_reasons(number: str, field: str | None) -> list[Reason]:
    expected = cn_id_check(number[:17])
    if number[17] == expected:
        return []
    words = W(
        "身份证号第 18 位应为 {c}，请核对",
        "The 18th character of this ID card number should be {c}; please check the whole number",
    )
    return [Reason("CN_ID_CHECK_DIGIT", words.format(c=expected), field)]


def parse_cn_id(text: str) -> CnId:
    """Region, birth date, sex and kind of holder; ValueError when the number is not one."""
    number = normal_id(text)
    day = _date(number[6:14]) if re.fullmatch(r"[0-9]{17}[0-9X]", number) else None
    if day is None or _check_digit_reasons(number, None):
        raise ValueError("not a citizen number")
    return CnId(number[:6], day, "male" if int(number[16]) % 2 else "female", _holder(number))


def _holder(number: str) -> Holder:
    if number[:2] in {"81", "82", "83"}:
        return "hk_macao_taiwan"
    return "foreigner" if number[0] == "9" else "citizen"


def _holder_check(holder: Holder, code: str, words: Words) -> Callable[[str, str | None, date | None], list[Reason]]:
    """An 18-digit number that must also belong to one kind of card."""

    def check(text: str, field: str | None, on: date | None) -> list[Reason]:
        reasons = check_cn_id(text, field=field, on=on)
        number = normal_id(text)
        if not any(r.code == "CN_ID_FORMAT" for r in reasons) and _holder(number) != holder:
            reasons.append(Reason(code, words, field))
        return reasons

    return check


# ── other documents: their form only, their issuers publish no check ────────────────────────────────────────────


def _form_check(pattern: str, code: str, words: Words) -> Callable[[str, str | None, date | None], list[Reason]]:
    def check(text: str, field: str | None, on: date | None) -> list[Reason]:
        return [] if re.fullmatch(pattern, normal_id(text)) else [Reason(code, words, field)]

    return check


_CITIZEN_ONLY = W(
    "这不是居民身份证号，请在证件类型中选择与证件一致的类型",
    "This is not a resident ID card number; choose the document type that matches the document",
)
_RESIDENCE_ONLY = W(
    "港澳台居民居住证号以 81、82 或 83 开头，请核对",
    "The number of a residence permit for Hong Kong, Macao and Taiwan residents starts with 81, 82 or 83; please check",
)
_foreign_card = _holder_check(
    "foreigner",
    "FOREIGN_RESIDENCE_FORMAT",
    W("外国人永久居留身份证号以 9 开头，请核对", "A foreign permanent resident number starts with 9; please check"),
)


def _check_foreign_residence(text: str, field: str | None, on: date | None) -> list[Reason]:
    """Both generations: 18 digits since December 2023, before that three letters and twelve digits (until replaced)."""
    number = normal_id(text)
    if re.fullmatch(r"[A-Z]{3}[0-9]{12}", number):
        return []
    return _foreign_card(text, field, on)


DOCUMENT_CHECKS: Mapping[str, Callable[[str, str | None, date | None], list[Reason]]] = {
    "cn_id": _holder_check("citizen", "CN_ID_WRONG_DOCUMENT", _CITIZEN_ONLY),
    "hmt_residence": _holder_check("hk_macao_taiwan", "HMT_RESIDENCE_FORMAT", _RESIDENCE_ONLY),
    "foreign_residence": _check_foreign_residence,
    "hm_permit": _form_check(
        r"[HM][0-9]{8}([0-9]{2})?",
        "HM_PERMIT_FORMAT",
        W(
            "来往内地通行证号为 H 或 M 加 8 位数字（旧版 10 位），请核对",
            "A Mainland Travel Permit number is H or M and 8 digits (10 on old cards); please check",
        ),
    ),
    "tw_permit": _form_check(
        r"[0-9]{8}",
        "TW_PERMIT_FORMAT",
        W(
            "台湾居民来往大陆通行证号为 8 位数字，请核对",
            "A Taiwan residents' travel permit number has 8 digits; please check",
        ),
    ),
    "cn_passport": _form_check(
        r"[EGDSPKM][0-9A-Z]?[0-9]{7,8}",
        "PASSPORT_FORMAT",
        W(
            "中国护照号为 1–2 位字母开头加 7–8 位数字，请核对",
            "A Chinese passport number is one or two letters and 7 or 8 digits; please check",
        ),
    ),
    "passport": _form_check(
        r"[0-9A-Z]{5,20}",
        "PASSPORT_FORMAT",
        W("护照号为 5–20 位字母和数字，请核对", "A passport number has 5 to 20 letters and digits; please check"),
    ),
    "exit_permit": _form_check(
        r"C[0-9A-Z][0-9]{7}",
        "EXIT_PERMIT_FORMAT",
        W(
            "往来港澳通行证号为 C 加 1 位字母或数字和 7 位数字，请核对",
            "An Exit-Entry Permit number is C, one letter or digit, and 7 digits; please check",
        ),
    ),
}
DOCUMENT_WORDS: Mapping[str, Words] = {
    "cn_id": W("居民身份证", "Resident ID card"),
    "hmt_residence": W("港澳台居民居住证", "Residence permit for Hong Kong, Macao and Taiwan residents"),
    "foreign_residence": W("外国人永久居留身份证", "Foreign permanent resident ID card"),
    "hm_permit": W("港澳居民来往内地通行证", "Mainland Travel Permit for Hong Kong and Macao residents"),
    "tw_permit": W("台湾居民来往大陆通行证", "Mainland Travel Permit for Taiwan residents"),
    "cn_passport": W("中国护照", "Chinese passport"),
    "passport": W("外国护照", "Foreign passport"),
    "exit_permit": W("往来港澳通行证", "Exit-Entry Permit for Hong Kong and Macao"),
}


def check_document(id_type: str, text: str, *, field: str | None = None, on: date | None = None) -> list[Reason]:
    """All reasons against the number of one type of personal document (keys of DOCUMENT_CHECKS)."""
    if id_type not in DOCUMENT_CHECKS:
        return [Reason("ID_TYPE_UNKNOWN", W("请选择证件类型", "Choose the type of document"), field)]
    return DOCUMENT_CHECKS[id_type](text, field, on)


# ── mobile, name, bank card ──────────────────────────────────────────────────────────────────────────────────────


def check_mobile(text: str, *, field: str | None = None) -> list[Reason]:
    """A mainland mobile number: 11 digits from 13 to 19 (工信部 号码规划)."""
    if re.fullmatch(r"1[3-9][0-9]{9}", normal_mobile(text)):
        return []
    words = W("请填写 11 位手机号码，以 13–19 开头", "Enter a mainland mobile number: 11 digits starting with 13 to 19")
    return [Reason("MOBILE_FORMAT", words, field)]


def check_name(text: str, *, field: str | None = None, latin: bool = False) -> list[Reason]:
    """A personal name: 2–50 Chinese characters, rare ones included (𠮷 䶮 㛃), `·` between parts of a name.

    `latin` also lets Latin letters, spaces, hyphens and apostrophes through, for names on foreign passports.
    """
    name = normal_name(text)
    low, high = NAME_LENGTH
    if not low <= len(name) <= high:
        words = W("姓名应为 {low}–{high} 个字", "A name has {low} to {high} characters").format(low=low, high=high)
        return [Reason("NAME_LENGTH", words, field)]
    strange = next(((i, c) for i, c in enumerate(name, start=1) if not _may_stand_in_name(c, latin)), None)
    if strange is not None:
        words = W(
            "姓名第 {i} 个字符“{c}”不能用于姓名，请按证件上的写法填写",
            "Character {i} of the name (“{c}”) cannot be part of a name; write it as on the document",
        )
        return [Reason("NAME_CHARACTER", words.format(i=strange[0], c=strange[1]), field)]
    if re.search(r"^[·'\-]|[·\-]$|··", name):
        words = W("间隔号“·”应在姓名的两部分之间", "The dot “·” stands between two parts of a name")
        return [Reason("NAME_DOT", words, field)]
    return []


def is_han(character: str) -> bool:
    """Whether a character is a Chinese one, in any plane of Unicode (basic, extensions A–I, compatibility, 〇)."""
    code = ord(character)
    return (
        0x4E00 <= code <= 0x9FFF
        or 0x3400 <= code <= 0x4DBF
        or 0x20000 <= code <= 0x3FFFD
        or 0xF900 <= code <= 0xFAD9
        or character == "〇"
    )


def _may_stand_in_name(character: str, latin: bool) -> bool:
    if is_han(character) or character == "·":
        return True
    return latin and (character in " -'’." or (character.isalpha() and ord(character) < 0x250))


def check_luhn(text: str, *, field: str | None = None) -> list[Reason]:
    """A bank card number: 12–19 digits whose last one is right (ISO/IEC 7812-1)."""
    number = normal_id(text)
    if not re.fullmatch(r"[0-9]{12,19}", number):
        words = W("银行卡号应为 12–19 位数字，请核对", "A bank card number has 12 to 19 digits; please check")
        return [Reason("BANK_CARD_FORMAT", words, field)]
    if luhn_check(number[:-1]) != number[-1]:
        words = W("银行卡号有误，请逐位核对", "This bank card number has a wrong digit; please check it digit by digit")
        return [Reason("BANK_CARD_CHECK_DIGIT", words, field)]
    return []
