"""Who reads the message log, and who has a message sent again."""

from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason, Refused
from yichuang.core.roles import SECURITY_AUDITOR, SYSTEM_ADMIN
from yichuang.core.words import W

_LOG = W(
    "只有系统管理员和安全审计员可以查看消息日志",
    "Only system administrators and security auditors read the message log",
)
_AGAIN = W("只有系统管理员可以重发消息", "Only system administrators send messages again")


def can_read_log(actor: Actor) -> bool:
    """Lines of the log say when, how and whether, never what: no text, addresses masked."""
    return actor.is_staff and (actor.has(SYSTEM_ADMIN) or actor.has(SECURITY_AUDITOR))


def check_can_read_log(actor: Actor) -> None:
    if not can_read_log(actor):
        raise Refused(Reason("NOT_ALLOWED", _LOG), kind="forbidden")


def can_resend(actor: Actor) -> bool:
    return actor.is_staff and actor.has(SYSTEM_ADMIN)


def check_can_resend(actor: Actor) -> None:
    if not can_resend(actor):
        raise Refused(Reason("NOT_ALLOWED", _AGAIN), kind="forbidden")
