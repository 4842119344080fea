"""Numbers that the cases room vouches for: counted when asked, never kept, and never over more rows than a desk can mean."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Q

from yichuang.cases.models import Case, TripCause
from yichuang.cases.states import State
from yichuang.cases.values import TRIP_WORDS, TripKind
from yichuang.cases.worklists import mine
from yichuang.catalog import queries as catalog
from yichuang.core import roles, sql
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

    Each number is read off an index, up to `MOST`: the days' by their instant, the others by place or department.
    """
    there = local(at)
    start = datetime(there.year, there.month, there.day, tzinfo=SHANGHAI)
    tomorrow = start + timedelta(days=1)  # an index is read between two instants, not to its end
    accepted = Q(accepted_at__gte=start, accepted_at__lt=tomorrow)
    counted = _count(
        _scope(actor),
        filed_today=Q(filed_at__gte=start, filed_at__lt=tomorrow),
        accepted_today=accepted,
        promised_today=accepted & Q(accepted_as="promise"),
        to_accept=Q(state=State.SUBMITTED.value),
        correcting=Q(state=State.CORRECTING.value),
        overdue=Q(due_at__lt=at),  # a case that has ended has none
        ready=Q(state=State.READY.value),
    )
    return DeskFigures(**counted)


def _scope(actor: Actor) -> Q:
    """The actor's cases; where that is all of them, department by department: the index of states begins with it."""
    if any(grant.role == roles.SUPERVISOR and grant.department is None for grant in actor.grants):
        return mine(actor) & Q(department__in=list(network.departments_by_id()))
    return mine(actor)


def _count(scope: Q, **which: Q) -> dict[str, int]:
    """How many cases each condition fits, `MOST` at most; one statement."""
    counts, values = [], list[Any]()
    for condition in which.values():
        rows = Case.objects.filter(scope, condition).order_by().values("id")[:MOST]
        try:
            statement, given = rows.query.sql_with_params()
        except EmptyResultSet:  # who works nowhere has no cases
            return dict.fromkeys(which, 0)
        counts.append(f"(SELECT count(*) FROM ({statement}) AS found)")
        values += given
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}", values)
        return dict(zip(which, cursor.fetchone(), strict=True))


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
    """Declared and real trips by item, the furthest beyond its promise first. Two statements, along `case_closed`."""
    ended = Case.objects.filter(mine(actor), closed_at__gte=at - timedelta(days=TRIP_DAYS), closed_at__lte=at)
    counted: dict[tuple[str, int], Counter[int]] = defaultdict(Counter)
    for code, version, trips, count in (
        ended.values_list("item_code", "item_version", "trip_count")
        .annotate(count=Count("id"))
        .order_by("item_code", "item_version", "trip_count")
    ):
        counted[code, version][trips] += count
    causes: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    came = TripCause.objects.filter(case__in=ended.filter(trip_count__gt=0).values("id"))
    for code, version, kind, count in (
        came.values_list("case__item_code", "case__item_version", "kind").annotate(count=Count("id")).order_by("kind")
    ):
        causes[code, version][kind] += count
    found = [_trip_figure(key, by_trips, causes[key], at) for key, by_trips in counted.items()]
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
