"""Every read of processes and tasks. Who may see a task is asked by the caller."""

import base64
import binascii
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from yichuang.core.compiled import compiled
from yichuang.core.paging import Page, bad_cursor
from yichuang.core.refusals import NotFound
from yichuang.core.words import Words
from yichuang.engine.bpmn.back import way_back
from yichuang.engine.bpmn.drawing import StepState, draw
from yichuang.engine.bpmn.play import Place, is_instance
from yichuang.engine.bpmn.process import parse_process
from yichuang.engine.bpmn.run import Mark
from yichuang.engine.bpmn.versions import Migration, left_out, plan
from yichuang.engine.commands.write import marking_of, moved_post
from yichuang.engine.models import NO_DUE, Instance, Task, Wait
from yichuang.engine.ports import OWNERS
from yichuang.engine.rows import Subject, latest_instance, memory_of, model_of, task_row, wait_row
from yichuang.engine.rules import TASK, node_states, steps
from yichuang.engine.values import Act, ProcessModel, StepRow, TaskRow, WaitKind, WaitRow

LIVE: Final = ("open", "claimed")
MAX_LIMIT: Final = 100
KEY: Final = "\ue000"  # stands in a kept picture for the subject's own key: a private character, in no name
PROCESS: Final = Words("流程", "process")

# One index range per post and state (engine_task_worklist), merged: the cost follows the page, not the list.
WORKLIST: Final = """
SELECT page.*
FROM unnest(%(posts)s::text[]) AS wanted(post)
CROSS JOIN unnest(%(states)s::text[]) AS open_or_claimed(state)
CROSS JOIN LATERAL (
    SELECT * FROM engine_task task
    WHERE task.tenant = %(tenant)s AND task.post = wanted.post AND task.state = open_or_claimed.state AND task.state IN ('open', 'claimed')
      AND (task.due_at, task.id) > (%(due)s, %(id)s)
    ORDER BY task.due_at, task.id LIMIT %(limit)s
) AS page
ORDER BY page.due_at, page.id LIMIT %(limit)s
"""


def list_tasks(
    *, tenant: str, posts: Collection[str], state: str | None = None, cursor: str | None = None, limit: int = 20
) -> Page[TaskRow]:
    """A tenant's live tasks of some posts (state "open", "claimed", or both), the most urgent first. One statement."""
    if state is not None and state not in LIVE:
        raise ValueError(f"a work list holds open or claimed tasks, not {state!r}")
    limit = max(1, min(limit, MAX_LIMIT))
    due, last = _read_cursor(cursor) if cursor else ("-infinity", UUID(int=0))
    params = {
        "tenant": tenant,
        "posts": sorted(set(posts)),
        "states": [state] if state else list(LIVE),
        "due": due,
        "id": last,
        "limit": limit + 1,
    }
    rows = list(Task.objects.raw(WORKLIST, params))
    more = len(rows) > limit
    return Page(tuple(task_row(row) for row in rows[:limit]), _write_cursor(rows[limit - 1]) if more else None)


def _write_cursor(task: Task) -> str:
    return base64.urlsafe_b64encode(f"{task.due_at.isoformat()}|{task.id}".encode()).decode()


def mark_after(task: TaskRow) -> str:
    """The cursor of a page that begins behind this task."""
    due = task.due_at or NO_DUE
    return base64.urlsafe_b64encode(f"{due.isoformat()}|{task.id}".encode()).decode()


def _read_cursor(cursor: str) -> tuple[str, UUID]:
    try:
        due, _, last = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
        return datetime.fromisoformat(due).isoformat(), UUID(last)
    except (ValueError, binascii.Error):
        raise bad_cursor() from None


def get_task(id: UUID, *, tenant: str) -> TaskRow:
    """One task of a tenant. Raises `NotFound`, for another tenant's too."""
    task = Task.objects.filter(id=id, tenant=tenant).first()
    if task is None:
        raise NotFound(TASK)
    return task_row(task)


