"""What visits tell of themselves."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yichuang.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketTaken(Event):
    ticket: UUID
    place: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceStarted(Event):
    ticket: UUID
    place: UUID
    encounter: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEnded(Event):
    """One service to one person is over; who hears it asks for one rating."""

    ticket: UUID
    place: UUID
    encounter: UUID
    outcome: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingMade(Event):
    booking: UUID
    place: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingMissed(Event):
    """Somebody did not come to an appointment at the hall."""

    booking: UUID
    place: UUID
    at: datetime
