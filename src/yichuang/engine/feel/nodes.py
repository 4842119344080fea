"""The tree of an expression. Every node knows where it stands in the text."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from yichuang.engine.feel.kinds import Val

Comparison = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Literal_(Node):
    value: Val


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable and the way into it: `dog.breed` is ("dog", "breed")."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Path(Node):
    """The way into any other value: `date("2026-01-31").year`."""

    base: "Tree"
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    items: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class RangeOf(Node):
    low: "Tree"
    high: "Tree"
    low_in: bool
    high_in: bool


@dataclass(frozen=True, slots=True)
class Compare(Node):
    op: Comparison
    left: "Tree"
    right: "Tree"


@dataclass(frozen=True, slots=True)
class In(Node):
    """`x in (a, [1..3], < 5)`: any test may hold. A test is a comparison with x, or a value, range or list."""

    value: "Tree"
    tests: "tuple[tuple[Comparison | None, Tree], ...]"


@dataclass(frozen=True, slots=True)
class And(Node):
    parts: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class Or(Node):
    parts: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class Not(Node):
    part: "Tree"


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """A chain of the same binding, worked from the left: a + b - c."""

    first: "Tree"
    rest: "tuple[tuple[str, Tree], ...]"


@dataclass(frozen=True, slots=True)
class Negate(Node):
    part: "Tree"


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: "Tree"
    then: "Tree"
    otherwise: "Tree"


@dataclass(frozen=True, slots=True)
class Call(Node):
    name: str
    args: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some x in xs satisfies …` or `every …`."""

    some: bool
    sources: "tuple[tuple[str, Tree], ...]"
    body: "Tree"


Tree: TypeAlias = (
    Literal_
    | Name
    | Path
    | ListOf
    | RangeOf
    | Compare
    | In
    | And
    | Or
    | Not
    | Arithmetic
    | Negate
    | If
    | Call
    | Quantified
)
