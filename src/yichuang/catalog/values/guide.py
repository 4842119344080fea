"""Lines of lists and searches, and the guide page as words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from yichuang.catalog.values.limits import Limit
from yichuang.catalog.values.names import Mark, TaskType
from yichuang.catalog.values.pack import Faq
from yichuang.catalog.values.process import FlowStep
from yichuang.catalog.values.situation import Question
from yichuang.catalog.values.terms import LegalBasis, SourceNote
from yichuang.core.words import Words

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One line of a list or a search."""

    code: str
    version: int
    name: Words
    summary: Words
    spoken: tuple[str, ...]
    kind: TaskType
    department: str
    audience: tuple[str, ...]
    themes: tuple[Words, ...]
    life_events: tuple[Words, ...]
    marks: tuple[Mark, ...]
    legal: Limit
    promise: Limit
    visits: int
    charged: bool
    letter: str
    ways: tuple[str, ...]
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class ItemFilters:
    """Each empty filter lets everything through; `mark`s are all demanded."""

    department: str = ""
    audience: str = ""
    theme: str = ""  # Chinese words of a theme or life event
    marks: tuple[str, ...] = ()
    letter: str = ""
    kind: str = ""
    way: str = ""  # window | online | post
    area: str = ""  # 通办范围, at least: hall | district | city | province | state
    visits: int | None = None  # at most
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A label, what stands beside it, and how sure it is."""

    label: Words
    value: Words
    source: str = ""


@dataclass(frozen=True, slots=True)
class GuideMaterial:
    code: str
    name: Words
    necessity: Words
    form: Words
    count: Words
    origin: Words
    when: Words | None
    instead: Words | None  # what the state may hold in its place (免提交)
    fetched: Words | None  # from where, and what allows it
    accept_standard: Words
    fill_note: Words | None
    basis: Words
    source: str


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide page (办事指南), whole, as words: generated from the pack, for portal, counter, kiosk and paper."""

    row: ItemRow
    facts: tuple[Fact, ...]
    conditions: tuple[Fact, ...]
    commitments: tuple[Fact, ...]  # 告知承诺: what may be promised instead, and what that means
    materials: tuple[GuideMaterial, ...]
    questions: tuple[Question, ...]
    limits: tuple[Fact, ...]
    fees: tuple[Fact, ...]
    basis: tuple[LegalBasis, ...]
    steps: tuple[FlowStep, ...]
    result: tuple[Fact, ...]
    contacts: tuple[Fact, ...]
    faqs: tuple[Faq, ...]
    sources: tuple[SourceNote, ...]
    unchecked: bool  # some facts come from memory or are proposals: the page must say so
    effective_on: date
