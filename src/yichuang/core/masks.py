"""Masking (脱敏) of personal data: what a page shows unless somebody with a reason asks for more."""

import re

_STREET = re.compile(r".*?(街道|镇|乡)([^0-9０-９一二三四五六七八九十号路栋]{1,12}?(社区|村))?")
_COMMUNITY = re.compile(r"[^0-9０-９一二三四五六七八九十号路栋]{2,10}?(社区|村)(?!中心|服务)")  # where it stands first
_DISTRICT = re.compile(r".*?((?<![小园社])区|县)|.*?市(?!场)")  # 小区, 园区 and 社区 are no districts
_BUILDING = re.compile(r"[0-9０-９一二三四五六七八九十百零〇]\s*(号|栋|幢|座|室|楼|层|单元|房|弄|巷|[-－—])")
_ORGANISATION = re.compile(
    r".{2,}(公司|合作社|事务所|委员会|协会|学会|商会|基金会|工会|医院|学校|大学|学院|中学|小学|幼儿园|银行"
    r"|经营部|工作室|商行|[商饭酒药书]店|工厂|[务究训术]中心|(有限合伙|普通合伙|个体工商户)[）)]?)([^0-9０-９]{0,10}(分公司|支行|分店))?"
)
_MOBILE = re.compile(r"(?:(?:\+|00)?86[ -]?)?(1[0-9]{2})[ -]?[0-9]{4}[ -]?([0-9]{4})")  # +86, spaces: as people type it
_ROAD = re.compile(r".*(省|市|区|县).*?.(大道|路|街|巷|弄|镇|乡|村|社区|小区).+")
_COMPANY = re.compile(r".*(公司|合作社|合伙[）)]|分店|支行)")


def mask_name(name: str) -> str:
    """张晓 → 张*, 欧阳小敏 → 欧**敏, 阿卜杜拉·麦麦提江 → 阿***·***江: the parts of a compound stay apart, and none shows its length."""
    if len(name) <= 1:
        return "*" * len(name)
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + re.sub(r"[^·\s]{3,}", "***", re.sub(r"[^·\s]", "*", name[1:-1])) + name[-1]


def mask_holder(name: str) -> str:
    """A person's name masked; the name of an organisation is public and stays (domain: company names are open)."""
    return name if is_organisation(name) else mask_name(name)


def is_organisation(text: str) -> bool:
    """Whether a text is by its look the name of an organisation, not an address that ends at one."""
    return len(text) > 4 and _ORGANISATION.fullmatch(text) is not None and _BUILDING.search(text) is None


def mask_id(number: str) -> str:
    """First six, eight stars, last four of an 18-digit number; others keep their first and last two characters."""
    if len(number) == 18:
        return number[:6] + "*" * 8 + number[-4:]
    return number[:2] + "*" * (len(number) - 4) + number[-2:] if len(number) > 4 else "*" * len(number)


def mask_mobile(number: str) -> str:
    """13800003210 → 138****3210, with +86 or without; of any other number (0755-25501234, +85291234567) the last two.

    Only of a mainland mobile are eleven digits known to leave enough hidden: of a fixed line half would stay readable.
    """
    if mobile := _MOBILE.fullmatch(number):
        return f"{mobile[1]}****{mobile[2]}"
    return "****" + number[-2:] if len(number) >= 8 else "****"


def mask_address(address: str) -> str:
    """Everything up to the street, and the community (街道、社区); where neither is named, up to the district."""
    if not address:
        return ""
    shown = _STREET.match(address) or _COMMUNITY.match(address) or _DISTRICT.match(address)
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
    return "*" * (len(number) - 2) + number[-2:] if len(number) > 2 else "*" * len(number)


def mask_by_shape(text: str) -> str:
    """A personal value of which only the look is known: a number of a document, a telephone, a name or an address.

    The names of organisations stay readable; of an address the district or street; of a number or name what its own mask keeps.
    """
    if len(text) >= 15 and text[:-1].isdigit():
        return mask_id(text)
    if text.isdigit():
        return mask_mobile(text)
    if text.isascii() and any(c.isdigit() for c in text):
        return mask_id(text)
    if is_organisation(text) and not _ends_at_institution(text):
        return text
    return mask_address(text) if _is_address(text) else mask_name(text)


def _ends_at_institution(text: str) -> bool:
    """An address may end at a school or a shop (…市…路…大学); a company's name with a district and a road in it is its name."""
    return _ROAD.fullmatch(text) is not None and _COMPANY.fullmatch(text) is None


def _is_address(text: str) -> bool:
    """A name of a person has no digit and no building in it, and is no longer than four characters where it names a place."""
    built = bool(_BUILDING.search(text)) or any(c.isdigit() for c in text)
    return built or (len(text) > 4 and bool(_STREET.match(text) or _COMMUNITY.match(text) or _DISTRICT.match(text)))
