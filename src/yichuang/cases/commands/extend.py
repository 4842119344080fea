"""延期 (行政许可法 art. 42): a reviewer asks for more days, another who answers for the decision approves or does not.

The clock moves with the approval only, and the applicant is told of it by its paper. Both are acts on the case.
"""

from datetime import datetime

from django.db import transaction

from yichuang.cases import messages, papers, tellings
from yichuang.cases.clocks import facts_of, why_no_extension
from yichuang.cases.commands.refuse import check_reason
from yichuang.cases.commands.saying import tell
from yichuang.cases.extensions import may_approve
from yichuang.cases.models import Case, Extension, ExtensionRequest
from yichuang.cases.moves import begin, finish
from yichuang.cases.rules.clock import decision_deadline
from yichuang.cases.states import Act
from yichuang.cases.values import CaseHead, DocumentKind
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Extension as Allowed
from yichuang.core.actors import Actor
from yichuang.core.refusals import Conflict, Reason, Refused, refuse_all
from yichuang.engine import commands as engine
from yichuang.network import queries as network


@transaction.atomic
def ask_extension(*, actor: Actor, number: str, version: int, days: int, reason: str, at: datetime) -> CaseHead:
    """Ask for so many working days more, at most those of the item, with the reason that the applicant will read."""
    case = begin(actor=actor, number=number, version=version, act=Act.ASK_EXTENSION, at=at)
    allowed = _allowed(case, at)
    if case.extension_requests.filter(stage="asked").exists():
        raise Conflict(Reason("EXTENSION_ASKED", messages.EXTENSION_ASKED))
    faults = check_reason(reason)
    faults += why_no_extension(facts_of(case), at)
    if not 1 <= days <= allowed.limit.amount:
        words = messages.EXTENSION_TOO_LONG.format(days=allowed.limit.amount)
        faults.append(Reason("EXTENSION_TOO_LONG", words, "/days", allowed.basis))
    refuse_all(faults)
    assert actor.id
    row = ExtensionRequest.objects.create(
        case=case, stage="asked", days=days, reason=reason.strip(), asked_at=at, asked_by_id=actor.id,
        asked_name=actor.name,
    )  # fmt: skip
    case.fresh.append(row)
    return finish(case, actor=actor, act=Act.ASK_EXTENSION, at=at, detail={"days": days})


@transaction.atomic
def extend_case(*, actor: Actor, number: str, version: int, at: datetime) -> CaseHead:
    """Approve what was asked for, while the legal limit still runs: it moves, and the applicant is told in writing."""
    case = begin(actor=actor, number=number, version=version, act=Act.EXTEND, at=at)
    row = _waiting(case, actor, at)
    refuse_all(why_no_extension(facts_of(case), at))
    old = due_on(case, at)
    extension = Extension.objects.create(
        case=case, days=row.days, reason=row.reason, approved_by=actor.name, at=at, by_id=row.asked_by_id
    )
    _answer(row, "approved", actor, at)
    case.fresh += [row, extension]
    values = {
        "days": f"{row.days}",
        "reason": row.reason,
        "approver": actor.name,
        "old_due_on": old,
        "new_due_on": due_on(case, at),
        "basis": _allowed(case, at).basis,
    }
    document = papers.issue_document(case, DocumentKind.EXTENSION, actor=actor, at=at, values=values)
    detail: dict[str, str | int | bool | None] = {"days": row.days, "document": str(document)}
    head = finish(case, actor=actor, act=Act.EXTEND, at=at, detail=detail, documents=(document,))
    engine.set_due(subject=("case", case.id), due_at=case.due_at)
    tell(case, "extended", at=at)
    tellings.tell_extended(case, reason=row.reason, at=at)
    return head


@transaction.atomic
def decline_extension(*, actor: Actor, number: str, version: int, reason: str, at: datetime) -> CaseHead:
    """Do not approve, with the reason for who asked: the limit stays as it was, and more days may be asked for anew."""
    case = begin(actor=actor, number=number, version=version, act=Act.DECLINE_EXTENSION, at=at)
    row = _waiting(case, actor, at)
    refuse_all(check_reason(reason))
    row.note = reason.strip()
    _answer(row, "declined", actor, at)
    case.fresh.append(row)
    return finish(case, actor=actor, act=Act.DECLINE_EXTENSION, at=at, detail={"days": row.days})


def due_on(case: Case, at: datetime) -> str:
    """The legal due day as it now derives, ISO."""
    deadline = decision_deadline(facts_of(case), network.working_calendar(), at, promise=False)
    return deadline.due_date.isoformat() if deadline and deadline.due_date else "待定"


def _allowed(case: Case, at: datetime) -> Allowed:
    allowed = catalog.get_pack(case.item_code, version=case.item_version, at=at).extension
    if allowed is None:
        raise Refused(Reason("EXTENSION_NOT_ALLOWED", messages.EXTENSION_NOT_ALLOWED))
    return allowed


def _waiting(case: Case, actor: Actor, at: datetime) -> ExtensionRequest:
    """What waits for an answer, for somebody else than who asked and who decides items like this one."""
    row = case.extension_requests.filter(stage="asked").first()
    if row is None:
        raise Conflict(Reason("NO_EXTENSION_ASKED", messages.NO_EXTENSION_ASKED))
    if row.asked_by_id == actor.id:
        raise Refused(Reason("EXTENSION_BY_ANOTHER", messages.EXTENSION_BY_ANOTHER), kind="forbidden")
    if not may_approve(actor, case, at):
        raise Refused(Reason("EXTENSION_NOT_YOURS", messages.EXTENSION_NOT_YOURS), kind="forbidden")
    return row


def _answer(row: ExtensionRequest, stage: str, actor: Actor, at: datetime) -> None:
    row.stage, row.answered_at, row.answered_by_id, row.answered_name = stage, at, actor.id, actor.name
    row.save()
