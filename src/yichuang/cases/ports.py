"""What cases ask of rooms above them; wired in settings."""

from collections.abc import Callable
from uuid import UUID

from yichuang.cases.events import ServiceKind
from yichuang.core.words import W, Words

RATE = W("评价本次服务（自愿）：{url}", " Rate this service, if you like: {url}")
NOTHING = W("", "")
_address: Callable[[ServiceKind, UUID], str] | None = None


def register_ratings(address: Callable[[ServiceKind, UUID], str]) -> None:
    """`address` says where a service that is over is rated."""
    global _address
    _address = address


def rating_words(kind: ServiceKind, subject: UUID) -> Words:
    """What the message of the end says besides: where to rate; nothing where no room asks for ratings."""
    return RATE.format(url=_address(kind, subject)) if _address is not None else NOTHING
