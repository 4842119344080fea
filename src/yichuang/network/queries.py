"""Every read of the network. Public knowledge all of it: places, departments and calendars need no gate."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Q, QuerySet

from yichuang.core.clock import local_date
from yichuang.core.compiled import compiled
from yichuang.core.refusals import NotFound, Reason
from yichuang.core.words import W, Words
from yichuang.core.workdays import Calendar
from yichuang.network import cache, rules
from yichuang.network.copies import copied as copied
from yichuang.network.models import (
    Authorisation,
    CalendarDay,
    CalendarYear,
    ExtendedHours,
    ItemAssignment,
    Terminal,
    Window,
    WindowItem,
    Zone,
)
from yichuang.network.values import (
    AssignmentRow,
    AssignmentRule,
    AuthorisationRow,
    DepartmentData,
    DepartmentRow,
    Extended,
    OpeningRow,
    OverviewRow,
    PlaceData,
    PlaceKind,
    PlaceNode,
    PlacePage,
    PlaceRow,
    PostRow,
    Span,
    TakingRow,
    TerminalRow,
    WindowKind,
    WindowRow,
    YearRow,
    ZoneKind,
    ZoneRow,
)

PLACE = W("网点", "place")
DEPARTMENT = W("部门", "department")
WINDOW = W("窗口", "window")
DISTRICT_HALL = W("区政务服务中心", "district hall")
one_look = cache.one_look  # `with one_look():` all answers inside are of one moment and cost one look-up


# ── places ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def place_tree() -> tuple[PlaceNode, ...]:
    """The whole network as trees, in the order of the codes."""
    return rules.build_tree(cache.places.get().by_id.values())


def list_places(*, kinds: Collection[PlaceKind] = frozenset(PlaceKind)) -> tuple[PlaceRow, ...]:
    """The places of these kinds, in the order of the codes."""
    return tuple(place for place in cache.places.get().by_id.values() if place.kind in kinds)


def get_place(code: str) -> PlaceRow:
    """The place with the code; `NotFound` otherwise."""
    place = cache.places.get().by_code.get(code)
    if place is None:
        raise NotFound(PLACE)
    return place


def get_place_by_id(id: UUID) -> PlaceRow:
    """The place with the id; `NotFound` otherwise."""
    place = cache.places.get().by_id.get(id)
    if place is None:
        raise NotFound(PLACE)
    return place


def places_by_id() -> Mapping[UUID, PlaceRow]:
    """Every place: for pages that name many of them, at the price of one look-up."""
    return cache.places.get().by_id


def departments_by_id() -> Mapping[UUID, DepartmentRow]:
    """Every department, at the price of one look-up."""
    return cache.places.get().departments


def places_and_departments() -> tuple[Mapping[UUID, PlaceRow], Mapping[UUID, DepartmentRow]]:
    """Every place and every department, both at the price of one look-up."""
    known = cache.places.get()
    return known.by_id, known.departments


def places_below(id: UUID) -> frozenset[UUID]:
    """The place itself and all below it: what a role at a hall covers when the rule says "and below"."""
    return rules.below(id, cache.places.get().parents)


def place_page(code: str, at: datetime) -> PlacePage:
    """Everything a public page of one place shows."""
    known = cache.places.get()
    place = get_place(code)
    on = local_date(at)
    authorising = (
        Authorisation.objects.filter(_valid(on), place=place.id).order_by().values_list("department_id", flat=True)
    )
    department_ids = set(authorising)
    return PlacePage(
        place=place,
        parent=known.by_id.get(place.parent) if place.parent else None,
        children=tuple(p for p in known.by_id.values() if p.parent == place.id),
        zones=list_zones(place.id),
        windows=list_windows(place.id),
        terminals=list_terminals(place.id),
        departments=tuple(d for d in known.departments.values() if d.id in department_ids),
        opening=opening(place.id, at),
    )


def list_zones(place: UUID) -> tuple[ZoneRow, ...]:
    """Zones and facilities of a place, in the order in which they were entered."""
    return tuple(
        ZoneRow(ZoneKind(z.kind), Words(z.name_zh, z.name_en), z.capacity, z.always_open)
        for z in Zone.objects.filter(place=place).order_by("id")
    )


def list_terminals(place: UUID) -> tuple[TerminalRow, ...]:
    """Where self-service machines stand at a place."""
    return tuple(
        TerminalRow(t.id, t.code, t.place_id, Words(t.name_zh, t.name_en), t.always_open)
        for t in Terminal.objects.filter(place=place).order_by("code")
    )


# ── windows ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def list_windows(place: UUID) -> tuple[WindowRow, ...]:
    """The windows of a place in the order of their numbers, with what each 专窗 takes."""
    windows = sorted(Window.objects.filter(place=place).order_by("id"), key=lambda w: rules.window_order(w.number))
    scopes: dict[UUID, list[tuple[str | None, str]]] = defaultdict(list)
    for window, department, item in (
        WindowItem.objects.filter(window__place=place)
        .order_by("id")
        .values_list("window_id", "department__code", "item_code")
    ):
        scopes[window].append((department, item))
    return tuple(
        WindowRow(
            id=w.id,
            place=w.place_id,
            number=w.number,
            kind=WindowKind(w.kind),
            name=Words(w.name_zh, w.name_en),
            active=w.active,
            departments=tuple(department for department, _ in scopes[w.id] if department),
            items=tuple(item for _, item in scopes[w.id] if item),
        )
        for w in windows
    )


def find_window(place: UUID, number: str) -> WindowRow | None:
    """The window of a place with this number."""
    return next((w for w in list_windows(place) if w.number == number), None)


def window_takes(window: WindowRow, item_code: str, department: str) -> bool:
    """Whether a window receives filings of an item of the department (零差别受理 at integrated windows)."""
    return rules.window_takes(window, item_code, department)


# ── departments and posts ───────────────────────────────────────────────────────────────────────────────────────────


def list_departments() -> tuple[DepartmentRow, ...]:
    """All departments and other units, in the order of their codes."""
    return tuple(cache.places.get().departments.values())


def list_open_departments() -> tuple[DepartmentRow, ...]:
    """Those that take on new items, people and papers: what a form offers."""
    return tuple(row for row in list_departments() if not row.closed)


def get_department(code: str) -> DepartmentRow:
    """The department with the code; `NotFound` otherwise."""
    department = cache.places.get().department_codes.get(code)
    if department is None:
        raise NotFound(DEPARTMENT)
    return department


def get_department_by_id(id: UUID) -> DepartmentRow:
    """The department with the id; `NotFound` otherwise."""
    department = cache.places.get().departments.get(id)
    if department is None:
        raise NotFound(DEPARTMENT)
    return department


def list_posts(department: str | None = None) -> tuple[PostRow, ...]:
    """The posts of a department (by code; "WINDOW" = those of the window itself), or all of them."""
    posts = cache.places.get().posts
    return posts if department is None else tuple(p for p in posts if p.code.startswith(f"{department}."))


# ── the calendar ────────────────────────────────────────────────────────────────────────────────────────────────────


def working_calendar() -> Calendar:
    """The working days of the district; the same object until somebody changes the calendar, in any process."""
    return cache.calendar.get()


def opening(place: UUID, at: datetime) -> OpeningRow:
    """Whether the place is open at the instant, why, and when that changes next."""
    row = get_place_by_id(place)
    return rules.opening(row.timetable, working_calendar(), at, active=row.active)


def open_stretches(
    place: UUID, since: datetime, until: datetime, *, longer: bool = True
) -> tuple[tuple[datetime, datetime], ...]:
    """When the place is open on the days from one instant to another, in order, none touching the next (UTC). `longer`: with
    its extended hours (延时办理), which no term counts."""
    return rules.open_stretches(get_place_by_id(place).timetable, working_calendar(), since, until, longer=longer)


def extended_at(place: UUID, at: datetime) -> tuple[Extended, ...]:
    """The extended hours (延时办理) by which alone the place is open at the instant."""
    return rules.extended_at(get_place_by_id(place).timetable, working_calendar(), at)


def extended_on(place: UUID, day: date) -> tuple[Extended, ...]:
    """The extended hours of the place that hold on a day."""
    return rules.extended_on(get_place_by_id(place).timetable, day, working_calendar())


def instants_of(span: Span, day: date) -> tuple[datetime, datetime]:
    """The beginning and the end of a span on a day (UTC)."""
    return rules.instants_of(span, day)


def list_extended(place: UUID, *, since: date) -> tuple[Extended, ...]:
    """The extended hours of the place that hold on that day or later, in the order of their beginnings."""
    rows = [one for one in get_place_by_id(place).timetable.extended if one.last is None or one.last >= since]
    return tuple(sorted(rows, key=lambda one: (one.first, one.span.opens, one.id)))


def find_extended(place: UUID, hours: UUID) -> Extended | None:
    """Extended hours of the place, those that were taken back too."""
    row = ExtendedHours.objects.filter(id=hours, place=place).first()
    return cache.extended_of(row) if row else None


def last_closing(place: UUID, day: date) -> time | None:
    """When the place closes for the day, extended hours included (local); None on a day on which it does not open."""
    return rules.last_closing(get_place_by_id(place).timetable, day, working_calendar())


def extended_faults(
    weekdays: Collection[int], first: date, last: date | None, span: Span, reason: Words, *, today: date
) -> list[Reason]:
    """Every fault of extended hours as entered, for a form that has faults of its own to show beside them."""
    return rules.judge_extended(weekdays, first, last, span, reason, today)


def is_open(place: UUID, at: datetime) -> bool:
    """Whether the place is open at the instant."""
    return opening(place, at).open


def next_opening(place: UUID, at: datetime) -> datetime | None:
    """When a closed place opens next (UTC), `at` itself when it is open; None: not within 60 days."""
    row = opening(place, at)
    return at if row.open else row.changes_at


def list_years() -> tuple[YearRow, ...]:
    """The years of the calendar with their holidays and make-up days, for the page that confirms them."""
    days: dict[int, list[tuple[date, bool, Words]]] = defaultdict(list)
    for row in CalendarDay.objects.order_by("day"):
        days[row.day.year].append((row.day, row.working, Words(row.name_zh, row.name_en)))
    return tuple(
        YearRow(y.year, y.confirmed, y.source, tuple(days[y.year])) for y in CalendarYear.objects.order_by("year")
    )


# ── who takes what, where ───────────────────────────────────────────────────────────────────────────────────────────


@compiled
def _assignment(item_code: str) -> QuerySet[ItemAssignment, tuple[str, str, UUID | None]]:
    rows = ItemAssignment.objects.filter(item_code=item_code).order_by("item_code")
    return rows.values_list("department__code", "rule", "place_id")


def foresee_assignment(item_code: str) -> None:
    """`one_look` and the item's place will be asked for in this transaction (see `sql.ahead`)."""
    cache.foresee()
    _assignment.ahead(item_code)


