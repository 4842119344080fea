"""What was waited for comes: work is answered or fails, a message or a signal arrives, a timer fires."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from yichuang.core import jobs
from yichuang.core.events import publish
from yichuang.core.ids import new_id
from yichuang.core.refusals import Conflict, Reason, Refused
from yichuang.core.words import Words
from yichuang.core.workdays import Calendar
from yichuang.engine.bpmn.play import Place, Play
from yichuang.engine.bpmn.run import Mark
from yichuang.engine.commands.stuck import SOON, try_to_go_on
from yichuang.engine.commands.write import announce, announce_waits, keep, play_of, refusing, write
from yichuang.engine.events import TimerFired
from yichuang.engine.models import NO_DUE, Instance, Wait
from yichuang.engine.ports import hold, within
from yichuang.engine.rows import Subject, model_of
from yichuang.network import queries as network

WORK = ("service", "rule", "send")
WAIT = Words("等待", "wait")
BATCH = 500
STILL_BUSY = Words(
    "上一次同样的消息引起的办理还没有结束，这次没有受理",
    "What the same message began before is still being dealt with: this one was not taken",
)


@transaction.atomic
def answer_work(
    *,
    wait: UUID,
    variables: Mapping[str, object],
    at: datetime,
    outcome: str | None = None,
    calendar: Calendar | None = None,
) -> bool:
    """Work outside (a service, rule or send task) is done: its results join the variables, the process goes on.

    False, and nothing happens, when it was answered before or is wanted no more. Raises `Refused` when a gateway cannot
    decide; then the work still waits. `calendar`: for timers in working days that begin now.
    """
    _check(variables)
    return _resolve(wait, WORK, lambda play, row: _done(play, row, outcome, variables), at=at, calendar=calendar)


def _done(play: Play, row: Wait, outcome: str | None, variables: Mapping[str, object]) -> bool:
    play.complete(place_of(row), outcome, variables)
    return True


@transaction.atomic
def fail_work(
    *, wait: UUID, code: str, at: datetime, retry_at: datetime | None = None, calendar: Calendar | None = None
) -> bool:
    """Work outside failed with an error `code`. A boundary event that catches it goes on at once, else it still waits.

    Without a catcher the failure is counted and the work is offered again from `retry_at`. True when it was caught.
    """
    if _resolve(wait, WORK, lambda play, row: play.fail(place_of(row), code), at=at, calendar=calendar):
        return True
    row = Wait.objects.select_for_update(of=("self",)).filter(id=wait, kind__in=WORK).first()
    if row is not None:
        row.failures, row.failed_with, row.due_at = row.failures + 1, code[:60], retry_at or NO_DUE
        row.save(update_fields=["failures", "failed_with", "due_at"])
    return False


@transaction.atomic
def receive_message(
    *,
    subject: Subject,
    name: str,
    variables: Mapping[str, object],
    at: datetime,
    calendar: Calendar | None = None,
) -> bool:
    """A message for the process of a subject. False when nobody there waits for it.

    Of several who wait for the same, the one that waits longest gets it. Raises `Conflict` when all that wait still deal
    with an earlier one.
    """
    _check(variables)
    kind, one = subject
    instance = _lock(Instance.objects.filter(subject_id=one, subject_kind=kind, state="running"))
    if instance is None:
        return False
    waiting = Wait.objects.filter(instance=instance, kind="message", key=name).order_by("created_at", "id")
    found = list(waiting)
    for row in found:
        if _move(instance, row, lambda play, row: play.fire(place_of(row), row.event, variables), at, calendar):
            return True
    if found:
        raise Conflict(Reason("STILL_BUSY", STILL_BUSY))
    return False


@transaction.atomic
def catch_signal(*, wait: UUID, at: datetime, calendar: Calendar | None = None) -> bool:
    """A signal reaches one who waits for it. False when it waits no more."""
    return _by_itself(
        wait,
        lambda: _resolve(
            wait, ("signal",), lambda play, row: play.fire(place_of(row), row.event), at=at, calendar=calendar
        ),
        at,
    )


def send_signal(
    *,
    tenant: str,
    name: str,
    at: datetime,
    but: UUID | None = None,
    before: UUID | None = None,
    after: UUID | None = None,
    limit: int = BATCH,
) -> int:
    """A signal for every process of a tenant that waits for it; how many went on by it now (each in a transaction of its own).

    The `limit` that wait longest hear it at once, the others by jobs, so many each: no number of them holds up the rest.
    `but`: the process that threw it, which heard it by itself. `before`: an id made when it was thrown; who began to wait
    later does not hear it, so that a signal which is delivered again (a killed job) is heard once. `after`: the last wait
    that was told. Where there is no room for one (a tenant's minute is used up), it and those behind it hear the signal in a
    minute: nobody need send it again, and those who heard it do not hear it twice.
    """
    calendar, before = network.working_calendar(), before or new_id()
    waiting = Wait.objects.filter(tenant=tenant, kind="signal", key=name, id__lt=before)
    if but is not None:
        waiting = waiting.exclude(instance_id=but)
    if after is not None:
        waiting = waiting.filter(id__gt=after)
    with within(tenant, at=at):
        ids = list(waiting.order_by("id").values_list("id", flat=True)[: limit + 1])

    def leave(last: UUID | None, until: datetime | None = None) -> None:
        jobs.enqueue(
            deliver_signal_job, run_at=until, tenant=tenant, name=name, instance=str(but or ""),
            at=(until or at).isoformat(), before=str(before), after=str(last or ""),
        )  # fmt: skip

    heard = 0
    for last, one in zip([after, *ids], ids[:limit], strict=False):
        try:
            heard += catch_signal(wait=one, at=at, calendar=calendar)
        except Refused as refused:
            if refused.kind != "too_many":
                raise
            leave(last, at + SOON)
            return heard
    if len(ids) > limit:
        leave(ids[limit - 1])
    return heard


@transaction.atomic
def fire_timer(*, wait: UUID, at: datetime, calendar: Calendar | None = None) -> bool:
    """A timer fires, once: False when it is not due, fired before, or is wanted no more.

    What interrupts nothing is used up without effect while what it began the last time still goes on. One that the process
    cannot go on by (a gateway cannot decide) is put off and told of: `try_to_go_on`.
    """

    def fire(play: Play, row: Wait) -> bool:
        if row.due_at > at or row.held_at is not None:
            return False
        if not play.fire(place_of(row), row.event):
            row.delete()
            return False
        if row.event != row.node:
            row.delete()  # of a boundary event that interrupts nothing: its place stays
        name = play.model.nodes[row.event].name
        fired.append(
            TimerFired(
                instance=row.instance_id,
                subject_kind=row.subject_kind,
                subject_id=row.subject_id,
                node=row.node,
                event=row.event,
                name=name,
                at=at,
            )
        )
        return True

    def go_on() -> bool:
        moved = _resolve(wait, ("timer",), fire, at=at, calendar=calendar)
        for one in fired:
            publish(one)
        return moved

    fired: list[TimerFired] = []
    return _by_itself(wait, go_on, at)


def _by_itself(wait: UUID, act: Callable[[], bool], at: datetime) -> bool:
    """With nobody at a page: the subject is locked before its process, as who acts on it does (`ports.own`), and what is
    done for a tenant is done inside its wall (`ports.enclose`)."""
    found = Wait.objects.filter(id=wait).values_list("tenant", "subject_kind", "subject_id").first()
    if found is None:
        return False
    tenant, kind, subject = found
    hold(kind, subject)

    def go_on() -> bool:
        with within(tenant, subject, at=at):
            return act()

    return try_to_go_on(wait, go_on, at=at)


def place_of(row: Wait) -> Place:
    return Place(row.scope, Mark(row.node, row.flow))


def _check(variables: Mapping[str, object]) -> None:
    if "outcomes" in variables:
        raise ValueError("“outcomes” is what tasks said; it cannot be given")


Act = Callable[[Play, Wait], bool]


def _resolve(wait: UUID, kinds: tuple[str, ...], act: Act, *, at: datetime, calendar: Calendar | None) -> bool:
    """Lock the process, look whether it still waits, and go on."""
    instance = _lock(Instance.objects.filter(waits__id=wait, state="running"))
    if instance is None:
        return False
    row = Wait.objects.filter(id=wait, kind__in=kinds).first()
    return row is not None and _move(instance, row, act, at, calendar)


def _lock(instances: QuerySet[Instance]) -> Instance | None:
    return instances.select_for_update(of=("self",)).order_by("id").first()


def _move(instance: Instance, row: Wait, act: Act, at: datetime, calendar: Calendar | None) -> bool:
    model = model_of(instance.definition_id)
    play = play_of(instance, model)
    before = dict(play.marking)
    with refusing():
        if not act(play, row):
            return False
    opened, waits = write(instance, play, before, at=at, calendar=calendar)
    keep(instance, play, at)
    announce(instance, opened, at)
    announce_waits(instance, waits, play.thrown, at)
    tell_signals(instance, play, at)
    return True


def tell_signals(instance: Instance, play: Play, at: datetime) -> None:
    """Signals reach other processes after the commit, by a job."""
    for name in dict.fromkeys(play.thrown):
        jobs.enqueue(
            deliver_signal_job,
            tenant=instance.tenant,
            name=name,
            instance=str(instance.id),
            at=at.isoformat(),
            before=str(new_id()),
        )


@jobs.job(name="engine.deliver_signal")
def deliver_signal_job(tenant: str, name: str, instance: str, at: str, before: str = "", after: str = "") -> None:
    """A signal reaches the processes that waited for it when it was thrown: by one of them (`instance`), or from outside.
    (Queued before 2026-11-23 without `before`.)"""
    but, thrown, last = (UUID(one) if one else None for one in (instance, before, after))
    send_signal(tenant=tenant, name=name, at=datetime.fromisoformat(at), but=but, before=thrown, after=last)
