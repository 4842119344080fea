"""What the person of an appointment is told, by SMS where a number is known; the same news once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yichuang.catalog import queries as catalog
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.notices import commands as notices
from yichuang.notices.values import Address
from yichuang.people import queries as people
from yichuang.visits.models import Booking, Slot, Waiting
from yichuang.visits.values.booking import KIND_WORDS, BookingKind

AND_MORE = W("{first}等 {n} 项", "{first} and others, {n} in all")
A_VISIT = W("到访", "a visit")


def named(items: Sequence[str]) -> Words:
    """What the person comes for, in a message's length."""
    if not items:
        return A_VISIT
    first = catalog.published_name(items[0]) or Words(items[0], items[0])
    return first if len(items) == 1 else AND_MORE.format(first=first, n=len(items))


def tell(booking: Booking, template: str, *, at: datetime, mark: str = "", **more: object) -> None:
    """Tell the person of the appointment as it stands now; `mark`: of which of several such things, each told once."""
    slot = booking.slot
    values = {
        "number": booking.number,
        "kind": KIND_WORDS[BookingKind(slot.kind)],
        "what": named(booking.items),
        **more,
    }
    _send(booking.booker_id, slot, template, values, f"{template}:{booking.id}:{mark or booking.sequence}", at)


def tell_offer(entry: Waiting, slot: Slot, until: datetime, *, seat: UUID, at: datetime) -> None:
    """Tell who waits that a place is kept for them."""
    values = {"what": named(entry.items), "until": until}
    _send(entry.booker_id, slot, "place_offered", values, f"place_offered:{seat}:{entry.id}", at)


def _send(person: UUID, slot: Slot, template: str, values: dict[str, object], dedupe: str, at: datetime) -> None:
    to = people.get_party(person)
    notices.send(
        address=Address("sms" if to.mobile else "inbox", to.mobile, to.id),
        locale=to.language or "zh-hans",
        template=template,
        values={"when": slot.starts_at, "place": network.get_place_by_id(slot.place_id).name, **values},
        at=at,
        dedupe=dedupe,
    )
