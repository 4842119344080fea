"""What other rooms may hold of packages (一件事): the package as data, its receipt, its rows and pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field

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
