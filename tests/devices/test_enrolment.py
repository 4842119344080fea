"""Machines of a hall: named, let in by a code once, known by a token, shut out at once; and what they print is printed once."""

from datetime import timedelta
from uuid import uuid4

import pytest

from yichuang.core import ledger
from yichuang.core.actors import SYSTEM
from yichuang.core.refusals import Conflict, NotFound, Refused
from yichuang.devices.commands import (
    add_device,
    beat,
    enrol,
    look_after,
    new_code,
    print_slip,
    read_card,
    revoke_device,
)
from yichuang.devices.models import Device, SlipJob
from yichuang.devices.queries import actor_for_device, count_devices, get_device, list_devices
from yichuang.devices.values import Health, Printing, Text
from yichuang.gateways.escpos import simulator
from yichuang.network.queries import get_place

SLIP = (Text("A001", size=4),)


@pytest.fixture
def hall(demo):
    return get_place("LH").id


@pytest.fixture
def keeper(demo):
    return demo.actor("dengjie")


@pytest.fixture
def kiosk(demo, hall, keeper):
    """An enrolled kiosk as it acts."""
    code = add_device(actor=keeper, place=hall, kind="kiosk", name="1 号取号机", at=demo.at)
    return actor_for_device(enrol(code=code.code, at=demo.at).bearer)


def codes(refused) -> set[str]:
    return {reason.code for reason in refused.value.reasons}


def test_a_code_lets_one_machine_in_once(demo, hall, keeper):
    code = add_device(actor=keeper, place=hall, kind="kiosk", name="1 号取号机", at=demo.at)
    assert get_device(keeper, code.device, at=demo.at).health is Health.NEW
    enrolled = enrol(code=code.code.lower().replace("-", " "), at=demo.at)
    assert (enrolled.device, enrolled.place) == (code.device, hall)
    with pytest.raises(Refused) as refused:
        enrol(code=code.code, at=demo.at)
    assert codes(refused) == {"CODE_UNKNOWN"}
    actor = actor_for_device(enrolled.bearer)
    assert (actor.kind, actor.id, actor.place) == ("device", code.device, hall)
    assert not actor.grants
    kept = Device.objects.get(id=code.device)
    assert enrolled.bearer not in str(kept.__dict__)
    assert code.code.replace("-", "") not in str(kept.__dict__)


def test_a_code_is_too_old_after_a_day(demo, hall, keeper):
    code = add_device(actor=keeper, place=hall, kind="kiosk", name="机", at=demo.at)
    with pytest.raises(Refused):
        enrol(code=code.code, at=demo.at + timedelta(hours=24))


def test_a_replaced_machine_opens_nothing_with_its_old_token(demo, hall, keeper):
    code = add_device(actor=keeper, place=hall, kind="kiosk", name="机", at=demo.at)
    old = enrol(code=code.code, at=demo.at).bearer
    newer = new_code(actor=keeper, device=code.device, at=demo.at)
    assert actor_for_device(old) is not None
    assert actor_for_device(enrol(code=newer.code, at=demo.at).bearer) is not None
    assert actor_for_device(old) is None


def test_a_revoked_machine_is_shut_out_at_once_and_stays_in_the_books(demo, hall, keeper):
    code = add_device(actor=keeper, place=hall, kind="kiosk", name="机", at=demo.at)
    bearer = enrol(code=code.code, at=demo.at).bearer
    for _ in range(2):
        revoke_device(actor=keeper, device=code.device, at=demo.at)
    assert actor_for_device(bearer) is None
    assert get_device(keeper, code.device, at=demo.at).health is Health.REVOKED
    with pytest.raises(Conflict):
        new_code(actor=keeper, device=code.device, at=demo.at)
    acts = [entry.act for entry in ledger.list_entries(ledger.Subject("device", code.device))]
    assert acts == ["device_named", "device_enrolled", "device_revoked"]


