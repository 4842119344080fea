"""What other rooms may hold of a case: frozen values, no tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from yichuang.cases.fetched import HeldRow
from yichuang.cases.instant import Became
from yichuang.cases.relaying import RelayLook as RelayLook
from yichuang.cases.states import Phase, State, Turn
from yichuang.core.words import W, Words


class AcceptedAs(StrEnum):
    """How a case came to be accepted."""

    FULL = "full"
    PROMISE = "promise"
    DEEMED = "deemed"


ACCEPTED_WORDS: dict[AcceptedAs, Words] = {
    AcceptedAs.FULL: W("受理", "Accepted"),
    AcceptedAs.PROMISE: W("容缺受理", "Accepted on a promise"),
    AcceptedAs.DEEMED: W("视为受理", "Deemed accepted"),
}


class MaterialState(StrEnum):
    """Where one material of a case stands."""

    PROVIDED = "provided"
    CHECKED = "checked"
    FAULTY = "faulty"
    MISSING = "missing"
    PROMISED = "promised"
    HELD = "held"


MATERIAL_WORDS: dict[MaterialState, Words] = {
    MaterialState.PROVIDED: W("已提交", "Handed in"),
    MaterialState.CHECKED: W("已核对", "Checked"),
    MaterialState.FAULTY: W("需更正", "Needs correcting"),
    MaterialState.MISSING: W("未提交", "Missing"),
    MaterialState.PROMISED: W("容缺后补", "Promised for later"),
    MaterialState.HELD: W("免提交", "Already held by the state"),
}


class Ground(StrEnum):
    """The eight grounds of 行政许可法 art. 45 that stop the legal clock, and the item's own law."""

    HEARING = "hearing"
    TENDER = "tender"
    AUCTION = "auction"
    INSPECTION = "inspection"
    TESTING = "testing"
    QUARANTINE = "quarantine"
    APPRAISAL = "appraisal"
    EXPERT_REVIEW = "expert_review"


GROUND_WORDS: dict[Ground, Words] = {
    Ground.HEARING: W("听证", "Hearing"),
    Ground.TENDER: W("招标", "Tender"),
    Ground.AUCTION: W("拍卖", "Auction"),
    Ground.INSPECTION: W("检验", "Inspection"),
    Ground.TESTING: W("检测", "Testing"),
    Ground.QUARANTINE: W("检疫", "Quarantine"),
    Ground.APPRAISAL: W("鉴定", "Appraisal"),
    Ground.EXPERT_REVIEW: W("专家评审", "Expert review"),
}


class Purpose(StrEnum):
    """What somebody came in for (到现场办什么)."""

    FILE = "file"
    SUPPLEMENT = "supplement"
    COLLECT = "collect"
    WITHDRAW = "withdraw"
    OTHER = "other"


PURPOSE_WORDS: dict[Purpose, Words] = {
    Purpose.FILE: W("申请", "To file"),
    Purpose.SUPPLEMENT: W("补交材料", "To hand in papers"),
    Purpose.COLLECT: W("领取结果", "To collect the result"),
    Purpose.WITHDRAW: W("撤回申请", "To withdraw"),
    Purpose.OTHER: W("其他", "Something else"),
}


class TripKind(StrEnum):
    """Why somebody had to come (跑动原因). The order is that of the counter's keys."""

    CONSULT = "consult"
    PRESENT = "present_in_person"
    BY_CHOICE = "by_choice"
    SENT_ON = "sent_on"
    FAULT = "system_fault"
    MISSING = "material_missing"
    FAULTY = "material_faulty"
    COLLECT = "collect"
    WITHDRAW = "withdraw"


TRIP_WORDS: dict[TripKind, Words] = {
    TripKind.CONSULT: W("咨询、问进度", "A question about the case"),
    TripKind.PRESENT: W("按规定须本人到场", "Must be present in person"),
    TripKind.BY_CHOICE: W("可网上办，本人愿意到窗口", "Could be done online; preferred the window"),
    TripKind.SENT_ON: W("从别处转来", "Sent on from elsewhere"),
    TripKind.FAULT: W("系统、网络或设备故障", "A fault of the system, network or a device"),
    TripKind.MISSING: W("缺少材料", "A paper was missing"),
    TripKind.FAULTY: W("材料有误", "A paper was faulty"),
    TripKind.COLLECT: W("领取结果", "To collect the result"),
    TripKind.WITHDRAW: W("撤回申请", "To withdraw the application"),
}


class Step(StrEnum):
    """How far a limit was escalated (督办)."""

    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    ORDER = "order"


STEP_WORDS: dict[Step, Words] = {
    Step.DUE_SOON: W("期限最后一天，系统催办", "last day of the limit: reminded by the system"),
    Step.OVERDUE: W("超过期限，系统提请督办", "past the limit: brought before the supervisors by the system"),
    Step.ORDER: W("督办", "urged by a supervisor"),
}


