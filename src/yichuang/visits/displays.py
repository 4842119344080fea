"""窗口显示屏: whenever something happens at a window that has a display, the display is told what the window has now.

A job is queued in the act's own transaction. It reads the truth when it runs, and those of one window run one by one: so
however many are queued and in whatever order, the last one shows what is so. Every minute each display is told again.
"""

from uuid import UUID

from yichuang.core import clock, jobs
from yichuang.devices import commands as devices
from yichuang.devices import queries as machines
from yichuang.visits.keeping import keeps
from yichuang.visits.models import PRESENT, Desk, HallDay, Ticket
from yichuang.visits.rules.display import lines
from yichuang.visits.states import TicketState


def changed(place: UUID, window: str) -> None:
    """Something happened at the window: its display, where it has one, is told after the commit."""
    if machines.has_display(place, window):
        _queue(place, window)


def show_all() -> None:
    """Each window's display is told, one job each: a dead one delays no other."""
    for place, window in machines.list_displays():
        _queue(place, window)


def _queue(place: UUID, window: str) -> None:
    jobs.enqueue(show_window, lock=f"display:{place}:{window}", place=place, window=window)


@jobs.job(name="visits.show_window", retries=1)
def show_window(place: UUID, window: str) -> None:
    """The display of a window shows what the window has at this moment. Not tried again: the next minute does. Whoever keeps
    the day tells it: a display of a hall with a node has one master."""
    at = clock.now()
    day = HallDay.objects.filter(place=place, day=clock.local_date(at)).first()
    if not keeps(day or HallDay()):
        return
    desk = Desk.objects.filter(place=place, window_number=window, closed_at=None).first()
    here = Ticket.objects.filter(desk=desk, state__in=PRESENT).first() if desk is not None else None
    told = lines(
        window,
        open=desk is not None,
        paused=desk is not None and desk.paused_at is not None,
        number=here.number if here is not None else "",
        serving=here is not None and here.state == TicketState.SERVING.value,
        calls=here.calls if here is not None else 0,
    )
    devices.show(place=place, window=window, lines=told, at=at)
