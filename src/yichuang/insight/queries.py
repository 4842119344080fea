"""Every read of insight."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Sum

from yichuang.core.actors import Actor
from yichuang.core.clock import SHANGHAI, local, local_date
from yichuang.insight.models import ForecastDay, WaitModel
from yichuang.insight.rules import hours
from yichuang.insight.values import HalfHour, HitRate, Plan, QueueHits, Replayed, ReplayPage
from yichuang.network import queries as network
from yichuang.visits import figures
from yichuang.visits import queries as visits
from yichuang.visits.permissions import check_can_plan
from yichuang.visits.values import PastDay

SHOWN_DAYS = 30
AHEAD = 8  # days in which a hall opens again


def hit_rates(queues: Collection[UUID], *, at: datetime, days: int = SHOWN_DAYS) -> Mapping[UUID, HitRate]:
    """Of each of these queues that told waits in the last days before today: how often they came true. One statement."""
    today = local_date(at)
    rows = ForecastDay.objects.filter(
        queue__in=queues, day__gte=today - timedelta(days=days), day__lt=today, told__gt=0
    )
    sums = rows.values("queue").annotate(
        days=Count("id"), n=Sum("told"), hit=Sum("hits"), before=Sum("sooner"), after=Sum("later"), own=Sum("learned"),
        off=Sum("error"),
    )  # fmt: skip
    return {
        row["queue"]: HitRate(
            row["queue"],
            row["days"],
            row["n"],
            row["hit"],
            row["before"],
            row["after"],
            row["own"],
            row["off"] / row["n"],
        )
        for row in sums.order_by("queue")
    }


def learned_at(queues: Collection[UUID]) -> Mapping[UUID, datetime]:
    """When each of these queues was last learned; those that are not here have too short a history."""
    return dict(WaitModel.objects.filter(queue__in=queues).order_by("id").values_list("queue", "learned_at"))


def hall_hits(place: UUID, *, at: datetime) -> tuple[QueueHits, ...]:
    """The queues of a hall, each with how often its forecast came true; for everybody, it is published. Three statements."""
    queues = figures.queues_of(place)
    rates, learned = hit_rates(list(queues), at=at), learned_at(list(queues))
    return tuple(QueueHits(*name, rates.get(id), learned.get(id)) for id, name in queues.items())


def coming_hours(places: Mapping[UUID, UUID], *, at: datetime) -> Mapping[UUID, tuple[HalfHour, ...]]:
    """Of each of these queues that was learned (with its hall): the half hours that are left of today, else of the next day
    on which the hall is open, and how long one usually waits in them. One statement."""
    rows = WaitModel.objects.filter(queue__in=list(places)).order_by("id").values_list("queue", "hours")
    with network.one_look():
        found = {queue: _coming(places[queue], queue, known, at) for queue, known in rows}
    return {queue: halves for queue, halves in found.items() if halves}


def _coming(place: UUID, queue: UUID, known: hours.Hours, at: datetime) -> tuple[HalfHour, ...]:
    midnight = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    for n in range(AHEAD):
        since = midnight + timedelta(days=n)
        spans = visits.stretches_of(place, queue, since, since + timedelta(hours=23, minutes=59))
        if halves := hours.day_of(known, spans, at):
            return halves
    return ()


def replay_page(
    actor: Actor,
    place: UUID,
    *,
    day: date | None = None,
    plan: Plan | None = None,
    hours: tuple[time | None, time | None] = (None, None),
    target: int | None = None,
    at: datetime,
) -> ReplayPage | None:
    """A day of the hall played again (重演): as it was, with the same windows, with another plan, and the cheapest plan whose
    nine of ten waits are at most `target` minutes. None where the hall has no such day. Refused (403) unless the actor
    manages the hall. Quick enough for a request: a day of two thousand numbers takes less than two seconds a plan.
    """
    from yichuang.insight.simulation import replay  # (simpy: only who looks at this page needs it)

    check_can_plan(actor, place)
    days = figures.last_days(place, local_date(at))
    day = day or next(iter(days), None)
    if day is None or day not in days:
        return None
    past = figures.day_of(place, day)
    opens, closes = _hours(place, day, past, hours)
    spans, most = ((opens, closes),), max(1, sum(row.active for row in network.list_windows(place)))
    same, other = replay.shifts_as_they_were(past), replay.shifts_of(past, plan, spans) if plan else []
    return ReplayPage(
        day,
        tuple(days),
        len(past.visitors),
        opens,
        closes,
        _at_once(past),
        most,
        replay.as_it_was(past, closes),
        replay.replay(past, same, closes) if same else None,
        Replayed(plan, replay.replay(past, other, closes)) if plan and other else None,
        replay.cheapest(past, spans, most, target) if target else None,
    )


def _hours(place: UUID, day: date, past: PastDay, hours: tuple[time | None, time | None]) -> tuple[datetime, datetime]:
    """The hours of a plan: those that were asked for, else from the first opening of that day to the last closing; as the day
    where the two together are none."""
    opens, closes = _hours_of(place, day, past)
    asked = [datetime.combine(day, one, SHANGHAI) if one else None for one in hours]
    since, until = asked[0] or opens, asked[1] or closes
    return (since, until) if since < until else (opens, closes)


def _hours_of(place: UUID, day: date, past: PastDay) -> tuple[datetime, datetime]:
    midnight = datetime.combine(day, time.min, SHANGHAI)
    known = network.open_stretches(place, midnight, midnight + timedelta(hours=23, minutes=59))
    if known:
        return local(known[0][0]), local(known[-1][1])
    moments = [one.at for one in past.visitors]  # on a day on which the calendar knows the hall as closed
    return local(min(moments)), local(max(moments)) + timedelta(minutes=30)


def _at_once(past: PastDay) -> int:
    """The most windows that were open at one time."""
    edges = [(one.opened_at, 1) for one in past.windows] + [(one.closed_at, -1) for one in past.windows]
    open_now = most = 0
    for _, change in sorted(edges):
        open_now += change
        most = max(most, open_now)
    return most
