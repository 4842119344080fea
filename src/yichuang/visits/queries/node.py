"""Reads of hall nodes: the journal that waits to be sent, how nodes stand, what was moved on both sides."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Sum

from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.visits import keeping
from yichuang.visits.booking_states import WORDS as BOOKING_WORDS
from yichuang.visits.booking_states import BookingState
from yichuang.visits.copying import Copy, copied, mark_of
from yichuang.visits.models import HallDay, NodeAct, NodeConflict, NodeLink, NumberBlock
from yichuang.visits.permissions import can_plan
from yichuang.visits.states import MOVE_WORDS, WORDS, Move, TicketState
from yichuang.visits.values import node as values
from yichuang.visits.values.node import (
    ActKind,
    ConflictKind,
    ConflictRow,
    Held,
    LinkRow,
    NodeNote,
    NodeRow,
    Version,
)

CUT = timedelta(seconds=30)  # nothing heard for so long: the line is down
TAKEN = W("取号", "number taken")
ARRIVED = W("预约报到", "checked in to an appointment")
OPENED = W("开窗", "window opened")
UNKNOWN = W("登记不了", "could not be entered")


def is_node() -> bool:
    """Whether this installation is a hall node."""
    return keeping.is_node()


def node_link() -> LinkRow | None:
    """At a node: who it is, how far the centre has its journal, when the centre was heard. None before it is paired."""
    row = NodeLink.objects.select_related("node").first() if keeping.is_node() else None
    if row is None:
        return None
    return LinkRow(
        row.node_id,
        row.node.place_id,
        row.bearer,
        row.seq,
        row.sent,
        row.heard_at,
        row.copied,
        row.copied_at,
        row.trouble,
    )


def unsent_acts(limit: int = 100) -> tuple[values.NodeAct, ...]:
    """The acts that the centre has not confirmed, in their order."""
    sent = NodeLink.objects.values_list("sent", flat=True).first()
    rows = NodeAct.objects.filter(seq__gt=sent or 0).order_by("seq")[:limit] if sent is not None else ()
    return tuple(
        values.NodeAct(row.id, row.seq, row.day, row.kind, row.at, row.body, row.previous, row.hash, row.signature)
        for row in rows
    )


def numbers_left(*, at: datetime) -> Mapping[UUID, int]:
    """At a node: how many numbers each queue of today still has."""
    rows = NumberBlock.objects.filter(day=local_date(at)).values("queue")
    left = rows.annotate(n=Sum(F("last") + 1 - F("upcoming"))).order_by("queue")
    return {row["queue"]: int(row["n"]) for row in left}


def copied_for_node(node: UUID, place: UUID, *, at: datetime) -> tuple[Copy, str]:
    """At the centre: what the node of this hall needs for the next days, and the mark of it."""
    copy = copied(node, place, at=at)
    return copy, mark_of(copy)


def keeper_of(place: UUID, *, at: datetime) -> UUID | None:
    """The node that keeps the hall today; None: the centre does."""
    return HallDay.objects.filter(place=place, day=local_date(at)).values_list("keeper", flat=True).first()


def node_note(place: UUID, *, at: datetime) -> NodeNote | None:
    """What to say of the hall's node at a window; None where the centre keeps the hall. One statement."""
    if not keeping.is_node():
        return NodeNote(here=False) if keeper_of(place, at=at) is not None else None
    row = node_link()
    if row is None:
        return None
    cut = row.heard_at if row.heard_at is not None and at - row.heard_at > CUT else None
    return NodeNote(True, cut, row.seq - row.sent)


def list_nodes(actor: Actor, *, at: datetime) -> tuple[NodeRow, ...]:
    """The nodes of the halls that the actor manages, with the days that they keep and the conflicts that wait."""
    found = []
    for row in NodeLink.objects.select_related("node").order_by("node__name", "node"):
        if not can_plan(actor, row.node.place_id):
            continue
        days = list(HallDay.objects.filter(keeper=row.node_id).order_by("day").values_list("day", "back_asked_at"))
        open_ones = NodeConflict.objects.filter(node=row.node_id, settled_at=None).count()
        asked = tuple(day for day, asked in days if asked is not None)
        found.append(
            NodeRow(
                row.node_id, row.node.name, row.node.place_id, row.heard_at, row.seq, tuple(d for d, _ in days), asked,
                open_ones,
            )
        )  # fmt: skip
    return tuple(found)


def list_conflicts(actor: Actor, *, settled: bool = False, limit: int = 100) -> tuple[ConflictRow, ...]:
    """What both sides moved, in the halls that the actor manages; the oldest first, of settled ones the newest."""
    rows = NodeConflict.objects.filter(settled_at__isnull=not settled).select_related("node", "settled_by", "first")
    places = [row.id for row in network.list_places() if can_plan(actor, row.id)]
    rows = rows.filter(place__in=places).order_by("-settled_at" if settled else "at", "id")[:limit]
    return tuple(_conflict(row) for row in rows)


def count_conflicts(actor: Actor) -> int:
    """How many wait for the actor."""
    by_place = Counter(NodeConflict.objects.filter(settled_at=None).order_by("id").values_list("place", flat=True))
    return sum(n for place, n in by_place.items() if can_plan(actor, place))


def _conflict(row: NodeConflict) -> ConflictRow:
    acts = NodeAct.objects.filter(node=row.node_id, subject=row.subject, seq__gte=row.first.seq).order_by("seq")
    found = list(acts) or [row.first]
    return ConflictRow(
        row.id,
        row.node.name,
        row.place_id,
        ConflictKind(row.kind),
        values.choices(ConflictKind(row.kind), row.first.kind),
        row.name,
        tuple(_hall_version(act) for act in found),
        _centre_version(row.kind, row.centre),
        row.at,
        row.settled_at,
        row.settled_by.name if row.settled_by else "",
        Held(row.held) if row.held else None,
        row.note,
    )


def _hall_version(act: NodeAct) -> Version:
    body, who = act.body, (act.body.get("actor") or {}).get("name", "")
    if act.kind == ActKind.MOVE.value:
        return Version(MOVE_WORDS[Move(body["move"])], body["window"], act.at, who)
    if act.kind == ActKind.DESK.value:
        return Version(OPENED, body["desk"]["window_number"], act.at, who)
    return Version(ARRIVED if act.kind == ActKind.ARRIVE.value else TAKEN, "", act.at, who)


def _centre_version(kind: str, told: Mapping[str, Any]) -> Version | None:
    if "at" not in told:
        return None
    at = datetime.fromisoformat(told["at"])
    return Version(_words(kind, told), told.get("window", ""), at, told.get("who", ""))


def _words(kind: str, told: Mapping[str, Any]) -> Words:
    if kind == ConflictKind.BOOKING.value:
        return BOOKING_WORDS[BookingState(told["state"])]
    return WORDS[TicketState(told["state"])] if told.get("state") else OPENED
