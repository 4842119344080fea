"""The one spelling of a key: what is asked and what a batch brings must meet under it."""

from functools import lru_cache
from typing import Literal

from yichuang.core.identifiers import check_cn_id, check_uscc, normal_id
from yichuang.registry.rules import addresses
from yichuang.registry.values import KEYS, Base

How = Literal["full", "loose"]


def key_parts(base: Base, key: str) -> tuple[How, str] | None:
    """How and under what a key is looked up, or None when it points to nothing.

    An address with its district and sub-district is found exactly ("full"); one that only names road or estate and number is
    found when just one standard address fits ("loose").
    """
    if KEYS[base] == "address":
        return _address(addresses.parse(key))
    number = normal_id(key)
    kind = KEYS[base]
    right = (kind != "company" and not check_cn_id(number)) or (kind != "person" and not check_uscc(number))
    return ("full", number) if right else None


def _address(found: addresses.Address) -> tuple[How, str] | None:
    numbered = found.number and _way(found)
    if found.rest or not (numbered or (found.estate and (found.building or found.room))):
        return None
    if found.district and found.street:
        return "full", full_key(found)
    return "loose", loose_key(found)


@lru_cache(maxsize=1024)
def place_key(text: str) -> str:
    """What is counted as one place: the parts of an address without its areas; a text that is none in one spelling.

    For those who keep the area beside it: two ways to write one address meet here, whichever of its areas they name.
    """
    found = addresses.parse(text)
    return loose_key(found) if _address(found) is not None else addresses.plain(text)


def full_key(found: addresses.Address) -> str:
    """With district and sub-district; the community follows from them."""
    return "|".join((found.district, found.street, loose_key(found)))


def loose_key(found: addresses.Address) -> str:
    """Without the areas; a village's houses are numbered without a road."""
    return "|".join((_way(found), found.number, found.estate, found.building, found.unit, found.room))


def _way(found: addresses.Address) -> str:
    """Along what the houses are numbered: a road and the lane off it, or the village; every village has a third lane (三巷)."""
    whose = found.community if not found.road and found.lane[:1].isdigit() else ""
    return whose + found.road + found.lane or found.community
