"""Tells rooms below where a service that is over is rated: the messages of its end carry the address (docs/adr/0039)."""

from uuid import UUID

from yichuang.cases.events import ServiceKind
from yichuang.cases.ports import register_ratings
from yichuang.feedback.queries import address_of


def connect() -> None:
    """Called once at start-up."""
    register_ratings(where)


def where(kind: ServiceKind, subject: UUID) -> str:
    """The address of the page."""
    return address_of(kind.value, subject)
