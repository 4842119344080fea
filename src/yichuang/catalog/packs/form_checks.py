"""Checks of the application form of a pack, beyond its schema."""

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

from yichuang.catalog.forms import FORMATS
from yichuang.catalog.packs.documents import Document
from yichuang.catalog.values import Pack, PackFault
from yichuang.core.refusals import Reason
from yichuang.core.words import W, Words

OTHER_FORMATS = {"date", "email"}
NO_FIELD = W("required 中的 {name} 不存在", "required names {name}, which is not there")
NO_OPTIONS = W("x-options 应与 enum 一一对应", "x-options and enum must name the same values")
NO_FORMAT = W("不认识的 format：{name}", "Unknown format: {name}")
NO_PATTERN = W("正则不正确：{why}", "Not a pattern: {why}")
WHEN_IN_LIST = W("列表的行内不能用 x-when", "x-when cannot be used inside the rows of a list")


def form_faults(pack: Pack, document: Document) -> Iterator[PackFault]:
    """Faults of form.json."""
    groups = {group["id"] for group in pack.form["x-groups"]}
    for name, field in pack.form["properties"].items():
        if field.get("x-group") not in groups:
            words = W(f"x-group 应为 x-groups 之一：{sorted(groups)}", f"x-group should be one of {sorted(groups)}")
            yield document.fault(f"/properties/{name}", "GROUP", words)
    for found in declared_faults(pack.form):
        yield document.fault(found.field or "", found.code, found.words)
    for n, rule in enumerate(pack.form.get("x-rules", ())):
        for at, pointer in enumerate(rule["fields"]):
            if not pointer_exists(pack.form, pointer):
                words = W(f"表单中没有 {pointer}", f"The form has no {pointer}")
                yield document.fault(f"/x-rules/{n}/fields/{at}", "POINTER", words)


def declared_faults(node: Mapping[str, Any], pointer: str = "") -> Iterator[Reason]:
    """What no schema of schemas sees: fields that are not there, options and formats that do not exist. For every form,
    of packs and of other applications alike."""
    names = node.get("properties", {})
    for n, name in enumerate(node.get("required", ())):
        if name not in names:
            yield Reason("REQUIRED", NO_FIELD.format(name=name), f"{pointer}/required/{n}")
    for name, child in names.items():
        yield from _field_faults(child, f"{pointer}/properties/{name}")


def _field_faults(field: Mapping[str, Any], pointer: str) -> Iterator[Reason]:
    if "enum" in field and {str(value) for value in field["enum"]} != set(field.get("x-options", {})):
        yield Reason("OPTIONS", NO_OPTIONS, f"{pointer}/x-options")
    if field.get("format", "date") not in {*FORMATS, *OTHER_FORMATS}:
        yield Reason("FORM_FORMAT", NO_FORMAT.format(name=field["format"]), f"{pointer}/format")
    if "pattern" in field and (why := bad_pattern(field["pattern"])):
        yield Reason("PATTERN", NO_PATTERN.format(why=Words(why, why)), f"{pointer}/pattern")
    if field.get("type") == "object":
        yield from declared_faults(field, pointer)
    if field.get("type") == "array":
        yield from _list_faults(field, pointer)


def _list_faults(field: Mapping[str, Any], pointer: str) -> Iterator[Reason]:
    items = field["items"]
    yield from _field_faults(items, f"{pointer}/items")
    for name, child in items.get("properties", {}).items():
        if "x-when" in child:
            yield Reason("WHEN_IN_LIST", WHEN_IN_LIST, f"{pointer}/items/properties/{name}/x-when")


def bad_pattern(pattern: str) -> str:
    """What is wrong with a regular expression; "" for one that works."""
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern})
    except (ValueError, jsonschema_rs.ValidationError) as error:
        return str(error).splitlines()[0][:200]
    return ""


def pointer_exists(schema: Mapping[str, Any], pointer: str, *, format: str = "") -> bool:
    """Whether the form has a field at the pointer (a number steps into a list), of the format if one is named."""
    node: Any = schema
    for one in pointer.split("/")[1:]:
        node = node.get("items") if one.isdigit() and "items" in node else node.get("properties", {}).get(one)
        if not isinstance(node, Mapping):
            return False
    return not format or node.get("format") == format
