"""What follows when one department refuses (一个部门不予办理): what stops, what goes on, what is handed back. Pure.

An item stops when an item that it rests on was not granted; nothing else does. What was granted before stays granted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from yichuang.bundles.rules.clock import behind
from yichuang.bundles.values import Package
from yichuang.core.words import W, Words


class Fate(StrEnum):
    """Where one item of a filed package stands."""

    WAITING = "waiting"  # its turn comes later
    ASKING = "asking"  # its turn has come, and something is asked of the applicant first
    OPEN = "open"  # filed, under way
    GRANTED = "granted"
    REFUSED = "refused"  # not accepted, denied, or ended
    LEFT = "left"  # given up by the applicant
    STOPPED = "stopped"  # ended, or never filed, because of another one's refusal


FATE_WORDS: Mapping[Fate, Words] = {
    Fate.WAITING: W("还没轮到", "Not its turn yet"),
    Fate.ASKING: W("等您补充", "Waiting for you"),
    Fate.OPEN: W("办理中", "Under way"),
    Fate.GRANTED: W("已办成", "Granted"),
    Fate.REFUSED: W("未办成", "Not granted"),
    Fate.LEFT: W("已退出", "Given up"),
    Fate.STOPPED: W("随前项终止", "Stopped with an earlier item"),
}
ENDED = frozenset({Fate.GRANTED, Fate.REFUSED, Fate.LEFT, Fate.STOPPED})


FELL = frozenset({Fate.REFUSED, Fate.LEFT})


class Outcome(StrEnum):
    """How a package ended."""

    WHOLE = "whole"
    PARTLY = "partly"
    NONE = "none"
    LEFT = "left"  # taken back by the applicant, nothing granted and nothing refused


OUTCOME_WORDS: Mapping[Outcome, Words] = {
    Outcome.WHOLE: W("全部办成", "Everything granted"),
    Outcome.PARTLY: W("部分办成", "Partly granted"),
    Outcome.NONE: W("没有办成", "Nothing granted"),
    Outcome.LEFT: W("已撤回", "Withdrawn"),
}
ALONE = W(
    "“{name}”如果不予办理，只停这一项；其余照常办理，办成一项领一项。",
    "If “{name}” is refused, only that stops; the others go on and are handed over one by one.",
)
WITH_IT = W(
    "“{name}”如果不予办理，以它为前提的{others}随之终止，材料退回；其余照常，已办成的不受影响。",
    "If “{name}” is refused, what rests on it ({others}) stops with it and the papers go back; the others go on, and what was granted stays.",
)
WITH_ALL = W(
    "“{name}”如果不予办理，其余各项都以它为前提，随之终止，材料退回；您可以改好后重新申请。",
    "If “{name}” is refused, everything else rests on it, stops with it, and the papers go back; you may apply again.",
)
LEAVE_ALONE = W(
    "退出“{name}”只影响这一项：材料退回，其余照常办理。",
    "Giving up “{name}” ends only that: its papers go back, and the others go on.",
)
LEAVE_WITH_IT = W(
    "退出“{name}”，以它为前提的{others}也随之终止，材料退回；其余照常，已办成的不受影响。",
    "If you give up “{name}”, what rests on it ({others}) stops with it and the papers go back; the others go on, and what was granted stays.",
)
LEAVE_ALL = W(
    "撤回以后，{others}都不再办理，材料退回；您可以随时重新申请。",
    "If you withdraw, nothing more is done for {others}, and the papers go back; you may apply again at any time.",
)
STOPPED_WITH = W(
    "{name}没有办成，本项以它为前提，随之终止，材料退回。",
    "{name} came to nothing; this rests on it and stopped with it.",
)
STOPPED_OTHERS = W(
    "以它为前提的{others}随之终止，材料退回；其余照常。",
    "What rests on it stopped with it: {others}; the rest goes on.",
)
STOPPED_ALL = W(
    "其余各项都以它为前提，随之终止，材料退回。",
    "Everything else rested on it and stopped with it; the papers go back.",
)
STOPPED_NOTHING = W("只停这一项，其余照常。", "Only this stopped; the rest goes on.")
KEPT = W("已办成的{others}不受影响，照常领取。", "What was granted stays yours: {others}.")


@dataclass(frozen=True, slots=True)
class Consequence:
    """One sentence of what would follow, for the pages before and after filing."""

    slot: str
    stops: tuple[str, ...]
    words: Words


def stops_with(slot: str, rests: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The slots that stop when this one is not granted, in the package's order."""
    return tuple(other for other in rests if slot in behind(other, rests))


