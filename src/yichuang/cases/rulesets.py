"""规则集的一生: the closed tables and frozen rows of how rule sets are compared with people (docs/adr/0022); public like `states`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from yichuang.cases.instant import MODE_WORDS, Mode
from yichuang.cases.values import MaterialRow
from yichuang.core.paging import Page
from yichuang.core.words import W, Words


class Outcome(StrEnum):
    """What people said of a case beside the table, or afterwards of what it had decided alone."""

    GRANTED = "granted"  # as it was filed
    MENDED = "mended"  # granted, but something had to be mended or promised first
    DENIED = "denied"  # denied, or not accepted
    ENDED = "ended"  # withdrawn or terminated: nobody judged it
    DEEMED = "deemed"  # granted by law where nobody decided in time (视为准予延续): nobody judged it
    RIGHT = "right"  # decided alone; a blind re-check, or a review that was asked for, says the same
    WRONG = "wrong"  # somebody found afterwards that it should not have been granted so: such a look, or a revocation
    OPEN = "open"  # nobody has said anything yet


OUTCOME_WORDS: dict[Outcome, Words] = {
    Outcome.GRANTED: W("人工直接准予", "Granted"),
    Outcome.MENDED: W("补正或容缺后准予", "Corrected first"),
    Outcome.DENIED: W("人工不予", "Denied"),
    Outcome.ENDED: W("撤回或终止", "Withdrawn"),
    Outcome.DEEMED: W("视为准予", "Granted by law"),
    Outcome.RIGHT: W("复查：对", "Found right"),
    Outcome.WRONG: W("复查：错", "Found wrong"),
    Outcome.OPEN: W("还没有结论", "Open"),
}
UNJUDGED = "unjudged"  # a draft takes another kind of value than was kept: it says nothing of the case
VERDICT_WORDS: dict[str, Words] = {
    "approve": W("自动通过", "Approved"),
    "person": W("转人工", "To a person"),
    UNJUDGED: W("不能判断", "Cannot be judged"),
}
AGREES = frozenset({Outcome.GRANTED, Outcome.RIGHT})  # with an approval
CONTRADICTS = frozenset({Outcome.MENDED, Outcome.DENIED, Outcome.WRONG})  # an approval: a false one (错批)


@dataclass(frozen=True, slots=True)
class Said:
    """What one rule set said, so and so often: its verdict, the rules that hit, and what people said of it."""

    verdict: str  # "approve" | "person"
    codes: tuple[str, ...]
    outcome: Outcome
    count: int
    counts: bool = True  # judged, or found wrong, since two persons last began the evidence anew
    proves: bool = True  # and since it last stopped itself, by somebody who did not make the table


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One line of the matrix: how often people said what, where the table said this."""

    verdict: str
    code: str  # "" for all of the verdict; else the rule's result
    counts: Mapping[Outcome, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for letting a rule set decide alone, or against it. Shares are between 0 and 1."""

    compared: int  # approvals that people judged too
    wrong: int  # of these, false ones
    upper: float  # the share of false approvals is at most this, with 95 % certainty
    bound: float  # the share that is allowed
    needed: int  # approvals more, none of them false, until the bound is met; 0 when it is

    @property
    def met(self) -> bool:
        return self.needed == 0


@dataclass(frozen=True, slots=True)
class RuleSetRow:
    """A rule set and how it does; figures are of the last decisions, `rules.rulesets.WINDOW` of them at most."""

    item: str
    name: Words
    department: Words
    version: int  # the newest of the item that holds it
    sha: str
    in_force: bool  # its version applies now
    mode: Mode
    since: datetime | None  # None: a shadow from the beginning
    reason: Words
    percent: Decimal
    judged: int
    approved: int
    alone: int  # of these, decided without a person
    checked: int  # of these, looked at by people since
    evidence: Evidence
    may_let: bool
    may_brake: bool

    @property
    def share(self) -> str:
        """The share of re-checks as people write it: 5, 12.5."""
        return f"{self.percent:.2f}".rstrip("0").rstrip(".")

    @property
    def mode_words(self) -> Words:
        return MODE_WORDS[self.mode]


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody did to a rule set."""

    words: Words
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class RuleSetPage:
    """One rule set: the matrix, what each rule's result means, what was done to it; `others` of the item by (sha, version)."""

    row: RuleSetRow
    matrix: tuple[MatrixRow, ...]
    words: Mapping[str, Words]
    why_not: tuple[Words, ...]  # why it may not be let decide alone now
    history: tuple[Change, ...]
    others: tuple[tuple[str, int], ...]
    controls: tuple[int, int]  # 对照件: looked at beside the re-checks, and of these answered as people had decided
    waiting: tuple[int, datetime | None]  # re-checks that nobody has answered, and since when the longest
    proved_from: datetime | None  # it stopped itself then: what agreed before speaks for it no more


@dataclass(frozen=True, slots=True)
class ExampleRow:
    """A case behind a figure; `visible` to who asks: then it may be opened."""

    number: str
    judged_at: datetime
    codes: tuple[str, ...]
    outcome: Outcome
    visible: bool


@dataclass(frozen=True, slots=True)
class RecheckRow:
    """One draw (抽查) that waits, or was answered by who asks. `number` only then: the re-check is blind."""

    id: UUID
    item: Words
    drawn_at: datetime
    state: str
    at: datetime | None
    verdict: str
    number: str


@dataclass(frozen=True, slots=True)
class RecheckPage:
    """What the re-checker gets: what was filed, the papers, and what the bases said; never what was made of it."""

    row: RecheckRow
    item_code: str
    item_version: int
    filed_at: datetime
    channel: str
    applicant: UUID  # whose data they are, and of which case: for the record of looks, not for the page
    number: str
    answers: Mapping[str, object]
    form: Mapping[str, object]
    materials: tuple[MaterialRow, ...]
    read: tuple[tuple[Words, object], ...]  # what was read of the bases and the form, by the column's words
    kinds: tuple[tuple[str, Words], ...]  # what could have been wrong: (code, words)


@dataclass(frozen=True, slots=True)
class RehearsalRow:
    """One rehearsal (重放) of a draft."""

    id: UUID
    sha: str
    asked_at: datetime
    asked_by: str
    state: str  # running done failed
    why: Words
    total: int
    changed: int


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """So many cases that would go another way, by what people made of them."""

    before: str
    after: str
    counts: Mapping[Outcome, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A past case of which the draft would say something else; `visible` to who asks."""

    number: str
    judged_at: datetime
    before: str
    after: str
    gone: tuple[Words, ...]
    new: tuple[Words, ...]
    outcome: Outcome
    unfit: tuple[Words, ...]  # columns for which it cannot be judged
    visible: bool


@dataclass(frozen=True, slots=True)
class RehearsalPage:
    """What a rehearsal found: ways that change, rules by how often they would hit no more or anew, and the cases."""

    item: str
    name: Words
    row: RehearsalRow
    shifts: tuple[ShiftRow, ...]
    false: int  # approvals it would add that people mended, denied or found wrong
    rules: tuple[tuple[str, Words, int, int], ...]  # (code, words, would not hit any more, would hit anew)
    unread: tuple[tuple[Words, int], ...]  # columns of the draft that so many past cases hold nothing for
    unfit: tuple[tuple[Words, int], ...]  # and for which so many hold another kind of value
    unjudged: int  # cases that cannot be judged for that
    cases: Page[ChangedRow]
