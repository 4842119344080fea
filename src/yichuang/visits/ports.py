"""What visits ask of rooms above them; wired in settings."""

from collections.abc import Sequence
from typing import Protocol

from yichuang.visits.naive import Naive as Naive
from yichuang.visits.values import LineSeen, Wait


class WaitForecaster(Protocol):
    """Says how long somebody will wait, as an interval in which eight of ten waits lie."""

    def waits(self, seen: Sequence[LineSeen]) -> Sequence[Wait | None]:
        """One answer for each, in their order; None while no window calls from the queue: then nobody can know.

        Asked whenever a page shows a queue: at most one statement for all of them.
        """
        ...


_forecaster: WaitForecaster = Naive()


def register_forecaster(forecaster: WaitForecaster) -> None:
    """Let this one answer from now on."""
    global _forecaster
    _forecaster = forecaster


def forecaster() -> WaitForecaster:
    """Who answers: the naive one unless settings wired another."""
    return _forecaster
