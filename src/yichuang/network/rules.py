"""Pure rules of the network: the tree, opening hours, who may take what. No Django, no clock, no database."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

from yichuang.core.clock import SHANGHAI, local
from yichuang.core.identifiers import check_uscc
from yichuang.core.refusals import Reason
from yichuang.core.words import W, Words
from yichuang.core.workdays import Calendar
from yichuang.network.values import (
    AssignmentRow,
    AssignmentRule,
    DepartmentData,
    Extended,
    OpeningRow,
    PlaceData,
    PlaceKind,
    PlaceNode,
    PlaceRow,
    Scope,
    Span,
    SpecialDay,
    Timetable,
    WindowKind,
    WindowRow,
)

HORIZON = timedelta(days=60)  # how far ahead the next opening is looked for: longer than any holiday
_DAY = timedelta(days=1)
OPEN = W("正在办公", "Open now")
EXTENDED = W("延时办理", "Open for extended hours")
OPEN_ALWAYS = W("24 小时开放", "Open day and night")
BREAK = W("午间休息", "Lunch break")
AFTER_HOURS = W("非办公时间", "Outside office hours")
HOLIDAY = W("法定节假日休息", "Closed for the public holiday")
REST_DAY = W("休息日", "Closed on rest days")
OUT_OF_SERVICE = W("已停止服务", "No longer in service")

# Halls before centres before machines, when nothing else decides.
KIND_ORDER: Mapping[PlaceKind, int] = {kind: order for order, kind in enumerate(PlaceKind)}


def build_tree(rows: Iterable[PlaceRow]) -> tuple[PlaceNode, ...]:
    """The places as trees, children in the order of their codes.

    A row whose parent is not among the rows, and the first of a circle, stands at the top: a wrong row is shown, and
    never loses others or runs for ever.
    """
    by_id = {row.id: row for row in sorted(rows, key=lambda row: row.code)}
    children: dict[UUID | None, list[PlaceRow]] = defaultdict(list)
    for row in by_id.values():
        children[row.parent if row.parent in by_id else None].append(row)
    seen: set[UUID] = set()

    def grow(row: PlaceRow) -> PlaceNode:
        seen.add(row.id)
        return PlaceNode(row, tuple(grow(child) for child in children[row.id] if child.id not in seen))

    roots = [grow(row) for row in children[None]]
    roots += [grow(row) for row in by_id.values() if row.id not in seen]  # circles, which the commands refuse
    return tuple(roots)


def ancestors(place: UUID, parents: Mapping[UUID, UUID | None]) -> Iterator[UUID]:
    """The places above, nearest first; stops at a circle."""
    seen = {place}
    above = parents.get(place)
    while above is not None and above not in seen:
        yield above
        seen.add(above)
        above = parents.get(above)


def makes_circle(place: UUID, parent: UUID | None, parents: Mapping[UUID, UUID | None]) -> bool:
    """Whether hanging the place below `parent` would close a circle."""
    return parent is not None and (parent == place or place in ancestors(parent, parents))


def below(place: UUID, parents: Mapping[UUID, UUID | None]) -> frozenset[UUID]:
    """The place itself and everything below it."""
    return frozenset(p for p in parents if p == place or place in ancestors(p, parents))


def spans_on(timetable: Timetable, day: date, calendar: Calendar) -> tuple[Span, ...]:
    """When a place is open on a day in the ordinary way: its exception first, then the calendar, then its week."""
    special = _special(timetable, day)
    if special is not None:
        return special.spans
    if calendar.days.get(day) is False:
        return ()
    return timetable.week[_weekday(day, calendar)]


def _special(timetable: Timetable, day: date) -> SpecialDay | None:
    return next((special for special in timetable.exceptions if special.day == day), None)


def _weekday(day: date, calendar: Calendar) -> int:
    """Whose hours a day keeps: a make-up working day on a week-end those of Monday."""
    return 0 if calendar.days.get(day) and day.weekday() >= 5 else day.weekday()


def extended_on(timetable: Timetable, day: date, calendar: Calendar) -> tuple[Extended, ...]:
    """The extended hours (延时办理) that hold on a day, whether they go beyond the ordinary ones or not."""
    special = _special(timetable, day)
    if special is not None and not special.spans:
        return ()
    ordinary = special is None and calendar.days.get(day) is not False
    weekday = _weekday(day, calendar)
    return tuple(
        one
        for one in timetable.extended
        if one.first <= day <= (one.last or day)
        and (not one.weekdays or weekday in one.weekdays or one.dated)
        and (ordinary or one.dated)
    )


def extended_at(timetable: Timetable, calendar: Calendar, at: datetime) -> tuple[Extended, ...]:
    """The extended hours by which alone a place is open at an instant; none while it is open anyway, or closed."""
    here = local(at)
    day, clock = here.date(), here.time()
    if timetable.always or any(_covers(span, clock) for span in spans_on(timetable, day, calendar)):
        return ()
    return tuple(one for one in extended_on(timetable, day, calendar) if _covers(one.span, clock))


def _covers(span: Span, clock: time) -> bool:
    return span.opens <= clock < span.closes or (span.closes == time.max and clock >= span.opens)


def _all_on(timetable: Timetable, day: date, calendar: Calendar) -> list[Span]:
    """The ordinary hours of a day and the extended ones, in order; they may touch and overlap."""
    longer = [one.span for one in extended_on(timetable, day, calendar)]
    return sorted([*spans_on(timetable, day, calendar), *longer], key=lambda span: (span.opens, span.closes))


def last_closing(timetable: Timetable, day: date, calendar: Calendar) -> time | None:
    """When a place closes for the day, extended hours included; None on a day on which it does not open."""
    return max((span.closes for span in _all_on(timetable, day, calendar)), default=None)


def closed_reason(timetable: Timetable, at: datetime, calendar: Calendar) -> Words:
    """Why a place is closed at a local instant."""
    day = at.date()
    if (special := _special(timetable, day)) is not None:
        return special.reason
    spans = _all_on(timetable, day, calendar)
    if not spans:
        return HOLIDAY if calendar.days.get(day) is False else REST_DAY
    if spans[0].closes <= at.time() < spans[-1].opens:
        return BREAK
    return AFTER_HOURS


def opening(timetable: Timetable, calendar: Calendar, at: datetime, *, active: bool = True) -> OpeningRow:
    """Whether a place is open at an instant, why, and when that changes next."""
    if not active:
        return OpeningRow(False, OUT_OF_SERVICE, None, certain=True)
    if timetable.always:
        return OpeningRow(True, OPEN_ALWAYS, None, certain=True)
    here = local(at)
    for start, end in _stretches(timetable, calendar, here.date()):
        if end <= here:
            continue
        if start <= here:
            longer = bool(extended_at(timetable, calendar, at))
            certain = calendar.is_certain(here.date(), end.date())
            return OpeningRow(True, EXTENDED if longer else OPEN, end.astimezone(UTC), certain, longer)
        certain = calendar.is_certain(here.date(), start.date())
        return OpeningRow(False, closed_reason(timetable, here, calendar), start.astimezone(UTC), certain)
    certain = calendar.is_certain(here.date(), (here + HORIZON).date())
    return OpeningRow(False, closed_reason(timetable, here, calendar), None, certain)


def _stretches(
    timetable: Timetable, calendar: Calendar, first: date, days: int = HORIZON.days, *, longer: bool = True
) -> Iterator[tuple[datetime, datetime]]:
    """The openings from a day on, in local time, with those that touch (12:00–12:00) joined; `longer`: extended ones too."""
    pending: tuple[datetime, datetime] | None = None
    spans = _all_on if longer else spans_on
    for offset in range(days + 1):
        day = first + offset * _DAY
        for span in spans(timetable, day, calendar):
            start, end = datetime.combine(day, span.opens, SHANGHAI), _closing(day, span.closes)
            if pending and start <= pending[1]:
                pending = (pending[0], max(pending[1], end))
                continue
            if pending:
                yield pending
            pending = (start, end)
    if pending:
        yield pending


def open_stretches(
    timetable: Timetable, calendar: Calendar, since: datetime, until: datetime, *, longer: bool = True
) -> tuple[tuple[datetime, datetime], ...]:
    """When a place is open on the days from one instant to another, in order, none touching the next (UTC). `longer`: with its
    extended hours (延时办理), which no term counts."""
    if timetable.always:
        return ((since, until),)
    first, last = local(since).date(), local(until).date()
    found = _stretches(timetable, calendar, first, (last - first).days, longer=longer)
    return tuple((start.astimezone(UTC), end.astimezone(UTC)) for start, end in found)


def instants_of(span: Span, day: date) -> tuple[datetime, datetime]:
    """The beginning and the end of a span on a day (UTC)."""
    return datetime.combine(day, span.opens, SHANGHAI).astimezone(UTC), _closing(day, span.closes).astimezone(UTC)


def _closing(day: date, closes: time) -> datetime:
    if closes == time.max:  # 24:00
        return datetime.combine(day + _DAY, time.min, SHANGHAI)
    return datetime.combine(day, closes, SHANGHAI)


def find_responsible(assignment: AssignmentRow, street_code: str, places: Iterable[PlaceRow]) -> PlaceRow | None:
    """The place that answers for an item (属地): the street's hall, one named place, or the district hall.

    A street without a hall of its own falls to the district hall: somebody always answers. None only when the
    network has no district hall.
    """
    active = [p for p in places if p.active]
    if assignment.rule is AssignmentRule.PLACE:
        named = [p for p in active if p.id == assignment.place]
    elif assignment.rule is AssignmentRule.STREET and street_code:
        street = street_code[:9]
        named = [p for p in active if p.street_code == street and p.kind is PlaceKind.SUBDISTRICT_HALL]
    else:
        named = []
    answering = named or [p for p in active if p.kind is PlaceKind.DISTRICT_HALL]
    return min(answering, key=lambda p: p.code, default=None)


def scope_reaches(scope: str, place: PlaceRow, responsible: PlaceRow) -> bool:
    """Whether 通办范围 lets a place take what another answers for. An unknown scope reaches nowhere (fail closed)."""
    if not (place.active and place.takes_filings):
        return False
    if place.id == responsible.id:
        return scope in set(Scope)
    match scope:
        case Scope.DISTRICT:
            return place.region_code == responsible.region_code
        case Scope.CITY:
            return place.region_code[:4] == responsible.region_code[:4]
        case Scope.PROVINCE:
            return place.region_code[:2] == responsible.region_code[:2]
        case Scope.STATE:
            return True
        case _:
            return False


def nearness(place: PlaceRow, street_code: str) -> tuple[int, int, str]:
    """Sort key: the same street first, then bigger halls, then the code."""
    same = bool(street_code) and place.street_code == street_code[:9]
    return (0 if same else 1, KIND_ORDER[place.kind], place.code)


def window_order(number: str) -> tuple[str, int]:
    """Sort key of window numbers as people count: 2 before 10, those without a letter first."""
    letter = number.rstrip("0123456789")
    return letter, int(number[len(letter) :] or 0)


def window_takes(window: WindowRow, item_code: str, department: str) -> bool:
    """An integrated window takes every item of its hall; a special one what its scope names; issuing windows none."""
    if not window.active:
        return False
    if window.kind in {WindowKind.INTEGRATED, WindowKind.GREEN}:
        return True
    return window.kind is WindowKind.SPECIAL and (item_code in window.items or department in window.departments)


def statutory_holidays(year: int) -> int:
    """全国年节及纪念日放假办法: 11 days before the revision of 2024, 13 since 2025; week-ends around them come on top."""
    return 13 if year >= 2025 else 11


def judge_year(year: int, days: Mapping[date, bool], source: str) -> list[Reason]:
    """Why a calendar year cannot be confirmed: no source, or fewer rest days entered than the law itself gives."""
    reasons = []
    if not source.strip():
        words = W("请写明放假通知的文号或来源", "Please name the notice that the holidays rest on")
        reasons.append(Reason("SOURCE_MISSING", words, "/source"))
    resting = sum(1 for day, working in days.items() if day.year == year and not working)
    if resting < (least := statutory_holidays(year)):
        words = W(
            "{year} 年只录入了 {count} 天假日，少于法定的 {least} 天，请先录入放假安排",
            "Only {count} holidays are entered for {year}, fewer than the {least} the law gives; please enter them first",
        )
        text = words.format(year=year, count=resting, least=least)
        reasons.append(Reason("HOLIDAYS_MISSING", text, "/year"))
    return reasons


# ── what may be written ─────────────────────────────────────────────────────────────────────────────────────────────

Check = tuple[bool, str, Words, str]  # holds, code, words, field
BOTH_NAMES = W("请写明中文和英文名称", "Please give the name in Chinese and English")


def _broken(checks: Iterable[Check]) -> list[Reason]:
    return [Reason(code, words, field) for holds, code, words, field in checks if not holds]


def _matches(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text) is not None


def _named(name: Words) -> bool:
    return bool(name.zh.strip() and name.en.strip())


def judge_spans(spans: Sequence[Span], field: str) -> list[Reason]:
    """Hours of one day: each opens before it closes, none overlaps the one before."""
    backwards = W("开始时间须早于结束时间", "Opening must lie before closing")
    overlap = W("同一天的时段不能重叠", "The hours of one day may not overlap")
    ordered = sorted(spans, key=lambda span: span.opens)
    return _broken(
        [
            (all(span.opens < span.closes for span in spans), "HOURS_BACKWARDS", backwards, field),
            (all(a.closes <= b.opens for a, b in pairwise(ordered)), "HOURS_OVERLAP", overlap, field),
        ]
    )


def judge_special_day(spans: Sequence[Span], reason: Words) -> list[Reason]:
    """Every fault of other hours on one date: the hours, and why, which people read in both languages."""
    words = W("请写明原因（中文和英文）", "Please give the reason in Chinese and English")
    return judge_spans(spans, "/spans") + _broken([(_named(reason), "REASON_MISSING", words, "/reason")])


def judge_extended(
    weekdays: Collection[int], first: date, last: date | None, span: Span, reason: Words, today: date
) -> list[Reason]:
    """Every fault of extended hours as entered: the hours, the days, and why, which people read in both languages."""
    words = W("请写明原因（中文和英文）", "Please give the reason in Chinese and English")
    weekday = W("请从周一到周日中选择", "Choose among Monday to Sunday")
    past = W("不能更改过去的日子", "A day that has passed stays as it was")
    backwards = W("截止日期不能早于起始日期", "The last day cannot be before the first")
    return judge_spans([span], "/hours") + _broken(
        [
            (all(0 <= day <= 6 for day in weekdays), "WEEKDAY_UNKNOWN", weekday, "/weekdays"),
            (first >= today, "DAY_PAST", past, "/first"),
            (last is None or last >= first, "ENDS_BEFORE_START", backwards, "/last"),
            (_named(reason), "REASON_MISSING", words, "/reason"),
        ]
    )


def judge_place(place: PlaceData) -> list[Reason]:
    """Every fault of a place as entered, apart from what stands above it."""
    code = W("编码只能用大写字母、数字和连字符", "The code takes capital letters, digits and hyphens only")
    region = W("行政区划代码应为 6 位数字", "The region code has 6 digits")
    street = W("街道代码应为 9 位数字，且属于本行政区", "The street code has 9 digits and lies in the region")
    community = W("社区代码应为 12 位数字，且属于本街道", "The community code has 12 digits and lies in the street")
    days = W("一周须有七天的开放时间", "A week has seven days of hours")
    street_fits = place.street_code == "" or (
        _matches(r"[0-9]{9}", place.street_code) and place.street_code.startswith(place.region_code)
    )
    community_fits = place.community_code == "" or (
        _matches(r"[0-9]{12}", place.community_code) and place.community_code.startswith(place.street_code)
    )
    reasons = _broken(
        [
            (_matches(r"[A-Z0-9][A-Z0-9-]{0,39}", place.code), "CODE_MALFORMED", code, "/code"),
            (_named(place.name), "NAME_MISSING", BOTH_NAMES, "/name"),
            (_matches(r"[0-9]{6}", place.region_code), "REGION_MALFORMED", region, "/region_code"),
            (street_fits, "STREET_MALFORMED", street, "/street_code"),
            (community_fits, "COMMUNITY_MALFORMED", community, "/community_code"),
            (len(place.week) == 7, "WEEK_INCOMPLETE", days, "/week"),
        ]
    )
    for weekday, spans in enumerate(place.week):
        reasons += judge_spans(spans, f"/week/{weekday}")
    return reasons


def judge_window(
    number: str,
    kind: WindowKind,
    name: Words,
    departments: Sequence[str],
    items: Sequence[str],
    known_departments: Collection[str],
) -> list[Reason]:
    """Every fault of a window as entered."""
    numbered = W(
        "窗口号为至多三位数字，前面可加一个字母", "A window number is up to three digits after an optional letter"
    )
    scoped = W("专窗须写明部门或事项", "A specialised window names the departments or items it takes")
    unscoped = W("只有专窗写明部门或事项", "Only a specialised window names departments or items")
    unknown = W("部门 {code} 不存在", "There is no department {code}")
    narrowed, special = bool(departments or items), kind is WindowKind.SPECIAL
    return _broken(
        [
            (_matches(r"[A-Z]?[0-9]{1,3}", number), "NUMBER_MALFORMED", numbered, "/number"),
            (_named(name), "NAME_MISSING", BOTH_NAMES, "/name"),
            (narrowed or not special, "SCOPE_MISSING", scoped, "/items"),
            (special or not narrowed, "SCOPE_NOT_ALLOWED", unscoped, "/items"),
            *(
                (code in known_departments, "DEPARTMENT_UNKNOWN", unknown.format(code=code), "/departments")
                for code in departments
            ),
        ]
    )


def judge_department(department: DepartmentData) -> list[Reason]:
    """Every fault of a department as entered."""
    code = W("部门编码为两个以上大写字母或数字，且不是 WINDOW", "The code takes capital letters and digits, not WINDOW")
    review = W("请写明行政复议机关（中文和英文）", "Please name the authority that reviews, in both languages")
    court = W("请写明行政诉讼管辖法院（中文和英文）", "Please name the court in both languages")
    seal = W("请写明印章名称", "Please name the seal")
    phones = W("咨询电话和投诉电话都要有，且不能相同", "A consultation and a different complaint number are needed")
    code_fits = _matches(r"[A-Z][A-Z0-9]{1,19}", department.code) and department.code != "WINDOW"
    two_phones = bool(department.phone and department.complaint_phone) and (
        department.phone != department.complaint_phone
    )
    return check_uscc(department.uscc, field="/uscc") + _broken(
        [
            (code_fits, "CODE_MALFORMED", code, "/code"),
            (_named(department.name), "NAME_MISSING", BOTH_NAMES, "/name"),
            (_named(department.review_organ), "REMEDIES_MISSING", review, "/review_organ"),
            (_named(department.court), "REMEDIES_MISSING", court, "/court"),
            (bool(department.organ_seal.strip()), "SEAL_MISSING", seal, "/organ_seal"),
            (two_phones, "PHONES_MISSING_OR_SAME", phones, "/complaint_phone"),
        ]
    )


def judge_post(code: str, name: Words) -> list[Reason]:
    """Every fault of a post as entered."""
    form = W(
        "岗位代码只用小写字母、数字和下划线，以字母开头，如 review",
        "A post code has small letters, digits and underscores only and begins with a letter, such as review",
    )
    return _broken(
        [
            (_matches(r"[A-Z][A-Z0-9]{1,19}\.[a-z][a-z0-9_]{0,38}", code), "CODE_MALFORMED", form, "/code"),
            (_named(name), "NAME_MISSING", BOTH_NAMES, "/name"),
        ]
    )
