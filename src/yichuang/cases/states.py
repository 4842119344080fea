"""The legal life of a case (办件), as one table. Diagram, documentation, database check and tests are drawn from it.

Which departments review, and how, is the item's process; which states exist and who may move between them is law, so it is code.
Sources: 行政许可法 arts. 32, 34, 37–38, 42, 44–45; for other kinds of items the same life with the item's own limits.
"""

from enum import StrEnum

from yichuang.core.words import W, Words


class State(StrEnum):
    """Where a filed case stands. A draft is not yet a case."""

    SUBMITTED = "SUBMITTED"
    CORRECTING = "CORRECTING"
    IN_REVIEW = "IN_REVIEW"
    SUSPENDED = "SUSPENDED"
    PREPARED = "PREPARED"
    GRANTED = "GRANTED"
    READY = "READY"
    DELIVERED = "DELIVERED"
    NOT_ACCEPTED = "NOT_ACCEPTED"
    DENIED = "DENIED"
    WITHDRAWN = "WITHDRAWN"
    TERMINATED = "TERMINATED"


class Act(StrEnum):
    """What can be done to a case. The value is the name in the API and in the ledger."""

    FILE = "file"
    PRECHECK = "precheck"
    NOTIFY_GAPS = "notify-gaps"
    SUPPLEMENT = "supplement"
    ACCEPT = "accept"
    ACCEPT_WITH_GAPS = "accept-with-gaps"
    OFFER_PROMISE = "offer-promise"
    SIGN_PROMISE = "sign-promise"
    DECLINE_PROMISE = "decline-promise"
    DEEM_ACCEPTED = "deem-accepted"
    REFUSE = "refuse"
    REVIEW = "review"
    SUSPEND = "suspend"
    RESUME = "resume"
    ASK_EXTENSION = "ask-extension"
    EXTEND = "extend"
    DECLINE_EXTENSION = "decline-extension"
    HEARING = "hearing"
    TRANSFER = "transfer"
    GRANT = "grant"
    PREPARE_GRANT = "prepare-grant"
    DEEM_RENEWED = "deem-renewed"
    SERVE_GRANT = "serve-grant"
    DENY = "deny"
    LAPSE = "lapse"
    MAKE_READY = "make-ready"
    SEND_RESULT = "send-result"
    RECEIVE_RESULT = "receive-result"
    DELIVER = "deliver"
    WITHDRAW = "withdraw"
    TERMINATE = "terminate"


S, A = State, Act

