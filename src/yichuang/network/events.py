"""What others may want to know of the network."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from yichuang.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChanged(Event):
    """A day, or the certainty of a year, has changed: due dates that reach `first_day` or later must be derived anew."""

    first_day: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorisationEnded(Event):
    """A place may no longer receive in a department's name after `last_day`."""

    authorisation: UUID
    department: UUID
    place: UUID
    last_day: date
    at: datetime
