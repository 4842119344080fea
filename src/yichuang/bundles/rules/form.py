"""The one form (一表申请): the forms of all items as one, and back. Pure; each item's own rules judge what is entered.

Top-level properties: one per group of shared fields (`representative`), and for the rest of each item its own ones under
its slot (`licence-shareholders`). So pages, pointers and files of the doors work as they do for one item.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from yichuang.bundles.rules.demands import Demand, Met, meet, words_of
from yichuang.bundles.values import Package, Slot
from yichuang.core.refusals import Reason
from yichuang.core.words import Words

JsonDict = dict[str, Any]
Schema = Mapping[str, Any]
PROMISES = "promises"  # the page on which every item's declaration stands
PROMISES_NAME = Words("承诺", "Declarations")
BETWEEN = "-"


# ── pointers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def look(schema: Schema, pointer: str) -> tuple[Schema, bool] | None:
    """The property at a pointer and whether it is required; None where the form of this situation has none."""
    node: Schema = schema
    required = True
    for name in pointer.strip("/").split("/"):
        if name not in node.get("properties", {}):
            return None
        required = name in node.get("required", ())
        node = node["properties"][name]
    return node, required


def read(form: Mapping[str, Any], pointer: str) -> Any:
    """The value at a pointer, or None."""
    here: Any = form
    for name in pointer.strip("/").split("/"):
        here = here.get(name) if isinstance(here, Mapping) else None
    return here


def put(form: JsonDict, pointer: str, value: Any) -> None:
    """Set a value at a pointer; groups on the way are made."""
    *way, last = pointer.strip("/").split("/")
    for name in way:
        inner = form.get(name)
        form[name] = dict(inner) if isinstance(inner, Mapping) else {}
        form = form[name]
    form[last] = value


# ── the schema ────────────────────────────────────────────────────────────────────────────────────────────────────────


def demands_of(package: Package, schemas: Mapping[str, Schema]) -> dict[str, Met]:
    """Per shared field ("group/key") what the items of this situation demand of it; fields that none has are left out."""
    found: dict[str, Met] = {}
    for group, one in package.shared:
        places = ((slot, look(schemas[slot], pointer)) for slot, pointer in one.to.items() if slot in schemas)
        demands = [Demand(slot, *place) for slot, place in places if place is not None]
        if demands:
            found[f"{group.id}/{one.key}"] = meet(demands)
    return found


def one_form(package: Package, schemas: Mapping[str, Schema]) -> JsonDict:
    """The schema of the one form in this situation: `schemas` are the items' own, by slot."""
    groups: list[JsonDict] = []
    properties: JsonDict = {}
    required: list[str] = []
    met = demands_of(package, schemas)
    for group in package.groups:
        fields = {one.key: met[f"{group.id}/{one.key}"] for one in group.fields if f"{group.id}/{one.key}" in met}
        if fields:
            groups.append({"id": group.id, "zh": group.name.zh, "en": group.name.en})
            properties[group.id] = _group(package, group.id, group.name, fields)
            required.append(group.id)
    for slot in package.slots:
        if slot.id in schemas:
            own = _own(slot, schemas[slot.id], taken_of(package, slot))
            groups += own["x-groups"]
            properties |= own["properties"]
            required += own["required"]
    groups.append({"id": PROMISES, "zh": PROMISES_NAME.zh, "en": PROMISES_NAME.en})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "title": package.name.zh,
        "x-groups": groups,
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _group(package: Package, id: str, name: Words, fields: Mapping[str, Met]) -> JsonDict:
    return {
        "type": "object",
        "x-label": name.zh,
        "x-label-en": name.en,
        "x-group": id,
        "additionalProperties": False,
        "properties": {key: _told(package, met) for key, met in fields.items()},
        "required": [key for key, met in fields.items() if met.required],
    }


