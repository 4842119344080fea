"""The queue of a hall by programs: a step that is sent again, its answer lost, never touches who came afterwards."""

from typing import Any

import pytest
from tests.visits.hall import Hall
from tests.web.api.test_api import Caller

from yichuang.visits.models import Ticket


@pytest.fixture
def hall(demo: Any) -> Hall:
    return Hall.of(demo)


def states(*tickets: Any) -> list[str]:
    return [Ticket.objects.get(id=one.ticket).state.lower() for one in tickets]


def test_a_step_that_is_sent_again_does_not_end_the_next_ones_service(client: Any, demo: Any, hall: Hall) -> None:
    first, second = hall.take(), hall.take()
    lina = Caller(client, demo, "lina")
    assert lina.post("halls/LH/desk/open", {"window": "1"}).status_code == 200
    lina.at = hall.at
    called = lina.post("desk/next", **{"Idempotency-Key": "call-1"}).json()
    lina.post("desk/steps/start")
    done = {"outcome": "consulted"}
    assert lina.post("desk/finish", done, **{"Idempotency-Key": "finish-1"}).status_code == 200
    lina.post("desk/next", **{"Idempotency-Key": "call-2"})
    lina.post("desk/steps/start")
    assert lina.post("desk/finish", done, **{"Idempotency-Key": "finish-1"}).json() == {"done": True}
    assert lina.post("desk/next", **{"Idempotency-Key": "call-1"}).json() == called
    assert states(first, second) == ["done", "serving"]
    assert lina.post("desk/finish", {"outcome": "filed"}, **{"Idempotency-Key": "finish-1"}).status_code == 422
    assert lina.post("desk/finish", done, **{"Idempotency-Key": "finish-2"}).status_code == 200
    assert states(first, second) == ["done", "done"]


def test_a_step_that_names_the_number_touches_nobody_else(client: Any, demo: Any, hall: Hall) -> None:
    first, second = hall.take(), hall.take()
    lina = Caller(client, demo, "lina")
    lina.post("halls/LH/desk/open", {"window": "1"})
    lina.at = hall.at
    lina.post("desk/next")
    assert lina.post(f"desk/steps/start?ticket={first.ticket}").status_code == 200
    done = {"outcome": "consulted", "ticket": str(first.ticket)}
    assert lina.post("desk/finish", done).status_code == 200
    lina.post("desk/next")
    assert lina.post("desk/finish", done).status_code == 200  # the same press once more: it stays so
    assert lina.post(f"desk/steps/pass?ticket={first.ticket}").status_code == 409
    assert states(first, second) == ["done", "called"]


def test_the_key_of_a_pause_stands_for_why_and_how_long(client: Any, demo: Any, hall: Hall) -> None:
    lina = Caller(client, demo, "lina")
    lina.post("halls/LH/desk/open", {"window": "1"})
    lina.at = hall.at
    key = {"Idempotency-Key": "pause-1"}
    for _ in "twice":
        assert lina.post("desk/steps/pause?why=meal&minutes=30", **key).status_code == 200
    for other in ("?why=rest&minutes=30", "?why=meal&minutes=60", "?why=meal", ""):
        assert lina.post(f"desk/steps/pause{other}", **key).status_code == 422


def test_a_step_that_was_refused_is_not_kept(client: Any, demo: Any, hall: Hall) -> None:
    lina = Caller(client, demo, "lina")
    key = {"Idempotency-Key": "pass-1"}
    lina.post("halls/LH/desk/open", {"window": "1"})
    assert lina.post("desk/steps/pass", **key).status_code == 409
    ticket = hall.take()
    lina.at = hall.at
    lina.post("desk/next")
    assert lina.post("desk/steps/pass", **key).status_code == 200
    assert states(ticket) == ["passed"]


def test_the_manager_moves_the_open_hall_by_program_and_a_clerk_does_not(client: Any, demo: Any, hall: Hall) -> None:
    first = hall.take()
    mali, zhou = Caller(client, demo, "mali"), demo.actor("zhoujie")
    hall.open()
    hall.call()
    mali.at = hall.at
    seen = mali.get("halls/LH/load").json()
    [window] = [one for one in seen["windows"] if one["staff"]]
    assert (window["number"], window["present"], window["serving"]) == ("1", first.number, False)
    assert zhou.name in {one["name"] for one in seen["free"]}
    for _ in "twice":
        assert mali.post("halls/LH/windows/1/hand-over", {"staff": str(zhou.id)}).status_code == 200
        assert mali.post("halls/LH/windows/1/steps/pause").status_code == 200
    only = {"queues": [str(hall.queues["B"])]}
    assert mali.post("halls/LH/windows/1/queues", only).status_code == 200
    assert mali.post("halls/LH/items/yangquan-dengji/queue", {"queue": str(hall.queues["B"])}).status_code == 200
    for _ in "twice":
        assert mali.post("halls/LH/windows/1/steps/close").status_code == 200
    assert states(first) == ["waiting"]
    assert mali.post("halls/LH/windows/1/steps/resume").status_code == 409
    assert mali.post("halls/LH/windows/1/seat", {"staff": str(zhou.id)}).status_code == 200
    assert Caller(client, demo, "lina").get("halls/LH/load").status_code == 404
    assert Caller(client, demo, "lina").post("halls/LH/windows/1/steps/close").status_code == 404
