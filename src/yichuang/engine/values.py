"""What other rooms may hold: conditions and their verdicts, process models, tasks and steps, decisions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from yichuang.core.words import Words
from yichuang.engine.bpmn.drawing import STATE_WORDS, StepState, draw
from yichuang.engine.bpmn.editing import with_drawing
from yichuang.engine.bpmn.graph import Act, Box, Fault, Joint, Layout, Node, ProcessFaults, ProcessModel, TaskSpec
from yichuang.engine.bpmn.process import parse_process, read_process
from yichuang.engine.bpmn.versions import Migration, Obstacle
from yichuang.engine.dmn.bench import TableTrial, TriedRow, tried, typed_inputs
from yichuang.engine.dmn.check import TOO_COSTLY, Example, Report, check_decision
from yichuang.engine.dmn.edge import InputKind, Outcome, ReadyDecision, Tried, ready_decision
from yichuang.engine.dmn.editing import with_ids
from yichuang.engine.dmn.model import DecisionFaults, Table
from yichuang.engine.dmn.model import Fault as DecisionFault
from yichuang.engine.feel.budget import one_budget
from yichuang.engine.feel.explain import Clause
from yichuang.engine.feel.expression import Expression, Verdict, compile_expression
from yichuang.engine.feel.scan import ExpressionError
from yichuang.engine.feel.shapes import Shape, kind_of_text, kind_words

WaitKind = Literal["service", "rule", "send", "message", "signal", "timer"]
TaskState = Literal["open", "claimed", "done", "cancelled"]


@dataclass(frozen=True, slots=True)
class Note:
    """Why a task changed hands, and by whom. It may hold personal data.

    kind: "return" to the pool, "delegate" `to` a colleague, "take-back" from them, "back" to an earlier step (`to`),
    "transfer" to the posts of another department (`to`).
    """

    by: UUID
    name: str
    at: datetime
    text: str
    kind: str = "return"
    to: str = ""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task (任务) of a post. Names and opinions are for who may see the case; `version` grows with each act."""

    id: UUID
    instance: UUID
    subject_kind: str
    subject_id: UUID
    node: str
    name: Words
    post: str
    act: Act
    state: TaskState
    claimed_by: UUID | None
    claimed_at: datetime | None
    created_at: datetime
    due_at: datetime | None
    outcome: str
    opinion: str
    done_by: UUID | None
    done_at: datetime | None
    claimed_name: str = ""
    done_name: str = ""
    notes: tuple[Note, ...] = ()
    version: int = 1
    scope: str = ""  # which of the process's sub-processes it stands in; "": the process itself
    seat: int = 0  # 会签: which of several, from 1; 0: nobody else has this step
    back_to: str = ""  # 退回: the earlier step it was sent back to
    delegated_by: UUID | None = None  # 转办: who handed it to its holder, and may take it back
    delegated_name: str = ""
    parent: UUID | None = None  # 加签: the task whose holder asks
    asked_by: UUID | None = None
    asked_name: str = ""
    question: str = ""

    @property
    def subject(self) -> tuple[str, UUID]:
        return self.subject_kind, self.subject_id


@dataclass(frozen=True, slots=True)
class WaitRow:
    """What a process waits for besides people: work outside (service, rule, send), a message, a signal, a timer.

    `node`: where the token stands; `event`: that node, or the event on its boundary. `key`: operation, decision, message or signal. `due_at`: when a timer fires, or when failed work is tried again.
    """

    id: UUID
    instance: UUID
    tenant: str
    subject_kind: str
    subject_id: UUID
    scope: str
    node: str
    event: str
    name: Words  # of the event, or of the step
    kind: WaitKind
    key: str
    created_at: datetime
    due_at: datetime | None
    held_at: datetime | None = None  # of a timer: since when it stands still
    failures: int = 0
    failed_with: str = ""


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of the process as it went or may go; `by` is the name of who did it or does it now ("": nobody yet)."""

    node: str
    name: Words
    state: StepState
    entered_at: datetime | None
    left_at: datetime | None
    by: str
    posts: tuple[str, ...] = ()  # whose step it is: post codes


__all__ = [
    "TOO_COSTLY",
    "Act",
    "Box",
    "Clause",
    "DecisionFault",
    "DecisionFaults",
    "Example",
    "Expression",
    "ExpressionError",
    "Fault",
    "InputKind",
    "Joint",
    "Layout",
    "Migration",
    "Node",
    "Note",
    "Obstacle",
    "Outcome",
    "ProcessFaults",
    "ProcessModel",
    "ReadyDecision",
    "Report",
    "Shape",
    "Table",
    "TableTrial",
    "StepRow",
    "STATE_WORDS",
    "StepState",
    "TaskRow",
    "TaskSpec",
    "TaskState",
    "Tried",
    "TriedRow",
    "Verdict",
    "check_decision",
    "WaitKind",
    "WaitRow",
    "compile_expression",
    "draw",
    "kind_of_text",
    "kind_words",
    "one_budget",
    "parse_process",
    "read_process",
    "ready_decision",
    "tried",
    "typed_inputs",
    "with_drawing",
    "with_ids",
]
