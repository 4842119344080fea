"""News of the catalogue."""

from dataclasses import dataclass
from datetime import datetime

from yichuang.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PackPublished(Event):
    """A version of an item was published; it applies from `effective_at`."""

    code: str
    version: int
    effective_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PackWithdrawn(Event):
    """From `effective_at` on the item cannot be applied for; cases under way keep their version."""

    code: str
    version: int
    effective_at: datetime
    at: datetime
