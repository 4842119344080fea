"""Fairness of calling: the order, the cap of priority, appointments in turn, nobody starved; by example and by property."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from yichuang.visits.rules.calling import BOOKED_IN_ROW, OTHERS_BETWEEN, OVERDUE, called, choose, order_of_calls
from yichuang.visits.values import Choice, Head, Line, LineMemory, Rule, TicketClass

P, B, R = TicketClass.PRIORITY, TicketClass.BOOKED, TicketClass.ORDINARY
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
AIM = timedelta(minutes=15)


def ticket(n: int) -> UUID:
    return UUID(int=n)


def line(
    queue: int = 1, *, since: int = 9, row: int = 0, booked_since: int = 0, aim: timedelta = AIM, **waits: float
) -> Line:
    """A queue; `waits`: minutes that the head of each class has waited."""
    heads = {
        TicketClass(name): Head(ticket(queue * 10 + n), NOON - timedelta(minutes=waited))
        for n, (name, waited) in enumerate(waits.items())
    }
    return Line(ticket(queue), aim, heads, LineMemory(since, row, booked_since))


def next_of(one: Line, at: datetime) -> TicketClass | None:
    """The class that is called from one queue alone."""
    found = choose([one], at)
    return found.of if found else None


def test_who_waits_longest_is_next_and_the_rule_says_so() -> None:
    one = choose([line(ordinary=5)], NOON)
    assert one is not None
    assert one.rule is Rule.ORDER
    several = choose([line(1, ordinary=5), line(2, ordinary=9)], NOON)
    assert several is not None
    assert (several.queue, several.rule) == (ticket(2), Rule.LONGEST_WAIT)


def test_a_wait_counts_by_the_aim_of_its_queue() -> None:
    """Nine minutes where ten are meant are later than fifteen where thirty are."""
    lines = [line(1, ordinary=9, aim=timedelta(minutes=10)), line(2, ordinary=15, aim=timedelta(minutes=30))]
    found = choose(lines, NOON)
    assert found is not None
    assert found.queue == ticket(1)


def test_priority_goes_first_but_not_again_before_two_others() -> None:
    assert next_of(line(priority=1, ordinary=30), NOON) is P
    assert next_of(line(priority=1, ordinary=30, since=0), NOON) is R
    assert next_of(line(priority=1, ordinary=30, since=1), NOON) is R
    assert next_of(line(priority=1, ordinary=30, since=2), NOON) is P
    assert next_of(line(priority=1, since=0), NOON) is P  # nobody else waits


def test_somebody_with_priority_goes_before_the_order_of_other_queues_and_the_rule_says_so() -> None:
    for lines in ([line(1, ordinary=60), line(2, priority=1)], [line(1, priority=1), line(2, ordinary=60)]):
        found = choose(lines, NOON)
        assert found is not None
        assert (found.of, found.rule) == (P, Rule.PRIORITY)
    both = choose([line(1, priority=3), line(2, priority=9)], NOON)
    assert both is not None
    assert both.queue == ticket(2), "of two the one who waits longer"


def test_a_queue_remembers_whom_it_called() -> None:
    before = line(since=1, row=1, ordinary=5)
    assert called([before], R) == {before.queue: LineMemory(2, 0, 1)}
    assert called([before], B) == {before.queue: LineMemory(2, 2, 0)}
    assert called([before], P) == {before.queue: LineMemory(0, 1, 1)}, (
        "a priority call between two appointments ends no row of theirs"
    )


def test_an_appointment_waits_for_its_time_and_goes_first_then() -> None:
    assert next_of(line(booked=-5, ordinary=1), NOON) is R
    assert next_of(line(booked=-5), NOON) is None
    assert next_of(line(booked=0, ordinary=40), NOON) is B
    assert next_of(line(booked=0, ordinary=40, row=2), NOON) is R
    assert next_of(line(booked=0, row=2), NOON) is B


def test_an_empty_hall_has_no_next() -> None:
    assert choose([], NOON) is None
    assert choose([Line(ticket(1), AIM, {}, LineMemory(0))], NOON) is None


def test_a_queue_of_priority_beside_others_has_one_of_three_calls_of_the_window() -> None:
    """The green window (绿色通道) serves its own queue and the general one: people of the general one are called too."""
    green, general = line(1, priority=2), line(2, ordinary=30)
    calls = []
    for _ in range(7):
        found = choose([green, general], NOON)
        assert found is not None
        calls.append((found.queue.int, found.rule))
        memory = called([green, general], found.of)
        green, general = (replace(one, memory=memory[one.queue]) for one in (green, general))
    first, others = (1, Rule.PRIORITY), (2, Rule.TURN)
    assert calls == [first, others, others, first, others, others, first]
    assert next_of(replace(green, memory=LineMemory(0)), NOON) is P  # at a window of its own nobody else waits


def test_appointments_of_one_queue_do_not_starve_another() -> None:
    booked, general = line(1, booked=2, row=2), line(2, ordinary=1, row=2)
    found = choose([booked, general], NOON)
    assert found is not None
    assert (found.of, found.rule) == (R, Rule.TURN)
    found = choose([booked, replace(general, memory=LineMemory(booked_in_row=1))], NOON)
    assert found is not None
    assert found.of is B


def test_of_several_priority_heads_the_latest_for_its_aim_is_next() -> None:
    found = choose([line(1, priority=4), line(2, priority=3, aim=timedelta(minutes=5)), line(3, ordinary=60)], NOON)
    assert found is not None
    assert (found.queue, found.rule) == (ticket(2), Rule.PRIORITY)


@dataclass
class Played:
    """Several windows, each with some of the queues, call until nobody waits; what each call passed by."""

    serves: list[list[int]]
    waiting: dict[int, dict[TicketClass, list[Head]]] = field(
        default_factory=lambda: {n: {P: [], B: [], R: []} for n in (1, 2, 3)}
    )
    memory: dict[int, LineMemory] = field(default_factory=lambda: dict.fromkeys((1, 2, 3), LineMemory()))
    at: datetime = NOON
    calls: list[tuple[int, Choice]] = field(default_factory=list)  # window and call
    others: list[frozenset[int]] = field(default_factory=list)  # queues in which others than priority waited then
    overdue: list[bool] = field(default_factory=list)  # priority calls that no cap held back
    heads: list[frozenset[UUID]] = field(default_factory=list)  # ordinary heads that the window could have called

    def lines(self, window: int) -> list[Line]:
        return [
            Line(
                ticket(n), timedelta(minutes=10 * n), {of: heads[0] for of, heads in self.waiting[n].items() if heads},
                self.memory[n],
            )
            for n in self.serves[window]
        ]  # fmt: skip

    def call(self, window: int) -> None:
        lines = self.lines(window)
        choice = choose(lines, self.at)
        if choice is None:
            assert not any(one.heads for one in lines)
            return
        self.others.append(frozenset(n for n, of in self.waiting.items() if of[B] or of[R]))
        self.overdue.append(choice.of is P and self.memory[choice.queue.int].since_priority >= OVERDUE)
        self.heads.append(frozenset(one.heads[R].ticket for one in lines if R in one.heads))
        self.calls.append((window, choice))
        self.memory |= {queue.int: memory for queue, memory in called(lines, choice.of).items()}
        assert self.waiting[choice.queue.int][choice.of].pop(0).ticket == choice.ticket

    def left(self) -> bool:
        return any(heads for one in self.waiting.values() for heads in one.values())

    def seen_by(self, queue: int) -> list[tuple[TicketClass, bool]]:
        """The calls of the windows that serve this queue: the class, and whether the cap held for others of it then."""
        return [
            (choice.of, queue in others and not overdue)
            for (window, choice), others, overdue in zip(self.calls, self.others, self.overdue, strict=True)
            if queue in self.serves[window]
        ]


ARRIVALS = st.lists(st.tuples(st.sampled_from([P, B, R]), st.integers(1, 3)), min_size=1, max_size=60)
MIXES = st.lists(st.lists(st.integers(1, 3), min_size=1, max_size=3, unique=True), min_size=0, max_size=3)


@settings(max_examples=300, deadline=None)
@given(ARRIVALS, MIXES, st.integers(0, 20), st.randoms(use_true_random=False))
def test_over_any_mix_of_queues_and_windows_nobody_is_lost_starved_or_passed_by_more_than_the_cap(
    arrivals: list[tuple[TicketClass, int]], mixes: list[list[int]], burst: int, by: Random
) -> None:
    day = Played([*mixes, [1, 2, 3]])  # one window serves them all, so that nobody waits for none
    left = list(enumerate(arrivals))
    while left or day.left():
        day.at += timedelta(minutes=1)
        for n, (of, queue) in left[: burst + 1]:
            day.waiting[queue][of].append(Head(ticket(100 + n), day.at))
        left = left[burst + 1 :]
        day.call(by.randrange(len(day.serves)))
    everybody = sorted((ticket(100 + n) for n in range(len(arrivals))), key=str)
    assert sorted((choice.ticket for _, choice in day.calls), key=str) == everybody
    for queue in (1, 2, 3):
        seen = day.seen_by(queue)
        for n in range(len(seen) - OTHERS_BETWEEN):
            three = seen[n : n + OTHERS_BETWEEN + 1]
            assert not all(others for _, others in three) or [of for of, _ in three].count(P) <= 1
    starved = Counter[int]()  # calls in a row of the window that serves all, each past an ordinary ticket
    for (window, choice), heads in zip(day.calls, day.heads, strict=True):
        if window == len(day.serves) - 1 and not mixes:
            starved[window] = starved[window] + 1 if heads and choice.of is not R else 0
            assert starved[window] <= BOOKED_IN_ROW + 2  # two appointments, a priority call before and behind


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 30), st.lists(st.sampled_from([1, 2]), min_size=1, max_size=30))
def test_a_head_is_passed_by_a_bounded_number_of_calls_however_many_of_another_class_come(
    many: int, coming: list[int]
) -> None:
    """Priority without end in one queue and appointments without end in another: the ordinary ones of a third go on."""
    day = Played([[1, 2, 3]])
    for n in range(many):
        day.waiting[3][R].append(Head(ticket(1000 + n), NOON))
    passed = 0
    while day.waiting[3][R]:
        day.at += timedelta(minutes=1)
        for n, queue in enumerate(coming):
            day.waiting[queue][P if queue == 1 else B].append(Head(ticket(10_000 + len(day.calls) * 100 + n), day.at))
        day.call(0)
        passed = passed + 1 if day.calls[-1][1].of is not R else 0
        assert passed <= BOOKED_IN_ROW + 2


def test_windows_that_share_a_queue_do_not_take_every_turn_of_priority_from_another() -> None:
    """The first window serves 1 and 2, the others 2 and 3, where priority has no end; they press before it each time."""
    day = Played([[1, 2], [2, 3], [2, 3]])
    first = Head(ticket(1), NOON)
    day.waiting[1][P].append(first)
    for n in range(100):
        day.waiting[1][R].append(Head(ticket(1000 + n), NOON))
        day.waiting[2][R].append(Head(ticket(2000 + n), NOON))
        day.waiting[3][P].append(Head(ticket(3000 + n), NOON))
    for _ in range(OVERDUE):
        for window in (1, 2, 0):
            day.call(window)
    assert first.ticket in [choice.ticket for _, choice in day.calls]


def test_an_overdue_priority_number_goes_before_those_of_other_queues() -> None:
    lines = [line(1, priority=1, since=OVERDUE), line(2, priority=30, ordinary=60, since=0)]
    found = choose(lines, NOON)
    assert found is not None
    assert (found.queue, found.rule) == (ticket(1), Rule.PRIORITY)
    assert next_of(line(1, ordinary=1, since=OVERDUE), NOON) is R
    almost = choose([replace(lines[0], memory=LineMemory(OVERDUE - 1)), lines[1]], NOON)
    assert almost is not None
    assert almost.of is R


def test_windows_that_share_a_queue_do_not_take_every_turn_of_appointments_from_another() -> None:
    """The first window serves 1 and 2, the others 2 and 3, where appointments have no end; they press before it each time."""
    day = Played([[1, 2], [2, 3], [2, 3]])
    first = Head(ticket(1), NOON)
    day.waiting[1][B].append(first)
    for n in range(100):
        day.waiting[2][R].append(Head(ticket(2000 + n), NOON))
        day.waiting[3][B].append(Head(ticket(3000 + n), NOON))
    for _ in range(OVERDUE + 1):
        for window in (1, 2, 0):
            day.call(window)
    assert first.ticket in [choice.ticket for _, choice in day.calls]


def test_an_overdue_appointment_goes_before_those_of_other_queues_but_behind_priority() -> None:
    lines = [line(1, booked=1, booked_since=OVERDUE), line(2, booked=30, ordinary=60, row=2)]
    found = choose(lines, NOON)
    assert found is not None
    assert (found.queue, found.rule) == (ticket(1), Rule.BOOKED)
    almost = choose([replace(lines[0], memory=LineMemory(since_booked=OVERDUE - 1)), lines[1]], NOON)
    assert almost is not None
    assert almost.of is R
    assert next_of(line(booked=-5, ordinary=1, booked_since=OVERDUE), NOON) is R, "before its time it is nobody's turn"
    both = choose([lines[0], line(3, priority=1)], NOON)
    assert both is not None
    assert both.of is P


def waits(*classes: TicketClass, first: int = 0) -> list[tuple[TicketClass, Head]]:
    """Numbers that came a minute after one another, by class."""
    return [(of, Head(ticket(first + n), NOON - timedelta(minutes=len(classes) - n))) for n, of in enumerate(classes)]


def test_in_a_queue_of_one_class_the_order_of_calls_is_that_of_coming() -> None:
    assert order_of_calls(waits(R, R, R), AIM, LineMemory(), NOON) == [ticket(0), ticket(1), ticket(2)]
    assert order_of_calls([], AIM, LineMemory(), NOON) == []


def test_the_order_of_calls_lets_priority_and_appointments_go_first_within_their_caps() -> None:
    found = order_of_calls(waits(R, R, R, P, P, B), AIM, LineMemory(9, 0, 0), NOON)
    assert found == [ticket(n) for n in (3, 5, 0, 4, 1, 2)]  # one of three is a priority number
    after_priority = order_of_calls(waits(R, R, R, P), AIM, LineMemory(0, 0, 0), NOON)
    assert after_priority == [ticket(n) for n in (0, 1, 3, 2)]


def test_an_appointment_that_is_early_counts_as_if_its_time_had_come() -> None:
    early = (B, Head(ticket(7), NOON + timedelta(minutes=10)))
    assert order_of_calls([*waits(R, R), early], AIM, LineMemory(), NOON) == [ticket(7), ticket(0), ticket(1)]


@given(st.lists(st.sampled_from([P, B, R]), max_size=30), st.integers(0, 12), st.integers(0, 2), st.integers(0, 12))
@settings(max_examples=100, deadline=None)
def test_the_order_of_calls_is_what_calling_one_after_the_other_gives(
    classes: list[TicketClass], since: int, row: int, booked: int
) -> None:
    waiting, memory = waits(*classes), LineMemory(since, row, booked)
    left, called_ones = list(waiting), []
    while left:
        heads: dict[TicketClass, Head] = {}
        for of, head in left:
            heads.setdefault(of, head)
        one = Line(ticket(999), AIM, heads, memory)
        choice = choose([one], NOON)
        assert choice is not None
        memory = called([one], choice.of)[one.queue]
        called_ones.append(choice.ticket)
        left = [(of, head) for of, head in left if head.ticket != choice.ticket]
    assert order_of_calls(waiting, AIM, LineMemory(since, row, booked), NOON) == called_ones
