"""第二人复核 (四眼): what one holder of a power asks for, a second holder confirms; only then is it done, once.

A room registers an `Act` under a name and lets its command begin with `needs_two(name, actor)`, so that no door and no
program goes past it. `propose` keeps the canonical arguments; `confirm` runs the act in its own transaction, through the
same command with the same checks, in the name of who confirms. Both stand in every entry that the act writes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from yichuang.core import faults, idempotency, ledger
from yichuang.core.actors import Actor
from yichuang.core.asked import needs_two as needs_two
from yichuang.core.asked import stands_for as stands_for
from yichuang.core.events import Event, publish
from yichuang.core.ids import new_id
from yichuang.core.masks import mask_name
from yichuang.core.models import Proposal
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W, Words

Args = Mapping[str, Any]
LIFE: Final = timedelta(hours=24)
REASON_MOST: Final = 500
SUBJECT: Final = "proposal"
A_PROPOSAL = W("待复核事项", "proposal")
REASON_NEEDED = W("请写明理由（2 至 500 字）", "Give the reason, in 2 to 500 characters")
SAME_PERSON = W(
    "提出的人不能自己复核，请由另一位处理", "Who asked cannot confirm or decline: that is for somebody else"
)
OVER = W("这项复核已经处理或者撤回", "This was confirmed, declined or withdrawn already")
EXPIRED = W("超过 24 小时没有复核，已失效，请重新提出", "Nobody confirmed it in 24 hours: please propose it anew")
CHANGED = W(
    "情况在您打开页面之后有变化，请重新核对", "Things have changed since you opened the page: please look again"
)
STATES: Final[Mapping[str, Words]] = {
    "waiting": W("待复核", "Waiting for a second person"),
    "done": W("已复核执行", "Confirmed and done"),
    "declined": W("未予同意", "Declined"),
    "withdrawn": W("已撤回", "Withdrawn"),
    "expired": W("已过期", "Expired"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One fact of what would happen."""

    label: Words
    value: Words


def _unnamed(args: Args, /) -> Words:
    return Words("", "")


