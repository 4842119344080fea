"""How much work one evaluation may be: a table from a district must not hang a server."""

from collections.abc import Mapping
from typing import Final

STEPS: Final = 200_000
"""Rounds of loops, calls, and items of lists that one decision may cost: below a second."""
BUDGET: Final = "\0budget"  # no name: a text cannot reach it
NOW: Final = "\0now"  # the moment that now() and today() tell; whoever evaluates brings it
MAX_TEXT: Final = 100_000  # characters of a text that is worked out
MAX_ITEMS: Final = 100_000


class OutOfSteps(Exception):
    """The work asked for is too much."""


class Budget:
    """Steps left."""

    __slots__ = ("left",)

    def __init__(self, steps: int = STEPS) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        """Take steps. Raises `OutOfSteps`."""
        self.left -= steps
        if self.left < 0:
            raise OutOfSteps


def spend(scope: Mapping[str, object], steps: int) -> None:
    """Take steps from the evaluation's budget. Raises `OutOfSteps`."""
    budget = scope.get(BUDGET)
    if isinstance(budget, Budget):
        budget.spend(steps)