def test_no_two_machines_of_a_place_bear_one_name(demo, hall, keeper, kiosk):
    given = {"actor": keeper, "kind": "board", "at": demo.at}
    with pytest.raises(Refused) as refused:
        add_device(place=hall, name=" 1  号取号机", window="999", **given)
    assert codes(refused) == {"NAME_TAKEN", "WINDOW_UNKNOWN"}
    add_device(actor=SYSTEM, place=get_place("LH-S01").id, name="1 号取号机", kind="board", at=demo.at)  # elsewhere
    revoke_device(actor=keeper, device=kiosk.id, at=demo.at)
    add_device(place=hall, name="1 号取号机", **given)  # what is revoked has no name any more


def test_all_faults_of_a_machine_are_told_at_once(demo, hall, keeper, kiosk):
    more = {"actor": keeper, "place": hall, "at": demo.at}
    with pytest.raises(Refused) as refused:
        add_device(kind="oven", name=" ", window="999", kiosk=uuid4(), **more)
    assert codes(refused) == {"KIND_UNKNOWN", "NAME_MISSING", "WINDOW_UNKNOWN", "KIOSK_UNKNOWN"}
    for kind, address, code in (
        ("printer", "", "ADDRESS_MISSING"),
        ("printer", "8.8.8.8:9100", "ADDRESS_WRONG"),
        ("reader", "localhost:80", "ADDRESS_WRONG"),
        ("kiosk", "127.0.0.1:1", "ADDRESS_UNWANTED"),
    ):
        with pytest.raises(Refused) as refused:
            add_device(kind=kind, name="机", address=address, **more)
        assert codes(refused) == {code}
    with pytest.raises(Refused):
        add_device(kind="display", name="屏", address="simulator", kiosk=kiosk.id, **more)


@pytest.mark.parametrize("who", ["lina", "zhaomin", "zhangxiao", "huanghai", "anning"])
def test_nobody_else_names_a_machine_or_sees_one(demo, hall, who, kiosk):
    actor = demo.actor(who)
    with pytest.raises(Refused) as refused:
        add_device(actor=actor, place=hall, kind="kiosk", name="机", at=demo.at)
    assert refused.value.kind == "forbidden"
    for forbidden in (
        lambda: list_devices(actor, hall, at=demo.at),
        lambda: get_device(actor, kiosk.id, at=demo.at),
        lambda: revoke_device(actor=actor, device=kiosk.id, at=demo.at),
        lambda: new_code(actor=actor, device=kiosk.id, at=demo.at),
    ):
        with pytest.raises(NotFound):
            forbidden()
    assert count_devices(actor, [hall], at=demo.at) == {}


def test_the_manager_of_the_hall_sees_and_keeps_nothing(demo, hall, kiosk):
    mali = demo.actor("mali")
    assert kiosk.id in {row.id for row in list_devices(mali, hall, at=demo.at)}
    with pytest.raises(NotFound):
        revoke_device(actor=mali, device=kiosk.id, at=demo.at)


def test_a_machine_that_says_nothing_for_three_minutes_is_silent(demo, hall, keeper, kiosk):
    beat(actor=kiosk, parts={"screen": ""}, at=demo.at)
    assert get_device(keeper, kiosk.id, at=demo.at + timedelta(minutes=3)).health is Health.FINE
    assert get_device(keeper, kiosk.id, at=demo.at + timedelta(minutes=3, seconds=1)).health is Health.SILENT
    beat(actor=kiosk, parts={"screen": "HOT"}, at=demo.at)
    assert get_device(keeper, kiosk.id, at=demo.at).health is Health.FAULT
    with pytest.raises(Refused):
        beat(actor=SYSTEM, parts={}, at=demo.at)


def test_a_machine_with_an_address_is_asked(demo, hall, keeper):
    for address, health in (
        ("simulator", Health.FINE),
        ("simulator:paper-out", Health.FAULT),
        ("simulator:offline", Health.SILENT),
    ):
        code = add_device(
            actor=keeper, place=hall, kind="printer", name=f"打印机 {address}", address=address, at=demo.at
        )
        look_after(device=code.device, at=demo.at)
        assert get_device(keeper, code.device, at=demo.at).health is health


# ── slips ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def printer(demo, hall, keeper, kiosk):
    """A printer at the kiosk; what it printed."""
    code = add_device(
        actor=keeper, place=hall, kind="printer", name="小票机", kiosk=kiosk.id, address="simulator", at=demo.at
    )
    return Device.objects.get(id=code.device)