def find_assignment(item_code: str) -> AssignmentRow | None:
    """Which department answers for the item, and by which rule its place is found."""
    row = _assignment.first(item_code)
    if row is None:
        return None
    department, rule, place = row
    return AssignmentRow(item_code, department, AssignmentRule(rule), place)


def list_assignments(*, department: str = "") -> tuple[AssignmentRow, ...]:
    """Who answers for which item, by the items' codes; of one department where it is named (by code)."""
    rows = ItemAssignment.objects.filter(**({"department__code": department} if department else {}))
    values = rows.order_by("item_code").values_list("item_code", "department__code", "rule", "place_id")
    return tuple(AssignmentRow(item, code, AssignmentRule(rule), place) for item, code, rule, place in values)


def _assigned(item_code: str, department: str) -> AssignmentRow | None:
    """The item's assignment; without one the caller's department answers for it at the district hall."""
    found = find_assignment(item_code)
    if found is None and department in cache.places.get().department_codes:
        return AssignmentRow(item_code, department, AssignmentRule.DISTRICT, None)
    return found


def responsible_place(item_code: str, street_code: str) -> PlaceRow:
    """The place that answers for the item at an address (属地). `street_code`: 9 digits or more, "" = unknown.

    An item that nobody has assigned yet (a pack just published) is answered by the district hall. `NotFound` only
    when the network has no district hall.
    """
    rule = find_assignment(item_code) or AssignmentRow(item_code, "", AssignmentRule.DISTRICT, None)
    place = rules.find_responsible(rule, street_code, cache.places.get().by_id.values())
    if place is None:
        raise NotFound(DISTRICT_HALL)
    return place


