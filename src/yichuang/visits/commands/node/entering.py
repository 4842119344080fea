"""An act of a node in the centre's books, under the lock of the hall's day: with the same line of the order, entry of the
ledger and event that the act would have had here. Raises `Clash` where the centre has it otherwise."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from yichuang.cases.commands.encounters import begin_encounter, end_encounter, hand_encounter_over
from yichuang.core import ledger, live
from yichuang.core.actors import Actor
from yichuang.core.copies import row_of, values_of
from yichuang.core.events import publish
from yichuang.core.ledger import Subject
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.visits import pauses
from yichuang.visits.booking_states import BookingState
from yichuang.visits.commands.booking.making import record
from yichuang.visits.copying import DAYS
from yichuang.visits.events import ServiceEnded, ServiceStarted, TicketTaken
from yichuang.visits.halls import note, remember, tell
from yichuang.visits.keeping import MOVES
from yichuang.visits.models import Booking, Call, Desk, HallDay, NumberBlock, Queue, Ticket
from yichuang.visits.places import count_open, lock_booking
from yichuang.visits.rules import order
from yichuang.visits.states import Move, TicketState, after
from yichuang.visits.values import LineMemory, Outcome, Pause, PauseWhy, Rule
from yichuang.visits.values.node import ConflictKind, NodeAct
from yichuang.visits.values.pauses import MINUTES


class Clash(Exception):
    """An act that does not fit: what it is about, and how the centre has it."""

    def __init__(self, kind: ConflictKind, name: str, centre: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{kind.value} {name}")
        self.kind, self.name, self.centre = kind, name, dict(centre or {})


def number_taken(day: HallDay, act: NodeAct, actor: Actor, node: UUID) -> None:
    """A number that the node gave: of those that were lent to it, for this queue and day."""
    told = values_of(Ticket, act.body["ticket"])
    queue = Queue.objects.get(id=told["queue_id"], place=day.place_id)
    lent = NumberBlock.objects.filter(node=node, queue=queue, day=act.day).order_by("first")
    given = {order.number(queue.letter, n) for block in lent for n in range(block.first, block.last + 1)}
    other = Ticket.objects.filter(place=day.place_id, day=act.day, number=told["number"]).first()
    here = told["place_id"] == day.place_id and told["day"] == act.day
    if told["number"] not in given or other is not None or not here or not is_fresh(told):
        raise Clash(ConflictKind.NUMBER, told["number"], as_it_stands(other))
    ticket = Ticket.objects.create(**named(day, told))
    tell(ticket)
    publish(TicketTaken(ticket=ticket.id, place=day.place_id, at=act.at))


def is_fresh(told: Mapping[str, Any]) -> bool:
    """Whether a number is as one that was just given: nobody has called it."""
    return told["state"] == TicketState.WAITING.value and told["desk_id"] is None and told["encounter_id"] is None


def named(day: HallDay, told: Mapping[str, Any]) -> Mapping[str, Any]:
    """A number in the name of who has or had an appointment in this hall; else in nobody's: a node knows no other people, and
    who moved the appointment elsewhere meanwhile has a number all the same."""
    known = Booking.objects.filter(place=day.place_id, booker=told["person_id"]).exists()
    return told if known else {**told, "person_id": None}


def number_moved(day: HallDay, act: NodeAct, actor: Actor, node: UUID) -> None:
    """A number that moved on: it must stand where the node saw it, after as many moves."""
    body = act.body
    ticket = Ticket.objects.select_related("queue", "desk").filter(id=body["subject"], place=day.place_id).first()
    if ticket is None:
        raise Clash(ConflictKind.TICKET, "")
    move, then = Move(body["move"]), values_of(Ticket, {name: body["ticket"][name] for name in MOVES})
    steps = Call.objects.filter(ticket=ticket).count()
    fits = body["step"] == steps + 1 and after(TicketState(ticket.state), move) == then["state"]
    if not fits or not Queue.objects.filter(id=then["queue_id"], place=day.place_id).exists():
        raise Clash(ConflictKind.TICKET, ticket.number, as_it_stands(ticket))
    desk = _desk_of(day, body["desk"])
    _desk_of(day, then["desk_id"])
    if _is_taken(then["desk_id"], then["state"], ticket):
        raise Clash(ConflictKind.TICKET, ticket.number, as_it_stands(ticket))
    served = ticket.encounter_id
    _serve(ticket, move, then, desk, actor, act)
    write_move(ticket, then)
    note(
        day, ticket, move, actor=actor, at=act.at, desk=desk, rule=Rule(body["rule"]) if body["rule"] else None,
        kept_from=body["kept_from"], helped=body["helped"],
    )  # fmt: skip
    if desk is not None:  # a program of before told of one queue, as "line": what it remembered begins anew
        told = {str(queue): queue for queue in desk.queues}
        lines = {told[queue]: LineMemory(*kept) for queue, kept in body.get("lines", {}).items() if queue in told}
        remember(act.day, lines)
    if move is Move.FINISH and served is not None:
        publish(ServiceEnded(
            ticket=ticket.id, place=day.place_id, encounter=served, outcome=ticket.outcome, at=act.at,
        ))  # fmt: skip


def _desk_of(day: HallDay, desk: str | UUID | None) -> Desk | None:
    """A window of this hall. Raises Desk.DoesNotExist for one of another hall: a node speaks for its own only."""
    return Desk.objects.get(id=desk, place=day.place_id) if desk else None


def _is_taken(desk: UUID | None, state: str, ticket: Ticket) -> bool:
    """Whether the window of the hall has somebody else at the centre (it was used on both sides)."""
    present = [TicketState.CALLED.value, TicketState.SERVING.value]
    if desk is None or state not in present:
        return False
    return Ticket.objects.filter(desk=desk, state__in=present).exclude(id=ticket.id).exists()


def write_move(ticket: Ticket, then: Mapping[str, Any]) -> None:
    """The columns that a move changes, as the node has them."""
    for name, value in then.items():
        setattr(ticket, name, value)
    ticket.save(update_fields=[name.removesuffix("_id") for name in then])


def _serve(ticket: Ticket, move: Move, then: Mapping[str, Any], desk: Desk | None, actor: Actor, act: NodeAct) -> None:
    """The encounter of the service, with the id that it has in the hall: filings and the rating name it."""
    had, has = ticket.encounter_id, then["encounter_id"]
    if move is Move.START and has is not None:
        assert desk is not None
        begin_encounter(
            actor=actor, place=desk.place_id, window=desk.window_number, person=ticket.person_id,
            staff=desk.staff_id, at=act.at, identity=has,
        )  # fmt: skip
        publish(ServiceStarted(ticket=ticket.id, place=desk.place_id, encounter=has, at=act.at))
    elif move is Move.RESUME and had is not None and has not in {None, had}:
        assert desk is not None
        hand_encounter_over(
            encounter=had, staff=desk.staff_id, window=desk.window_number, outcome=Outcome.SENT_ON.value, at=act.at,
            identity=has,
        )  # fmt: skip
    elif move is Move.TRANSFER and had is not None:
        end_encounter(encounter=had, outcome=Outcome.SENT_ON.value, at=act.at, goes_on=True)
    elif move is Move.FINISH and had is not None:
        end_encounter(encounter=had, outcome=then["outcome"], at=act.at)


def desk_changed(day: HallDay, act: NodeAct, actor: Actor, node: UUID) -> Clash | None:
    """A window of the hall. After the day was taken back the centre's windows stay as they are; one that the node opened is
    known then, but closed, so that its calls can be entered. So is one that was used on both sides, which is told."""
    told = values_of(Desk, act.body["desk"])
    window = network.find_window(day.place_id, told["window_number"])
    if told["place_id"] != day.place_id or window is None or window.id != told["window_id"]:
        raise Clash(ConflictKind.WINDOW, told["window_number"])  # of another hall
    told["staff_name"] = check_works_here(day, told["staff_id"], told["staff_name"], act.at)
    row = Desk.objects.filter(id=told["id"], place=day.place_id).first()
    kept = day.keeper_id == node
    if row is not None:
        if kept and row.closed_at is None:
            for name in ("queues", "paused_at", "closed_at"):
                setattr(row, name, told[name])
            row.save(update_fields=["queues", "paused_at", "closed_at"])
            _pause(row, act, actor)
            _record_desk(row, act, actor)
        return None
    others = Desk.objects.filter(closed_at=None)
    other = others.filter(window=told["window_id"]).first() or others.filter(staff=told["staff_id"]).first()
    closed = told["closed_at"] or (None if kept and other is None else act.at)
    row = Desk.objects.create(**{**told, "closed_at": closed})
    _record_desk(row, act, actor)
    if other is None:
        return None
    centre = {"window": other.window_number, "who": other.staff_name, "at": other.opened_at.isoformat()}
    return Clash(ConflictKind.WINDOW, row.window_number, centre)


def check_works_here(day: HallDay, staff: UUID, said: str, at: datetime) -> str:
    """The name of a member of staff who had a role in this hall then, or had it while the node could not yet know better.
    Raises Clash for anybody else: a node speaks for its hall's people only. `said`: whom it named."""
    name = people.name_at(staff, day.place_id, since=at - DAYS, until=at)
    if name is None:
        raise Clash(ConflictKind.STAFF, said)
    return name


