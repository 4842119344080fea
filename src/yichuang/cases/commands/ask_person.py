"""人工复核: the applicant asks for a person to look at what was decided automatically (个人信息保护法 art. 24); one answers."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import messages
from yichuang.cases.commands.rulesets import brake_for
from yichuang.cases.models import AutoDecision, Case, HumanReview
from yichuang.cases.moves import THE_CASE, relations_of
from yichuang.cases.permissions import can_answer, can_see, stands_for_applicant
from yichuang.cases.rules.rulesets import OWN_TABLE_LOOK
from yichuang.cases.vouch import facts_of
from yichuang.catalog import queries as catalog
from yichuang.core import ledger, live
from yichuang.core.actors import Actor
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Change, Conflict, NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.network import queries as network

LONGEST = 1000
ASK, ANSWER = "ask-person", "answer-person"  # as the ledger calls them
_NOT_ALONE = W(
    "这个办件不是自动决定的，正由工作人员办理", "This case was not decided automatically: a person works on it"
)
_ASKED = W("已经申请过人工复核", "A person was asked to look at it already")
_NONE = W("没有等待答复的人工复核", "No review waits for an answer")
_STANDS = W("请选择原决定是否正确", "Say whether the decision is right as it is")
_ANSWERED = W("答复了人工复核", "answered the review")


@transaction.atomic
def ask_person(*, actor: Actor, number: str, reason: str, at: datetime) -> None:
    """Ask for a person of the department to look at an automatic decision; the decision stands until they have.

    Asked again it is the same request. Raises NotFound; Refused WORDS_NEEDED WORDS_TOO_LONG; Conflict NOT_AUTOMATIC.
    """
    case = _locked(number)
    if (
        case is None
        or actor.kind != "person"
        or actor.id is None
        or not stands_for_applicant(actor, relations_of(case))
    ):
        raise NotFound(THE_CASE)
    if not AutoDecision.objects.filter(case=case, acted=True).exists():
        raise Conflict(Reason("NOT_AUTOMATIC", _NOT_ALONE))
    if HumanReview.objects.filter(case=case).exists():
        return
    _check_words(reason, "/reason")
    row = HumanReview.objects.create(
        case=case, department_id=case.department_id, asked_at=at, asked_by_id=actor.id, reason=reason.strip()
    )
    _record(case, row, ASK, actor, at)


@transaction.atomic
def answer_person(
    *, actor: Actor, number: str, stands: bool | None, answer: str, undue: bool = False, at: datetime
) -> bool:
    """Say whether the decision is right as it is, and why; what is wrong is then mended by its own act (更正, 撤销 …).
    `undue`: nothing should have been granted at all, which stops the rule set that did. True when it stopped.

    Raises NotFound; Refused OWN_TABLE (403) for who made the rules, else with every fault; Conflict naming who answered before.
    """
    case = _locked(number)
    if case is None or not can_see(actor, relations_of(case)):
        raise NotFound(THE_CASE)
    row = HumanReview.objects.select_for_update(of=("self",)).filter(case=case).first()
    if row is None or not can_answer(actor, case.department_id):
        raise NotFound(THE_CASE)
    check_no_maker(actor, case.id)
    if row.answered_at is not None:
        change = Change(row.answered_name, row.answered_at, _ANSWERED)
        raise Conflict(Reason("ANSWERED_ALREADY", messages.ANSWERED_ALREADY), change=change)
    if stands is None or (stands and undue):
        raise Refused(Reason("STANDS_NEEDED", _STANDS, "/stands"), *_faults_of_words(answer, "/answer"))
    _check_words(answer, "/answer")
    row.answered_at, row.answered_by_id, row.answered_name = at, actor.id, actor.name
    row.stands, row.undue, row.answer = stands, undue, answer.strip()
    row.save()
    _record(case, row, ANSWER, actor, at)
    return not stands and brake_for(case.id, at)


def check_no_maker(actor: Actor, case: UUID) -> None:
    """Refused (403) for who made the rules that decided the case: the applicant asked for somebody else's eyes."""
    judged = AutoDecision.objects.filter(case=case).values_list("item_code", "sha").first()
    if judged is not None and actor.id in catalog.makers_of(*judged):
        raise Refused(Reason("OWN_TABLE", OWN_TABLE_LOOK), kind="forbidden")


def _locked(number: str) -> Case | None:
    return Case.objects.select_for_update(of=("self",)).select_related("department").filter(number=number).first()


def _faults_of_words(text: str, field: str) -> list[Reason]:
    if not text.strip():
        return [Reason("WORDS_NEEDED", messages.WORDS_NEEDED, field)]
    return [Reason("WORDS_TOO_LONG", messages.WORDS_TOO_LONG, field)] if len(text.strip()) > LONGEST else []


def _check_words(text: str, field: str) -> None:
    if reasons := _faults_of_words(text, field):
        raise Refused(*reasons)


def _record(case: Case, row: HumanReview, act: str, actor: Actor, at: datetime) -> None:
    ledger.append(act=act, actor=actor, at=at, subject=Subject("case", case.id), facts=facts_of(row))
    posts = network.list_posts(case.department.code)
    live.tell(f"case:{case.id}", *(f"post:{post.code}" for post in posts))
