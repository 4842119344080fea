"""送达 of the notices of the right to be heard: how and when they came to each, and the code with which each may answer."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import tellings
from yichuang.cases.commands.hearing import done, running
from yichuang.cases.models import Case, ToldParty
from yichuang.cases.moves import begin
from yichuang.cases.numbering import answer_index, new_query_code
from yichuang.cases.rules import hearing as rules
from yichuang.cases.rules.service import electronic_faults, service_faults
from yichuang.cases.states import Act
from yichuang.cases.told import party_of
from yichuang.cases.values import CaseHead, DocumentKind
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.identifiers import check_mobile
from yichuang.core.refusals import Conflict, Reason, refuse_all
from yichuang.core.words import W
from yichuang.network import queries as network

SERVED = ("served_on", "served_how", "answer_until", "refused", "served_note", "served_by")
CALLED = ("called_on", "called_how", "called_note", "called_by")
SERVED_ALREADY = W("已经记录过送达，期限从那天起算", "The service is on record; the days run from there")


@transaction.atomic
def record_service(
    *,
    actor: Actor,
    number: str,
    version: int,
    party: UUID,
    on: date | None,
    how: str,
    refused: bool,
    note: str,
    at: datetime,
) -> CaseHead:
    """Put on record how one of those told got the paper: the call to the hearing when one is called, else the notice.

    The five working days to ask for a hearing run from this day (art. 47), not from the day of the paper.
    """
    case = begin(actor=actor, number=number, version=version, act=Act.HEARING, at=at)
    row = running(case, {"told", "asked", "called"})
    told = party_of(row, party)
    calling = row.stage == "called" and told.served_on is not None
    if (told.called_on if calling else told.served_on) is not None:
        raise Conflict(Reason("SERVED_ALREADY", SERVED_ALREADY))
    since = _called_since(case, told) if calling else local_date(row.told_at)
    faults = service_faults(on, how, refused, note, since, local_date(at))
    refuse_all([*faults, *electronic_faults(how, known=told.party_id is not None, note=note)])
    assert on
    if calling:
        told.called_on, told.called_how, told.called_note, told.called_by_id = on, how, note.strip(), actor.id
    else:
        told.refused, told.served_note, told.served_by_id = refused, note.strip(), actor.id
        serve(told, on, how)
        row.answer_until = max(row.answer_until, told.answer_until or row.answer_until)
        row.save(update_fields=["answer_until"])
    told.save(update_fields=CALLED if calling else SERVED)
    case.fresh.append(told)
    return done(case, row, actor, at, "serve-call" if calling else "serve")


@transaction.atomic
def make_answer_code(*, actor: Actor, number: str, version: int, party: UUID, at: datetime) -> tuple[CaseHead, str]:
    """A fresh code with which one of those told answers without an account, to be printed for them; sent to a mobile
    number too. The one before it opens nothing any more: neither by itself, nor in the account that took it in (who took it
    in by mistake is out, who did so rightly takes the new one)."""
    case = begin(actor=actor, number=number, version=version, act=Act.HEARING, at=at)
    row = running(case, {"told", "asked", "called"})
    told = party_of(row, party)
    code = new_query_code()
    told.code_index = answer_index(code)
    was_claimed = told.party_id is not None and not told.is_applicant
    if was_claimed:
        told.party = None
    told.save(update_fields=["code_index", "party"])
    case.fresh.append(told)
    head = done(case, row, actor, at, "code-anew" if was_claimed else "code")
    if not check_mobile(told.contact):
        tellings.tell_interested(case, told, code=code, at=at)
    return head, code


def serve(told: ToldParty, on: date, how: str) -> None:
    """The notice is served; the days to ask begin. Not saved here."""
    told.served_on, told.served_how = on, how
    told.answer_until = network.working_calendar().add(on, rules.ASK_DAYS)


def _called_since(case: Case, told: ToldParty) -> date:
    """The day of the paper that calls the hearing as it is called now; of the right to one they were told before."""
    assert told.served_on
    papers = case.documents.filter(kind=DocumentKind.REVIEW_HEARING).order_by("-id")
    issued = papers.values_list("issued_at", flat=True).first()
    return max(told.served_on, local_date(issued)) if issued else told.served_on
