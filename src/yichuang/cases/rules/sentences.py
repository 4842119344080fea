"""The state of a case in one sentence (现在到哪一步、谁来办、到哪天), and its light from the cached due instant."""

from datetime import date, datetime, timedelta

from yichuang.cases.states import ENDS, PHASE, PHASE_WORDS, TURN, Phase, State, Turn
from yichuang.cases.values import Light, PhaseRow
from yichuang.core.clock import local_date
from yichuang.core.said import day_said
from yichuang.core.words import W, Words

SENTENCES: dict[State, Words] = {
    State.SUBMITTED: W(
        "我们已收到您的申请，工作人员将在 {day}前答复是否受理", "We have your application and will answer by {day}"
    ),
    State.CORRECTING: W(
        "材料需要补正，请按清单一次补齐", "Some papers need correcting; please hand in everything on the list"
    ),
    State.IN_REVIEW: W(
        "已受理，部门正在审查，{day}前作出决定", "Accepted and under review; a decision is due by {day}"
    ),
    State.SUSPENDED: W("正在进行特别程序，办理时限暂停计算", "A special procedure is running; the clock stands still"),
    State.PREPARED: W(
        "审查已通过，补齐承诺的材料后决定即生效",
        "Review passed: the approval takes effect when the promised papers are in",
    ),
    State.GRANTED: W("准予，正在制作结果", "Granted; the result is being made"),
    State.READY: W("结果已制好，请凭身份证件领取", "The result is ready: bring your identity document to collect it"),
    State.DELIVERED: W("已办结，结果已送达", "Completed; the result has been delivered"),
    State.NOT_ACCEPTED: W("未予受理，理由和救济途径见决定书", "Not accepted; reasons and remedies are in the document"),
    State.DENIED: W("未予批准，理由和救济途径见决定书", "Denied; reasons and remedies are in the document"),
    State.WITHDRAWN: W("您已撤回申请", "You have withdrawn the application"),
    State.TERMINATED: W("办理已终止，理由见通知书", "The case has ended; the reason is in the notice"),
}
OFFERED = W(
    "缺的材料可以后补：请在 {day}前阅读并签署承诺书，签后即受理",
    "The missing papers may follow: read and sign the letter of promise by {day}, and the case is accepted",
)
NO_DAY = W("规定时限", "the limit set by law")
SOON = timedelta(days=2)
TODAY = timedelta(days=1)


def sentence_of(state: State, due_at: datetime | None, promise_until: datetime | None = None) -> Words:
    """One sentence: where it stands, who must act, by when; `promise_until`: before, an offered promise may be signed."""
    if promise_until is not None:
        return OFFERED.format(day=day_of(local_date(promise_until - timedelta(microseconds=1))))
    if due_at is None:
        return SENTENCES[state].format(day=NO_DAY)
    return SENTENCES[state].format(day=day_of(local_date(due_at - timedelta(microseconds=1))))


def day_of(day: date | None) -> Words:
    """A day inside a sentence: 2026年11月25日 / 25 November 2026."""
    return NO_DAY if day is None else day_said(day)


def turn_of(state: State, promise_until: datetime | None, now: datetime) -> Turn:
    """Whose move is next: the applicant's while a promise waits to be signed."""
    return Turn.APPLICANT if promise_until is not None and now < promise_until else TURN[state]


def phases_of(state: State) -> tuple[PhaseRow, ...]:
    """The step bar: done, current and coming steps."""
    order = list(Phase)
    here = order.index(PHASE[state])
    now = "done" if state is State.DELIVERED else "stopped" if state in ENDS else "current"
    return tuple(
        PhaseRow(phase, PHASE_WORDS[phase], "done" if i < here else now if i == here else "todo")
        for i, phase in enumerate(order)
    )


def light_of_row(state: State, due_at: datetime | None, now: datetime) -> Light:
    """The light of a work-list row, from the cached due instant alone (calendar days; the case page derives exactly)."""
    if state in ENDS:
        return Light.DONE
    if due_at is None:
        return Light.STOPPED if state in {State.SUSPENDED, State.CORRECTING} else Light.GREEN
    left = due_at - now
    if left < timedelta(0):
        return Light.OVERDUE
    if left <= TODAY:
        return Light.RED
    return Light.YELLOW if left <= SOON else Light.GREEN