class Limit(StrEnum):
    """The limit that is escalated: to answer (art. 32), to decide (the promise), to deliver (art. 44), to check (告知承诺)."""

    ANSWER = "answer"
    DECISION = "decision"
    DELIVERY = "delivery"
    CHECK = "check"


LIMIT_WORDS: dict[Limit, Words] = {
    Limit.ANSWER: W("答复期限", "Limit to answer"),
    Limit.DECISION: W("承诺办结时限", "Promised limit"),
    Limit.DELIVERY: W("颁证送达期限", "Limit to deliver"),
    Limit.CHECK: W("告知承诺后续核查期限", "Check of a commitment"),
}


class RefusalKind(StrEnum):
    """The three ways of not accepting (行政许可法 art. 32 (1), (2), and for want of a legal condition)."""

    NOT_NEEDED = "not_needed"
    NOT_OURS = "not_ours"
    NOT_ACCEPTED = "not_accepted"


class DocumentKind(StrEnum):
    """The legal documents (文书) of a case."""

    RECEIPT = "receipt"
    GAP_NOTICE = "gap_notice"
    ACCEPTANCE = "acceptance"
    NON_ACCEPTANCE = "non_acceptance"
    NOT_NEEDED = "not_needed"
    NOT_OURS = "not_ours"
    GAP_ACCEPTANCE = "gap_acceptance"
    PROMISE = "promise"
    DEEMED_ACCEPTANCE = "deemed_acceptance"
    SPECIAL_PROCEDURE = "special_procedure"
    EXTENSION = "extension"
    GRANT = "grant"
    REFUSAL = "refusal"
    DELIVERY = "delivery"
    WITHDRAWAL = "withdrawal"
    TERMINATION = "termination"
    LAPSE = "lapse"
    PROXY = "proxy"
    DEEMED_RENEWAL = "deemed_renewal"
    REVOKE_NOTICE = "revoke_notice"
    WITHDRAW_NOTICE = "withdraw_notice"
    FORFEIT_NOTICE = "forfeit_notice"
    CANCEL_NOTICE = "cancel_notice"
    DEFENCE = "defence"
    HEARING_NOTICE = "hearing_notice"
    HEARING_RECORD = "hearing_record"
    REVOCATION = "revocation"
    TAKING_BACK = "taking_back"
    FORFEITURE = "forfeiture"
    CANCELLATION = "cancellation"
    PROCEEDING_DROPPED = "proceeding_dropped"
    INSPECTION = "inspection"
    INTERESTED_NOTICE = "interested_notice"
    REVIEW_HEARING = "review_hearing"
    REVIEW_HEARING_RECORD = "review_hearing_record"
    TRANSFER = "transfer"
    CORRECTION = "correction"
    COMMITMENT = "commitment"
    MENDING_ORDER = "mending_order"
    COMMITMENT_BROKEN = "commitment_broken"
    PACKAGE_RECEIPT = "package_receipt"


