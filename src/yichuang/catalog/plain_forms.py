"""Forms outside of packs: the same JSON Schema subset, formats and messages, without questions, groups and rules.

For other applications' forms and data tables (docs/adr/0025): fields are declared as a pack's form.json declares them.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from yichuang.catalog.forms import FormChecker, shape_reasons, without_blanks
from yichuang.catalog.packs.form_checks import declared_faults
from yichuang.catalog.packs.schemas import validator
from yichuang.catalog.pointers import step
from yichuang.core.idempotency import body_hash
from yichuang.core.refusals import Reason
from yichuang.core.words import W, Words

NO_WHEN = W("这里的字段不能用 x-when", "Fields cannot have x-when here")
MISFIT = W("不符合格式：{why}", "does not fit the format: {why}")


def plain_form_faults(schema: Mapping[str, Any]) -> list[Reason]:
    """Everything that is wrong with a form's declaration, each with its JSON pointer; [] when it may be filled in."""
    found = []
    for error in validator("plain_form.schema.json").iter_errors(schema):
        pointer = "".join("/" + step(one) for one in error.instance_path)
        found.append(Reason("FORM_DECLARATION", MISFIT.format(why=_same(error.message[:300])), pointer))
    if found:
        return found[:50]
    return [*(one for one in declared_faults(schema) if one.code != "WHEN_IN_LIST"), *_conditions(schema, "")]


def check_plain_form(schema: Mapping[str, Any], form: object, *, today: date) -> list[Reason]:
    """Every reason against what was filled in, each with the JSON pointer of its field. What was left empty is missing."""
    if shape := shape_reasons(form):
        return shape
    checker = _checker(body_hash(schema), _Schema(schema))
    found = checker.reasons(without_blanks(form), today=today, partial=False)
    return list({(reason.code, reason.field): reason for reason in found}.values())


class _Schema:
    """Carries a schema through the cache, whose key is its hash."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Schema)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=256)
def _checker(key: str, carried: _Schema) -> FormChecker:
    return FormChecker(carried.schema)


def _conditions(node: Mapping[str, Any], pointer: str) -> Iterator[Reason]:
    """There is no pack here whose questions a condition could ask."""
    fields = {f"{pointer}/properties/{name}": child for name, child in node.get("properties", {}).items()}
    if "items" in node:
        fields[f"{pointer}/items"] = node["items"]
    for place, child in fields.items():
        if "x-when" in child:
            yield Reason("NO_WHEN", NO_WHEN, f"{place}/x-when")
        yield from _conditions(child, place)


def _same(text: str) -> Words:
    return Words(text, text)