def _told(package: Package, met: Met) -> JsonDict:
    """A shared field with what fulfils them all, and each demand beside it, where they differ."""
    node = {name: value for name, value in met.node.items() if name not in {"x-when", "x-group"}}
    if not met.differing:
        return node
    alike: dict[Words, list[Words]] = {}
    for one in met.differing:
        alike.setdefault(words_of(one), []).append(package.slot(one.slot).name)
    all_of_them = words_of(replace(met.differing[0], node=met.node, required=met.required))
    zh = f"按最严的填：{all_of_them.zh}。各部门要求：" + "；".join(
        "、".join(name.zh for name in names) + f"：{words.zh}" for words, names in alike.items()
    )
    en = f"By the strictest rule: {all_of_them.en}. What each department asks: " + "; ".join(
        " and ".join(name.en for name in names) + f": {words.en}" for words, names in alike.items()
    )
    before = (node.get("x-help", ""), node.get("x-help-en", node.get("x-help", "")))
    node["x-help"] = f"{before[0]} {zh}".strip()
    node["x-help-en"] = f"{before[1]} {en}".strip()
    return node


def taken_of(package: Package, slot: Slot) -> frozenset[str]:
    """The pointers of an item's form that are not asked on its own pages: shared, fed by a result, or asked later."""
    shared = {one.to[slot.id] for _, one in package.shared if slot.id in one.to}
    return frozenset(shared | set(slot.fed) | slot.later)


def _own(slot: Slot, schema: Schema, taken: Iterable[str]) -> JsonDict:
    """What is left of an item's form, its properties and groups under the slot's name."""
    left = without(schema, "", frozenset(taken))
    names = {group["id"]: group for group in schema.get("x-groups", ())}
    kept: JsonDict = {}
    groups: list[JsonDict] = []
    for name, node in left.get("properties", {}).items():
        declares = node.get("type") == "boolean" and node.get("const") is True
        group = node.get("x-group") or name
        id = PROMISES if declares else f"{slot.id}{BETWEEN}{group}"
        kept[f"{slot.id}{BETWEEN}{name}"] = {**node, "x-group": id, **(_declaration(slot, node) if declares else {})}
        if not declares and id not in {one["id"] for one in groups}:
            groups.append(_title(id, slot, names.get(group), node))
    required = [f"{slot.id}{BETWEEN}{name}" for name in left.get("required", ())]
    return {"x-groups": groups, "properties": kept, "required": required}


def _title(id: str, slot: Slot, group: Schema | None, node: Schema) -> JsonDict:
    zh = group["zh"] if group else node.get("x-label", id)
    en = group.get("en", zh) if group else node.get("x-label-en", zh)
    return {"id": id, "zh": f"{slot.name.zh}：{zh}", "en": f"{slot.name.en}: {en}"}


def _declaration(slot: Slot, node: Schema) -> JsonDict:
    label = str(node.get("x-label", ""))
    return {"x-label": f"{slot.name.zh}：{label}", "x-label-en": f"{slot.name.en}: {node.get('x-label-en', label)}"}


def without(schema: Schema, pointer: str, taken: frozenset[str]) -> JsonDict:
    """The schema without what is taken; a group of which nothing is left goes too."""
    if "properties" not in schema:
        return dict(schema)
    kept: JsonDict = {}
    for name, node in schema["properties"].items():
        at = f"{pointer}/{name}"
        if at in taken:
            continue
        inner = without(node, at, taken)
        if "properties" not in node or inner["properties"]:
            kept[name] = inner
    return {**schema, "properties": kept, "required": [one for one in schema.get("required", ()) if one in kept]}


def only(schema: Schema, pointers: Iterable[str], pointer: str = "") -> JsonDict:
    """The schema with nothing but what stands at these pointers."""
    wanted = tuple(pointers)
    kept: JsonDict = {}
    for name, node in schema.get("properties", {}).items():
        at = f"{pointer}/{name}"
        if any(at == one or at.startswith(f"{one}/") for one in wanted):
            kept[name] = node
        elif any(one.startswith(f"{at}/") for one in wanted):
            inner = only(node, wanted, at)
            kept[name] = inner if "properties" in node else node
    return {**schema, "properties": kept, "required": [one for one in schema.get("required", ()) if one in kept]}