@compiled
def _tasks_of(kind: str, one: UUID) -> QuerySet[Task]:
    tasks = Task.objects.filter(instance__subject_id=one, instance__subject_kind=kind)
    return tasks.order_by("created_at", "id")


@compiled
def _tasks_in(instance: UUID) -> QuerySet[Task]:
    return Task.objects.filter(instance=instance).order_by("created_at", "id")


def tasks_of(subject: Subject) -> tuple[TaskRow, ...]:
    """All tasks that a subject ever had, oldest first."""
    kind, one = subject
    return tuple(task_row(task) for task in _tasks_of(kind, one))


def live_tasks_of(kind: str, ids: Collection[UUID]) -> tuple[TaskRow, ...]:
    """The open and claimed tasks of many subjects, oldest first. One statement."""
    tasks = Task.objects.filter(instance__subject_id__in=ids, instance__subject_kind=kind, state__in=LIVE)
    return tuple(task_row(task) for task in tasks.select_related("instance").order_by("created_at", "id"))


def find_open_task(subject: Subject, act: Act = "decide") -> TaskRow | None:
    """The live task of this kind in the running process, the oldest when there are several; None when there is none."""
    kind, one = subject
    running = Instance.objects.filter(subject_id=one, subject_kind=kind, state="running")
    task = Task.objects.filter(instance__in=running, act=act, state__in=LIVE).order_by("created_at", "id").first()
    return task_row(task) if task else None


def _progress(subject: Subject) -> tuple[ProcessModel, tuple[StepRow, ...]] | None:
    instance = latest_instance(subject)
    if instance is None:
        return None
    model = model_of(instance.definition_id)
    rows = [task_row(task) for task in _tasks_in(instance.id)]
    return model, steps(model, rows, running=instance.state == "running")


def steps_back(task: UUID) -> tuple[tuple[str, Words], ...]:
    """退回: the steps done before to which the holder of a task may send the work back, in the order of the process."""
    row = Task.objects.select_related("instance").filter(id=task, state__in=LIVE, seat=0, parent=None).first()
    if row is None:
        return ()
    model = model_of(row.instance.definition_id)
    if is_instance(Place(row.scope, Mark(row.node, row.flow))):
        return ()
    done = Task.objects.filter(
        instance=row.instance_id, scope=row.scope, state="done", back_to="", parent=None
    ).order_by("id")
    visited = set(done.values_list("node", flat=True)) - {row.node}
    if not visited:
        return ()
    tokens = row.instance.tokens.filter(scope=row.scope).order_by("id").values_list("node", "flow")
    marks, here = frozenset(Mark(node, flow) for node, flow in tokens), Mark(row.node, row.flow)
    return tuple(
        (spec.id, spec.name)
        for spec in model.tasks
        if spec.id in visited and way_back(model, marks, here, spec.id) is not None
    )


def steps_of(subject: Subject) -> tuple[StepRow, ...]:
    """How far the newest process of a subject is: visits so far, then steps to come or left out. Empty without one."""
    progress = _progress(subject)
    return progress[1] if progress else ()


def way_of(subject: Subject, *, locale: str, at: datetime) -> tuple[tuple[StepRow, ...], str]:
    """The newest process of a subject, step by step (posts as they are after a transfer) and as SVG; nothing and "" when it
    never had one. Two statements. Steps whose work is past its due moment are late."""
    found = _way(tasks_of(subject), latest_instance(subject), at)
    if found is None:
        return (), ""
    instance, rows = found
    moved = tuple(replace(row, posts=tuple(moved_post(post, instance.posts) for post in row.posts)) for row in rows)
    return moved, _drawn(instance, rows, subject, locale)


