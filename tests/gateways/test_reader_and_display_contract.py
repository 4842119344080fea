"""The contracts of a card reader and of a window display, each asked of its client and of its simulator."""

import json
from collections.abc import Iterator

import pytest

from yichuang.devices.ports import CardReader, Display, MachineFailed
from yichuang.devices.values import Identity
from yichuang.gateways.card_reader import client as reading
from yichuang.gateways.card_reader import simulator as card
from yichuang.gateways.card_reader.client import CardReaderClient, opened, sealed
from yichuang.gateways.card_reader.simulator import Reader, SimulatedReader
from yichuang.gateways.window_display import client as showing
from yichuang.gateways.window_display import simulator as light
from yichuang.gateways.window_display.client import WindowDisplay, frame
from yichuang.gateways.window_display.simulator import Panel, SimulatedDisplay

ZHANG = Identity("张晓", "440303199003070001")


@pytest.fixture
def terminal() -> Reader:
    return Reader(card=ZHANG)


@pytest.fixture(params=["http", "simulator"])
def reader(request, terminal, monkeypatch) -> Iterator[CardReader]:
    if request.param == "simulator":
        yield SimulatedReader(terminal)
        return
    monkeypatch.setattr(reading, "WHOLE", 0.3)
    monkeypatch.setattr(card, "SLOW", 0.6)
    with card.serving(terminal) as address:
        yield CardReaderClient(address, key=terminal.key, secret=terminal.secret)


def test_the_card_that_lies_there_is_read(reader):
    assert reader.read() == ZHANG
    assert reader.parts() == {"reader": ""}


def test_no_card_is_no_card(reader, terminal):
    terminal.card = None
    with pytest.raises(MachineFailed) as failed:
        reader.read()
    assert failed.value.fault == "NO_CARD"


@pytest.mark.parametrize(
    ("fault", "codes"),
    [
        ("unreadable", {"UNREADABLE"}),
        ("busy", {"BUSY"}),
        ("slow", {"NO_ANSWER"}),
        ("forged", {"NOT_PROVED"}),
    ],
)
def test_what_went_wrong_is_told(reader, terminal, fault, codes):
    terminal.faults = {fault}
    with pytest.raises(MachineFailed) as failed:
        reader.read()
    assert failed.value.fault in codes


def test_a_card_crosses_the_network_sealed_for_one_question():
    told = sealed({"name": "张晓", "number": "440303"}, secret="s", nonce="n1")
    assert "440303" not in told
    assert opened(told, secret="s", nonce="n1")["name"] == "张晓"
    for secret, nonce in (("s", "n2"), ("other", "n1")):
        with pytest.raises(ValueError, match="not sealed"):
            opened(told, secret=secret, nonce=nonce)


def test_a_reader_answers_nobody_who_does_not_prove_it(terminal):
    with card.serving(terminal) as address:
        with pytest.raises(MachineFailed) as failed:
            CardReaderClient(address, key=terminal.key, secret="another").read()
        assert failed.value.fault == "NOT_PROVED"
    assert terminal.reads == 0


def test_an_answer_that_is_no_card_is_refused(terminal, monkeypatch):
    monkeypatch.setattr(card, "sealed", lambda *a, **b: json.dumps("nothing"))
    with card.serving(terminal) as address, pytest.raises(MachineFailed):
        CardReaderClient(address, key=terminal.key, secret=terminal.secret).read()


# ── the display ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def panel() -> Panel:
    return Panel()


@pytest.fixture(params=["socket", "simulator"])
def display(request, panel, monkeypatch) -> Iterator[Display]:
    if request.param == "simulator":
        yield SimulatedDisplay(panel)
        return
    monkeypatch.setattr(showing, "ANSWER", 0.3)
    monkeypatch.setattr(light, "SLOW", 0.6)
    with light.serving(panel) as address:
        yield WindowDisplay(address)


def test_a_display_shows_the_lines_until_others_come(display, panel):
    display.show(["3 号窗口", "请 A012 号"])
    assert panel.shown == ["3 号窗口", "请 A012 号"]
    display.show(["暂停服务"])
    assert panel.shown == ["暂停服务"]


def test_a_line_is_cut_to_what_fits_and_commands_nothing(display, panel):
    display.show(["一" * 40, "A\x03\x02B𠮷"])
    assert panel.shown == ["一" * 16, "AB"]


@pytest.mark.parametrize("fault", ["offline", "slow", "busy"])
def test_a_display_that_cannot_says_so(display, panel, fault):
    panel.faults = {fault}
    with pytest.raises(MachineFailed):
        display.show(["A012"])


@pytest.mark.parametrize(("fault", "code"), [("module", "MODULE"), ("hot", "HOT")])
def test_a_display_says_how_it_is(display, panel, fault, code):
    assert display.parts() == {"display": ""}
    panel.faults = {fault}
    assert display.parts() == {"display": code}


def test_a_broken_frame_changes_nothing(panel):
    panel.answer(frame(["A012"]))
    broken = bytearray(frame(["B001"]))
    broken[2] ^= 1
    assert panel.answer(bytes(broken)) == b"\x15"
    assert panel.shown == ["A012"]
