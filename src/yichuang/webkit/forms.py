"""Forms of items: a JSON Schema becomes fields on a page, and what was posted becomes the form's data. Works without JavaScript.

The annotations (`x-label`, `x-group`, `x-widget`, `x-options` …) are those of the pack format. HTML names are JSON pointers
("/dog/name"), so that a refusal's `field` finds its input. Nothing is judged here: that is `catalog.queries.check_form`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol

from yichuang.core.masks import mask_bank_card, mask_by_shape, mask_id, mask_mobile, mask_name
from yichuang.core.said import day_said
from yichuang.core.words import YES_NO, W, Words
from yichuang.webkit.problems import Problems, anchor

Schema = Mapping[str, Any]
JsonDict = dict[str, Any]
MOST_ROWS = 50  # of one list; more are refused by the schema, this only bounds the page
OTHER = "other"
_INPUTS = {"date": "date", "number": "text", "tel": "tel", "email": "email", "text": "text"}
_AUTOCOMPLETE = {"mobile": "tel-national", "email": "email"}


class Post(Protocol):
    """What was posted (django.http.QueryDict, or a fake in tests)."""

    def get(self, name: str, default: Any = None, /) -> Any: ...
    def getlist(self, name: str, /) -> list[Any]: ...
    def __contains__(self, name: str, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: Words
    hint: Words | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One field as the macro `schema_field` draws it. `kind`: group, list, radio, yesno, checks, agree, select, textarea or an input type."""

    name: str
    kind: str
    label: Words
    help: Words | None = None
    required: bool = False
    value: Any = ""
    options: tuple[Choice, ...] = ()
    children: tuple["Field", ...] = ()
    least: int = 0
    most: int | None = None
    longest: int | None = None
    unit: str = ""
    example: str = ""
    inputmode: str = ""
    autocomplete: str = ""
    personal: bool = False
    origin: Words | None = None

    @property
    def id(self) -> str:
        return anchor(self.name)

    @property
    def hinted(self) -> bool:
        return bool(self.help or self.example)


@dataclass(frozen=True, slots=True)
class Subject:
    """One page of the form: a subject, and the top-level properties on it."""

    id: str
    label: Words
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormPage:
    """A subject with its fields and problems, ready for the template."""

    subject: Subject
    fields: tuple[Field, ...]
    problems: Problems = field(default_factory=Problems)


# ── reading the schema ────────────────────────────────────────────────────────────────────────────────────────────


def words(schema: Schema, key: str = "x-label", default: str = "") -> Words:
    """The label of a schema in both languages."""
    zh = str(schema.get(key) or schema.get("title") or default) if key == "x-label" else str(schema.get(key) or "")
    return Words(zh, str(schema.get(f"{key}-en") or zh))


def resolve(schema: Schema, root: Schema) -> Schema:
    """The schema with its `$ref` (into `$defs`) followed; its own annotations win."""
    reference = schema.get("$ref")
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return schema
    target: Any = root
    for part in reference[2:].split("/"):
        target = target[part]
    return {**resolve(target, root), **{k: v for k, v in schema.items() if k != "$ref"}}


def type_of(schema: Schema) -> str:
    """The JSON type; of several, the first that is not null."""
    kind = schema.get("type", "")
    if isinstance(kind, list):
        kind = next((k for k in kind if k != "null"), "")
    return str(kind or ("object" if "properties" in schema else "string"))


def subjects(schema: Schema) -> tuple[Subject, ...]:
    """The pages of the form, in the order of the root's `x-groups`; what names no group is a subject by itself or "other"."""
    names: dict[str, list[str]] = {}
    labels: dict[str, Words] = {g["id"]: Words(g["zh"], g.get("en", g["zh"])) for g in schema.get("x-groups", ())}
    for name, raw in schema.get("properties", {}).items():
        prop = resolve(raw, schema)
        group = prop.get("x-group") or (name if type_of(prop) in {"object", "array"} else OTHER)
        names.setdefault(group, []).append(name)
        labels.setdefault(group, words(prop, default=name) if group != OTHER else W("其他", "Other details"))
    order = [g["id"] for g in schema.get("x-groups", ()) if g["id"] in names]
    order += [group for group in names if group not in order]
    return tuple(Subject(group, labels[group], tuple(names[group])) for group in order)


# ── drawing ───────────────────────────────────────────────────────────────────────────────────────────────────────


