"""Pure rules of ending a certificate: which ground fits it now, when the organ may decide, when a hearing may be held."""

from collections.abc import Mapping
from datetime import date

from yichuang.cases.aftermath import (
    GROUNDS,
    HEARD_ON_REQUEST,
    HEARING_NOTICE_DAYS,
    STATEMENT_DAYS,
    EndAct,
    EndGround,
    Stage,
)
from yichuang.cases.rules.sentences import day_of
from yichuang.core.refusals import Reason
from yichuang.core.words import W
from yichuang.core.workdays import Calendar
from yichuang.registry.values import VALIDITY_WORDS, Validity

ENDABLE: frozenset[Validity] = frozenset({"valid", "not_yet", "expired", "suspended"})
NOT_IN_FORCE = W("证照{state}，没有可以终止的效力", "The certificate is {state}: there is nothing left to end")
GROUND_UNKNOWN = W("请从法定事由中选择一项", "Choose one of the grounds that the law gives")
GROUND_UNFIT = W("证照现在是“{state}”，不符合这一事由", "The certificate is “{state}”, which does not fit this ground")
STILL_TIME = W(
    "持证人可以在 {day}前陈述、申辩，期限届满或者其表示不陈述之后才能决定",
    "The holder may answer until {day}: no decision before that day has passed or the holder waives",
)
HEARING_FIRST = W(
    "持证人要求听证，听证笔录作出之后才能决定", "The holder asked for a hearing: no decision before its record"
)
NOT_WHO_OPENED = W("调查人与决定人应当分离：启动程序的人不能作出决定", "Who opened the proceeding cannot decide it")
TOO_SOON = W(
    "听证应当至少提前 7 个工作日通知，最早可定在 {day}",
    "A hearing is announced seven working days ahead: {day} at the earliest",
)
NOT_A_WORKING_DAY = W("{day}不是工作日，请另定听证日期", "{day} is no working day: choose another for the hearing")
HEARING_NOT_YET = W("听证定在 {day}，还没有举行", "The hearing is on {day}; it has not been held yet")
NO_HEARING_CALLED = W("还没有通知听证日期", "No hearing has been called yet")
ANSWER_OVER = W("陈述、申辩期限已于 {day}届满", "The time to answer ended on {day}")


def grounds_for(worth: Validity) -> Mapping[str, EndGround]:
    """The grounds that a certificate of this worth can be ended on; none once it has been ended or replaced."""
    if worth not in ENDABLE:
        return {}
    return {
        key: ground
        for key, ground in GROUNDS.items()
        if (ground.ended is None and (worth != "expired" or ground.act is EndAct.REVOKE)) or ground.ended == worth
    }


def judge_ground(key: str, worth: Validity) -> list[Reason]:
    """Why the certificate cannot be ended on this ground now."""
    if worth not in ENDABLE:
        return [Reason("NOT_IN_FORCE", NOT_IN_FORCE.format(state=VALIDITY_WORDS[worth]))]
    if key not in GROUNDS:
        return [Reason("GROUND_UNKNOWN", GROUND_UNKNOWN, "/ground")]
    if key not in grounds_for(worth):
        return [Reason("GROUND_UNFIT", GROUND_UNFIT.format(state=VALIDITY_WORDS[worth]), "/ground")]
    return []


def first_stage(ground: EndGround) -> Stage:
    """The holder is told and heard, unless the law states a mere fact."""
    return Stage.TOLD if ground.told else Stage.READY


def last_day_to_answer(told_on: date, calendar: Calendar) -> date:
    """The last day to state a defence or ask for a hearing, the day of the notice not counted."""
    return calendar.add(told_on, STATEMENT_DAYS)


def why_not_decide(stage: Stage, *, today: date, answer_until: date | None, opened_by_decider: bool) -> list[Reason]:
    """What stands against a decision now."""
    reasons = [Reason("NOT_WHO_OPENED", NOT_WHO_OPENED, basis="《行政处罚法》第四十二条")] if opened_by_decider else []
    if stage is Stage.HEARING:
        reasons.append(Reason("HEARING_FIRST", HEARING_FIRST))
    if stage is Stage.TOLD and answer_until is not None and today <= answer_until:
        reasons.append(Reason("STILL_TIME", STILL_TIME.format(day=day_of(answer_until))))
    return reasons


def why_not_answer(today: date, answer_until: date | None, stage: Stage) -> list[Reason]:
    """Why the holder can no longer answer: the days are over (while a hearing is open, everything may still be said)."""
    if stage is Stage.TOLD and answer_until is not None and today > answer_until:
        return [Reason("ANSWER_OVER", ANSWER_OVER.format(day=day_of(answer_until)))]
    return []


def may_ask_hearing(act: EndAct, stage: Stage) -> bool:
    """Whether a hearing may (still) be asked for."""
    return act in HEARD_ON_REQUEST and stage is Stage.TOLD


def judge_hearing_day(day: date, *, today: date, calendar: Calendar) -> list[Reason]:
    """Why a hearing cannot be called for this day."""
    earliest = calendar.next_working(calendar.add(today, HEARING_NOTICE_DAYS))
    if day < earliest:
        return [Reason("TOO_SOON", TOO_SOON.format(day=day_of(earliest)), "/hearing_on")]
    if not calendar.is_working(day):
        return [Reason("NOT_A_WORKING_DAY", NOT_A_WORKING_DAY.format(day=day_of(day)), "/hearing_on")]
    return []


def why_no_record(hearing_on: date | None, today: date) -> list[Reason]:
    """Why nothing can be put on record of a hearing yet."""
    if hearing_on is None:
        return [Reason("NO_HEARING_CALLED", NO_HEARING_CALLED)]
    if today < hearing_on:
        return [Reason("HEARING_NOT_YET", HEARING_NOT_YET.format(day=day_of(hearing_on)))]
    return []
