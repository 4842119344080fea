"""前面几人: how many are before a number is counted by the rule of calling, for priority and appointments too."""

import pytest
from tests.visits.hall import Hall

from yichuang.core.refusals import Refused
from yichuang.visits.commands.calling import call_number
from yichuang.visits.commands.desks import pause_desk, resume_desk
from yichuang.visits.commands.serving import park, resume, start
from yichuang.visits.commands.tickets import step_away
from yichuang.visits.queries import my_ticket


@pytest.fixture
def hall(demo):
    return Hall.of(demo)


def mine(hall, taken):
    return my_ticket(taken.token, at=hall.at)


def test_a_priority_number_is_called_before_those_who_came_earlier_and_is_told_so(hall):
    hall.open()
    others = [hall.take() for _ in range(6)]
    first, second = hall.take(reason="seventy"), hall.take(reason="disabled")
    assert mine(hall, first).ahead == 0
    assert mine(hall, second).ahead == 3  # one of three calls is a priority one
    assert mine(hall, first).most < mine(hall, others[-1]).most
    assert first.most < others[-1].most  # and so it was said when it was taken
    numbers = [hall.serve() for _ in range(4)]
    assert numbers == [first.number, others[0].number, others[1].number, second.number]


def test_who_waits_an_ordinary_turn_sees_the_priority_numbers_that_go_before(hall):
    hall.open()
    taken = hall.take()
    assert mine(hall, taken).ahead == 0
    hall.take(reason="seventy")
    assert mine(hall, taken).ahead == 1
    hall.serve()
    assert mine(hall, taken).ahead == 0


def test_who_stepped_away_is_told_as_if_they_waited(hall):
    hall.open()
    hall.take()
    taken = hall.take()
    hall.take()
    step_away(actor=hall.clerk, ticket=taken.ticket, at=hall.at)
    assert mine(hall, taken).ahead == 1


def test_a_paused_window_calls_no_number_by_choice_and_goes_on_with_nobody(hall):
    hall.open()
    set_aside, waiting = hall.take(), hall.take()
    hall.call()
    start(actor=hall.clerk, at=hall.at)
    park(actor=hall.clerk, at=hall.at)
    pause_desk(actor=hall.clerk, at=hall.at)
    for act, ticket in ((call_number, waiting.ticket), (resume, set_aside.ticket)):
        with pytest.raises(Refused) as refused:
            act(actor=hall.clerk, ticket=ticket, at=hall.at)
        assert [reason.code for reason in refused.value.reasons] == ["DESK_PAUSED"]
    assert (hall.state(waiting), hall.state(set_aside)) == ("WAITING", "PARKED")
    resume_desk(actor=hall.clerk, at=hall.at)
    resume(actor=hall.clerk, ticket=set_aside.ticket, at=hall.at)
    assert hall.state(set_aside) == "SERVING"
