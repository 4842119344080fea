"""How a template becomes a text, how long it is as an SMS, and what to do next with a message: pure."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from string import Formatter

from yichuang.core.clock import local
from yichuang.core.words import Words
from yichuang.notices.texts import TEMPLATES, Template
from yichuang.notices.values import Due, Outcome, Step, Try

TRIES = 8  # rounds, then the message is parked: quality.md
OFFERS = 2  # to one sender in one round
MOST_NAMED = 3  # things that a message names one by one: an SMS is short
_WEEKDAYS = "一二三四五六日"
_MONTHS = (  # not strftime's: the reader's language, not the machine's
    ("January", "February", "March", "April", "May", "June")
    + ("July", "August", "September", "October", "November", "December")
)


class UnknownTemplate(LookupError):
    """A room asked for a template that nobody wrote: a defect of the caller."""


class MissingValues(ValueError):
    """A room left values of a template out: a defect of the caller, never a half-filled message."""


@lru_cache(maxsize=256)
def needed(template: Template) -> frozenset[str]:
    """The names that both texts of the template need together."""
    texts = (template.title.zh, template.title.en, template.body.zh, template.body.en)
    return frozenset(name for text in texts for _, name, _, _ in Formatter().parse(text) if name)


def write(code: str, values: Mapping[str, object], locale: str) -> tuple[str, str]:
    """Title and body in the language of the reader.

    Raises UnknownTemplate, and MissingValues that names every missing value; more values than needed are fine.
    Values are put in as they are: braces in a name are only braces.
    """
    if (template := TEMPLATES.get(code)) is None:
        raise UnknownTemplate(code)
    if missing := needed(template) - values.keys():
        raise MissingValues(f"{code}: {', '.join(sorted(missing))}")
    said = {name: say(value, locale) for name, value in values.items()}
    return template.title.in_(locale).format(**said), template.body.in_(locale).format(**said)


def say(value: object, locale: str) -> str:
    """A value in the reader's language; instants as the hall's wall clock shows them."""
    match value:
        case Words():
            return value.in_(locale)
        case datetime():
            at = local(value)
            return f"{say(at.date(), locale)} {at:%H:%M}"
        case date():
            if locale.startswith("en"):
                return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
            return f"{value.year}年{value.month}月{value.day}日（周{_WEEKDAYS[value.weekday()]}）"
        case tuple():
            return _list_dues(value, locale)
        case _:
            return str(value)


def _list_dues(dues: tuple[Due, ...], locale: str) -> str:
    """Each thing with its own day, the first day first; where they are many, how many by which day."""
    english = locale.startswith("en")
    ordered = sorted(dues, key=lambda due: due.by)
    if len(ordered) <= MOST_NAMED:
        lines = [(due.what.in_(locale), say(due.by, locale)) for due in ordered]
    else:
        each = Counter(due.by for due in ordered)
        lines = [(f"{n}" if english else f"{n} 项", say(day, locale)) for day, n in sorted(each.items())]
    if english:
        return "; ".join(f"{what} by {day}" for what, day in lines)
    return "；".join(f"{what}最迟 {day}" for what, day in lines)


# ── an SMS by its length (3GPP TS 23.040): 70 characters alone, 67 in each part of a longer one ────────────────────

SINGLE, PART = 70, 67


def sms_parts(text: str) -> int:
    """How many parts a text is sent in. Counted in UTF-16 units: 𠮷 and every emoji are two."""
    units = len(text.encode("utf-16-le")) // 2
    return 1 if units <= SINGLE else -(-units // PART)


# ── what to do next with a message ────────────────────────────────────────────────────────────────────────────────


def next_step(
    history: Sequence[Try], senders: Sequence[str], ready: Collection[str], offered: Mapping[str, int]
) -> Step:
    """Given all steps so far (oldest first), the senders in their order, those ready now, the offers of this round.

    Nobody sends while it is open whether another sender took the message: first that one is asked. A sender that is
    gone from the settings cannot be asked, so such a message waits and is parked for a person.
    """
    if any(step.outcome is Outcome.SENT for step in history) or is_parked(history):
        return Step("done")
    present = _since_again(history)
    for sender in _open(history):
        if sender in senders:
            return Step("ask", sender)
        if sender in _open(present):
            return Step("later")
    refused = {step.sender for step in present if step.outcome is Outcome.REFUSED}
    willing = [sender for sender in senders if sender not in refused]
    if not willing:
        return Step("park")
    able = [sender for sender in willing if sender in ready and offered.get(sender, 0) < OFFERS]
    if not able:
        return Step("later")
    return Step("offer", min(able, key=lambda sender: offered.get(sender, 0)))


def rounds_of(history: Sequence[Try]) -> int:
    """How many rounds failed since a person last said to try again."""
    return sum(step.outcome is Outcome.LATER for step in _since_again(history))


def is_parked(history: Sequence[Try]) -> bool:
    """Whether nobody tries any more."""
    return any(step.outcome is Outcome.PARKED for step in _since_again(history))


def may_report(history: Sequence[Try], sender: str) -> bool:
    """Whether a receipt of this sender can be true: it took the message, or nobody knows yet whether it did.

    A message is another sender's only after this one said that it did not take it; then its report is made up.
    """
    standing = [step.outcome for step in history if step.sender == sender]
    return bool(sender and standing) and standing[-1] in {Outcome.SENT, Outcome.BEGUN, Outcome.UNKNOWN}


def _since_again(history: Sequence[Try]) -> Sequence[Try]:
    last = max((n for n, step in enumerate(history) if step.outcome is Outcome.AGAIN), default=-1)
    return history[last + 1 :]


def _open(history: Sequence[Try]) -> list[str]:
    """The senders of whom nobody knows whether they took the message."""
    standing = {step.sender: step.outcome for step in history if step.sender}
    return [sender for sender, outcome in standing.items() if outcome in {Outcome.BEGUN, Outcome.UNKNOWN}]
