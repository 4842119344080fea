"""What other rooms may hold of people."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal
from uuid import UUID

from yichuang.core.identifiers import check_document, check_uscc
from yichuang.core.refusals import Reason
from yichuang.core.roles import THREE_ADMINISTRATORS
from yichuang.core.words import W, Words

PartyKind = Literal["person", "company"]
RepresentationKind = Literal["agent", "legal_representative", "guardian"]
Maskable = Literal["name", "id_no", "mobile", "address", "birth_date"]

RESIDENT_ID, HMT_RESIDENCE, PASSPORT, TAIWAN_PERMIT, HK_MACAO_PERMIT, FOREIGN_RESIDENT_ID, USCC = (
    "111",
    "154",
    "414",
    "511",
    "516",
    "553",
    "001",
)
ID_TYPES: dict[str, Words] = {
    RESIDENT_ID: W("居民身份证", "Resident identity card"),
    HMT_RESIDENCE: W("港澳台居民居住证", "Residence permit for Hong Kong, Macao and Taiwan residents"),
    PASSPORT: W("普通护照", "Passport"),
    TAIWAN_PERMIT: W("台湾居民来往大陆通行证", "Mainland travel permit for Taiwan residents"),
    HK_MACAO_PERMIT: W("港澳居民来往内地通行证", "Mainland travel permit for Hong Kong and Macao residents"),
    FOREIGN_RESIDENT_ID: W("外国人永久居留身份证", "Foreign permanent resident identity card"),
    USCC: W("统一社会信用代码", "Unified social credit code"),
}
_DOCUMENTS = {
    RESIDENT_ID: "cn_id",
    HMT_RESIDENCE: "hmt_residence",
    PASSPORT: "passport",
    TAIWAN_PERMIT: "tw_permit",
    HK_MACAO_PERMIT: "hm_permit",
    FOREIGN_RESIDENT_ID: "foreign_residence",
}


def check_number(id_type: str, id_no: str, *, on: date | None = None) -> list[Reason]:
    """All reasons against a number of this type of document (keys of ID_TYPES); `on` bounds births, default today."""
    if id_type == USCC:
        return check_uscc(id_no, field="/id_no")
    return check_document(_DOCUMENTS.get(id_type, ""), id_no, field="/id_no", on=on)


FIELD_WORDS: dict[str, Words] = {
    "name": W("姓名", "name"),
    "id_no": W("证件号码", "identity number"),
    "mobile": W("手机号码", "mobile number"),
    "address": W("住址", "address"),
    "birth_date": W("出生日期", "date of birth"),
    "form": W("申请表内容", "application form"),
    "materials": W("申请材料", "materials handed in"),
    "documents": W("文书", "documents"),
    "certificate": W("证照", "certificate"),
}
PURPOSES: dict[str, Words] = {
    "intake": W("窗口受理", "taking the application"),
    "precheck": W("网上预审", "pre-check"),
    "review": W("审查办件", "reviewing the case"),
    "decide": W("作出决定", "deciding the case"),
    "issue": W("核对身份、发放结果", "handing over the result"),
    "service": W("办理业务", "serving the case"),
    "supervise": W("监督检查", "supervision"),
    "agency": W("代办", "acting as agent"),
    "unmask": W("查看完整信息", "seeing the full value"),
    "registry": W("免提交比对", "comparison instead of a paper"),
    "archive": W("查阅归档案卷", "taking the case out of the archive"),
    "recheck": W("抽查自动办理的办件", "re-checking an automatic decision"),
}
REPRESENTATION_WORDS: dict[str, Words] = {
    "agent": W("委托代理人", "authorised agent"),
    "legal_representative": W("法定代表人", "legal representative"),
    "guardian": W("监护人", "guardian"),
}


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A person or company with its plain data: only for those who may see it, and each look is recorded."""

    id: UUID
    kind: PartyKind
    name: str
    name_masked: str
    id_type: str
    id_no: str
    id_masked: str
    mobile: str
    mobile_masked: str
    address: str
    address_masked: str
    birth_date: date | None
    demo: bool
    language: str = ""  # of messages, as chosen on the pages; "" without an account
    email: str = ""  # proved by a code; "" when none was given
    email_masked: str = ""

    def age(self, on: date) -> int | None:
        """Full years on a day of the hall's calendar; None when the birth date is unknown."""
        born = self.birth_date
        return None if born is None else on.year - born.year - ((on.month, on.day) < (born.month, born.day))

    def __repr__(self) -> str:
        """Never shows personal data: a repr ends up in logs."""
        return f"PartyRow({self.id}, {self.kind}, {self.name_masked})"


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A member of staff; a staff name is public on the documents that they sign."""

    id: UUID
    account: UUID
    staff_no: str
    name: str
    place: UUID | None
    department: UUID | None
    window: str


@dataclass(frozen=True, slots=True)
class RepresentationRow:
    """Who stands for whom; `items` empty means all items."""

    id: UUID
    agent: UUID
    agent_name_masked: str
    principal: UUID
    principal_name_masked: str
    kind: RepresentationKind
    items: tuple[str, ...]
    valid_from: date
    valid_to: date | None

    @property
    def words(self) -> Words:
        return REPRESENTATION_WORDS[self.kind]


@dataclass(frozen=True, slots=True)
class GrantView:
    """A role of a member of staff, as the security administrator sees it."""

    id: UUID
    staff: UUID
    role: str
    place: UUID | None
    department: UUID | None
    valid_from: date
    valid_to: date | None

    def counts_on(self, day: date) -> bool:
        """Whether it gives power on a day, both ends included."""
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)


@dataclass(frozen=True, slots=True)
class StaffFilters:
    """What of the book of staff is wanted; `text` is looked for in name, staff number and user name."""

    text: str = ""
    role: str = ""
    place: UUID | None = None
    state: Literal["", "open", "closed", "powerless"] = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who sits at a post (岗位); `open` is false when the account is closed."""

    id: UUID
    name: str
    open: bool


