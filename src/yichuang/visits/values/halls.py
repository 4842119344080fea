"""What everybody may know of halls as they stand now."""

from dataclasses import dataclass
from uuid import UUID

from yichuang.core.words import Words

TRAVELS = (5, 10, 15, 20, 30, 45, 60)  # minutes of the way that a person may choose; nobody asks where they are


@dataclass(frozen=True, slots=True)
class HallNow:
    """The queue of a hall that takes an item, as it stands now. `least`, `most`: minutes that who joins now will wait
    (None: no window serves it)."""

    place: UUID
    queue: UUID
    letter: str
    name: Words
    waiting: int
    desks: int
    least: int | None
    most: int | None
    shut: bool = False  # the hall is open by extended hours (延时办理), and they are not for this queue
