"""Published packages with the item packs that they put together, as they stand now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from yichuang.bundles import messages
from yichuang.bundles.models import PackageVersion
from yichuang.bundles.reading import BPMN, YAML, package_of
from yichuang.bundles.rules import form as rules
from yichuang.bundles.values import Package, Slot
from yichuang.cases import queries as cases
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Pack, Requirements
from yichuang.core.refusals import NotFound, Reason, Refused

JsonDict = dict[str, Any]


@lru_cache(maxsize=64)
def _package(id: UUID) -> Package:
    row = PackageVersion.objects.get(id=id)
    package, faults = package_of({YAML: row.text.encode(), BPMN: row.process.encode()})
    if package is None:
        raise LookupError(str(faults[0]))
    return package


def package_by_id(id: UUID) -> Package:
    """A version that something filed stays with; read once per process."""
    return _package(id)


def newest(code: str) -> tuple[UUID, Package]:
    """The newest published version. NotFound when there is none, Refused (gone) when it is withdrawn."""
    row = PackageVersion.objects.filter(code=code).order_by("-version").values_list("id", "withdrawn_at").first()
    if row is None:
        raise NotFound(messages.THE_PACKAGE)
    id, withdrawn = row
    package = _package(id)
    if withdrawn is not None:
        raise Refused(Reason("PACKAGE_GONE", messages.PACKAGE_GONE.format(name=package.name)), kind="gone")
    return id, package


@dataclass(frozen=True, slots=True)
class Work:
    """A package with its items' packs of today, and what was entered so far."""

    package: Package
    packs: Mapping[str, Pack]
    answers: Mapping[str, str]
    form: Mapping[str, Any]

    def answers_of(self, slot: Slot) -> dict[str, str]:
        """The situation of one item."""
        return rules.answers_for(self.package, slot, self.answers)

    def part(self, slot: Slot) -> JsonDict:
        """One item's form, with only what its situation asks."""
        whole = rules.part_of(self.package, slot, self.form)
        return catalog.pruned(self.packs[slot.id], self.answers_of(slot), whole)

    def schema_of(self, slot: Slot) -> JsonDict:
        """The form of one item in its situation."""
        return catalog.form_schema(self.packs[slot.id], self.answers_of(slot), self.part(slot))

    @property
    def schema(self) -> JsonDict:
        """The one form of this situation."""
        return rules.one_form(self.package, {slot.id: self.schema_of(slot) for slot in self.package.slots})


def work_of(package: Package, answers: Mapping[str, str], form: Mapping[str, Any], *, at: datetime) -> Work:
    """The package with the packs that apply now. Refused (gone) while one of its items is not offered."""
    packs: dict[str, Pack] = {}
    for slot in package.slots:
        try:
            packs[slot.id] = catalog.get_pack(slot.item, at=at)
        except NotFound:
            raise Refused(Reason("ITEM_GONE", messages.ITEM_GONE.format(name=slot.name)), kind="gone") from None
    return Work(package, packs, answers, form)


def requirements_of(work: Work, applicant: UUID, *, channel: str, at: datetime) -> dict[str, Requirements]:
    """Per item what this applicant needs, with what the state holds already."""
    found: dict[str, Requirements] = {}
    for slot in work.package.slots:
        pack, part, answers = work.packs[slot.id], work.part(slot), work.answers_of(slot)
        facts = cases.facts_for(pack, applicant, part, channel=channel, at=at)
        found[slot.id] = catalog.requirements(pack.code, pack.version, answers=answers, form=part, facts=facts, at=at)
    return found