TRANSITIONS: dict[tuple[State, Act], frozenset[State]] = {
    # 申请与受理
    (S.SUBMITTED, A.PRECHECK): frozenset({S.SUBMITTED}),
    (S.SUBMITTED, A.SUPPLEMENT): frozenset({S.SUBMITTED}),
    (S.SUBMITTED, A.NOTIFY_GAPS): frozenset({S.CORRECTING}),
    (S.SUBMITTED, A.ACCEPT): frozenset({S.IN_REVIEW}),
    (S.SUBMITTED, A.ACCEPT_WITH_GAPS): frozenset({S.IN_REVIEW}),
    # 网上签署容缺承诺: an offer stands until anything else is done to the case, and stops no clock
    (S.SUBMITTED, A.OFFER_PROMISE): frozenset({S.SUBMITTED}),
    (S.SUBMITTED, A.SIGN_PROMISE): frozenset({S.IN_REVIEW}),
    (S.SUBMITTED, A.DECLINE_PROMISE): frozenset({S.CORRECTING}),
    (S.SUBMITTED, A.DEEM_ACCEPTED): frozenset({S.IN_REVIEW}),
    (S.SUBMITTED, A.TRANSFER): frozenset({S.SUBMITTED}),
    (S.SUBMITTED, A.REFUSE): frozenset({S.NOT_ACCEPTED}),
    (S.SUBMITTED, A.WITHDRAW): frozenset({S.WITHDRAWN}),
    (S.SUBMITTED, A.TERMINATE): frozenset({S.TERMINATED}),
    (S.CORRECTING, A.SUPPLEMENT): frozenset({S.CORRECTING, S.SUBMITTED}),
    (S.CORRECTING, A.NOTIFY_GAPS): frozenset({S.CORRECTING}),
    (S.CORRECTING, A.TRANSFER): frozenset({S.CORRECTING}),
    (S.CORRECTING, A.WITHDRAW): frozenset({S.WITHDRAWN}),
    (S.CORRECTING, A.TERMINATE): frozenset({S.TERMINATED}),
    # 审查与决定
    (S.IN_REVIEW, A.REVIEW): frozenset({S.IN_REVIEW}),
    (S.IN_REVIEW, A.SUPPLEMENT): frozenset({S.IN_REVIEW}),
    (S.IN_REVIEW, A.SUSPEND): frozenset({S.SUSPENDED}),
    # 延期 (art. 42): one asks, another of the organ approves or not; only the approval moves the clock
    (S.IN_REVIEW, A.ASK_EXTENSION): frozenset({S.IN_REVIEW}),
    (S.IN_REVIEW, A.EXTEND): frozenset({S.IN_REVIEW}),
    (S.IN_REVIEW, A.DECLINE_EXTENSION): frozenset({S.IN_REVIEW}),
    # 利害关系人告知、听证 (arts. 36, 46–48): told, heard, called, held; calling it also suspends, its record resumes
    (S.IN_REVIEW, A.HEARING): frozenset({S.IN_REVIEW}),
    (S.SUSPENDED, A.HEARING): frozenset({S.SUSPENDED}),
    # 移送: who is competent sits elsewhere; the days already used stay used
    (S.IN_REVIEW, A.TRANSFER): frozenset({S.IN_REVIEW}),
    (S.IN_REVIEW, A.GRANT): frozenset({S.GRANTED}),
    (S.IN_REVIEW, A.PREPARE_GRANT): frozenset({S.PREPARED}),
    (S.IN_REVIEW, A.DENY): frozenset({S.DENIED}),
    # 视为准予延续 (art. 50 (2)): the term is over and nobody decided; a stopped clock does not stop the term
    (S.IN_REVIEW, A.DEEM_RENEWED): frozenset({S.GRANTED}),
    (S.IN_REVIEW, A.LAPSE): frozenset({S.TERMINATED}),
    (S.IN_REVIEW, A.WITHDRAW): frozenset({S.WITHDRAWN}),
    (S.IN_REVIEW, A.TERMINATE): frozenset({S.TERMINATED}),
    (S.SUSPENDED, A.RESUME): frozenset({S.IN_REVIEW}),
    (S.SUSPENDED, A.SUPPLEMENT): frozenset({S.SUSPENDED}),
    (S.SUSPENDED, A.DEEM_RENEWED): frozenset({S.GRANTED}),
    (S.SUSPENDED, A.LAPSE): frozenset({S.TERMINATED}),
    (S.SUSPENDED, A.WITHDRAW): frozenset({S.WITHDRAWN}),
    (S.SUSPENDED, A.TERMINATE): frozenset({S.TERMINATED}),
    # 拟准予: decided, not served until the promised papers are there (容缺受理)
    (S.PREPARED, A.SUPPLEMENT): frozenset({S.PREPARED}),
    (S.PREPARED, A.SERVE_GRANT): frozenset({S.GRANTED}),
    (S.PREPARED, A.LAPSE): frozenset({S.TERMINATED}),
    (S.PREPARED, A.WITHDRAW): frozenset({S.WITHDRAWN}),
    (S.PREPARED, A.TERMINATE): frozenset({S.TERMINATED}),
    # 颁证与送达
    (S.GRANTED, A.MAKE_READY): frozenset({S.READY}),
    # 全城通办: the result travels from the responsible place to the one that took the filing
    (S.GRANTED, A.SEND_RESULT): frozenset({S.GRANTED}),
    (S.GRANTED, A.RECEIVE_RESULT): frozenset({S.READY}),
    (S.GRANTED, A.DELIVER): frozenset({S.DELIVERED}),
    (S.READY, A.DELIVER): frozenset({S.DELIVERED}),
}

ENDS = frozenset({S.DELIVERED, S.NOT_ACCEPTED, S.DENIED, S.WITHDRAWN, S.TERMINATED})

WORDS: dict[State, Words] = {
    S.SUBMITTED: W("已提交，等待受理", "Submitted, awaiting acceptance"),
    S.CORRECTING: W("待补正", "Corrections needed"),
    S.IN_REVIEW: W("审查中", "Under review"),
    S.SUSPENDED: W("特别程序中（计时暂停）", "In a special procedure (clock stopped)"),
    S.PREPARED: W("拟准予，待补齐材料", "Approval prepared, papers outstanding"),
    S.GRANTED: W("准予，制证中", "Approved, result being made"),
    S.READY: W("待领取", "Ready for collection"),
    S.DELIVERED: W("已办结送达", "Completed and delivered"),
    S.NOT_ACCEPTED: W("不予受理", "Not accepted"),
    S.DENIED: W("不予批准", "Denied"),
    S.WITHDRAWN: W("已撤回", "Withdrawn"),
    S.TERMINATED: W("已终止", "Terminated"),
}

