"""What a service item (事项) is, as frozen values that every room may hold.

The names follow the national elements of a service item (GB/T 39554); `docs/reference/pack-format.md` has the map.
`source` says how sure a fact is: "M" from memory, "P" proposed by us, "S1"… a source named in `Pack.sources`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from yichuang.core.refusals import Reason
from yichuang.core.words import W, Words

if TYPE_CHECKING:
    from datetime import date, datetime

    from yichuang.engine.values import Expression

Necessity = Literal["main", "secondary", "optional"]
Path = Literal["instant", "promise"]
JsonDict = dict[str, Any]


class TaskType(StrEnum):
    """The type of power behind an item (事项类型). Only PERMIT falls under the Administrative Licensing Law."""

    PERMIT = "PERMIT"
    BENEFIT = "BENEFIT"
    CONFIRMATION = "CONFIRMATION"
    REWARD = "REWARD"
    RULING = "RULING"
    OTHER = "OTHER"
    SERVICE = "SERVICE"

    @property
    def code(self) -> str:
        """The code of the national list (domain: some provinces use other codes)."""
        return _TASK_TYPES[self][0]

    @property
    def words(self) -> Words:
        return _TASK_TYPES[self][1]


_TASK_TYPES: Mapping[TaskType, tuple[str, Words]] = {
    TaskType.PERMIT: ("01", W("行政许可", "Administrative licence")),
    TaskType.BENEFIT: ("05", W("行政给付", "Benefit")),
    TaskType.CONFIRMATION: ("07", W("行政确认", "Administrative confirmation")),
    TaskType.REWARD: ("08", W("行政奖励", "Award")),
    TaskType.RULING: ("09", W("行政裁决", "Administrative ruling")),
    TaskType.OTHER: ("10", W("其他行政权力", "Other administrative power")),
    TaskType.SERVICE: ("20", W("公共服务", "Public service")),
}


class Mark(StrEnum):
    """The six 办 and their kin: what an item promises about how it is done."""

    AT_ONCE = "at_once"
    ONLINE = "online"
    NEARBY = "nearby"
    ONCE = "once"
    AT_HOME = "at_home"
    TOLERANT = "tolerant"
    NO_MEETING = "no_meeting"
    AUTOMATIC = "automatic"
    FULLY_ONLINE = "fully_online"

    @property
    def words(self) -> Words:
        return _MARKS[self]


_MARKS: Mapping[Mark, Words] = {
    Mark.AT_ONCE: W("马上办", "Done at once"),
    Mark.ONLINE: W("网上办", "Online"),
    Mark.NEARBY: W("就近办", "Nearby"),
    Mark.ONCE: W("一次办", "One visit"),
    Mark.AT_HOME: W("上门办", "At your home"),
    Mark.TOLERANT: W("容缺办", "Papers may follow"),
    Mark.NO_MEETING: W("不见面", "No meeting"),
    Mark.AUTOMATIC: W("秒批", "Decided in seconds"),
    Mark.FULLY_ONLINE: W("全程网办", "Online from start to end"),
}
LEVELS: Mapping[str, tuple[str, Words]] = {  # 行使层级
    "state": ("1", W("国家级", "National")),
    "province": ("2", W("省级", "Provincial")),
    "city": ("3", W("市级", "City")),
    "county": ("4", W("县级", "District or county")),
    "street": ("5", W("镇（街道）级", "Sub-district")),
    "community": ("6", W("村（社区）级", "Community")),
}
AUDIENCES: Mapping[str, tuple[str, Words]] = {  # 服务对象
    "person": ("1", W("自然人", "Individuals")),
    "company": ("2", W("企业法人", "Companies")),
    "institution": ("3", W("事业法人", "Public institutions")),
    "association": ("4", W("社会组织法人", "Social organisations")),
    "unincorporated": ("5", W("非法人企业", "Unincorporated businesses")),
    "organ": ("6", W("行政机关", "Administrative organs")),
    "other": ("9", W("其他组织", "Other organisations")),
}
NECESSITIES: Mapping[str, tuple[str, Words]] = {  # 材料必要性
    "main": ("1", W("必要", "Required")),
    "optional": ("2", W("非必要", "Optional")),
    "secondary": ("3", W("可容缺后补", "Required, may follow later")),
}
_UNITS: Mapping[str, Words] = {
    "workday": W("{n} 个工作日", "{n} working days"),
    "day": W("{n} 天", "{n} days"),
    "hour": W("{n} 小时", "{n} hours"),
    "instant": W("当场办结", "on the spot"),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit (办结时限) that runs from acceptance. `amount` is in `unit`; "instant" (当场, 即办) has amount 0."""

    amount: int
    unit: Literal["workday", "day", "hour", "instant"]
    basis: str = ""
    source: str = ""
    note: Words | None = None

    @property
    def words(self) -> Words:
        if self.amount == 1 and self.unit != "instant":
            return W(_UNITS[self.unit].zh.format(n=1), f"1 {'working day' if self.unit == 'workday' else self.unit}")
        return _UNITS[self.unit].format(n=self.amount)


