"""Which queue takes what, and every fault of a queue as entered."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from yichuang.core.refusals import Reason
from yichuang.visits import messages
from yichuang.visits.values.queues import QueueData, QueueScope

AIM: Final = (1, 240)  # minutes
ORDER: Final = (0, 99)
LONGEST: Final = (60, 100)  # names, in Chinese and English


@dataclass(frozen=True, slots=True)
class Known:
    """What a hall has: numbers of its windows in use, items and departments by code; what its other queues name, by letter."""

    windows: Collection[str]
    items: Collection[str]
    departments: Collection[str]
    others: Mapping[str, tuple[Collection[str], Collection[str]]]


def judge_queue(queue: QueueData, known: Known) -> list[Reason]:
    """Every fault of a queue as entered."""
    found = []
    if not re.fullmatch(r"[A-Z]", queue.letter):
        found.append(Reason("LETTER_MALFORMED", messages.QUEUE_LETTER, "/letter"))
    for text, longest, field in ((queue.name.zh, LONGEST[0], "zh"), (queue.name.en, LONGEST[1], "en")):
        if not 1 <= len(text.strip()) <= longest:
            found.append(Reason("NAME_MISSING", messages.QUEUE_NAME.format(n=longest), f"/name_{field}"))
    for number, (least, most), code, words, field in (
        (queue.aim_minutes, AIM, "AIM_WRONG", messages.QUEUE_AIM, "/aim_minutes"),
        (queue.order, ORDER, "ORDER_WRONG", messages.QUEUE_ORDER, "/order"),
    ):
        if number is None or not least <= number <= most:
            found.append(Reason(code, words.format(least=least, most=most), field))
    return found + _windows(queue, known) + _scope(queue, known)


def _windows(queue: QueueData, known: Known) -> list[Reason]:
    if not queue.windows:
        return [Reason("WINDOW_MISSING", messages.QUEUE_WINDOWS, "/windows")]
    if not set(queue.windows) <= set(known.windows):
        return [Reason("WINDOW_UNKNOWN", messages.WINDOW_UNKNOWN, "/windows")]
    return []


def _scope(queue: QueueData, known: Known) -> list[Reason]:
    named = queue.scope is QueueScope.NAMED
    if named and not queue.items and not queue.departments:
        return [Reason("SCOPE_EMPTY", messages.QUEUE_NAMES_NOTHING, "/items")]
    if not named and (queue.items or queue.departments):
        return [Reason("SCOPE_NOT_NAMED", messages.QUEUE_NAMES_TOO_MUCH, "/scope")]
    found = []
    for codes, there, which, code, words, field in (
        (queue.items, known.items, 0, "ITEM_UNKNOWN", messages.QUEUE_ITEM, "/items"),
        (queue.departments, known.departments, 1, "DEPARTMENT_UNKNOWN", messages.QUEUE_DEPARTMENT, "/departments"),
    ):
        found += [Reason(code, words.format(code=one), field) for one in codes if one not in there]
        for letter, names in known.others.items():
            twice = [one for one in codes if one in names[which]]
            found += [
                Reason("NAMED_TWICE", messages.QUEUE_NAMED_TWICE.format(code=one, queue=letter), field) for one in twice
            ]
    return found


def covers(
    items: Collection[str], departments: Collection[str], wanted: Sequence[str], organs: Mapping[str, str]
) -> bool:
    """Whether a queue for these items and departments takes all that is wanted; one for neither takes everything.

    `organs`: the code of each item's department, where it is known.
    """
    if not items and not departments:
        return True
    return bool(wanted) and all(item in items or organs.get(item, "") in departments for item in wanted)


def width(items: Collection[str], departments: Collection[str], wanted: Sequence[str]) -> int:
    """Of several queues that take it, the one that names it goes first (0), then those of its department (1), then those
    for everything (2): so an item that is named somewhere leads there, whatever the order of the queues."""
    if wanted and all(item in items for item in wanted):
        return 0
    return 1 if items or departments else 2
