"""Who stands at the command line: a member of staff by user name, with the powers of this very moment."""

from datetime import datetime

from yichuang.core.actors import Actor, Channel
from yichuang.core.refusals import NotFound
from yichuang.core.words import W
from yichuang.people.queries import actor_for_account, find_account


def acting_as(username: str, at: datetime) -> Actor:
    """The actor; NotFound when there is no such member of staff. What may be done is asked of its powers, as in pages."""
    account = find_account(username)
    actor = actor_for_account(account, Channel.SYSTEM, at=at) if account else None
    if actor is None or not actor.is_staff:
        raise NotFound(W(f"工作人员账号 {username}", f"staff account {username}"))
    return actor
