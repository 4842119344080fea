"""Masking (脱敏) of personal data: what a page shows unless somebody with a reason asks for more."""

import re

_STREET = re.compile(r".*?(街道|镇|乡)([^0-9０-９一二三四五六七八九十号路栋]{1,12}?(社区|村))?")
_DISTRICT = re.compile(r".*?((?<![小园社])区|县)|.*?市(?!场)")  # 小区, 园区 and 社区 are no districts


def mask_name(name: str) -> str:
    """张晓 → 张*, 欧阳小敏 → 欧**敏; compounds with a dot keep their first and last character."""
    if len(name) <= 1:
        return "*" * len(name)
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_id(number: str) -> str:
    """First six, eight stars, last four of an 18-digit number; others keep their first and last two characters."""
    if len(number) == 18:
        return number[:6] + "*" * 8 + number[-4:]
    return number[:2] + "*" * max(len(number) - 4, 1) + number[-2:] if len(number) > 4 else "*" * len(number)


def mask_mobile(number: str) -> str:
    """13800003210 → 138****3210."""
    return number[:3] + "****" + number[-4:] if len(number) >= 8 else "****"


def mask_address(address: str) -> str:
    """Everything up to the street, and the community behind it (街道、社区); where neither is named, up to the district."""
    if not address:
        return ""
    shown = _STREET.match(address) or _DISTRICT.match(address)
    return (shown[0] if shown else "") + "****"


def mask_email(address: str) -> str:
    """a***@example.cn."""
    name, at, host = address.partition("@")
    return f"{name[:1]}***{at}{host}"


def mask_bank_card(number: str) -> str:
    """Only the last four digits."""
    return "**** " + number[-4:] if len(number) > 8 else "****"


def mask_certificate_number(number: str) -> str:
    """First three and last three characters; a short number shows only its last two."""
    if len(number) > 8:
        return number[:3] + "*" * (len(number) - 6) + number[-3:]
    return "*" * max(len(number) - 2, 1) + number[-2:] if len(number) > 2 else "*" * len(number)


def mask_by_shape(text: str) -> str:
    """A personal value of which only the look is known: a number of a document, a telephone, a name or an address."""
    if len(text) >= 15 and text[:-1].isdigit():
        return mask_id(text)
    if text.isdigit():
        return mask_mobile(text)
    return mask_name(text) if len(text) <= 12 else mask_address(text)