def posts_of(subject: Subject, *, act: Act | None = None) -> frozenset[str]:
    """Every post that the running process of a subject asks for (at its steps of one kind), from its start to its end, as
    they are after transfers; none without one."""
    kind, one = subject
    instance = Instance.objects.filter(subject_id=one, subject_kind=kind, state="running").order_by("id").first()
    if instance is None:
        return frozenset()
    nodes = model_of(instance.definition_id).nodes.values()
    wanted = (node for node in nodes if act is None or node.act == act)
    return frozenset(
        moved_post(post, instance.posts)
        for node in wanted
        for post in (node.several.posts if node.several and node.several.posts else node.seats)
        if post
    )


def drawing(subject: Subject, *, locale: str = "zh-hans") -> str:
    """The newest process of a subject as SVG with its steps marked. Raises `NotFound` when it never had one."""
    svg = tasks_and_drawing(subject, locale=locale)[1]
    if not svg:
        raise NotFound(PROCESS)
    return svg


def tasks_and_drawing(
    subject: Subject, *, locale: str = "zh-hans", at: datetime | None = None
) -> tuple[tuple[TaskRow, ...], str]:
    """All tasks that a subject ever had, and its newest process as SVG ("" when it never had one). Two statements.

    With `at`, steps whose work is past its due moment are marked late.
    """
    tasks = tasks_of(subject)
    found = _way(tasks, latest_instance(subject), at)
    return tasks, _drawn(*found, subject, locale) if found else ""


def _way(
    tasks: Iterable[TaskRow], instance: Instance | None, at: datetime | None
) -> tuple[Instance, tuple[StepRow, ...]] | None:
    if instance is None:
        return None
    visits = [task for task in tasks if task.instance == instance.id]
    return instance, steps(model_of(instance.definition_id), visits, running=instance.state == "running", at=at)


def _drawn(instance: Instance, rows: Iterable[StepRow], subject: Subject, locale: str) -> str:
    picture = _picture(instance.definition_id, tuple(sorted(node_states(rows).items())), locale)
    return picture.replace(KEY, f"bpmn-{subject[1].hex[:8]}")


@lru_cache(maxsize=512)
def _picture(definition: str, states: tuple[tuple[str, StepState], ...], locale: str) -> str:
    """The picture of one stage of a process: it tells nothing of a case but how far it is, so cases share it."""
    return draw(model_of(definition), dict(states), locale=locale, key=KEY)


# ── what is waited for besides people ────────────────────────────────────────────────────────────────────────────────
WORK: Final = ("service", "rule", "send")


# Of each tenant the oldest ones, by one index range each: the recursion steps from tenant to tenant in the index.
DUE = """
WITH RECURSIVE waiting (tenant) AS (
    (SELECT tenant FROM engine_wait WHERE kind = 'timer' AND held_at IS NULL ORDER BY tenant LIMIT 1)
    UNION ALL
    SELECT (SELECT next.tenant FROM engine_wait next
            WHERE next.kind = 'timer' AND next.held_at IS NULL AND next.tenant > waiting.tenant
            ORDER BY next.tenant LIMIT 1)
    FROM waiting WHERE waiting.tenant IS NOT NULL
)
SELECT turn.* FROM waiting CROSS JOIN LATERAL (
    SELECT own.*, row_number() OVER (ORDER BY own.due_at, own.id) AS number FROM (
        SELECT * FROM engine_wait due
        WHERE due.tenant = waiting.tenant AND due.kind = 'timer' AND due.held_at IS NULL AND due.due_at <= %(at)s
        ORDER BY due.due_at, due.id
        LIMIT CASE WHEN waiting.tenant = ANY(%(house)s) THEN %(limit)s ELSE %(each)s END
    ) AS own
) AS turn
ORDER BY turn.number, turn.due_at, turn.id LIMIT %(limit)s
"""


