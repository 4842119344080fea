"""What is so of machines, without asking anything: how one is, what an address may be, what a code looks like."""

import ipaddress
import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from yichuang.core.refusals import Reason
from yichuang.core.words import W
from yichuang.devices.values import AT_A_KIOSK, SPOKEN_TO, DeviceKind, Health

SILENT_AFTER = timedelta(minutes=3)  # a machine speaks every minute
CODE_LIVES = timedelta(hours=24)
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that looks like another
CODE_LENGTH = 10
LONGEST_NAME = 40
SIMULATOR = re.compile(r"simulator(:[a-z-]{1,30})?")
_HOST = re.compile(r"(?P<host>\[[0-9a-fA-F:]+\]|[0-9.]+):(?P<port>\d{1,5})")
NO_KIND = W("请选择设备种类", "Choose the kind of the machine")
NO_NAME = W("请填写设备名称，最多 40 个字", "Name the machine, at most 40 characters")
NO_ADDRESS = W("请填写设备地址，如 10.1.2.3:9100", "Give the machine's address, such as 10.1.2.3:9100")
WRONG_ADDRESS = W(
    "地址写作 IP:端口，而且在允许的设备网段内；演示系统用 simulator",
    "Write the address as IP:port, in a network of machines that is allowed; the demo takes simulator",
)
NOT_WANTED = W("这种设备不需要地址", "This kind of machine has no address")


def health(
    *, enrolled: bool, revoked: bool, seen_at: datetime | None, parts: Mapping[str, str], at: datetime
) -> Health:
    """How a machine is now. `parts`: name → fault, "" for none; one that ends in _LOW is no fault yet."""
    if revoked:
        return Health.REVOKED
    if not enrolled:
        return Health.NEW
    if seen_at is None or at - seen_at > SILENT_AFTER:
        return Health.SILENT
    return Health.FAULT if any(fault and not fault.endswith("_LOW") for fault in parts.values()) else Health.FINE


def normal_code(typed: str) -> str:
    """An enrolment code as it is kept, however it was typed."""
    return re.sub(r"[\s-]", "", typed).upper()


def device_faults(kind: str, name: str, address: str, *, networks: Collection[str], demo: bool) -> list[Reason]:
    """Everything that is wrong with what an administrator entered."""
    found = []
    if kind not in set(DeviceKind):
        found.append(Reason("KIND_UNKNOWN", NO_KIND, "/kind"))
    if not 0 < len(name) <= LONGEST_NAME:
        found.append(Reason("NAME_MISSING", NO_NAME, "/name"))
    if kind in SPOKEN_TO and not address:
        found.append(Reason("ADDRESS_MISSING", NO_ADDRESS, "/address"))
    elif kind in SPOKEN_TO and not may_speak_to(address, networks=networks, demo=demo):
        found.append(Reason("ADDRESS_WRONG", WRONG_ADDRESS, "/address"))
    elif kind not in SPOKEN_TO and address:
        found.append(Reason("ADDRESS_UNWANTED", NOT_WANTED, "/address"))
    return found


def may_speak_to(address: str, *, networks: Collection[str], demo: bool) -> bool:
    """Whether the programs may open a connection there: an IP address of the operator's networks, never a name."""
    if SIMULATOR.fullmatch(address):
        return demo
    found = host_and_port(address)
    if found is None:
        return False
    host = ipaddress.ip_address(found[0])
    return any(host in ipaddress.ip_network(network) for network in networks)


def host_and_port(address: str) -> tuple[str, int] | None:
    """An address in its two parts; None when it is none."""
    match = _HOST.fullmatch(address)
    if match is None:
        return None
    host, port = match["host"].strip("[]"), int(match["port"])
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return None
    return (host, port) if 0 < port < 65536 else None


def belongs_to_a_kiosk(kind: DeviceKind) -> bool:
    """Whether a machine of this kind may stand at a kiosk."""
    return kind in AT_A_KIOSK
