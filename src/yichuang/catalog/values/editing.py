"""What the editors of a pack's process and decision read, and what the checks answer them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from yichuang.core.words import Words

if TYPE_CHECKING:
    from yichuang.catalog.values.trials import ExampleResult

DrawnFile = Literal["process.bpmn", "decision.dmn", "route.dmn"]


@dataclass(frozen=True, slots=True)
class PackFile:
    """A file of a pack as an editor opens it. `digest`: of the whole folder that was read; saving names it again.

    `version`: that of the folder; `is_draft`: whether it is a draft already.
    """

    item: str
    name: DrawnFile
    content: bytes
    digest: str
    version: int
    is_draft: bool


@dataclass(frozen=True, slots=True)
class DrawnFault:
    """What is wrong in such a file: at the element of a process, or in the cell of a table (row, column from 1; 0: none).

    `line` counts from 1; 0: the whole file. `warns`: it may be published all the same.
    """

    words: Words
    line: int
    code: str
    element: str = ""
    row: int = 0
    column: int = 0
    warns: bool = False


@dataclass(frozen=True, slots=True)
class DecisionCheck:
    """The check of a table being edited. `examples` and `hits` only after a whole check that nothing stood in the way of.

    `hits`: of each rule how many examples hit it; a rule that none hits is untried.
    """

    faults: tuple[DrawnFault, ...]
    examples: tuple[ExampleResult, ...] = ()
    hits: tuple[int, ...] = ()

    @property
    def sound(self) -> bool:
        return all(fault.warns for fault in self.faults) and all(example.ok for example in self.examples)


@dataclass(frozen=True, slots=True)
class BenchInput:
    """A field of the test bench (试算): what the table reads, its kind as FEEL names it, and the texts allowed.

    `said`: how people say an allowed text, where it is known.
    """

    name: str
    words: Words
    kind: str
    allowed: tuple[str, ...]
    said: Mapping[str, Words] = field(default_factory=dict)
