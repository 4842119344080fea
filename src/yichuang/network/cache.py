"""The network in memory: places, departments, posts and the calendar, read anew when their stamp has changed.

One primary-key look-up per question tells whether the copy is still good, in every process at once: no time-out during
which one process counts working days that another has already changed. Within `one_look` one look-up answers for all.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Generic, TypeVar
from uuid import UUID

from yichuang.core import sql
from yichuang.core.words import Words
from yichuang.core.workdays import Calendar
from yichuang.network.models import (
    CalendarDay,
    CalendarYear,
    Department,
    ExtendedHours,
    OpeningException,
    OpeningHours,
    Place,
    Post,
)
from yichuang.network.values import (
    DepartmentKind,
    DepartmentRow,
    Extended,
    PlaceKind,
    PlaceRow,
    PostAct,
    PostRow,
    Span,
    SpecialDay,
    Timetable,
)

T = TypeVar("T")


_looked: ContextVar[Mapping[str, UUID] | None] = ContextVar("network_stamps", default=None)


_STAMPS = "SELECT name, value FROM network_stamp"


def foresee() -> None:
    """`one_look` will be asked for in this transaction (see `sql.ahead`)."""
    sql.ahead(_STAMPS)


@contextmanager
def one_look() -> Iterator[None]:
    """Every question inside is answered as of this moment, at the price of one look-up: for an act that asks many."""
    token = _looked.set(dict(sql.rows(_STAMPS)))
    try:
        yield
    finally:
        _looked.reset(token)


class Cached(Generic[T]):
    """A value that is loaded again when the stamp of its table group is another one."""

    def __init__(self, group: str, load: Callable[[], T]) -> None:
        self._group = group
        self._load = load
        self._kept: tuple[UUID, T] | None = None

    def get(self) -> T:
        # The stamp is read before the rows: rows may be newer than their stamp, never older.
        stamp = self._stamp()
        kept = self._kept
        if kept is not None and stamp == kept[0]:
            return kept[1]
        value = self._load()
        if stamp is not None:
            self._kept = (stamp, value)
        return value

    def _stamp(self) -> UUID | None:
        # Plain SQL: every request asks this, and the ORM would cost three times the statement.
        if (looked := _looked.get()) is not None:
            return looked.get(self._group)
        row = sql.row("SELECT value FROM network_stamp WHERE name = $1", [self._group])
        return row[0] if row else None


@dataclass(frozen=True, slots=True)
class Places:
    """Places, departments and posts by what they are asked for."""

    by_id: Mapping[UUID, PlaceRow]
    by_code: Mapping[str, PlaceRow]
    parents: Mapping[UUID, UUID | None]
    departments: Mapping[UUID, DepartmentRow]
    department_codes: Mapping[str, DepartmentRow]
    posts: tuple[PostRow, ...]


def _timetables() -> tuple[Mapping[UUID, list[list[Span]]], Mapping[UUID, list[SpecialDay]]]:
    weeks: dict[UUID, list[list[Span]]] = defaultdict(lambda: [[] for _ in range(7)])
    for place, weekday, opens, closes in OpeningHours.objects.order_by("opens").values_list(
        "place_id", "weekday", "opens", "closes"
    ):
        weeks[place][weekday].append(Span(opens, closes))
    specials: dict[UUID, dict[date, tuple[list[Span], Words]]] = defaultdict(dict)
    for row in OpeningException.objects.order_by("day", "opens"):
        words = Words(row.reason_zh, row.reason_en)
        spans, _ = specials[row.place_id].setdefault(row.day, ([], words))
        if row.opens is not None and row.closes is not None:
            spans.append(Span(row.opens, row.closes))
    days = {
        place: [SpecialDay(day, tuple(spans), words) for day, (spans, words) in by_day.items()]
        for place, by_day in specials.items()
    }
    return weeks, days


def _extended() -> Mapping[UUID, list[Extended]]:
    found: dict[UUID, list[Extended]] = defaultdict(list)
    for row in ExtendedHours.objects.filter(taken_back=False).order_by("first", "opens", "id"):
        found[row.place_id].append(extended_of(row))
    return found


def extended_of(row: ExtendedHours) -> Extended:
    """The row as a value."""
    span, words = Span(row.opens, row.closes), Words(row.reason_zh, row.reason_en)
    return Extended(row.id, frozenset(row.weekdays), row.first, row.last, span, words)


def _place(
    row: Place, week: Iterable[Iterable[Span]], specials: Iterable[SpecialDay], extended: Iterable[Extended]
) -> PlaceRow:
    return PlaceRow(
        id=row.id,
        code=row.code,
        parent=row.parent_id,
        kind=PlaceKind(row.kind),
        name=Words(row.name_zh, row.name_en),
        address=Words(row.address_zh, row.address_en or row.address_zh),
        phone=row.phone,
        region_code=row.region_code,
        street_code=row.street_code,
        community_code=row.community_code,
        takes_filings=row.takes_filings,
        active=row.active,
        demo=row.demo,
        timetable=Timetable(
            tuple(tuple(day) for day in week), tuple(specials), always=row.always_open, extended=tuple(extended)
        ),
    )


def _department(row: Department) -> DepartmentRow:
    return DepartmentRow(
        id=row.id,
        code=row.code,
        uscc=row.uscc,
        kind=DepartmentKind(row.kind),
        name=Words(row.name_zh, row.name_en),
        organ_seal=row.organ_seal,
        address=Words(row.address_zh, row.address_en or row.address_zh),
        review_organ=Words(row.review_organ_zh, row.review_organ_en),
        court=Words(row.court_zh, row.court_en),
        phone=row.phone,
        complaint_phone=row.complaint_phone,
        demo=row.demo,
        closed=row.closed_at is not None,
    )


def _load_places() -> Places:
    weeks, specials = _timetables()
    extended = _extended()
    places = [
        _place(row, weeks.get(row.id, [[]] * 7), specials.get(row.id, ()), extended.get(row.id, ()))
        for row in Place.objects.order_by("code")
    ]
    departments = [_department(row) for row in Department.objects.order_by("code")]
    posts = tuple(
        PostRow(row.code, row.department_id, Words(row.name_zh, row.name_en), PostAct(row.act))
        for row in Post.objects.order_by("code")
    )
    return Places(
        by_id=MappingProxyType({p.id: p for p in places}),
        by_code=MappingProxyType({p.code: p for p in places}),
        parents=MappingProxyType({p.id: p.parent for p in places}),
        departments=MappingProxyType({d.id: d for d in departments}),
        department_codes=MappingProxyType({d.code: d for d in departments}),
        posts=posts,
    )


def _load_calendar() -> Calendar:
    return Calendar(
        days=MappingProxyType(dict(CalendarDay.objects.order_by("day").values_list("day", "working"))),
        confirmed_years=frozenset(CalendarYear.objects.filter(confirmed=True).values_list("year", flat=True)),
    )


places: Cached[Places] = Cached("places", _load_places)
calendar: Cached[Calendar] = Cached("calendar", _load_calendar)