def _pause(desk: Desk, act: NodeAct, actor: Actor) -> None:
    """The pause that began or ended at the node. A word of a later program is kept as another reason."""
    if desk.paused_at is None or desk.closed_at is not None:
        pauses.end(desk, act.at)
    elif pauses.running(desk) is None:
        told = act.body.get("pause") or {}
        why = told.get("why", PauseWhy.OTHER.value)
        known = why if why in {one.value for one in PauseWhy} else PauseWhy.OTHER.value
        meant = told.get("meant")
        pauses.begin(desk, Pause(known, meant if meant in MINUTES else None), actor.name, act.at)


def _record_desk(desk: Desk, act: NodeAct, actor: Actor) -> None:
    detail = {"window": desk.window_number}
    ledger.append(act=act.body["act"], actor=actor, at=act.at, subject=Subject("desk", desk.id), detail=detail)
    live.tell(f"hall:{desk.place_id}")


def visitor_arrived(day: HallDay, act: NodeAct, actor: Actor, node: UUID) -> None:
    """Somebody came to an appointment of which the centre must know no other end."""
    body = act.body
    booker, row = lock_booking(UUID(body["booking"]))
    if row.place_id != day.place_id:
        raise Clash(ConflictKind.BOOKING, "")  # of another hall: its number is nobody's business here
    if row.state != BookingState.BOOKED.value or str(row.slot_id) != body["slot"]:
        centre = {"state": row.state, "at": row.changed_at.isoformat(), "slot": row.slot.starts_at.isoformat()}
        raise Clash(ConflictKind.BOOKING, row.number, centre)
    has_come(row, UUID(body["ticket"]), act.at, actor)
    count_open(booker, -1)


