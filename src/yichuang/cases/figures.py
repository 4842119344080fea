"""Numbers that the cases room vouches for: counted when asked, never kept, and never over more rows than a desk can mean."""

import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Count

from yichuang.cases.models import Case, TripCause
from yichuang.cases.states import State
from yichuang.cases.values import TRIP_WORDS, TripKind
from yichuang.cases.worklists import mine, scopes_of
from yichuang.catalog import queries as catalog
from yichuang.core import sql
from yichuang.core.actors import Actor
from yichuang.core.clock import SHANGHAI, local
from yichuang.core.words import Words
from yichuang.network import queries as network

MOST = 1000  # whoever has as many waiting needs no exact number; counting on would read a hall's whole history


@dataclass(frozen=True, slots=True)
class DeskFigures:
    """Cases of the actor's places and departments: what came and went today, and how many wait now; `MOST` at most."""

    filed_today: int
    accepted_today: int
    promised_today: int  # of those accepted, on a promise (容缺受理)
    to_accept: int
    correcting: int
    overdue: int
    ready: int


def desk_figures(actor: Actor, *, at: datetime) -> DeskFigures:
    """One statement. "Today" is the hall's calendar day; `overdue` are open cases whose next due instant has passed.

    Each number is read off an index, up to `MOST`, and none walks through a place's history: the days' are read
    between two instants, the others by place or department.
    """
    scopes = _scopes(actor)
    if not scopes:  # who works nowhere has no cases
        return DeskFigures(0, 0, 0, 0, 0, 0, 0)
    there = local(at)
    start = datetime(there.year, there.month, there.day, tzinfo=SHANGHAI)
    shape = tuple(tuple(column for column, _ in scope) for scope in scopes)
    values = [value for scope in scopes for _, value in scope]
    (found,) = sql.rows(_desk(shape, MOST), [at, start, start + timedelta(days=1), *values])
    return DeskFigures(*found)


def _scopes(actor: Actor) -> list[tuple[tuple[str, Any], ...]]:
    """The actor's cases, what a place took first; where that is all of them, those of all departments: the index of
    states begins with it."""
    found = scopes_of(actor)
    return [((ALL, list(network.departments_by_id())),)] if () in found else sorted(found, key=str, reverse=True)


ALL = "all departments"
COLUMNS = "taking_place_id, responsible_place_id, department_id, accepted_as"  # what the indexes of days name
# In the order of DeskFigures; $1 now, $2 and $3 the day's two midnights.
_TODAY = (("filed_at", "true"), ("accepted_at", "true"), ("accepted_at", "accepted_as = 'promise'"))
_STANDING = (
    f"state = '{State.SUBMITTED.value}'",
    f"state = '{State.CORRECTING.value}'",
    "due_at < $1",  # a case that has ended has none
    f"state = '{State.READY.value}'",
)


@lru_cache(maxsize=256)
def _desk(shape: tuple[tuple[str, ...], ...], most: int) -> str:
    """The statement for scopes of these columns: written once for all who work so."""
    numbers, scopes = itertools.count(4), []
    for columns in shape:
        named = [_equals(column, next(numbers)) for column in columns]
        # what another place took for this one; what it took itself is found as taken (`worklists.ELSEWHERE`)
        elsewhere = ["taking_place_id <> responsible_place_id"] if "responsible_place" in columns else []
        scopes.append(" AND ".join(named + elsewhere))
    counted = [_of_today(instant, which, scopes) for instant, which in _TODAY]
    counted += [_that_stand(which, scopes) for which in _STANDING]
    return "SELECT " + ", ".join(f"(SELECT count(*) FROM ({rows} LIMIT {most}) AS found)" for rows in counted)


def _of_today(instant: str, which: str, scopes: list[str]) -> str:
    """The day is found first (OFFSET keeps it so), by an index that names its places too: else the planner puts the
    whole history of a place beside it."""
    day = f"SELECT {COLUMNS} FROM cases_case WHERE {instant} >= $2 AND {instant} < $3 OFFSET 0"
    return f"SELECT FROM ({day}) AS today WHERE {which} AND (({') OR ('.join(scopes)}))"


