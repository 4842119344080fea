"""A form and a process as flat lists of named things with labelled facts, so that two of them can be compared. Pure."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yichuang.catalog.pointers import step
from yichuang.core.words import W, Words
from yichuang.engine.values import ProcessModel, parse_process

Facts = dict[str, tuple[Words, Words]]  # name of the fact -> what people call it, what it is
_FORM: Mapping[str, Words] = {
    "type": W("类型", "Type"),
    "format": W("格式", "Format"),
    "enum": W("可选值", "Choices"),
    "x-options": W("选项文字", "Words of the choices"),
    "x-when": W("何时出现", "Shown when"),
    "x-help": W("填写说明", "Help"),
    "x-help-en": W("填写说明（英文）", "Help (English)"),
    "x-label": W("名称", "Label"),
    "x-label-en": W("名称（英文）", "Label (English)"),
    "x-group": W("分组", "Group"),
    "x-groups": W("分组", "Groups"),
    "x-widget": W("控件", "Control"),
    "x-unit": W("单位", "Unit"),
    "x-example": W("示例", "Example"),
    "x-personal": W("个人信息", "Personal"),
    "x-pattern": W("写法", "How to write it"),
    "x-basis": W("依据", "Basis"),
    "x-source": W("来源标记", "Source mark"),
    "pattern": W("写法（正则）", "Pattern"),
    "const": W("必须为", "Must be"),
    "minimum": W("最小", "At least"),
    "maximum": W("最大", "At most"),
    "minLength": W("最短", "Shortest"),
    "maxLength": W("最长", "Longest"),
    "minItems": W("最少几项", "Fewest entries"),
    "maxItems": W("最多几项", "Most entries"),
    "title": W("标题", "Title"),
}
_REQUIRED = W("必填", "Required")
_TRUTH = {True: W("是", "yes"), False: W("否", "no")}
_APART = {"properties", "required", "items", "x-rules"}  # walked, or compared as rules
_WHOLE_FORM = W("整个表单", "The whole form")
_ACTS = {
    "review": W("审查", "review"),
    "inspect": W("现场核查", "on-site inspection"),
    "decide": W("决定", "decide"),
    "countersign": W("加签", "opinion asked"),
}
_WAY = W("流程走向", "Way through the process")


@dataclass(frozen=True, slots=True)
class Thing:
    """A field or a step. `heavy`: somebody who applies must fill it in."""

    name: Words
    facts: Facts
    heavy: bool = False

    @property
    def said(self) -> Words:
        """All of it in a line."""
        return W(
            "；".join(f"{name.zh}：{value.zh}" for name, value in self.facts.values()),
            "; ".join(f"{name.en}: {value.en}" for name, value in self.facts.values()),
        )


def form_facts(schema: Mapping[str, Any]) -> dict[str, Thing]:
    """JSON pointer → the field, groups of fields and the form itself included."""
    return {"/": Thing(_WHOLE_FORM, _attributes(schema)), **dict(_fields(schema, ""))}


def _fields(node: Mapping[str, Any], at: str) -> Iterator[tuple[str, Thing]]:
    for name, inner in node.get("properties", {}).items():
        pointer, required = f"{at}/{step(name)}", name in node.get("required", ())
        facts = {**_attributes(inner), "required": (_REQUIRED, _TRUTH[required])}
        label = str(inner.get("x-label", name))
        fills = required and "properties" not in inner
        yield pointer, Thing(W(label, str(inner.get("x-label-en", label))), facts, fills)
        yield from _fields(inner, pointer)
        if "items" in inner:
            entry = {
                **inner["items"],
                "x-label": f"{label}（每项）",
                "x-label-en": f"{inner.get('x-label-en', label)} (each)",
            }
            yield f"{pointer}/*", Thing(W(entry["x-label"], entry["x-label-en"]), _attributes(inner["items"]))
            yield from _fields(inner["items"], f"{pointer}/*")


def _attributes(node: Mapping[str, Any]) -> Facts:
    return {name: (_FORM.get(name, W(name, name)), _said(value)) for name, value in node.items() if name not in _APART}


def _said(value: Any) -> Words:
    if isinstance(value, bool):
        return _TRUTH[value]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return W(text, text)


def process_facts(xml: bytes) -> dict[str, Thing]:
    """Steps by their id, then each way from one to the next with its condition. The drawing is no fact."""
    model = parse_process(xml)
    steps = {node: Thing(_name(model, node), _step(model, node)) for node in model.order}
    ways: dict[str, Thing] = {}
    for flow in model.flows.values():
        condition = flow.condition.text if flow.condition else ""
        if model.nodes[flow.source].default == flow.id:
            said = W("其余情形", "in all other cases")
        else:
            said = W(condition, condition) if condition else W("总是", "always")
        source, target = _name(model, flow.source), _name(model, flow.target)
        name = W(f"{source.zh} → {target.zh}", f"{source.en} → {target.en}")
        ways[f"{flow.source}→{flow.target}"] = Thing(name, {"when": (_WAY, said)})
    return {**steps, **ways}


def _step(model: ProcessModel, node: str) -> Facts:
    one = model.nodes[node]
    facts = {"name": (W("名称", "Name"), one.name), "kind": (W("种类", "Kind"), W(one.kind, one.kind))}
    if one.kind == "task":
        facts |= {"post": (W("岗位", "Post"), W(one.post, one.post)), "act": (W("做什么", "Act"), _ACTS[one.act])}
        if one.joint:
            seats = f"{' '.join(one.joint.posts)}: {one.joint.need}"
            facts["joint"] = (
                W("会签席位和需同意数", "Seats of the joint review, and how many must agree"),
                W(seats, seats),
            )
    if one.outcome:
        facts["outcome"] = (W("结局", "Outcome"), W(one.outcome, one.outcome))
    return facts


def _name(model: ProcessModel, node: str) -> Words:
    name = model.nodes[node].name
    return name if name.zh else W(node, node)
