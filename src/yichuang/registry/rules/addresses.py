"""Addresses by their parts: city, district, sub-district, community, road, lane, number, estate, building, unit, floor, room.

Chinese addresses go from the large to the small, each part with its own ending; whatever fits nowhere is kept as `rest`,
so that nothing is called equal by being overlooked.
"""

import re
import unicodedata
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Literal

_SIGN = "[一二三四五六七八九]百|[零〇一二三四五六七八九十]"  # 百 alone begins names: 百货大楼
_HAN, _NUMERAL = f"(?:{_SIGN})+", f"(?:[0-9A-Z]|{_SIGN})+"
_INSIDE = f"{_HAN}(?:[栋幢座层楼]|号楼|单元|号?[室房铺])"  # what stands inside a building, so no name of an estate
_LANE = f"{_NUMERAL}(?:弄|巷)"  # lanes that are counted: 123弄, 三巷, 百花二巷
_LATIN = "(?:[A-Z]{3,}|[A-Z]{2,}[0-9]*(?=[^0-9A-Z栋幢座室层楼号单房铺-]))"  # a word of a name: SOHO广场
_ADDRESS = re.compile(
    r"(?P<province>[^市县]{2,8}?(?:省|自治区))?(?:[^市区县]{1,6}?(?:地区|自治州|盟))?"
    r"(?P<city>[^区县街路]{2,8}?市)?"
    r"(?P<district>[^市街路号]{1,8}?(?:(?<![社小园校厂])区|县))?"
    r"(?P<street>[^路号]{1,8}?(?:街道|镇|乡))?"
    r"(?P<community>[^路号0-9]{1,10}?(?:社区|村))?"
    rf"(?P<road>(?![^号栋幢座室路街0-9]{{0,8}}?{_LANE})[^号栋幢座室0-9]{{1,16}}?(?:大道|路|街(?!道)|巷|弄|胡同))?"
    rf"(?P<lane>[^号栋幢座室0-9]{{0,8}}?{_LANE}(?:{_NUMERAL}支(?:弄|巷))?)?"
    rf"(?:(?P<number>{_NUMERAL}(?:[-之]{_NUMERAL})?)号(?![楼院房室铺]))?"
    rf"(?P<estate>(?!{_INSIDE})(?:{_LATIN}|[^0-9栋幢座室]){{2,20}}?(?=(?!{_LATIN})[0-9A-Z]|{_INSIDE}|$))?"
    rf"(?:(?P<building>{_NUMERAL})(?:栋|幢|座|号楼))?"
    rf"(?:(?P<unit>{_NUMERAL})单元)?"
    rf"(?:(?P<floor>{_NUMERAL})(?:层|楼))?"
    rf"(?:(?P<room>[0-9A-Z]+(?:-[0-9A-Z]+)*|{_HAN}(?=号?[室房铺]))(?:号?[室房铺])?)?"
    r"(?P<rest>.*)"
)
_DIGITS = {"〇": 0, **{character: number for number, character in enumerate("零一二三四五六七八九")}}
_COUNTED = re.compile(r"(?:([一二三四五六七八九])百)?(零|([一二三四五六七八九])?十)?([一二三四五六七八九])?")
_COUNT_OF_LANE = re.compile(f"{_NUMERAL}(?=支?(?:弄|巷))")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―－~～", "-") | {"○": "〇"})


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address; "" where a part is not said."""

    province: str = ""
    city: str = ""
    district: str = ""
    street: str = ""
    community: str = ""
    road: str = ""
    lane: str = ""
    number: str = ""
    estate: str = ""
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    rest: str = ""


def plain(text: str) -> str:
    """One spelling: half width, capitals, no spaces or punctuation, one kind of dash."""
    folded = unicodedata.normalize("NFKC", text).translate(_DASHES).upper()
    return re.sub(r"[\s,，。.、;；]", "", folded)


def parse(text: str) -> Address:
    """The parts of a text; a text that is no address comes back as `rest` (or as the name of an estate)."""
    found = _ADDRESS.fullmatch(plain(text))
    if found is None:  # a text over several lines, say
        return Address(rest=plain(text))
    parts = {name: value or "" for name, value in found.groupdict().items()}
    for name in ("number", "building", "unit", "floor", "room"):
        parts[name] = _arabic(parts[name])
    for name in ("number", "building", "unit", "floor"):
        parts[name] = parts[name].lstrip("0") or parts[name]
    parts["lane"] = _COUNT_OF_LANE.sub(lambda one: _arabic(one[0]).lstrip("0") or one[0], parts["lane"])
    return Address(**parts)


def _arabic(text: str) -> str:
    """十二 → 12, 二十 → 20, 一百零二 → 102, 五〇一 → 501; what is no Chinese numeral below 1000 stays as it is.

    一百二 stays too: some say it for 120.
    """
    if not re.fullmatch(_HAN, text):
        return text
    if not set("十百") & set(text):
        return "".join(str(_DIGITS[character]) for character in text)
    found = _COUNTED.fullmatch(text)
    if found is None:
        return text
    hundreds, middle, tens, ones = found.groups()
    if (hundreds and ones and not middle) or (middle == "零" and not (hundreds and ones)):
        return text
    ten = 0 if middle in {None, "零"} else _DIGITS[tens] if tens else 1
    return str(_DIGITS[hundreds or "〇"] * 100 + ten * 10 + _DIGITS[ones or "〇"])


# A part that only one side says leaves these open; province, city, community and floor follow from the others.
_ASKED = ("district", "street", "road", "lane", "number", "estate", "building", "unit", "room")
_HINTS = ("province", "city", "community", "floor")


@dataclass(frozen=True, slots=True)
class Match:
    """How two addresses stand to each other, and which parts differ or are said by one side only."""

    state: Literal["same", "different", "unknown"]
    differing: tuple[str, ...]
    missing: tuple[str, ...]
    score: Decimal


def match(one: Address, other: Address) -> Match:
    """Part by part: another part makes them different; one that only one side says, or that was not understood, leaves it open."""
    differing = tuple(name for name in (*_ASKED, *_HINTS) if _differ(getattr(one, name), getattr(other, name)))
    missing = tuple(name for name in _ASKED if bool(getattr(one, name)) != bool(getattr(other, name)))
    if one.rest != other.rest:
        missing += ("rest",)
    said = [name for name in _names() if getattr(one, name) or getattr(other, name)]
    equal = sum(getattr(one, name) == getattr(other, name) for name in said)
    score = Decimal(equal) / len(said) if said else Decimal(0)
    nothing = not (one.road or one.lane or one.estate or one.community or one.rest)
    state: Literal["same", "different", "unknown"] = "unknown" if missing or nothing else "same"
    return Match("different" if differing else state, differing, missing, score.quantize(Decimal("0.01")))


def _names() -> tuple[str, ...]:
    return tuple(part.name for part in fields(Address))


def _differ(one: str, other: str) -> bool:
    return bool(one and other) and one != other
