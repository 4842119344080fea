"""延时办理: a place serves longer than its week says. The calendar of working days, by which terms run, is not touched."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import local
from yichuang.core.refusals import NotFound, Reason, refuse_all
from yichuang.core.words import W, Words
from yichuang.network.commands.places import lock_place
from yichuang.network.models import ExtendedHours, OpeningException
from yichuang.network.permissions import check_can_keep_place
from yichuang.network.rules import judge_extended
from yichuang.network.values import Span

EXTENDED = W("延时办理安排", "extended hours")
CLOSED_DAY = W("这一天已安排闭厅，不能延时", "The place is closed on that day")
ALWAYS = W("本网点全天开放，不需要延时", "The place is open day and night")
DAY = timedelta(days=1)


@transaction.atomic
def set_extended_hours(
    *,
    actor: Actor,
    place: UUID,
    weekdays: Collection[int] = (),
    first: date,
    last: date | None,
    span: Span,
    reason: Words,
    at: datetime,
) -> UUID:
    """Serve longer on these weekdays (none = every day) from a day to a day (None = until ended); their id.

    The same hours again are the same ones. Refused with every reason: hours the wrong way, days that have passed, no reason, a
    single day on which the place is closed (临时闭厅), a place that is always open.
    """
    check_can_keep_place(actor, place)
    row = lock_place(place)
    found = judge_extended(weekdays, first, last, span, reason, local(at).date())
    if row.always_open:
        found.append(Reason("OPEN_ALWAYS", ALWAYS, "/hours"))
    if first == last and OpeningException.objects.filter(place=row, day=first, opens=None).exists():
        found.append(Reason("DAY_CLOSED", CLOSED_DAY, "/first"))
    refuse_all(found)
    hours, created = ExtendedHours.objects.get_or_create(
        place=row,
        weekdays=sorted(set(weekdays)),
        first=first,
        last=last,
        opens=span.opens,
        closes=span.closes,
        taken_back=False,
        defaults={"reason_zh": reason.zh.strip(), "reason_en": reason.en.strip()},
    )
    if created:
        _noted(hours, actor, "network.extended_hours_set", at)
    return hours.id


@transaction.atomic
def end_extended_hours(*, actor: Actor, hours: UUID, at: datetime) -> None:
    """Back to the ordinary hours: today still as arranged once it has begun, a single day only until now.

    What has never held is taken back. Ended again nothing changes. Raises NotFound.
    """
    place = ExtendedHours.objects.filter(id=hours).values_list("place_id", flat=True).first()
    if place is None:
        raise NotFound(EXTENDED)
    check_can_keep_place(actor, place)
    lock_place(place)
    row = ExtendedHours.objects.get(id=hours)
    here = local(at)
    today, clock = here.date(), here.time().replace(second=0, microsecond=0)
    before = (row.last, row.closes, row.taken_back)
    if row.first > today or (row.first == today and clock <= row.opens):
        row.taken_back = True
    elif row.dated:
        row.closes = min(row.closes, clock) if row.first == today else row.closes
    else:
        row.last = min(row.last or today, today if clock > row.opens else today - DAY)
    if before != (row.last, row.closes, row.taken_back):
        row.save(update_fields=["last", "closes", "taken_back"])
        _noted(row, actor, "network.extended_hours_ended", at)


def _noted(row: ExtendedHours, actor: Actor, act: str, at: datetime) -> None:
    detail: dict[str, str | int | bool | None] = {
        "weekdays": " ".join(str(day) for day in row.weekdays),
        "first": row.first.isoformat(),
        "last": row.last.isoformat() if row.last else None,
        "opens": f"{row.opens:%H:%M}",
        "closes": f"{row.closes:%H:%M}",
    }
    ledger.append(act=act, actor=actor, at=at, subject=ledger.Subject("place", row.place_id), detail=detail)
