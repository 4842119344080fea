"""The statutory clock (时限) as a derivation: start, basis, each stop with its reason, due day and half-days left.

行政许可法 art. 42 (limit, one extension), art. 44 (ten days to deliver), art. 45 (the only grounds that stop the legal clock),
art. 82 (working days); 民法典 arts. 201–203 (the day of the event is not counted; the last day ends at 24:00).
Corrections before acceptance set the acceptance day; afterwards they stop no legal clock. Half-days exist on promise clocks only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from yichuang.cases.values import GROUND_WORDS, Ground, Light
from yichuang.core.clock import SHANGHAI, local, local_date
from yichuang.core.words import W, Words
from yichuang.core.workdays import Calendar

ANSWER_DAYS = 5  # art. 32 (4)
DELIVERY_DAYS = 10  # art. 44
RULE_VERSION = 1
TOO_LATE_FOR_PROMISE = W(
    "批准延长时承诺时限已过：延长的是法定时限，承诺时限不变",
    "The promised limit had passed when the extension was approved: it moves the legal limit only",
)
# Each clock by its name, and what it means to who waits.
ANSWER = W("答复期限", "Limit to answer")
PROMISED = W("承诺办结时限", "Promised limit")
LEGAL = W("法定办结时限", "Legal limit")
DELIVERY = W("颁证送达期限", "Limit to deliver")
MEANS = {
    ANSWER: W(
        "收到材料后，最迟哪一天答复您是否受理。",
        "The last day to tell you whether your application is accepted.",
    ),
    PROMISED: W(
        "受理以后，部门承诺最迟哪一天作出决定。比法定时限短或者相同，平时按它办。",
        "Once it is accepted, the day by which the department has promised to decide. Never longer than the legal limit; it is the one that is kept.",
    ),
    LEGAL: W(
        "受理以后，法律允许最迟哪一天作出决定。部门不能超过。",
        "Once it is accepted, the last day on which the law allows the decision. The department must not go beyond it.",
    ),
    DELIVERY: W(
        "决定准予以后，最迟哪一天制好证照、送到您手上。",
        "After the grant, the last day to make the certificate and hand it to you.",
    ),
}
NOON, CLOSE, MIDNIGHT = time(12), time(18), time(0)


@dataclass(frozen=True, slots=True)
class Span:
    """An amount of time as the item states it. unit: "workday", "day", "hour" or "instant"; workdays may be halves."""

    amount: float
    unit: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A special procedure (特别程序): from the day it was told in writing until it ended (None = still running)."""

    ground: Ground
    start: date
    end: date | None
    planned_days: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """Everything the clock depends on; days are the hall's local dates."""

    received_at: datetime
    legal: Span
    promise: Span
    accepted_at: datetime | None = None
    accepted_date: date | None = None  # the legal day of acceptance, which corrections and silence may set
    accepted_because: Words | None = None
    stops: tuple[Stop, ...] = ()
    extension_days: int = 0
    extended_at: datetime | None = None  # when it was approved; None: in time for every limit
    extension_reason: str = ""
    legal_basis: str = ""
    corrected_date: date | None = None
    answered_at: datetime | None = None  # accepted, not accepted, or told what is missing
    decided_at: datetime | None = None
    served_at: datetime | None = None  # a prepared approval (拟准予) is served only when the papers are complete
    granted: bool = False
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the derivation: what, on which day, by which rule."""

    words: Words
    day: date | None
    basis: str = ""
    days: float | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due day with the way it was reached. `due` is None while the clock stands still."""

    name: Words
    due: datetime | None
    steps: tuple[Step, ...]
    half_days_left: int | None = None
    days_left: int | None = None  # working days after today up to the last one: the day itself is not counted
    certain: bool = True
    stopped: bool = False
    light: Light = Light.GREEN
    met: bool | None = None

    @property
    def due_date(self) -> date | None:
        """The last day on which the act is in time (a due instant of 24:00 belongs to the day before)."""
        return None if self.due is None else local_date(self.due - timedelta(microseconds=1))

    @property
    def means(self) -> Words:
        """What this clock is, in a sentence for who waits."""
        return MEANS[self.name]


def end_of(day: date) -> datetime:
    """24:00 of the day in the hall's time."""
    return datetime.combine(day + timedelta(days=1), MIDNIGHT, SHANGHAI)


def at_close(day: date, hour: time = CLOSE) -> datetime:
    """The end of office hours of the day."""
    return datetime.combine(day, hour, SHANGHAI)


