"""The contract of a ticket printer, asked of the client over a socket and of the simulator itself with the same questions."""

from collections.abc import Iterator

import pytest

from yichuang.core.breaker import Breaker
from yichuang.devices.ports import MachineFailed, OutcomeUnknown, TicketPrinter
from yichuang.devices.values import Code2D, Text
from yichuang.gateways.escpos import client, simulator
from yichuang.gateways.escpos.client import EscPosPrinter
from yichuang.gateways.escpos.driver import printer_at
from yichuang.gateways.escpos.simulator import Printer, SimulatedPrinter, serving, slips_of
from yichuang.gateways.escpos.stream import DOTS, in_letters, to_bytes

SLIP = (
    Text("演示区政务服务中心", bold=True, align="middle"),
    Text("A012", size=4, bold=True, align="middle"),
    Text("请留意屏幕和广播。"),
    Code2D("http://127.0.0.1:8000/t/abc"),
)


@pytest.fixture
def machine() -> Printer:
    return Printer()


@pytest.fixture(params=["socket", "simulator"])
def printer(request, machine, monkeypatch) -> Iterator[TicketPrinter]:
    if request.param == "simulator":
        yield SimulatedPrinter(machine)
        return
    monkeypatch.setattr(client, "WHOLE", 0.6)
    monkeypatch.setattr(client, "ANSWER", 0.3)
    monkeypatch.setattr(simulator, "SLOW", 1.0)
    with serving(machine) as address:
        yield EscPosPrinter(address)


def test_a_slip_comes_out_whole_with_its_code_and_is_cut(printer, machine):
    printer.print(SLIP)
    [paper] = machine.printed
    assert paper.lines == ["演示区政务服务中心", "A012", "请留意屏幕和广播。"]
    assert paper.sizes == [1, 4, 1]
    assert paper.codes == ["http://127.0.0.1:8000/t/abc"]


def test_two_slips_are_two_papers(printer, machine):
    printer.print(SLIP)
    printer.print(SLIP)
    assert len(machine.printed) == 2


def test_a_well_printer_says_so(printer):
    assert set(printer.parts().values()) == {""}


def test_paper_that_ends_soon_is_told_and_still_printed_on(printer, machine):
    machine.faults = {"paper-low"}
    assert printer.parts()["paper"] == "PAPER_LOW"
    printer.print(SLIP)
    assert len(machine.printed) == 1


@pytest.mark.parametrize(("fault", "code"), [("paper-out", "PAPER_OUT"), ("cover-open", "COVER_OPEN"), ("jam", "JAM")])
def test_what_is_in_the_way_is_told_before_anything_is_sent(printer, machine, fault, code):
    machine.faults = {fault}
    with pytest.raises(MachineFailed) as failed:
        printer.print(SLIP)
    assert (type(failed.value), failed.value.fault) == (MachineFailed, code)
    assert machine.printed == []
    assert code in printer.parts().values()


@pytest.mark.parametrize("fault", ["offline", "garbage"])
def test_who_does_not_answer_has_printed_nothing(printer, machine, fault):
    machine.faults = {fault}
    with pytest.raises(MachineFailed) as failed:
        printer.print(SLIP)
    assert not isinstance(failed.value, OutcomeUnknown)
    assert machine.printed == []


@pytest.mark.parametrize(("fault", "code"), [("slow", "NO_ANSWER"), ("mute", "NO_ANSWER"), ("runs-out", "PAPER_OUT")])
def test_silence_after_sending_leaves_open_whether_it_came_out(printer, machine, fault, code):
    machine.faults = {fault}
    with pytest.raises(OutcomeUnknown) as unknown:
        printer.print(SLIP)
    assert unknown.value.fault == code


def test_a_printer_that_is_mended_prints_again(printer, machine):
    machine.faults = {"paper-out"}
    with pytest.raises(MachineFailed):
        printer.print(SLIP)
    machine.faults = set()
    printer.print(SLIP)
    assert len(machine.printed) == 1


# ── what only the stream knows ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["李娜", "买买提·阿卜杜热西提", "ABC-012 号"])
def test_what_printers_have_letters_for_is_sent_as_letters(name):
    [paper] = slips_of(to_bytes((Text(name),)))
    assert (paper.lines, paper.pictures) == ([name], [])


@pytest.mark.parametrize("name", ["𠮷田", "张㛃", "ئۇيغۇر", "王\U0003106c"])
def test_a_rare_letter_makes_the_line_a_picture(name):
    assert in_letters(name) is None
    [paper] = slips_of(to_bytes((Text(name, size=2),)))
    [(across, down, dots)] = paper.pictures
    assert paper.lines == []
    assert 0 < across * 8 <= DOTS
    assert 0.02 < sum(byte.bit_count() for byte in dots) / (across * 8 * down) < 0.6  # ink, and not only ink


def test_two_rare_letters_are_two_pictures():
    dots = [slips_of(to_bytes((Text(name),)))[0].pictures[0][2] for name in ("𠮷", "𡈼")]
    assert dots[0] != dots[1]


def test_a_long_line_of_rare_letters_fits_the_paper():
    [paper] = slips_of(to_bytes((Text("𠮷" * 60, size=4),)))
    assert paper.pictures[0][0] * 8 <= DOTS


def test_words_cannot_command_the_printer():
    [paper] = slips_of(to_bytes((Text("A\x1bp\x00\x10\x14王\n强"),)))
    assert paper.lines == ["Ap王强"]


def test_a_stream_that_no_printer_understands_is_refused():
    with pytest.raises(ValueError, match="unknown command"):
        slips_of(b"\x1b@\x1d\x99")


def test_nobody_there_is_not_waited_for_after_three_times():
    seconds, gone = [0.0], "127.0.0.1:9"
    ours = EscPosPrinter(gone, breaker=Breaker(clock=lambda: seconds[0]))
    for _ in range(3):
        with pytest.raises(MachineFailed):
            ours.print(SLIP)
    assert not ours._breaker.closed()
    seconds[0] = 3.1
    assert ours._breaker.closed()


@pytest.mark.parametrize("address", ["8.8.8.8:9100", "printer.local:9100", "127.0.0.1", "127.0.0.1:0"])
def test_no_connection_is_opened_out_of_the_networks_of_machines(address, monkeypatch):
    monkeypatch.setattr(client.socket, "create_connection", lambda *a, **b: pytest.fail("it was opened"))
    with pytest.raises(MachineFailed) as failed:
        printer_at(address=address, key="1", secret="")
    assert failed.value.fault == "NOT_CONFIGURED"


def test_there_is_no_simulator_outside_the_demo(settings):
    settings.YICHUANG_DEMO = False
    with pytest.raises(MachineFailed):
        printer_at(address="simulator", key="1", secret="")
