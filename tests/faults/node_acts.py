"""The acts of a hall node that the centre enters, for the fault points: cut anywhere, and sent again, each is entered once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from tests.visits.booked import BookedHall

from yichuang.core.actors import Actor, Channel
from yichuang.core.clock import local_date
from yichuang.core.copies import row_of
from yichuang.core.ids import new_id
from yichuang.core.ledger import public_key_pem
from yichuang.core.ledger.signing import sign_bytes
from yichuang.devices.models import Device
from yichuang.visits.commands import node
from yichuang.visits.models import HallDay, NumberBlock, Ticket
from yichuang.visits.rules.journal import START, hash_of
from yichuang.visits.values.node import NodeAct


def receiving(hall: BookedHall) -> Callable[[], Any]:
    """断网续办: a number that a node gave, in another hall, tomorrow."""
    place, tomorrow = hall.demo.actor("zhaomin").place, local_date(hall.at) + timedelta(days=1)
    device = Device.objects.create(place_id=place, kind="node", name=f"节点 {uuid4().hex[:6]}", made_at=hall.at)
    actor = Actor("device", id=device.id, channel=Channel.KIOSK, place=place, device=f"node:{device.id}")
    node.know_node(node=device.id, public_key=public_key_pem().decode(), at=hall.at)
    HallDay.objects.filter(place=place).update(keeper=None)  # of the node before
    node.lend_days(node=actor, left={}, at=hall.at)
    block = NumberBlock.objects.filter(node=device.id, day=tomorrow).select_related("queue").order_by("id").first()
    assert block is not None
    ticket = Ticket(
        place_id=place, day=tomorrow, number=f"{block.queue.letter}{block.first:03d}", queue=block.queue, source="kiosk",
        key=uuid4().hex, token_hash=uuid4().hex, taken_at=hall.at, order_at=hall.at,
    )  # fmt: skip
    body = {"ticket": row_of(ticket), "subject": str(ticket.id)}
    blank = NodeAct(new_id(), 1, tomorrow, "take", hall.at, body, START, "", "")
    proof = hash_of(blank)
    act = NodeAct(blank.id, 1, tomorrow, "take", hall.at, body, START, proof, sign_bytes(proof.encode()))
    return lambda: node.receive(node=actor, acts=[act], at=hall.at)


ACTS = (receiving,)
