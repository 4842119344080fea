"""代理委托书: the paper that shows in whose name an agent files (行政许可法 art. 29 (2), 民法典 art. 165)."""

from datetime import datetime
from uuid import UUID

from yichuang.cases import papers
from yichuang.cases.models import Case
from yichuang.cases.values import DocumentKind
from yichuang.core.actors import Actor
from yichuang.people import queries as people

POWERS = "提交、补正申请材料，签收文书。\n代为领取办理结果。"
ONLINE, AT_WINDOW = "网上实名授权", "窗口提交书面委托"


def issue_proxy(case: Case, *, actor: Actor, at: datetime) -> UUID | None:
    """The paper for a case that an agent filed; None for the applicant's own, and for who stands by law.

    A legal representative or guardian needs no power of attorney. Without an authority on record the clerk has seen
    the signed paper.
    """
    if case.agent_id is None:
        return None
    ties = [
        row
        for row in people.represented(case.agent_id, at=at)
        if row.principal == case.applicant_id and (not row.items or case.item_code in row.items)
    ]
    if any(row.kind != "agent" for row in ties):
        return None
    values: dict[str, object] = {
        "powers": POWERS,
        "signer": people.get_party(case.applicant_id).name,
        "sign_way": ONLINE if ties else AT_WINDOW,
        "agent_id_masked": people.get_party(case.agent_id).id_masked,
    }
    if ties:
        last = ties[0].valid_to
        values["valid_from_on"] = ties[0].valid_from.isoformat()
        values["valid_to_on"] = last.isoformat() if last else ""
    return papers.issue_document(case, DocumentKind.PROXY, actor=actor, at=at, values=values)
