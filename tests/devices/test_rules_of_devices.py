"""How a machine is, what an address may be, who keeps machines: without a database."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from yichuang.core import roles
from yichuang.core.actors import SYSTEM, Actor, Grant
from yichuang.core.refusals import Refused
from yichuang.devices.permissions import can_keep_devices, can_see_devices, check_can_keep_devices, is_device_of
from yichuang.devices.rules import (
    CODE_LENGTH,
    CODE_LIVES,
    LETTERS,
    SILENT_AFTER,
    belongs_to_a_kiosk,
    device_faults,
    health,
    host_and_port,
    may_speak_to,
    normal_code,
)
from yichuang.devices.values import DeviceKind, Health

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
HERE, THERE = UUID(int=1), UUID(int=2)
NETWORKS = ("127.0.0.0/8", "10.20.0.0/16", "fd00::/8")


@pytest.mark.parametrize(
    ("told", "is_now"),
    [
        ({"revoked": True}, Health.REVOKED),
        ({"enrolled": False}, Health.NEW),
        ({"enrolled": False, "revoked": True}, Health.REVOKED),
        ({"seen_at": None}, Health.SILENT),
        ({"seen_at": AT - SILENT_AFTER}, Health.FINE),
        ({"seen_at": AT - SILENT_AFTER - timedelta(seconds=1)}, Health.SILENT),
        ({"parts": {"paper": "PAPER_LOW"}}, Health.FINE),
        ({"parts": {"paper": "", "cover": "COVER_OPEN"}}, Health.FAULT),
        ({}, Health.FINE),
    ],
)
def test_how_a_machine_is(told, is_now):
    given = {"enrolled": True, "revoked": False, "seen_at": AT, "parts": {}, **told}
    assert health(**given, at=AT) is is_now


def test_the_numbers_that_people_rely_on():
    assert (timedelta(minutes=3), timedelta(hours=24)) == (SILENT_AFTER, CODE_LIVES)
    assert len(LETTERS) ** CODE_LENGTH > 2**49
    assert not set("01IO") & set(LETTERS)


def test_a_code_is_the_same_however_it_is_typed():
    assert normal_code(" abcde-FGH jk ") == "ABCDEFGHJK"


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("10.20.1.2:9100", ("10.20.1.2", 9100)),
        ("[fd00::1]:80", ("fd00::1", 80)),
        ("127.0.0.1:65535", ("127.0.0.1", 65535)),
        ("127.0.0.1:1", ("127.0.0.1", 1)),
        ("127.0.0.1:65536", None),
        ("127.0.0.1:0", None),
        ("999.0.0.1:80", None),
        ("printer:9100", None),
        ("10.20.1.2", None),
        ("10.20.1.2:9100/x", None),
    ],
)
def test_an_address_is_an_ip_and_a_port(address, found):
    assert host_and_port(address) == found


@pytest.mark.parametrize(
    ("address", "demo", "may"),
    [
        ("10.20.255.1:9100", False, True),
        ("10.21.0.1:9100", False, False),
        ("[fd00::1]:9100", False, True),
        ("nonsense", False, False),
        ("simulator", True, True),
        ("simulator:paper-out", True, True),
        ("simulator", False, False),
        ("simulator:PAPER", True, False),
    ],
)
def test_only_networks_of_machines_are_spoken_to(address, demo, may):
    assert may_speak_to(address, networks=NETWORKS, demo=demo) is may


def faults(kind: str, name: str = "机", address: str = "") -> list[tuple[str, str | None]]:
    return [(one.code, one.field) for one in device_faults(kind, name, address, networks=NETWORKS, demo=False)]


def test_what_is_wrong_with_a_machine_is_told_whole():
    assert faults("oven", "") == [("KIND_UNKNOWN", "/kind"), ("NAME_MISSING", "/name")]
    assert faults("kiosk", "机" * 40) == []
    assert faults("kiosk", "机" * 41) == [("NAME_MISSING", "/name")]
    assert faults("printer") == [("ADDRESS_MISSING", "/address")]
    assert faults("printer", address="8.8.8.8:1") == [("ADDRESS_WRONG", "/address")]
    assert faults("printer", address="10.20.0.1:1") == []
    assert faults("board", address="10.20.0.1:1") == [("ADDRESS_UNWANTED", "/address")]
    assert faults("oven", address="10.20.0.1:1") == [("KIND_UNKNOWN", "/kind"), ("ADDRESS_UNWANTED", "/address")]


def test_printers_and_readers_stand_at_kiosks():
    assert {kind for kind in DeviceKind if belongs_to_a_kiosk(kind)} == {DeviceKind.PRINTER, DeviceKind.READER}


# ── who keeps them ────────────────────────────────────────────────────────────────────────────────────────────────


def staff(role: str, place: UUID | None = HERE) -> Actor:
    return Actor("staff", id=UUID(int=9), grants=frozenset({Grant(role, place=place)}))


@pytest.mark.parametrize("role", sorted(roles.ALL))
def test_what_each_role_may_at_its_own_place_and_at_no_other(role):
    keeps = role in {roles.SYSTEM_ADMIN, roles.DEVICE_KEEPER}
    assert can_keep_devices(staff(role), HERE) is keeps
    assert can_see_devices(staff(role), HERE) is (keeps or role == roles.HALL_MANAGER)
    assert not can_see_devices(staff(role), THERE)
    assert not can_keep_devices(staff(role), THERE)


@pytest.mark.parametrize("kind", ["person", "anonymous", "link", "client", "device"])
def test_nobody_who_is_no_staff_keeps_machines(kind):
    grants = frozenset({Grant(roles.SYSTEM_ADMIN), Grant(roles.DEVICE_KEEPER), Grant(roles.HALL_MANAGER)})
    other = Actor(kind, grants=grants)
    assert not can_keep_devices(other, HERE)
    assert not can_see_devices(other, HERE)
    assert can_keep_devices(SYSTEM, HERE)
    assert can_see_devices(SYSTEM, HERE)


def test_the_refusal_says_why():
    check_can_keep_devices(staff(roles.DEVICE_KEEPER), HERE)
    with pytest.raises(Refused) as refused:
        check_can_keep_devices(staff(roles.HALL_MANAGER), HERE)
    assert (refused.value.kind, refused.value.reasons[0].code) == ("forbidden", "NOT_ALLOWED")


def test_a_machine_is_of_the_place_where_it_stands():
    kiosk = Actor("device", id=UUID(int=5), place=HERE)
    assert is_device_of(kiosk, HERE)
    assert not is_device_of(kiosk, THERE)
    assert not is_device_of(Actor("staff", id=UUID(int=5), place=HERE), HERE)
    assert not is_device_of(Actor("device", place=HERE), HERE)
