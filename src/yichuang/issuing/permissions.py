"""Who may do what in issuing. `check_can_x` raises, `can_x` asks the same."""

from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W

_DESK_ROLES = (roles.ISSUING_CLERK, roles.INTAKE_CLERK, roles.COMMUNITY_WORKER)
_NOT_DESK = W("只有窗口工作人员可以打印出件", "Only staff at a desk may print for handing out")
_NOT_ISSUER = W("您没有出件权限", "You are not allowed to hand over results")


def can_print(actor: Actor) -> bool:
    """Staff at a desk of the place they now sit at."""
    if not actor.is_staff or actor.place is None:
        return False
    return any(actor.has(role, place=actor.place) for role in _DESK_ROLES)


def check_can_print(actor: Actor) -> None:
    if not can_print(actor):
        raise Refused(Reason("NOT_ALLOWED", _NOT_DESK), kind="forbidden")


def can_issue(actor: Actor) -> bool:
    """An issuing clerk, or the worker of a community centre, which has no desk of its own for it; which cases are theirs is
    asked of `cases`."""
    return actor.is_staff and bool(actor.roles & {roles.ISSUING_CLERK, roles.COMMUNITY_WORKER})


def check_can_issue(actor: Actor) -> None:
    if not can_issue(actor):
        raise Refused(Reason("NOT_ALLOWED", _NOT_ISSUER), kind="forbidden")
