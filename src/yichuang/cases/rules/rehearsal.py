"""重放: what a changed table would have said of a past case, set beside what was said and what people made of it. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from yichuang.cases.rulesets import CONTRADICTS, UNJUDGED, Outcome
from yichuang.catalog.values import APPROVE
from yichuang.core.words import Words


@dataclass(frozen=True, slots=True)
class Difference:
    """What is another now: the verdict of the table, or only the doubts with which a person decides."""

    before: str  # "approve" | "person"
    after: str  # or "unjudged"
    gone: tuple[str, ...]  # results that do not hit any more
    new: tuple[str, ...]


def unjudged(before: Collection[str]) -> Difference:
    """A case on which the draft cannot decide."""
    return Difference(verdict_of(before), UNJUDGED, (), ())


def verdict_of(codes: Collection[str]) -> str:
    """What a table says whose rules had these results: approved is exactly the one result (docs/adr/0018)."""
    return "approve" if list(codes) == [APPROVE] else "person"


def difference(before: Collection[str], after: Collection[str]) -> Difference | None:
    """None where nothing changes."""
    gone = tuple(code for code in dict.fromkeys(before) if code not in after)
    new = tuple(code for code in dict.fromkeys(after) if code not in before)
    if not gone and not new:
        return None
    return Difference(verdict_of(before), verdict_of(after), gone, new)


@dataclass(slots=True)
class Tally:
    """The sums of a rehearsal; as large as there are rules, however many cases pass through it."""

    total: int = 0
    changed: int = 0
    counts: Counter[tuple[str, str, Outcome]] = field(default_factory=Counter)  # of changed cases
    gone: Counter[str] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    unfit: Counter[Words] = field(default_factory=Counter)

    def add(
        self, found: Difference | None, outcome: Outcome, unread: Iterable[str], unfit: Iterable[Words] = ()
    ) -> None:
        """One more case. `unread`: columns of the draft for which it holds nothing; `unfit`: for which it holds another kind
        of value, so that it cannot be judged."""
        self.total += 1
        self.unread.update(unread)
        self.unfit.update(unfit)
        if found is None:
            return
        self.changed += found.after != UNJUDGED
        self.counts[found.before, found.after, outcome] += 1
        self.gone.update(found.gone)
        self.new.update(found.new)


def false_approvals(counts: Mapping[tuple[str, str, Outcome], int]) -> int:
    """How many more cases it would approve that people mended, denied or found wrong."""
    return sum(
        n
        for (before, after, outcome), n in counts.items()
        if (before, after) == ("person", APPROVE) and outcome in CONTRADICTS
    )
