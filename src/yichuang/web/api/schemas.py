"""What the API takes and gives, as its document (OpenAPI) shows it. Unknown fields are refused by name."""

from datetime import date, datetime
from typing import Any, Literal, Self
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, ModelWrapValidatorHandler, ValidationInfo, model_validator

from yichuang.web.api.held import FetchedOut, OfferOut
from yichuang.web.api.labels import Label as Label
from yichuang.web.api.promised import CommitmentOut, PromisedOut


class In(Schema):
    """Base of every body: nothing unknown is silently dropped."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="wrap")
    @classmethod
    def _run_root_validator(cls, values: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        """In place of the framework's: a body is JSON, not rows of a database, and once is enough."""
        return handler(values)


class ReasonOut(Schema):
    code: str
    field: str | None = Field(None, description="JSON pointer into what was sent")
    message: str
    message_en: str
    basis: str = ""


class Problem(Schema):
    """RFC 9457 problem document; all reasons at once."""

    type: str
    title: str
    status: int
    kind: str
    detail: str
    reasons: list[ReasonOut]
    change: dict[str, Any] | None = None


class ItemOut(Schema):
    code: str
    version: int
    name: str
    name_en: str
    kind: str
    department: str
    summary: str
    marks: list[str]
    legal_limit: str
    promise_limit: str


class ItemsOut(Schema):
    items: list[ItemOut]
    next: str | None = None


class QuestionOut(Schema):
    id: str
    text: Label
    options: list[dict[str, Any]]


class MaterialSpecOut(Schema):
    code: str
    name: Label
    necessity: str
    promise_days: int
    accept_standard: Label
    basis: str


class ItemDetailOut(ItemOut):
    conditions: list[Label]
    situations: list[QuestionOut]
    materials: list[MaterialSpecOut]
    form: dict[str, Any] = Field(description="JSON Schema 2020-12 of the form")
    grounds: dict[str, str] = Field(description="what a denial may rest on: id → as it is cited")
    legal_basis: list[str]
    fees: Label
    result: Label
    faqs: list[dict[str, Label]]


class RequirementsIn(In):
    answers: dict[str, Any] = {}
    form: dict[str, Any] = {}
    materials: list[str] = Field(default=[], description="codes of what is already at hand")
    applicant: UUID | None = None


class RequiredOut(Schema):
    code: str
    name: Label
    necessity: str
    tolerable: bool
    promise_days: int
    held: bool
    basis: str
    why: Label
    fetch: OfferOut | None = Field(None, description="what may be fetched in its place when this is filed (免证办)")


class RequirementsOut(Schema):
    materials: list[RequiredOut]
    missing: list[str]
    tolerable: bool = Field(description="whether all that is missing may follow on a promise (容缺受理)")
    blocked: list[ReasonOut]
    questions_open: list[str]
    commitments: list[CommitmentOut] = Field(description="告知承诺 that the answers chose: to be read and promised")
    letter: str = Field(
        description="the mark of that letter, to be given back with the filing; empty where nothing is promised"
    )
    path: str
    legal_limit: str
    promise_limit: str
    due_date: date = Field(description="the promised day, were the case accepted today")
    form_faults: list[ReasonOut]


class UploadOut(Schema):
    id: UUID
    name: str
    kind: str
    size: int
    pages: int


class CaseRowOut(Schema):
    number: str
    item: str
    applicant: str = Field(description="masked")
    state: str
    words: Label
    version: int
    channel: str
    filed_at: datetime
    due_at: datetime | None
    light: str
    priority: bool = Field(description="优先; why is not told")


class CasesOut(Schema):
    items: list[CaseRowOut]
    next: str | None = None


class MaterialOut(Schema):
    code: str
    name: Label
    state: str
    necessity: str
    tolerable: bool
    due_date: date | None
    note: Label | None
    uploads: list[UploadOut]
    held: FetchedOut | None = Field(None, description="what was fetched in its place (免证办)")


class GapOut(Schema):
    material: str
    name: Label
    fault: str
    words: Label
    tolerable: bool


class TripCauseOut(Schema):
    kind: str
    words: Label
    material: Label | None
    guide: Label | None = Field(description="the sentence of the guide that asks for it")
    window: str = Field(description="the window that had asked for it")


class TripOut(Schema):
    at: datetime
    place: str
    window: str
    purpose: str
    extra: bool = Field(description="beyond the declared number")
    causes: list[TripCauseOut]


class TripsOut(Schema):
    declared: int = Field(description="visits that the guide declares (到办事现场次数)")
    made: int
    rows: list[TripOut]


class CaseOut(CaseRowOut):
    item_code: str
    item_version: int
    sentence: Label
    turn: str
    answers: dict[str, Any]
    form: dict[str, Any]
    materials: list[MaterialOut]
    asked: list[GapOut]
    actions: list[str] = Field(description="what you may do now")
    accepted_at: datetime | None
    accepted_as: str
    decided_at: datetime | None
    ending: "EndingOut | None" = None
    trips: TripsOut
    taking_place: Label
    responsible_place: Label
    taken_for_another: bool = Field(description="代收: another place answers for it than the one that took the filing")
    result_lies_at: Label | None = Field(None, description="where the result on paper lies")
    result_bound_for: Label | None = Field(None, description="where it is on its way to")
    commitments: list[PromisedOut] = Field(
        [], description="告知承诺: what was promised with it, and what the checks found"
    )


class EndingOut(Schema):
    """Why a case was refused, denied or ended, and what can be done against it."""

    title: Label
    reasons: str
    basis: list[str]
    right_organ: str
    review_organ: Label
    court: Label
    document: UUID


