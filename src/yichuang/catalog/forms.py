"""Checking an application form: schema, formats and rules over several fields, every reason at once."""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import jsonschema_rs

from yichuang.catalog.rules import typed_values, weigh
from yichuang.catalog.values import FormRule, Pack
from yichuang.catalog.wording import findings, pointer_of
from yichuang.core import identifiers
from yichuang.core.refusals import Reason
from yichuang.core.words import W

_MOST_VALUES = 2_000
_LONGEST = 20_000
_DEEPEST = 12
_LARGEST = 10**15
_BAD_CHARACTER = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]"
)  # controls but tab and line ends, half surrogates
_SHAPE = {
    "TOO_MANY_VALUES": W("填写的内容太多", "There are too many entries"),
    "TOO_DEEP": W("内容嵌套太深", "The entries are nested too deeply"),
    "TOO_LONG": W("内容太长", "This is too long"),
    "NUMBER_TOO_LARGE": W("数字太大或不是数字", "This number is too large, or not a number"),
    "BAD_CHARACTER": W("含有无法保存的字符", "This holds a character that cannot be stored"),
    "NOT_AN_OBJECT": W("表单内容应为一组项目", "The form must be a group of entries"),
    "WRONG_TYPE": W("内容类型不对", "This is not a kind of value that a form can hold"),
}


def _digits(length: int) -> Callable[[str], bool]:
    return lambda text: len(text) == length and text.isascii() and text.isdigit()


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


IDENTIFIERS: Mapping[str, Callable[[str, str, date], list[Reason]]] = {  # they say themselves what is wrong
    "cn_id": lambda text, field, today: identifiers.check_cn_id(text, field=field, on=today),
    "uscc": lambda text, field, today: identifiers.check_uscc(text, field=field),
    "mobile": lambda text, field, today: identifiers.check_mobile(text, field=field),
    "name_cn": lambda text, field, today: identifiers.check_name(text, field=field),
    "chip": lambda text, field, today: identifiers.check_chip(text, field=field),
    "region": lambda text, field, today: identifiers.check_region(text, field=field),
    "bank_card": lambda text, field, today: identifiers.check_luhn(text, field=field),
}
_SHAPES: Mapping[str, Callable[[str], bool]] = {
    "date": _is_date,
    "street": _digits(9),
    "community": _digits(12),
}
FORMATS = frozenset(_SHAPES) | frozenset(IDENTIFIERS)  # all that a form may name
Check = Callable[[str, str, date], list[Reason]]


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Where a form holds identifiers: the check of this very value, of each item of a list, of each property."""

    own: Check | None
    items: "Identifiers | None"
    properties: "Mapping[str, Identifiers]"

    def reasons(self, value: object, steps: Sequence[str | int], today: date) -> Iterator[Reason]:
        if isinstance(value, str):
            if self.own is not None and value:
                yield from self.own(value, pointer_of(steps), today)
        elif type(value) is dict or isinstance(value, Mapping):
            for key, inner in self.properties.items():
                if key in value:
                    yield from inner.reasons(value[key], [*steps, key], today)
        elif isinstance(value, list) and self.items is not None:
            for n, child in enumerate(value):
                yield from self.items.reasons(child, [*steps, n], today)


def identifiers_in(schema: Mapping[str, Any]) -> Identifiers | None:
    """The places of identifiers in a form's schema; None when there are none."""
    inner = {name: identifiers_in(child) for name, child in schema.get("properties", {}).items()}
    properties = {name: found for name, found in inner.items() if found is not None}
    own = IDENTIFIERS.get(str(schema.get("format")))
    items = identifiers_in(schema["items"]) if isinstance(schema.get("items"), Mapping) else None
    return Identifiers(own, items, properties) if own or items or properties else None


