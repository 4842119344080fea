"""The judge of the hall in the storm: numbers, calls and services that were acknowledged, against the rows of the hall."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

Ack = Mapping[str, Any]
MOVES = {"call": "call", "start": "start", "finish": "finish"}
AFTER = {"call": "CALLED", "start": "SERVING", "finish": "DONE"}
KINDS = frozenset({"ticket", *MOVES})


class HallBook:
    """Tickets and the order of calls of the last day, which is the storm's, read once; before it lies the demo's past."""

    def __init__(self) -> None:
        from django.db.models import Max

        from yichuang.visits.models import Call, Ticket

        day = Ticket.objects.aggregate(last=Max("day"))["last"]
        self.tickets = {str(row.id): row for row in Ticket.objects.filter(day=day).order_by("id")}
        self.calls = list(Call.objects.filter(day=day).order_by("place_id", "seq"))
        self.moves: dict[str, list[str]] = defaultdict(list)
        for row in self.calls:
            self.moves[str(row.ticket_id)].append(row.move)
        self.encounters = {row.encounter_id for row in self.tickets.values() if row.encounter_id}


def lost(book: HallBook, acks: Iterable[Ack]) -> list[str]:
    """A number in somebody's hand that is no ticket, a call or a service that the order does not know."""
    found = []
    for ack in acks:
        row = book.tickets.get(ack["ticket"])
        if row is None or (ack["kind"] == "ticket" and row.number != ack["number"]):
            found.append(f"{ack['kind']} {ack['ticket']}: no such number")
        elif ack["kind"] != "ticket" and MOVES[ack["kind"]] not in book.moves[ack["ticket"]]:
            found.append(f"{ack['kind']} of {row.number} is not in the order of calls")
    return found


def twice(book: HallBook, acks: Iterable[Ack]) -> list[str]:
    """A number for two people, a person at two windows, an order with a gap."""
    printed = Counter(ack["number"] for ack in acks if ack["kind"] == "ticket")
    found = [f"{number} was printed {n} times" for number, n in printed.items() if n > 1]
    at = {(ack["ticket"], ack["who"]) for ack in acks if ack["kind"] == "call"}
    found += [f"ticket {ticket} was called to {n} windows" for ticket, n in Counter(t for t, _ in at).items() if n > 1]
    for ticket, moves in book.moves.items():
        found += [f"{book.tickets[ticket].number}: {move} ×{n}" for move, n in Counter(moves).items() if n > 1]
    seqs = [row.seq for row in book.calls]
    return found + ([] if seqs == list(range(1, len(seqs) + 1)) else ["the order of calls has a gap or a repeat"])


def half_written(book: HallBook) -> list[str]:
    """A ticket whose state the order does not explain, or a service without its encounter."""
    found = []
    for ticket, row in book.tickets.items():
        last = book.moves[ticket][-1] if book.moves[ticket] else ""
        if row.state != AFTER.get(last, "WAITING"):
            found.append(f"{row.number} is {row.state} after {last or 'nothing'}")
        if (row.encounter_id is not None) != (row.state in {"SERVING", "DONE"}):
            found.append(f"{row.number} is {row.state}, encounter {row.encounter_id}")
    return found


def verdicts(book: HallBook, acks: list[Ack]) -> list[tuple[str, str, list[str]]]:
    """One line each, as the storm's own judge gives them."""
    kinds = Counter(ack["kind"] for ack in acks)
    told = ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items()))
    few = [] if kinds["ticket"] >= 30 and kinds["finish"] >= 20 else ["too few numbers were taken or served"]
    return [
        ("hall: lost 0", told, few + lost(book, acks)),
        ("hall: nobody twice", f"{len(book.tickets)} numbers, {len(book.calls)} lines of the order", twice(book, acks)),
        ("hall: half-written 0", f"{len(book.encounters)} encounters", half_written(book)),
    ]