def has_come(booking: Booking, ticket: UUID, at: datetime, actor: Actor) -> None:
    """The (locked) appointment is kept, with this number."""
    booking.state, booking.ticket_id, booking.changed_at = BookingState.ARRIVED.value, ticket, at
    booking.save(update_fields=["state", "ticket", "changed_at"])
    record(booking, actor, "check-in", at)


def day_handed_back(day: HallDay, act: NodeAct, actor: Actor, node: UUID) -> None:
    """All that the node did on the day stands before this: from here on the centre acts."""
    if day.keeper_id == node:
        day.keeper_id, day.taken_back_at = None, act.at
        day.save(update_fields=["keeper", "taken_back_at"])
        ledger.append(
            act="hand-day-back", actor=actor, at=act.at, subject=Subject("hall-day", day.id),
            detail={"day": day.day.isoformat()},
        )  # fmt: skip
        live.tell(f"hall:{day.place_id}")


def as_it_stands(ticket: Ticket | None) -> dict[str, Any]:
    """A number as the centre has it, for whoever compares."""
    if ticket is None:
        return {}
    last = Call.objects.filter(ticket=ticket).select_related("staff").order_by("-seq").first()
    whole = row_of(ticket)
    return {
        **{name: whole[name] for name in MOVES},
        "window": ticket.desk.window_number if ticket.desk else "",
        "at": (last.at if last else ticket.taken_at).isoformat(),
        "who": last.staff.name if last and last.staff else "",
    }