def _that_stand(which: str, scopes: list[str]) -> str:
    """Scope by scope, each along its own index, none counting what one before it has."""
    parts = []
    for number, scope in enumerate(scopes):
        counted = [f"NOT ({before})" for before in scopes[:number]]
        parts.append(f"SELECT FROM cases_case WHERE {' AND '.join([which, scope, *counted])}")
    return " UNION ALL ".join(parts)


def _equals(column: str, number: int) -> str:
    return f"department_id = ANY(${number})" if column == ALL else f"{column}_id = ${number}"


_BY_STATE = f"""
SELECT s.state, sum(n.found)::bigint FROM unnest($1::text[]) AS s (state) CROSS JOIN unnest($2::uuid[]) AS d (id)
CROSS JOIN LATERAL (SELECT count(*) AS found FROM (
    SELECT FROM cases_case AS c WHERE c.department_id = d.id AND c.state = s.state LIMIT {MOST}) AS first) AS n
GROUP BY s.state
"""


def by_state() -> dict[str, int]:
    """How many cases stand where, in the order of a case's life; of each department `MOST` at most. One statement."""
    states = [state.value for state in State]
    found: dict[str, int] = dict(sql.rows(_BY_STATE, [states, list(network.departments_by_id())]))
    return {state: found.get(state, 0) for state in states}


TRIP_DAYS = 30


@dataclass(frozen=True, slots=True)
class TripFigure:
    """跑动账 of one version of an item: cases that ended in the last 30 days, in the actor's places and departments."""

    item: Words
    version: int
    declared: int
    cases: int
    trips: int
    over: int  # cases with more trips than declared
    causes: tuple[tuple[Words, int], ...]  # noted for those cases, the most frequent first

    @property
    def average(self) -> float:
        """Real trips per case."""
        return self.trips / self.cases


def trip_figures(actor: Actor, *, at: datetime) -> tuple[TripFigure, ...]:
    """Declared and real trips by item, the furthest beyond its promise first.

    Two statements over the cases that ended in these days: along `case_closed`, or over the whole table where they are
    a large part of it.
    """
    ended = Case.objects.filter(mine(actor), closed_at__gte=at - timedelta(days=TRIP_DAYS), closed_at__lte=at)
    by_trips = ended.values_list("item_code", "item_version", "trip_count").annotate(count=Count("id"))
    came = TripCause.objects.filter(case__in=ended.filter(trip_count__gt=0).values("id"))
    by_kind = came.values_list("case__item_code", "case__item_version", "kind").annotate(count=Count("id"))
    with sql.scanning():
        trips_found = list(by_trips.order_by("item_code", "item_version", "trip_count"))
        kinds_found = list(by_kind.order_by("kind"))
    counted: dict[tuple[str, int], Counter[int]] = defaultdict(Counter)
    for code, version, trips, count in trips_found:
        counted[code, version][trips] += count
    causes: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for code, version, kind, count in kinds_found:
        causes[code, version][kind] += count
    found = [_trip_figure(key, trips, causes[key], at) for key, trips in counted.items()]
    return tuple(sorted(found, key=lambda row: (row.declared - row.average, row.item.zh, row.version)))


def _trip_figure(key: tuple[str, int], by_trips: Counter[int], causes: Counter[str], at: datetime) -> TripFigure:
    pack = catalog.get_pack(key[0], version=key[1], at=at)
    declared = pack.visits.count
    return TripFigure(
        item=pack.name,
        version=key[1],
        declared=declared,
        cases=by_trips.total(),
        trips=sum(trips * count for trips, count in by_trips.items()),
        over=sum(count for trips, count in by_trips.items() if trips > declared),
        causes=tuple((TRIP_WORDS[TripKind(kind)], count) for kind, count in causes.most_common()),
    )