@dataclass(frozen=True, slots=True)
class Act:
    """What needs two: who may (`check` raises), what would happen now (`preview`), and how it is done (`run`).

    `about` names what it is done to, for lists, also when that is long over (it may raise what a look-up raises). `late` are the names of what only who confirms gives (a first password is kept nowhere); `page` is where the same is
    to be read in full: the name of a route and the argument that it takes.
    """

    name: str
    words: Words
    check: Callable[[Actor, Args], None]
    preview: Callable[[Actor, Args, datetime], Sequence[Line]]
    run: Callable[[Actor, Args, Mapping[str, str], datetime], Mapping[str, Any] | None]
    page: tuple[str, str] = ("", "")
    late: tuple[str, ...] = ()
    about: Callable[[Args], Words] = _unnamed


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalMade(Event):
    """Somebody asked for an act: its other holders are to be told. `args` are codes and ids."""

    proposal: UUID
    act: str
    args: Args
    asked_by: UUID
    expires_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalEnded(Event):
    """What became of it (a key of `STATES`, not waiting); `answered_by` is None where nobody answered in time."""

    proposal: UUID
    act: str
    asked_by: UUID
    answered_by: UUID | None
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal as those see it who may do the act; `mine`: asked by who looks. Names of officials are public.
    `about` names what the act is done to; empty where that cannot be told any more."""

    id: UUID
    act: str
    words: Words
    about: Words
    args: Args
    reason: str
    state: str
    asked_at: datetime
    asked_by: UUID
    asked_name: str
    expires_at: datetime
    answered_at: datetime | None
    answered_name: str
    note: str
    mine: bool

    @property
    def state_words(self) -> Words:
        return STATES[self.state]


ACTS: dict[str, Act] = {}


def register(act: Act) -> None:
    """Called at start-up by the room whose act it is."""
    ACTS[act.name] = act


_NO_SUCH: Final = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
)  # what arguments of another shape make an act stumble over


def digest_of(act: str, args: Args) -> str:
    """One fingerprint for the same act with the same arguments."""
    return idempotency.body_hash({"act": act, "args": dict(args)})


def mark_of(lines: Sequence[Line]) -> str:
    """What somebody read, to be sent back with the confirmation."""
    return idempotency.body_hash({"lines": [(line.label.zh, line.value.zh) for line in lines]})


@transaction.atomic
def propose(*, actor: Actor, act: str, args: Args, reason: str, at: datetime) -> UUID:
    """Ask for an act; the id of the proposal. The same asked again while it waits is the same proposal.

    Raises what `check` and `preview` raise, NotFound for an act that needs no second person, Refused REASON_NEEDED.
    """
    preview(actor, act, args, at=at)
    told = reason.strip()
    refuse_all([] if 2 <= len(told) <= REASON_MOST else [Reason("REASON_NEEDED", REASON_NEEDED, "/reason")])
    assert actor.id is not None
    digest = digest_of(act, args)
    _lock_digest(digest)
    _expire(Proposal.objects.filter(digest=digest), at)
    same = Proposal.objects.filter(digest=digest, state="waiting").first()
    if same is not None:
        return same.id
    row = Proposal.objects.create(
        id=new_id(), act=act, args=dict(args), digest=digest, reason=told, state="waiting", asked_by=actor.id,
        asked_name=actor.name, asked_at=at, expires_at=at + LIFE,
    )  # fmt: skip
    _record(row, "second.propose", actor, at)
    publish(ProposalMade(proposal=row.id, act=act, args=row.args, asked_by=actor.id, expires_at=row.expires_at, at=at))
    return row.id


@transaction.atomic
def confirm(*, actor: Actor, proposal: UUID, mark: str, late: Mapping[str, str] | None = None, at: datetime) -> Mapping[str, Any]:  # fmt: skip
    """Do what was asked for, now, as a second holder of the power, who read `mark`: what the act answers.

    Refused SAME_PERSON, Conflict OVER, EXPIRED, CHANGED; and whatever the command itself refuses, which leaves the proposal
    waiting.
    """
    row, act = _locked(proposal, actor)
    _check_waiting(row, at)
    _check_other(row, actor)
    if mark != mark_of(act.preview(actor, row.args, at)):
        raise Conflict(Reason("CHANGED", CHANGED))
    _answer(row, "done", actor, "", at)
    _record(row, "second.confirm", actor, at)
    faults.point("second.after_mark")
    with stands_for(row.act, asked_by=mask_name(row.asked_name), proposal=str(row.id)):
        answer = act.run(actor, row.args, late or {}, at) or {}
    faults.point("second.after_act")
    return answer


@transaction.atomic
def decline(*, actor: Actor, proposal: UUID, note: str, at: datetime) -> None:
    """Say no, with the reason; by another holder of the power."""
    row, _ = _locked(proposal, actor)
    _check_waiting(row, at)
    _check_other(row, actor)
    told = note.strip()
    refuse_all([] if 2 <= len(told) <= REASON_MOST else [Reason("REASON_NEEDED", REASON_NEEDED, "/note")])
    _answer(row, "declined", actor, told, at)
    _record(row, "second.decline", actor, at)


@transaction.atomic
def withdraw(*, actor: Actor, proposal: UUID, at: datetime) -> None:
    """Take one's own proposal back."""
    row, _ = _locked(proposal, actor)
    _check_waiting(row, at)
    if row.asked_by != actor.id:
        raise NotFound(A_PROPOSAL)
    _answer(row, "withdrawn", actor, "", at)
    _record(row, "second.withdraw", actor, at)


@transaction.atomic
def withdraw_all(*, of: UUID, actor: Actor, at: datetime) -> None:
    """What somebody asked for ends with the power or the account by which they asked."""
    rows = Proposal.objects.select_for_update(of=("self",)).filter(asked_by=of, state="waiting").order_by("id")
    for row in rows:
        _answer(row, "withdrawn", actor, "", at)
        _record(row, "second.withdraw", actor, at)


@transaction.atomic
def expire(*, at: datetime) -> int:
    """Close what nobody answered in its 24 hours, so that who asked is told; how many there were."""
    return _expire(Proposal.objects.all(), at)


class _Undone(Exception):
    """Ends a trial."""


def trial(name: str, run: Callable[[], object]) -> None:
    """Everything that the command itself refuses now, and nothing done: for previews of acts that are cheap to try."""
    try:
        with transaction.atomic(), stands_for(name):
            run()
            raise _Undone
    except _Undone:
        return


def list_proposals(actor: Actor, *, at: datetime, most: int = 100) -> tuple[ProposalRow, ...]:
    """Those of the acts that somebody may do: the waiting ones first, then what became of others, newest first."""
    waiting = Proposal.objects.filter(state="waiting").order_by("-asked_at", "-id")[:most]
    over = Proposal.objects.exclude(state="waiting").order_by("-asked_at", "-id")[:most]
    rows = [row for row in (*waiting, *over) if holds(actor, row.act, row.args)]
    return tuple(_row(row, actor, at) for row in rows)


def get_proposal(actor: Actor, id: UUID, *, at: datetime) -> ProposalRow:
    """One of them. Raises NotFound for what one may not do oneself."""
    row = Proposal.objects.filter(id=id).first()
    if row is None or not holds(actor, row.act, row.args):
        raise NotFound(A_PROPOSAL)
    return _row(row, actor, at)


