"""Who keeps machines. `check_can_x` raises, `can_x` asks the same."""

from uuid import UUID

from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W

KEEPS = (roles.SYSTEM_ADMIN, roles.DEVICE_KEEPER)
SEES = (*KEEPS, roles.HALL_MANAGER)
_FORBIDDEN = W(
    "只有设备运维员和系统管理员可以管理这里的设备", "Only device keepers and system administrators keep these machines"
)


def can_keep_devices(actor: Actor, place: UUID) -> bool:
    """Who names, enrols and revokes the machines of a place."""
    return actor.kind == "system" or (actor.is_staff and any(actor.has(role, place=place) for role in KEEPS))


def check_can_keep_devices(actor: Actor, place: UUID) -> None:
    """Refused (forbidden) unless `can_keep_devices`."""
    if not can_keep_devices(actor, place):
        raise Refused(Reason("NOT_ALLOWED", _FORBIDDEN), kind="forbidden")


def can_see_devices(actor: Actor, place: UUID) -> bool:
    """Who sees how the machines of a place are: who keeps them, and the manager of the hall."""
    return actor.kind == "system" or (actor.is_staff and any(actor.has(role, place=place) for role in SEES))


def is_device_of(actor: Actor, place: UUID) -> bool:
    """Whether the actor is a machine that stands at the place."""
    return actor.kind == "device" and actor.id is not None and actor.place == place
