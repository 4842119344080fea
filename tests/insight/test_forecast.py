"""A hall tells waits from its own history: learned at night, told by day, measured the next morning."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.insight.months import moved
from tests.visits.hall import Hall

from yichuang.core.clock import local_date
from yichuang.insight.commands.forecast import learn_waits, measure_waits
from yichuang.insight.forecaster import Learned
from yichuang.insight.jobs import learn, measure
from yichuang.insight.models import ForecastDay, WaitModel
from yichuang.insight.queries import hit_rates, learned_at
from yichuang.visits import figures, ports
from yichuang.visits.commands.demo_past import load_demo_past
from yichuang.visits.commands.serving import transfer
from yichuang.visits.commands.tickets import leave, step_away
from yichuang.visits.models import Ticket
from yichuang.visits.queries import my_ticket
from yichuang.visits.values import LineSeen, PastTicket, Told


@pytest.fixture
def hall(demo: Any) -> Hall:
    return Hall.of(demo)


@pytest.fixture(autouse=True)
def forecaster() -> Iterator[None]:
    """A forecaster that remembers nothing of other tests."""
    before = ports.forecaster()
    ports.register_forecaster(Learned(ports.Naive()))
    yield
    ports.register_forecaster(before)


def past(hall: Hall) -> list[PastTicket]:
    """The made-up months as the hall's own."""
    return moved(hall.queues["A"], local_date(hall.at))


def test_what_happened_in_the_hall_is_what_is_remembered(hall: Hall) -> None:
    """Taken, called, left, moved to another queue, stepped away: through the commands of every day."""
    hall.open()
    first, second = hall.take(items=["shebao-chaxun"], queue=None), hall.take()
    gone, moved, away = hall.take(), hall.take(), hall.take()
    leave(actor=hall.clerk, ticket=gone.ticket, at=hall.at)
    step_away(actor=hall.clerk, ticket=away.ticket, at=hall.at)
    transfer(actor=hall.clerk, ticket=moved.ticket, queue=hall.queues["B"], at=hall.at)
    hall.later(3)
    for _ in range(3):
        hall.serve()
    day = local_date(hall.at)
    rows = [*figures.history(hall.queues["A"], day, day), *figures.history(hall.queues["B"], day, day)]
    by = {row.at: row for row in rows}
    at = {taken.ticket: Ticket.objects.get(id=taken.ticket) for taken in (first, second, gone, moved, away)}
    known = [by[at[one.ticket].taken_at] for one in (second, gone, moved, away)]
    assert [row.waited is not None for row in known] == [True, False, False, False]
    assert known[0].served == pytest.approx(300, abs=1)
    assert (known[0].desks, known[0].taken) == (1, 0)
    assert known[0].told is not None
    assert not known[0].told.learned
    assert len(known[1].ahead) == 1  # who waits in the other queue is not ahead


def test_a_hall_with_a_history_tells_from_it_and_one_without_says_so(hall: Hall) -> None:
    hall.open()
    assert learn_waits(at=hall.at) == 0
    naive = Ticket.objects.get(id=hall.take().ticket)
    assert not naive.said_learned
    load_demo_past(queue=hall.queues["A"], rows=past(hall))
    assert learn_waits(at=hall.at) == 1
    assert set(learned_at([*hall.queues.values()])) == {hall.queues["A"]}
    hall.later(61)  # it is read anew each hour
    taken = hall.take()
    told = Ticket.objects.get(id=taken.ticket)
    assert told.said_learned
    assert told.said_least <= told.said_likely <= told.said_most
    mine = my_ticket(taken.token, at=hall.at)
    assert mine.most is not None
    other = Ticket.objects.get(id=hall.take("B").ticket)
    assert not other.said_learned


def test_learning_again_replaces_and_a_queue_without_history_forgets(hall: Hall) -> None:
    load_demo_past(queue=hall.queues["A"], rows=past(hall))
    learn_waits(at=hall.at)
    learn_waits(at=hall.at)
    assert WaitModel.objects.count() == 1
    learn_waits(at=hall.at + timedelta(days=90))
    assert WaitModel.objects.count() == 0


def test_each_day_is_measured_once_by_what_was_told_and_what_came(hall: Hall) -> None:
    rows = [row for row in past(hall) if row.day >= local_date(hall.at) - timedelta(days=7)]
    told = [replace(row, told=Told(0, 5, 10, n % 2 == 0)) for n, row in enumerate(rows)]
    load_demo_past(queue=hall.queues["A"], rows=told)
    called = [row.waited / 60 for row in rows if row.waited is not None]
    assert measure_waits(at=hall.at) == len(called)
    measure_waits(at=hall.at)
    assert ForecastDay.objects.filter(queue=hall.queues["A"], told__gt=0).count() == len({row.day for row in rows})
    found = hit_rates([hall.queues["A"]], at=hall.at)[hall.queues["A"]]
    assert (found.told, found.sooner) == (len(called), 0)
    assert found.hits == sum(minutes <= 10 for minutes in called)
    assert found.error == pytest.approx(sum(abs(minutes - 5) for minutes in called) / len(called), abs=0.01)
    assert found.percent == round(100 * found.hits / found.told)
    assert 0 < found.learned < found.told


def test_who_was_told_nothing_counts_for_nothing(hall: Hall) -> None:
    hall.take()  # no window is open: nothing is told
    hall.open()
    hall.serve()
    assert measure_waits(at=hall.at + timedelta(days=1)) == 0
    assert hit_rates([*hall.queues.values()], at=hall.at + timedelta(days=1)) == {}


def test_one_statement_however_many_queues_are_asked_for(hall: Hall) -> None:
    seen = [LineSeen(queue, hall.at, 3, 1, 1) for queue in hall.queues.values()]
    learned = Learned(ports.Naive())
    ports.Naive().waits(seen)  # remembers services of the hour
    with CaptureQueriesContext(
        connection,
    ) as first:
        learned.waits(seen * 3)
    with CaptureQueriesContext(connection) as second:
        assert len(learned.waits(seen)) == len(seen)
    assert (len(first), len(second)) == (1, 0)
    assert learned.waits([]) == []


def test_the_jobs_of_the_night_learn_and_measure(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    load_demo_past(queue=hall.queues["A"], rows=past(hall))
    monkeypatch.setattr("yichuang.core.clock.now", lambda: hall.at)
    learn()
    measure()
    assert WaitModel.objects.count() == 1
    assert ForecastDay.objects.filter(day__lt=local_date(hall.at)).exists()
