"""Services that end, and people who rate them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.visits.hall import Hall

from yichuang.cases.commands.end import withdraw_case
from yichuang.core.actors import Channel, anonymous
from yichuang.feedback.commands.rate import rate
from yichuang.feedback.models import Invitation
from yichuang.feedback.queries import token_for
from yichuang.feedback.values import Rated
from yichuang.visits.models import Ticket

NOBODY = anonymous(channel=Channel.PORTAL)


def served(hall: Hall, who: str | None = "zhangxiao") -> Invitation:
    """Somebody took a number and was served at 李娜's window."""
    if not getattr(hall, "is_open", False):
        hall.open()
        hall.is_open = True  # type: ignore[attr-defined]  # once a hall
    taken = hall.take(person=hall.demo.actor(who).id if who else None)
    hall.serve()
    return Invitation.objects.get(subject=Ticket.objects.get(id=taken.ticket).encounter_id)


def withdrawn(demo: Any, who: str = "zhangxiao", at: datetime | None = None) -> Invitation:
    """A case filed online has ended."""
    person, at = demo.actor(who), at or demo.at
    receipt = demo.file(person)
    withdraw_case(actor=person, number=receipt.number, version=1, reason="不办了", at=at + timedelta(minutes=5))
    return Invitation.objects.get(subject=receipt.case_id)


def token_of(row: Invitation) -> str:
    return token_for(row.kind, row.subject)


def press(row: Invitation, actor: Any, at: datetime, level: int | None = 5, **more: Any) -> Rated:
    """Rate by the token of the service."""
    sent = {"token": token_of(row), "key": uuid4().hex, **more}
    return rate(actor=actor, level=level, at=at, **sent)
