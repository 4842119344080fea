"""The tasks of my posts with their cases: by due day, priorities (优先) moved forward within their light (`rules.priority`)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from yichuang.cases.models import Case
from yichuang.cases.pages import TaskWork
from yichuang.cases.processes import TENANT
from yichuang.cases.rules.priority import SHARE, weave
from yichuang.cases.rules.sentences import light_of_row
from yichuang.cases.states import State
from yichuang.cases.values import Light
from yichuang.cases.worklists import rows_by_id
from yichuang.core.actors import Actor
from yichuang.core.paging import Page, bad_cursor
from yichuang.engine import queries as engine
from yichuang.engine.values import TaskRow

MOST = 200  # priorities that are looked at: the list would be one of them only
NEVER = datetime.max.replace(tzinfo=UTC)
ORDER = {Light.OVERDUE: 0, Light.RED: 1, Light.YELLOW: 2, Light.GREEN: 3}
MARK = "|"  # no mark of the engine's own pages has it
Key = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page begins: lines since the last priority, the last priority shown, the engine's mark of the others."""

    since: int = SHARE - 1
    last: Key | None = None
    mark: str | None = None

    def text(self) -> str:
        due, id = (self.last[0].isoformat(), str(self.last[1])) if self.last else ("", "")
        return MARK.join((str(self.since), due, id, self.mark or ""))


def list_tasks(
    actor: Actor, *, at: datetime, state: str | None = None, cursor: str | None = None, limit: int = 20
) -> Page[TaskWork]:
    """The open tasks of my posts with their cases, the most urgent first: three statements whatever the size, four where
    somebody is put forward."""
    start = _read(cursor)
    first = _priorities(actor.posts, state)
    if not first:
        page = engine.list_tasks(tenant=TENANT, posts=actor.posts, state=state, cursor=start.mark, limit=limit)
        return Page(_with_cases(page.items, at), page.next)
    limit = max(1, min(limit, engine.MAX_LIMIT - 1))
    others, more = _others(actor.posts, state, start.mark, {task.id for task in first}, limit + 1)
    waiting = [task for task in first if start.last is None or _key(task) > start.last]
    woven = weave(waiting, others, since=start.since, light=lambda t: _light(t, at), due=_key)
    shown = woven[:limit]
    following = _after(start, shown, {task.id for task in first}) if more or len(woven) > limit else None
    return Page(_with_cases(shown, at), following.text() if following else None)


def _with_cases(tasks: Collection[TaskRow], at: datetime) -> tuple[TaskWork, ...]:
    rows = rows_by_id([task.subject_id for task in tasks if task.subject_kind == "case"], at)
    return tuple(TaskWork(task, rows[task.subject_id]) for task in tasks if task.subject_id in rows)


def _priorities(posts: Collection[str], state: str | None) -> list[TaskRow]:
    """The live tasks of these posts on cases that are put forward, by due day."""
    if not posts:
        return []
    cases = Case.objects.filter(is_priority=True, due_at__isnull=False).order_by("due_at", "id")
    ids = list(cases.values_list("id", flat=True)[:MOST])
    tasks = engine.live_tasks_of("case", ids) if ids else ()
    return sorted((t for t in tasks if t.post in posts and state in {None, t.state}), key=_key)


def _others(
    posts: Collection[str], state: str | None, mark: str | None, known: Collection[UUID], wanted: int
) -> tuple[list[TaskRow], bool]:
    """The next tasks that are not put forward, and whether there are more."""
    found: list[TaskRow] = []
    while True:
        page = engine.list_tasks(tenant=TENANT, posts=posts, state=state, cursor=mark, limit=wanted)
        found += [task for task in page.items if task.id not in known]
        mark = page.next
        if mark is None or len(found) >= wanted:
            return found[:wanted], mark is not None or len(found) > wanted


def _after(start: _Place, shown: list[TaskRow], known: Collection[UUID]) -> _Place:
    since, last, mark = start.since, start.last, start.mark
    for task in shown:
        if task.id in known:
            since, last = 0, _key(task)
        else:
            since, mark = since + 1, engine.mark_after(task)
    return _Place(min(since, SHARE), last, mark)


def _key(task: TaskRow) -> Key:
    return task.due_at or NEVER, task.id


def _light(task: TaskRow, at: datetime) -> int:
    return len(ORDER) if task.due_at is None else ORDER[light_of_row(State.IN_REVIEW, task.due_at, at)]


def _read(cursor: str | None) -> _Place:
    if not cursor or MARK not in cursor:
        return _Place(mark=cursor or None)
    try:
        since, due, id, mark = cursor.split(MARK)
        last = (datetime.fromisoformat(due), UUID(id)) if due else None
        return _Place(int(since), last, mark or None)
    except ValueError:
        raise bad_cursor() from None
