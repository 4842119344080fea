"""What a function takes: names and kinds of its parameters, by position or by name, in several shapes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, TypeVar

from yichuang.engine.feel.kinds import Lambda, Months, Range, Val

Run = Callable[..., Val]
F = TypeVar("F", bound=Callable[..., Val])


class _Gap:
    """An argument that does not fit, or was left out."""


GAP: Final = _Gap()


CHECKS: Final[dict[str, Callable[[object], bool]]] = {
    "any": lambda value: True,
    "text": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, Decimal),
    "truth": lambda value: isinstance(value, bool),
    "list": lambda value: isinstance(value, tuple),
    "context": lambda value: isinstance(value, Mapping),
    "function": lambda value: isinstance(value, Lambda),
    "range": lambda value: isinstance(value, Range),
    "moment": lambda value: isinstance(value, datetime),
    "date": lambda value: isinstance(value, date),
    "clock": lambda value: isinstance(value, time),
    "span": lambda value: isinstance(value, timedelta | Months),
    "point": lambda value: isinstance(value, Decimal | str | date | time | timedelta | Months),
}


@dataclass(frozen=True, slots=True)
class Param:
    """`name kind`, `name kind?` for what may be left out, `name kind*` for any number of them."""

    name: str
    kind: str
    optional: bool
    many: bool

    def fit(self, value: Val) -> object:
        """The value as the parameter takes it (a list of one is its item, an item a list of one), or `GAP`."""
        check = CHECKS[self.kind]
        if check(value):
            return value
        if isinstance(value, tuple) and len(value) == 1 and check(value[0]):
            return value[0]
        if self.kind == "list" and value is not None:
            return (value,)
        return GAP


@dataclass(frozen=True, slots=True)
class Shape:
    """One way to call a function."""

    params: tuple[Param, ...]
    run: Run

    def take(self, values: tuple[Val, ...]) -> list[object] | None:
        """The arguments of the call by position, or None when they do not fit."""
        last = self.params[-1] if self.params else None
        if last is not None and last.many:
            params: tuple[Param, ...] = (*self.params[:-1], *([last] * (len(values) - len(self.params) + 1)))
        else:
            params = self.params
        least = sum(1 for param in self.params if not param.optional)
        if not least <= len(values) <= len(params):
            return None
        taken: list[object] = []
        for param, value in zip(params, values, strict=False):
            fitted = param.fit(value)
            if fitted is GAP:
                if value is not None or not param.optional or param.many:
                    return None
                fitted = None
            taken.append(fitted)
        return taken

    def order(self, named: Mapping[str, Val]) -> tuple[Val, ...] | None:
        """Named arguments in the order of the parameters; None when a name is wrong or missing."""
        known = [param.name for param in self.params]
        if set(named) - set(known):
            return None
        values: list[Val] = []
        for param in self.params:
            if param.name not in named and not param.optional:
                return None
            values.append(named.get(param.name))
        while values and self.params[len(values) - 1].name not in named:
            values.pop()
        return tuple(values)


@dataclass(slots=True)
class Builtin:
    """A function of the library; `cost` is how its work grows with its lists: 1 linear, 2 squared."""

    name: str
    cost: int = 1
    shapes: list[Shape] = field(default_factory=list)

    def call(self, values: tuple[Val, ...]) -> Val:
        """The result, null when no shape fits."""
        for shape in self.shapes:
            taken = shape.take(values)
            if taken is not None:
                return shape.run(*taken)
        return None

    def named(self, named: Mapping[str, Val]) -> Val:
        """The same with named arguments."""
        for shape in self.shapes:
            values = shape.order(named)
            taken = None if values is None else shape.take(values)
            if taken is not None:
                return shape.run(*taken)
        return None


class Book:
    """The functions of one module, as they are written down."""

    def __init__(self) -> None:
        self.functions: dict[str, Builtin] = {}

    def add(self, name: str, *params: str, cost: int = 1) -> Callable[[F], F]:
        """Register a shape: each parameter is "name kind", the kind perhaps with ? or *."""

        def keep(run: F) -> F:
            builtin = self.functions.setdefault(name, Builtin(name, cost))
            builtin.shapes.append(Shape(tuple(_param(text) for text in params), run))
            return run

        return keep


def _param(text: str) -> Param:
    name, _, kind = text.rpartition(" ")
    bare = kind.rstrip("?*")
    return Param(name, bare, kind.endswith(("?", "*")), kind.endswith("*"))
