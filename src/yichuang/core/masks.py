"""Masking (脱敏) of personal data: what a page shows unless somebody with a reason asks for more."""


def mask_name(name: str) -> str:
    """张晓 → 张*, 欧阳小敏 → 欧**敏; compounds with a dot keep their first and last character."""
    if len(name) <= 1:
        return "*"
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
    """Everything up to the street or community, the rest hidden."""
    for mark in ("社区", "街道", "镇", "区", "县", "市"):
        if mark in address:
            return address[: address.index(mark) + len(mark)] + "****"
    return "****"


def mask_email(address: str) -> str:
    """a***@example.cn."""
    name, _, host = address.partition("@")
    return f"{name[:1]}***@{host}"


def mask_bank_card(number: str) -> str:
    """Only the last four digits."""
    return "**** " + number[-4:]


def mask_certificate_number(number: str) -> str:
    """First three and last three characters; a short number shows only its last two."""
    if len(number) > 8:
        return number[:3] + "*" * (len(number) - 6) + number[-3:]
    return "*" * max(len(number) - 2, 1) + number[-2:] if len(number) > 2 else "*" * len(number)