class EntryOut(Schema):
    seq: int
    at: datetime
    act: str
    words: Label
    who: str
    place: str
    window: str
    channel: str
    entry: UUID


class StepOut(Schema):
    words: Label
    day: date | None
    basis: str
    days: float | None


class DeadlineOut(Schema):
    name: Label
    due: datetime | None
    due_date: date | None
    half_days_left: int | None
    days_left: int | None
    light: str
    certain: bool
    met: bool | None
    steps: list[StepOut]


class ClockOut(Schema):
    number: str
    rule_version: int
    deadlines: list[DeadlineOut]


class ProcessStepOut(Schema):
    name: Label
    state: Literal["done", "current", "late", "waiting", "skipped"]
    departments: list[Label]
    entered_at: datetime | None
    left_at: datetime | None


class ProcessOut(Schema):
    """`stands`: to_come before acceptance; direct, where it was decided without these steps; never, where it ended before."""

    number: str
    stands: Literal["begun", "to_come", "direct", "never"]
    steps: list[ProcessStepOut]


class DocumentOut(Schema):
    id: UUID
    kind: str
    title: Label
    number: str
    issued_at: datetime
    href: str


class HeadOut(Schema):
    """Where the case stands after an act."""

    number: str
    state: str
    version: int
    documents: list[UUID]


class FindingIn(In):
    state: Literal["checked", "faulty", "missing", "provided", "held"]
    fault: str = Field("", max_length=500)
    seen_original: bool = False


class DoneOut(Schema):
    done: bool = True


class VersionIn(In):
    version: int = Field(description="the case version you looked at", ge=1)


class FindingsIn(VersionIn):
    findings: dict[str, FindingIn] = {}


class GapsIn(FindingsIn):
    promise_signed: bool = False


class SignIn(VersionIn):
    letter: str = Field(description="`mark` of the letter that was read (GET /cases/{number}/promise)", max_length=16)
    agreed: bool = Field(False, description="the person has read the letter and promises it")
    password: str = Field("", max_length=200, description="proof that it is the person who signs: this, or `code`")
    code: str = Field("", max_length=12, description="a code sent by POST /identity/code")


class LetterGapOut(Schema):
    material: str
    name: Label
    words: Label
    due_date: date


class LetterOut(Schema):
    """The letter of promise (容缺受理承诺书) that is offered for signature."""

    mark: str = Field(description="give it back when signing: nobody signs other days than those read")
    until: datetime = Field(description="before then")
    gaps: list[LetterGapOut]


class CodeOut(Schema):
    expires_at: datetime
    wait_seconds: int


class NotifyIn(FindingsIn):
    supervisor_reason: str = Field("", max_length=500)


class RefuseIn(VersionIn):
    kind: Literal["not_needed", "not_ours", "not_accepted"]
    reason: str
    where_to_go: str = Field("", max_length=300)


class SupplementIn(VersionIn):
    materials: dict[str, list[UUID]] = {}
    originals: list[str] = []


class ReasonIn(VersionIn):
    reason: str = ""


class SuspendIn(VersionIn):
    ground: str = Field(
        description="hearing, tender, auction, inspection, testing, quarantine, appraisal, expert_review"
    )
    days: int
    reason: str


class AskExtensionIn(VersionIn):
    days: int = Field(description="working days, at most those of the item's `extension`")
    reason: str


class DecideIn(VersionIn):
    outcome: Literal["grant", "deny"]
    basis: list[str] = Field([], description="what a denial rests on: ids of the item's `grounds`")
    reasons: str = ""
    opinion: str = Field("", max_length=1000)


class DeliverIn(VersionIn):
    identity: str = Field(description="the receiver's identity number, read from the document")
    receiver_name: str
    also: dict[str, int] = Field(
        default={}, description="other cases of the same package with their versions, handed over in the same act"
    )


class LinkIn(In):
    materials: list[str] = []


class LinkOut(Schema):
    code: str
    url: str


class TaskOut(Schema):
    id: UUID
    name: Label
    post: str
    act: str
    state: str
    case: str = Field(description="number of the case")
    case_version: int
    item: str
    due_at: datetime | None
    claimed_by_me: bool


class TasksOut(Schema):
    items: list[TaskOut]
    next: str | None = None


class TaskIn(In):
    version: int | None = Field(None, ge=1, description="the case version you looked at")


class TaskReturnIn(TaskIn):
    note: str = Field("", max_length=500)


class DelegateIn(TaskIn):
    to: UUID = Field(description="a colleague of the task's post (GET /tasks/{id}/hands)")
    reason: str = Field(max_length=1000)


class CountersignIn(TaskIn):
    post: str = Field(description="whose opinion is asked, DEPT.post", max_length=80)
    question: str = Field(max_length=1000)


class QuestionIn(TaskIn):
    question: UUID = Field(description="the task that the question became")


class ReturnToIn(TaskIn):
    to: str = Field(description="a step that was done before (GET /tasks/{id}/hands)", max_length=100)
    reason: str = Field(max_length=1000)


class ColleagueOut(Schema):
    id: UUID
    name: str


class StepBackOut(Schema):
    node: str
    name: Label


class AskedOut(Schema):
    """A question (加签) that was asked from a task, and its answer."""

    id: UUID
    post: str
    state: str
    question: str
    outcome: str
    opinion: str
    by: str


class HandsOut(Schema):
    """What the holder of a task may choose from."""

    case: str
    case_version: int
    act: str
    holds: bool
    may_take_back: bool
    colleagues: list[ColleagueOut]
    steps_back: list[StepBackOut]
    asked: list[AskedOut]


class TaskCompleteIn(TaskIn):
    outcome: Literal["agree", "disagree"]
    opinion: str = ""
