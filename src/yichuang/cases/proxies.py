"""代理委托书: the paper that shows in whose name an agent files (行政许可法 art. 29 (2), 民法典 art. 165)."""

from datetime import datetime
from uuid import UUID

from yichuang.cases import messages, papers
from yichuang.cases.models import Case
from yichuang.cases.values import DocumentKind
from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason
from yichuang.people import queries as people
from yichuang.people.values import RepresentationRow

POWERS = "提交、补正申请材料，签署容缺承诺，签收文书。\n代为领取办理结果。"
ONLINE, AT_WINDOW = "网上实名授权", "窗口提交书面委托"


def missing_authority(*, agent: UUID, applicant: UUID, item: str, seen: bool, at: datetime) -> list[Reason]:
    """Why a clerk cannot take a filing from this agent (民法典 art. 165): nothing on record, and no signed paper seen.

    `seen` is the clerk's word, kept in the ledger, that the original of the power of attorney lay at the window.
    """
    if agent == applicant or seen or _ties(agent, applicant, item, at):
        return []
    return [Reason("AUTHORITY_NEEDED", messages.AUTHORITY_NEEDED, "/authority_seen", "《民法典》第一百六十五条")]


def _ties(agent: UUID, applicant: UUID, item: str, at: datetime) -> list[RepresentationRow]:
    """What is on record today between the two, for this item."""
    rows = people.represented(agent, at=at)
    return [row for row in rows if row.principal == applicant and (not row.items or item in row.items)]


def issue_proxy(case: Case, *, actor: Actor, at: datetime) -> UUID | None:
    """The paper for a case that an agent filed; None for the applicant's own, and for who stands by law.

    A legal representative or guardian needs no power of attorney. Without an authority on record the clerk has seen
    the signed paper (`missing_authority`).
    """
    if case.agent_id is None:
        return None
    ties = _ties(case.agent_id, case.applicant_id, case.item_code, at)
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
