"""移送: competence, not convenience. Who may move a case where depends on how far it is; nothing here touches the clock."""

from collections.abc import Collection
from typing import Final

from yichuang.cases.states import State
from yichuang.cases.turns import TransferGround
from yichuang.core.refusals import Reason
from yichuang.core.words import W

BEFORE_ACCEPTANCE: Final = frozenset({State.SUBMITTED, State.CORRECTING})
LONGEST: Final = 500
GROUND_NEEDED = W("请选择移送的事由", "Choose the ground of the transfer")
REASON_NEEDED = W("请写明移送的理由（最多 500 字）", "Give the reason of the transfer (at most 500 characters)")
ONE_TARGET = W("请选择移送到哪个网点，或者哪个部门（只选一个）", "Choose one place, or one department, to send it to")
ALREADY_THERE = W("办件已经在那里办理", "The case is there already")
NOT_A_TARGET = W(
    "不能移送到那里：没有得到办理这个事项的授权、已停用，或者没有对应的岗位和人员",
    "It cannot go there: not authorised for this item, closed, or without the posts and the staff that its steps need",
)
NOT_COMPETENT = W(
    "这个事项没有划归或者授权该部门办理；只有机构或者职责调整，才能移送给它",
    "The item is neither assigned to that department nor is it authorised for it: it takes the case only where authorities or "
    "their tasks were reorganised",
)
DEPARTMENT_LATER = W(
    "受理前不能移送其他部门；不属于本机关职权的，请答复不予受理并告知有权机关",
    "Before acceptance it goes to no other department: where another authority is responsible, say so and name it",
)
BY_CLERK = W(
    "受理前由负责核对受理的网点移送",
    "Before acceptance the place that checks the filing sends it on, not the department",
)
BY_DECIDER = W("受理后由审批部门有决定权的岗位移送", "After acceptance a deciding post of the department sends it on")
INSPECTION_OPEN = W(
    "现场核查已经安排、记录还没有签字，请先完成",
    "An on-site inspection is arranged and its record is not signed: finish it first",
)
EXTENSION_OPEN = W(
    "有延期申请在等待批准，请先批准或者不予批准",
    "More time was asked for: approve it or decline it before the case leaves",
)
HEARING_OPEN = W("听证告知的期限未过或听证没有结束，不能移送其他部门", "A hearing may still be asked for, or is open")


def kinds_for(state: State, *, clerk: bool, decider: bool) -> frozenset[str]:
    """Where to ("place", "department") somebody may send a case in this state: the clerk who checks it before acceptance,
    who decides after it."""
    if state in BEFORE_ACCEPTANCE:
        return frozenset({"place"}) if clerk else frozenset()
    return frozenset({"place", "department"}) if decider and state is State.IN_REVIEW else frozenset()


def judge(
    *,
    state: State,
    kind: str,
    clerk: bool,
    decider: bool,
    ground: str,
    reason: str,
    target: str,
    here: str,
    targets: Collection[str],
    competent: Collection[str] = (),
) -> list[Reason]:
    """Everything that stands against sending the case to `target` (a code), a "place" or a "department" ("": none or both).

    `here` is where it is now, `targets` where it can go, `competent` the departments whose the item is: another one takes it
    only where organs or their tasks were reorganised (机构或者职责调整).
    """
    faults = []
    if ground not in set(TransferGround):
        faults.append(Reason("GROUND_NEEDED", GROUND_NEEDED, "/ground"))
    if not 1 <= len(reason.strip()) <= LONGEST:
        faults.append(Reason("REASON_NEEDED", REASON_NEEDED, "/reason"))
    if not kind:
        return [*faults, Reason("ONE_TARGET", ONE_TARGET, "/to")]
    if (who := _by_whom(state, kind, clerk=clerk, decider=decider)) is not None:
        return [*faults, who]
    if target == here:
        faults.append(Reason("ALREADY_THERE", ALREADY_THERE, "/to"))
    elif target not in targets:
        faults.append(Reason("NOT_A_TARGET", NOT_A_TARGET, "/to"))
    elif kind == "department" and target not in competent and ground != TransferGround.REORGANISED:
        faults.append(Reason("NOT_COMPETENT", NOT_COMPETENT, "/to"))
    return faults


def _by_whom(state: State, kind: str, *, clerk: bool, decider: bool) -> Reason | None:
    if kind in kinds_for(state, clerk=clerk, decider=decider):
        return None
    if state not in BEFORE_ACCEPTANCE:
        return Reason("BY_DECIDER", BY_DECIDER)
    return Reason("DEPARTMENT_LATER", DEPARTMENT_LATER, "/to") if clerk else Reason("BY_CLERK", BY_CLERK)


def posts_at(posts: Collection[str], old: str, new: str) -> frozenset[str]:
    """The posts that department `new` needs to take over the steps of `old`: the same, under its own code."""
    return frozenset(f"{new}.{post.removeprefix(f'{old}.')}" for post in posts if post.startswith(f"{old}."))