def render_schema(
    schema: Schema,
    form: Mapping[str, Any],
    problems: Problems | None = None,
    *,
    subject: Subject | None = None,
    origins: Mapping[str, Words] | None = None,
) -> tuple[FormPage, ...]:
    """The pages of the form (or the one of `subject`) with values and problems. `origins`: pointer → where a value came from."""
    pages = []
    required = set(schema.get("required", ()))
    for each in [subject] if subject else subjects(schema):
        fields = tuple(
            _field("/" + name, schema["properties"][name], form.get(name), name in required, schema, origins or {})
            for name in each.names
        )
        here = tuple("/" + name for name in each.names)
        mine = [
            p for p in problems or () if not p.field or any(p.field == h or p.field.startswith(h + "/") for h in here)
        ]
        pages.append(FormPage(each, fields, Problems(mine)))
    return tuple(pages)


def _field(pointer: str, raw: Schema, value: Any, required: bool, root: Schema, origins: Mapping[str, Words]) -> Field:
    schema = resolve(raw, root)
    label = words(schema, default=pointer.rpartition("/")[2])
    hint = words(schema, "x-help") if schema.get("x-help") else None
    kind = type_of(schema)
    if kind == "object":
        inside, values = set(schema.get("required", ())), value if isinstance(value, Mapping) else {}
        children = tuple(
            _field(f"{pointer}/{name}", child, values.get(name), name in inside, root, origins)
            for name, child in schema.get("properties", {}).items()
        )
        return Field(pointer, "group", label, hint, required, children=children)
    if kind == "array" and not _options(resolve(schema.get("items", {}), root)):
        return _list(pointer, schema, value, required, root, origins, label, hint)
    return _leaf(pointer, schema, value, required, root, label, hint, origins.get(pointer))


def _list(
    pointer: str, schema: Schema, value: Any, required: bool, root: Schema, origins: Mapping[str, Words],
    label: Words, hint: Words | None,
) -> Field:  # fmt: skip
    least, most = int(schema.get("minItems", 0)), schema.get("maxItems")
    rows = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else []
    rows += [None] * (max(least, 1 if required else 0) - len(rows))
    children = tuple(
        _field(f"{pointer}/{n}", schema.get("items", {}), row, True, root, origins)
        for n, row in enumerate(rows[:MOST_ROWS])
    )
    return Field(pointer, "list", label, hint, required, children=children, least=least, most=most)


def _leaf(
    pointer: str, schema: Schema, value: Any, required: bool, root: Schema, label: Words, hint: Words | None,
    origin: Words | None,
) -> Field:  # fmt: skip
    kind = _kind(schema, root)
    options = _options(resolve(schema.get("items", {}), root) if kind == "checks" else schema)
    shown: Any = [str(v) for v in value or ()] if kind == "checks" else as_text(value)
    shape = str(schema.get("format", ""))
    return Field(
        pointer, kind, label, hint, required, shown,
        options=options or (tuple(Choice(as_text(yes), words) for yes, words in YES_NO.items()) if kind == "yesno" else ()),
        longest=schema.get("maxLength"),
        unit=str(schema.get("x-unit", "")),
        example=str(schema.get("x-example", "")),
        inputmode={"integer": "numeric", "number": "decimal"}.get(type_of(schema), "numeric" if shape == "mobile" else ""),
        autocomplete=_AUTOCOMPLETE.get(shape, ""),
        personal=bool(schema.get("x-personal")),
        origin=origin if value not in (None, "") else None,
    )  # fmt: skip


def _kind(schema: Schema, root: Schema) -> str:
    widget, kind = str(schema.get("x-widget", "")), type_of(schema)
    if kind == "array":
        return "checks"
    if kind == "boolean":
        return "agree" if widget == "checkbox" or schema.get("const") is True else "yesno"
    if options := _options(schema):
        return widget if widget in {"radio", "select"} else ("radio" if len(options) <= 6 else "select")
    if widget == "textarea" or widget == "address":
        return "textarea" if widget == "textarea" else "text"
    if schema.get("format") == "date":
        return "date"
    return _INPUTS.get(widget, "tel" if schema.get("format") == "mobile" else "text")


def _options(schema: Schema) -> tuple[Choice, ...]:
    labels: Mapping[str, Any] = schema.get("x-options", {})
    return tuple(_choice(str(v), labels.get(str(v))) for v in _offered(schema, labels) if v is not None)


def _offered(schema: Schema, labels: Mapping[str, Any]) -> Iterable[Any]:
    return schema.get("enum") or (() if not labels or "const" in schema else labels)


def _label(schema: Schema, value: Any) -> Words | None:
    """The label of one option, without making all of them: a list of streets is long."""
    labels: Mapping[str, Any] = schema.get("x-options", {})
    text = str(value)
    known = any(v is not None and str(v) == text for v in _offered(schema, labels))
    return _choice(text, labels.get(text)).label if known else None


