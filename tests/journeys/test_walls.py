"""The board on the wall: it says each call once, keeps the last truth without a network, and catches up."""

import wave
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from tests.demo import TUESDAY, Demo
from tests.journeys.people import DESK, Hall, Visitor

from yichuang.visits.commands.calling import call_next, recall
from yichuang.visits.commands.desks import close_desk, open_desk
from yichuang.visits.commands.serving import finish, start
from yichuang.visits.commands.tickets import take_ticket
from yichuang.visits.models import Desk, Queue, Ticket
from yichuang.visits.values import Source
from yichuang.web.wall import views
from yichuang.web.wall.speech import PARTS

HEARD = """
if (!window.heard) {  // the window may have been somebody's before, who listened too
  window.heard = [];
  const play = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (at) { window.heard.push([at, this.buffer.duration]); return play.call(this, at); };
}
"""


ON_THE_BOARD = """number => new Promise(done => {
  const since = performance.now(), there = () => document.querySelector(`[data-number='${number}']`);
  new MutationObserver((_, watch) => { if (there()) { watch.disconnect(); done(performance.now() - since); } })
    .observe(document.body, {childList: true, subtree: true, attributes: true});
  if (there()) done(0);
  window.dispatchEvent(new Event("online"));
})"""
READ_FROM_AFAR = 48  # px at 1920: a 200th of six metres on a screen of 1.2 m


@pytest.fixture
def voice(tmp_path: Path, settings: object) -> Iterator[None]:
    """Sound parts, a tenth of a second each."""
    for name in PARTS:
        with wave.open(str(tmp_path / f"{name}.wav"), "wb") as sound:
            sound.setparams((1, 2, 8000, 0, "NONE", ""))
            sound.writeframes(bytes(1600))
    settings.YICHUANG_VOICE = tmp_path  # type: ignore[attr-defined]  # pytest-django's settings
    views._has_voice.cache_clear()
    yield
    views._has_voice.cache_clear()


@pytest.fixture
def board(hall: Hall, voice: None) -> Iterator[Visitor]:
    found = hall.visitor()
    found.page.set_viewport_size({"width": 1920, "height": 1080})
    found.page.add_init_script(HEARD)
    found.go("/wall/LH/")
    yield found
    lina = Demo().actor("lina")
    if Ticket.objects.filter(desk__staff=lina.id, desk__closed_at=None, state="CALLED").exists():
        serve()
    close_desk(actor=lina, at=TUESDAY)
    found.page.context.set_offline(False)
    found.page.set_viewport_size(DESK)


def call() -> str:
    """Somebody takes a number, and 李娜 calls whoever is next."""
    lina = Demo().actor("lina")
    if not Desk.objects.filter(staff=lina.id, closed_at=None).exists():
        open_desk(actor=lina, place=lina.place, window="1", at=TUESDAY)
    queue = Queue.objects.get(place=lina.place, letter="A").id
    take_ticket(actor=lina, place=lina.place, source=Source.GUIDE, queue=queue, key=uuid4().hex, at=TUESDAY)
    called = call_next(actor=lina, at=TUESDAY)
    assert called is not None
    return called.number


def serve() -> None:
    lina = Demo().actor("lina")
    start(actor=lina, at=TUESDAY)
    finish(actor=lina, outcome="consulted", at=TUESDAY)


def sounds(board: Visitor, count: int) -> list[list[float]]:
    board.page.wait_for_function(f"() => window.heard.length >= {count}")
    found: list[list[float]] = board.page.evaluate("window.heard")
    assert len(found) == count
    return found


def news(board: Visitor) -> None:
    """As when the hall's news come: here runs no process that sends them."""
    board.page.evaluate("window.dispatchEvent(new Event('online'))")


def test_each_call_is_said_once_a_repeated_one_again_and_never_two_at_a_time(board: Visitor) -> None:
    lina = Demo().actor("lina")
    call()
    board.reload()
    button = board.page.locator("[data-sound]")
    button.wait_for()  # browsers want one press before they make a sound
    button.click()
    button.wait_for(state="hidden")
    news(board)
    recall(actor=lina, at=TUESDAY + timedelta(seconds=5))
    news(board)
    sounds(board, 8)
    serve()
    second = call()
    news(board)
    board.page.locator(f"[data-number='{second}'].rises").wait_for()
    news(board)
    found = sounds(board, 16)
    ends = [at + long for at, long in found]
    assert all(at >= end for (at, _), end in zip(found[1:], ends[:-1], strict=True))
    serve()


def test_without_a_network_the_last_truth_stays_under_a_mark(board: Visitor) -> None:
    number = call()
    news(board)
    board.page.locator(f"[data-number='{number}']").wait_for()
    board.page.context.set_offline(True)
    board.page.locator("[data-stale]").wait_for()
    serve()
    later = call()
    assert board.page.locator(f"[data-number='{number}']").is_visible()
    board.shot("wall-without-network")
    board.page.context.set_offline(False)
    board.page.locator(f"[data-number='{later}']").wait_for()
    board.page.locator("[data-stale]").wait_for(state="hidden")
    assert board.page.locator(f"[data-number='{number}']").count() == 0
    serve()


def test_a_call_is_on_the_board_within_a_second_of_its_news(board: Visitor) -> None:
    """The browser's part and the page's, from the news to the changed picture; `bench events` measures how long news take."""
    took = []
    for _ in range(5):
        took.append(board.page.evaluate(ON_THE_BOARD, call()))
        serve()
    assert max(took) < 1000, took


def test_called_numbers_and_windows_are_large_enough_for_six_metres(board: Visitor) -> None:
    call()
    take_ticket(
        actor=Demo().actor("lina"), place=Demo().actor("lina").place, source=Source.GUIDE,
        queue=Queue.objects.get(place=Demo().actor("lina").place, letter="A").id, key=uuid4().hex, at=TUESDAY,
    )  # fmt: skip
    walls = {"": ".wall-calls .wall-number", "waiting/": ".wall-lines .wall-number", "1/": ".plate-number, h1 .num"}
    for wall, numbers in walls.items():
        board.go(f"/wall/LH/{wall}")
        shown = board.page.locator(numbers)
        shown.first.wait_for()
        sizes = shown.evaluate_all("all => all.map(one => parseFloat(getComputedStyle(one).fontSize))")
        assert min(sizes) >= READ_FROM_AFAR, (wall, sizes)