@dataclass(frozen=True, slots=True)
class StaffView:
    """A member of staff with account, roles and posts, as the administrators see them."""

    id: UUID
    account: UUID
    username: str
    staff_no: str
    name: str
    place: UUID | None
    department: UUID | None
    window: str
    phone_masked: str
    must_change: bool  # still has the password that an administrator gave
    opened_at: datetime
    closed_at: datetime | None
    last_sign_in_at: datetime | None
    grants: tuple[GrantView, ...]  # not revoked; ended and coming ones too
    posts: tuple[str, ...]

    def offices(self, on: date) -> frozenset[str]:
        """Which of the three administrators they are on the day, or will be."""
        held = {grant.role for grant in self.grants if not grant.valid_to or grant.valid_to >= on}
        return THREE_ADMINISTRATORS & held


@dataclass(frozen=True, slots=True)
class Qualified:
    """For what somebody is qualified (上岗资格) on a day: items, whole departments (codes), or everything."""

    items: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    everything: bool = False

    def covers(self, item: str, department: str) -> bool:
        """Whether they may be routed people who come for this item of this department ("": not known)."""
        return self.everything or item in self.items or department in self.departments


@dataclass(frozen=True, slots=True)
class QualificationRow:
    """One qualification as the manager of the hall sees it; `item` and `department` (a code) empty: everything."""

    id: UUID
    staff: UUID
    name: str
    item: str
    department: str
    evidence: str
    valid_from: date
    valid_to: date | None
    granted_by: str  # "": at installation
    ended: bool  # withdrawn, or its last day has gone by
    withdrawn: bool

    def ends_soon(self, day: date) -> bool:
        """Whether it ends within the next weeks: time to examine again."""
        return not self.ended and self.valid_to is not None and self.valid_to <= day + timedelta(days=EXPIRING_DAYS)


EXPIRING_DAYS = 30  # how long before its end a qualification is named
ENDING_DAYS = 14  # how long before its end a role is named for attention


@dataclass(frozen=True, slots=True)
class StaffFigures:
    """What of staff and powers wants attention: open accounts only."""

    first_password: int  # never changed the password that somebody gave them
    without_role: int
    ending: int  # roles that end within the next days


@dataclass(frozen=True, slots=True)
class LookRow:
    """One look at somebody's data, as the person sees it (谁看过我的数据)."""

    at: datetime
    viewer: str  # staff 李*, or the agent's masked name
    unit: Words
    purpose: Words
    fields: tuple[Words, ...]
    case_number: str
    unmasked: bool
    reason: str


@dataclass(frozen=True, slots=True)
class AuditedLook:
    """One look, as the security auditor sees it: who and when, never what was seen."""

    id: UUID
    at: datetime
    viewer_kind: str
    viewer_id: UUID | None
    viewer: str
    party: UUID
    purpose: Words
    fields: tuple[str, ...]
    case_number: str
    unmasked: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a door needs after a successful sign-in: it makes a new session and keeps `account` and `stamp` in it.

    The stamp gets old when the password or the powers change; `actor_for_account(stamp=…)` then knows nobody.
    """

    account: UUID
    actor_kind: Literal["person", "staff"]
    stamp: str
    must_change: bool


PROOF_LIFE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Proof:
    """That somebody has just proved again who they are; made by `prove_identity` only, good for one act."""

    party: UUID
    how: Literal["password", "sms"]
    at: datetime


@dataclass(frozen=True, slots=True)
class CodeSent:
    """The same answer for every number, whether or not it has an account."""

    expires_at: datetime
    wait_seconds: int


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A synthetic account of the demo, password included; exists only when YICHUANG_DEMO is on."""

    username: str
    password: str
    phone: str
    name: str
    role: Words
    place: Words
    note: Words


@dataclass(frozen=True, slots=True)
class Budget:
    """At most `limit` times in `span`; a renewing budget starts its span again at every use (lock-out)."""

    scope: str
    limit: int
    span: timedelta
    renew: bool = False


@dataclass(frozen=True, slots=True)
class FaceState:
    """刷脸核验 as the person sees it: whether a platform is there, whether they may try again today, the score that counts."""

    offered: bool
    more: bool
    score: Decimal | None
