"""Appointments (预约): how many, since when, for whom. Pure.

Numbers of domain.md §6 that are ours: open 7–15 days ahead, cancel until two hours before, three times not come in ninety
days pause thirty days, a share kept for who just comes.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from yichuang.core.clock import SHANGHAI, local, local_date
from yichuang.core.refusals import Reason
from yichuang.core.said import day_said, moment_said
from yichuang.visits import messages
from yichuang.visits.values.booking import (
    MOST_DAYS_AHEAD,
    BookingKind,
    BookingRules,
    GroupPlan,
    Held,
    WantedRules,
    Wish,
)

HALF_HOUR = timedelta(minutes=30)
DAYS_AHEAD = range(7, MOST_DAYS_AHEAD + 1)
WALK_IN = range(20, 91)  # percent: older people come without an appointment
MINUTES = range(5, 121)
MOST_WINDOWS = 100
MOST_OPEN = 3
CANCEL_BEFORE = timedelta(hours=2)
COUNTED = timedelta(days=90)
MISSES = 3
PAUSE = timedelta(days=30)
OFFER = timedelta(minutes=30)
REST = (60, 600)  # seconds after which a place that nobody waits for is everybody's: nobody can watch and snatch it
NOON, AFTERNOON = time(12), time(14)
NIGHT, MORNING = time(22), time(8)  # nobody is asked to answer between
MOST_ADDRESS = 200


def half_hours(stretches: Iterable[tuple[datetime, datetime]]) -> list[datetime]:
    """The beginnings of the half hours that lie whole in the hours of a hall (UTC)."""
    found = []
    for since, until in stretches:
        begin = _up(since)
        while begin + HALF_HOUR <= until:
            found.append(begin)
            begin += HALF_HOUR
    return found


def _up(at: datetime) -> datetime:
    seconds = at.minute % 30 * 60 + at.second + at.microsecond / 1e6
    return at if not seconds else at + HALF_HOUR - timedelta(seconds=seconds)


def windows_at(plan: GroupPlan, starts_at: datetime) -> int:
    """The windows that the plan has for the group at that moment."""
    here = local(starts_at)
    part = 0 if here.time() < NOON else 1 if here.time() < AFTERNOON else 2
    return (plan.weekend if here.weekday() >= 5 else plan.weekday)[part]


def capacity(
    plan: GroupPlan, kind: BookingKind, starts_at: datetime, walk_in_percent: int, *, windows: int | None = None
) -> int:
    """Places in a half hour. At the hall: what the windows serve in that time (`windows`: those of extended hours, instead of
    the plan's), less the share of who just comes."""
    if kind is BookingKind.HOME:
        return plan.home
    if kind is BookingKind.VIDEO:
        return plan.video
    seats = windows_at(plan, starts_at) if windows is None else windows
    return seats * 30 * (100 - walk_in_percent) // (plan.minutes * 100)


def opens_at(rules: BookingRules, day: date) -> datetime:
    """The second from which the slots of a day may be booked (UTC)."""
    before = day - timedelta(days=rules.days_ahead)
    return datetime.combine(before, rules.release, SHANGHAI).astimezone(UTC)


def last_cancel(starts_at: datetime) -> datetime:
    """Until when the person may cancel or move it."""
    return starts_at - CANCEL_BEFORE


def faults(wish: Wish, held: Held, at: datetime, *, instead_of: datetime | None = None) -> list[Reason]:
    """Why it cannot be booked; every reason. `instead_of`: the beginning of the appointment that it replaces, which no
    longer counts."""
    others = [one for one in held.of_day if one[0] != instead_of]
    found = _slot_faults(wish, at)
    if instead_of is None and held.paused_until is not None and local_date(at) <= held.paused_until:
        found.append(Reason("PAUSED", messages.PAUSED.format(until=day_said(held.paused_until))))
    if instead_of is None and held.open >= MOST_OPEN:
        found.append(Reason("TOO_MANY_OPEN", messages.TOO_MANY_OPEN.format(n=MOST_OPEN)))
    if any(set(items) & set(wish.items) for _, items in others):
        found.append(Reason("ONCE_A_DAY", messages.ONCE_A_DAY, "/slot"))
    if any(begin == wish.starts_at for begin, _ in others):
        found.append(Reason("SAME_TIME", messages.SAME_TIME, "/slot"))
    return found


def _slot_faults(wish: Wish, at: datetime) -> list[Reason]:
    found = []
    if at < wish.opens_at:
        found.append(Reason("NOT_RELEASED", messages.NOT_RELEASED.format(at=moment_said(wish.opens_at)), "/slot"))
    if at >= wish.starts_at:
        found.append(Reason("SLOT_OVER", messages.SLOT_OVER, "/slot"))
    if wish.kind is BookingKind.HOME and not wish.address.strip():
        found.append(Reason("ADDRESS_MISSING", messages.ADDRESS_MISSING, "/address"))
    if len(wish.address) > MOST_ADDRESS:
        found.append(Reason("ADDRESS_LONG", messages.ADDRESS_LONG.format(n=MOST_ADDRESS), "/address"))
    return found


def offer_until(at: datetime, starts_at: datetime) -> datetime:
    """Until when a place is kept for who was offered it: half an hour of the day; what comes at night waits for the morning."""
    here = local(at)
    if here.time() >= NIGHT or here.time() < MORNING:
        day = here.date() + timedelta(days=1) if here.time() >= NIGHT else here.date()
        until = datetime.combine(day, MORNING, SHANGHAI).astimezone(UTC) + OFFER
    else:
        until = at + OFFER
    return min(until, starts_at)


def rest_until(at: datetime, seconds: int) -> datetime:
    """Until when a place is nobody's, before it is everybody's."""
    return at + timedelta(seconds=seconds)


def pause_until(missed: Sequence[date]) -> date | None:
    """Until which day no new appointment is taken: thirty days from each day that was the third missed in ninety days."""
    days = sorted(missed)
    ends = [last + PAUSE for n, last in enumerate(days, 1) if sum(last - COUNTED < day for day in days[:n]) >= MISSES]
    return max(ends, default=None)


def judge_rules(rules: BookingRules | WantedRules) -> list[Reason]:
    """Every fault of a hall's rules as entered."""
    found = []
    if rules.days_ahead not in DAYS_AHEAD:
        found.append(Reason("DAYS_AHEAD", messages.DAYS_AHEAD, "/days_ahead"))
    if rules.release is None:
        found.append(Reason("RELEASE", messages.RELEASE, "/release"))
    if rules.walk_in_percent not in WALK_IN:
        found.append(Reason("WALK_IN", messages.WALK_IN, "/walk_in_percent"))
    return found


def judge_plan(plan: GroupPlan) -> list[Reason]:
    """Every fault of a group's plan as entered."""
    found = []
    if any(not 0 <= n <= MOST_WINDOWS for n in (*plan.weekday, *plan.weekend)):
        found.append(Reason("WINDOWS", messages.WINDOWS.format(n=MOST_WINDOWS), "/windows"))
    if plan.minutes not in MINUTES:
        found.append(Reason("MINUTES", messages.MINUTES, "/minutes"))
    if not (0 <= plan.home <= MOST_WINDOWS and 0 <= plan.video <= MOST_WINDOWS):
        found.append(Reason("VISITS", messages.WINDOWS.format(n=MOST_WINDOWS), "/home"))
    return found
