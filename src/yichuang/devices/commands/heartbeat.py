"""心跳: browsers say themselves how they are; what has an address is asked."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason, Refused
from yichuang.devices import messages
from yichuang.devices.machines import machine
from yichuang.devices.models import Device
from yichuang.devices.ports import Machine, MachineFailed
from yichuang.devices.values import SPOKEN_TO

MOST_PARTS, LONGEST = 20, 20


def beat(*, actor: Actor, parts: Mapping[str, str], at: datetime) -> None:
    """A machine says that it lives and how its parts are. Refused (forbidden) for whoever is none."""
    if actor.kind != "device" or actor.id is None:
        raise Refused(Reason("NOT_A_DEVICE", messages.NOT_A_DEVICE), kind="forbidden")
    told = {name[:LONGEST]: fault[:LONGEST] for name, fault in list(parts.items())[:MOST_PARTS]}
    Device.objects.filter(id=actor.id, revoked_at=None).update(seen_at=at, parts=told)


def look_after(*, device: UUID, at: datetime) -> None:
    """Ask a machine with an address how it is. One that does not answer is silent; what it says of itself is kept."""
    row = Device.objects.filter(id=device, revoked_at=None, kind__in=SPOKEN_TO).first()
    if row is None:
        return
    try:
        asked: Machine = machine(row)
        parts = dict(asked.parts())
    except MachineFailed as failed:
        Device.objects.filter(id=row.id).update(parts={"connection": failed.fault})
        return
    Device.objects.filter(id=row.id).update(seen_at=at, parts=parts)
