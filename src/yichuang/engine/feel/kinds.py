"""The values of FEEL, and how they compare. What cannot be known stays `Unknown`: it never becomes true by accident."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Months:
    """A duration of years and months (P1Y2M); its length in days depends on where it starts."""

    months: int

    @property
    def years(self) -> int:
        return int(self.months / 12)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why a value is not there: a name that is missing, kinds that do not fit, or arithmetic without a result."""

    why: Literal["missing", "kinds", "arithmetic"]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """An interval, with `op` a half one: its other end is null."""

    low: "Val"
    high: "Val"
    low_in: bool
    high_in: bool
    op: str = ""  # of a half range as written: `(< 5)`, `(!= 5)`; those are not the same as `(null..5)`


@dataclass(frozen=True, slots=True, eq=False)
class Lambda:
    """A function as a value (decisions only). `call` takes the arguments by position; it may raise `OutOfSteps`."""

    params: tuple[str, ...]
    call: "Callable[[tuple[Val, ...]], Val]"
    kind: object = None  # its type, where it is declared (`types.FunctionType`)


Val: TypeAlias = (
    "None | bool | Decimal | str | date | time | timedelta | Months | Range | Lambda | Unknown"
    " | tuple[Val, ...] | Mapping[str, object]"
)
KINDS: Final = Unknown("kinds")
ARITHMETIC: Final = Unknown("arithmetic")
MAX_EXPONENT: Final = 6144  # of a decimal128
ORDERED: Final = frozenset({"number", "string", "date", "moment", "time", "days", "months"})


_PLAIN: Final = frozenset({str, bool, Decimal, date})  # kinds of their own, whose values Python compares alike
_AS_THEY_ARE: Final = frozenset({str, bool, type(None), dict, date, datetime, Unknown})


def normalise(raw: object) -> Val:
    """A Python or JSON value as FEEL sees it: integers and floats become decimals, lists become tuples."""
    if type(raw) in _AS_THEY_ARE:  # most values: asking all the cases below costs more than the rest of a condition
        return raw  # type: ignore[return-value]  # its type was just looked up
    match raw:
        case None | bool() | date() | time() | timedelta() | Months() | Range() | Lambda() | Unknown() | Mapping():
            return raw
        case str():
            return str(raw)
        case int():
            return Decimal(raw)
        case float():
            return Decimal(repr(raw)) if math.isfinite(raw) else KINDS
        case Decimal():
            return raw if raw.is_finite() and abs(raw.adjusted()) <= MAX_EXPONENT else KINDS
        case list() | tuple():
            return tuple(normalise(item) for item in raw)
        case _:
            return KINDS


def settled(raw: object) -> Val:
    """The same for what an evaluation holds: its lists are as FEEL has them, and walking them each time would cost."""
    return raw if type(raw) is tuple else normalise(raw)


def kind_of(value: Val) -> str:  # noqa: C901  (one line per kind of value)
    """The FEEL type; a truth value is not a number, a moment is not a date."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case Decimal():
            return "number"
        case str():
            return "string"
        case datetime():
            return "moment"
        case date():
            return "date"
        case time():
            return "time"
        case timedelta():
            return "days"
        case Months():
            return "months"
        case tuple():
            return "list"
        case Range():
            return "range"
        case Lambda():
            return "function"
        case Unknown():
            return "unknown"
        case _:
            return "context"


def equal(left: Val, right: Val) -> bool | Unknown:
    """DMN 1.5, 10.3.2.13: null equals only null; different kinds cannot be compared."""
    if type(left) is type(right) and type(left) in _PLAIN:  # what is compared most
        return left == right
    if isinstance(left, Unknown):
        return left
    if isinstance(right, Unknown):
        return right
    if left is None or right is None:
        return left is right
    kind = kind_of(left)
    if kind != kind_of(right):
        return KINDS
    if isinstance(left, tuple) and isinstance(right, tuple):
        return _all_equal(left, right)
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return _same_context(left, right)
    return left == right


def _all_equal(left: tuple[Val, ...], right: tuple[Val, ...]) -> bool | Unknown:
    if len(left) != len(right):
        return False
    return all_of(equal(a, b) for a, b in zip(left, right, strict=True))


def _same_context(left: Mapping[str, object], right: Mapping[str, object]) -> bool | Unknown:
    if set(left) != set(right):
        return False
    return all_of(equal(normalise(left[key]), normalise(right[key])) for key in left)


def less(left: Val, right: Val) -> bool | Unknown:
    """Whether left < right; only values of one ordered kind have an answer."""
    if isinstance(left, Unknown):
        return left
    if isinstance(right, Unknown):
        return right
    kind = kind_of(left)
    if kind != kind_of(right) or kind not in ORDERED:
        return KINDS
    if isinstance(left, Months) and isinstance(right, Months):
        return left.months < right.months
    try:
        return bool(left < right)  # type: ignore[operator]  # one ordered kind, checked above
    except TypeError:  # a moment with a zone and one without
        return KINDS


def negate(truth: Val) -> bool | Unknown:
    """Three-valued not."""
    if isinstance(truth, bool):
        return not truth
    return truth if isinstance(truth, Unknown) else KINDS


def all_of(truths: Iterable[object]) -> bool | Unknown:
    """Three-valued and (DMN 1.5, table 50): one false decides, else one unknown spoils."""
    unknown: Unknown | None = None
    for truth in truths:
        if truth is False:
            return False
        if truth is not True:
            unknown = unknown or (truth if isinstance(truth, Unknown) else KINDS)
    return unknown or True


def any_of(truths: Iterable[object]) -> bool | Unknown:
    """Three-valued or: one true decides, else one unknown spoils."""
    unknown: Unknown | None = None
    for truth in truths:
        if truth is True:
            return True
        if truth is not False:
            unknown = unknown or (truth if isinstance(truth, Unknown) else KINDS)
    return unknown or False


def compare(op: str, left: Val, right: Val) -> bool | Unknown:
    """One of = != < <= > >=, three-valued."""
    match op:
        case "=":
            return equal(left, right)
        case "!=":
            return negate(equal(left, right))
        case "<":
            return less(left, right)
        case ">":
            return less(right, left)
        case "<=":
            return negate(less(right, left))
        case _:
            return negate(less(left, right))


def inside(value: Val, low: Val, high: Val, low_in: bool, high_in: bool) -> bool | Unknown:
    """Whether a value lies in a range."""
    return all_of((compare(">=" if low_in else ">", value, low), compare("<=" if high_in else "<", value, high)))


def matches(value: Val, test: Val) -> bool | Unknown:
    """The right side of `in`: a range holds the value, a list holds it or holds a range that does, else equality."""
    if isinstance(test, Range):
        return inside(value, test.low, test.high, test.low_in, test.high_in)
    if isinstance(test, tuple):
        if isinstance(value, Unknown):
            return value
        return any_of(matches(value, item) for item in test)
    return equal(value, test)
