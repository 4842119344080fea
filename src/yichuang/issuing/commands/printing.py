"""Printing on paper: every copy of a certificate or document that leaves the desk is counted."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.ids import new_id
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.issuing.commands.render import locked_code
from yichuang.issuing.models import Print
from yichuang.issuing.permissions import check_can_print
from yichuang.issuing.values import SubjectKind

MOST_COPIES = 20
_COPIES = W("份数应为 1 至 {most}", "The number of copies must be 1 to {most}")


@transaction.atomic
def record_print(*, actor: Actor, kind: SubjectKind, id: UUID, copies: int, at: datetime) -> int:
    """Count copies printed at the desk; returns how many there are now."""
    check_can_print(actor)
    if not 1 <= copies <= MOST_COPIES:
        raise Refused(Reason("COPIES", _COPIES.format(most=MOST_COPIES), "/copies"))
    code = locked_code(kind, id, at)
    Print.objects.create(id=new_id(), public_code=code, copies=copies, at=at, by_kind=actor.kind, by_id=actor.id)
    ledger.append(act="paper.print", actor=actor, at=at, subject=ledger.Subject(kind, id), detail={"copies": copies})
    return sum(code.prints.order_by("id").values_list("copies", flat=True))
