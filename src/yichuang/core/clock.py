"""The one clock. Doors and jobs read it once and pass the time on; everything below takes `at` as an argument.

`YICHUANG_CLOCK_OFFSET` (seconds) moves the clock of every process alike (`./run demo --now …`), `YICHUANG_CLOCK_SPEED`
lets it run quicker in a demo (`core.pace`); `fixed` stops it in tests.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from yichuang.core.pace import SHANGHAI as SHANGHAI
from yichuang.core.pace import pace_of

_fixed: ContextVar[datetime | None] = ContextVar("fixed_clock", default=None)
_OFFSET = timedelta(seconds=float(os.environ.get("YICHUANG_CLOCK_OFFSET", "0")))
_PACE = pace_of(os.environ)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _fixed.get() or shown_at(datetime.now(UTC))


def shown_at(machine: datetime) -> datetime:
    """What our clock shows at an instant of the machine's (and the database's)."""
    return machine + _OFFSET if _PACE is None else _PACE.of(machine, _OFFSET)


def machine(ours: datetime) -> datetime:
    """The instant of the machine's clock (and the database's) at which ours shows this."""
    return ours - _OFFSET if _PACE is None else _PACE.machine(ours, _OFFSET)


def lasted(since: datetime, until: datetime) -> timedelta:
    """How long that was for who sits before a screen: by the machine's clock, where a demo's runs quicker."""
    return until - since if _PACE is None else machine(until) - machine(since)


def speed() -> float:
    """How many seconds pass here in one of the machine's: 1, but where a demo's day is played."""
    return 1.0 if _PACE is None else _PACE.speed


def runs_apart() -> bool:
    """Whether our clock runs quicker than the machine's or skips nights: then nothing may count on the machine's hours."""
    return _PACE is not None


def local(at: datetime) -> datetime:
    """The instant as the wall clock of the hall shows it (Asia/Shanghai)."""
    return at.astimezone(SHANGHAI)


@lru_cache(maxsize=1024)
def local_date(at: datetime) -> date:
    """The hall's calendar day of the instant; every statutory day is counted in it."""
    return local(at).date()


def last_date(due: datetime) -> date:
    """The last day on which an act is in time: a limit that ends at 24:00 ends the day before (民法典 art. 203)."""
    return local_date(due - timedelta(microseconds=1))


@contextmanager
def fixed(at: datetime) -> Iterator[datetime]:
    """Stop the clock at an aware instant, in this context only."""
    if at.tzinfo is None:
        raise ValueError("the clock needs an aware datetime")
    token = _fixed.set(at)
    try:
        yield at
    finally:
        _fixed.reset(token)
