"""The end of a hall's day: nothing stays open for ever, and tomorrow begins with A001."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.visits.hall import Hall

from yichuang.core.clock import fixed, local_date
from yichuang.visits.commands.desks import open_desk
from yichuang.visits.commands.serving import start
from yichuang.visits.commands.sweep import KEPT
from yichuang.visits.jobs import sweep
from yichuang.visits.models import Desk, Ticket


@pytest.fixture
def hall(demo):
    return Hall.of(demo)


def states():
    return dict(Ticket.objects.order_by("number").values_list("number", "state"))


def test_a_number_that_passed_is_kept_for_half_an_hour(hall):
    hall.take()
    hall.open()
    hall.miss()
    with fixed(hall.at + KEPT):
        sweep()
    assert states() == {"A001": "PASSED"}
    with fixed(hall.at + KEPT + timedelta(minutes=1)):
        sweep()
    assert states() == {"A001": "LEFT"}


def test_at_midnight_the_end_of_the_day_waits_for_who_ends_a_service_at_that_moment(hall):
    """A clerk who ends yesterday's service locks today; so does the sweep, which then sees that it has ended."""
    hall.take()
    hall.open()
    hall.call()
    hall.at += timedelta(days=1)
    with fixed(hall.at), CaptureQueriesContext(connection) as asked:
        sweep()
    locked = [one["sql"] for one in asked.captured_queries if "FOR UPDATE" in one["sql"] and "hallday" in one["sql"]]
    days = [local_date(hall.at), local_date(hall.at) - timedelta(days=1)]
    assert [str(day) in sql for day, sql in zip(days, locked, strict=True)] == [True, True]


def test_the_next_day_begins_anew(hall):
    for _ in range(3):
        hall.take()
    hall.open()
    hall.call()
    start(actor=hall.clerk, at=hall.at)
    hall.at += timedelta(days=1)
    with fixed(hall.at):
        sweep()
        sweep()
    assert states() == {"A001": "DONE", "A002": "LEFT", "A003": "LEFT"}
    assert not Desk.objects.filter(closed_at=None).exists()
    assert hall.take().number == "A001"
    assert open_desk(actor=hall.clerk, place=hall.place, window="1", at=hall.at)
