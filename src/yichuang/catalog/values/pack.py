"""One published version of an item, whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from yichuang.catalog.values.commitment import Commitment
from yichuang.catalog.values.decision import DecisionSpec
from yichuang.catalog.values.limits import Extension, Limit, LimitVariant, SpecialProcedure
from yichuang.catalog.values.materials import Material
from yichuang.catalog.values.names import Mark, TaskType
from yichuang.catalog.values.process import FlowStep, ResultSpec
from yichuang.catalog.values.signing import SigningSpec
from yichuang.catalog.values.situation import Condition, FactSpec, FormRule, Question
from yichuang.catalog.values.terms import Contacts, Fees, LegalBasis, Scope, SourceNote, Visits
from yichuang.core.words import Words

if TYPE_CHECKING:
    from datetime import datetime

    from yichuang.engine.values import Expression, ReadyDecision


@dataclass(frozen=True, slots=True)
class Faq:
    question: Words
    answer: Words
    source: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: what is given, and what the item must answer. `expect` maps what is asked to its answer."""

    file: str
    name: Words
    answers: Mapping[str, Any]
    form: Mapping[str, Any]
    materials: tuple[str, ...]
    facts: Mapping[str, Any]
    applied_at: datetime
    promise_signed: bool
    expect: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pack:
    """One published version of a service item, whole. Immutable: a case keeps the version it was filed under."""

    code: str
    version: int
    area: str
    name: Words
    summary: Words
    spoken: tuple[str, ...]
    spoken_en: tuple[str, ...]
    kind: TaskType
    kind_source: str
    base_code: str  # 基本编码 (12)
    task_code: str  # 实施编码 (31), "" when not given
    handle_code: str  # 业务办理项编码 (2 more digits), "" when not given
    department: str
    level: str
    power_source: str
    audience: tuple[str, ...]
    themes: tuple[Words, ...]
    theme_targets: tuple[str, ...]  # of each theme: "person", "organisation" (自然人、法人主题分类), or "": of both
    life_events: tuple[Words, ...]
    instant: bool  # 即办件, else 承诺件
    ways: tuple[str, ...]
    online_depth: int
    visits: Visits
    express: bool
    kiosk: bool
    marks: tuple[Mark, ...]
    scope: Scope
    legal_limit: Limit
    promise_limit: Limit
    limit_variants: tuple[LimitVariant, ...]
    extension: Extension | None
    special_procedures: tuple[SpecialProcedure, ...]
    fees: Fees
    legal_basis: tuple[LegalBasis, ...]
    conditions: tuple[Condition, ...]
    facts: tuple[FactSpec, ...]
    questions: tuple[Question, ...]
    materials: tuple[Material, ...]
    form: Mapping[str, Any]  # JSON Schema 2020-12 with x- annotations
    form_rules: tuple[FormRule, ...]
    form_conditions: Mapping[str, Expression]  # pointer of a property in the schema -> its x-when
    process_xml: bytes
    flow: tuple[FlowStep, ...]
    result: ResultSpec
    contacts: Contacts
    faqs: tuple[Faq, ...]
    examples: tuple[Example, ...]
    sources: tuple[SourceNote, ...]
    digest: str  # SHA-256 of all files
    format: int = 1
    decision: DecisionSpec | None = None  # 秒批; None: a person decides every case
    commitments: tuple[Commitment, ...] = ()  # 告知承诺制
    route_xml: bytes = b""
    routes: Mapping[str, ReadyDecision] = field(default_factory=dict)  # 分派规则, by the name that rule tasks ask for
    signing: SigningSpec | None = None  # 共同签署

    def material(self, code: str) -> Material:
        """The material of that code. KeyError when the pack has none."""
        return {material.code: material for material in self.materials}[code]

    def commitment(self, code: str) -> Commitment:
        """The commitment (告知承诺) of that code. KeyError when the pack has none."""
        return {one.code: one for one in self.commitments}[code]

    @property
    def material_codes(self) -> frozenset[str]:
        return frozenset(material.code for material in self.materials)

    def basis(self, id: str) -> LegalBasis | None:
        """The law that a fact cites by id ("L1" or "L1 art. 3" both find L1)."""
        return next((law for law in self.legal_basis if law.id == id.split(" ")[0]), None)

    def grounds(self) -> dict[str, str]:
        """What a denial may rest on: the articles that conditions cite, then each law of the item. As cited here → as told."""
        articles = dict.fromkeys(c.basis for c in self.conditions if " " in c.basis)
        laws = {law.id: f"《{law.title}》{law.article}" for law in self.legal_basis}
        return {**{basis: self.cite(basis) for basis in articles}, **laws}

    def cite(self, basis: str) -> str:
        """ "L1 第四十二条" as people are told it: 《law》第四十二条. What cites no law of this pack stays as it is."""
        law = self.basis(basis) if basis else None
        return f"《{law.title}》{basis.partition(' ')[2]}" if law else basis
