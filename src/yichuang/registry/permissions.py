"""Who may ask the shared bases, keep them in order, and see how their sources do."""

from collections.abc import Callable, Collection
from uuid import UUID

from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason, Refused
from yichuang.core.roles import (
    CHIEF_REPRESENTATIVE,
    COMMUNITY_WORKER,
    HALL_MANAGER,
    INTAKE_CLERK,
    ISSUING_CLERK,
    ITEM_EDITOR,
    REVIEWER,
    SYSTEM_ADMIN,
)
from yichuang.core.words import W, Words

HANDLES_CASES = frozenset({INTAKE_CLERK, COMMUNITY_WORKER, CHIEF_REPRESENTATIVE, HALL_MANAGER, ISSUING_CLERK, REVIEWER})
STEWARDS = frozenset({ITEM_EDITOR})  # 数据管理: who says what items ask of the bases also keeps the bases in order
WATCHERS = STEWARDS | {SYSTEM_ADMIN}  # sees sources and catalogue; no administrator sees anybody's data


def _require(allowed: bool, words: Words) -> None:
    if not allowed:
        raise Refused(Reason("NOT_ALLOWED", words), kind="forbidden")


def check_can_ask(actor: Actor, parties: Collection[UUID | None], item: str = "") -> None:
    """Asking the bases: the machine, staff who handle cases, and a person about themselves and those they act for.

    `parties`: everybody whose number is asked about, None for a number of nobody in our books; of an address nobody.
    """
    allowed = (
        actor.kind == "system"
        or (actor.kind == "staff" and bool(actor.roles & HANDLES_CASES))
        or (actor.kind == "person" and all(party is not None and actor.acts_for(party, item=item) for party in parties))
    )
    _require(allowed, W("您不能查询共享库", "You may not ask the shared bases"))


def check_can_keep(actor: Actor) -> None:
    """Loading batches and settling contradictions: the data steward, which is the item editor (事项管理员)."""
    allowed = actor.kind == "system" or (actor.kind == "staff" and bool(actor.roles & STEWARDS))
    _require(allowed, W("只有事项管理员可以维护共享库", "Only item editors keep the shared bases"))


def check_can_watch(actor: Actor) -> None:
    """Seeing how the sources do: stewards and system administrators."""
    allowed = actor.kind == "system" or (actor.kind == "staff" and bool(actor.roles & WATCHERS))
    _require(
        allowed,
        W("只有事项管理员和系统管理员可以查看数据来源", "Only item editors and system administrators see the sources"),
    )


def _asks(check: Callable[..., None], *args: object) -> bool:
    try:
        check(*args)
    except Refused:
        return False
    return True


def can_ask(actor: Actor, parties: Collection[UUID | None], item: str = "") -> bool:
    return _asks(check_can_ask, actor, parties, item)


def can_keep(actor: Actor) -> bool:
    return _asks(check_can_keep, actor)


def can_watch(actor: Actor) -> bool:
    return _asks(check_can_watch, actor)
