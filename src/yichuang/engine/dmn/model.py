"""A decision model as it was read: what is decided, from what, and how. Each part knows its line of the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from yichuang.core.words import Words


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a model. `place` names the element; `row` and `column` of a table count from 1 (0: none)."""

    line: int
    element: str
    words: Words
    code: str
    row: int = 0
    column: int = 0
    warns: bool = False  # it may be published all the same: a person decides there


class DecisionFaults(ValueError):
    """A model that cannot be used; all its faults at once."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("；".join(f"第 {fault.line} 行：{fault.words.zh}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Text:
    """A FEEL text of the file."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Variable:
    name: str
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Literal:
    text: Text
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: of inputs with its `expression`, of outputs with its `default`; `values` are those allowed."""

    label: str
    name: str
    type_ref: str
    values: Text | None
    line: int
    expression: Text | None = None
    default: Text | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    tests: tuple[Text, ...]
    results: tuple[Text, ...]
    note: str
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table; `policy` is U A P F R O C, `collect` one of SUM MIN MAX COUNT or nothing."""

    policy: str
    collect: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]
    line: int
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    variable: Variable | None
    value: "Box | None"


@dataclass(frozen=True, slots=True)
class ContextBox:
    """Entries; one without a name is the result."""

    entries: tuple[Entry, ...]
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class InvocationBox:
    function: "Box | None"
    bindings: tuple[Entry, ...]
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class FunctionBox:
    """A function; `foreign` when its body is not FEEL (Java, PMML), which never runs here."""

    params: tuple[Variable, ...]
    body: "Box | None"
    foreign: bool = False
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class ListBox:
    items: "tuple[Box, ...]"
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class RelationBox:
    columns: tuple[Variable, ...]
    rows: "tuple[tuple[Box, ...], ...]"
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class ConditionalBox:
    condition: "Box | None"
    then: "Box | None"
    otherwise: "Box | None"
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class LoopBox:
    """`kind` is for, some or every."""

    kind: str
    iterator: str
    source: "Box | None"
    body: "Box | None"
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class FilterBox:
    source: "Box | None"
    match: "Box | None"
    type_ref: str = ""


Box: TypeAlias = (
    Literal
    | Table
    | ContextBox
    | InvocationBox
    | FunctionBox
    | ListBox
    | RelationBox
    | ConditionalBox
    | LoopBox
    | FilterBox
)


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A type of the model; `parts` are the entries of a context, `allowed` the unary tests of its values."""

    name: str
    type_ref: str
    is_list: bool
    allowed: Text | None
    parts: "tuple[ItemDefinition, ...]"
    line: int
    function: "tuple[tuple[str, ...], str] | None" = None


@dataclass(frozen=True, slots=True)
class Element:
    """A node of the requirements graph; `kind` is input, decision, bkm or service.

    A service: `outputs`, `encapsulated`, `given` (input decisions) and `inputs`. Ids of imported models carry their namespace.
    """

    kind: str
    id: str
    name: str
    variable: Variable
    line: int
    needs: tuple[str, ...] = ()
    body: Box | None = None
    outputs: tuple[str, ...] = ()
    encapsulated: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Import:
    name: str
    namespace: str
    line: int


@dataclass(frozen=True)
class Model:
    """A file. `elements` by id."""

    name: str
    namespace: str
    items: tuple[ItemDefinition, ...]
    elements: Mapping[str, Element]
    imports: tuple[Import, ...]
    names: frozenset[str] = field(default_factory=frozenset)  # names of parts of types, for reading texts

    def find(self, name: str, *kinds: str) -> Element | None:
        """The element of a name."""
        return next((one for one in self.elements.values() if one.name == name and one.kind in kinds), None)
