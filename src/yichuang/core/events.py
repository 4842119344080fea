"""News between rooms: frozen facts, published inside the transaction, handled in the same transaction by rooms above.

What may wait goes through `core.jobs.enqueue`. A handler that fails fails the act: nothing is half-done.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of every event. Subclasses are frozen dataclasses that carry ids and instants, never rows."""


E = TypeVar("E", bound=Event)
_handlers: dict[type[Event], list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(kind: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a handler of exactly this kind of event; done once at start-up by `<room>/handlers.py`."""

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        if handler not in _handlers[kind]:
            _handlers[kind].append(handler)
        return handler

    return register


def publish(event: Event) -> None:
    """Call the handlers in the order of registration, in the caller's transaction."""
    for handler in tuple(_handlers[type(event)]):
        handler(event)
