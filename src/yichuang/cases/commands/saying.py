"""What the process (流程) of a case hears of it; what it cannot go on by stands on the record and stops no act."""

from datetime import datetime

from yichuang.cases.commands.escalate import tell_holders
from yichuang.cases.models import Case
from yichuang.cases.processes import KIND, calendar, subject_of
from yichuang.catalog.values import MESSAGES
from yichuang.core import ledger
from yichuang.core.actors import SYSTEM
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Conflict, Refused
from yichuang.core.words import W, Words
from yichuang.engine import commands as engine

NOT_TAKEN = W("流程没有能够因此继续：{what}", "the process could not go on by it: {what}")


def tell(case: Case, message: str, *, at: datetime) -> None:
    """What happened to the case (`catalog.values.MESSAGES`), for a process that waits for it. Nothing when none does.

    The act itself never fails by it: where an earlier one of the same kind is still being dealt with, this one adds
    nothing to it; where the process cannot go on by it (a gateway cannot decide, a timer has no moment), it waits on,
    that stands on the record, and whoever has the case is told.
    """
    try:
        engine.receive_message(subject=subject_of(case), name=message, variables={}, at=at, calendar=calendar())
    except Conflict:
        return
    except Refused as refused:  # all that it had written is undone: it has a savepoint of its own
        _not_taken(case, message, refused, at)


def _not_taken(case: Case, message: str, refused: Refused, at: datetime) -> None:
    said, why = MESSAGES[message], refused.reasons[0].words
    words = Words(f"{said.zh}（{why.zh}）", f"{said.en} ({why.en})")
    entry = ledger.append(
        act="process-deaf",
        actor=SYSTEM,
        at=at,
        subject=Subject(KIND, case.id),
        detail={"message": message, "zh": words.zh, "en": words.en},
    )
    told = NOT_TAKEN.format(what=words)
    tell_holders(case, "process_reminds", {"words": told}, entry.id, at)