def _choice(value: str, label: Any) -> Choice:
    if not isinstance(label, Mapping):
        return Choice(value, Words(str(label or value), str(label or value)))
    hint = Words(label["hint"], label.get("hint-en", label["hint"])) if label.get("hint") else None
    return Choice(value, Words(label["zh"], label.get("en", label["zh"])), hint)


def as_text(value: Any) -> str:
    """A JSON value as an input shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


# ── reading what was posted ───────────────────────────────────────────────────────────────────────────────────────


def parse_schema_post(
    schema: Schema, post: Post, base: Mapping[str, Any] | None = None, subject: Subject | None = None
) -> JsonDict:
    """The form's data: `base` with the posted subject (or everything) in its place. Empty fields are left out;
    a number that is none stays as the text that was typed, so that it can be shown and refused beside its field."""
    form: JsonDict = dict(base or {})
    for name in subject.names if subject else schema.get("properties", {}):
        value = _parse("/" + name, schema["properties"][name], post, schema)
        if value in (None, "", {}, []):
            form.pop(name, None)
        else:
            form[name] = value
    return form


def _parse(pointer: str, raw: Schema, post: Post, root: Schema) -> Any:
    schema = resolve(raw, root)
    kind = type_of(schema)
    if kind == "object":
        found = {
            name: _parse(f"{pointer}/{name}", child, post, root) for name, child in schema.get("properties", {}).items()
        }
        return {name: value for name, value in found.items() if value not in (None, "", {}, [])}
    if kind == "array":
        items = resolve(schema.get("items", {}), root)
        if _options(items):
            return [_typed(v, items) for v in post.getlist(pointer)]
        rows = [_parse(f"{pointer}/{n}", items, post, root) for n in range(_count(post, pointer))]
        return [row if row is not None else "" for row in rows]
    value = post.get(pointer)
    if value is None and kind == "boolean" and schema.get("const") is not True and pointer + "#" in post:
        return False  # a box that was shown and left empty says no
    return _typed(value, schema)


def _count(post: Post, pointer: str) -> int:
    text = str(post.get(pointer + "#") or "0")
    return min(int(text), MOST_ROWS) if text.isdecimal() else 0


def _typed(value: Any, schema: Schema) -> Any:
    text = str(value).strip() if value is not None else ""
    if not text:
        return None
    match type_of(schema):
        case "boolean":
            return {"true": True, "false": False}.get(text, text)
        case "integer" if text.lstrip("-").isdecimal() and len(text) < 16:
            return int(text)
        case "number":
            return _number(text)
    return text.replace("\r\n", "\n")


def _number(text: str) -> Any:
    try:
        number = float(text)
    except ValueError:
        return text
    if number in (float("inf"), float("-inf")) or number != number:
        return text
    return int(number) if number.is_integer() and "." not in text and abs(number) < 1e15 else number


def press_buttons(schema: Schema, form: JsonDict, post: Post) -> str:
    """Carry out "add one" and "remove this one" of lists; the pointer that the page should go to, or "" when neither was pressed."""
    if added := str(post.get("_add") or ""):
        rows = _list_at(form, added, create=True)
        if rows is None or len(rows) >= MOST_ROWS:
            return ""
        rows.append({})
        return f"{added}/{len(rows) - 1}"
    if removed := str(post.get("_remove") or ""):
        pointer, _, index = removed.rpartition("/")
        rows = _list_at(form, pointer)
        if rows is not None and index.isdecimal() and int(index) < len(rows):
            del rows[int(index)]
        return pointer
    return ""


def _list_at(form: JsonDict, pointer: str, *, create: bool = False) -> list[Any] | None:
    here: Any = form
    parts = pointer.strip("/").split("/")
    for part in parts[:-1]:
        here = here.get(part) if isinstance(here, dict) else None
    if not isinstance(here, dict):
        return None
    rows = here.setdefault(parts[-1], []) if create else here.get(parts[-1])
    return rows if isinstance(rows, list) else None


# ── showing what was filled in ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of "check your answers": label and value as people read them; of a list, also which row ("股东 1")."""

    pointer: str
    name: Words
    value: Words
    row: Words = W("", "")
    personal: bool = False
    masked: Words = W("", "")  # what staff see of a personal line; the whole value only with a reason

    @property
    def label(self) -> Words:
        """Whole, where the line stands alone: 股东 1 · 姓名."""
        return Words(f"{self.row.zh} · {self.name.zh}", f"{self.row.en} · {self.name.en}") if self.row.zh else self.name


def answers_of(schema: Schema, form: Mapping[str, Any], subject: Subject) -> tuple[Answer, ...]:
    """The filled-in lines of a subject, nested ones with their parents' labels before them."""
    lines: list[Answer] = []
    for name in subject.names:
        _lines("/" + name, schema["properties"][name], form.get(name), schema, W("", ""), lines)
    return tuple(lines)


