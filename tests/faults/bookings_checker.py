"""The judge of appointments in the storm: what phones were told, against the rows of slots, bookings and who waits."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

Ack = Mapping[str, Any]
ENTRY = {
    "early": "book",
    "book": "book",
    "move": "move-booking",
    "cancel": "cancel-booking",
    "check-in": "check-in",
    "offer": "book",
}
ONCE = ("book", "cancel-booking", "check-in")
LEAST = {"book": 15, "move": 10, "cancel": 10, "offer": 5, "check-in": 4}


class DayBook:
    """Appointments with their slots, documents and ledger entries, read once, as of one moment: the worker goes on giving
    rested places back while the judge reads."""

    def __init__(self) -> None:
        from django.db import connection, transaction

        with transaction.atomic():
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            self._read()

    def _read(self) -> None:
        from yichuang.core.models import Entry
        from yichuang.visits.models import Booker, Booking, Seat, Slot, Ticket, Waiting

        rows = list(Booking.objects.select_related("ticket").order_by("id"))
        self.bookings = {str(row.id): row for row in rows}
        self.by_key = {row.key.rsplit(":", 1)[-1]: row for row in rows}
        self.slots = list(Slot.objects.filter(booked__gt=0).order_by("id"))
        self.bookers = list(Booker.objects.order_by("person"))
        self.waits = {str(row.id): row for row in Waiting.objects.order_by("id")}
        self.tickets = {str(row.id): row for row in Ticket.objects.order_by("id")}
        resting = Seat.objects.filter(state__in=["OFFERED", "RESTING"]).order_by("id")
        self.resting = Counter(resting.values_list("slot_id", flat=True))
        self.entries: dict[str, Counter[str]] = defaultdict(Counter)
        for subject, act in (
            Entry.objects.filter(subject_kind="booking").order_by("id").values_list("subject_id", "act")
        ):
            self.entries[str(subject)][act] += 1


def lost(book: DayBook, acks: Iterable[Ack]) -> list[str]:
    """An appointment that a phone shows and nobody keeps, or an act on it that the ledger does not know."""
    return [f"{ack['kind']} {ack['number'] or ack['key']}: {fault}" for ack in acks if (fault := _fault(book, ack))]


def _fault(book: DayBook, ack: Ack) -> str:
    row = book.by_key.get(ack["key"]) if ack["kind"] == "book" else book.bookings.get(ack["id"])
    if row is None or (ack["number"] and row.number != ack["number"]):
        return "no such appointment"
    if not book.entries[str(row.id)][ENTRY[ack["kind"]]]:
        return "not in the ledger"
    if ack["kind"] == "cancel" and row.state != "CANCELLED":
        return f"it is {row.state}"
    if ack["kind"] == "check-in":
        held = book.tickets.get(ack["ticket"])
        return "" if held and held.number == ack["came"] and row.ticket_id == held.id else "its number is another"
    if ack["kind"] == "offer":
        waited = book.waits.get(ack["waiting"])
        return "" if waited and waited.state == "TAKEN" and waited.booking_id == row.id else "the list does not say so"
    return ""


def twice(book: DayBook, acks: Iterable[Ack]) -> list[str]:
    """One press that became two appointments, an act done twice, two numbers of one appointment, one told twice."""
    from yichuang.notices.models import Message

    found = [
        f"{book.bookings[id].number}: {act} ×{n[act]}" for id, n in book.entries.items() for act in ONCE if n[act] > 1
    ]
    pressed: dict[str, set[str]] = defaultdict(set)
    for ack in acks:
        if ack["kind"] == "book":
            pressed[ack["id"]].add(ack["key"])
    found += [f"{id} was made by {len(keys)} presses" for id, keys in pressed.items() if len(keys) > 1]
    moves = Counter(ack["id"] for ack in acks if ack["kind"] == "move")
    found += [
        f"{id} moved {book.entries[id]['move-booking']} times for {n} presses"
        for id, n in moves.items()
        if book.entries[id]["move-booking"] > n
    ]
    tickets = Counter(row.ticket_id for row in book.bookings.values() if row.ticket_id)
    found += [
        f"number {book.tickets[str(ticket)].number} of {n} appointments" for ticket, n in tickets.items() if n > 1
    ]
    told = Counter(Message.objects.filter(template="booking_made").order_by("id").values_list("dedupe", flat=True))
    return found + [f"told {n} times: {key}" for key, n in told.items() if n > 1]


def half_written(book: DayBook) -> list[str]:
    """A slot that counts other than what is held, a document that counts other than what is open, a number without its visit."""
    held = Counter(row.slot_id for row in book.bookings.values() if row.state != "CANCELLED")
    found = [
        f"slot {slot.starts_at}: {slot.booked} of {slot.capacity} taken, {held[slot.id]} held, {book.resting[slot.id]} resting"
        for slot in book.slots
        if slot.booked != held[slot.id] + book.resting[slot.id] or slot.booked > slot.capacity
    ]
    still = Counter(row.booker_id for row in book.bookings.values() if row.state == "BOOKED")
    found += [
        f"document {one.pk}: {one.open} open, {still[one.pk]} are" for one in book.bookers if one.open != still[one.pk]
    ]
    for row in book.bookings.values():
        if (row.state == "ARRIVED") != (row.ticket_id is not None):
            found.append(f"{row.number} is {row.state}, its number {row.ticket_id}")
    return found


def verdicts(book: DayBook, acks: list[Ack], control: list[Ack]) -> list[tuple[str, str, list[str]]]:
    """One line each. The control was acknowledged before anything was committed: some of it must come out as lost."""
    kinds = Counter(ack["kind"] for ack in acks)
    told = ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items()))
    wanted = {kind: n for kind, n in LEAST.items() if kind != "check-in" or not kinds["early"]}
    few = [f"only {kinds[kind]} {kind}" for kind, n in wanted.items() if kinds[kind] < n]
    seen = lost(book, control)
    return [
        ("appointments: lost 0", told, few + lost(book, acks)),
        ("appointments: nothing twice", f"{len(book.bookings)} appointments", twice(book, acks)),
        ("appointments: slots and documents count what is held", f"{len(book.slots)} slots", half_written(book)),
        (
            "appointments: control reported as lost",
            f"{len(seen)} of {len(control)} acknowledged too early",
            [] if seen else ["bookings were acknowledged before the commit, and none was reported as lost"],
        ),
    ]