def due_timers(*, at: datetime, limit: int = MAX_LIMIT, each: int = MAX_LIMIT) -> tuple[WaitRow, ...]:
    """The timers that are due: one of each tenant in turn, its oldest first, and at most `each` of a tenant that is none of
    the house's own rooms (`ports.own`). What the job fires."""
    house = sorted({owner.tenant for owner in OWNERS.values()})
    rows = Wait.objects.raw(DUE, {"at": at, "limit": limit, "each": each, "house": house})
    return tuple(wait_row(row) for row in rows)


def list_work(
    *, tenant: str, kind: WaitKind, at: datetime, after: WaitRow | None = None, limit: int = MAX_LIMIT
) -> tuple[WaitRow, ...]:
    """What is to be done outside for a tenant, the oldest first; failed work from its time on. `after`: the last one seen.

    kind: "service", "rule" or "send". `commands.answer_work` and `fail_work` end it.
    """
    if kind not in WORK:
        raise ValueError(f"work outside is a service, a rule or something to send, not {kind!r}")
    rows = Wait.objects.filter(tenant=tenant, kind=kind, kind__in=WORK).filter(Q(failures=0) | Q(due_at__lte=at))
    if after is not None:
        rows = rows.filter(
            Q(created_at__gt=after.created_at) | Q(created_at=after.created_at, id__gt=after.id),
            created_at__gte=after.created_at,
        )
    return tuple(wait_row(row) for row in rows.order_by("created_at", "id")[:limit])


def find_work(wait: UUID, *, tenant: str) -> WaitRow | None:
    """One piece of work of a tenant; None when it was answered before, or is wanted no more."""
    row = Wait.objects.filter(id=wait, tenant=tenant, kind__in=WORK).first()
    return wait_row(row) if row else None


def values_at(work: WaitRow) -> dict[str, object]:
    """What conditions would read where a piece of work stands: variables and `outcomes`, as seen from its scope."""
    return memory_of(Instance.objects.get(id=work.instance)).values(work.scope)


def waits_of(subject: Subject) -> tuple[WaitRow, ...]:
    """What the running process of a subject waits for besides people, oldest first."""
    kind, one = subject
    running = Instance.objects.filter(subject_id=one, subject_kind=kind, state="running")
    rows = Wait.objects.filter(instance__in=running).order_by("created_at", "id")
    return tuple(wait_row(row) for row in rows)


def holders_of(subject: Subject) -> tuple[TaskRow, ...]:
    """Who holds it now (现在在谁手里): the live tasks of the running process, oldest first; an open one is its post's."""
    kind, one = subject
    running = Instance.objects.filter(subject_id=one, subject_kind=kind, state="running")
    rows = Task.objects.filter(instance__in=running, state__in=LIVE).order_by("created_at", "id")
    return tuple(task_row(row) for row in rows)


def definitions_of(kind: str, ids: Collection[UUID]) -> dict[UUID, str]:
    """By subject, the SHA-256 of the process that runs for it; who has none is left out."""
    running = Instance.objects.filter(subject_id__in=list(ids), subject_kind=kind, state="running")
    return dict(running.order_by("id").values_list("subject_id", "definition_id"))


def migration_of(subject: Subject, *, xml: bytes, names: Mapping[str, str]) -> Migration:
    """Why the running process of a subject cannot go over to the process of `xml`, token by token; no obstacle: it can.

    What `commands.migrate_process` would do, and which steps of people nobody would do then; nothing is written. Raises
    `NotFound` when none runs, `ProcessFaults`.
    """
    kind, one = subject
    instance = Instance.objects.filter(subject_id=one, subject_kind=kind, state="running").order_by("id").first()
    if instance is None:
        raise NotFound(PROCESS)
    new = parse_process(xml)
    moves = plan(model_of(instance.definition_id), new, marking_of(instance), names)
    if moves.obstacles:
        return Migration(moves.obstacles, ())
    done = Task.objects.filter(instance=instance, state="done", back_to="", parent=None).values_list("node", flat=True)
    skipped = left_out(new, moves, {names.get(node, node) for node in done.order_by("id")})
    return Migration((), tuple(node.name for node in skipped))
