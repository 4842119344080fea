"""What other rooms may hold of the network: kinds, frozen rows, opening hours."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from yichuang.core.words import W, Words


class PlaceKind(StrEnum):
    """What a place is in the "1+4+10+83" shape, and the points beyond it."""

    DISTRICT_HALL = "district_hall"
    SPECIAL_HALL = "special_hall"
    SUBDISTRICT_HALL = "subdistrict_hall"
    COMMUNITY = "community"
    ESTATION = "estation"
    MALL_POINT = "mall_point"
    PARK_POINT = "park_point"
    SCHOOL_POINT = "school_point"


class ZoneKind(StrEnum):
    """Zones (功能区) and facilities (便民设施) of a place."""

    WAITING = "waiting"
    INTAKE = "intake"
    SELF_SERVICE = "self_service"
    ISSUING = "issuing"
    CONSULT = "consult"
    NURSING_ROOM = "nursing_room"
    PARKING = "parking"
    ACCESSIBLE = "accessible"
    LOCKERS = "lockers"


class WindowKind(StrEnum):
    """Kinds of windows (窗口). An integrated window takes every item of its hall (零差别受理)."""

    INTEGRATED = "integrated"
    SPECIAL = "special"
    ISSUING = "issuing"
    CONSULT = "consult"
    GREEN = "green"
    COORDINATION = "coordination"
    TAX = "tax"


class DepartmentKind(StrEnum):
    """Nature of the responsible body (实施主体性质), and units that share the hall without public power."""

    STATUTORY = "statutory"
    AUTHORISED = "authorised"
    ENTRUSTED = "entrusted"
    UTILITY = "utility"
    BANK = "bank"


class PostAct(StrEnum):
    """What the holder of a post (岗位) does to a case."""

    RECEIVE = "receive"
    REVIEW = "review"
    DECIDE = "decide"
    ISSUE = "issue"


class AssignmentRule(StrEnum):
    """How the responsible place (属地) of an item follows from the applicant's street."""

    DISTRICT = "district"  # the district hall, whatever the street
    STREET = "street"  # the sub-district hall of the street
    PLACE = "place"  # one named place, e.g. a specialised hall


class Scope(StrEnum):
    """Where an item may be filed (通办范围); the words of `catalog.values.Scope.area`."""

    HALL = "hall"  # only at the responsible place
    DISTRICT = "district"  # 区内通办
    CITY = "city"  # 全城通办
    PROVINCE = "province"  # 全省通办
    STATE = "state"  # 跨省通办