def to_stop(refused: str, fates: Mapping[str, Fate], rests: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Those of them that have not ended yet."""
    return tuple(slot for slot in stops_with(refused, rests) if fates[slot] not in ENDED)


def outcome_for_others(package: Package, slot: str, fates: Mapping[str, Fate]) -> Words | None:
    """What the end of this item means for the others, or (of one that stopped) why it did; None while it goes on."""
    rests = rests_of(package)
    if fates[slot] is Fate.STOPPED:
        fallen = [one for one in rests if one in behind(slot, rests) and fates[one] in FELL]
        names = _said(package, fallen[:1])
        return STOPPED_WITH.format(name=names) if fallen else None
    if fates[slot] not in FELL:
        return None
    stopped = [one for one in stops_with(slot, rests) if fates[one] is Fate.STOPPED]
    if len(stopped) == len(package.slots) - 1:
        return STOPPED_ALL
    return STOPPED_OTHERS.format(others=_said(package, stopped)) if stopped else STOPPED_NOTHING


def leaving(package: Package, slot: str, fates: Mapping[str, Fate]) -> Consequence:
    """What follows now if the applicant gives an item up (退出该项)."""
    stops = to_stop(slot, fates, rests_of(package))
    words = LEAVE_WITH_IT if stops else LEAVE_ALONE
    return Consequence(slot, stops, words.format(name=package.slot(slot).name, others=_said(package, stops)))


def leaving_all(package: Package, fates: Mapping[str, Fate]) -> Consequence:
    """What follows now if the applicant takes the whole package back (撤回): all that is not granted ends."""
    open_now = tuple(slot for slot in package.ids if fates[slot] not in ENDED)
    granted = tuple(slot for slot in package.ids if fates[slot] is Fate.GRANTED)
    words = LEAVE_ALL.format(others=_said(package, open_now))
    if granted:
        kept = KEPT.format(others=_said(package, granted))
        words = Words(words.zh + kept.zh, f"{words.en} {kept.en}")
    return Consequence("", open_now, words)


def still_needed(slot: str, fates: Mapping[str, Fate], rests: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """What must be granted before this one can be."""
    return tuple(one for one in rests if one in behind(slot, rests) and fates[one] is not Fate.GRANTED)


def outcome_of(fates: Mapping[str, Fate]) -> Outcome | None:
    """How the package ended; None while anything is open."""
    if any(fate not in ENDED for fate in fates.values()):
        return None
    granted = sum(fate is Fate.GRANTED for fate in fates.values())
    if granted == len(fates):
        return Outcome.WHOLE
    if granted:
        return Outcome.PARTLY
    own_wish = Fate.LEFT in fates.values() and Fate.REFUSED not in fates.values()
    return Outcome.LEFT if own_wish else Outcome.NONE


def rests_of(package: Package) -> dict[str, tuple[str, ...]]:
    """Per slot, in the package's order, what it rests on."""
    return {slot.id: slot.rests_on for slot in package.slots}


def consequences(package: Package) -> tuple[Consequence, ...]:
    """For each item, in words, what follows if it is refused."""
    rests = rests_of(package)
    return tuple(_consequence(package, slot.id, stops_with(slot.id, rests)) for slot in package.slots)


def _consequence(package: Package, slot: str, stops: tuple[str, ...]) -> Consequence:
    name = package.slot(slot).name
    if not stops:
        return Consequence(slot, stops, ALONE.format(name=name))
    if len(stops) == len(package.slots) - 1:
        return Consequence(slot, stops, WITH_ALL.format(name=name))
    return Consequence(slot, stops, WITH_IT.format(name=name, others=_said(package, stops)))


def _said(package: Package, slots: Sequence[str]) -> Words:
    names = [package.slot(one).name for one in slots]
    return Words("、".join(f"“{one.zh}”" for one in names), ", ".join(f"“{one.en}”" for one in names))
