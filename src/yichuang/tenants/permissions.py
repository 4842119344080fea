"""Who may keep tenants, and what a tenant's token may do: `check_can_x` raises."""

from uuid import UUID

from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.tenants.values import SCOPES

NOT_ADMIN = W("只有系统管理员可以管理租户", "Only a system administrator keeps tenants")
NO_CLIENT = W("请使用租户的访问令牌", "Use a token of a tenant")
UNKNOWN = W("访问令牌无效、过期或已吊销", "The token is not valid, has expired or was revoked")
SUSPENDED = W(
    "这个租户已停用，请联系一窗的系统管理员", "This tenant is suspended: ask the system administrator of the house"
)
NO_SCOPE = W("这个令牌没有“{scope}”权限", "This token may not: {scope}")


def check_can_keep_tenants(actor: Actor) -> None:
    """`Refused` (forbidden) unless the actor is a system administrator, or the system itself."""
    if actor.kind != "system" and not (actor.is_staff and actor.has(roles.SYSTEM_ADMIN)):
        raise Refused(Reason("NOT_ALLOWED", NOT_ADMIN), kind="forbidden")


def check_can(actor: Actor, *scopes: str) -> UUID:
    """The tenant for which the actor's token may do one of these. Refused: signed_out for anybody else, forbidden SCOPE_MISSING."""
    if actor.kind != "client" or actor.tenant is None:
        raise Refused(Reason("SIGNED_OUT", NO_CLIENT), kind="signed_out")
    if not actor.roles & set(scopes):
        raise Refused(Reason("SCOPE_MISSING", NO_SCOPE.format(scope=SCOPES[scopes[0]])), kind="forbidden")
    return actor.tenant
