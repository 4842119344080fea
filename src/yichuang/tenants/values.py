"""What other rooms may hold of tenants: who they are, what they keep, what runs for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from yichuang.core.words import W, Words
from yichuang.engine.values import StepRow, TaskRow, WaitRow

PartKind = Literal["process", "decision", "form", "table"]
TenantState = Literal["active", "suspended", "deleted"]
RunState = Literal["running", "finished", "cancelled"]

READ, DEFINE, DATA, RUN = "read", "define", "data", "run"
SCOPES: Mapping[str, Words] = {  # what a token may do; a token without `read` sees only what it wrote itself
    READ: W("查看", "read"),
    DEFINE: W("发布流程、决策表、表单和数据表", "publish processes, decision tables, forms and data tables"),
    DATA: W("写入数据", "write data"),
    RUN: W("运行流程和决策", "run processes and decisions"),
}
STATE_WORDS: Mapping[str, Words] = {
    "active": W("在用", "Active"),
    "suspended": W("已停用", "Suspended"),
    "deleted": W("已注销", "Deleted"),
}
MEGABYTE: Final = 1024 * 1024
SECOND: Final = 1000  # milliseconds
BOUNDS: Mapping[str, str] = {
    "from": "gte",
    "to": "lte",
    "after": "gt",
    "before": "lt",
}  # as it is asked, as the index compares
NEWS: Mapping[str, Words] = {  # of what a tenant's programs may be told (回调)
    "run_ended": W("流程结束或取消", "a run ended or was cancelled"),
    "task_opened": W("有新的人工任务", "a task waits for a post"),
    "work_waits": W("有程序要做的工作", "work waits for a program"),
    "row_added": W("新增数据行", "a row was added"),
    "row_changed": W("更改数据行", "a row was changed"),
    "row_removed": W("删除数据行", "a row was removed"),
}
PING: Final = "ping"
PART_WORDS: Mapping[str, Words] = {
    "process": W("流程", "process"),
    "decision": W("决策表", "decision table"),
    "form": W("表单", "form"),
    "table": W("数据表", "data table"),
}


@dataclass(frozen=True, slots=True)
class Quotas:
    """How much a tenant may keep and ask (配额): rows, bytes of all that it keeps, running processes, calls a minute, and
    milliseconds of the processor a minute."""

    rows: int = 100_000
    bytes: int = 200 * 1024 * 1024
    runs: int = 5_000
    calls: int = 600
    cpu: int = 20_000

    @classmethod
    def of(cls, *, rows: int, megabytes: int, runs: int, calls: int, seconds: int) -> "Quotas":
        """As administrators set them: in whole megabytes and seconds."""
        return cls(rows, megabytes * MEGABYTE, runs, calls, seconds * SECOND)


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of it is used now; `calls` and `cpu` in the present minute."""

    rows: int = 0
    bytes: int = 0
    runs: int = 0
    calls: int = 0
    cpu: int = 0


@dataclass(frozen=True, slots=True)
class TenantRow:
    """A tenant (租户): an application of others, and the department that answers for it."""

    id: UUID
    code: str
    name: Words
    department: UUID
    quotas: Quotas
    state: TenantState
    made_at: datetime


@dataclass(frozen=True, slots=True)
class TenantLine:
    """A tenant in the list of all, with how much it uses."""

    row: TenantRow
    used: Usage


@dataclass(frozen=True, slots=True)
class CredentialRow:
    """A token of a tenant (访问令牌) as administrators see it: never the token, only its last four characters."""

    id: UUID
    label: str
    tail: str
    scopes: tuple[str, ...]
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None
    live: bool


@dataclass(frozen=True, slots=True)
class PartRow:
    """A version of a definition. `body`: XML of a process or decision, JSON of a form or table."""

    id: UUID
    kind: PartKind
    code: str
    version: int
    name: Words
    sha: str
    made_at: datetime
    body: str = ""


@dataclass(frozen=True, slots=True)
class PartFault:
    """What is wrong with a definition, and where; row and column of a decision table count from 1."""

    words: Words
    code: str
    line: int = 0
    element: str = ""
    row: int = 0
    column: int = 0
    warns: bool = False


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A data table (数据表) as declared: its form, which columns are personal, which groups of columns are unique or found by, and by
    which rows are sorted and found between bounds: the last column of a group of `ranges`, where the others are equal."""

    form: Mapping[str, Any]
    unique: tuple[tuple[str, ...], ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    ranges: tuple[tuple[str, ...], ...] = ()

    @property
    def columns(self) -> Mapping[str, Mapping[str, Any]]:
        found: Mapping[str, Mapping[str, Any]] = self.form["properties"]
        return found

    @property
    def personal(self) -> frozenset[str]:
        return frozenset(name for name, column in self.columns.items() if column.get("x-personal"))

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Every group of columns that rows can be found by."""
        return (*self.unique, *(one for one in self.indexes if one not in self.unique))


@dataclass(frozen=True, slots=True)
class DataRow:
    """A row of a data table; `version` grows with each change."""

    id: UUID
    table: str
    version: int
    data: Mapping[str, Any]
    made_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class HookRow:
    """An address that is told (回调). `fault`: of the last try; `waiting`, `dead`: news not taken yet, or never."""

    id: UUID
    url: str
    kinds: tuple[str, ...]
    on: bool
    made_at: datetime
    told_at: datetime | None
    fault: str
    waiting: int
    dead: int
    lost: int


@dataclass(frozen=True, slots=True)
class RunRow:
    """A process that runs, or ran, for a tenant; `reference` is the tenant's own word for what it is about."""

    id: UUID
    process: str
    version: int
    reference: str
    state: RunState
    outcome: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run with its tasks, steps, and what it waits for besides people."""

    row: RunRow
    tasks: tuple[TaskRow, ...]
    steps: tuple[StepRow, ...]
    waits: tuple[WaitRow, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a decision table said: a value, or doubts for a person; and row by row why."""

    code: str
    version: int
    decided: bool
    value: Any
    doubts: tuple[Words, ...]
    rows: tuple["Tried", ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one row of the table (from 1)."""

    row: int
    hit: bool
    words: Words
