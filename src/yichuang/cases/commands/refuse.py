"""不予受理 and its kin: the three ways of not accepting a filing, each in writing (行政许可法 art. 32 (1), (2); art. 38)."""

from datetime import datetime

from django.db import transaction

from yichuang.cases import messages, papers, tellings
from yichuang.cases.commands.accept import check_not_silent
from yichuang.cases.events import CaseRefused
from yichuang.cases.moves import begin, finish
from yichuang.cases.states import Act
from yichuang.cases.values import CaseHead, DocumentKind, RefusalKind
from yichuang.core import events
from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason, refuse_all

PAPER = {
    RefusalKind.NOT_NEEDED: DocumentKind.NOT_NEEDED,
    RefusalKind.NOT_OURS: DocumentKind.NOT_OURS,
    RefusalKind.NOT_ACCEPTED: DocumentKind.NON_ACCEPTANCE,
}
MAX_REASON = 1000


@transaction.atomic
def refuse_case(
    *, actor: Actor, number: str, version: int, kind: RefusalKind, reason: str, at: datetime, where_to_go: str = ""
) -> CaseHead:
    """Do not accept, with the reason, the remedies and, when another organ is competent, where to go."""
    case = begin(actor=actor, number=number, version=version, act=Act.REFUSE, at=at)
    check_not_silent(case, at)
    reasons = check_reason(reason)
    if kind is RefusalKind.NOT_OURS and not where_to_go.strip():
        reasons.append(Reason("WHERE_TO_GO", messages.WHERE_TO_GO, "/where_to_go"))
    refuse_all(reasons)
    values = {"reasons": reason.strip(), "right_organ": where_to_go.strip(), **papers.remedies_of(case)}
    document = papers.issue_document(case, PAPER[kind], actor=actor, at=at, values=values)
    head = finish(
        case,
        actor=actor,
        act=Act.REFUSE,
        at=at,
        detail={"kind": kind.value, "document": str(document)},
        documents=(document,),
    )
    tellings.tell_refused(case, kind=kind, at=at)
    events.publish(CaseRefused(case_id=case.id, number=case.number, at=at, kind=kind.value))
    return head


def check_reason(reason: str, field: str = "/reason") -> list[Reason]:
    """A reason, or what else is asked for there (facts, a question …), is written and fits on the paper."""
    if not reason.strip():
        return [Reason("REASON_NEEDED", messages.ASKED_FOR.get(field, messages.REASON_NEEDED), field)]
    if len(reason) > MAX_REASON:
        return [Reason("REASON_TOO_LONG", messages.REASON_TOO_LONG, field)]
    return []
