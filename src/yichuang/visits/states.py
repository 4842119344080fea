"""The life of a ticket (号票), as one table. Pages, the database check and tests are drawn from it.

Working rules of halls (domain.md §6): a call is repeated twice, then the number has passed (过号); it may come back once.
"""

from enum import StrEnum

from yichuang.core.words import W, Words


class TicketState(StrEnum):
    """Where a ticket stands."""

    WAITING = "WAITING"
    AWAY = "AWAY"
    CALLED = "CALLED"
    SERVING = "SERVING"
    PARKED = "PARKED"
    PASSED = "PASSED"
    DONE = "DONE"
    LEFT = "LEFT"


class Move(StrEnum):
    """What can happen to a ticket. The value is its name in the API, in the call log and in the ledger."""

    CALL = "call"
    RECALL = "recall"
    PASS = "pass"
    RETURN = "return"
    STEP_AWAY = "step-away"
    COME_BACK = "come-back"
    START = "start"
    PARK = "park"
    RESUME = "resume"
    TRANSFER = "transfer"
    PUT_BACK = "put-back"
    FINISH = "finish"
    LEAVE = "leave"


S, M = TicketState, Move

TRANSITIONS: dict[tuple[TicketState, Move], TicketState] = {
    (S.WAITING, M.CALL): S.CALLED,
    (S.WAITING, M.STEP_AWAY): S.AWAY,
    (S.WAITING, M.TRANSFER): S.WAITING,  # 分流: the guide sees that another queue is the right one
    (S.WAITING, M.LEAVE): S.LEFT,
    (S.AWAY, M.COME_BACK): S.WAITING,
    (S.AWAY, M.LEAVE): S.LEFT,
    (S.CALLED, M.RECALL): S.CALLED,
    (S.CALLED, M.START): S.SERVING,
    (S.CALLED, M.PASS): S.PASSED,
    (S.CALLED, M.PUT_BACK): S.WAITING,  # nobody sits at the window that called it
    (S.CALLED, M.LEAVE): S.LEFT,  # the person says so while the number is on the board
    (S.PASSED, M.RETURN): S.WAITING,
    (S.PASSED, M.LEAVE): S.LEFT,
    (S.SERVING, M.PARK): S.PARKED,  # 挂起: copying, paying, a signature from the next room
    (S.SERVING, M.TRANSFER): S.WAITING,
    (S.SERVING, M.FINISH): S.DONE,
    (S.PARKED, M.RESUME): S.SERVING,
    (S.PARKED, M.FINISH): S.DONE,
}
ENDS = frozenset({S.DONE, S.LEFT})
AT_A_DESK = frozenset({S.CALLED, S.SERVING})  # one of these at most for each open desk
MOST_CALLS = 3  # one call, two repeats
MOST_RETURNS = 1

WORDS: dict[TicketState, Words] = {
    S.WAITING: W("等候中", "Waiting"),
    S.AWAY: W("暂时离开", "Away for a moment"),
    S.CALLED: W("已叫号", "Called"),
    S.SERVING: W("办理中", "Being served"),
    S.PARKED: W("挂起", "Set aside"),
    S.PASSED: W("已过号", "Missed the call"),
    S.DONE: W("已办完", "Served"),
    S.LEFT: W("已离开", "Left"),
}
MOVE_WORDS: dict[Move, Words] = {
    M.CALL: W("叫号", "called"),
    M.RECALL: W("再次呼叫", "called again"),
    M.PASS: W("过号", "missed the call"),
    M.RETURN: W("过号后重新排队", "joined again after a missed call"),
    M.STEP_AWAY: W("暂时离开", "stepped away"),
    M.COME_BACK: W("回来等候", "came back to wait"),
    M.START: W("开始办理", "service began"),
    M.PARK: W("挂起", "set aside"),
    M.RESUME: W("继续办理", "taken up again"),
    M.TRANSFER: W("转到其他队列", "moved to another queue"),
    M.PUT_BACK: W("窗口没有人，退回原位等候", "nobody was at the window: waits again at its old place"),
    M.FINISH: W("办理结束", "service ended"),
    M.LEAVE: W("离开", "left"),
}


def after(state: TicketState, move: Move) -> TicketState | None:
    """The state after the move; None where the table has none."""
    return TRANSITIONS.get((state, move))
