"""The clock to the minute: noon, midnight, the last instant, the last third; each example is one that a wrong sign would miss."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from yichuang.cases.rules.clock import (
    TOO_LATE_FOR_PROMISE,
    ClockFacts,
    Deadline,
    Span,
    Stop,
    answer_deadline,
    decision_deadline,
    delivery_deadline,
    end_of,
    half_days_between,
    light_of,
)
from yichuang.cases.values import Ground, Light
from yichuang.core.clock import SHANGHAI
from yichuang.core.words import W
from yichuang.core.workdays import Calendar

PLAIN = Calendar({}, frozenset(range(2020, 2040)))
MON, TUE, WED, THU, FRI, SAT = (date(2026, 3, 2 + n) for n in range(6))
NEXT_MON = date(2026, 3, 9)
INSTANT = timedelta(microseconds=1)


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI).astimezone(UTC)


def accepted(
    day: date = MON, *, hour: int = 10, legal: Span | None = None, promise: Span | None = None, **more
) -> ClockFacts:
    spans = {"legal": legal or Span(20, "workday"), "promise": promise or Span(5, "workday")}
    return ClockFacts(received_at=at(day, hour), accepted_at=at(day, hour), accepted_date=day, **spans, **more)


def promised(facts: ClockFacts, now: datetime) -> Deadline:
    found = decision_deadline(facts, PLAIN, now, promise=True)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("start", "end", "halves"),
    [
        (at(MON, 10), end_of(MON), 2),
        (at(MON, 11, 59), end_of(MON), 2),
        (at(MON, 12), end_of(MON), 1),
        (at(MON, 17), end_of(MON), 1),
        (at(MON, 10), end_of(TUE), 4),
        (at(MON, 10), at(TUE, 12), 3),
        (at(FRI, 10), at(SAT, 12), 2),
        (at(SAT, 10), end_of(SAT), 0),
        (at(MON, 10), end_of(MON) + INSTANT, 4),
        (at(MON, 10), at(MON, 10), 2),
        (end_of(TUE), at(MON, 10), -4),
    ],
)
def test_half_days_are_counted_from_now_to_noon_or_midnight(start: datetime, end: datetime, halves: int) -> None:
    assert half_days_between(start, end, PLAIN) == halves


def test_a_light_turns_on_its_instant() -> None:
    due = end_of(FRI)
    six_days_before = at(date(2026, 2, 27))
    assert light_of(due, six_days_before, due, PLAIN) is Light.RED
    assert light_of(due + INSTANT, six_days_before, due, PLAIN) is Light.OVERDUE
    assert light_of(at(FRI), six_days_before, due, PLAIN) is Light.RED
    assert light_of(at(THU), six_days_before, due, PLAIN) is Light.YELLOW, "4 of 12 half-days: just the last third"
    assert light_of(at(WED, 13), six_days_before, due, PLAIN) is Light.GREEN
    assert light_of(at(MON), at(MON), at(TUE, 12), PLAIN) is Light.GREEN, "three half-days are more than a day"


def test_a_due_instant_belongs_to_the_day_that_ends_with_it() -> None:
    name = W("期限", "Limit")
    assert Deadline(name, end_of(MON), ()).due_date == MON
    assert Deadline(name, end_of(MON) + INSTANT, ()).due_date == TUE
    assert Deadline(name, None, ()).due_date is None


def test_promise_and_law_have_their_names_and_end_their_derivation_with_the_day() -> None:
    facts = accepted()
    for promise, name in ((True, "承诺办结时限"), (False, "法定办结时限")):
        found = decision_deadline(facts, PLAIN, at(TUE), promise=promise)
        assert found is not None
        assert found.name.zh == name
        assert (found.stopped, found.certain) == (False, True)
        assert found.steps[-1].day == found.due_date


def test_while_a_special_procedure_runs_the_clock_stands() -> None:
    found = promised(accepted(stops=(Stop(Ground.HEARING, TUE, None, 10),)), at(WED))
    assert (found.due, found.stopped, found.certain, found.light) == (None, True, True, Light.STOPPED)


def test_a_special_procedure_of_no_working_day_says_so() -> None:
    found = promised(accepted(stops=(Stop(Ground.TESTING, TUE, TUE, 1),)), at(WED))
    (step,) = (step for step in found.steps if step.basis == "《行政许可法》第四十五条")
    assert "（0 个工作日不计入）" in step.words.zh
    assert step.days == 0


@pytest.mark.parametrize(
    ("day", "hour", "amount", "due"),
    [
        (MON, 10, 0.5, at(MON, 18)),
        (MON, 12, 0.5, at(TUE, 12)),
        (MON, 10, 1.5, at(TUE, 18)),
        (MON, 13, 1.5, at(WED, 12)),
        (SAT, 10, 0.5, at(NEXT_MON, 18)),
        (SAT, 13, 0.5, at(NEXT_MON, 18)),
    ],
)
def test_half_day_promises_end_at_noon_or_at_close(day: date, hour: int, amount: float, due: datetime) -> None:
    assert promised(accepted(day, hour=hour, promise=Span(amount, "workday")), at(day, hour)).due == due


def test_a_special_procedure_moves_half_day_promises_on() -> None:
    facts = accepted(promise=Span(1.5, "workday"), stops=(Stop(Ground.TESTING, MON, WED, 2),))
    assert promised(facts, at(WED)).due == at(THU, 18)


def test_hours_run_from_the_instant_of_acceptance() -> None:
    assert promised(accepted(promise=Span(24, "hour")), at(MON)).due == at(TUE)
    later = ClockFacts(at(MON), Span(24, "hour"), Span(24, "hour"), accepted_date=MON)
    assert promised(later, at(MON)).due == at(TUE, 18), "without an instant, from the close of that day"


def test_an_extension_after_the_promise_had_passed_moves_it_no_more() -> None:
    ended = (Stop(Ground.TESTING, TUE, THU, 2),)  # 5 working days and 2: due on Wednesday the 11th
    late = promised(accepted(stops=ended, extension_days=3, extended_at=at(date(2026, 3, 12))), at(date(2026, 3, 12)))
    assert late.due_date == date(2026, 3, 11)
    assert TOO_LATE_FOR_PROMISE in [step.words for step in late.steps]
    in_time = promised(
        accepted(stops=ended, extension_days=3, extended_at=at(date(2026, 3, 11))), at(date(2026, 3, 11))
    )
    assert in_time.due_date == date(2026, 3, 16)
    halves = accepted(promise=Span(2.5, "workday"), extension_days=1, extended_at=at(WED, 20))
    assert promised(halves, at(WED, 20)).due == at(WED, 18), "it had ended at the close of that day"


def test_the_days_to_deliver_need_a_grant_that_was_served() -> None:
    assert delivery_deadline(accepted(granted=True), PLAIN, at(TUE), None) is None
    assert delivery_deadline(accepted(served_at=at(TUE)), PLAIN, at(TUE), None) is None
    found = delivery_deadline(accepted(granted=True, served_at=at(TUE)), PLAIN, at(TUE), None)
    assert found is not None
    assert found.due_date == date(2026, 3, 17)


def test_an_extension_moves_the_legal_limit_whenever_it_was_approved() -> None:
    facts = accepted(legal=Span(5, "workday"), promise=Span(2, "workday"), extension_days=3)
    facts = replace(facts, extended_at=at(date(2026, 3, 11)))
    legal = decision_deadline(facts, PLAIN, at(FRI), promise=False)
    assert legal is not None
    assert (legal.due_date, promised(facts, at(FRI)).due_date) == (date(2026, 3, 12), WED)


def test_a_procedure_that_runs_when_more_time_is_given_counts_until_then() -> None:
    running = (Stop(Ground.TESTING, TUE, None, 9),)  # 2 working days and 2 so far: due on Friday
    ended = (Stop(Ground.TESTING, TUE, NEXT_MON, 9),)
    for stops in (running, ended):
        facts = accepted(promise=Span(2, "workday"), stops=stops, extension_days=3, extended_at=at(THU))
        assert TOO_LATE_FOR_PROMISE not in [step.words for step in promised(facts, at(NEXT_MON)).steps]
    facts = accepted(promise=Span(2, "workday"), stops=ended, extension_days=3, extended_at=at(THU))
    assert promised(facts, at(NEXT_MON)).due_date == date(2026, 3, 13)


def test_half_days_exist_on_promise_clocks_only() -> None:
    legal = decision_deadline(accepted(legal=Span(1.5, "workday")), PLAIN, at(MON), promise=False)
    assert legal is not None
    assert legal.due == end_of(TUE)


def test_half_days_without_an_instant_run_from_the_close_of_the_day() -> None:
    facts = ClockFacts(at(MON), Span(20, "workday"), Span(0.5, "workday"), accepted_date=MON)
    assert promised(facts, at(MON)).due == at(TUE, 12)


def test_what_was_decided_is_met_or_missed_even_with_a_procedure_left_open() -> None:
    found = promised(accepted(stops=(Stop(Ground.HEARING, TUE, None, 10),), decided_at=at(WED)), at(FRI))
    assert (found.stopped, found.light, found.met) == (False, Light.DONE, True)


def test_the_derivation_says_why_it_was_accepted() -> None:
    assert promised(accepted(), at(MON)).steps[0].words.zh == "受理"
    deemed = W("逾期不告知，视为受理", "Deemed accepted")
    assert promised(accepted(accepted_because=deemed), at(MON)).steps[0].words == deemed


def test_an_act_on_the_last_instant_is_in_time() -> None:
    due = end_of(NEXT_MON)
    assert promised(accepted(decided_at=due), due).met is True
    assert promised(accepted(decided_at=due + INSTANT), due + INSTANT).met is False


def test_nothing_runs_on_after_a_case_has_ended() -> None:
    ended = accepted(closed_at=at(TUE), stops=(Stop(Ground.HEARING, MON, None, 3),))
    found = promised(ended, at(WED))
    assert (found.light, found.half_days_left, found.stopped) == (Light.DONE, None, False)
    left = answer_deadline(
        ClockFacts(at(MON), Span(20, "workday"), Span(5, "workday"), closed_at=at(TUE)), PLAIN, at(WED)
    )
    assert (left.light, left.half_days_left, left.met) == (Light.DONE, None, None)


@pytest.mark.parametrize(("now", "left"), [(at(MON, 9), 5), (at(TUE, 17), 4), (at(SAT, 9), 1), (at(NEXT_MON, 23), 0)])
def test_days_left_are_counted_as_the_law_counts_without_the_day_itself(now, left):
    assert promised(accepted(MON), now).days_left == left
