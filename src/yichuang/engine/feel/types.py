"""Types of decisions (DMN 1.5, 10.3.2.9 and 7.3.3): what is a value of one, and how a value is fitted to one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final, TypeAlias

from yichuang.engine.feel import nodes as n
from yichuang.engine.feel.budget import weight
from yichuang.engine.feel.kinds import Lambda, Range, Unknown, Val, kind_of, normalise

BASIC: Final = {
    "number": "number",
    "string": "string",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "date and time": "moment",
    "dateTime": "moment",
    "days and time duration": "days",
    "dayTimeDuration": "days",
    "years and months duration": "months",
    "yearMonthDuration": "months",
    "Null": "null",
    "function": "function",
    "list": "list",
    "context": "context",
    "range": "range",
}


@dataclass(frozen=True, slots=True)
class Any_:
    """Anything."""


@dataclass(frozen=True, slots=True)
class Basic:
    """One of FEEL's own kinds, as `kind_of` names them."""

    kind: str


@dataclass(frozen=True, slots=True)
class ListType:
    item: "Type"


@dataclass(frozen=True, slots=True)
class RangeType:
    end: "Type"


@dataclass(frozen=True, slots=True)
class ContextType:
    fields: "tuple[tuple[str, Type], ...]"


@dataclass(frozen=True, slots=True)
class FunctionType:
    params: "tuple[Type, ...]"
    result: "Type"


@dataclass(frozen=True, slots=True)
class Limited:
    """A type of which only some values are allowed; `text` is how the model says so."""

    base: "Type"
    allows: Callable[[Val], bool] = field(compare=False)
    text: str = ""


Type: TypeAlias = Any_ | Basic | ListType | RangeType | ContextType | FunctionType | Limited
ANY: Final = Any_()


def is_a(value: Val, kind: Type) -> bool:
    """Whether a value is of a type; null is of none but Any and Null."""
    match kind:
        case Any_():
            return value is not None
        case Basic(name):
            return kind_of(value) == name
        case Limited(base, allows):
            return is_a(value, base) and allows(value)
        case ListType(item):
            return isinstance(value, tuple) and all(one is None or is_a(one, item) for one in value)
        case RangeType(end):
            return isinstance(value, Range) and all(one is None or is_a(one, end) for one in (value.low, value.high))
        case ContextType(fields):
            return isinstance(value, Mapping) and all(_has(value, name, inner) for name, inner in fields)
    return isinstance(value, Lambda) and _function_fits(value, kind)


def _has(value: Mapping[str, object], name: str, kind: Type) -> bool:
    if name not in value:
        return False
    inner = normalise(value[name])
    return inner is None or is_a(inner, kind)


def _function_fits(value: Lambda, kind: FunctionType) -> bool:
    own = value.kind
    if not isinstance(own, FunctionType):
        return len(value.params) == len(kind.params)
    if len(own.params) != len(kind.params):
        return False
    return (isinstance(own.result, Any_) or narrows(own.result, kind.result)) and all(
        narrows(theirs, ours) for ours, theirs in zip(own.params, kind.params, strict=True)
    )


def narrows(inner: Type, outer: Type) -> bool:
    """Whether every value of `inner` is one of `outer` (DMN 1.5, 10.3.2.9.2)."""
    if isinstance(outer, Any_) or inner == outer or inner == Basic("null"):
        return True
    match inner, outer:
        case (Limited(base), _):
            return narrows(base, outer)
        case (ListType(one), ListType(other)) | (RangeType(one), RangeType(other)):
            return narrows(one, other)
        case (ContextType(fields), ContextType(wanted)):
            own = dict(fields)
            return all(name in own and narrows(own[name], kind) for name, kind in wanted)
        case (FunctionType(), FunctionType()):
            return len(inner.params) == len(outer.params) and narrows(inner.result, outer.result)
    return False


def fit(value: Val, kind: Type) -> Val:
    """The value as the type has it (10.3.2.9.4): a list of one is its item, an item a list of one, a date its midnight.

    `Unknown` when it does not fit; null fits. Raises `OutOfSteps` for what is too large.
    """
    if value is None or isinstance(kind, Any_):
        return value
    if isinstance(value, tuple | Mapping):
        weight(value)
    if is_a(value, kind):
        return value
    if isinstance(value, tuple) and len(value) == 1 and not _is_list(kind):
        return fit(value[0], kind) if value[0] is not None else Unknown("kinds")
    if _is_list(kind) and not isinstance(value, tuple):
        return (value,) if is_a((value,), kind) else Unknown("kinds")
    if kind == Basic("moment") and isinstance(value, date):  # a moment is of that kind already
        return datetime.combine(value, time(0))
    return Unknown("kinds")


def _is_list(kind: Type) -> bool:
    if isinstance(kind, Limited):
        return _is_list(kind.base)
    return isinstance(kind, ListType) or kind == Basic("list")


@dataclass(frozen=True)
class World:
    """The types that an expression may name."""

    types: Mapping[str, Type] = field(default_factory=dict)
    guarded: bool = False  # null is a doubt wherever the standard makes it false (`doubt.py`)

    def type_of(self, kind: n.Kind | None) -> Type | None:
        """The type as written; None when there is none of that name."""
        if kind is None or kind.name == "Any":
            return ANY
        inner = [(name, self.type_of(one)) for name, one in kind.inner]
        if any(one is None for _, one in inner):
            return None
        types = [one for _, one in inner if one is not None]
        if kind.result is not None:
            result = self.type_of(kind.result)
            return None if result is None else FunctionType(tuple(types), result)
        if kind.inner:
            return self._made(kind.name, [name for name, _ in inner], types)
        found = self.types.get(kind.name)
        return found or (Basic(BASIC[kind.name]) if kind.name in BASIC else None)

    @staticmethod
    def _made(name: str, names: list[str], types: list[Type]) -> Type:
        if name == "list":
            return ListType(types[0])
        if name == "range":
            return RangeType(types[0])
        return ContextType(tuple(zip(names, types, strict=True)))
