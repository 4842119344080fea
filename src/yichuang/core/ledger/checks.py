"""Verification runs (核验): asked for by a person or nightly, done in the background, kept with what they found."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import transaction

from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.ids import new_id
from yichuang.core.ledger.entries import append
from yichuang.core.ledger.signing import read_checkpoints
from yichuang.core.ledger.tree import tree_size
from yichuang.core.ledger.values import Fault, Subject
from yichuang.core.ledger.verify import WORDS, verify_ledger
from yichuang.core.models import Checkpoint, Leaf, LedgerCheck, Unsequenced
from yichuang.core.refusals import Reason, Refused
from yichuang.core.roles import SECURITY_AUDITOR, SYSTEM_ADMIN
from yichuang.core.words import W

KEPT_FAULTS = 200  # of one run; their number is kept whole
BEHIND = timedelta(minutes=5)  # the sequencer runs every 15 seconds: an older checkpoint means that it stands still
CheckState = Literal["waiting", "running", "whole", "faulty", "broken"]
_WHO = W(
    "只有安全审计员和系统管理员可以查看和核验留痕账本",
    "Only auditors and system administrators see and verify the ledger",
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One run. `checkpoints` is how many notes kept outside the database it was held against."""

    id: UUID
    asked_at: datetime
    asked_by: str  # masked name
    began_at: datetime | None
    ended_at: datetime | None
    leaves: int
    checkpoints: int
    found: int
    faults: tuple[Fault, ...]
    state: CheckState


@dataclass(frozen=True, slots=True)
class LedgerState:
    """How the ledger stands: its size, what waits for its place, and the newest signed checkpoint."""

    leaves: int
    waiting: int
    checkpoint_size: int | None
    checkpoint_at: datetime | None
    newest_at: datetime | None  # when the newest leaf got its place
    behind: bool  # entries wait although the sequencer should have run


def can_see_ledger(actor: Actor) -> bool:
    return actor.kind == "system" or (actor.is_staff and bool(actor.roles & {SECURITY_AUDITOR, SYSTEM_ADMIN}))


def check_can_see_ledger(actor: Actor) -> None:
    """`Refused` (forbidden) unless the actor is a security auditor or a system administrator."""
    if not can_see_ledger(actor):
        raise Refused(Reason("NOT_ALLOWED", _WHO), kind="forbidden")


def ledger_state(actor: Actor, *, at: datetime) -> LedgerState:
    """Four small statements, whatever the size of the log."""
    check_can_see_ledger(actor)
    note = Checkpoint.objects.order_by("-size").values_list("size", "at").first()
    newest = Leaf.objects.order_by("-index").values_list("at", flat=True).first()
    waiting = Unsequenced.objects.count()
    size, signed_at = note or (None, None)
    behind = waiting > 0 and (signed_at is None or at - signed_at > BEHIND)
    return LedgerState(tree_size(), waiting, size, signed_at, newest, behind)


@transaction.atomic
def ask_check(*, actor: Actor, at: datetime, queue: Callable[[UUID], object]) -> UUID:
    """Ask for a run; while one waits or runs, that one is the answer. `queue` puts it into the background."""
    check_can_see_ledger(actor)
    open_one = LedgerCheck.objects.select_for_update(of=("self",)).filter(ended_at=None).order_by("-asked_at").first()
    if open_one is not None and at - open_one.asked_at < timedelta(hours=6):  # else its worker is long dead
        return open_one.id
    row = LedgerCheck.objects.create(id=new_id(), asked_at=at, asked_by=actor.id if actor.is_staff else None)
    entry = append(
        act="core.ledger_check_asked", actor=actor, at=at, subject=Subject("ledger_check", row.id), detail={}
    )
    LedgerCheck.objects.filter(id=row.id).update(asked_by_masked=entry.actor_name_masked)
    queue(row.id)
    return row.id


def run_check(*, check: UUID, clock: Callable[[], datetime]) -> None:
    """Read the whole ledger once and keep what was found. Done already: nothing happens."""
    at = clock()
    if not LedgerCheck.objects.filter(id=check, ended_at=None).update(began_at=at):
        return
    notes = list(read_checkpoints(None))
    faults = verify_ledger(notes)
    ended = clock()
    with transaction.atomic():
        LedgerCheck.objects.filter(id=check).update(
            ended_at=ended,
            leaves=tree_size(),
            checkpoints=len(notes),
            found=len(faults),
            faults=[[fault.kind, fault.where] for fault in faults[:KEPT_FAULTS]],
        )
        detail = {"faults": len(faults), "checkpoints": len(notes)}
        append(act="core.ledger_checked", actor=SYSTEM, at=ended, subject=Subject("ledger_check", check), detail=detail)
    if faults:
        _log.error("the ledger has %d faults", len(faults))


def list_checks(actor: Actor, *, at: datetime, limit: int = 20) -> tuple[CheckRow, ...]:
    """The last runs, newest first."""
    check_can_see_ledger(actor)
    return tuple(_row(row, at) for row in LedgerCheck.objects.order_by("-asked_at", "-id")[:limit])


def _row(row: LedgerCheck, at: datetime) -> CheckRow:
    faults = tuple(Fault(kind, where, WORDS[kind].format(w=where)) for kind, where in row.faults)
    return CheckRow(
        id=row.id,
        asked_at=row.asked_at,
        asked_by=row.asked_by_masked,
        began_at=row.began_at,
        ended_at=row.ended_at,
        leaves=row.leaves,
        checkpoints=row.checkpoints,
        found=row.found,
        faults=faults,
        state=_state(row, at),
    )


def _state(row: LedgerCheck, at: datetime) -> CheckState:
    if row.ended_at is not None:
        return "faulty" if row.found else "whole"
    if at - row.asked_at > timedelta(hours=6):
        return "broken"  # the job was parked or its worker died: the page says so instead of "running" for ever
    return "running" if row.began_at else "waiting"
