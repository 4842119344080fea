"""Time of the processor that a tenant uses (计算时间): bounded for each call, added up for each minute.

What a call has used is owed until the tenant's next call is counted, or its next timer: the count must stay when the call
itself is refused and rolled back, and it must cost no statement of its own.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Final
from uuid import UUID

from yichuang.core import sql
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.engine.values import one_budget
from yichuang.tenants.rules import over_quota
from yichuang.tenants.values import Quotas, Usage

CALL_STEPS: Final = 1_000_000  # rounds of loops, calls and items of lists that one call may cost (`engine.feel.budget`)
CALL_SECONDS: Final = 2.0  # of the processor's time, for what declared tables and processes make it do
TOO_COSTLY = Reason(
    "CALL_TOO_COSTLY",
    W(
        "决策表或流程要算的太多，超过一次调用的上限，已停下，没有改动任何内容",
        "The decision table or process asks for more work than one call may cost: it was stopped, and nothing has changed",
    ),
)

# The minute's calls and milliseconds of a tenant, in one statement: no number of calls at one moment counts as fewer.
_COUNT = """
INSERT INTO tenants_pace AS p (tenant_id, minute, used, cpu) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id) DO UPDATE SET
    used = CASE WHEN p.minute = excluded.minute THEN p.used ELSE 0 END + excluded.used,
    cpu = CASE WHEN p.minute = excluded.minute THEN p.cpu ELSE 0 END + excluded.cpu,
    minute = excluded.minute
RETURNING used, cpu
"""

_owed: dict[UUID, float] = {}
_undone: dict[UUID, tuple[datetime, int]] = {}  # minute and milliseconds of counts that were rolled back
_lock = threading.Lock()
_running: ContextVar[bool] = ContextVar("tenants_metered", default=False)


@contextmanager
def metered(tenant: UUID) -> Iterator[None]:
    """Inside, work is bounded, and its time is owed. Refused CALL_TOO_COSTLY, whatever else came of running out."""
    if _running.get():
        yield
        return
    mark, began = _running.set(True), time.thread_time()
    try:
        with one_budget(CALL_STEPS, seconds=CALL_SECONDS) as budget:
            try:
                yield
            except Refused as refused:
                if budget.over:
                    raise Refused(TOO_COSTLY) from refused
                raise
            if budget.over:
                raise Refused(TOO_COSTLY)
    finally:
        _running.reset(mark)
        _owe(tenant, time.thread_time() - began)


def count(tenant: UUID, quotas: Quotas, *, calls: int, at: datetime) -> None:
    """Count calls, and what was owed. Refused (too_many) QUOTA_CALLS, QUOTA_CPU until the minute is over.

    Outside of any transaction that may be rolled back: there, see `counted`."""
    minute = _minute(at)
    _count(tenant, quotas, minute, calls, _settled(tenant, minute))


@contextmanager
def counted(tenant: UUID, quotas: Quotas, *, at: datetime) -> Iterator[None]:
    """Count what was owed, in the transaction of the work that is done inside. Refused as `count` refuses.

    Where it fails, the count is rolled back with the work: the next one in this minute counts it once more, so that many
    timers of one moment do not each begin with nothing counted."""
    minute = _minute(at)
    cpu = _settled(tenant, minute)
    try:
        _count(tenant, quotas, minute, 0, cpu)
        yield
    except BaseException:
        with _lock:
            again, before = _undone.get(tenant, (minute, 0))
            _undone[tenant] = (minute, cpu + (before if again == minute else 0))
        raise


def _count(tenant: UUID, quotas: Quotas, minute: datetime, calls: int, cpu: int) -> None:
    [(used, spent)] = sql.rows(_COUNT, [tenant, minute, calls, cpu])
    if found := over_quota(Usage(calls=used, cpu=spent), quotas):
        raise Refused(*found, kind="too_many")


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _owe(tenant: UUID, seconds: float) -> None:
    with _lock:
        _owed[tenant] = _owed.get(tenant, 0.0) + seconds


def _settled(tenant: UUID, minute: datetime) -> int:
    """Whole milliseconds that were owed, with those of this minute that were counted in vain; the rest of one stays owed."""
    with _lock:
        owed = _owed.pop(tenant, 0.0)
        whole = int(owed * 1000)
        _owed[tenant] = owed - whole / 1000
        again, undone = _undone.pop(tenant, (minute, 0))
    return whole + (undone if again == minute else 0)
