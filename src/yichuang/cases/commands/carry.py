"""全城通办: the result on paper is made at the responsible place, sent to the one that took the filing, and received there."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import messages, tellings
from yichuang.cases.commands.end import make_ready
from yichuang.cases.events import CaseReady
from yichuang.cases.models import Case, ResultPlace
from yichuang.cases.moves import begin, finish
from yichuang.cases.results import lay
from yichuang.cases.states import Act
from yichuang.cases.values import CaseHead
from yichuang.cases.vouch import fresh_facts
from yichuang.core import events, ledger, live
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Conflict, Reason, Refused
from yichuang.network import queries as network

CARRIER_LENGTH = 60


@transaction.atomic
def result_made(*, case: UUID, at: datetime) -> None:
    """The result on paper is made (called by `issuing`): ready where the case was taken, or, taken for another place,
    lying at the responsible one until it is sent. May be repeated."""
    row = Case.objects.select_for_update(of=("self",)).get(id=case)
    if row.taking_place_id == row.responsible_place_id:
        make_ready(case=case, place=row.taking_place_id, at=at)
        return
    if ResultPlace.objects.filter(case=row).exists():
        return
    lay(row, place=row.responsible_place_id, at=at)
    where = network.get_place_by_id(row.responsible_place_id)
    ledger.append(
        act="result-made",
        actor=SYSTEM,
        at=at,
        subject=Subject("case", row.id),
        detail={"place": where.code},
        facts=fresh_facts(row),
    )
    live.tell(f"case:{row.id}", f"place:{where.id}")


@transaction.atomic
def send_result(*, actor: Actor, number: str, version: int, carrier: str, at: datetime) -> CaseHead:
    """The responsible place gives the result to a carrier (own messenger, express number), bound for the taking place.

    Raises Conflict RESULT_NOT_HERE when it is not made yet or has gone; Refused CARRIER_NEEDED.
    """
    case = begin(actor=actor, number=number, version=version, act=Act.SEND_RESULT, at=at)
    row = ResultPlace.objects.select_for_update(of=("self",)).filter(case=case).first()
    if row is None or row.place_id != case.responsible_place_id:
        raise Conflict(Reason("RESULT_NOT_HERE", messages.RESULT_NOT_HERE))
    if not carrier.strip():
        raise Refused(Reason("CARRIER_NEEDED", messages.CARRIER_NEEDED, "/carrier"))
    if len(carrier.strip()) > CARRIER_LENGTH:
        raise Refused(Reason("CARRIER_TOO_LONG", messages.CARRIER_TOO_LONG, "/carrier"))
    row.place_id, row.bound_for_id, row.carrier = None, case.taking_place_id, carrier.strip()
    row.since, row.by_id = at, actor.id
    row.save()
    case.fresh.append(row)
    where = network.get_place_by_id(case.taking_place_id)
    head = finish(case, actor=actor, act=Act.SEND_RESULT, at=at, detail={"to": where.code})
    live.tell(f"case:{case.id}", f"place:{where.id}")
    return head


@transaction.atomic
def receive_result(*, actor: Actor, number: str, version: int, at: datetime) -> CaseHead:
    """The place that took the filing has the result in hand: ready, and the receiver is called there.

    Raises Conflict RESULT_NOT_SENT when nothing is on its way.
    """
    case = begin(actor=actor, number=number, version=version, act=Act.RECEIVE_RESULT, at=at)
    row = ResultPlace.objects.select_for_update(of=("self",)).filter(case=case).first()
    if row is None or row.bound_for_id != case.taking_place_id:
        raise Conflict(Reason("RESULT_NOT_SENT", messages.RESULT_NOT_SENT))
    lay(case, place=case.taking_place_id, at=at, by=actor.id)
    head = finish(case, actor=actor, act=Act.RECEIVE_RESULT, at=at)
    tellings.tell_ready(case, place=case.taking_place_id, at=at)
    events.publish(CaseReady(case_id=case.id, number=case.number, at=at))
    return head
