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
    op: str = ""  # `(< 5)`


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


# -- what only decisions write (DMN 1.5, 10.3.2); conditions refuse functions and powers


@dataclass(frozen=True, slots=True)
class Power(Node):
    base: "Tree"
    exponent: "Tree"


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`xs[item > 3]`, `xs[1]`."""

    base: "Tree"
    test: "Tree"


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for x in xs, i in 1..3 return …`."""

    sources: "tuple[tuple[str, Tree], ...]"
    body: "Tree"


@dataclass(frozen=True, slots=True)
class Steps(Node):
    """`1..3` as a source of `for`: it counts up or down."""

    low: "Tree"
    high: "Tree"


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    """`{a: 1, b: a + 1}`: an entry sees those before it."""

    entries: "tuple[tuple[str, Tree], ...]"


@dataclass(frozen=True, slots=True)
class FunctionOf(Node):
    """`function(a: number) a + 1`; without a body it is an external one, which never runs here."""

    params: "tuple[tuple[str, Kind | None], ...]"
    body: "Tree | None"


@dataclass(frozen=True, slots=True)
class Invoke(Node):
    """`f(1, 2)`, or with `names` `f(b: 2, a: 1)`."""

    function: "Tree"
    args: "tuple[Tree, ...]"
    names: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    value: "Tree"
    kind: "Kind"


@dataclass(frozen=True, slots=True)
class Kind:
    """A type as written: `number`, `list<number>`, `context<a: string>`, `function<number> -> string`, `tLoan`."""

    name: str
    inner: "tuple[tuple[str, Kind], ...]" = ()
    result: "Kind | None" = None


@dataclass(frozen=True, slots=True)
class UnaryTests(Node):
    """A cell of a table: any test holds for the input `?`, or with `negated` none does; no tests (`-`): always."""

    tests: "tuple[tuple[Comparison | None, Tree], ...]"
    negated: bool


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
    | Power
    | Filter
    | For
    | Steps
    | ContextOf
    | FunctionOf
    | Invoke
    | InstanceOf
    | UnaryTests
)
