"""Reads for the hall manager: the hall at this moment."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import UUID

from yichuang.core.actors import Actor
from yichuang.core.clock import SHANGHAI, local_date
from yichuang.network import queries as network
from yichuang.network.values import WindowRow
from yichuang.people import queries as people
from yichuang.visits.models import PRESENT, Desk, DeskPause, Queue, Ticket
from yichuang.visits.permissions import SERVES, check_can_plan
from yichuang.visits.qualified import on_duty
from yichuang.visits.queries.hall import queues_of
from yichuang.visits.queries.hours import hall_hours
from yichuang.visits.queries.qualified import unqualified_now
from yichuang.visits.rules.qualified import OnDuty
from yichuang.visits.services import served_for, services_of
from yichuang.visits.states import TicketState
from yichuang.visits.values import PAUSE_WORDS, HallLoad, PauseRow, PauseWhy, QueueNow, WindowNow


def hall_load(actor: Actor, place: UUID, *, at: datetime) -> HallLoad:
    """Windows, queues and who could be seated. Refused (403) unless the actor manages the hall."""
    check_can_plan(actor, place)
    queues = {row.id: row for row in Queue.objects.filter(place=place, active=True).order_by("order", "letter")}
    desks = {row.window_id: row for row in Desk.objects.filter(place=place, closed_at=None).order_by("id")}
    loads, present = _loads(desks, at), _present(desks)
    windows = [
        _window(row, queues, desks.get(row.id), loads, present, at) for row in network.list_windows(place) if row.active
    ]
    seated = {row.staff_id for row in desks.values()}
    free = [(row.id, row.name) for row in people.list_at_place(place, SERVES, at=at) if row.id not in seated]
    standing = tuple(
        QueueNow(row, tuple(of.items), tuple(of.departments), of.by_item, of.aim_minutes)
        for row in queues_of(place, at=at)
        if (of := queues.get(row.id)) is not None
    )
    breaks = pauses_of(place, at=at)
    going = {row.window: row for row in breaks if row.until is None}
    duty = on_duty(place, at)
    windows = [
        replace(one, pause=going.get(one.number), qualified=_qualified(duty, one.staff)) if one.staff else one
        for one in windows
    ]
    shown = sorted(windows, key=lambda one: one.staff is None)
    return HallLoad(
        tuple(shown), standing, tuple(free), hall_hours(place, at=at), unqualified_now(place, list(queues), at=at),
        breaks,
    )  # fmt: skip


def _qualified(duty: OnDuty, staff: UUID) -> tuple[str, ...]:
    return tuple(item for item in sorted(duty.asking) if not duty.lacks(staff, [item]))


def pauses_of(place: UUID, *, at: datetime) -> tuple[PauseRow, ...]:
    """The pauses of the hall's windows today, the newest first. No gate: `hall_load` asks who manages the hall."""
    since = datetime.combine(local_date(at), time.min, SHANGHAI)
    rows = DeskPause.objects.filter(desk__place=place, since__gte=since).select_related("desk")
    return tuple(_pause(row, at) for row in rows.order_by("-since", "-id"))


def _pause(row: DeskPause, at: datetime) -> PauseRow:
    minutes = int(((row.until or at) - row.since).total_seconds() // 60)
    late = row.meant is not None and minutes > row.meant
    return PauseRow(
        row.desk.window_number, row.desk.staff_name, row.since, row.until, PAUSE_WORDS[PauseWhy(row.why)], row.meant,
        minutes, row.by_name, late,
    )  # fmt: skip


def _loads(desks: Mapping[UUID, Desk], at: datetime) -> Mapping[UUID | None, tuple[int, timedelta]]:
    """Of each desk: how many it has served, and how long somebody was at it. Two statements."""
    over = Ticket.objects.filter(desk__in=[row.id for row in desks.values()], started_at__isnull=False, outcome__gt="")
    rows = list(over.order_by("id"))
    known, found = services_of([row.id for row in rows]), dict[UUID | None, tuple[int, timedelta]]()
    for row in rows:
        n, took = found.get(row.desk_id, (0, timedelta(0)))
        found[row.desk_id] = n + 1, took + timedelta(seconds=served_for(row, known.get(row.id)) or 0.0)
    return found


def _present(desks: Mapping[UUID, Desk]) -> Mapping[UUID | None, Ticket]:
    rows = Ticket.objects.filter(desk__in=[row.id for row in desks.values()], state__in=PRESENT).order_by("id")
    return {row.desk_id: row for row in rows}


def _window(
    row: WindowRow,
    queues: Mapping[UUID, Queue],
    desk: Desk | None,
    loads: Mapping[UUID | None, tuple[int, timedelta]],
    present: Mapping[UUID | None, Ticket],
    at: datetime,
) -> WindowNow:
    if desk is None:
        could = tuple(queue.id for queue in queues.values() if row.id in queue.windows)
        return WindowNow(row.number, row.name, could, None, "", None, None, "", False, None, 0, 0)
    ticket = present.get(desk.id)
    serving = ticket is not None and ticket.state == TicketState.SERVING.value
    since = (ticket.started_at if serving else ticket.called_at) if ticket else None
    served, took = loads.get(desk.id, (0, timedelta(0)))
    took += at - since if serving and since else timedelta(0)
    return WindowNow(
        row.number,
        row.name,
        tuple(queue for queue in queues if queue in desk.queues),
        desk.staff_id,
        desk.staff_name,
        desk.opened_at,
        desk.paused_at,
        ticket.number if ticket else "",
        serving,
        since,
        served,
        min(100, round(100 * took / max(timedelta(minutes=1), at - desk.opened_at))),
    )
