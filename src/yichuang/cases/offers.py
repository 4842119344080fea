"""An offered promise (容缺承诺) as pages ask for it: until when it may be signed, by whom, and what the letter says."""

from datetime import date, datetime

from yichuang.cases import messages, promises
from yichuang.cases.models import Case
from yichuang.cases.moves import relations_of
from yichuang.cases.pages import PromiseOffer, ResultRow
from yichuang.cases.permissions import Relations, can_do, check_can_do, is_decider_of, is_judge_of
from yichuang.cases.rules.acceptance import last_day_to_sign
from yichuang.cases.rules.clock import ANSWER_DAYS
from yichuang.cases.rules.transfer import kinds_for
from yichuang.cases.states import ACT_WORDS, Act, State, acts_in
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.refusals import Conflict, Reason
from yichuang.network import queries as network


def offered_until(case: Case, at: datetime) -> datetime | None:
    """Until when an offered promise may be signed; None when none may."""
    return case.promise_until if case.promise_until is not None and at < case.promise_until else None


def last_day(case: Case) -> date:
    """The last day on which an offer may be signed: the one before the filing is to be answered."""
    return last_day_to_sign(
        received=local_date(case.received_at),
        corrected=case.corrected_date,
        calendar=network.working_calendar(),
        limit=ANSWER_DAYS,
    )


def acts_of(
    actor: Actor, state: State, relations: Relations, *, offered: bool, result: ResultRow | None, hidden: set[Act]
) -> tuple[Act, ...]:
    """What this actor can do in the state; a promise is signed or declined only while one is offered, a result sent from
    where it lies and received where it is bound for. `hidden`: what is known not to be theirs now."""
    hidden = hidden | (set() if offered else {Act.SIGN_PROMISE, Act.DECLINE_PROMISE})
    if result is None or result.place != relations.responsible_place:
        hidden |= {Act.SEND_RESULT}
    if result is None or result.bound_for is None:
        hidden |= {Act.RECEIVE_RESULT}
    if result is not None and result.place is None:
        hidden |= {Act.DELIVER}
    if not kinds_for(state, clerk=is_judge_of(actor, relations), decider=is_decider_of(actor, relations)):
        hidden |= {Act.TRANSFER}
    return tuple(act for act in acts_in(state) if act not in hidden and can_do(actor, act, relations))


def unsigned(offer: PromiseOffer, letter: str, *, agreed: bool) -> list[Reason]:
    """Why a letter is not signed yet, whoever signs: it is another one than was read, or nobody said yes to it."""
    reasons = []
    if letter != offer.mark:
        reasons.append(Reason("LETTER_CHANGED", messages.LETTER_CHANGED, "/letter"))
    if not agreed:
        reasons.append(Reason("NOT_AGREED", messages.NOT_AGREED, "/agreed"))
    return reasons


def letter_to_sign(actor: Actor, case: Case, at: datetime) -> PromiseOffer:
    """The letter for who may sign it (else 403). Conflict NO_OFFER: none is offered, or no paper may follow any more."""
    check_can_do(actor, Act.SIGN_PROMISE, relations_of(case), ACT_WORDS[Act.SIGN_PROMISE])
    letter = promises.offer(case, {}, at)
    if offered_until(case, at) is None or not letter.days:
        raise Conflict(Reason("NO_OFFER", messages.NO_OFFER))
    return letter
