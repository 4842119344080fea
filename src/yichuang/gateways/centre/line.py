"""What a hall node does whenever the line is up: sends its acts until the centre has them, takes what is lent and known."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from yichuang.core.ledger import public_key_pem
from yichuang.gateways.centre import client
from yichuang.visits import queries
from yichuang.visits.commands import node as visits
from yichuang.visits.values.node import Head, LinkRow
from yichuang.visits.values.wire import as_wire, lent_from_wire

BATCH: Final = 100
WHOLE_EVERY = timedelta(seconds=20)  # loans and the centre's data; acts go at once


class NotPaired(Exception):
    """This installation was not paired with its centre yet."""


def pair(*, code: str, at: datetime) -> None:
    """Pair this installation with the centre of `YICHUANG_CENTRE`, and take its data and what it lends. Raises LineDown,
    Declined, Refused."""
    told = client.pair(code=code, public_key=public_key_pem().decode())
    node, bearer = told["node"], told["bearer"]
    asked = {"acts": [], "left": {}, "whole": True, "mark": ""}
    done = client.exchange(node=node, bearer=bearer, told=asked, at=at.timestamp())
    visits.begin_node(copy=done["copy"], mark=done["mark"], node=UUID(node), bearer=bearer, at=at)
    visits.accept_loan(lent=lent_from_wire(done["lent"]), place=UUID(told["place"]), at=at)


def talk(*, at: datetime) -> int:
    """One exchange after the other until the centre has every act; how many it took. Raises NotPaired, LineDown; what the
    centre declines is kept for the page."""
    sent = 0
    while True:
        link = queries.node_link()
        if link is None:
            raise NotPaired
        whole = link.copied_at is None or at - link.copied_at >= WHOLE_EVERY
        acts = queries.unsent_acts(BATCH)
        if not (acts or whole or _quiet(link, at)):
            return sent
        _once(link, acts, whole, at)
        sent += len(acts)
        if len(acts) < BATCH:
            return sent


def _quiet(link: LinkRow, at: datetime) -> bool:
    """Nothing was heard for some seconds: is the line still up?"""
    return link.heard_at is None or at - link.heard_at >= timedelta(seconds=5)


def _once(link: LinkRow, acts: Any, whole: bool, at: datetime) -> None:
    left = {str(queue): n for queue, n in queries.numbers_left(at=at).items()}
    told = {"acts": [as_wire(act) for act in acts], "left": left, "whole": whole, "mark": link.copied}
    try:
        done = client.exchange(node=str(link.node), bearer=link.bearer, told=told, at=at.timestamp())
    except client.Declined as no:
        visits.note_trouble(code=no.code, at=at)
        raise client.LineDown(no.code) from None
    take(link, done, at)


def take(link: LinkRow, done: Mapping[str, Any], at: datetime) -> None:
    """What the centre answered, each part in a transaction of its own: cut between them, the next exchange brings the rest."""
    visits.sent(head=Head(int(done["seq"]), str(done["hash"])), at=at)
    if "lent" in done:
        if done["copy"] is not None:
            visits.take_copy(copy=done["copy"], mark=done["mark"], at=at)
        visits.accept_loan(lent=lent_from_wire(done["lent"]), place=link.place, at=at)
        visits.note_whole(at=at)
