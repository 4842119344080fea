"""How a case ends other than by a decision: withdrawn, terminated, or lapsed because a promise was not kept; and delivery."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import messages, papers, tellings
from yichuang.cases.commands.holds import lift
from yichuang.cases.commands.refuse import check_reason
from yichuang.cases.events import CaseDelivered, CaseReady
from yichuang.cases.models import Case, Hold, PromiseLapse
from yichuang.cases.moves import THE_CASE, begin, finish
from yichuang.cases.results import check_lies_here, lay
from yichuang.cases.states import Act, State, can_move
from yichuang.cases.values import CaseHead, DocumentKind, MaterialState, Purpose
from yichuang.cases.visits import came
from yichuang.cases.vouch import facts_of
from yichuang.core import events, ledger, roles
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.clock import local_date
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W, Words
from yichuang.engine import commands as engine
from yichuang.registry import queries as registry

CONSEQUENCE = (
    "本次办理终止，已交材料退回；修复前不再适用容缺受理，不影响您重新申请。对本告知有异议的，可提出异议或申请修复。"
)
DELIVERY_WAYS = {"counter": "窗口领取", "electronic": "电子送达"}
NO_LAPSE = W("容缺失信记录", "record of a promise not kept")


@transaction.atomic
def withdraw_case(*, actor: Actor, number: str, version: int, reason: str, at: datetime) -> CaseHead:
    """The applicant withdraws before the decision; the clock ends, papers go back."""
    case = begin(actor=actor, number=number, version=version, act=Act.WITHDRAW, at=at)
    came(case, actor=actor, purpose=Purpose.WITHDRAW, at=at)
    return _end(case, actor=actor, act=Act.WITHDRAW, kind=DocumentKind.WITHDRAWAL, reason=reason.strip()[:1000], at=at)


@transaction.atomic
def terminate_case(*, actor: Actor, number: str, version: int | None, reason: str, at: datetime) -> CaseHead:
    """End a case that cannot go on (corrections never came, the applicant died or was dissolved …), with the reason."""
    case = begin(actor=actor, number=number, version=version, act=Act.TERMINATE, at=at)
    refuse_all(check_reason(reason))
    return _end(case, actor=actor, act=Act.TERMINATE, kind=DocumentKind.TERMINATION, reason=reason.strip(), at=at)


@transaction.atomic
def lapse_promise(*, case: UUID, at: datetime) -> CaseHead | None:
    """The promised day has passed: the case ends with reasons and remedies; the lapse only bars further 容缺.

    Run by a job; None when every promised paper came, or the day has not passed.
    """
    row = Case.objects.select_for_update(of=("self",)).select_related("department").get(id=case)
    late = row.materials.filter(state=MaterialState.PROMISED.value, due_date__lt=local_date(at))
    if not can_move(State(row.state), Act.LAPSE) or not late.exists():
        return None
    row.fresh.append(PromiseLapse.objects.create(party_id=row.applicant_id, case=row, at=at))
    values = {
        "gaps": papers.promised_lines(late.order_by("order")),
        "consequence": CONSEQUENCE,
        **papers.remedies_of(row),
    }
    engine.cancel_process(subject=("case", row.id), at=at, reason="promise-lapsed")
    document = papers.issue_document(row, DocumentKind.LAPSE, actor=SYSTEM, at=at, values=values)
    head = finish(row, actor=SYSTEM, act=Act.LAPSE, at=at, detail={"document": str(document)}, documents=(document,))
    tellings.tell_lapse(row, at=at)
    return head


@transaction.atomic
def object_to_lapse(*, actor: Actor, number: str, objection: str, at: datetime) -> None:
    """The applicant objects to the record of a promise not kept; somebody must answer."""
    case = Case.objects.filter(number=number).first()
    lapse = PromiseLapse.objects.select_for_update(of=("self",)).filter(case=case).first() if case else None
    if lapse is None or case is None or not actor.acts_for(lapse.party_id, item=case.item_code):
        raise NotFound(NO_LAPSE)
    refuse_all(check_reason(objection, "/objection"))
    lapse.objection, lapse.objected_at = objection.strip(), at
    lapse.save()
    _record(lapse, "object-to-lapse", actor, at)


@transaction.atomic
def repair_lapse(*, actor: Actor, number: str, reason: str, at: datetime) -> None:
    """A supervisor repairs the record: 容缺 is open again."""
    case = Case.objects.filter(number=number).first()
    lapse = PromiseLapse.objects.select_for_update(of=("self",)).filter(case=case).first() if case else None
    if lapse is None or case is None or not actor.has(roles.SUPERVISOR, department=case.department_id):
        raise NotFound(NO_LAPSE)
    refuse_all(check_reason(reason))
    lapse.repaired_at, lapse.repaired_reason = at, reason.strip()[:300]
    lapse.save()
    _record(lapse, "repair-lapse", actor, at)


def _record(lapse: PromiseLapse, act: str, actor: Actor, at: datetime) -> None:
    subject = Subject("case", lapse.case_id)
    ledger.append(act=act, actor=actor, at=at, subject=subject, detail={}, facts=facts_of(lapse))


@transaction.atomic
def make_ready(*, case: UUID, place: UUID, at: datetime) -> CaseHead:
    """The result lies ready for the receiver (called by `issuing`)."""
    row = _locked(case, Act.MAKE_READY, at)
    lay(row, place=place, at=at)
    head = finish(row, actor=SYSTEM, act=Act.MAKE_READY, at=at)
    tellings.tell_ready(row, place=place, at=at)
    events.publish(CaseReady(case_id=row.id, number=row.number, at=at))
    return head


@transaction.atomic
def record_delivery(
    *,
    case: UUID,
    actor: Actor,
    version: int | None,
    how: str,
    receiver: str,
    at: datetime,
    person: UUID | None = None,
) -> CaseHead:
    """The result has reached the receiver (art. 44). `how`: "counter" or "electronic". Held results are refused.
    `person` is the party who came for it, when known."""
    number = Case.objects.filter(id=case).values_list("number", flat=True).first()
    if number is None:
        raise NotFound(THE_CASE)
    row = begin(actor=actor, number=number, version=version, act=Act.DELIVER, at=at)
    holds = Hold.objects.filter(case=row, lifted_at=None).order_by("placed_at")
    refuse_held = [Reason("HELD", messages.HELD.format(why=Words(h.words_zh, h.words_en)), basis=h.kind) for h in holds]
    if refuse_held:
        raise Refused(*refuse_held, kind="conflict")
    if how == "counter":
        check_lies_here(row, actor)
    row.delivered_at = at
    if how == "counter":
        came(row, actor=actor, purpose=Purpose.COLLECT, at=at, person=person)
    result = registry.certificate_of_subject("case", row.id)
    name, paper = (result.name.zh, result.number) if result else (row.item_name_zh, row.number)
    values = {
        "papers": [{"name": name, "number": paper, "copies": "1"}],
        "receiver": receiver,
        "delivered_at": at.isoformat(),
        "way": DELIVERY_WAYS[how],
        "clerk": actor.name,
    }
    document = papers.issue_document(row, DocumentKind.DELIVERY, actor=actor, at=at, values=values)
    head = finish(
        row, actor=actor, act=Act.DELIVER, at=at, detail={"how": how, "document": str(document)}, documents=(document,)
    )
    tellings.tell_delivered(row, at=at)
    events.publish(CaseDelivered(case_id=row.id, number=row.number, at=at))
    return head


def _locked(case: UUID, act: Act, at: datetime) -> Case:
    number = Case.objects.values_list("number", flat=True).get(id=case)
    return begin(actor=SYSTEM, number=number, version=None, act=act, at=at)


def _end(case: Case, *, actor: Actor, act: Act, kind: DocumentKind, reason: str, at: datetime) -> CaseHead:
    engine.cancel_process(subject=("case", case.id), at=at, reason=act.value)
    lift(case, kind="promise", source="accept-with-gaps", at=at)
    values = {"reason": reason or "申请人自愿撤回", "reasons": reason, **papers.remedies_of(case)}
    document = papers.issue_document(case, kind, actor=actor, at=at, values=values)
    head = finish(case, actor=actor, act=act, at=at, detail={"document": str(document)}, documents=(document,))
    tellings.tell_ended(case, act=act, reason=reason, at=at)
    return head
