"""Pauses of windows, written down and ended under the lock of the hall's day. Called by commands only."""

from datetime import datetime

from yichuang.core.refusals import Reason, refuse_all
from yichuang.visits import messages
from yichuang.visits.models import Desk, DeskPause
from yichuang.visits.values.pauses import MINUTES, Pause, PauseWhy


def check(pause: Pause) -> None:
    """Refused with every reason: a word that is none of the list, a time that no pause lasts."""
    known = pause.why in {one.value for one in PauseWhy}
    found = [] if known else [Reason("PAUSE_WHY", messages.PAUSE_WHY, "/why")]
    if pause.minutes is not None and pause.minutes not in MINUTES:
        found.append(Reason("PAUSE_MINUTES", messages.PAUSE_MINUTES.format(n=MINUTES[-1]), "/minutes"))
    refuse_all(found)


def begin(desk: Desk, pause: Pause, by_name: str, at: datetime) -> None:
    """The (locked) window pauses from now on."""
    DeskPause.objects.create(desk=desk, why=pause.why, meant=pause.minutes, by_name=by_name, since=at)


def end(desk: Desk, at: datetime) -> None:
    """The pause of the (locked) window is over, where there is one; never before it began, whatever a clock says."""
    row = DeskPause.objects.filter(desk=desk, until=None).first()
    if row is not None:
        row.until = max(at, row.since)
        row.save(update_fields=["until"])


def running(desk: Desk) -> Pause | None:
    """What was put down of the pause that goes on."""
    row = DeskPause.objects.filter(desk=desk, until=None).first()
    return Pause(row.why, row.meant) if row else None
