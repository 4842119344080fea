"""网上签署容缺承诺: the clerk offers, the applicant reads and signs — or declines, and gets the one-time notice.

The offer answers nothing and stops no clock (行政许可法 art. 32): it must be signed before the last day on which the filing is
to be answered; on that day the notice follows by itself. It stands until anything else is done to the case.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import messages, promises, tellings
from yichuang.cases.commands.accept import Findings, accept_on_promise, check_not_silent, note_findings
from yichuang.cases.commands.look_again import looks_again
from yichuang.cases.commands.notify_gaps import new_demands, tell_declined
from yichuang.cases.models import Case
from yichuang.cases.moves import begin, finish
from yichuang.cases.offers import last_day, unsigned
from yichuang.cases.pages import PromiseOffer
from yichuang.cases.rules.clock import ANSWER_DAYS, end_of
from yichuang.cases.rules.sentences import day_of
from yichuang.cases.states import Act
from yichuang.cases.values import CaseHead
from yichuang.core import ledger
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.clock import local_date
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Conflict, Reason, refuse_all
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.people.values import PROOF_LIFE, Proof

SIGN_WAYS = {"password": "网上签署（登录密码核验本人）", "sms": "网上签署（短信验证码核验本人）"}


@looks_again
@transaction.atomic
def offer_promise(*, actor: Actor, number: str, version: int, findings: Findings, at: datetime) -> CaseHead:
    """Ask the applicant to sign the letter of promise online; a second offer takes the place of the first. Refused with every reason why no paper may follow, and when
    the last day of the answer has come (OFFER_TOO_LATE): then only a signature at the window or the notice is left."""
    case = begin(actor=actor, number=number, version=version, act=Act.OFFER_PROMISE, at=at)
    check_not_silent(case, at)
    note_findings(case, findings, at)
    letter = promises.offer(case, {}, at)
    refuse_all(_why_not(case, letter, at))
    new_demands(case, letter.gaps)  # what is not promised must be told: it may not be told for the first time then
    last = last_day(case)
    case.promise_until = end_of(last)
    head = finish(
        case,
        actor=actor,
        act=Act.OFFER_PROMISE,
        at=at,
        detail={
            "until": last.isoformat(),
            "materials": ",".join(gap.material for gap in letter.gaps),
            "letter": letter.mark,
        },
    )
    tellings.tell_promise_offered(case, count=len(letter.gaps), until=last, at=at)
    return head


@transaction.atomic
def sign_promise(
    *, actor: Actor, number: str, version: int, letter: str, agreed: bool, proof: Proof, at: datetime
) -> CaseHead:
    """Sign the offered letter: the case is accepted with gaps (容缺受理), as of now.

    `letter` is the mark of what was read (`PromiseOffer.mark`), `proof` that it is the applicant, or who stands for them,
    who signs (`people.commands.prove_identity`, not older than five minutes). Conflict NO_OFFER.
    """
    case = begin(actor=actor, number=number, version=version, act=Act.SIGN_PROMISE, at=at)
    check_not_silent(case, at)
    _check_stands(case, at)
    now = promises.offer(case, {}, at)
    reasons = _why_not(case, now, at) or _not_signed(actor, now, letter, agreed=agreed, proof=proof, at=at)
    refuse_all(reasons)
    return accept_on_promise(
        case,
        actor=actor,
        gaps=now.gaps,
        days=now.days,
        at=at,
        act=Act.SIGN_PROMISE,
        sign_way=SIGN_WAYS[proof.how],
        signer=actor.name,
    )


@transaction.atomic
def decline_promise(*, actor: Actor, number: str, version: int, at: datetime) -> CaseHead:
    """Do not sign: everything that is missing is told at once, as the clerk who offered found it."""
    case = begin(actor=actor, number=number, version=version, act=Act.DECLINE_PROMISE, at=at)
    check_not_silent(case, at)
    _check_stands(case, at)
    return tell_declined(case, actor=actor, told_by=offered_by(case), at=at)


@transaction.atomic
def end_offer(*, case: UUID, at: datetime) -> CaseHead | None:
    """Nobody signed in time: the notice is given on the last day of the answer. Run by a job; None when there is nothing to end."""
    row = Case.objects.select_for_update(of=("self",)).get(id=case)
    if row.promise_until is None or at < row.promise_until:
        return None
    try:
        check_not_silent(row, at)
    except Conflict:
        return None  # the job was late: silence has accepted the case (art. 32 (4))
    locked = begin(actor=SYSTEM, number=row.number, version=None, act=Act.DECLINE_PROMISE, at=at)
    return tell_declined(locked, actor=SYSTEM, told_by=offered_by(locked), at=at)


def offered_by(case: Case) -> UUID | None:
    """The clerk whose offer stands, from the ledger; None without one: the column on the case is only a cache of it."""
    acts = [entry for entry in ledger.list_entries(Subject("case", case.id)) if entry.act in set(Act)]
    return acts[-1].actor_id if acts and acts[-1].act == Act.OFFER_PROMISE else None


def _check_stands(case: Case, at: datetime) -> None:
    if case.promise_until is None or at >= case.promise_until or offered_by(case) is None:
        raise Conflict(Reason("NO_OFFER", messages.NO_OFFER))


def _why_not(case: Case, letter: PromiseOffer, at: datetime) -> list[Reason]:
    if not letter.gaps:
        return [Reason("NOTHING_MISSING", messages.NOTHING_MISSING)]
    if not letter.days:
        return [Reason("NO_PROMISE", messages.NO_PROMISE.format(why=words)) for words in letter.why_not]
    if not people.can_sign_online(case.applicant_id, item=case.item_code, at=at):
        return [Reason("NOBODY_ONLINE", messages.NOBODY_ONLINE)]
    last = last_day(case)
    if local_date(at) > last:
        due = network.working_calendar().add(case.corrected_date or local_date(case.received_at), ANSWER_DAYS)
        return [Reason("OFFER_TOO_LATE", messages.OFFER_TOO_LATE.format(day=day_of(due)))]
    return []


def _not_signed(
    actor: Actor, now: PromiseOffer, letter: str, *, agreed: bool, proof: Proof, at: datetime
) -> list[Reason]:
    reasons = unsigned(now, letter, agreed=agreed)
    if proof.party != actor.id or not proof.at <= at < proof.at + PROOF_LIFE:
        reasons.append(Reason("PROOF_STALE", messages.PROOF_STALE, "/password"))
    return reasons
