"""换领: the corrected certificate goes to who holds the old one on paper, and what became of that paper is put on record."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import transaction

from yichuang.cases import queries as cases
from yichuang.cases.commands.trips import came_to_collect
from yichuang.core import events, faults, ledger, live
from yichuang.core.actors import Actor
from yichuang.core.ids import new_id
from yichuang.core.refusals import Change, Conflict, NotFound, Reason, refuse_all
from yichuang.core.words import W
from yichuang.issuing import rules, vouch
from yichuang.issuing.commands.hand_over import Taker, find_taker, identity_faults, is_pickup_code
from yichuang.issuing.events import PaperExchanged
from yichuang.issuing.exchanges import THE_EXCHANGE, read_corrected, row_of, waiting_rows
from yichuang.issuing.models import Delivery, Exchange, Pickup
from yichuang.issuing.values import ExchangeRow

_DONE = W("这本证照已经换领", "This certificate was exchanged already")
_NEWER = W("证照又有新版本，请按第 {version} 版换领", "There is a newer version: exchange it for version {version}")
_EXCHANGED = W("办理换领", "exchanged it")


def expect_exchange(*, case: UUID, certificate: UUID, at: datetime) -> None:
    """A corrected certificate waits for whoever got the old one on paper; nothing waits where none was handed out.

    Called inside the correction's transaction. Corrected again before anybody came: the newest version waits.
    """
    delivery = Delivery.objects.filter(case_id=case).first()
    if delivery is None:
        return
    place = delivery.place_id or cases.case_of_id(case)[1]
    waiting = Exchange.objects.select_for_update(of=("self",)).filter(case_id=case, at__isnull=True).first()
    if waiting is not None:
        waiting.certificate_id = certificate
        waiting.save(update_fields=["certificate"])
        return
    Exchange.objects.create(id=new_id(), case_id=case, certificate_id=certificate, place_id=place, since=at)


def exchange_paper(
    *,
    actor: Actor,
    number: str,
    version: int,
    identity: str,
    receiver_name: str,
    old_paper: str,
    reason: str,
    at: datetime,
) -> ExchangeRow:
    """Give the corrected certificate against identity (or pick-up code and name), and say what became of the old paper.

    `version` is the certificate's that the desk gives; `old_paper`: returned, lost, destroyed or kept, the last three with a
    `reason`. The same said twice by the same clerk, of the same person, answers what was done: no second paper goes out to
    another. Not inside a transaction: wrong codes are counted.
    Raises: 403; NotFound (nothing waits, another place's); Conflict STALE_CERTIFICATE, EXCHANGED (who, when); Refused with
    every reason of the old paper, or as `hand_over` says of the identity.
    """
    row = read_corrected(actor, number, at=at)
    told = _Told(version, identity, receiver_name, old_paper, reason.strip())
    if row.at is not None:
        return _again(actor, row, told, at)
    if row.version != version:
        raise Conflict(Reason("STALE_CERTIFICATE", _NEWER.format(version=row.version)))
    refuse_all([*identity_faults(identity, receiver_name), *rules.old_paper_faults(old_paper, reason)])
    taker = find_taker(cases.get_case_for(actor, number, at=at), identity, receiver_name, at)
    return _give(actor, row, taker, told, at)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the clerk typed."""

    version: int
    identity: str
    receiver_name: str
    old_paper: str
    reason: str


def _again(actor: Actor, row: ExchangeRow, told: _Told, at: datetime) -> ExchangeRow:
    done = Exchange.objects.get(id=row.id)
    said = (done.by_id, row.version, done.old_paper, done.reason)
    if said == (actor.id, told.version, told.old_paper, told.reason) and _is_taker(actor, row, done, told, at):
        return row
    raise Conflict(Reason("EXCHANGED", _DONE), change=Change(done.by_name, cast("datetime", done.at), _EXCHANGED))


def _is_taker(actor: Actor, row: ExchangeRow, done: Exchange, told: _Told, at: datetime) -> bool:
    """Whether it is the person who fetched it. A pick-up code is gone since: its name tells."""
    if is_pickup_code(told.identity):
        return done.identity_kind == "pickup_code" and rules.same_name(told.receiver_name, done.receiver_name)
    case = cases.get_case_for(actor, row.case_number, at=at)
    return find_taker(case, told.identity, told.receiver_name, at).relation == done.relation


@transaction.atomic
def _give(actor: Actor, seen: ExchangeRow, taker: Taker, told: _Told, at: datetime) -> ExchangeRow:
    came_to_collect(case=seen.case, actor=actor, person=taker.party.id, at=at)  # locks the case, as a correction does
    row = waiting_rows().select_for_update(of=("self",)).filter(id=seen.id).first()
    if row is None:
        done = Exchange.objects.select_related("case", "certificate").filter(id=seen.id, at__isnull=False).first()
        if done is None:
            raise NotFound(THE_EXCHANGE)
        return _again(actor, row_of(done), told, at)
    if row.certificate_id != seen.certificate:
        raise Conflict(Reason("STALE_CERTIFICATE", _NEWER.format(version=row.certificate.version)))
    row.at, row.old_paper, row.reason = at, told.old_paper, told.reason
    row.receiver_name, row.receiver_masked = taker.party.name, taker.party.name_masked
    row.relation, row.identity_kind = taker.relation, taker.identity
    row.window, row.by_id, row.by_name = actor.window, actor.id, actor.name
    row.save()
    faults.point("exchange_paper.after_row")
    Pickup.objects.filter(case_id=row.case_id).delete()
    ledger.append(
        act="paper.exchange",
        actor=actor,
        at=at,
        subject=ledger.Subject("case", row.case_id),
        detail={
            "certificate": str(row.certificate_id),
            "old_paper": told.old_paper,
            "relation": taker.relation,
            "identity": taker.identity,
        },
        behalf=taker.party.id,
        facts=vouch.facts_of_exchange(row),
    )
    events.publish(PaperExchanged(case=row.case_id, at=at))
    live.tell(f"case:{row.case_id}")
    return row_of(row)
