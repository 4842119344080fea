"""Both sides know each other: the centre the node's public key, the node what it shows to the centre."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.core import ledger
from yichuang.core.actors import SYSTEM
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Reason, Refused
from yichuang.visits import messages
from yichuang.visits.copying import Copy, take_copied
from yichuang.visits.models import NodeLink


@transaction.atomic
def know_node(*, node: UUID, public_key: str, at: datetime) -> None:
    """At the centre: by which key this node's acts are signed. A node that was set up anew begins a new journal only as a new
    machine: Refused KEY_CHANGED, because acts of the old one may still be on the way."""
    link, new = NodeLink.objects.select_for_update(of=("self",)).get_or_create(
        node_id=node, defaults={"public_key": public_key, "heard_at": at}
    )
    if not new and link.public_key != public_key:
        raise Refused(Reason("KEY_CHANGED", messages.KEY_CHANGED), kind="conflict")
    if new:
        ledger.append(act="node-paired", actor=SYSTEM, at=at, subject=Subject("device", node))


@transaction.atomic
def pair(*, node: UUID, bearer: str, at: datetime) -> None:
    """At the node: who it is, and the key that it shares with the centre. Refused PAIRED when it is another node already."""
    link, new = NodeLink.objects.select_for_update(of=("self",)).get_or_create(
        node_id=node, defaults={"bearer": bearer, "heard_at": at}
    )
    if NodeLink.objects.exclude(node=node).exists():
        raise Refused(Reason("PAIRED", messages.PAIRED), kind="conflict")
    if not new:
        link.bearer, link.heard_at = bearer, at
        link.save(update_fields=["bearer", "heard_at"])


@transaction.atomic
def begin_node(*, copy: Copy, mark: str, node: UUID, bearer: str, at: datetime) -> None:
    """At the node: its first copy of the centre's data, and who it is, both or neither."""
    take_copied(copy)
    pair(node=node, bearer=bearer, at=at)
    NodeLink.objects.update(copied=mark)


@transaction.atomic
def take_copy(*, copy: Copy, mark: str, at: datetime) -> None:
    """At the node: the centre's data as it is now."""
    take_copied(copy)
    NodeLink.objects.update(copied=mark)


def note_whole(*, at: datetime) -> None:
    """At the node: the centre's data and loans were heard of."""
    NodeLink.objects.update(copied_at=at)


def note_trouble(*, code: str, at: datetime) -> None:
    """At the node: the centre declined, and why."""
    NodeLink.objects.update(trouble=code)
