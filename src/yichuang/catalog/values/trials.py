"""What checking and trying a pack answers."""

from __future__ import annotations

from dataclasses import dataclass

from yichuang.catalog.values.changes import Comparison
from yichuang.catalog.values.pack import Pack
from yichuang.core.words import Words


@dataclass(frozen=True, slots=True)
class PackFault:
    """What is wrong in a pack, where. `line` and `column` count from 1; 0 when the whole file is meant."""

    file: str
    line: int
    code: str
    message: Words
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: [{self.code}] {self.message.zh} / {self.message.en}"


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """What one worked example answered. Red when `differences` is not empty."""

    file: str
    name: Words
    differences: tuple[Words, ...]

    @property
    def ok(self) -> bool:
        return not self.differences


@dataclass(frozen=True, slots=True)
class Mutation:
    """One deliberate fault in a pack and the example that noticed it (None: nobody did, the examples are too weak)."""

    what: str
    noticed_by: str | None


@dataclass(frozen=True, slots=True)
class PackTrial:
    """Everything that a pack's editor wants to know before publishing, of one reading of the folder.

    With faults there is nothing else: neither examples nor comparison. `comparison` is None for an item never published.
    """

    faults: tuple[PackFault, ...]
    pack: Pack | None = None
    examples: tuple[ExampleResult, ...] = ()
    comparison: Comparison | None = None
    warnings: tuple[PackFault, ...] = ()

    @property
    def sound(self) -> bool:
        """No fault and no red example: what publishing asks of the pack itself."""
        return not self.faults and all(example.ok for example in self.examples)
