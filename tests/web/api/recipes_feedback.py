"""For the contract test: a service that is over, rated by who was served, and what its hall reads of ratings."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.feedback.ratings import press, served, token_of
from tests.visits.hall import Hall


def _mine(world: Any) -> Any:
    return served(Hall.of(world.demo))


def _one(world: Any) -> None:
    world.path = {"token": token_of(_mine(world))}


def _rate(world: Any) -> None:
    _one(world)
    world.body = {"level": 2, "tags": ["slow"], "words": "等了很久", "key": "one-press"}


def _rated(world: Any) -> None:
    """Six ratings of the day before: enough for a sum, and old enough for words."""
    hall = Hall.of(world.demo)
    hall.at -= timedelta(days=1)
    for n in range(6):
        row = served(hall, None)
        press(row, world.demo.actor("moshengren"), hall.at, 5 - n % 5, tags=["quick", "slow"], words="话")
    world.user = "mali"


OPERATIONS: dict[str, Callable[[Any], Any]] = {
    "GET /ratings": _mine,
    "GET /ratings/{token}": _one,
    "POST /ratings/{token}": _rate,
    "GET /rating-figures": _rated,
    "GET /rating-figures/words": _rated,
}
