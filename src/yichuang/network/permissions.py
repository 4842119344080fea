"""Who may change the network. The system itself (loads, jobs) may; everybody else by role and by what it covers."""

from uuid import UUID

from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W, Words

_NOT_CHIEF = W(
    "只有该部门的首席代表可以授权网点代收，或者终止授权",
    "Only the department's chief representative may authorise a place, or end that",
)


def _refuse(words: Words) -> Refused:
    return Refused(Reason("NOT_ALLOWED", words), kind="forbidden")


def can_change_network(actor: Actor) -> bool:
    """Places, departments, posts, assignments and the calendar are the system administrator's."""
    return actor.kind == "system" or (actor.is_staff and actor.has(roles.SYSTEM_ADMIN))


def check_can_change_network(actor: Actor) -> None:
    """`Refused` (forbidden) unless the actor may change places, departments, posts, assignments or the calendar."""
    if not can_change_network(actor):
        raise _refuse(W("只有系统管理员可以修改网点、部门和工作日历", "Only a system administrator may change this"))


def can_keep_place(actor: Actor, place: UUID) -> bool:
    """Windows and special days of a place are its manager's, or the system administrator's."""
    return can_change_network(actor) or (actor.is_staff and actor.has(roles.HALL_MANAGER, place=place))


def check_can_keep_place(actor: Actor, place: UUID) -> None:
    """`Refused` (forbidden) unless the actor manages the place."""
    if not can_keep_place(actor, place):
        raise _refuse(W("只有本网点的大厅主任可以修改窗口和开放安排", "Only the manager of this place may change this"))


def can_authorise(actor: Actor, department: UUID, place: UUID) -> bool:
    """A department speaks through its chief representative (首席代表), within the places the grant covers."""
    return actor.kind == "system" or (
        actor.is_staff and actor.has(roles.CHIEF_REPRESENTATIVE, place=place, department=department)
    )


def check_speaks_for_a_department(actor: Actor) -> None:
    """`Refused` (forbidden) unless the actor is a chief representative somewhere: before a form is read at all."""
    if actor.kind != "system" and not (actor.is_staff and actor.has(roles.CHIEF_REPRESENTATIVE)):
        raise _refuse(_NOT_CHIEF)


def check_can_authorise(actor: Actor, department: UUID, place: UUID) -> None:
    """`Refused` (forbidden) unless the actor speaks for the department."""
    if not can_authorise(actor, department, place):
        raise _refuse(_NOT_CHIEF)
