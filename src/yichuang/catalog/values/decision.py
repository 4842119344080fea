"""Deciding at once (秒批): the decision table of an item, what it asks of registers, and what it said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from yichuang.core.words import Words

if TYPE_CHECKING:
    from yichuang.engine.values import Expression, ReadyDecision
    from yichuang.registry.values import Answer, Base

APPROVE = "approve"  # the one result on which a decision may be made without a person
DecisionOutcome = Literal["approve", "person"]


@dataclass(frozen=True, slots=True)
class Lookup:
    """What is asked of a register (查询), under its own name: `lookups.<name>.state` and `.<field>`.

    `many`: the key is a list (every officer of a company); one question for each, answered as lists.
    `compare`: what was entered, by the field it has to agree with; the verdicts are `verdicts.<name>.<field>`.
    """

    name: str
    base: Base
    key: Expression
    fields: tuple[str, ...]
    when: Expression | None
    ground: Literal["duty", "consent"]
    basis: str
    source: str
    compare: Mapping[str, Expression]
    many: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the decision is about (当事人): where the form says their identity number and name; each may be a list."""

    number: Expression
    name: Expression


@dataclass(frozen=True, slots=True)
class DecisionInput:
    """A column of the table: what it is called, and FEEL that gives its value.

    `doubts`: the table knows "unknown" there, so a condition is "yes", "no" or "unknown", and what cannot be known is "unknown".
    """

    name: str
    words: Words
    value: Expression
    kind: str
    doubts: bool


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """What a rule says: "approve", or a doubt with which a person decides. `grave`: missed once, the table decides no more."""

    code: str
    words: Words
    basis: str
    source: str
    grave: bool = False


@dataclass(frozen=True, slots=True)
class DecisionExample:
    """A worked example of the table: a case, what the registers answer, and what is decided. `because`: its doubts."""

    name: Words
    answers: Mapping[str, Any]
    form: Mapping[str, Any]
    facts: Mapping[str, Any]
    materials: tuple[str, ...]
    applied_at: datetime
    lookups: Mapping[str, Answer]  # by the question's name
    expect: DecisionOutcome
    because: tuple[str, ...] | None
    line: int


@dataclass(frozen=True, slots=True)
class DecisionSpec:
    """The decision table of a version, ready to decide. `covers`: conditions of the item that its rules judge.

    `subjects`: the people whom it is about, each to be the applicant or to have signed. `papers`: material → the look-up
    that confirms what it says, so that nobody has to read it.
    """

    name: str
    ready: ReadyDecision
    lookups: tuple[Lookup, ...]
    inputs: tuple[DecisionInput, ...]
    results: Mapping[str, DecisionResult]
    covers: frozenset[str]
    subjects: tuple[Subject, ...]
    papers: Mapping[str, str]
    examples: tuple[DecisionExample, ...]
    xml: bytes
    sha: str  # SHA-256 of decision.dmn, decision.yaml and all else of the pack that gates an approval: the rule set


@dataclass(frozen=True, slots=True)
class DecisionDoubt:
    """Why a person has to decide. `lookups`: by what registers said (or did not say) it arose; empty: by the form alone.

    `inputs` are the columns that it stands on; `code` the result that says it, "" where none does.
    """

    words: Words
    code: str = ""
    lookups: frozenset[str] = frozenset()
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the table said. `codes` are the results of the rules that hit, `because` why a person has to decide.

    `inputs` (JSON values, nothing beyond what the table reads) and `record` (at most 400 bytes) are kept: from them the
    decision is explained and made again. They may hold personal data: sealed.
    """

    outcome: DecisionOutcome
    codes: tuple[str, ...]
    because: tuple[DecisionDoubt, ...]
    record: bytes
    inputs: Mapping[str, Any]
    confirmed: frozenset[str] = frozenset()  # look-ups that found what they were asked for, all comparisons the same

    @property
    def approved(self) -> bool:
        return self.outcome == APPROVE

    @property
    def doubts(self) -> tuple[Words, ...]:
        """Why a person has to decide, each once."""
        return tuple(dict.fromkeys(one.words for one in self.because))


@dataclass(frozen=True, slots=True)
class OtherAnswer:
    """An answer that would have to be another (差一步秒批)."""

    question: str
    text: Words
    value: str
    label: Words


@dataclass(frozen=True, slots=True)
class OtherName:
    """A business's name that would have to be another: the fact that speaks of it, its `group` of the form, and what
    speaks against it."""

    fact: str
    group: str
    label: Words
    why: Words


@dataclass(frozen=True, slots=True)
class Foresight:
    """What stands in the way of an approval, and the smallest change of answers and names that takes it out of the way."""

    doubts: tuple[Words, ...]
    changes: tuple[OtherAnswer, ...]
    names: tuple[OtherName, ...] = ()

    @property
    def ready(self) -> bool:
        """Nothing has to change: approved if the registers confirm it."""
        return not self.changes and not self.names


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A rule and what became of it (逐行说明): `why` names the first cell that did not fit; it may hold personal data."""

    row: int  # from 1
    code: str
    words: Words
    basis: str  # as people are told it: 《law》 article
    hit: bool
    why: Words
    lookups: frozenset[str] = frozenset()  # what registers were asked for it
    inputs: tuple[str, ...] = ()  # the columns that it looks at