def printed(printer) -> int:
    return len(simulator._known[str(printer.id)].printed)


def test_a_slip_is_printed_once_for_its_key(demo, kiosk, printer):
    given = {"actor": kiosk, "key": "ticket:1", "slip": SLIP, "at": demo.at}
    assert [print_slip(**given).state for _ in range(3)] == [Printing.DONE] * 3
    assert printed(printer) == 1
    print_slip(**given | {"key": "ticket:2"})
    assert printed(printer) == 2


def test_a_slip_that_surely_did_not_come_out_may_be_printed_later(demo, kiosk, printer):
    given = {"actor": kiosk, "key": "ticket:1", "slip": SLIP, "at": demo.at}
    Device.objects.filter(id=printer.id).update(address="simulator:paper-out")
    assert print_slip(**given) == print_slip(**given)
    assert (print_slip(**given).state, print_slip(**given).fault) == (Printing.FAILED, "PAPER_OUT")
    Device.objects.filter(id=printer.id).update(address="simulator")
    assert print_slip(**given).state is Printing.DONE
    assert printed(printer) == 1


@pytest.mark.parametrize("fault", ["mute", "runs-out"])
def test_a_slip_that_may_have_come_out_is_never_printed_again(demo, kiosk, printer, fault):
    given = {"actor": kiosk, "key": "ticket:1", "slip": SLIP, "at": demo.at}
    Device.objects.filter(id=printer.id).update(address=f"simulator:{fault}")
    assert print_slip(**given).state is Printing.UNKNOWN
    Device.objects.filter(id=printer.id).update(address="simulator")
    assert print_slip(**given).state is Printing.UNKNOWN
    assert printed(printer) == 1


def test_a_program_that_died_while_printing_leaves_it_open(demo, kiosk, printer):
    SlipJob.objects.create(device_id=printer.id, key="ticket:1", at=demo.at)
    assert print_slip(actor=kiosk, key="ticket:1", slip=SLIP, at=demo.at).state is Printing.UNKNOWN


def test_a_kiosk_without_printer_says_so_and_nobody_else_prints(demo, kiosk, keeper):
    found = print_slip(actor=kiosk, key="ticket:1", slip=SLIP, at=demo.at)
    assert (found.state, found.fault) == (Printing.FAILED, "NOT_CONFIGURED")
    with pytest.raises(NotFound):
        print_slip(actor=keeper, key="ticket:2", slip=SLIP, at=demo.at)


def test_a_driver_of_another_maker_is_named_in_the_settings(demo, kiosk, printer, settings):
    settings.YICHUANG_DEVICE_DRIVERS = {}
    found = print_slip(actor=kiosk, key="ticket:1", slip=SLIP, at=demo.at)
    assert (found.state, found.fault) == (Printing.FAILED, "NOT_CONFIGURED")


# ── cards ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("address", "code", "kind"),
    [
        ("simulator", "NO_CARD", "invalid"),
        ("simulator:unreadable", "UNREADABLE", "invalid"),
        ("simulator:offline", "READER_DOWN", "unavailable"),
    ],
)
def test_a_card_that_is_not_read_is_told_in_words(demo, hall, keeper, kiosk, address, code, kind):
    add_device(actor=keeper, place=hall, kind="reader", name="读卡器", kiosk=kiosk.id, address=address, at=demo.at)
    with pytest.raises(Refused) as refused:
        read_card(actor=kiosk)
    assert (codes(refused), refused.value.kind) == ({code}, kind)


def test_the_card_of_who_stands_there_is_read_and_kept_nowhere(demo, hall, keeper, kiosk):
    with pytest.raises(Refused) as refused:
        read_card(actor=kiosk)
    assert codes(refused) == {"READER_DOWN"}
    more = {"place": hall, "kind": "reader", "name": "读卡器", "kiosk": kiosk.id, "address": "simulator:zhangxiao"}
    code = add_device(actor=keeper, at=demo.at, **more)
    assert read_card(actor=kiosk).name == "张晓"
    assert "张晓" not in str(Device.objects.get(id=code.device).__dict__)
    with pytest.raises(NotFound):
        read_card(actor=demo.actor("lina"))