ACT_WORDS: dict[Act, Words] = {
    A.FILE: W("提交申请", "filed the application"),
    A.PRECHECK: W("网上预审", "pre-checked the filing"),
    A.NOTIFY_GAPS: W("一次性告知补正", "gave the one-time notice of what is missing"),
    A.SUPPLEMENT: W("补交材料", "handed in papers"),
    A.ACCEPT: W("受理", "accepted the case"),
    A.ACCEPT_WITH_GAPS: W("容缺受理", "accepted the case on a promise"),
    A.OFFER_PROMISE: W(
        "同意容缺，请申请人签署承诺书", "offered acceptance on a promise, to be signed by the applicant"
    ),
    A.SIGN_PROMISE: W("签署容缺承诺书，容缺受理", "signed the letter of promise: accepted on it"),
    A.DECLINE_PROMISE: W("未作容缺承诺，一次性告知补正", "no promise made: one-time notice of what is missing"),
    A.DEEM_ACCEPTED: W("逾期未答复，视为受理", "deemed accepted: no answer in time"),
    A.REFUSE: W("不予受理", "did not accept the case"),
    A.REVIEW: W("办理审查任务", "worked on a review task"),
    A.SUSPEND: W("进入特别程序，计时暂停", "started a special procedure; clock stopped"),
    A.RESUME: W("特别程序结束，恢复计时", "ended the special procedure; clock runs"),
    A.ASK_EXTENSION: W("申请延期，等待批准", "asked for an extension, to be approved"),
    A.EXTEND: W("批准延期", "approved the extension"),
    A.DECLINE_EXTENSION: W("不批准延期", "did not approve the extension"),
    A.HEARING: W("办理告知和听证", "took a step towards a hearing"),
    A.TRANSFER: W("移送有权办理的地点或者部门", "transferred the case to the competent place or department"),
    A.GRANT: W("作出准予决定", "decided: granted"),
    A.PREPARE_GRANT: W("作出拟准予决定，待补齐后送达", "prepared an approval, to be served when papers are complete"),
    A.DEEM_RENEWED: W("期满前未作决定，视为准予延续", "deemed renewed: no decision before the term ended"),
    A.SERVE_GRANT: W("材料补齐，准予决定生效", "papers complete: approval served"),
    A.DENY: W("作出不予决定", "decided: denied"),
    A.LAPSE: W("承诺材料逾期，终止办理", "ended the case: promised papers did not come in time"),
    A.MAKE_READY: W("制证完成，待领取", "made the result: ready for collection"),
    A.SEND_RESULT: W("把结果送往收件地点", "sent the result to the place that took the filing"),
    A.RECEIVE_RESULT: W("收到结果，待领取", "received the result, ready for collection"),
    A.DELIVER: W("送达", "delivered the result"),
    A.WITHDRAW: W("撤回申请", "withdrew the application"),
    A.TERMINATE: W("终止办理", "terminated the case"),
}


class Turn(StrEnum):
    """Whose move is next."""

    APPLICANT = "applicant"
    CLERK = "clerk"
    DEPARTMENT = "department"
    ISSUING = "issuing"
    NOBODY = "nobody"


TURN: dict[State, Turn] = {
    S.SUBMITTED: Turn.CLERK,
    S.CORRECTING: Turn.APPLICANT,
    S.IN_REVIEW: Turn.DEPARTMENT,
    S.SUSPENDED: Turn.DEPARTMENT,
    S.PREPARED: Turn.APPLICANT,
    S.GRANTED: Turn.ISSUING,
    S.READY: Turn.APPLICANT,
    **dict.fromkeys(ENDS, Turn.NOBODY),
}


class Phase(StrEnum):
    """The six steps that every page shows (申报 → 预审 → 受理 → 审查 → 决定 → 领证)."""

    FILE = "file"
    CHECK = "check"
    ACCEPT = "accept"
    REVIEW = "review"
    DECIDE = "decide"
    COLLECT = "collect"


PHASE_WORDS: dict[Phase, Words] = {
    Phase.FILE: W("申报", "File"),
    Phase.CHECK: W("预审", "Check"),
    Phase.ACCEPT: W("受理", "Accept"),
    Phase.REVIEW: W("审查", "Review"),
    Phase.DECIDE: W("决定", "Decide"),
    Phase.COLLECT: W("领证", "Collect"),
}

PHASE: dict[State, Phase] = {
    S.SUBMITTED: Phase.CHECK,
    S.CORRECTING: Phase.CHECK,
    S.NOT_ACCEPTED: Phase.ACCEPT,
    S.IN_REVIEW: Phase.REVIEW,
    S.SUSPENDED: Phase.REVIEW,
    S.PREPARED: Phase.DECIDE,
    S.DENIED: Phase.DECIDE,
    S.GRANTED: Phase.COLLECT,
    S.READY: Phase.COLLECT,
    S.DELIVERED: Phase.COLLECT,
    S.WITHDRAWN: Phase.CHECK,
    S.TERMINATED: Phase.REVIEW,
}


def can_move(state: State, act: Act) -> bool:
    """Whether the act exists in this state."""
    return (state, act) in TRANSITIONS


def next_state(state: State, act: Act, *, choose: State | None = None) -> State:
    """The state after the act; `choose` picks where the table leaves a choice. KeyError when the act does not exist."""
    options = TRANSITIONS[state, act]
    if choose is not None and choose in options:
        return choose
    (only,) = options
    return only


def acts_in(state: State) -> tuple[Act, ...]:
    """The acts that exist in the state, in the order of the table."""
    return tuple(act for (origin, act) in TRANSITIONS if origin == state)


def draw() -> str:
    """The table as a Mermaid state diagram, for the documentation."""
    lines = ["stateDiagram-v2", "    [*] --> SUBMITTED: file"]
    for (origin, act), targets in TRANSITIONS.items():
        lines += [f"    {origin} --> {target}: {act}" for target in sorted(targets)]
    lines += [f"    {end} --> [*]" for end in sorted(ENDS)]
    return "\n".join(lines) + "\n"
