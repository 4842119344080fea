"""Legal documents (文书): each act that the law wants in writing issues one, numbered, its words frozen.

`cases` says what the paper says; `issuing` makes the paper, on demand and sealed.
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from yichuang.cases.models import Case, Document
from yichuang.cases.values import DOCUMENT_WORDS, DocumentKind, GapItem
from yichuang.core import numbers
from yichuang.core.actors import Actor
from yichuang.core.clock import local, local_date
from yichuang.network import queries as network
from yichuang.people import queries as people

# the middle part of the document number (文号): what kind of paper it is
MARK: dict[DocumentKind, str] = {
    DocumentKind.RECEIPT: "收",
    DocumentKind.GAP_NOTICE: "补",
    DocumentKind.ACCEPTANCE: "受",
    DocumentKind.NON_ACCEPTANCE: "不受",
    DocumentKind.NOT_NEEDED: "无需",
    DocumentKind.NOT_OURS: "移告",
    DocumentKind.GAP_ACCEPTANCE: "容受",
    DocumentKind.PROMISE: "容诺",
    DocumentKind.DEEMED_ACCEPTANCE: "视受",
    DocumentKind.SPECIAL_PROCEDURE: "特",
    DocumentKind.EXTENSION: "延",
    DocumentKind.GRANT: "准",
    DocumentKind.REFUSAL: "不准",
    DocumentKind.DELIVERY: "送",
    DocumentKind.WITHDRAWAL: "撤",
    DocumentKind.TERMINATION: "终",
    DocumentKind.LAPSE: "容终",
    DocumentKind.PROXY: "委",
}
SEAL_AT_INTAKE = "受理专用章"
SEAL_OF_ORGAN = "行政审批专用章"
INTAKE_KINDS = frozenset(
    {
        DocumentKind.RECEIPT,
        DocumentKind.GAP_NOTICE,
        DocumentKind.ACCEPTANCE,
        DocumentKind.NON_ACCEPTANCE,
        DocumentKind.NOT_NEEDED,
        DocumentKind.NOT_OURS,
        DocumentKind.GAP_ACCEPTANCE,
        DocumentKind.DEEMED_ACCEPTANCE,
        DocumentKind.WITHDRAWAL,
    }
)


def issue_document(
    case: Case, kind: DocumentKind, *, actor: Actor, at: datetime, values: Mapping[str, object] | None = None
) -> UUID:
    """Number and freeze a document of the case; returns its id. The number is `GZ受字〔2026〕000123号`, gap-free per year."""
    department = network.get_department_by_id(case.department_id)
    year = local_date(at).year
    serial = numbers.next_number(kind=f"document.{kind.value}", place=department.code, day=date(year, 1, 1))
    row = Document.objects.create(
        case=case,
        kind=kind.value,
        number=f"{department.code}{MARK[kind]}字〔{year}〕{serial:06d}号",
        organ=department.name.zh,
        seal=SEAL_AT_INTAKE if kind in INTAKE_KINDS else SEAL_OF_ORGAN,
        values={**_common(case), **(values or {})},
        issued_at=at,
        by_id=actor.id if actor.is_staff else None,
    )
    return row.id


def _common(case: Case) -> dict[str, object]:
    applicant = people.get_party(case.applicant_id)
    agent = people.get_party(case.agent_id) if case.agent_id else None
    place = network.get_place_by_id(case.taking_place_id)
    department = network.get_department_by_id(case.department_id)
    return {
        "applicant": applicant.name,
        "applicant_id": applicant.id_masked,
        "agent": agent.name if agent else "",
        "item": case.item_name_zh,
        "item_code": case.item_code,
        "case_number": case.number,
        "query_code": case.query_code,
        "filed_at": moment_words(case.filed_at),
        "received_at": moment_words(case.received_at),
        "place": place.name.zh,
        "phone": department.phone,
        "is_permit": case.is_permit,
    }


def remedies_of(case: Case) -> dict[str, object]:
    """The right to 行政复议 and 行政诉讼 that every refusal names (行政许可法 art. 38)."""
    department = network.get_department_by_id(case.department_id)
    return {"review_organ": department.review_organ, "court": department.court}


def gap_lines(gaps: tuple[GapItem, ...]) -> list[dict[str, str]]:
    """The table of missing and faulty papers, as the notice prints it."""
    return [
        {
            "name": gap.name.zh,
            "fault": "缺少" if gap.fault == "missing" else "需更正",
            "words": gap.words.zh,
            "basis": gap.basis,
        }
        for gap in gaps
    ]


def material_lines(case: Case) -> list[dict[str, str]]:
    """The list of papers with their state, as receipts and notices print it."""
    from yichuang.cases.values import MATERIAL_WORDS, MaterialState

    return [
        {"name": row.name_zh, "state": MATERIAL_WORDS[MaterialState(row.state)].zh}
        for row in case.materials.order_by("order")
    ]


def day_words(day: date) -> str:
    """2026年11月22日, as official papers write a day."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment_words(at: datetime) -> str:
    """2026年11月22日 09:05, in the hall's time."""
    when = local(at)
    return f"{day_words(when.date())} {when:%H:%M}"


def title_of(kind: DocumentKind) -> str:
    """The printed title."""
    return DOCUMENT_WORDS[kind].zh
