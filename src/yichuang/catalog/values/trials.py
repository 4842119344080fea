"""What checking and trying a pack answers."""

from __future__ import annotations

from dataclasses import dataclass

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