WORDS: dict[StrEnum, Words] = {
    PlaceKind.DISTRICT_HALL: W("区政务服务中心", "District hall"),
    PlaceKind.SPECIAL_HALL: W("专业大厅", "Specialised hall"),
    PlaceKind.SUBDISTRICT_HALL: W("街道便民服务中心", "Sub-district hall"),
    PlaceKind.COMMUNITY: W("社区便民服务站", "Community centre"),
    PlaceKind.ESTATION: W("社区e站", "Community e-station"),
    PlaceKind.MALL_POINT: W("商圈自助服务点", "Self-service point in a mall"),
    PlaceKind.PARK_POINT: W("园区自助服务点", "Self-service point in a business park"),
    PlaceKind.SCHOOL_POINT: W("校园自助服务点", "Self-service point at a school"),
    ZoneKind.WAITING: W("等候区", "Waiting area"),
    ZoneKind.INTAKE: W("受理区", "Intake area"),
    ZoneKind.SELF_SERVICE: W("自助服务区", "Self-service area"),
    ZoneKind.ISSUING: W("出件区", "Issuing area"),
    ZoneKind.CONSULT: W("咨询导办台", "Guidance desk"),
    ZoneKind.NURSING_ROOM: W("母婴室", "Nursing room"),
    ZoneKind.PARKING: W("停车位", "Parking"),
    ZoneKind.ACCESSIBLE: W("无障碍设施", "Step-free access"),
    ZoneKind.LOCKERS: W("证照柜", "Certificate lockers"),
    WindowKind.INTEGRATED: W("综合窗口", "Integrated window"),
    WindowKind.SPECIAL: W("专窗", "Specialised window"),
    WindowKind.ISSUING: W("出件窗口", "Issuing window"),
    WindowKind.CONSULT: W("咨询窗口", "Consultation window"),
    WindowKind.GREEN: W("绿色通道", "Green-channel window"),
    WindowKind.COORDINATION: W("协调帮办窗口", "Coordination window"),
    WindowKind.TAX: W("缴税窗口", "Tax window"),
    DepartmentKind.STATUTORY: W("法定机关", "Statutory authority"),
    DepartmentKind.AUTHORISED: W("授权组织", "Authorised organisation"),
    DepartmentKind.ENTRUSTED: W("受委托组织", "Entrusted organisation"),
    DepartmentKind.UTILITY: W("公用事业单位", "Public utility"),
    DepartmentKind.BANK: W("银行", "Bank"),
    PostAct.RECEIVE: W("受理", "Receive"),
    PostAct.REVIEW: W("审查", "Review"),
    PostAct.DECIDE: W("决定", "Decide"),
    PostAct.ISSUE: W("出件", "Issue"),
    AssignmentRule.DISTRICT: W("区级办理", "Handled by the district"),
    AssignmentRule.STREET: W("街道属地办理", "Handled by the sub-district of the address"),
    AssignmentRule.PLACE: W("指定网点办理", "Handled by one named place"),
    Scope.HALL: W("属地办理", "Only at the responsible place"),
    Scope.DISTRICT: W("区内通办", "Anywhere in the district"),
    Scope.CITY: W("全城通办", "Anywhere in the city"),
    Scope.PROVINCE: W("全省通办", "Anywhere in the province"),
    Scope.STATE: W("跨省通办", "Anywhere in the country"),
}
RULE_WORDS: dict[AssignmentRule, Words] = {  # apart: "district" is also a Scope, and both are plain texts as keys
    AssignmentRule.DISTRICT: W("区级大厅办理", "Handled by the district hall"),
    AssignmentRule.STREET: W("街道属地办理", "Handled by the sub-district of the address"),
    AssignmentRule.PLACE: W("指定网点办理", "Handled by one named place"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of opening on a day, local time of the hall, half-open: opens <= t < closes (24:00 is `time.max`)."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day on which a place keeps other hours than its week says: no spans = closed (临时闭厅)."""

    day: date
    spans: tuple[Span, ...]
    reason: Words


@dataclass(frozen=True, slots=True)
class Extended:
    """Extended hours (延时办理): a place serves longer than its week says, on these weekdays from a day to a day.

    No weekdays = every day. Of one day only (`first == last`) it holds whatever week and calendar say; else not on public
    holidays, nor on days that keep hours of their own. Never on a day on which the place is closed (临时闭厅).
    """

    id: UUID
    weekdays: frozenset[int]  # 0 = Monday; a make-up working day on a week-end counts as Monday
    first: date
    last: date | None  # the last day, included; None = until ended
    span: Span
    reason: Words

    @property
    def dated(self) -> bool:
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class Timetable:
    """The hours of a place.

    `week[0]` is Monday. A make-up working day (调休上班日) on a week-end keeps Monday's hours; a public holiday is
    closed. Week-end rows count on ordinary week-ends only. `extended` comes on top (延时办理). `always` = day and night, whatever the calendar
    (24 小时自助区).
    """

    week: tuple[tuple[Span, ...], ...]
    exceptions: tuple[SpecialDay, ...] = ()
    always: bool = False
    extended: tuple[Extended, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place of the network (网点)."""

    id: UUID
    code: str
    parent: UUID | None
    kind: PlaceKind
    name: Words
    address: Words
    phone: str
    region_code: str  # 6 digits, GB/T 2260
    street_code: str  # 9 digits or ""
    community_code: str  # 12 digits or ""
    takes_filings: bool  # people there receive applications; a bare machine does not
    active: bool
    demo: bool  # synthetic: made up for the demo network
    timetable: Timetable

    @property
    def kind_words(self) -> Words:
        return WORDS[self.kind]


@dataclass(frozen=True, slots=True)
class PlaceNode:
    """A place with the places below it, in the order of their codes."""

    place: PlaceRow
    children: tuple["PlaceNode", ...]


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """Whether a place is open at an instant, and when that changes next (aware, UTC; None: not within 60 days)."""

    open: bool
    reason: Words
    changes_at: datetime | None
    certain: bool  # False when the answer rests on a year whose holidays are not published yet
    extended: bool = False  # open only because it serves longer (延时办理)


@dataclass(frozen=True, slots=True)
class ZoneRow:
    kind: ZoneKind
    name: Words
    capacity: int  # seats, parking spaces, self-service places; 0 = not counted
    always_open: bool


@dataclass(frozen=True, slots=True)
class WindowRow:
    """A window of a hall. `departments` and `items` narrow a 专窗; an integrated window has neither."""

    id: UUID
    place: UUID
    number: str
    kind: WindowKind
    name: Words
    active: bool
    departments: tuple[str, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TerminalRow:
    """Where a self-service machine stands (its live state belongs to the room `devices`)."""

    id: UUID
    code: str
    place: UUID
    name: Words
    always_open: bool


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """A department (部门) or other unit that works in the halls."""

    id: UUID
    code: str
    uscc: str
    kind: DepartmentKind
    name: Words
    organ_seal: str  # the name on its seal
    address: Words
    review_organ: Words  # 行政复议机关
    court: Words  # 行政诉讼管辖法院
    phone: str  # consultation (咨询电话)
    complaint_phone: str  # 监督投诉电话, never the same
    demo: bool
    closed: bool = False  # takes on nothing new (已撤销)


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post (岗位) "DEPT.post"; `department` is None for posts of the window itself (WINDOW.…)."""

    code: str
    department: UUID | None
    name: Words
    act: PostAct


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """Which department answers for an item, and how its responsible place is found."""

    item_code: str
    department: str
    rule: AssignmentRule
    place: UUID | None


@dataclass(frozen=True, slots=True)
class AuthorisationRow:
    """A department lets a place's clerks receive in its name (委托受理). `item_code` "" = all its items."""

    id: UUID
    department: UUID
    place: UUID
    item_code: str
    valid_from: date
    valid_to: date | None  # last day, included; None = until ended
    seal_name: str  # 受理专用章
    number: str  # the paper it stands in


@dataclass(frozen=True, slots=True)
class YearRow:
    """A calendar year: confirmed once the State Council's notice is published and taken over."""

    year: int
    confirmed: bool
    source: str
    days: tuple[tuple[date, bool, Words], ...]  # (day, works, name)


@dataclass(frozen=True, slots=True)
class TakingRow:
    """A place that takes an item, and whether it also answers for it (属地)."""

    place: PlaceRow
    responsible: bool
    opening: OpeningRow


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One line of the picture of the network: a place, its depth in the tree (0 = top), and its state now."""

    place: PlaceRow
    depth: int
    opening: OpeningRow
    windows: int


@dataclass(frozen=True, slots=True)
class PlacePage:
    """Everything a public page of one place shows."""

    place: PlaceRow
    parent: PlaceRow | None
    children: tuple[PlaceRow, ...]
    zones: tuple[ZoneRow, ...]
    windows: tuple[WindowRow, ...]
    terminals: tuple[TerminalRow, ...]
    departments: tuple[DepartmentRow, ...]  # that authorise this place today
    opening: OpeningRow


@dataclass(frozen=True, slots=True)
class PlaceData:
    """What `commands.save_place` writes: one place as a person enters it."""

    code: str
    kind: PlaceKind
    name: Words
    region_code: str
    parent: str | None = None  # code of the place above
    address: Words = W("", "")
    phone: str = ""
    street_code: str = ""
    community_code: str = ""
    takes_filings: bool = True
    always_open: bool = False
    active: bool = True
    demo: bool = False
    week: tuple[tuple[Span, ...], ...] = ((),) * 7


@dataclass(frozen=True, slots=True)
class DepartmentData:
    """What `commands.save_department` writes."""

    code: str
    uscc: str
    kind: DepartmentKind
    name: Words
    organ_seal: str
    review_organ: Words
    court: Words
    phone: str
    complaint_phone: str
    address: Words = W("", "")
    demo: bool = False