def askers(act: str, **args: Any) -> frozenset[UUID]:
    """Who had asked for what was then confirmed and done, of this act with (at least) these arguments."""
    done = Proposal.objects.filter(act=act, state="done", args__contains=args)
    return frozenset(done.values_list("asked_by", flat=True))


def holds(actor: Actor, act: str, args: Args) -> bool:
    """Whether somebody has the power for an act with these arguments."""
    try:
        _act(act).check(actor, args)
    except (Refused, *_NO_SUCH):
        return False
    return True


def about(act: str, args: Args) -> Words:
    """What the act is done to; empty where that cannot be told any more."""
    try:
        return _act(act).about(args)
    except (Refused, *_NO_SUCH):
        return _unnamed(args)


def preview(actor: Actor, act: str, args: Args, *, at: datetime) -> tuple[Line, ...]:
    """What would happen if it were done now, for who may do it."""
    known = _act(act)
    try:
        known.check(actor, args)
        return tuple(known.preview(actor, args, at))
    except _NO_SUCH:
        raise NotFound(A_PROPOSAL) from None


def _lock_digest(digest: str) -> None:
    """Two who ask for the same at the same moment follow each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"proposal:{digest}"])


def _act(name: str) -> Act:
    if name not in ACTS:
        raise NotFound(A_PROPOSAL)
    return ACTS[name]


def _locked(proposal: UUID, actor: Actor) -> tuple[Proposal, Act]:
    row = Proposal.objects.select_for_update(of=("self",)).filter(id=proposal).first()
    if row is None or actor.kind != "staff" or not holds(actor, row.act, row.args):
        raise NotFound(A_PROPOSAL)
    return row, _act(row.act)


def _check_waiting(row: Proposal, at: datetime) -> None:
    if row.state != "waiting":
        raise Conflict(Reason("OVER", OVER))
    if row.expires_at <= at:
        raise Conflict(Reason("EXPIRED", EXPIRED))


def _check_other(row: Proposal, actor: Actor) -> None:
    if row.asked_by == actor.id:
        raise Refused(Reason("SAME_PERSON", SAME_PERSON), kind="forbidden")


def _answer(row: Proposal, state: str, actor: Actor, note: str, at: datetime) -> None:
    row.state, row.note = state, note
    row.answered_at, row.answered_by, row.answered_name = at, actor.id, actor.name
    row.save(update_fields=["state", "note", "answered_at", "answered_by", "answered_name"])
    _tell(row, at)


def _expire(rows: QuerySet[Proposal], at: datetime) -> int:
    over = rows.select_for_update(of=("self",)).filter(state="waiting", expires_at__lte=at).order_by("id")
    found = list(over)
    for row in found:
        row.state = "expired"
        row.save(update_fields=["state"])
        _tell(row, at)
    return len(found)


def _tell(row: Proposal, at: datetime) -> None:
    publish(
        ProposalEnded(
            proposal=row.id, act=row.act, asked_by=row.asked_by, answered_by=row.answered_by, state=row.state, at=at
        )
    )


def _record(row: Proposal, act: str, actor: Actor, at: datetime) -> None:
    detail = {"act": row.act, "asked_by": mask_name(row.asked_name)}
    ledger.append(act=act, actor=actor, at=at, subject=ledger.Subject(SUBJECT, row.id), detail=detail, facts={"proposal": facts_of(row)})  # fmt: skip


def facts_of(row: Proposal) -> ledger.Facts:
    """What the ledger vouches for: all of it; that its time ran out is no act, and told by its day."""
    state = "waiting" if row.state == "expired" else row.state
    return {**ledger.row_facts(row), "state": state}


def _row(row: Proposal, actor: Actor, at: datetime) -> ProposalRow:
    state = "expired" if row.state == "waiting" and row.expires_at <= at else row.state
    return ProposalRow(
        id=row.id,
        act=row.act,
        words=ACTS[row.act].words,
        about=about(row.act, row.args),
        args=row.args,
        reason=row.reason,
        state=state,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        asked_name=row.asked_name,
        expires_at=row.expires_at,
        answered_at=row.answered_at,
        answered_name=row.answered_name,
        note=row.note,
        mine=row.asked_by == actor.id,
    )


def _read(ids: Sequence[UUID], /) -> Mapping[UUID, Mapping[str, ledger.Facts]]:
    return {row.id: {"proposal": facts_of(row)} for row in Proposal.objects.filter(id__in=ids).order_by("id")}


def _ids_behind(last: UUID, count: int) -> Sequence[UUID]:
    return list(Proposal.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True)[:count])


ledger.register_witness(ledger.Witness(SUBJECT, frozenset({"proposal"}), _read, _ids_behind))
