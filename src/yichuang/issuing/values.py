"""What other rooms may hold of issuing: frozen values, no tables."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from yichuang.core.words import W, Words

Verdict = Literal["valid", "expired", "revoked", "altered", "unknown"]
SubjectKind = Literal["certificate", "document"]
IdentityKind = Literal["id_document", "pickup_code"]
Relation = Literal["receiver", "applicant", "agent"]

RELATION_WORDS: dict[Relation, Words] = {
    "receiver": W("领取人本人", "The receiver in person"),
    "applicant": W("申请人本人", "The applicant in person"),
    "agent": W("代理人", "The agent"),
}
IDENTITY_WORDS: dict[IdentityKind, Words] = {
    "id_document": W("身份证件", "Identity document"),
    "pickup_code": W("取件码和姓名", "Pick-up code and name"),
}


@dataclass(frozen=True, slots=True)
class Verification:
    """The public answer to "is it genuine?". Names and numbers are masked: it may be shown to anyone.

    `verdict` is what a reader acts on; `words` says it in a sentence; `status` names the exact state (已注销,
    暂停使用, 尚未生效 …). A file that is `altered` still says which original it pretends to be, if that can be told.
    """

    verdict: Verdict
    words: Words
    by: Literal["number", "file"]
    kind: SubjectKind | None = None
    name: Words | None = None
    number: str = ""  # masked
    holder_masked: str = ""
    issuer: Words | None = None
    status: Words | None = None
    issued_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    status_at: datetime | None = None
    signer: str = ""  # of a dropped file: the organ whose seal it carries


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One hand-over, as the case and the desk show it."""

    id: UUID
    case: UUID
    at: datetime
    receiver_masked: str
    relation: Words
    identity: Words
    place: UUID | None
    window: str
    by: UUID | None


OldPaper = Literal["returned", "lost", "destroyed", "kept"]
OLD_PAPER_WORDS: dict[OldPaper, Words] = {
    "returned": W("已收回", "Taken back"),
    "lost": W("遗失，未收回", "Lost, not taken back"),
    "destroyed": W("毁坏或者灭失，未收回", "Destroyed, not taken back"),
    "kept": W("其他原因未交回", "Not given back for another reason"),
}


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """换领 of one corrected certificate: what waits where, or (`at` is set) who took it and what became of the old paper."""

    id: UUID
    case: UUID
    case_number: str
    item: Words
    certificate: UUID
    name: Words
    number: str
    version: int
    holder_masked: str
    place: UUID
    since: datetime
    at: datetime | None
    old_paper: Words | None
    reason: str
    receiver_masked: str
    by_name: str


@dataclass(frozen=True, slots=True)
class PickupCode:
    """What the receiver shows at the desk: eight digits, good until `expires_at`, with their name as the second item."""

    code: str
    expires_at: datetime


RETENTION_WORDS: dict[str, Words] = {
    "permanent": W("永久", "For ever"),
    "30": W("30年", "30 years"),
    "10": W("10年", "10 years"),
}


@dataclass(frozen=True, slots=True)
class PackageRow:
    """One archive package as lists show it."""

    id: UUID
    number: str
    edition: int
    case_number: str
    item: Words
    holder_masked: str
    closed_on: date
    retention: Words
    keep_until: date | None
    pieces: int
    entries: int
    size: int
    sha256: str
    made_at: datetime
    destroyed_on: date | None = None


@dataclass(frozen=True, slots=True)
class AppraisalRow:
    """鉴定: one answer to a keeping term that was over; `register` is the number in the register of destruction."""

    id: UUID
    package: UUID
    number: str
    case_number: str
    item: Words
    retention: Words
    closed_on: date
    kept_until: date
    editions: int
    outcome: str  # extend | destroy
    stage: str  # done (extended) | proposed | destroyed | declined
    until: date | None
    reason: str
    at: datetime
    by: UUID
    by_name: str
    register: str
    answered_at: datetime | None
    answered_name: str
    note: str


@dataclass(frozen=True, slots=True)
class AppraisalPage:
    """One package whose term is (or will be) over: until when it is kept, what holds it, what was said, who may act."""

    package: PackageRow
    kept_until: date | None
    is_due: bool
    held: tuple[Words, ...]
    rows: tuple[AppraisalRow, ...]  # newest first
    waiting: AppraisalRow | None
    may_appraise: bool
    may_answer: bool