class FormChecker:
    """The compiled form of one situation (the properties whose x-when holds)."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema
        self.identifiers = identifiers_in(schema)
        self.validator = jsonschema_rs.Draft202012Validator(dict(schema), validate_formats=True, formats=dict(_SHAPES))

    def reasons(self, form: Mapping[str, Any], *, today: date, partial: bool) -> Iterator[Reason]:
        for error in self.validator.iter_errors(form):
            if partial and (error.kind.name in {"required", "minItems", "const"}):
                continue
            for pointer, code, words in findings(self.schema, error):
                yield Reason(code, words, pointer)
        if self.identifiers is not None:
            yield from self.identifiers.reasons(form, [], today)


def shape_reasons(form: object) -> list[Reason]:
    """What cannot be a form at all: wrong top, endless, huge, or unstorable. Checked before anything else."""
    if not isinstance(form, Mapping):
        return [Reason("NOT_AN_OBJECT", _SHAPE["NOT_AN_OBJECT"], "")]
    return [] if _is_storable(form) else _shape_faults(form)


def _shape_faults(form: Mapping[Any, object]) -> list[Reason]:
    found: list[Reason] = []
    stack: list[tuple[list[str | int], object]] = [([], form)]
    seen = 0
    while stack and len(found) < 20:
        steps, value = stack.pop()
        seen += 1
        if seen > _MOST_VALUES:
            return [*found, Reason("TOO_MANY_VALUES", _SHAPE["TOO_MANY_VALUES"], "")]
        if code := _shape_code(value, len(steps)):
            found.append(Reason(code, _SHAPE[code], pointer_of(_printable(steps))))
        elif isinstance(value, Mapping):
            stack.extend(([*steps, key], child) for key, child in value.items())
            stack.extend(([*steps], key) for key in value)
        elif isinstance(value, list | tuple):
            stack.extend(([*steps, n], child) for n, child in enumerate(value))
    return found


def _is_storable(form: Mapping[Any, object]) -> bool:
    """The same question without the reasons: what nearly every form passes, at a fraction of the price."""
    texts: list[Any] = []
    below: list[Any] = [form]
    seen, depth = 0, -1
    while below:
        level, below, depth = below, [], depth + 1
        seen += len(level)
        if depth > _DEEPEST or seen > _MOST_VALUES:
            return False
        for value in level:
            kind = type(value)
            if kind is str:
                texts.append(value)
            elif kind is dict or isinstance(value, Mapping):
                seen += len(value)
                texts.extend(value)
                below.extend(value.values())
            elif isinstance(value, list | tuple):
                below.extend(value)
            elif value is not None and _shape_code(value, depth):
                return False
    return _are_storable(texts)


def _are_storable(texts: Sequence[Any]) -> bool:
    """All at once; a key that is no text is looked at with the reasons."""
    if any(type(text) is not str or len(text) > _LONGEST for text in texts):
        return False
    return not _BAD_CHARACTER.search("\n".join(texts))


def _printable(steps: Sequence[str | int]) -> list[str | int]:
    return [s if isinstance(s, int) else str(s)[:60].encode("utf-8", "replace").decode() for s in steps]


def _shape_code(value: object, depth: int) -> str:
    if depth > _DEEPEST:
        return "TOO_DEEP"
    match value:
        case str():
            return _text_code(value)
        case None | bool() | dict() | list() | tuple() | Mapping():
            return ""
        case int():
            return "NUMBER_TOO_LARGE" if abs(value) > _LARGEST else ""
        case float():
            return "" if math.isfinite(value) and abs(value) <= _LARGEST else "NUMBER_TOO_LARGE"
        case _:
            return "WRONG_TYPE"


def _text_code(text: str) -> str:
    if len(text) > _LONGEST:
        return "TOO_LONG"
    return "BAD_CHARACTER" if _BAD_CHARACTER.search(text) else ""


# --- situations


def hidden_fields(pack: Pack, answers: Mapping[str, Any] | None, form: Mapping[str, Any]) -> frozenset[str]:
    """Pointers (into the form) of the properties that this situation does not have: their x-when does not hold.

    Without answers nothing is hidden that an answer could show; what depends on it is then simply not demanded.
    """
    if answers is None:
        return frozenset()
    return _hidden(pack, typed_values(pack, answers, form, {}))


def _hidden(pack: Pack, values: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(pointer for pointer, when in pack.form_conditions.items() if when.truth(values) is not True)


def situation_schema(pack: Pack, hidden: frozenset[str], *, lenient: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The form's schema without the hidden properties; the `lenient` ones stay but are not required."""
    return _prune(pack.form, "", hidden, lenient)


def _prune(node: Mapping[str, Any], pointer: str, hidden: frozenset[str], lenient: frozenset[str]) -> dict[str, Any]:
    kept = dict(node)
    if "properties" in node:
        kept["properties"] = {
            name: _prune(child, f"{pointer}/{name}", hidden, lenient)
            for name, child in node["properties"].items()
            if f"{pointer}/{name}" not in hidden
        }
        kept["required"] = [
            name
            for name in node.get("required", [])
            if name in kept["properties"] and f"{pointer}/{name}" not in lenient
        ]
    return kept


def within(schema: Mapping[str, Any], form: Mapping[str, Any]) -> dict[str, Any]:
    """What of a form the schema knows."""
    properties = schema.get("properties", {})
    return {
        name: within(properties[name], value) if isinstance(value, dict) and "properties" in properties[name] else value
        for name, value in form.items()
        if name in properties
    }


