"""网上预审: a clerk looks at an online filing before the applicant comes, and says how it stands."""

from datetime import datetime

from django.db import transaction

from yichuang.cases import tellings
from yichuang.cases.commands.accept import Findings, judge, note_findings
from yichuang.cases.moves import begin, finish
from yichuang.cases.rules.acceptance import Accept
from yichuang.cases.states import Act
from yichuang.cases.values import CaseHead
from yichuang.core.actors import Actor
from yichuang.core.words import W


@transaction.atomic
def precheck_case(*, actor: Actor, number: str, version: int, findings: Findings, at: datetime) -> CaseHead:
    """Note the findings and tell the applicant; it is no acceptance and no notice, and stops no clock."""
    case = begin(actor=actor, number=number, version=version, act=Act.PRECHECK, at=at)
    note_findings(case, findings, at)
    case.prechecked_at = at
    complete = isinstance(judge(case, promise_signed=False, at=at), Accept)
    head = finish(case, actor=actor, act=Act.PRECHECK, at=at, detail={"complete": complete})
    outcome = W("材料齐全", "complete") if complete else W("材料尚不齐全", "not yet complete")
    tellings.tell_prechecked(case, outcome=outcome, at=at)
    return head
