"""A package in the making, as its pages need it: draft, packs, the one form, the steps, what stands where."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from yichuang.bundles import queries as bundles
from yichuang.bundles.commands.drafts import keep_draft
from yichuang.bundles.queries import BundleDraftRow
from yichuang.catalog.values import Requirements
from yichuang.core.actors import Actor, Channel
from yichuang.core.refusals import Reason
from yichuang.core.words import W, Words
from yichuang.people import queries as people
from yichuang.people.values import PartyRow
from yichuang.webkit.areas import with_places
from yichuang.webkit.forms import JsonDict, Subject, subjects
from yichuang.webkit.problems import anchor

SITUATION, PAPERS, CHECK, FORM = "situation", "papers", "check", "form-"
STEP_WORDS = {
    SITUATION: W("您的情况", "Your situation"),
    PAPERS: W("上传材料", "Your papers"),
    CHECK: W("核对并提交", "Check and submit"),
}


@dataclass(frozen=True, slots=True)
class PackageStep:
    """One page. `subject` only on pages of the form."""

    id: str
    words: Words
    subject: Subject | None = None


@dataclass(frozen=True, slots=True)
class Packing:
    """A draft with its package and the packs that apply now."""

    draft: BundleDraftRow
    work: bundles.Work
    schema: JsonDict
    steps: tuple[PackageStep, ...]
    applicant: PartyRow

    def step(self, id: str) -> PackageStep | None:
        return next((step for step in self.steps if step.id == id), None)

    def number(self, id: str) -> int:
        """Which page this is, from 1."""
        return [step.id for step in self.steps].index(id) + 1

    def after(self, id: str) -> str:
        return self.steps[min(self.number(id), len(self.steps) - 1)].id

    def before(self, id: str) -> str:
        """The step that goes before; an empty text on the first."""
        here = self.number(id)
        return self.steps[here - 2].id if here > 1 else ""

    def address(self, step: str, field: str = "") -> str:
        """Where a page of this draft is, at a field."""
        address = reverse("portal:package-step", args=[self.draft.id, step])
        return f"{address}#{anchor(field)}" if field else address


def open_draft(actor: Actor, draft: UUID, *, at: datetime) -> Packing:
    """The draft with its package. A draft of an older version moves to the newest, losing no word."""
    row = bundles.get_draft(actor, draft)
    version, package = bundles.newest_version(row.code)
    if version != row.version:
        keep_draft(actor=actor, draft=draft, package=version, at=at)
        row = bundles.get_draft(actor, draft)
    work = bundles.work_of(package, row.answers, row.form, at=at)
    schema = with_places(work.schema)
    first = (PackageStep(SITUATION, STEP_WORDS[SITUATION]),) if bundles.asked_questions(work) else ()
    middle = tuple(PackageStep(FORM + subject.id, subject.label, subject) for subject in subjects(schema))
    last = (PackageStep(PAPERS, STEP_WORDS[PAPERS]), PackageStep(CHECK, STEP_WORDS[CHECK]))
    return Packing(row, work, schema, (*first, *middle, *last), people.get_party(row.applicant))


def requirements(packing: Packing, *, at: datetime) -> dict[str, Requirements]:
    """Per item what this applicant needs."""
    return bundles.requirements_of(packing.work, packing.applicant.id, channel=Channel.PORTAL.value, at=at)


def pointers_of(schema: Mapping[str, Any], subject: Subject) -> frozenset[str]:
    """Every field on a page of the form."""
    return frozenset(p for name in subject.names for p in _pointers("/" + name, schema["properties"].get(name, {})))


def _pointers(pointer: str, node: Mapping[str, Any]) -> Iterator[str]:
    yield pointer
    for name, child in node.get("properties", {}).items():
        yield from _pointers(f"{pointer}/{name}", child)


def located(packing: Packing, reasons: Iterable[Reason]) -> list[tuple[Reason, str]]:
    """Each reason with the address of the field that it speaks about."""
    return [(reason, _address(packing, reason.field or "")) for reason in reasons]


def _address(packing: Packing, field: str) -> str:
    name = field.strip("/").split("/")[0]
    pages = (step.id for step in packing.steps if step.subject is not None and name in step.subject.names)
    target = next(pages, "")
    if not target and name in {asked.id for asked in bundles.asked_questions(packing.work)}:
        target = SITUATION
    if name.endswith("-materials"):
        return packing.address(PAPERS)
    return packing.address(target, field) if target else ""
