"""What feedback tells of itself."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yichuang.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingGiven(Event):
    """A service was rated. `owed`: a return visit is owed for it; who hears it learns neither person nor words."""

    rating: UUID
    place: UUID | None
    department: UUID | None
    level: int
    owed: bool
    at: datetime
