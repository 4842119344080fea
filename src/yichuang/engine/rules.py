"""Pure rules of tasks and steps: who may do what now, and how far the process is."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from yichuang.core.refusals import Change, Conflict, Reason
from yichuang.core.words import Words
from yichuang.engine.bpmn.graph import Node
from yichuang.engine.bpmn.play import MAX_INSTANCES
from yichuang.engine.bpmn.run import Stuck
from yichuang.engine.bpmn.timers import NoTime
from yichuang.engine.values import Joint, ProcessModel, StepRow, StepState, TaskRow

TASK = Words("任务", "task")
AGREE, DISAGREE = "agree", "disagree"
COSTLY: Final = Reason(
    "PROCESS_TOO_COSTLY",
    Words("流程这一步要算的太多，已停下，没有改动任何内容", "This step of the process asks for too much work: it was stopped, and nothing has changed"),
)  # fmt: skip
_CLAIMED = Words("领取了这项任务", "took this task")
_DONE = Words("完成了这项任务", "completed this task")
_HANDED = {
    "return": Words("把任务退回了岗位", "gave this task back"),
    "delegate": Words("把任务转办给同事", "handed this task to a colleague"),
    "take-back": Words("收回了转办的任务", "took this task back from a colleague"),
}


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


def check_holds_after_delegation(task: TaskRow, by: UUID) -> None:
    """Only who handed a task on may take it back, while the colleague holds it. Raises `Conflict`."""
    _check_alive(task)
    if task.state != "claimed" or task.delegated_by != by:
        words = Words(
            "这项任务现在不是由您转办的，不能收回", "This task is not handed on by you now: it cannot be taken back"
        )
        raise Conflict(Reason("NOT_DELEGATED", words), change=_last_note(task))


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
        raise ended()


def ended() -> Conflict:
    """What answers whoever works on a task of a process that has ended."""
    return Conflict(
        Reason("CANCELLED", Words("流程已终止，任务不再需要办理", "The process has ended; the task is void"))
    )


def _last_note(task: TaskRow) -> Change | None:
    """Who gave it back last, when somebody did."""
    if not task.notes:
        return None
    note = task.notes[-1]
    return Change(note.name, note.at, _HANDED.get(note.kind, _HANDED["return"]))


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


def time_reason(time: NoTime) -> Reason:
    """Why it cannot be known when a timer is due."""
    why = {
        "calendar": Words("没有工作日历", "there is no working-day calendar"),
        "unknown": Words("缺少需要的变量", "a variable it needs is missing"),
        "too far": Words("时间太远", "it lies too far ahead"),
    }.get(time.why, Words("不是时间", "it is no time"))
    words = Words("流程里的定时“{text}”算不出时间：{why}", "The timer “{text}” of this process has no moment: {why}")
    return Reason("PROCESS_TIMER", words.format(text=time.timer.text, why=why))


def count_reason(node: Node) -> Reason:
    """Why it cannot be known how many instances of a step there are to be."""
    label = Words(node.name.zh or node.id, node.name.en or node.id)
    words = Words(
        "流程在“{node}”处算不出要办理几次（最多 {most} 次）",
        "It cannot be known how often “{node}” is to be done (at most {most})",
    )
    return Reason("PROCESS_COUNT", words.format(node=label, most=MAX_INSTANCES))


def crowded_reason(node: str) -> Reason:
    """A step would run twice at once; the checker lets no such process pass."""
    words = Words("流程的环节“{node}”已在办理", "The step “{node}” of this process is being worked on already")
    return Reason("PROCESS_CROWDED", words.format(node=node))


def steps(
    model: ProcessModel, tasks: Sequence[TaskRow], *, running: bool, at: datetime | None = None
) -> tuple[StepRow, ...]:
    """Every visit to a step so far, oldest first; then the steps to come: waiting, or skipped for good.

    With `at`, a step whose work is past its due moment is late. What was sent back waits again.
    """
    own = sorted((task for task in tasks if task.parent is None), key=lambda task: (task.created_at, task.id))
    rows = [_visit(task, at) for task in own]
    ahead = model.after(*_live(own)) if running else frozenset()
    visited = {task.node for task in own} - _again(own, ahead)
    for spec in model.tasks:
        if spec.id not in visited:
            state: StepState = "waiting" if spec.id in ahead else "skipped"
            rows.append(StepRow(spec.id, spec.name, state, None, None, "", tuple(sorted(spec.posts))))
    return tuple(rows)


def _again(tasks: Sequence[TaskRow], ahead: Collection[str]) -> set[str]:
    """The steps that were done, or begun, before the last sending back, and lie ahead once more."""
    returns = [task.done_at for task in tasks if task.back_to and task.done_at]
    if not returns:
        return set()
    latest = {task.node: task for task in tasks}
    return {
        node
        for node, task in latest.items()
        if node in ahead and task.created_at <= max(returns) and not _is_live(task)
    }


def _is_live(task: TaskRow) -> bool:
    return task.state in {"open", "claimed"}


def _live(tasks: Iterable[TaskRow]) -> tuple[str, ...]:
    return tuple(task.node for task in tasks if task.state in {"open", "claimed"})


def _visit(task: TaskRow, at: datetime | None) -> StepRow:
    states: dict[str, StepState] = {"open": "current", "claimed": "current", "done": "done", "cancelled": "skipped"}
    state = states[task.state]
    if _is_live(task) and at is not None and task.due_at is not None and task.due_at <= at:
        state = "late"
    by = task.done_name or task.claimed_name
    return StepRow(task.node, task.name, state, task.created_at, task.done_at, by, (task.post,))


_WEIGHT: Final[dict[StepState, int]] = {"late": 4, "current": 3, "waiting": 2, "done": 1, "skipped": 0}


def node_states(rows: Iterable[StepRow]) -> dict[str, StepState]:
    """The state of each node for the drawing: its latest visit counts; of several who share it (会签), who is not ready."""
    found: dict[str, StepRow] = {}
    for row in rows:
        last = found.get(row.node)
        same_visit = last is not None and last.entered_at == row.entered_at
        if last is None or not same_visit or _WEIGHT[row.state] > _WEIGHT[last.state]:
            found[row.node] = row
    return {node: row.state for node, row in found.items()}


def verdict(joint: Joint, answers: Sequence[str]) -> str | None:
    """联合审查: what those who have answered ("agree", "disagree") come to: "agree", "disagree", or None while it is open.

    Where all must agree, everybody is heard first; else it is over as soon as enough agree, or enough no longer can.
    """
    agreed, left = sum(answer == AGREE for answer in answers), len(joint.posts) - len(answers)
    if joint.need == len(joint.posts):
        return None if left else (AGREE if agreed == joint.need else DISAGREE)
    if agreed >= joint.need:
        return AGREE
    return DISAGREE if agreed + left < joint.need else None
