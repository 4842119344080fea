"""How much work one evaluation may be: a table from a district must not hang a server."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from time import thread_time
from typing import Final, Optional

from yichuang.engine.feel.kinds import Range, Val

STEPS: Final = 200_000
"""Rounds of loops, calls, and items of lists that one decision may cost: below a second."""
CHECK_STEPS: Final = 5 * STEPS
"""What a whole check may cost together, every cell, example and rule that it tries: some seconds."""
BUDGET: Final = "\0budget"  # no name: a text cannot reach it
NOW: Final = "\0now"  # the moment that now() and today() tell; whoever evaluates brings it
ROUNDS: Final = 64  # of spending between two looks at the processor's clock
MAX_TEXT: Final = 100_000  # characters of a text that is worked out
MAX_ITEMS: Final = 100_000
MAX_WEIGHT: Final = 2 * STEPS  # of one value, whatever is inside counted as often as it stands there


class OutOfSteps(Exception):
    """The work asked for is too much."""


class Budget:
    """Steps left; inside `one_budget` also of what all evaluations share. `seconds`: of the processor, for this thread."""

    __slots__ = ("left", "shared", "spent", "until")

    def __init__(self, steps: int = STEPS, *, seconds: float | None = None) -> None:
        self.left = steps
        self.shared = _shared.get()
        self.spent = 0
        self.until = None if seconds is None else thread_time() + seconds

    def spend(self, steps: int = 1) -> None:
        """Take steps. Raises `OutOfSteps`."""
        self.left -= steps
        if self.until is not None:
            self._look(self.until)
        if self.left < 0:
            raise OutOfSteps
        if self.shared is not None:
            self.shared.spend(steps)

    def _look(self, until: float) -> None:
        """The clock is asked now and then: it costs more than most steps."""
        self.spent += 1
        if not self.spent % ROUNDS and thread_time() > until:
            self.left = -1

    @property
    def over(self) -> bool:
        """Whether more was asked of it than there was."""
        return self.left < 0


_shared: ContextVar[Optional["Budget"]] = ContextVar("shared_budget", default=None)


@contextmanager
def one_budget(steps: int = CHECK_STEPS, *, seconds: float | None = None) -> Iterator[Budget]:
    """Inside, all evaluations together cost no more than this; within another one, than what that one has left.
    `seconds`: nor more than so much of the processor's time.

    What goes beyond fails as any evaluation that is too costly does; who asked looks at `over` in the end.
    """
    outer = _shared.get()
    if outer is not None:
        yield outer
        return
    budget = Budget(steps, seconds=seconds)
    token = _shared.set(budget)
    try:
        yield budget
    finally:
        _shared.reset(token)


def toil(steps: int) -> None:
    """Take steps of work that no expression does (a token that moves) from what all evaluations share, if they share.
    Raises `OutOfSteps`."""
    budget = _shared.get()
    if budget is not None:
        budget.spend(steps)


def spend(scope: Mapping[str, object], steps: int) -> None:
    """Take steps from the evaluation's budget. Raises `OutOfSteps`."""
    budget = scope.get(BUDGET)
    if isinstance(budget, Budget):
        budget.spend(steps)


def weight(value: object, most: int = MAX_WEIGHT) -> int:
    """All that is inside a value: items, entries and characters, each as often as it stands there.

    A list of twice the same list costs no memory, but whoever compares, copies or writes it walks it twice. Raises
    `OutOfSteps` beyond `most`.
    """
    total, waiting = 0, [value]
    while waiting:
        one = waiting.pop()
        total += 1
        if isinstance(one, str):
            total += len(one)
        elif isinstance(one, tuple | list):
            waiting.extend(one)
        elif isinstance(one, Mapping):
            waiting.extend(one.values())
        elif isinstance(one, Range):
            waiting.extend((one.low, one.high))
        if total + len(waiting) > most:
            raise OutOfSteps
    return total


def left_of(scope: Mapping[str, object]) -> int:
    """The heaviest value that the evaluation can still pay for."""
    budget = scope.get(BUDGET)
    return min(8 * max(budget.left, 0) + 8, MAX_WEIGHT) if isinstance(budget, Budget) else MAX_WEIGHT


def paid(scope: Mapping[str, object], *values: Val) -> tuple[Val, ...]:
    """The values, paid for."""
    charge(scope, *values)
    return values


def charge(scope: Mapping[str, object], *values: object) -> None:
    """Pay for walking lists and contexts. Raises `OutOfSteps`."""
    for value in values:
        if isinstance(value, tuple | Mapping | Range):
            spend(scope, weight(value, left_of(scope)) >> 3)
