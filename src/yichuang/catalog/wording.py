"""What a JSON Schema finding means to a person, in both languages, with the field's own label."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jsonschema_rs import ValidationError

from yichuang.catalog.pointers import step
from yichuang.core.words import W, Words

_TYPES: Mapping[str, Words] = {
    "string": W("文字", "text"),
    "integer": W("整数", "a whole number"),
    "number": W("数字", "a number"),
    "boolean": W("是或否", "yes or no"),
    "object": W("一组内容", "a group of entries"),
    "array": W("列表", "a list"),
    "null": W("空值", "nothing"),
}
_KINDS: Mapping[str, tuple[str, Words]] = {  # kind of finding -> our code and sentence
    "required": ("MISSING", W("请填写{label}", "Please enter: {label}")),
    "additionalProperties": ("UNKNOWN_FIELD", W("这里没有“{name}”这一项", "There is no entry “{name}” here")),
    "type": ("WRONG_TYPE", W("{label}应为{expected}", "{label}: this should be {expected}")),
    "maxLength": ("TOO_LONG", W("{label}不能超过 {limit} 个字", "{label}: no more than {limit} characters")),
    "minLength": ("TOO_SHORT", W("{label}至少 {limit} 个字", "{label}: at least {limit} characters")),
    "maximum": ("TOO_LARGE", W("{label}不能大于 {limit}", "{label}: no more than {limit}")),
    "exclusiveMaximum": ("TOO_LARGE", W("{label}应小于 {limit}", "{label}: must be less than {limit}")),
    "minimum": ("TOO_SMALL", W("{label}不能小于 {limit}", "{label}: at least {limit}")),
    "exclusiveMinimum": ("TOO_SMALL", W("{label}应大于 {limit}", "{label}: must be more than {limit}")),
    "multipleOf": ("NOT_A_STEP", W("{label}应为 {limit} 的倍数", "{label}: must be a multiple of {limit}")),
    "enum": ("NOT_OFFERED", W("{label}请从选项中选择", "{label}: please choose one of the options")),
    "const": ("NOT_AGREED", W("请确认：{label}", "Please confirm: {label}")),
    "pattern": ("BAD_PATTERN", W("{label}的写法不对，应为：{pattern}", "{label}: this should be {pattern}")),
    "maxItems": ("TOO_MANY", W("{label}最多 {limit} 项", "{label}: no more than {limit}")),
    "minItems": ("TOO_FEW", W("{label}至少 {limit} 项", "{label}: at least {limit}")),
    "uniqueItems": ("REPEATED", W("{label}有重复", "{label}: one entry appears twice")),
}
_FORMATS: Mapping[str, tuple[str, Words]] = {
    "date": (
        "BAD_DATE",
        W("{label}不是有效日期，应如 2026-03-02", "{label}: not a valid date, write it like 2026-03-02"),
    ),
    "street": ("BAD_STREET", W("{label}应为 9 位街道代码", "{label}: a sub-district code has 9 digits")),
    "community": ("BAD_COMMUNITY", W("{label}应为 12 位社区代码", "{label}: a community code has 12 digits")),
}
_TICK = W("请勾选：{label}", "Please tick: {label}")
_CHOOSE = W("请选择{label}", "Please choose: {label}")
_OTHER = ("INVALID", W("{label}不符合要求", "{label}: this is not right"))
_HERE = W("这一项", "this entry")


def label_of(schema: Mapping[str, Any], steps: Sequence[str | int]) -> Words:
    """What a person calls the field: its own label, with "第 2 项" where it stands in a list."""
    node: Any = schema
    label, row = _HERE, 0
    for one in steps:
        if isinstance(one, int):
            node, row = node.get("items", {}), one + 1
        else:
            node = node.get("properties", {}).get(one, {})
            label = W(str(node.get("x-label", one)), str(node.get("x-label-en", one)))
    if row:
        return W(f"第 {row} 项的{label.zh}", f"{label.en} (entry {row})")
    return label


def node_at(schema: Mapping[str, Any], steps: Sequence[str | int]) -> Mapping[str, Any]:
    """The schema of the field that the steps lead to; {} when there is none."""
    node: Any = schema
    for one in steps:
        node = node.get("items", {}) if isinstance(one, int) else node.get("properties", {}).get(one, {})
    return node if isinstance(node, Mapping) else {}


def pointer_of(steps: Sequence[str | int]) -> str:
    return "".join("/" + step(one) for one in steps)


def findings(schema: Mapping[str, Any], error: ValidationError) -> Iterator[tuple[str, str, Words]]:
    """(JSON pointer, our code, words) of one finding; one about several unknown fields, or a group that is missing as a
    whole, gives several: each is named where it is filled in."""
    steps = list(error.instance_path)
    kind: Any = error.kind  # its attributes differ by name
    if kind.name == "additionalProperties":
        for name in kind.unexpected:
            code, words = _KINDS["additionalProperties"]
            yield pointer_of([*steps, name]), code, words.format(name=str(name)[:40])
        return
    if kind.name == "required":
        for missing in _demanded(schema, [*steps, kind.property]):
            code, words = sentence(schema, missing, error)
            yield pointer_of(missing), code, words
        return
    code, words = sentence(schema, steps, error)
    yield pointer_of(steps), code, words


def _demanded(schema: Mapping[str, Any], steps: list[str | int]) -> Iterator[list[str | int]]:
    """The field that is missing there; of a group (never of a list) the fields that it demands, where it demands any."""
    node = node_at(schema, steps)
    inner = [name for name in node.get("properties", {}) if name in node.get("required", ())]
    if not inner:
        yield steps
    for name in inner:
        yield from _demanded(schema, [*steps, name])


def sentence(schema: Mapping[str, Any], steps: Sequence[str | int], error: ValidationError) -> tuple[str, Words]:
    """Our code and words for a finding at the steps."""
    label = label_of(schema, steps)
    kind: Any = error.kind
    if kind.name == "format":
        code, words = _FORMATS.get(str(kind.format), _OTHER)
        return code, words.format(label=label)
    node = node_at(schema, steps)
    if kind.name == "required" or (kind.name == "minLength" and not error.instance):
        return _KINDS["required"][0], _missing(node).format(label=label)
    code, words = _KINDS.get(kind.name, _OTHER)
    if kind.name == "const" and _is_tick(node):
        words = _TICK
    pattern = node.get("x-pattern") or {}
    expected = _TYPES.get(next(iter(getattr(kind, "types", ())), ""), _OTHER[1])
    limit = getattr(kind, "limit", getattr(kind, "multiple_of", ""))
    shown = W(str(pattern.get("zh", "")), str(pattern.get("en", "")))
    return code, words.format(label=label, limit=limit, expected=expected, pattern=shown, name="")


def _missing(node: Mapping[str, Any]) -> Words:
    """What to do about a field without a value: a box is ticked, an option is chosen, all else is filled in."""
    if _is_tick(node):
        return _TICK
    return _CHOOSE if node.get("type") == "boolean" or "enum" in node else _KINDS["required"][1]


def _is_tick(node: Mapping[str, Any]) -> bool:
    """Whether the field is a box that must be ticked (one that may stay empty says no)."""
    return node.get("type") == "boolean" and node.get("const") is True
