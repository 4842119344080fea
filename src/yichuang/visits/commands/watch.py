"""候号提醒: who holds a number says how long the way is, and is told once when to leave, and once when three are ahead."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yichuang.core import live
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.network import queries as network
from yichuang.notices import commands as notices
from yichuang.notices.values import Address
from yichuang.people import queries as people
from yichuang.visits import messages
from yichuang.visits.addresses import address_of
from yichuang.visits.commands.tickets import check_holder
from yichuang.visits.models import Ticket, Watch
from yichuang.visits.rules.watch import Due, News, due
from yichuang.visits.states import TicketState
from yichuang.visits.values import TRAVELS, Head, TicketClass
from yichuang.visits.waits import lines_of, orders_of, wait_of

NOTHING = Due(None, False, False)
COMING = (TicketState.WAITING.value, TicketState.AWAY.value)


@transaction.atomic
def set_travel(*, actor: Actor, ticket: UUID, minutes: int | None, at: datetime) -> None:
    """How long the way to the hall takes (a number of `TRAVELS`; None: nothing is told). Only the minutes are kept.

    By its holder or staff of the hall. Refused TRAVEL for other numbers; TICKET_NOT_NOW when it has been called.
    """
    row = Ticket.objects.select_for_update(of=("self",)).filter(id=ticket, day=local_date(at)).first()
    if row is None:
        raise NotFound(messages.TICKET)
    check_holder(actor, row)
    if minutes is not None and minutes not in TRAVELS:
        raise Refused(Reason("TRAVEL", messages.TRAVEL, "/travel"))
    if row.state not in COMING:
        raise Refused(Reason("TICKET_NOT_NOW", messages.NO_WAY_NOW), kind="conflict")
    Watch.objects.update_or_create(ticket=row, defaults={"travel": minutes})
    live.tell(f"ticket:{row.id}")


def tell_watchers(*, at: datetime) -> int:
    """Tell everybody whom messages reach what is news to them; how many messages were written."""
    day = local_date(at)
    over = Q(watch__near_at__isnull=False) & (Q(watch__travel=None) | Q(watch__leave_at__isnull=False))
    coming = Ticket.objects.filter(day=day, state__in=COMING, person__isnull=False).exclude(over)
    rows = list(coming.order_by("queue_id", "order_at", "id").select_related("watch"))
    queues = {row.queue_id for row in rows}
    orders, lines = orders_of(queues, day, at), lines_of({row.place_id for row in rows}, day, queues)
    told = 0
    for row in rows:
        place = orders[row.queue_id].place(TicketClass(row.of), Head(row.id, row.order_at))
        wait = wait_of(row, lines[row.queue_id], place, at)
        look = _Look(place[1], wait.least if wait else None, at)
        if look.due(row, getattr(row, "watch", None)) != NOTHING:
            told += _tell(row.id, look)
    return told


@dataclass(frozen=True, slots=True)
class _Look:
    """A number in its queue, as it was seen."""

    ahead: int
    least: timedelta | None
    at: datetime

    def due(self, row: Ticket, watch: Watch | None) -> Due:
        travel = watch.travel if watch else None
        return due(
            ahead=self.ahead,
            least=self.least,
            waited=self.at - row.taken_at,
            travel=timedelta(minutes=travel) if travel is not None else None,
            near_told=bool(watch and watch.near_at),
            leave_told=bool(watch and watch.leave_at),
        )


@transaction.atomic
def _tell(ticket: UUID, look: _Look) -> int:
    """Judged once more under the lock of the number: whoever looks at the same time waits here, and tells nothing again."""
    row = Ticket.objects.select_for_update(of=("self",)).get(id=ticket)
    if row.state not in COMING or row.person_id is None:
        return 0
    watch, _ = Watch.objects.get_or_create(ticket=row)
    found = look.due(row, watch)
    watch.near_at = look.at if found.near else watch.near_at
    watch.leave_at = look.at if found.leave else watch.leave_at
    watch.save(update_fields=["near_at", "leave_at"])
    if found.say is None:
        return 0
    _send(row, row.person_id, found.say, look)
    return 1


def _send(row: Ticket, person: UUID, news: News, look: _Look) -> None:
    party = people.get_party(person)
    away = row.state == TicketState.AWAY.value
    notices.send(
        address=Address("sms" if party.mobile else "inbox", party.mobile, party.id),
        locale=party.language or "zh-hans",
        template=news.value,
        values={
            "place": network.get_place_by_id(row.place_id).name,
            "number": row.number,
            "ahead": look.ahead,
            "away": messages.COME_BACK_FIRST if away else messages.NOTHING,
            "url": address_of(row),
        },
        at=look.at,
        dedupe=f"{news}:{row.id}",
    )
