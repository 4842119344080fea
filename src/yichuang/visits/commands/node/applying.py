"""At the centre: a node's journal, act by act, each once and in its order; what does not fit is shown to a person, never guessed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DataError, IntegrityError, connection, transaction

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.faults import point
from yichuang.core.ledger import Subject
from yichuang.core.ledger.signing import is_signed
from yichuang.core.refusals import Reason, Refused
from yichuang.visits import messages
from yichuang.visits.commands.node import entering
from yichuang.visits.commands.node.entering import Clash
from yichuang.visits.keeping import lock_any
from yichuang.visits.models import HallDay, NodeAct, NodeConflict, NodeLink
from yichuang.visits.permissions import check_is_node
from yichuang.visits.rules.journal import Place, stands
from yichuang.visits.values import node as values
from yichuang.visits.values.node import ActKind, ActState, ConflictKind, Head

# what an act of another program may bring about: none of it stops the acts behind it
UNFIT = (Refused, DataError, IntegrityError, ObjectDoesNotExist, ValidationError, KeyError, TypeError, ValueError)
ENTER: Mapping[str, Callable[[HallDay, values.NodeAct, Actor, UUID], Clash | None]] = {
    ActKind.TAKE.value: entering.number_taken,
    ActKind.MOVE.value: entering.number_moved,
    ActKind.DESK.value: entering.desk_changed,
    ActKind.ARRIVE.value: entering.visitor_arrived,
    ActKind.HAND_BACK.value: entering.day_handed_back,
}


def receive(*, node: Actor, acts: Sequence[values.NodeAct], at: datetime) -> Head:
    """How far the node's journal is known now. Each act is its own transaction: what came again changes nothing, what comes
    too early waits for what is missing, a cut in the middle loses nothing.

    Refused JOURNAL_BROKEN for an act that is not what its hash says, does not follow the one before, or is not signed by
    the node; the acts before it stand.
    """
    identity, _ = check_is_node(node)
    head = _head(identity)
    for act in acts:
        found = _receive_one(node, act, at)
        if found is None:
            break
        head = found
    return head


def _head(node: UUID) -> Head:
    link = NodeLink.objects.filter(node=node).first()
    if link is None:
        raise Refused(Reason("NOT_PAIRED", messages.NOT_PAIRED), kind="forbidden")
    return Head(link.seq, link.head)


@transaction.atomic
def _receive_one(node: Actor, act: values.NodeAct, at: datetime) -> Head | None:
    identity, place = check_is_node(node)
    link = NodeLink.objects.select_for_update(of=("self",)).get(node=identity)
    head = Head(link.seq, link.head)
    known = NodeAct.objects.filter(node=identity, seq=act.seq).values_list("hash", flat=True).first() or ""
    where = stands(act, head, known)
    if where is Place.AHEAD:
        return None
    if where is Place.BROKEN or (
        where is Place.NEXT and not is_signed(act.hash.encode(), act.signature, link.public_key)
    ):
        raise Refused(Reason("JOURNAL_BROKEN", messages.JOURNAL_BROKEN.format(seq=act.seq)), kind="conflict")
    if where is Place.KNOWN:
        return head
    day = lock_any(place, act.day)
    clash = _enter(day, act, node)
    point("node_act.before_commit")
    state = ActState.CONFLICT if clash else ActState.APPLIED
    subject = act.body.get("subject") or None
    row = NodeAct.objects.create(
        id=act.id, node_id=identity, seq=act.seq, day=act.day, kind=act.kind, subject=subject, at=act.at, body=act.body,
        previous=act.previous, hash=act.hash, signature=act.signature, state=state.value, entered_at=at,
    )  # fmt: skip
    if clash:
        _show(row, place, clash, node, at)
    link.seq, link.head, link.heard_at = act.seq, act.hash, at
    link.save(update_fields=["seq", "head", "heard_at"])
    return Head(act.seq, act.hash)


def _enter(day: HallDay, act: values.NodeAct, node: Actor) -> Clash | None:
    """The act in the centre's books; or what stands against it."""
    assert node.id is not None
    about = act.body.get("subject")
    open_one = NodeConflict.objects.filter(node=node.id, subject=about, settled_at=None).first() if about else None
    if open_one is not None:  # whoever settles it sees the whole row of acts
        return Clash(ConflictKind(open_one.kind), open_one.name)
    try:
        with transaction.atomic():
            clash = ENTER[act.kind](day, act, _actor(day, act, node), node.id)
            connection.check_constraints()  # else what it points at would be looked for at the very end
    except Clash as against:
        return against
    except UNFIT as unfit:
        return Clash(ConflictKind.OTHER, str(act.seq), {"why": type(unfit).__name__})
    return clash


def _actor(day: HallDay, act: values.NodeAct, node: Actor) -> Actor:
    """Who did it, as the ledger names them: a member of staff of this hall, by the name that we know; else the node, for whom
    its machines and its clock act."""
    told: Mapping[str, Any] = act.body.get("actor") or {}
    if told.get("kind") != "staff":
        return node
    who = UUID(told["id"])
    name = entering.check_works_here(day, who, str(told.get("name", "")), act.at)
    return Actor("staff", id=who, name=name, channel=node.channel, place=node.place, device=node.device)


def _show(act: NodeAct, place: UUID, clash: Clash, node: Actor, at: datetime) -> None:
    subject = act.subject or act.id
    row = NodeConflict.objects.filter(node=act.node_id, subject=subject, settled_at=None).first()
    if row is not None:
        row.acts += 1
        row.save(update_fields=["acts"])
        return
    row = NodeConflict.objects.create(
        node_id=act.node_id, place_id=place, kind=clash.kind.value, subject=subject, name=clash.name[:40], first=act,
        centre=clash.centre, at=at,
    )  # fmt: skip
    detail = {"kind": clash.kind.value, "seq": act.seq}
    ledger.append(act="node-conflict", actor=node, at=at, subject=Subject("node-conflict", row.id), detail=detail)
