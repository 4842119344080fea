"""Who may do what with queues and tickets. `check_can_x` raises, `can_x` asks the same."""

from collections.abc import Sequence
from uuid import UUID

from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.devices.permissions import is_device_of
from yichuang.devices.values import DeviceKind
from yichuang.network.permissions import can_keep_place

SERVES = roles.SERVES
GUIDES = (*SERVES, roles.HALL_MANAGER)
_NO_NODE = W("请以本大厅的节点连接", "Only the node of a hall may do this")
_ELSEWHERE = W("这台设备不在这个大厅", "This machine does not stand in this hall")
_FORBIDDEN = W("您不在这个大厅工作", "You do not work in this hall")
_NOT_EDITOR = W("请事项管理员办理", "Ask who edits items")
_NOT_MANAGER = W("请大厅主任办理", "Ask the manager of this hall")


def can_serve(actor: Actor, place: UUID) -> bool:
    """Who calls and serves at a window of the place."""
    return actor.is_staff and any(actor.has(role, place=place) for role in SERVES)


def can_guide(actor: Actor, place: UUID) -> bool:
    """Who gives out numbers at the door (导办) and sees the queues."""
    return actor.is_staff and any(actor.has(role, place=place) for role in GUIDES)


def check_can_serve(actor: Actor, place: UUID) -> None:
    """Refused (forbidden) unless `can_serve`."""
    if not can_serve(actor, place):
        raise Refused(Reason("NOT_OF_THIS_HALL", _FORBIDDEN), kind="forbidden")


def check_can_guide(actor: Actor, place: UUID) -> None:
    """Refused (forbidden) unless `can_guide`."""
    if not can_guide(actor, place):
        raise Refused(Reason("NOT_OF_THIS_HALL", _FORBIDDEN), kind="forbidden")


def check_may_take(actor: Actor, place: UUID) -> None:
    """Refused (forbidden) for staff of elsewhere and for a machine that stands elsewhere; people take their own."""
    if actor.is_staff:
        check_can_guide(actor, place)
    elif actor.kind == "device" and not is_device_of(actor, place):
        raise Refused(Reason("NOT_OF_THIS_HALL", _ELSEWHERE), kind="forbidden")


def can_plan(actor: Actor, place: UUID) -> bool:
    """Who sets a hall's hours, slots and staffing, moves its queues and windows (现场调度), assigns home visits and excuses
    who did not come: its manager."""
    return actor.is_staff and actor.has(roles.HALL_MANAGER, place=place)


def check_can_plan(actor: Actor, place: UUID) -> None:
    """Refused (forbidden) unless `can_plan`."""
    if not can_plan(actor, place):
        raise Refused(Reason("NOT_THE_MANAGER", _NOT_MANAGER), kind="forbidden")


def check_can_set_queues(actor: Actor, place: UUID) -> None:
    """Refused (forbidden) unless the actor sets up the place's windows too: its manager, a system administrator."""
    if not can_keep_place(actor, place):
        raise Refused(Reason("NOT_THE_MANAGER", _NOT_MANAGER), kind="forbidden")


def goes_there(actor: Actor, place: UUID, helper: UUID | None) -> bool:
    """Who was assigned to a home visit (上门办), and still works at its hall: nobody else writes at somebody's home."""
    return can_guide(actor, place) and actor.id is not None and actor.id == helper


def can_ask_qualification(actor: Actor) -> bool:
    """Who says that an item asks for qualified windows (上岗资格): who edits items."""
    return actor.kind == "system" or (actor.is_staff and roles.ITEM_EDITOR in actor.roles)


def check_can_ask_qualification(actor: Actor) -> None:
    """Refused (forbidden) unless `can_ask_qualification`."""
    if not can_ask_qualification(actor):
        raise Refused(Reason("NOT_THE_EDITOR", _NOT_EDITOR), kind="forbidden")


def can_hold(actor: Actor, person: UUID, place: UUID, items: Sequence[str]) -> bool:
    """Who makes, moves, cancels and keeps appointments of a person: the person, who stands for them in these items, and staff
    of the hall, who have them before them. A machine only for whose document it has read (`can_hold_here`)."""
    if actor.is_staff:
        return can_guide(actor, place)
    return actor.acts_for(person) or (bool(items) and all(actor.acts_for(person, item=item) for item in items))


def can_hold_here(actor: Actor, person: UUID, place: UUID, items: Sequence[str], *, read: UUID | None) -> bool:
    """Who holds an appointment where they stand: `can_hold`, and a machine of the hall for the person whose document it has
    just `read`; by the appointment's id alone it opens nothing."""
    return can_hold(actor, person, place, items) or (is_device_of(actor, place) and read == person)


def check_is_node(actor: Actor) -> tuple[UUID, UUID]:
    """The hall node that acts, and its place. Refused (forbidden) for whoever is none."""
    if (
        actor.kind != "device"
        or actor.id is None
        or actor.place is None
        or not actor.device.startswith(f"{DeviceKind.NODE.value}:")
    ):
        raise Refused(Reason("NOT_A_NODE", _NO_NODE), kind="forbidden")
    return actor.id, actor.place
