"""Pure rules of tasks and steps: who may do what now, and how far the process is."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from yichuang.core.refusals import Change, Conflict, Reason
from yichuang.core.words import Words
from yichuang.engine.bpmn.run import Stuck
from yichuang.engine.values import ProcessModel, StepRow, StepState, TaskRow

TASK = Words("任务", "task")
_CLAIMED = Words("领取了这项任务", "took this task")
_DONE = Words("完成了这项任务", "completed this task")


def check_claim(task: TaskRow, by: UUID, version: int | None) -> bool:
    """Whether the task must be claimed (False: it is already the actor's). Raises `Conflict`."""
    _check_alive(task)
    if task.state == "claimed":
        if task.claimed_by == by:  # pressed twice: the same answer
            return False
        raise _claimed_by_another(task)
    if version is not None and version != task.version:
        raise Conflict(
            Reason("STALE", Words("任务已有变化，请刷新后再试", "The task has changed; reload and try again")),
            change=_last_note(task),
        )
    return True


def check_holder(task: TaskRow, by: UUID) -> None:
    """Only who claimed a task may complete it or give it back. Raises `Conflict`."""
    _check_alive(task)
    if task.state == "open":
        raise Conflict(
            Reason("NOT_CLAIMED", Words("请先领取这项任务", "Take this task first")), change=_last_note(task)
        )
    if task.claimed_by != by:
        raise _claimed_by_another(task)


def _claimed_by_another(task: TaskRow) -> Conflict:
    words = Words("这项任务已由{who}领取", "{who} has taken this task").format(who=task.claimed_name or "—")
    change = Change(task.claimed_name, task.claimed_at, _CLAIMED) if task.claimed_at else None
    return Conflict(Reason("CLAIMED", words), change=change)


def _check_alive(task: TaskRow) -> None:
    if task.state == "done":
        words = Words("这项任务已由{who}完成", "{who} has completed this task").format(who=task.done_name or "—")
        change = Change(task.done_name, task.done_at, _DONE) if task.done_at else None
        raise Conflict(Reason("DONE", words), change=change)
    if task.state == "cancelled":
        raise Conflict(
            Reason("CANCELLED", Words("流程已终止，任务不再需要办理", "The process has ended; the task is void"))
        )


def _last_note(task: TaskRow) -> Change | None:
    """Who gave it back last, when somebody did."""
    if not task.notes:
        return None
    note = task.notes[-1]
    return Change(note.name, note.at, Words("把任务退回了岗位", "gave this task back"))


def stuck_reason(stuck: Stuck) -> Reason:
    """Why a gateway cannot decide. It names conditions and missing names, never the values they saw."""
    label = Words(stuck.node.name.zh or stuck.node.id, stuck.node.name.en or stuck.node.id)
    if stuck.flow is None or stuck.verdict is None:
        words = Words("流程在“{node}”处没有可走的路", "No way leads on from “{node}” in this process")
        return Reason("PROCESS_STUCK", words.format(node=label))
    missing = "、".join(name for clause in stuck.verdict.because for name in clause.missing)
    condition = stuck.flow.condition.text if stuck.flow.condition else ""
    words = Words("流程在“{node}”处无法判断条件 {condition}", "The process cannot judge {condition} at “{node}”")
    words = words.format(node=label, condition=condition)
    if missing:
        words = Words(f"{words.zh}：缺少 {missing}", f"{words.en}: {missing.replace('、', ', ')} missing")
    return Reason("PROCESS_STUCK", words)


def steps(model: ProcessModel, tasks: Sequence[TaskRow], *, running: bool) -> tuple[StepRow, ...]:
    """Every visit to a step so far, oldest first; then the steps never visited: waiting, or skipped for good."""
    visited = {task.node for task in tasks}
    rows = [_visit(task) for task in sorted(tasks, key=lambda task: (task.created_at, task.id))]
    ahead = model.after(*_live(tasks)) if running else frozenset()
    for spec in model.tasks:
        if spec.id not in visited:
            state: StepState = "waiting" if spec.id in ahead else "skipped"
            rows.append(StepRow(spec.id, spec.name, state, None, None, ""))
    return tuple(rows)


def _live(tasks: Iterable[TaskRow]) -> tuple[str, ...]:
    return tuple(task.node for task in tasks if task.state in {"open", "claimed"})


def _visit(task: TaskRow) -> StepRow:
    states: dict[str, StepState] = {"open": "current", "claimed": "current", "done": "done", "cancelled": "skipped"}
    by = task.done_name or task.claimed_name
    return StepRow(task.node, task.name, states[task.state], task.created_at, task.done_at, by)


def node_states(rows: Iterable[StepRow]) -> dict[str, StepState]:
    """The state of each node for the drawing: its latest visit counts."""
    return {row.node: row.state for row in rows}
