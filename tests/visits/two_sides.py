"""A centre and a hall node in one test: the node's tables lie in a schema of their own, what they say to each other goes
through JSON as on the line, and is delivered, lost, repeated or overtaken as the test wants."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import override_settings
from tests.visits.hall import Hall

from yichuang.core.actors import Actor, Channel
from yichuang.core.ledger import public_key_pem
from yichuang.core.ledger.signing import sign_bytes
from yichuang.devices.models import Device
from yichuang.visits import queries
from yichuang.visits.commands import node
from yichuang.visits.rules.journal import hash_of
from yichuang.visits.values.node import Head, Lent, NodeAct
from yichuang.visits.values.wire import as_wire, from_wire

# what a hall writes; all else both sides only read
OWN = ("visits_%", "feedback_%", "cases_encounter", "core_entry%", "core_unsequenced", "core_counter", "devices_%")
SHARED = ("visits_queue", "visits_qualifieditem", "visits_slot", "visits_booker", "visits_booking", "devices_device")


COPIED = ("network_%", "people_%")  # what a node has of its own when it takes copies


def make_node_schema(*more: str) -> None:
    """The node's own tables, empty but for what the centre gave it; with `more` tables of its own all are empty."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA node")
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE ANY(%s)", [[*OWN, *more]]
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"CREATE TABLE node.{table} (LIKE public.{table} INCLUDING ALL)")
        for table in () if more else SHARED:
            cursor.execute(f"INSERT INTO node.{table} SELECT * FROM public.{table}")


@contextmanager
def at_node() -> Iterator[None]:
    """Inside, everything happens in the hall."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path TO node, public")
    try:
        with override_settings(YICHUANG_CENTRE="http://centre.test"):
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL search_path TO public")


@contextmanager
def at_centre() -> Iterator[None]:
    """Inside a node's act: what happens at the other end of the line."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path TO public")
    try:
        with override_settings(YICHUANG_CENTRE=""):
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL search_path TO node, public")


@dataclass
class TwoSides:
    """The hall of 李娜 with its node, paired; `wire`: parcels on their way to the centre."""

    hall: Hall
    actor: Actor
    wire: list[str] = field(default_factory=list)
    answers: list[Head] = field(default_factory=list)

    @classmethod
    def of(cls, demo: Any) -> "TwoSides":
        return cls.around(Hall.of(demo))

    @classmethod
    def around(cls, hall: Hall) -> "TwoSides":
        """The same for a hall that has appointments already."""
        device = Device.objects.create(place_id=hall.place, kind="node", name="大厅节点", made_at=hall.at)
        make_node_schema()
        actor = Actor(
            "device", id=device.id, name="大厅节点", channel=Channel.KIOSK, place=hall.place, device=f"node:{device.id}"
        )
        node.know_node(node=device.id, public_key=public_key_pem().decode(), at=hall.at)
        with at_node():
            node.pair(node=device.id, bearer="ycd_test", at=hall.at)
        return cls(hall, actor)

    @property
    def at(self) -> datetime:
        return self.hall.at

    def lend(self, left: dict[UUID, int] | None = None) -> Lent:
        """The node asks, the centre answers, the answer arrives."""
        lent = node.lend_days(node=self.actor, left=left or {}, at=self.at)
        with at_node():
            node.accept_loan(lent=lent, place=self.hall.place, at=self.at)
        return lent

    def send(self, limit: int = 100) -> None:
        """What was not confirmed goes on its way (again)."""
        with at_node():
            acts = [as_wire(act) for act in queries.unsent_acts(limit)]
        self.wire.append(json.dumps(acts))

    def deliver(self, parcel: str) -> Head:
        acts = [from_wire(told) for told in json.loads(parcel)]
        head = node.receive(node=self.actor, acts=acts, at=self.at)
        self.answers.append(head)
        return head

    def confirm(self, head: Head) -> None:
        with at_node():
            node.sent(head=head, at=self.at)

    def sync(self) -> None:
        """Everything arrives, and the node hears so."""
        self.send()
        self.confirm(self.deliver(self.wire[-1]))
        self.lend()
        self.send()
        self.confirm(self.deliver(self.wire[-1]))


def resigned(act: NodeAct) -> NodeAct:
    """The act as a node would have written it itself."""
    act = replace(act, hash=hash_of(act))
    return replace(act, signature=sign_bytes(act.hash.encode()))
