"""What is learned of a day gone by: time set aside is no service, an end that nobody saw is none, a window nobody closed."""

from datetime import datetime, time, timedelta

import pytest
from tests.visits.hall import FILLED, Hall

from yichuang.core.clock import SHANGHAI, local_date
from yichuang.visits import figures
from yichuang.visits.commands.calling import call_next
from yichuang.visits.commands.desks import close_desk
from yichuang.visits.commands.serving import finish, park, resume, start
from yichuang.visits.commands.sweep import sweep_halls
from yichuang.visits.models import Desk
from yichuang.visits.naive import _service_times, service_times
from yichuang.visits.queries import hall_load

MINUTE = 60.0


@pytest.fixture
def hall(demo):
    _service_times.cache_clear()
    yield Hall.of(demo)
    _service_times.cache_clear()


def set_aside_for_twenty(hall):
    """Called, two minutes later served for five, set aside for twenty, served for five more."""
    taken = hall.take()
    hall.call()
    hall.later(2)
    start(actor=hall.clerk, at=hall.at)
    hall.later(5)
    park(actor=hall.clerk, at=hall.at)
    hall.later(20)
    resume(actor=hall.clerk, ticket=taken.ticket, at=hall.at)
    hall.later(5)
    finish(actor=hall.clerk, outcome=FILLED, at=hall.at)


def test_time_in_which_somebody_was_set_aside_is_no_service(hall):
    hall.open()
    set_aside_for_twenty(hall)
    day = local_date(hall.at)
    (row,) = figures.history(hall.queues["A"], day, day)
    assert row.served == pytest.approx(10 * MINUTE)
    (visitor,) = figures.day_of(hall.place, day).visitors
    assert visitor.busy == pytest.approx(12 * MINUTE)  # from the call
    one = service_times(hall.queues["A"], hall.at + timedelta(hours=1))
    assert one.count == 1
    assert one.mean.total_seconds() == pytest.approx((20 * 8 + 10) / 21 * MINUTE)  # twenty as assumed, one as it was


def test_the_managers_desk_counts_no_time_set_aside_as_busy(hall):
    hall.open()
    since = hall.at
    set_aside_for_twenty(hall)
    now = next(one for one in hall_load(hall.demo.actor("mali"), hall.place, at=hall.at).windows if one.staff)
    assert now.served == 1
    assert now.busy == pytest.approx(100 * 10 * MINUTE / (hall.at - since).total_seconds(), abs=1)


def test_a_service_that_nobody_ended_tells_nothing_of_how_long_it_took(hall):
    hall.open()
    hall.take()
    hall.call()
    start(actor=hall.clerk, at=hall.at)
    day = local_date(hall.at)
    sweep_halls(at=hall.at + timedelta(hours=20))
    (row,) = figures.history(hall.queues["A"], day, day)
    assert (row.served, row.ended_at) == (None, None)
    assert row.waited is not None  # that it was called is known
    assert figures.day_of(hall.place, day).visitors[0].busy is None
    assert service_times(hall.queues["A"], hall.at + timedelta(hours=21)).count == 0


def test_a_window_that_nobody_closed_was_open_until_the_hall_closed(hall):
    hall.open()
    hall.take()
    hall.serve()
    day = local_date(hall.at)
    sweep_halls(at=hall.at + timedelta(hours=20))
    assert Desk.objects.get().closed_at is not None
    (window,) = (one for one in figures.day_of(hall.place, day).windows if one.number == "1")
    assert window.closed_at == datetime.combine(day, time(18), SHANGHAI)


def test_one_that_served_past_the_closing_was_open_until_its_last_call(hall):
    hall.open()
    hall.at = datetime.combine(local_date(hall.at), time(17, 59), SHANGHAI)
    hall.take()
    call_next(actor=hall.clerk, at=hall.at)
    start(actor=hall.clerk, at=hall.at)
    hall.later(25)
    finish(actor=hall.clerk, outcome=FILLED, at=hall.at)
    (window,) = figures.day_of(hall.place, local_date(hall.at)).windows
    assert window.closed_at == hall.at


def test_one_that_was_closed_was_open_until_then(hall):
    hall.open()
    hall.later(30)
    close_desk(actor=hall.clerk, at=hall.at)
    (window,) = figures.day_of(hall.place, local_date(hall.at)).windows
    assert window.closed_at == hall.at
