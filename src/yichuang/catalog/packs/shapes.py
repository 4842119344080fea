"""What kinds of values the names of a pack have, so that a condition can be typed before anything is filled in."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from yichuang.catalog.values import FactSpec
from yichuang.engine.values import Shape

KINDS: Final[Mapping[str, Shape]] = {  # kinds of the data catalogue
    "text": "string",
    "date": "date",
    "number": "number",
    "flag": "boolean",
    "list": ["string"],
}
_PROVIDED: Final = {"certificates": "number", "business_name": "string", "face": "number", "staff": ""}
_TYPES: Final = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}


def shape_of_pack(form: Mapping[str, Any], questions: Collection[str], facts: Collection[FactSpec]) -> dict[str, Shape]:
    """The shape of `answers`, `form`, `facts` and `today`. A fact that a person answers may be of any kind."""
    known: dict[str, Shape] = {
        "channel": "string",
        "applicant_kind": "string",
        "follow_up": "string",
        "certificates": ["string"],
    }
    known |= {fact.name: _PROVIDED[fact.provider] for fact in facts}
    return {"answers": dict.fromkeys(questions, "string"), "form": shape_of(form), "facts": known, "today": "date"}


def shape_of(schema: Mapping[str, Any]) -> Shape:
    """The shape of what a JSON Schema of the form describes."""
    kind = schema.get("type")
    if kind == "object":
        return {name: shape_of(child) for name, child in schema.get("properties", {}).items()}
    if kind == "array":
        return [shape_of(schema.get("items", {}))]
    if kind == "string" and schema.get("format") == "date":
        return "date"
    return _TYPES.get(str(kind), "")
