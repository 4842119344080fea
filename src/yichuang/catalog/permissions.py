"""Who may publish items: item editors (事项管理员), and the system itself (first installation, demo)."""

from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W

PUBLISH = "publish_pack"  # the act, which needs a second person
_NOT_ALLOWED = W("只有事项管理员可以发布或下线事项", "Only an item editor may publish or withdraw an item")


def can_publish(actor: Actor) -> bool:
    return actor.kind == "system" or (actor.is_staff and actor.has(roles.ITEM_EDITOR))


def check_can_publish(actor: Actor) -> None:
    """`Refused` (forbidden) unless the actor may publish and withdraw items."""
    if not can_publish(actor):
        raise Refused(Reason("NOT_ALLOWED", _NOT_ALLOWED), kind="forbidden")