def excluded_days(stops: Sequence[Stop], calendar: Calendar, *, until: date) -> int:
    """Working days inside the special procedures; overlapping ones count once, a running one counts until `until`."""
    total, reached = 0, None
    for start, end in sorted((s.start, s.end or until) for s in stops):
        begin = start if reached is None else max(start, reached)
        if end > begin:
            total += calendar.between(begin, end)
        reached = end if reached is None else max(reached, end)
    return total


def half_days_between(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Half working days from now to the due instant; negative when it is past. A begun half-day counts as left."""
    if end < start:
        return -half_days_between(end, start, calendar)
    first, last = local_date(start), local_date(end - timedelta(microseconds=1))
    whole = 2 * calendar.between(first, last)
    if calendar.is_working(first):
        whole += 2 if local(start).time() < NOON else 1
    if calendar.is_working(last) and local(end).time() == NOON:
        whole -= 1
    return max(whole, 0)


def light_of(now: datetime, start: datetime, due: datetime, calendar: Calendar) -> Light:
    """Green; yellow from the last third; red from the last working day; overdue."""
    if now > due:
        return Light.OVERDUE
    left = half_days_between(now, due, calendar)
    if left <= 2:
        return Light.RED
    return Light.YELLOW if left * 3 <= half_days_between(start, due, calendar) else Light.GREEN


def answer_deadline(facts: ClockFacts, calendar: Calendar, now: datetime) -> Deadline:
    """Five working days to answer a filing (art. 32 (4)); for permits, silence means deemed acceptance."""
    received = facts.corrected_date or local_date(facts.received_at)
    last = calendar.add(received, ANSWER_DAYS)
    steps = [Step(W("收到申请材料", "Papers received"), local_date(facts.received_at))]
    if facts.corrected_date:
        steps.append(Step(W("最后一份补正材料送达", "Last requested correction arrived"), facts.corrected_date))
    steps.append(
        Step(
            W("5 个工作日内答复的最后一日", "Last day to answer within 5 working days"),
            last,
            "《行政许可法》第三十二条第一款第（四）项",
            ANSWER_DAYS,
        )
    )
    started = datetime.combine(received, MIDNIGHT, SHANGHAI)
    found = _finish(ANSWER, started, end_of(last), steps, facts.answered_at, now, calendar, received)
    return _at_rest(found, facts)


def decision_deadline(facts: ClockFacts, calendar: Calendar, now: datetime, *, promise: bool) -> Deadline | None:
    """The legal or promised day by which the decision is due; None before acceptance."""
    if facts.accepted_date is None:
        return None
    span = facts.promise if promise else facts.legal
    name = PROMISED if promise else LEGAL
    steps = [Step(facts.accepted_because or W("受理", "Accepted"), facts.accepted_date, facts.legal_basis)]
    extension = _extension(span, facts, calendar, promise=promise)
    stopped = any(s.end is None for s in facts.stops)
    out = excluded_days(facts.stops, calendar, until=local_date(now))
    steps += _stop_steps(facts.stops, calendar, local_date(now))
    if extension:
        steps.append(Step(W("经批准延长", "Extended with approval"), None, "《行政许可法》第四十二条", extension))
    elif facts.extension_days:
        steps.append(Step(TOO_LATE_FOR_PROMISE, None, "《行政许可法》第四十二条"))
    started = datetime.combine(facts.accepted_date, MIDNIGHT, SHANGHAI)
    if stopped and facts.decided_at is None:
        steps.append(Step(W("特别程序未结束，到期日待定", "Special procedure running: due day open"), None))
        return _at_rest(Deadline(name, None, tuple(steps), stopped=True, light=Light.STOPPED), facts)
    due = _due(span, facts, calendar, extra=extension + out, promise=promise)
    steps.append(Step(_limit_words(span), local_date(due - timedelta(microseconds=1)), days=span.amount))
    return _at_rest(_finish(name, started, due, steps, facts.decided_at, now, calendar, facts.accepted_date), facts)


def _extension(span: Span, facts: ClockFacts, calendar: Calendar, *, promise: bool) -> int:
    """The days that the extension adds: none to a promise that had been broken before it was approved.

    The legal limit cannot have passed by then (`clocks.why_no_extension`); the promised one, which is shorter, may have.
    """
    if not promise or facts.extended_at is None:
        return facts.extension_days
    day = local_date(facts.extended_at)
    before = tuple(replace(s, end=min(s.end or day, day)) for s in facts.stops if s.start <= day)
    due = _due(span, facts, calendar, extra=excluded_days(before, calendar, until=day), promise=True)
    return facts.extension_days if facts.extended_at < due else 0


def last_day_to_deliver(served_at: datetime, calendar: Calendar) -> date:
    """Ten working days from the day on which the grant was served (art. 44)."""
    return calendar.add(local_date(served_at), DELIVERY_DAYS)


def delivery_deadline(
    facts: ClockFacts, calendar: Calendar, now: datetime, delivered_at: datetime | None
) -> Deadline | None:
    """Ten working days from the grant to issue and deliver (art. 44); None before it is served, and for a denial.

    An approval prepared on a promise (容缺) binds nobody until the last paper is there: its days run from the service.
    """
    if facts.served_at is None or not facts.granted:
        return None
    day = local_date(facts.served_at)
    last = last_day_to_deliver(facts.served_at, calendar)
    steps = [
        Step(W("作出决定", "Decision made"), day),
        Step(
            W("10 个工作日内颁证送达的最后一日", "Last day to issue and deliver"),
            last,
            "《行政许可法》第四十四条",
            DELIVERY_DAYS,
        ),
    ]
    started = datetime.combine(day, MIDNIGHT, SHANGHAI)
    return _finish(DELIVERY, started, end_of(last), steps, delivered_at, now, calendar, day)


def _at_rest(deadline: Deadline, facts: ClockFacts) -> Deadline:
    """Nothing runs after the end: a case that ended otherwise (withdrawn …) leaves no clock ticking, met or missed."""
    if facts.closed_at is None:
        return deadline
    return replace(deadline, half_days_left=None, days_left=None, stopped=False, light=Light.DONE)


def _due(span: Span, facts: ClockFacts, calendar: Calendar, *, extra: int, promise: bool) -> datetime:
    assert facts.accepted_date is not None
    if span.unit == "hour":
        started = facts.accepted_at or at_close(facts.accepted_date)
        return started + timedelta(hours=span.amount)
    if span.unit == "day":
        last = calendar.next_working(facts.accepted_date + timedelta(days=int(span.amount)))  # 民法典 art. 203
        return end_of(calendar.add(last, extra))
    halves = round(span.amount * 2)
    if promise and halves % 2:
        return _half_day_due(halves, facts, calendar, extra)
    last = calendar.add(facts.accepted_date, int(span.amount) + extra)
    return end_of(last)


def _half_day_due(halves: int, facts: ClockFacts, calendar: Calendar, extra: int) -> datetime:
    """The half-day of acceptance is not counted; each later half ends at noon or at the close of business."""
    assert facts.accepted_date is not None
    moment = facts.accepted_at or at_close(facts.accepted_date)
    day, afternoon = local_date(moment), local(moment).time() >= NOON
    if not calendar.is_working(day):
        day, afternoon = calendar.next_working(day), False
    passed = halves + (1 if afternoon else 0)
    day = calendar.add(day, passed // 2 + extra)
    return at_close(day, CLOSE if passed % 2 else NOON)


def _stop_steps(stops: Sequence[Stop], calendar: Calendar, today: date) -> list[Step]:
    return [
        Step(
            W(
                "特别程序：{what}（{days} 个工作日不计入）",
                "Special procedure: {what} (working days not counted: {days})",
            ).format(what=GROUND_WORDS[stop.ground], days=max(calendar.between(stop.start, stop.end or today), 0)),
            stop.start,
            "《行政许可法》第四十五条",
            calendar.between(stop.start, stop.end or today),
        )
        for stop in sorted(stops, key=lambda s: s.start)
    ]


def _limit_words(span: Span) -> Words:
    if span.unit == "instant":
        return W("当场办结", "Decided on the spot")
    unit = {
        "workday": W("个工作日", "working days"),
        "day": W("个自然日", "calendar days"),
        "hour": W("小时", "hours"),
    }[span.unit]
    amount = f"{span.amount:g}"
    return W(f"期限 {amount} {unit.zh}", f"Limit {amount} {unit.en}")


def _finish(
    name: Words,
    started: datetime,
    due: datetime,
    steps: Sequence[Step],
    done_at: datetime | None,
    now: datetime,
    calendar: Calendar,
    first_day: date,
) -> Deadline:
    certain = calendar.is_certain(first_day, local_date(due))
    extra = (
        ()
        if certain
        else (
            Step(
                W(
                    "期间跨入放假安排尚未公布的年份，到期日可能调整",
                    "The calendar of a year on the way is not yet published: the day may move",
                ),
                None,
            ),
        )
    )
    if done_at is not None:
        return Deadline(name, due, (*steps, *extra), certain=certain, light=Light.DONE, met=done_at <= due)
    halves = half_days_between(now, due, calendar)
    days = calendar.between(local_date(now), local_date(due - timedelta(microseconds=1)))
    return Deadline(name, due, (*steps, *extra), halves, days, certain, light=light_of(now, started, due, calendar))
