"""Model-based: a hall and its centre under arbitrary cuts, returns, repeats and overtaking. Nobody is called on both sides, no
number is given twice, every act is entered once or shown; only whoever takes a day back by force can bring about a conflict."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.visits.two_sides import TwoSides, at_node

from yichuang.cases.models import Encounter
from yichuang.core.clock import local_date
from yichuang.core.refusals import Refused
from yichuang.visits import figures, keeping
from yichuang.visits.commands import node
from yichuang.visits.commands.calling import pass_over, recall
from yichuang.visits.commands.desks import close_desk, pause_desk, resume_desk
from yichuang.visits.commands.serving import finish, park, resume, start, transfer
from yichuang.visits.commands.tickets import leave, return_after_pass
from yichuang.visits.models import Call, NodeAct, NodeConflict, Ticket
from yichuang.visits.values.node import Lent

pytestmark = pytest.mark.django_db
CLERKS = ("lina", "zhoujie")
IN_THE_HALL = [
    "take",
    "take",
    "take",
    "open",
    "close",
    "pause",
    "resume_desk",
    "call",
    "call",
    "call",
    "start",
    "start",
    "finish",
    "finish",
    "pass",
    "recall",
    "park",
    "resume",
    "transfer",
    "return",
    "leave",
]
ON_THE_LINE = [
    "send",
    "send",
    "deliver",
    "deliver",
    "deliver",
    "confirm",
    "confirm",
    "ask",
    "accept",
    "accept",
    "ask_back",
]


class World:
    """Both sides and the line between them; each step is tried, and may be refused."""

    def __init__(self, two: TwoSides) -> None:
        self.two, self.hall = two, two.hall
        self.loans: list[Lent] = []
        self.given: Counter[str] = Counter()
        self.forced = False

    def step(self, side: str, act: str, who: int, pick: int) -> None:
        with self.side(side), transaction.atomic():
            self.hall.later(0.2)
            try:
                with transaction.atomic():
                    getattr(self, f"do_{act}")(self.hall.demo.actor(CLERKS[who]), pick)
            except Refused:
                pass

    @contextmanager
    def side(self, side: str) -> Iterator[None]:
        with at_node() if side == "hall" else nullcontext():
            yield

    def ticket(self, pick: int, state: str) -> Any:
        rows = list(Ticket.objects.filter(state=state).order_by("id").values_list("id", flat=True))
        return rows[pick % len(rows)] if rows else None

    def on_ticket(self, pick: int, state: str, do: Callable[[Any], object]) -> None:
        ticket = self.ticket(pick, state)
        if ticket is not None:
            do(ticket)

    def do_take(self, actor: Any, pick: int) -> None:
        taken = self.hall.take("AB"[pick % 2])
        self.given[taken.number] += 1

    def do_open(self, actor: Any, pick: int) -> None:
        self.hall.open(actor, str(pick % 2 + 1))

    def do_close(self, actor: Any, pick: int) -> None:
        close_desk(actor=actor, at=self.hall.at)

    def do_pause(self, actor: Any, pick: int) -> None:
        pause_desk(actor=actor, at=self.hall.at)

    def do_resume_desk(self, actor: Any, pick: int) -> None:
        resume_desk(actor=actor, at=self.hall.at)

    def do_call(self, actor: Any, pick: int) -> None:
        self.hall.call(actor)

    def do_start(self, actor: Any, pick: int) -> None:
        start(actor=actor, at=self.hall.at)

    def do_finish(self, actor: Any, pick: int) -> None:
        finish(actor=actor, outcome="filed", at=self.hall.at)

    def do_pass(self, actor: Any, pick: int) -> None:
        pass_over(actor=actor, at=self.hall.at)

    def do_recall(self, actor: Any, pick: int) -> None:
        recall(actor=actor, at=self.hall.at)

    def do_park(self, actor: Any, pick: int) -> None:
        park(actor=actor, at=self.hall.at)

    def do_resume(self, actor: Any, pick: int) -> None:
        self.on_ticket(pick, "PARKED", lambda one: resume(actor=actor, ticket=one, at=self.hall.at))

    def do_transfer(self, actor: Any, pick: int) -> None:
        queue = self.hall.queues["AB"[pick % 2]]
        self.on_ticket(pick, "SERVING", lambda one: transfer(actor=actor, ticket=one, queue=queue, at=self.hall.at))

    def do_return(self, actor: Any, pick: int) -> None:
        self.on_ticket(pick, "PASSED", lambda one: return_after_pass(actor=actor, ticket=one, at=self.hall.at))

    def do_leave(self, actor: Any, pick: int) -> None:
        self.on_ticket(pick, "WAITING", lambda one: leave(actor=actor, ticket=one, at=self.hall.at))

    def line(self, act: str, pick: int) -> None:
        """Something on the line: parcels and answers are lost by never being chosen, repeated by being chosen again."""
        two = self.two
        self.hall.later(0.1)
        if act == "send":
            two.send(limit=pick % 7 + 1)
        elif act == "deliver" and two.wire:
            two.deliver(two.wire[pick % len(two.wire)])
        elif act == "confirm" and two.answers:
            two.confirm(two.answers[pick % len(two.answers)])
        elif act == "ask":
            self.loans.append(node.lend_days(node=two.actor, left={}, at=self.hall.at))
        elif act == "accept" and self.loans:
            with at_node():
                node.accept_loan(lent=self.loans[pick % len(self.loans)], place=self.hall.place, at=self.hall.at)
        elif act in {"ask_back", "force"}:
            self.take_back(forced=act == "force")

    def take_back(self, *, forced: bool) -> None:
        told = {"actor": self.hall.demo.actor("mali"), "place": self.hall.place, "at": self.hall.at}
        try:
            with transaction.atomic():
                if forced:
                    node.take_back(day=local_date(self.hall.at), switched_off=True, **told)
                    self.forced = True
                else:
                    node.ask_back(day=local_date(self.hall.at), **told)
        except Refused:
            pass

    def check_live(self) -> None:
        """At every moment: no number was given twice; nobody stands at windows of both sides, unless by force."""
        assert not [number for number, n in self.given.items() if n > 1]
        if self.forced:
            return
        with at_node():
            there = steps()
        here = steps()
        for ticket in set(there) & set(here):  # one is always the beginning of the other: nobody went two ways
            short, long = sorted((here[ticket], there[ticket]), key=len)
            assert long[: len(short)] == short

    def check_end(self) -> None:
        """When all has arrived: each act once, what both sides moved is shown, numbers and services count once."""
        for _ in range(3):
            self.two.sync()
        with at_node():
            made, numbers = NodeAct.objects.count(), set(Ticket.objects.values_list("id", "number"))
            moved_there = steps()
        assert NodeAct.objects.count() == made
        shown = set(NodeConflict.objects.values_list("subject", flat=True))
        if not self.forced:
            assert not shown
        here = set(Ticket.objects.values_list("id", "number"))
        assert {ticket for ticket in numbers if ticket not in here} <= {one for one in numbers if one[0] in shown}
        moved_here = steps()
        for ticket, moves in moved_there.items():
            assert ticket in shown or moved_here[ticket][: len(moves)] == moves
        tickets = [row.encounter_id for row in Ticket.objects.all().order_by("id") if row.encounter_id]
        assert len(tickets) == len(set(tickets)) <= Encounter.objects.count()
        today = local_date(self.hall.at)
        counted = sum(len(figures.history(queue, today, today)) for queue in self.hall.queues.values())
        assert counted == len(here) == len(set(here))


def steps() -> dict[Any, list[tuple[str, str]]]:
    found: dict[Any, list[tuple[str, str]]] = {}
    for ticket, move, window in Call.objects.order_by("seq").values_list("ticket", "move", "window"):
        found.setdefault(ticket, []).append((move, window))
    return found


def steps_of(line: list[str], side: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    act = st.tuples(side, st.sampled_from(IN_THE_HALL), st.integers(0, 1), st.integers(0, 9))
    news = st.tuples(st.just("line"), st.sampled_from(line), st.just(0), st.integers(0, 9))
    return st.lists(st.one_of(act, act, news), min_size=15, max_size=60)


def play(two: TwoSides, steps: Any) -> None:
    at = two.hall.at
    world = World(two)
    for side, act, who, pick in steps:
        if side == "line":
            world.line(act, pick)
        else:
            world.step(side, act, who, pick)
        world.check_live()
    world.check_end()
    two.hall.at = at


@contextmanager
def afresh(two: TwoSides) -> Iterator[TwoSides]:
    """Each example finds both sides as they were, with a loan accepted."""
    before = two.hall.at, list(two.wire), list(two.answers)
    with transaction.atomic():
        two.lend()
        yield two
        transaction.set_rollback(True)
    two.hall.at, two.wire[:], two.answers[:] = before


EITHER = st.sampled_from(["hall", "hall", "hall", "centre"])
FEW = settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def two(demo):
    return TwoSides.of(demo)


@FEW
@given(steps=steps_of(ON_THE_LINE, EITHER))
def test_without_force_nobody_is_called_on_both_sides(two, steps):
    with afresh(two):
        play(two, steps)


@FEW
@given(steps=steps_of([*ON_THE_LINE, "force"], EITHER))
def test_with_force_what_both_sides_moved_is_shown_and_nothing_counts_twice(two, steps):
    with afresh(two):
        play(two, steps)


@pytest.mark.long
@MANY
@given(steps=steps_of(ON_THE_LINE, EITHER))
def test_without_force_over_many_days(two, steps):
    with afresh(two):
        play(two, steps)


@pytest.mark.long
@MANY
@given(steps=steps_of([*ON_THE_LINE, "force", "force"], st.sampled_from(["hall", "centre"])))
def test_with_force_over_many_days(two, steps):
    with afresh(two):
        play(two, steps)


def test_the_model_sees_it_when_both_sides_act(two, monkeypatch):
    """The control: without the question who keeps the day, the same number is called on both sides."""
    monkeypatch.setattr(keeping, "check_keeps", lambda day: None)
    two.lend()
    world = World(two)
    world.step("hall", "take", 0, 0)
    two.sync()
    for side in ("hall", "centre"):
        world.step(side, "open", 0, side == "centre")
        world.step(side, "call", 0, 0)
        world.step(side, "start" if side == "hall" else "pass", 0, 0)
    with pytest.raises(AssertionError):
        world.check_live()
