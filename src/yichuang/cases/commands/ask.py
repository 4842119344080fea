"""中台支撑: a clerk asks the department's duty specialist about a case; who reviews there answers, and both stay on the case."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from yichuang.cases import messages
from yichuang.cases.duties import on_duty
from yichuang.cases.models import Case, Question
from yichuang.cases.moves import THE_CASE, relations_of
from yichuang.cases.permissions import FORBIDDEN, can_answer, can_ask, can_see
from yichuang.cases.rules.duty import is_handed_on
from yichuang.cases.states import ENDS, WORDS, State
from yichuang.cases.vouch import facts_of
from yichuang.core import jobs, ledger, live
from yichuang.core.actors import Actor
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Change, Conflict, NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.network import queries as network

ASK = W("向值班专员提问", "ask the duty specialist")
ANSWERED = W("回答了提问", "answered the question")
THE_QUESTION = W("提问", "question")
LONGEST = 1000


@transaction.atomic
def ask_specialist(*, actor: Actor, number: str, text: str, at: datetime) -> UUID:
    """Ask the deciding department about the case; returns the question's id. State, version and clock stay.

    It goes to who is on duty (`commands.duty`), and to everybody of the department when they do not answer in time.

    The same words, still unanswered, are a button pressed twice. Raises: NotFound; Refused 403 for who takes no papers at a
    place of the case, QUESTION_NEEDED, QUESTION_TOO_LONG; conflict when the case has ended.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("department").filter(number=number).first()
    if case is None or not can_see(actor, relations_of(case)):
        raise NotFound(THE_CASE)
    if not can_ask(actor, relations_of(case)):
        raise Refused(Reason("NOT_ALLOWED", FORBIDDEN.format(act=ASK)), kind="forbidden")
    assert actor.id is not None  # staff, by `can_ask`
    _check_text(text, "/text")
    if State(case.state) in ENDS:
        told = messages.NOT_IN_STATE.format(state=WORDS[State(case.state)], act=ASK)
        raise Refused(Reason("NOT_IN_THIS_STATE", told), kind="conflict")
    for known in Question.objects.filter(case=case, asked_by_id=actor.id, answered_at=None).order_by("asked_at"):
        if known.text == text.strip():
            return known.id
    duty = on_duty(case.department_id, at)
    row = Question.objects.create(
        case=case,
        put_to_id=duty[0] if duty else None,
        put_to_name=duty[1] if duty else "",
        department_id=case.department_id,
        text=text.strip(),
        asked_at=at,
        asked_by_id=actor.id,
        asked_name=actor.name,
    )
    _record(row, "ask-specialist", actor, at)
    if duty:
        jobs.enqueue(hand_on_job, run_at=at + timedelta(minutes=settings.YICHUANG_DUTY_MINUTES), question=row.id)
    return row.id


@transaction.atomic
def answer_question(*, actor: Actor, question: UUID, text: str, for_knowledge: bool = False, at: datetime) -> None:
    """Answer, once. `for_knowledge` marks an answer that is of use beyond this case; it must name nobody.

    Raises: NotFound for whom the question is not put to; Refused ANSWER_NEEDED …; Conflict naming who answered before.
    """
    row = (
        Question.objects.select_for_update(of=("self",))
        .select_related("case", "case__department")
        .filter(id=question)
        .first()
    )
    handed_on = row is not None and is_handed_on(row.asked_at, at, settings.YICHUANG_DUTY_MINUTES)
    if (
        row is None
        or not can_answer(actor, row.department_id)
        or (row.put_to_id not in {None, actor.id} and not handed_on)
    ):
        raise NotFound(THE_QUESTION)
    if row.answered_at is not None:
        change = Change(row.answered_name, row.answered_at, ANSWERED)
        raise Conflict(Reason("ANSWERED_ALREADY", messages.ANSWERED_ALREADY), change=change)
    _check_text(text, "/answer")
    row.answer, row.answered_at, row.answered_by_id = text.strip(), at, actor.id
    row.answered_name, row.for_knowledge = actor.name, for_knowledge
    row.save()
    _record(row, "answer-question", actor, at)


def hand_on(*, question: UUID) -> None:
    """Nobody on duty answered in time: the pages of the whole department show it now."""
    row = Question.objects.select_related("case", "case__department").filter(id=question, answered_at=None).first()
    if row is not None:
        live.tell(*(f"post:{post.code}" for post in network.list_posts(row.case.department.code)))


@jobs.job(name="cases.hand_on")
def hand_on_job(question: UUID) -> None:
    """A question that nobody on duty answered."""
    hand_on(question=question)


def _check_text(text: str, field: str) -> None:
    if not text.strip():
        raise Refused(Reason("WORDS_NEEDED", messages.WORDS_NEEDED, field))
    if len(text.strip()) > LONGEST:
        raise Refused(Reason("WORDS_TOO_LONG", messages.WORDS_TOO_LONG, field))


def _record(row: Question, act: str, actor: Actor, at: datetime) -> None:
    """On the ledger, and to the open pages of the case, its places and the department's posts."""
    case = row.case
    ledger.append(act=act, actor=actor, at=at, subject=Subject("case", case.id), facts=facts_of(row))
    posts = network.list_posts(case.department.code)
    places = {f"place:{place}" for place in relations_of(case).places}
    live.tell(f"case:{case.id}", *places, *(f"post:{post.code}" for post in posts))
