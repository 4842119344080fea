"""批量办理: the same act on several tasks at once, each judged by itself; what one refuses holds up no other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yichuang.cases.commands.review import claim_review, complete_review, return_review
from yichuang.cases.values import CaseHead
from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W

MOST = 50  # tasks of one call: what a page of the desk holds, and more
NONE_CHOSEN = W("请先勾选任务", "Tick the tasks first")
TOO_MANY = W("一次最多办理 {most} 项任务", "At most {most} tasks at once")
NO_STEP = W("没有这个批量操作", "There is no such act on several tasks")
STEPS = ("claim", "return", "agree")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A task that was ticked, with the version of its case that was looked at."""

    task: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one of them: how its case stands, or why nothing was done."""

    task: UUID
    head: CaseHead | None
    reasons: tuple[Reason, ...] = ()


def act_on_tasks(
    *, actor: Actor, step: str, tasks: Sequence[Chosen], opinion: str = "", at: datetime
) -> tuple[Done, ...]:
    """Claim (领取), give back (退回) or agree to (同意) each, in the order given, each in a transaction of its own.

    `opinion`: said of each that is agreed to, the note of each that is given back. Deciding is no act for several at once:
    that task says so. Pressed twice, each says who has it or that the case has changed. Refused: NO_STEP, NONE_CHOSEN,
    TOO_MANY (nothing is done).
    """
    act = _acts(opinion).get(step)
    if act is None:
        raise Refused(Reason("NO_STEP", NO_STEP, "/step"))
    if not tasks:
        raise Refused(Reason("NONE_CHOSEN", NONE_CHOSEN, "/tasks"))
    if len(tasks) > MOST:
        raise Refused(Reason("TOO_MANY", TOO_MANY.format(most=MOST), "/tasks"))
    once = {one.task: one for one in tasks}.values()
    return tuple(_one(act, actor, one, at) for one in once)


def _acts(opinion: str) -> Mapping[str, Callable[..., CaseHead]]:
    def give_back(**given: object) -> CaseHead:
        return return_review(**given, note=opinion)  # type: ignore[arg-type]  # actor, task, version, at

    def agree(**given: object) -> CaseHead:
        return complete_review(**given, outcome="agree", opinion=opinion)  # type: ignore[arg-type]  # likewise

    return dict(zip(STEPS, (claim_review, give_back, agree), strict=True))


def _one(act: Callable[..., CaseHead], actor: Actor, one: Chosen, at: datetime) -> Done:
    try:
        return Done(one.task, act(actor=actor, task=one.task, version=one.version, at=at))
    except Refused as refused:
        return Done(one.task, None, refused.reasons)