@dataclass(frozen=True, slots=True)
class LimitVariant:
    """Other limits in some situations, e.g. on the spot at the counter."""

    when: Expression
    legal: Limit | None
    promise: Limit | None
    words: Words


@dataclass(frozen=True, slots=True)
class Extension:
    """延长办理期限: how far the legal limit may be extended, once, and who approves."""

    limit: Limit
    approver: Words
    basis: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class SpecialProcedure:
    """特别程序: a lawful ground on which the legal clock stops (行政许可法 art. 45, or the item's own law)."""

    ground: str
    name: Words
    limit: Limit
    basis: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """设定依据: `id` is what materials, limits and conditions cite."""

    id: str
    title: str
    title_en: str
    number: str
    article: str
    text: Words
    issued_by: str
    in_force: str
    source: str


@dataclass(frozen=True, slots=True)
class Fee:
    """One charge. `amount_fen` is money in fen (分), None when it depends on a table described in `standard`."""

    name: Words
    standard: Words
    amount_fen: int | None
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class Fees:
    charged: bool
    note: Words
    items: tuple[Fee, ...] = ()
    pay_online: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """通办范围: where the item may be filed. `area` is hall | district | city | province | state."""

    area: str
    note: Words
    source: str = ""


@dataclass(frozen=True, slots=True)
class Visits:
    """到办事现场次数: how often the applicant must come in the whole case, and why."""

    count: int
    reason: Words | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: Words
    hint: Words | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """情形引导: one question; `when` (FEEL over answers) says whether it is asked at all."""

    id: str
    text: Words
    help: Words | None
    options: tuple[Option, ...]
    when: Expression | None = None
    basis: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """受理条件. `check` (FEEL over answers, form, facts, today) must hold; without it a person judges.

    False blocks with `code` and `refusal`. Unknown (a fact that no register could give) goes to a person.
    """

    code: str
    text: Words
    check: Expression | None
    refusal: Words | None
    basis: str = ""
    source: str = ""
    field: str | None = None


@dataclass(frozen=True, slots=True)
class FileRule:
    """What an upload for a material may be. Sizes in megabytes (1 MB = 1,048,576 bytes, as uploads count)."""

    kinds: tuple[str, ...] = ("pdf", "jpg", "png")
    least: int = 1
    most: int = 5
    max_mb: int = 20


