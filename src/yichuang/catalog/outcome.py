"""What goes into the result of a case: its typed data and the keys under which it is counted. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from yichuang.catalog.business_names import BusinessName, judge_name, sound_of, trade_of
from yichuang.catalog.business_names import plain as plain_name
from yichuang.catalog.forms import value_at
from yichuang.catalog.rules import typed_values
from yichuang.catalog.values import Pack, ResultField
from yichuang.catalog.wording import node_at
from yichuang.registry.queries import place_key

MOST_WITHIN = 40  # parts of one name that are looked up
_NAME = ("region", "trade", "industry", "form")  # the fields of a group that holds a business's name


def result_data(
    pack: Pack, answers: Mapping[str, Any], form: Mapping[str, Any], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """The fields of the certificate as JSON values; None where the form has nothing for a field. Pure."""
    values = typed_values(pack, answers, form, facts)
    return {field.key: _said(pack, field, plain(field.value.evaluate(values))) for field in pack.result.fields}


def _said(pack: Pack, field: ResultField, value: Any) -> Any:
    """A choice stands in the result by its Chinese label, not by its code (the certificate is a Chinese document)."""
    for path in sorted(field.value.paths):
        root, *steps = path.split(".")
        if isinstance(value, str | int) and str(value) in (options := _options(pack, root, steps)):
            return options[str(value)]
    return "、".join(value) if value and isinstance(value, list) and all(isinstance(v, str) for v in value) else value


def _options(pack: Pack, root: str, steps: list[str]) -> dict[str, str]:
    """The choices at a path and their Chinese labels."""
    if root == "form":
        return {key: label["zh"] for key, label in node_at(pack.form, steps).get("x-options", {}).items()}
    asked = [question for question in pack.questions if root == "answers" and [question.id] == steps]
    return {option.value: option.label.zh for question in asked for option in question.options}


def fact_key(pack: Pack, form: Mapping[str, Any], key: str) -> str:
    """The text under which results are counted ("household"): the form's values at the key's pointers, joined.

    Spaces and case do not matter. "" when one of the values is missing: then nothing can be counted. Of a key by sound
    the first value counts as it is read, the others as trades: 晓晓百货 and 小小日用品 are one. Of a key by place the last
    value counts as an address: 桂园路1号101 and 罗湖区桂园街道桂园路１号101室 are one.
    """
    parts = [value_at(form, pointer) for pointer in pack.result.keys.get(key, ())]
    if not parts or any(part in (None, "") for part in parts):
        return ""
    if key in pack.result.by_sound:
        parts = [sound_of(str(parts[0])), *(trade_of(str(part)) for part in parts[1:])]
    if key in pack.result.by_place:
        parts = [*parts[:-1], place_key(str(parts[-1]))]
    return "|".join("".join(str(part).split()).lower() for part in parts)


def keys_within(pack: Pack, form: Mapping[str, Any], key: str) -> list[str]:
    """The keys by sound of the names that the form's name holds: of each part of two characters or more, not of the whole,
    in its trade; the shortest first, `MOST_WITHIN` at most. Looked up, never kept: an earlier core inside a new one is found."""
    parts = [value_at(form, pointer) for pointer in pack.result.keys.get(key, ())]
    if not parts or any(part in (None, "") for part in parts):
        return []
    core, trade = plain_name(str(parts[0])), [trade_of(str(part)) for part in parts[1:]]
    inner = (core[at : at + size] for size in range(2, len(core)) for at in range(len(core) - size + 1))
    return ["|".join([sound_of(part), *trade]).lower() for part in islice(dict.fromkeys(inner), MOST_WITHIN)]


def known_facts(pack: Pack, form: Mapping[str, Any]) -> dict[str, str]:
    """The facts that follow from the form alone: what speaks by itself against a business's name. Missing while it is."""
    return {fact: judge_name(name) for fact, _, name in names_in(pack, form)}


def names_in(pack: Pack, form: Mapping[str, Any]) -> Iterator[tuple[str, str, BusinessName]]:
    """The names of businesses that the item looks at: the fact that speaks of each, its group of the form, and the name."""
    for spec in pack.facts:
        if spec.provider == "business_name":
            parts = [value_at(form, f"{spec.group}/{part}") for part in _NAME]
            if all(isinstance(part, str) for part in parts):
                yield spec.name, spec.group, BusinessName(*(str(part) for part in parts))


def plain(value: object) -> Any:
    """A FEEL value as JSON holds it: whole decimals as int, other decimals as text, dates in ISO form."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else format(value.normalize(), "f")
        case date():
            return value.isoformat()
        case tuple() | list():
            return [plain(item) for item in value]
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case None | bool() | int() | str():
            return value
        case _:
            return str(value)
