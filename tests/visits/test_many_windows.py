"""Many windows at once: nobody is called twice, nobody is lost, the order has no gap (real threads, real commits)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from tests.visits.hall import Hall

from yichuang.people.models import Staff
from yichuang.visits.commands.calling import call_next
from yichuang.visits.commands.desks import open_desk
from yichuang.visits.commands.serving import finish, start
from yichuang.visits.models import Call, Ticket

WINDOWS, TICKETS = 5, 40


@pytest.mark.django_db(transaction=True)
def test_windows_that_call_at_once_share_the_numbers_out(demo: Any) -> None:
    hall = Hall.of(demo)
    numbers = {hall.take(reason="seventy" if n % 7 == 0 else "").number for n in range(TICKETS)}
    clerks = colleagues(hall)

    def work(clerk: Any) -> list[str]:
        served, at = [], hall.at
        try:
            while called := call_next(actor=clerk, at=at):
                again = call_next(actor=clerk, at=at)
                assert again is not None
                assert again.number == called.number
                start(actor=clerk, at=at)
                at += timedelta(seconds=1)
                finish(actor=clerk, outcome="filed", at=at)
                served.append(called.number)
        finally:
            connection.close()
        return served

    with ThreadPoolExecutor(WINDOWS) as pool:
        served = list(pool.map(work, clerks))
    every = [number for one in served for number in one]
    assert len(every) == len(set(every)) == TICKETS
    assert set(every) == numbers
    assert set(Ticket.objects.values_list("state", flat=True).order_by("id")) == {"DONE"}
    order = list(Call.objects.order_by("seq").values_list("seq", flat=True))
    assert order == list(range(1, 3 * TICKETS + 1))


def colleagues(hall: Hall) -> list[Any]:
    """A clerk at each of the first windows: the first one is 李娜, the others are like her."""
    others = Staff.objects.exclude(id=hall.clerk.id).order_by("staff_no")[: WINDOWS - 1]
    clerks = [hall.clerk, *(replace(hall.clerk, id=staff.id, name=staff.name) for staff in others)]
    for number, clerk in enumerate(clerks, 1):
        open_desk(actor=clerk, place=hall.place, window=str(number), at=hall.at)
    return clerks