@dataclass(frozen=True, slots=True)
class Material:
    """申请材料. `replaces` is the certificate type that makes it 免提交 when the register holds a valid one."""

    code: str
    name: Words
    necessity: Necessity
    kind: Literal["certificate", "form", "other"]
    form: Literal["paper", "electronic", "either"]
    originals: int
    copies: int
    page_format: str
    origin: Literal["self", "government", "other"]
    origin_note: Words | None
    when: Expression | None
    when_words: Words | None
    replaces: str | None
    replaces_name: Words | None
    promise_days: int  # working days within which a secondary one must follow (容缺)
    accept_standard: Words
    fill_note: Words | None
    files: FileRule
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class FormRule:
    """One check over several fields of the form. `level` "warning" tells, but does not refuse."""

    code: str
    check: Expression
    fields: tuple[str, ...]
    words: Words
    level: Literal["error", "warning"] = "error"
    basis: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A fact that the filing room asks of a register before judging, by the name conditions use (`facts.<name>`).

    provider "certificates": number of VALID certificates of type `certificate` whose `key` (a name in
    `ResultSpec.keys`, or "holder") has the value that this form gives. provider "staff": a person answers.
    """

    name: str
    words: Words
    provider: Literal["certificates", "staff"]
    certificate: str = ""
    key: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class ResultField:
    """One line of the result: `value` is a FEEL expression over form, answers, facts and today."""

    key: str
    label: Words
    value: Expression
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Validity:
    amount: int
    unit: Literal["year", "month", "day", "forever"]
    basis: str = ""
    source: str = ""
    until: str | None = None  # JSON pointer to a date of the form that ends it (a lease's end)


@dataclass(frozen=True, slots=True)
class Handover:
    """A thing beside the paper that is handed over (犬牌)."""

    code: str
    name: Words


@dataclass(frozen=True, slots=True)
class ResultSpec:
    """审批结果: what is recorded in the certificate base and rendered. `number_rule` is a Python format string over
    `year` (of the decision) and `serial` (of the year, per issuer and type)."""

    type_code: str
    name: Words
    kind: Literal["certificate", "approval", "other"]
    template: str
    number_rule: str
    validity: Validity
    fields: tuple[ResultField, ...]
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # name -> JSON pointers into the form
    handovers: tuple[Handover, ...] = ()
    unique: str = ""  # the key of which only one VALID certificate may exist ("chip")
    sample_note: Words | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Faq:
    question: Words
    answer: Words
    source: str = ""


@dataclass(frozen=True, slots=True)
class FlowStep:
    """办理流程: one step as the guide tells it."""

    name: Words
    by: Words
    limit: Words
    result: Words


@dataclass(frozen=True, slots=True)
class SourceNote:
    id: str
    title: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Contacts:
    """咨询方式、监督投诉方式、办理地点和时间."""

    consult: str
    complain: str
    places: tuple[Words, ...]
    hours: Words
    source: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: what is given, and what the item must answer. `expect` maps what is asked to its answer."""

    file: str
    name: Words
    answers: Mapping[str, Any]
    form: Mapping[str, Any]
    materials: tuple[str, ...]
    facts: Mapping[str, Any]
    applied_at: datetime
    promise_signed: bool
    expect: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pack:
    """One published version of a service item, whole. Immutable: a case keeps the version it was filed under."""

    code: str
    version: int
    area: str
    name: Words
    summary: Words
    spoken: tuple[str, ...]
    spoken_en: tuple[str, ...]
    kind: TaskType
    kind_source: str
    base_code: str  # 基本编码 (12)
    task_code: str  # 实施编码 (31), "" when not given
    handle_code: str  # 业务办理项编码 (2 more digits), "" when not given
    department: str
    level: str
    power_source: str
    audience: tuple[str, ...]
    themes: tuple[Words, ...]
    life_events: tuple[Words, ...]
    instant: bool  # 即办件, else 承诺件
    ways: tuple[str, ...]
    online_depth: int
    visits: Visits
    express: bool
    kiosk: bool
    marks: tuple[Mark, ...]
    scope: Scope
    legal_limit: Limit
    promise_limit: Limit
    limit_variants: tuple[LimitVariant, ...]
    extension: Extension | None
    special_procedures: tuple[SpecialProcedure, ...]
    fees: Fees
    legal_basis: tuple[LegalBasis, ...]
    conditions: tuple[Condition, ...]
    facts: tuple[FactSpec, ...]
    questions: tuple[Question, ...]
    materials: tuple[Material, ...]
    form: Mapping[str, Any]  # JSON Schema 2020-12 with x- annotations
    form_rules: tuple[FormRule, ...]
    form_conditions: Mapping[str, Expression]  # pointer of a property in the schema -> its x-when
    process_xml: bytes
    flow: tuple[FlowStep, ...]
    result: ResultSpec
    contacts: Contacts
    faqs: tuple[Faq, ...]
    examples: tuple[Example, ...]
    sources: tuple[SourceNote, ...]
    digest: str  # SHA-256 of all files
    format: int = 1

    def material(self, code: str) -> Material:
        """The material of that code. KeyError when the pack has none."""
        return {material.code: material for material in self.materials}[code]

    @property
    def material_codes(self) -> frozenset[str]:
        return frozenset(material.code for material in self.materials)

    def basis(self, id: str) -> LegalBasis | None:
        """The law that a fact cites by id ("L1" or "L1 art. 3" both find L1)."""
        return next((law for law in self.legal_basis if law.id == id.split(" ")[0]), None)

    def cite(self, basis: str) -> str:
        """ "L1 第四十二条" as people are told it: 《law》第四十二条. What cites no law of this pack stays as it is."""
        law = self.basis(basis) if basis else None
        return f"《{law.title}》{basis.partition(' ')[2]}" if law else basis


