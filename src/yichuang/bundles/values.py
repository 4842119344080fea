"""What other rooms may hold of packages (一件事): the package as data, its receipt, its rows and pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from yichuang.core.words import Words


@dataclass(frozen=True, slots=True)
class Slot:
    """One item of a package. `rests_on`: items without whose grant this one cannot be granted."""

    id: str
    item: str  # the code of the item
    name: Words  # as the package's pages call it
    rests_on: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)  # questions that the package settles
    fed: Mapping[str, str] = field(default_factory=dict)  # pointer into its form -> "slot/what" of an earlier result
    later: frozenset[str] = frozenset()  # pointers that nobody can know before its turn: asked then


@dataclass(frozen=True, slots=True)
class SharedField:
    """A field that is asked once. `to`: slot → JSON pointer into that item's form."""

    key: str
    to: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """One page of shared fields."""

    id: str
    name: Words
    fields: tuple[SharedField, ...]


@dataclass(frozen=True, slots=True)
class SharedQuestion:
    """A question of the situation that is asked once. `to`: slot → the question's id in that item."""

    id: str
    to: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SharedPaper:
    """A paper that is handed in once. `to`: slot → the material's code in that item."""

    to: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PackagePromise:
    """How long the package may take: business minutes, and how people say it."""

    minutes: int
    words: Words
    source: str


@dataclass(frozen=True, slots=True)
class Package:
    """A package (一件事) as published: its items, the one form, the process that orders them."""

    code: str
    version: int
    name: Words
    summary: Words
    spoken: tuple[str, ...]
    slots: tuple[Slot, ...]
    groups: tuple[Group, ...]
    questions: tuple[SharedQuestion, ...]
    promise: PackagePromise
    process_xml: bytes
    sources: tuple[str, ...] = ()
    papers: tuple[SharedPaper, ...] = ()
    handover: str = "each"  # how results on paper are handed over unless the applicant chooses: each or together

    def slot(self, id: str) -> Slot:
        """The slot of that id. KeyError when there is none."""
        return {one.id: one for one in self.slots}[id]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(slot.id for slot in self.slots)

    @property
    def shared(self) -> tuple[tuple[Group, SharedField], ...]:
        """Every shared field with its group."""
        return tuple((group, one) for group in self.groups for one in group.fields)


@dataclass(frozen=True, slots=True)
class PackageFault:
    """What is wrong with a package's folder."""

    file: str
    words: Words

    def __str__(self) -> str:
        return f"{self.file}: {self.words.zh} / {self.words.en}"


@dataclass(frozen=True, slots=True)
class PackageRow:
    """A package in a list."""

    code: str
    version: int
    name: Words
    summary: Words
    promise: Words
    items: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class BundleFiling:
    """What is filed as a package, before it is looked at. `materials`: slot → material code → ids of uploads."""

    package: str
    version: int | None
    answers: Mapping[str, str]
    form: Mapping[str, Any]
    materials: Mapping[str, Mapping[str, Sequence[UUID]]]
    applicant: UUID | None
    draft: UUID | None = None
    handover: str = ""  # each or together; empty: as the package says
    locale: str = "zh-hans"

    def body(self) -> dict[str, Any]:
        """What an idempotency key stands for."""
        papers = {
            slot: {code: [str(i) for i in ids] for code, ids in of.items()} for slot, of in self.materials.items()
        }
        return {
            "package": self.package,
            "version": self.version,
            "answers": self.answers,
            "form": self.form,
            "materials": papers,
            "applicant": self.applicant,
            **({"handover": self.handover} if self.handover else {}),
        }


@dataclass(frozen=True, slots=True)
class BundleReceipt:
    """One receipt for the whole package: its number, and the cases that were filed at once (slot, number)."""

    bundle: UUID
    number: str
    filed_at: datetime
    cases: tuple[tuple[str, str], ...]
    paper: UUID | None = None  # 一件事收件凭证, a document of its first case
