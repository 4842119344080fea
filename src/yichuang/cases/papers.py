"""Legal documents (文书): each act that the law wants in writing issues one, numbered, its words frozen.

`cases` says what the paper says; `issuing` makes the paper, on demand and sealed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from yichuang.cases.models import Case, Document, Material
from yichuang.cases.values import MATERIAL_WORDS, DocumentKind, GapItem, MaterialState
from yichuang.core import numbers
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.compiled import build, insert
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.people.values import PartyRow

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
    DocumentKind.DEEMED_RENEWAL: "视延",
    DocumentKind.REVOKE_NOTICE: "拟撤",
    DocumentKind.WITHDRAW_NOTICE: "拟回",
    DocumentKind.FORFEIT_NOTICE: "罚告",
    DocumentKind.CANCEL_NOTICE: "拟销",
    DocumentKind.DEFENCE: "辩",
    DocumentKind.HEARING_NOTICE: "听通",
    DocumentKind.HEARING_RECORD: "听录",
    DocumentKind.REVOCATION: "撤销",
    DocumentKind.TAKING_BACK: "撤回",
    DocumentKind.FORFEITURE: "罚决",
    DocumentKind.CANCELLATION: "注销",
    DocumentKind.PROCEEDING_DROPPED: "终程",
    DocumentKind.INSPECTION: "检",
    DocumentKind.INTERESTED_NOTICE: "听告",
    DocumentKind.REVIEW_HEARING: "审听通",
    DocumentKind.REVIEW_HEARING_RECORD: "审听录",
    DocumentKind.TRANSFER: "移",
    DocumentKind.CORRECTION: "更",
    DocumentKind.COMMITMENT: "告诺",
    DocumentKind.MENDING_ORDER: "责改",
    DocumentKind.COMMITMENT_BROKEN: "违诺",
    DocumentKind.PACKAGE_RECEIPT: "合收",
}
SEAL_AT_INTAKE = "受理专用章"
SEAL_OF_ORGAN = "行政审批专用章"
INTAKE_KINDS = frozenset(
    {
        DocumentKind.RECEIPT,
        DocumentKind.PACKAGE_RECEIPT,
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
    case: Case,
    kind: DocumentKind,
    *,
    actor: Actor,
    at: datetime,
    values: Mapping[str, object] | None = None,
    applicant: PartyRow | None = None,
    serial: int | None = None,
) -> UUID:
    """Number and freeze a document of the case; returns its id. The number is `GZ受字〔2026〕000123号`, gap-free per year.

    `applicant` is the case's, from whoever has read it already; `serial` from whoever has taken it (`numbering.new_numbers`).
    """
    department = network.get_department_by_id(case.department_id)
    year = local_date(at).year
    if serial is None:
        counted, place, day = counter_of(case, kind, at)
        serial = numbers.next_number(kind=counted, place=place, day=day)
    row = build(
        Document,
        case_id=case.id,
        kind=kind.value,
        number=f"{department.code}{MARK[kind]}字〔{year}〕{serial:06d}号",
        organ=department.organ_seal or department.name.zh,
        seal=SEAL_AT_INTAKE if kind in INTAKE_KINDS else SEAL_OF_ORGAN,
        values={
            **_common(case, applicant or case.known.applicant or people.get_party(case.applicant_id)),
            **(values or {}),
        },
        issued_at=at,
        by_id=actor.id if actor.is_staff else None,
    )
    insert([row])
    case.fresh.append(row)
    return row.id


def counter_of(case: Case, kind: DocumentKind, at: datetime) -> numbers.Counter:
    """What numbers such a paper of the case: by department and year."""
    department = network.get_department_by_id(case.department_id)
    return f"document.{kind.value}", department.code, date(local_date(at).year, 1, 1)


def _common(case: Case, applicant: PartyRow) -> dict[str, object]:
    """What every paper of the case may say. Days are ISO dates (keys `_on`), instants ISO datetimes (`_at`)."""
    agent = people.get_party(case.agent_id) if case.agent_id else None
    place = network.get_place_by_id(case.taking_place_id)
    return {
        "applicant": applicant.name,
        "applicant_id_masked": applicant.id_masked,
        "mobile_masked": applicant.mobile_masked,
        "agent": agent.name if agent else "",
        "signer": agent.name if agent else applicant.name,
        "sign_way": "窗口签署" if case.channel == "counter" else "网上实名确认",
        "item_name": case.item_name_zh,
        "item_code": case.item_code,
        "case_number": case.number,
        "query_code": case.query_code,
        "filed_on": local_date(case.filed_at).isoformat(),
        "received_at": case.received_at.isoformat(),
        "received_on": local_date(case.received_at).isoformat(),
        "accepted_on": case.accepted_date.isoformat() if case.accepted_date else "",
        "place": place.name.zh,
        "permit": case.is_permit,
        "promise_limit": limit_words(case.promise_amount, case.promise_unit),
        "legal_limit": limit_words(case.legal_amount, case.legal_unit),
    }


def limit_words(amount: object, unit: str) -> str:
    """ "5 个工作日", as papers print a limit."""
    if unit == "instant":
        return "当场办结"
    return f"{float(str(amount)):g} " + {"workday": "个工作日", "day": "个自然日", "hour": "小时"}[unit]


def remedies_of(case: Case) -> dict[str, object]:
    """The right to 行政复议 and 行政诉讼 that every refusal names (行政许可法 art. 38)."""
    department = network.get_department_by_id(case.department_id)
    return {"review_organ": department.review_organ.zh, "court": department.court.zh}


def gap_lines(gaps: Sequence[GapItem], days: Mapping[str, date] = MappingProxyType({})) -> list[dict[str, str]]:
    """The table of missing and faulty papers, as the notices print it."""
    return [
        {
            "material": gap.name.zh,
            "problem": "缺少" if gap.fault == "missing" else "需更正",
            "how": gap.words.zh,
            "basis": gap.basis,
            "due_on": days[gap.material].isoformat() if gap.material in days else "",
        }
        for gap in gaps
    ]


def material_lines(materials: Iterable[Material]) -> list[dict[str, str]]:
    """The list of papers with their state, as receipts and notices print it."""
    return [
        {
            "name": row.name_zh,
            "copies": "1",
            "form": "原件核对" if row.seen_original else "电子",
            "state": MATERIAL_WORDS[MaterialState(row.state)].zh,
        }
        for row in materials
    ]


def promised_lines(rows: Iterable[Material]) -> list[dict[str, str]]:
    """The promised papers that did not come, as the notice of lapse prints them."""
    return [
        {
            "material": row.name_zh,
            "problem": "承诺期限内未补交",
            "due_on": row.due_date.isoformat() if row.due_date else "",
        }
        for row in rows
    ]