# ── from the one form to the items', and back ─────────────────────────────────────────────────────────────────────────


def part_of(package: Package, slot: Slot, form: Mapping[str, Any]) -> JsonDict:
    """An item's form: what was entered for it alone, and what is shared. Fields that its situation does not have may be in it."""
    prefix = f"{slot.id}{BETWEEN}"
    part = {name.removeprefix(prefix): value for name, value in form.items() if name.startswith(prefix)}
    for group, one in package.shared:
        value = read(form, f"{group.id}/{one.key}")
        if slot.id in one.to and value is not None:
            put(part, one.to[slot.id], value)
    return part


def whole_of(package: Package, parts: Mapping[str, Mapping[str, Any]]) -> JsonDict:
    """The one form of several items' forms. Of a shared field the first item that has it is believed."""
    form: JsonDict = {}
    for group, one in package.shared:
        found = (read(parts[slot], pointer) for slot, pointer in one.to.items() if slot in parts)
        value = next((value for value in found if value is not None), None)
        if value is not None:
            put(form, f"{group.id}/{one.key}", value)
    for slot in package.slots:
        own = _emptied(parts.get(slot.id, {}), "", taken_of(package, slot))
        form |= {f"{slot.id}{BETWEEN}{name}": value for name, value in own.items()}
    return form


def _emptied(form: Mapping[str, Any], pointer: str, taken: frozenset[str]) -> JsonDict:
    kept: JsonDict = {}
    for name, value in form.items():
        at = f"{pointer}/{name}"
        inner = _emptied(value, at, taken) if isinstance(value, Mapping) else value
        if at not in taken and inner != {}:
            kept[name] = inner
    return kept


def home_of(package: Package, slot: Slot, pointer: str) -> str:
    """Where on the one form a field of an item stands."""
    for group, one in package.shared:
        target = one.to.get(slot.id)
        if target is not None and (pointer == target or pointer.startswith(f"{target}/")):
            return f"/{group.id}/{one.key}{pointer.removeprefix(target)}"
    return f"/{slot.id}{BETWEEN}{pointer.strip('/')}"


def gathered(package: Package, faults: Mapping[str, Sequence[Reason]]) -> list[Reason]:
    """Every item's faults as one list, at the fields of the one form. What several say of one field alike stands once;
    where only some say it, or it belongs to no field, it names who does."""
    said: dict[tuple[str, str, str], list[str]] = {}
    first: dict[tuple[str, str, str], Reason] = {}
    for slot in package.slots:
        for reason in faults.get(slot.id, ()):
            home = home_of(package, slot, reason.field) if reason.field else ""
            key = (home, reason.code, reason.words.zh)
            said.setdefault(key, []).append(slot.id)
            first.setdefault(key, reason)
    return [_gathered(package, key, slots, first[key]) for key, slots in said.items()]


def _gathered(package: Package, key: tuple[str, str, str], slots: Sequence[str], reason: Reason) -> Reason:
    names = [package.slot(slot).name for slot in slots]
    zh, en = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
    words = Words(f"{reason.words.zh}（{zh}）", f"{reason.words.en} ({en})")
    return Reason(reason.code, words, key[0] or None, reason.basis)


# ── the situation ─────────────────────────────────────────────────────────────────────────────────────────────────────


def answers_for(package: Package, slot: Slot, answers: Mapping[str, str]) -> dict[str, str]:
    """An item's answers: settled by the package, asked once for several, or its own."""
    prefix = f"{slot.id}{BETWEEN}"
    own = {name.removeprefix(prefix): value for name, value in answers.items() if name.startswith(prefix)}
    once = {one.to[slot.id]: answers[one.id] for one in package.questions if slot.id in one.to and one.id in answers}
    return {**own, **once, **slot.answers}


def question_home(package: Package, slot: Slot, question: str) -> str | None:
    """The id under which an item's question is asked in the package; None: the package settles it."""
    if question in slot.answers:
        return None
    once = (one.id for one in package.questions if one.to.get(slot.id) == question)
    return next(once, f"{slot.id}{BETWEEN}{question}")
