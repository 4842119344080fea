"""规则集的一生: the closed tables and frozen rows of how rule sets are compared with people (docs/adr/0022); public like `states`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from yichuang.core.words import W, Words


class Outcome(StrEnum):
    """What people said of a case beside the table, or afterwards of what it had decided alone."""

    GRANTED = "granted"  # as it was filed
    MENDED = "mended"  # granted, but something had to be mended or promised first
    DENIED = "denied"  # denied, or not accepted
    ENDED = "ended"  # withdrawn or terminated: nobody judged it
    RIGHT = "right"  # decided alone; a blind re-check, or a review that was asked for, says the same
    WRONG = (
        "wrong"  # decided alone; a blind re-check, or a review that was asked for, says that it should not have been
    )
    OPEN = "open"  # nobody has said anything yet


OUTCOME_WORDS: dict[Outcome, Words] = {
    Outcome.GRANTED: W("人工直接准予", "Granted as filed"),
    Outcome.MENDED: W("补正或容缺后准予", "Granted after corrections"),
    Outcome.DENIED: W("人工不予", "Denied or not accepted"),
    Outcome.ENDED: W("撤回或终止", "Withdrawn or ended"),
    Outcome.RIGHT: W("抽查：对", "Re-checked: right"),
    Outcome.WRONG: W("抽查：错", "Re-checked: wrong"),
    Outcome.OPEN: W("还没有结论", "Not known yet"),
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