def _valid(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def _authorisation(row: Authorisation) -> AuthorisationRow:
    return AuthorisationRow(
        row.id, row.department_id, row.place_id, row.item_code, row.valid_from, row.valid_to, row.seal_name, row.number
    )


def authorisation(place_id: UUID, department_id: UUID, item_code: str, on: date) -> AuthorisationRow | None:
    """The paper by which the place receives the item in the department's name on a day.

    One for this very item goes before one for all the department's items. None: the place may not receive it.
    """
    row = _in_force.first(place_id, department_id, item_code, on)
    return _authorisation(row) if row else None


@compiled
def _in_force(place: UUID, department: UUID, item_code: str, on: date) -> QuerySet[Authorisation, Authorisation]:
    of_item = Q(item_code=item_code) | Q(item_code="")
    rows = Authorisation.objects.filter(_valid(on), of_item, place=place, department=department)
    return rows.order_by("-item_code")[:1]


def list_authorisations(*, place: UUID | None = None, department: UUID | None = None) -> tuple[AuthorisationRow, ...]:
    """Authorisations of a place or a department, ended ones too, newest first."""
    rows = Authorisation.objects.order_by("-valid_from", "id")
    if place is not None:
        rows = rows.filter(place=place)
    if department is not None:
        rows = rows.filter(department=department)
    return tuple(_authorisation(row) for row in rows)


def can_take(
    place_id: UUID, item_code: str, scope: str, *, department: str = "", street_code: str = "", on: date | None = None
) -> bool:
    """Whether the place may take filings of the item under its 通办范围 (`values.Scope`).

    `street_code` says which place answers, where that depends on the address; `department` (a code) who answers for
    an item without an assignment. With `on`, an authorisation in force on that day is demanded too. False, never an
    error, for what is not known.
    """
    known = cache.places.get()
    place, assignment = known.by_id.get(place_id), _assigned(item_code, department)
    if place is None or assignment is None:
        return False
    responsible = rules.find_responsible(assignment, street_code, known.by_id.values())
    if responsible is None or not rules.scope_reaches(scope, place, responsible):
        return False
    if on is None:
        return True
    organ = known.department_codes[assignment.department]
    return authorisation(place_id, organ.id, item_code, on) is not None


def places_taking(
    item_code: str, scope: str, at: datetime, *, department: str = "", street_code: str = ""
) -> tuple[TakingRow, ...]:
    """Where a person can hand in the item today, the same street first (就近办); arguments as in `can_take`."""
    known = cache.places.get()
    assignment = _assigned(item_code, department)
    if assignment is None:
        return ()
    responsible = rules.find_responsible(assignment, street_code, known.by_id.values())
    if responsible is None:
        return ()
    organ = known.department_codes[assignment.department]
    authorised = set(
        Authorisation.objects.filter(_valid(local_date(at)), department=organ.id, item_code__in=[item_code, ""])
        .order_by()
        .values_list("place_id", flat=True)
    )
    calendar = working_calendar()
    taking = [p for p in known.by_id.values() if p.id in authorised and rules.scope_reaches(scope, p, responsible)]
    return tuple(
        TakingRow(p, p.id == responsible.id, rules.opening(p.timetable, calendar, at, active=p.active))
        for p in sorted(taking, key=lambda p: rules.nearness(p, street_code))
    )


def place_faults(place: PlaceData) -> list[Reason]:
    """Every fault of a place as entered, for a form that has faults of its own to show beside them; writes nothing."""
    return rules.judge_place(place)


def department_faults(department: DepartmentData) -> list[Reason]:
    """Every fault of a department as entered, likewise."""
    return rules.judge_department(department)


def post_faults(code: str, name: Words) -> list[Reason]:
    """Every fault of a post as entered, likewise."""
    return rules.judge_post(code, name)


def special_day_faults(spans: Sequence[Span], reason: Words) -> list[Reason]:
    """Every fault of other hours on one date, likewise."""
    return rules.judge_special_day(spans, reason)


def window_faults(
    number: str, kind: WindowKind, name: Words, departments: Sequence[str], items: Sequence[str]
) -> list[Reason]:
    """Every fault of a window as entered, likewise."""
    return rules.judge_window(number, kind, name, departments, items, {row.code for row in list_departments()})


# ── one picture of the network ──────────────────────────────────────────────────────────────────────────────────────


def overview(at: datetime) -> tuple[OverviewRow, ...]:
    """Every place in the order of the tree, how deep it stands, and whether it is open now."""
    calendar = working_calendar()
    windows: dict[UUID, int] = defaultdict(int)
    for place in Window.objects.filter(active=True).order_by("id").values_list("place_id", flat=True):
        windows[place] += 1
    rows: list[OverviewRow] = []

    def walk(nodes: tuple[PlaceNode, ...], depth: int) -> None:
        for node in nodes:
            place = node.place
            state = rules.opening(place.timetable, calendar, at, active=place.active)
            rows.append(OverviewRow(place, depth, state, windows[place.id]))
            walk(node.children, depth + 1)

    walk(place_tree(), 0)
    return tuple(rows)
