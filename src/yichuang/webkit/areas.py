"""Sub-districts (街道) and communities (社区) in forms: chosen and read by name, so that nobody meets a code."""

from typing import Any

from yichuang.core.words import Words
from yichuang.network import queries as network
from yichuang.network.values import PlaceKind

KINDS = {"street": PlaceKind.SUBDISTRICT_HALL, "community": PlaceKind.COMMUNITY}


def with_places(node: dict[str, Any]) -> dict[str, Any]:
    """The schema with the areas of this network as options of the fields of format `street` and `community`."""
    drawn = dict(node)
    if "properties" in node:
        drawn["properties"] = {name: with_places(child) for name, child in node["properties"].items()}
    if isinstance(node.get("items"), dict):
        drawn["items"] = with_places(node["items"])
    kind = KINDS.get(str(node.get("format", "")))
    if kind is not None and "enum" not in node:
        places = network.list_places(kinds=frozenset({kind}))
        codes = [(p.street_code if kind is PlaceKind.SUBDISTRICT_HALL else p.community_code, p.name) for p in places]
        options = {code: _area(name) for code, name in codes if code}
        drawn |= {"enum": list(options), "x-options": options, "x-widget": "select", "x-example": ""}
    return drawn


def _area(hall: Words) -> dict[str, str]:
    """桂园街道便民服务中心 → 桂园街道; Guiyuan Sub-district Service Centre → Guiyuan Sub-district."""
    return {"zh": hall.zh.partition("便民服务")[0], "en": hall.en.partition(" Service")[0]}