def _lines(pointer: str, raw: Schema, value: Any, root: Schema, row: Words, lines: list[Answer]) -> None:
    schema = resolve(raw, root)
    label = words(schema, default=pointer.rpartition("/")[2])
    kind = type_of(schema)
    if kind == "object":
        for name, child in schema.get("properties", {}).items():
            inner = value.get(name) if isinstance(value, Mapping) else None
            _lines(f"{pointer}/{name}", child, inner, root, row, lines)
    elif kind == "array" and not _options(resolve(schema.get("items", {}), root)):
        for n, inner in enumerate(value if isinstance(value, list) else ()):
            nth = Words(f"{label.zh} {n + 1}", f"{label.en}, no. {n + 1}")
            _lines(f"{pointer}/{n}", schema.get("items", {}), inner, root, nth, lines)
    else:
        shown = readable(schema, value, root)
        personal = bool(schema.get("x-personal"))
        lines.append(Answer(pointer, label, shown, row, personal, _masked(schema, shown) if personal else shown))


def readable(schema: Schema, value: Any, root: Schema) -> Words:
    """A leaf's value as people read it: the option's label, 是/否, the number with its unit; a dash where there is none."""
    if value in (None, "", []):
        return W("—", "—")
    if type_of(schema) == "array":
        inner = resolve(schema.get("items", {}), root)
        each = [readable(inner, v, root) for v in value]
        return Words("、".join(w.zh for w in each), ", ".join(w.en for w in each))
    if isinstance(value, bool):
        return YES_NO[value]
    if schema.get("format") == "date" and isinstance(value, str):
        return _day(value)
    if isinstance(value, str) and _is_month(schema.get("pattern", "")) and value.count("-") == 1:
        return _month(value)
    label = _label(schema, value)
    unit = f" {schema['x-unit']}" if schema.get("x-unit") else ""
    return label or Words(f"{value}{unit}", f"{value}{unit}")


def _day(value: str) -> Words:
    """2026年1月10日 / 10 January 2026; what is no day stays as it was written."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return Words(value, value)
    return day_said(day)


def _is_month(pattern: str) -> bool:
    """A pattern that lets months through (2024-05) and nothing that only looks like one."""
    return bool(pattern) and bool(re.search(pattern, "2024-05")) and not re.search(pattern, "2024-13")


def _month(value: str) -> Words:
    """2024年5月 / May 2024; what is no month stays as it was written."""
    try:
        first = date.fromisoformat(f"{value}-01")
    except ValueError:
        return Words(value, value)
    return Words(f"{first.year}年{first.month}月", f"{first:%B %Y}")


def masked_answers(schema: Schema, form: Mapping[str, Any]) -> list[tuple[Subject, tuple[Answer, ...]]]:
    """What was filed as staff read it, subject by subject: personal lines masked (the whole value: `people.unmask`)."""
    return [
        (subject, tuple(replace(line, value=line.masked) for line in answers_of(schema, form, subject)))
        for subject in subjects(schema)
    ]


def masked_form(schema: Schema, form: Mapping[str, Any]) -> JsonDict:
    """The form as programs of staff get it: its personal values masked, everything else as it was sent."""
    return {name: _masked_value(schema["properties"].get(name, {}), value, schema) for name, value in form.items()}


def _masked_value(raw: Schema, value: Any, root: Schema) -> Any:
    schema = resolve(raw, root)
    if isinstance(value, Mapping):
        known = schema.get("properties", {})
        return {name: _masked_value(known.get(name, {}), inner, root) for name, inner in value.items()}
    if isinstance(value, list):
        return [_masked_value(schema.get("items", {}), inner, root) for inner in value]
    return _mask(schema, str(value)) if schema.get("x-personal") and value not in (None, "") else value


_MASKS: Mapping[str, Callable[[str], str]] = {
    "name_cn": mask_name,
    "cn_id": mask_id,
    "mobile": mask_mobile,
    "bank_card": mask_bank_card,
}


def _mask(schema: Schema, text: str) -> str:
    """A personal value masked as its format demands; a choice or an amount shows nothing; of any other only the look is known."""
    if _options(schema) or schema.get("type") in {"number", "integer"}:
        return "****"
    return _MASKS.get(str(schema.get("format", "")), mask_by_shape)(text)


def _masked(schema: Schema, shown: Words) -> Words:
    """The line as staff read it; a dash, where nothing was filled in, stays one."""
    if shown.zh == "—":
        return shown
    text = "****" if schema.get("format") == "date" else _mask(schema, shown.zh)
    return Words(text, text)
