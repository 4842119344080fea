"""Values of fields as JSON keeps them, as outside sources send them, and as spreadsheets spell them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from yichuang.registry.rules.comparing import day_of, number_of
from yichuang.registry.values import FIELDS, Base, FieldSpec, Value

LONGEST, MOST = 500, 200  # characters of a text, items of a list
EXACT = (
    10**15
)  # a spreadsheet keeps no more than fifteen digits of a number: a code beyond it is not what somebody typed
_YES, _NO = frozenset({"是", "true", "1", "yes", "y", "有"}), frozenset({"否", "false", "0", "no", "n", "无"})


def encoded(fields: Mapping[str, Value]) -> dict[str, object]:
    """As JSON: days in ISO form, decimals as text, lists as lists."""
    return {name: _encoded(value) for name, value in fields.items()}


def _encoded(value: Value) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def decoded(base: Base, fields: Mapping[str, object]) -> dict[str, Value]:
    """What JSON says, in the kinds of the catalogue; null is left out. ValueError (naming the field only) for what does not fit."""
    specs = FIELDS[base]
    found: dict[str, Value] = {}
    for name, raw in fields.items():
        if raw is None:
            continue
        if name not in specs:
            raise ValueError(f"no field {name[:40]}")
        found[name] = _decoded(specs[name], raw)
    return found


def _decoded(spec: FieldSpec, raw: object) -> Value:
    value: Value | None = None
    if spec.kind == "flag":
        value = raw if isinstance(raw, bool) else None
    elif spec.kind == "number":
        value = _number(raw)
    elif spec.kind == "date":
        value = day_of(raw) if isinstance(raw, str) else None
    elif spec.kind == "list":
        value = _list(raw)
    elif isinstance(raw, str) and len(raw) <= LONGEST:
        value = raw
    if value is None:
        raise ValueError(f"{spec.name} is no {spec.kind}")
    return value


def _number(raw: object) -> Decimal | None:
    return number_of(raw) if isinstance(raw, int | float | str) else None


def _list(raw: object) -> tuple[str, ...] | None:
    if not isinstance(raw, list | tuple) or len(raw) > MOST:
        return None
    return tuple(raw) if all(isinstance(item, str) and len(item) <= LONGEST for item in raw) else None


def parsed(spec: FieldSpec, cell: object) -> Value | None:
    """What a cell of a spreadsheet means: None when it is empty. ValueError when it means nothing of this kind."""
    if cell is None or cell == "" or cell == []:
        return None
    if spec.kind == "text" and not exact(cell):
        raise ValueError("a number that a spreadsheet rounded")
    text = str(cell).strip()
    if not text:
        return None
    if spec.kind == "flag":
        return _flag(cell, text)
    if spec.kind == "list" and not isinstance(cell, list | tuple):
        return _decoded(
            spec, [part.strip() for part in text.replace("；", ";").replace("、", ";").split(";") if part.strip()]
        )
    if spec.kind == "date":
        return _decoded(spec, text[:10] if len(text) > 11 else text)
    return _decoded(spec, cell if spec.kind in {"number", "list"} else text)


def exact(cell: object) -> bool:
    """Whether a cell says what was typed: of long numbers a spreadsheet forgets the last digits."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return True
    return isinstance(cell, int) and abs(cell) < EXACT


def _flag(cell: object, text: str) -> bool:
    if isinstance(cell, bool):
        return cell
    if text.casefold() in _YES:
        return True
    if text.casefold() in _NO:
        return False
    raise ValueError("no yes or no")