@dataclass(frozen=True, slots=True)
class RequiredMaterial:
    """A material that this applicant must (or may) hand in. `held`: a register has it, nothing to hand in (免提交)."""

    code: str
    name: Words
    necessity: Necessity
    tolerable: bool
    promise_days: int
    basis: str
    why: Words
    held: bool
    spec: Material


@dataclass(frozen=True, slots=True)
class Requirements:
    """What an item asks of one applicant: computed from answers, form and facts; never a flat list."""

    materials: tuple[RequiredMaterial, ...]
    blocked: tuple[Reason, ...]
    undecided: tuple[Reason, ...]  # conditions no register could answer: a person judges
    path: Path
    legal: Limit
    promise: Limit
    promise_with_gaps: (
        Limit  # when papers follow later: never "on the spot" (an instant variant falls back to the item's)
    )
    questions_open: tuple[str, ...]
    tolerant: bool  # 容缺受理 is possible at all for this item and applicant

    @property
    def demanded(self) -> tuple[RequiredMaterial, ...]:
        """Those that must be handed in: not optional and not already held by the state."""
        return tuple(m for m in self.materials if m.necessity != "optional" and not m.held)


@dataclass(frozen=True, slots=True)
class MaterialVerdict:
    """Which demanded materials are missing, all of them, and whether every missing one may follow later (容缺)."""

    missing: tuple[RequiredMaterial, ...]
    tolerable: bool


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One line of a list or a search."""

    code: str
    version: int
    name: Words
    summary: Words
    spoken: tuple[str, ...]
    kind: TaskType
    department: str
    audience: tuple[str, ...]
    themes: tuple[Words, ...]
    life_events: tuple[Words, ...]
    marks: tuple[Mark, ...]
    legal: Limit
    promise: Limit
    visits: int
    charged: bool
    letter: str
    ways: tuple[str, ...]
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class ItemFilters:
    """Each empty filter lets everything through; `mark`s are all demanded."""

    department: str = ""
    audience: str = ""
    theme: str = ""  # Chinese words of a theme or life event
    marks: tuple[str, ...] = ()
    letter: str = ""
    kind: str = ""
    way: str = ""  # window | online | post


@dataclass(frozen=True, slots=True)
class Fact:
    """A label, what stands beside it, and how sure it is."""

    label: Words
    value: Words
    source: str = ""


@dataclass(frozen=True, slots=True)
class GuideMaterial:
    code: str
    name: Words
    necessity: Words
    form: Words
    count: Words
    origin: Words
    when: Words | None
    instead: Words | None  # the certificate that makes it 免提交
    accept_standard: Words
    fill_note: Words | None
    basis: Words
    source: str


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide page (办事指南), whole, as words: generated from the pack, for portal, counter, kiosk and paper."""

    row: ItemRow
    facts: tuple[Fact, ...]
    conditions: tuple[Fact, ...]
    materials: tuple[GuideMaterial, ...]
    questions: tuple[Question, ...]
    limits: tuple[Fact, ...]
    fees: tuple[Fact, ...]
    basis: tuple[LegalBasis, ...]
    steps: tuple[FlowStep, ...]
    result: tuple[Fact, ...]
    contacts: tuple[Fact, ...]
    faqs: tuple[Faq, ...]
    sources: tuple[SourceNote, ...]
    unchecked: bool  # some facts come from memory or are proposals: the page must say so
    effective_on: date


@dataclass(frozen=True, slots=True)
class PackFault:
    """What is wrong in a pack, where. `line` and `column` count from 1; 0 when the whole file is meant."""

    file: str
    line: int
    code: str
    message: Words
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: [{self.code}] {self.message.zh} / {self.message.en}"


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """What one worked example answered. Red when `differences` is not empty."""

    file: str
    name: Words
    differences: tuple[Words, ...]

    @property
    def ok(self) -> bool:
        return not self.differences


@dataclass(frozen=True, slots=True)
class Mutation:
    """One deliberate fault in a pack and the example that noticed it (None: nobody did, the examples are too weak)."""

    what: str
    noticed_by: str | None
