"""What a decision that stands alone may not pass over: the guarded reading of `decide.py`.

The standard reads null as "not true": `if` goes to its else, a filter drops the item, `= 5` is false. A decision that
nobody looks at may not take any of these ways (docs/adr/0005), so in a guarded `World` null that nobody wrote stays null
until somebody asks whether it is true; that raises `Doubt`, and a person decides.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from yichuang.core.words import Words
from yichuang.engine.feel import nodes as n
from yichuang.engine.feel.budget import weight
from yichuang.engine.feel.kinds import Lambda, Unknown, Val

Scope: TypeAlias = Mapping[str, object]
Run: TypeAlias = Callable[[Scope], Val]
UNDECIDED: Final = Words("有一处条件无法判断", "a condition cannot be judged")
NO_MOMENT: Final = Words("没有给出当前时刻", "the present moment is not told")
TAKES_NULL: Final = frozenset({"all", "any", "not", "get value"})
"""Functions that keep null apart from false themselves."""


class Doubt(Exception):
    """Why a person has to decide."""

    def __init__(self, *words: Words) -> None:
        super().__init__("；".join(one.zh for one in words))
        self.words = words


def hollow(value: object) -> bool:
    """Whether null stands anywhere in a value. Raises `OutOfSteps` for one that is too large."""
    if isinstance(value, tuple | Mapping):
        weight(value)
    return _hollow(value)


def _hollow(value: object) -> bool:
    if value is None or isinstance(value, Unknown):
        return True
    if isinstance(value, tuple):
        return any(_hollow(one) for one in value)
    return isinstance(value, Mapping) and any(_hollow(one) for one in value.values())


def says_null(tree: n.Tree) -> bool:
    """Whether the author wrote null: who asks for null knows what it means."""
    return isinstance(tree, n.Literal_) and tree.value is None


def must(truth: Val) -> bool:
    """A truth value. Raises `Doubt` for anything else."""
    if not isinstance(truth, bool):
        raise Doubt(UNDECIDED)
    return truth


def sure(function: Lambda) -> Lambda:
    """A function that a function of the library asks for a truth (`sort`, `list replace`): it may not shrug."""
    call: Callable[[tuple[Val, ...]], Val] = function.call
    return Lambda(function.params, lambda args: must(call(args)), function.kind)


def full(items: tuple[Val, ...]) -> Val:
    """A list, or null when an item is: nobody knows what such a list holds."""
    return None if None in items else items


def lacks(values: tuple[Val, ...], written: tuple[bool, ...]) -> bool:
    """Whether an argument holds null that nobody wrote."""
    return any(hollow(value) and not wrote for value, wrote in zip(values, written, strict=True))


def asked(values: tuple[Val, ...]) -> tuple[Val, ...]:
    """Arguments whose functions have to answer yes or no."""
    return tuple([sure(value) if isinstance(value, Lambda) else value for value in values])