@lru_cache(maxsize=256)
def _checker(key: tuple[str, int, str], hidden: frozenset[str], lenient: frozenset[str], pack: "_ById") -> FormChecker:
    return FormChecker(situation_schema(pack.pack, hidden, lenient=lenient))


class _ById:
    """Carries a pack through the cache, whose key is the pack's code, version and digest."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById)

    def __hash__(self) -> int:
        return 0


def _checker_for(
    pack: Pack, answers: Mapping[str, Any] | None, form: Mapping[str, Any], values: Mapping[str, Any]
) -> FormChecker:
    """The compiled form of this situation. `values` are those of the rules, which also know the day."""
    if answers is None:
        return _checker(
            (pack.code, pack.version, pack.digest), frozenset(), frozenset(pack.form_conditions), _ById(pack)
        )
    conditions = (*pack.form_conditions.values(), *(question.when for question in pack.questions))
    asks_the_day = any(when is not None and "today" in when.names for when in conditions)
    hidden = hidden_fields(pack, answers, form) if asks_the_day else _hidden(pack, values)
    return _checker((pack.code, pack.version, pack.digest), hidden, frozenset(), _ById(pack))


# --- the two checks


def check(
    pack: Pack, form: Mapping[str, Any], *, today: date, answers: Mapping[str, Any] | None = None, partial: bool = False
) -> list[Reason]:
    """Every reason why the form cannot be taken, each with the JSON pointer of its field; [] when it is right.

    `partial` (a draft): what is missing is no fault yet, what is there must be right.
    """
    if shape := shape_reasons(form):
        return shape
    form = without_blanks(form)
    values = typed_values(pack, answers or {}, form, {"today": today})
    found = list(_checker_for(pack, answers, form, values).reasons(form, today=today, partial=partial))
    found.extend(broken_rules(pack, form, found, values, answers=answers, level="error"))
    if not found:
        return found
    unique = {(reason.code, reason.field): reason for reason in found}
    return sorted(unique.values(), key=lambda reason: _order(pack.form, reason.field or ""))


def without_blanks(value: Any) -> Any:
    """What a person left empty is missing, however the page or program sends it ("" or null)."""
    kind = type(value)
    if kind is str:
        return value
    if kind is dict or isinstance(value, Mapping):
        return {
            key: child if type(child) is str else without_blanks(child)
            for key, child in value.items()
            if child is not None and child != ""
        }
    return [without_blanks(child) for child in value] if isinstance(value, list | tuple) else value


def broken_rules(
    pack: Pack,
    form: Mapping[str, Any],
    found: Sequence[Reason],
    values: Mapping[str, Any],
    *,
    answers: Mapping[str, Any] | None,
    level: str,
) -> Iterator[Reason]:
    """The rules over several fields that do not hold over the situation's `values`. A rule about a field that is missing or wrong in itself waits."""
    spoiled = {reason.field for reason in found}
    for rule in pack.form_rules:
        if rule.level != level or not _ready(rule, form, spoiled):
            continue
        truth = weigh(rule.check, values)
        if truth is None and answers is None and "answers" in rule.check.names:
            continue  # it depends on what nobody was asked yet
        if truth is not True:
            yield Reason(rule.code, rule.words, rule.fields[0], pack.cite(rule.basis))


def _ready(rule: FormRule, form: Mapping[str, Any], spoiled: set[str | None]) -> bool:
    return all(field not in spoiled and value_at(form, field) not in (None, "") for field in rule.fields)


def value_at(form: object, pointer: str) -> Any:
    """The value at a JSON pointer, None when there is none."""
    for key in _keys(pointer):
        if type(form) is dict or isinstance(form, Mapping):
            form = form.get(key)
        elif isinstance(form, list) and key.isdigit() and int(key) < len(form):
            form = form[int(key)]
        else:
            return None
    return form


@lru_cache(maxsize=4096)
def _keys(pointer: str) -> tuple[str, ...]:
    return tuple(one.replace("~1", "/").replace("~0", "~") for one in pointer.split("/")[1:])


def _order(schema: Mapping[str, Any], pointer: str) -> tuple[int, ...]:
    """The place of a field in the form as it is shown, so that reasons come from top to bottom."""
    node: Any = schema
    places: list[int] = []
    for one in pointer.split("/")[1:]:
        if one.isdigit() and "items" in node:
            places.append(int(one))
            node = node["items"]
            continue
        names = list(node.get("properties", {}))
        places.append(names.index(one) if one in names else 9_999)
        node = node.get("properties", {}).get(one, {})
    return tuple(places)