DOCUMENT_WORDS: dict[DocumentKind, Words] = {
    DocumentKind.RECEIPT: W("收件凭证", "Receipt of filing"),
    DocumentKind.GAP_NOTICE: W("一次性补正告知书", "One-time notice of corrections"),
    DocumentKind.ACCEPTANCE: W("受理通知书", "Notice of acceptance"),
    DocumentKind.NON_ACCEPTANCE: W("不予受理决定书", "Decision not to accept"),
    DocumentKind.NOT_NEEDED: W("无需办理告知书", "Notice that no permit is needed"),
    DocumentKind.NOT_OURS: W("不属于本机关职权范围告知书", "Notice: another authority is responsible"),
    DocumentKind.GAP_ACCEPTANCE: W("容缺受理通知书", "Notice of acceptance on a promise"),
    DocumentKind.PROMISE: W("容缺受理承诺书", "Letter of promise"),
    DocumentKind.DEEMED_ACCEPTANCE: W("视为受理通知书", "Notice of deemed acceptance"),
    DocumentKind.SPECIAL_PROCEDURE: W("特别程序告知书", "Notice of a special procedure"),
    DocumentKind.EXTENSION: W("延期通知书", "Notice of extension"),
    DocumentKind.GRANT: W("准予决定书", "Decision: granted"),
    DocumentKind.REFUSAL: W("不予办理决定书", "Decision: denied"),
    DocumentKind.DELIVERY: W("送达回证", "Proof of delivery"),
    DocumentKind.WITHDRAWAL: W("撤回申请书", "Request to withdraw"),
    DocumentKind.TERMINATION: W("终止办理通知书", "Notice of termination"),
    DocumentKind.LAPSE: W("容缺逾期终止通知书", "Notice of end: promise not kept"),
    DocumentKind.PROXY: W("代理委托书", "Power of attorney"),
    DocumentKind.DEEMED_RENEWAL: W("视为准予延续通知书", "Notice of deemed renewal"),
    DocumentKind.REVOKE_NOTICE: W("拟撤销告知书", "Notice of intended revocation"),
    DocumentKind.WITHDRAW_NOTICE: W("拟撤回告知书", "Notice of intended withdrawal"),
    DocumentKind.FORFEIT_NOTICE: W("行政处罚事先告知书（吊销证件）", "Notice of intended penalty: forfeiture"),
    DocumentKind.CANCEL_NOTICE: W("拟注销告知书", "Notice of intended cancellation"),
    DocumentKind.DEFENCE: W("陈述申辩书", "Statement of defence"),
    DocumentKind.HEARING_NOTICE: W("听证通知书", "Notice of a hearing"),
    DocumentKind.HEARING_RECORD: W("听证笔录", "Record of the hearing"),
    DocumentKind.REVOCATION: W("撤销决定书", "Decision: revoked"),
    DocumentKind.TAKING_BACK: W("撤回决定书", "Decision: withdrawn"),
    DocumentKind.FORFEITURE: W("行政处罚决定书（吊销证件）", "Decision: forfeited as a penalty"),
    DocumentKind.CANCELLATION: W("注销决定书", "Decision: cancelled"),
    DocumentKind.PROCEEDING_DROPPED: W("终止程序告知书", "Notice: proceeding dropped"),
    DocumentKind.INSPECTION: W("现场检查记录", "Record of the on-site inspection"),
    DocumentKind.INTERESTED_NOTICE: W(
        "陈述申辩和听证权利告知书", "Notice of the right to state one's case and to a hearing"
    ),
    DocumentKind.REVIEW_HEARING: W("听证通知书", "Notice of a hearing"),
    DocumentKind.REVIEW_HEARING_RECORD: W("听证笔录", "Record of the hearing"),
    DocumentKind.TRANSFER: W("办件移送告知书", "Notice of transfer"),
    DocumentKind.CORRECTION: W("更正通知书", "Notice of correction"),
    DocumentKind.COMMITMENT: W("告知承诺书", "Letter of commitment"),
    DocumentKind.MENDING_ORDER: W("责令限期改正通知书", "Order to put right by a day"),
    DocumentKind.COMMITMENT_BROKEN: W("未履行承诺告知书", "Notice: commitment not kept"),
    DocumentKind.PACKAGE_RECEIPT: W("一件事收件凭证", "Receipt of a package"),
}
# the titles that 行政许可 papers bear instead
PERMIT_DOCUMENT_WORDS: dict[DocumentKind, Words] = {
    DocumentKind.ACCEPTANCE: W("行政许可受理通知书", "Notice of acceptance (administrative permit)"),
    DocumentKind.NON_ACCEPTANCE: W("行政许可申请不予受理决定书", "Decision not to accept (administrative permit)"),
    DocumentKind.NOT_NEEDED: W("不需要取得行政许可告知书", "Notice that no administrative permit is needed"),
    DocumentKind.NOT_OURS: W("行政许可申请不予受理决定书", "Decision not to accept: another authority is responsible"),
    DocumentKind.EXTENSION: W("行政许可办理期限延长通知书", "Notice of extension (administrative permit)"),
    DocumentKind.GRANT: W("准予行政许可决定书", "Decision: administrative permit granted"),
    DocumentKind.REFUSAL: W("不予行政许可决定书", "Decision: administrative permit denied"),
    DocumentKind.REVOKE_NOTICE: W("拟撤销行政许可告知书", "Notice of intended revocation (administrative permit)"),
    DocumentKind.WITHDRAW_NOTICE: W("拟撤回行政许可告知书", "Notice of intended withdrawal (administrative permit)"),
    DocumentKind.CANCEL_NOTICE: W("拟注销行政许可告知书", "Notice of intended cancellation (administrative permit)"),
    DocumentKind.REVOCATION: W("撤销行政许可决定书", "Decision: administrative permit revoked"),
    DocumentKind.TAKING_BACK: W("撤回行政许可决定书", "Decision: administrative permit withdrawn"),
    DocumentKind.CANCELLATION: W("注销行政许可决定书", "Decision: administrative permit cancelled"),
}


def document_title(kind: DocumentKind, *, permit: bool) -> Words:
    """The title of a paper, the same in lists and on the paper itself."""
    return (PERMIT_DOCUMENT_WORDS.get(kind) if permit else None) or DOCUMENT_WORDS[kind]


