"""The life of an appointment (预约), as one table. Pages, the database check and tests are drawn from it."""

from enum import StrEnum

from yichuang.core.words import W, Words


class BookingState(StrEnum):
    """Where an appointment stands."""

    BOOKED = "BOOKED"
    ARRIVED = "ARRIVED"  # checked in: the ticket says what follows
    DONE = "DONE"  # a home visit or a talk by video that took place
    CANCELLED = "CANCELLED"
    MISSED = "MISSED"
    EXCUSED = "EXCUSED"
    LAPSED = "LAPSED"  # nobody put on record what became of it: never counted against anybody


class BookingMove(StrEnum):
    """What can happen to an appointment. The value is its name in the API and in the ledger."""

    MOVE = "move"
    ASSIGN = "assign"
    CHECK_IN = "check-in"
    CARRY_OUT = "carry-out"
    CANCEL = "cancel"
    MISS = "miss"
    EXCUSE = "excuse"
    LAPSE = "lapse"


S, M = BookingState, BookingMove

TRANSITIONS: dict[tuple[BookingState, BookingMove], BookingState] = {
    (S.BOOKED, M.MOVE): S.BOOKED,
    (S.BOOKED, M.ASSIGN): S.BOOKED,
    (S.BOOKED, M.CHECK_IN): S.ARRIVED,
    (S.BOOKED, M.CARRY_OUT): S.DONE,
    (S.BOOKED, M.CANCEL): S.CANCELLED,
    (S.BOOKED, M.MISS): S.MISSED,
    (S.BOOKED, M.LAPSE): S.LAPSED,
    (S.MISSED, M.EXCUSE): S.EXCUSED,
}
COUNTS = frozenset({S.BOOKED, S.ARRIVED, S.DONE})  # one of these a document has once for an item and day
WORDS: dict[BookingState, Words] = {
    S.BOOKED: W("已预约", "Booked"),
    S.ARRIVED: W("已到场", "Arrived"),
    S.DONE: W("已办理", "Carried out"),
    S.CANCELLED: W("已取消", "Cancelled"),
    S.MISSED: W("未到", "Not come"),
    S.EXCUSED: W("未到（已谅解）", "Not come, excused"),
    S.LAPSED: W("已过期，未登记结果", "Over; no outcome was put on record"),
}
MOVE_WORDS: dict[BookingMove, Words] = {
    M.MOVE: W("改期", "move"),
    M.ASSIGN: W("指派人员", "assign somebody"),
    M.CHECK_IN: W("报到", "check in"),
    M.CARRY_OUT: W("登记完成", "carry out"),
    M.CANCEL: W("取消", "cancel"),
    M.MISS: W("登记未到", "put down as not come"),
    M.EXCUSE: W("谅解", "excuse"),
    M.LAPSE: W("过期", "let lapse"),
}


def after(state: BookingState, move: BookingMove) -> BookingState | None:
    """The state after the move; None where the table has none."""
    return TRANSITIONS.get((state, move))