class Light(StrEnum):
    """The light of a running clock: colour, shape and word."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    OVERDUE = "overdue"
    STOPPED = "stopped"
    DONE = "done"


LIGHT_WORDS: dict[Light, Words] = {
    Light.GREEN: W("正常", "On time"),
    Light.YELLOW: W("临期", "Due soon"),
    Light.RED: W("即将超期", "Due now"),
    Light.OVERDUE: W("超期", "Overdue"),
    Light.STOPPED: W("暂停", "Stopped"),
    Light.DONE: W("已办结", "Done"),
}


@dataclass(frozen=True, slots=True)
class GapItem:
    """One thing that is missing or wrong, as the notice tells it."""

    material: str
    name: Words
    fault: str  # "missing" | "faulty"
    words: Words  # what is wrong and what would be right
    tolerable: bool = False
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a filing. Number alone opens nothing; the query code (查询码) goes with it."""

    case_id: UUID
    number: str
    query_code: str
    state: State
    version: int
    received_at: datetime
    receipt: UUID  # the document 收件凭证
    judged: bool = False  # its item has a table: `commands.at_once.decide_at_once` says what becomes of it
    became: Became | None = None  # what became of it, where that was judged with it


@dataclass(frozen=True, slots=True)
class CaseHead:
    """What a command answers: where the case stands now."""

    case_id: UUID
    number: str
    state: State
    version: int
    documents: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class UploadRow:
    """One file, cleaned and kept sealed."""

    id: UUID
    name: str
    kind: str
    size: int
    pages: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """One material on a case."""

    code: str
    name: Words
    state: MaterialState
    necessity: str
    tolerable: bool
    uploads: tuple[UploadRow, ...]
    note: Words | None
    due_date: date | None
    seen_original: bool
    held: HeldRow | None = None  # what was fetched in its place, or why not (免证办)


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One legal document of a case."""

    id: UUID
    kind: DocumentKind
    title: Words
    number: str
    created_at: datetime
    case_id: UUID


@dataclass(frozen=True, slots=True)
class DocumentValues:
    """What a document says; `issuing` makes the paper of it."""

    id: UUID
    kind: DocumentKind
    number: str
    organ: str
    seal: str
    issued_at: datetime
    values: Mapping[str, object]
    template_version: int


@dataclass(frozen=True, slots=True)
class HoldRow:
    """Something that keeps a result from being served (fee unpaid, promise outstanding …)."""

    kind: str
    source: str
    words: Words
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One act on the case, from the ledger."""

    seq: int
    at: datetime
    act: str
    words: Words
    who: str
    place: Words | None
    window: str
    channel: str
    entry: UUID
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """One step of the step bar."""

    phase: Phase
    name: Words
    state: str  # "done" | "current" | "stopped" (ended here without a result) | "todo"


@dataclass(frozen=True, slots=True)
class PublicProgress:
    """What number and query code open: no personal data."""

    number: str
    item: Words
    state: State
    sentence: Words
    phases: tuple[PhaseRow, ...]
    filed_at: datetime
    due_date: date | None
    turn: Turn
    organ: Words
    asked: tuple[GapItem, ...]


class Category(StrEnum):
    """Why somebody is put forward (优先办理): what a clerk recorded, from a closed list; no evidence is asked for."""

    ELDERLY = "elderly"
    DISABLED = "disabled"
    PREGNANT = "pregnant"
    ILL = "ill"
    MILITARY = "military"
    EMERGENCY = "emergency"
    KEY_PROJECT = "key_project"


CATEGORY_WORDS: dict[Category, Words] = {
    Category.ELDERLY: W("七十岁以上老人", "Aged 70 or more"),
    Category.DISABLED: W("残疾人", "Person with a disability"),
    Category.PREGNANT: W("孕妇、带婴儿的人", "Expecting, or with a baby"),
    Category.ILL: W("急病、重病", "Urgently or seriously ill"),
    Category.MILITARY: W("现役军人、退役军人、军属", "Serving or former soldier, or family"),
    Category.EMERGENCY: W("抢险救灾、紧急民生", "Emergency and disaster relief"),
    Category.KEY_PROJECT: W("重点项目", "Key project"),
}


@dataclass(frozen=True, slots=True)
class FilePrint:
    """The fingerprint of one file that was handed in."""

    material: str
    name: Words
    kind: str
    size: int
    sha256: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """What an archive lists of a case."""

    id: UUID
    number: str
    item_code: str
    item_version: int
    item: Words
    is_permit: bool
    applicant: UUID
    applicant_masked: str
    department: UUID
    organ: str
    state: Words
    closed: bool
    outcome: str
    filed_at: datetime
    accepted_at: datetime | None
    decided_at: datetime | None
    closed_at: datetime | None
    previous: UUID | None
    documents: tuple[DocumentRow, ...]
    files: tuple[FilePrint, ...]
