"""/administration/registry: how sources do, batches of rows, what a source gave, contradictions between sources (一库共享).

The data steward's, which is the item editor (docs/how-to/registries.md). What machines decide by goes in and out by two.
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, File, Form, FormEx, P, Path, QueryEx, Router, Schema, Status
from ninja.files import UploadedFile

from yichuang.core.clock import SHANGHAI, now
from yichuang.registry import commands
from yichuang.registry import queries as registry
from yichuang.registry.values import Base as SharedBase
from yichuang.registry.values import BatchRow, ClashRow, HoldingRow, RowFault, SourceState
from yichuang.web.api import translate
from yichuang.web.api.administration import MadeOut
from yichuang.web.api.schemas import DoneOut, In, Label, Problem
from yichuang.web.api.second import ProposalOut, ProposeReasonIn, propose
from yichuang.webkit.actor import actor_of

router = Router(tags=["administration"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 413: Problem, 422: Problem}
Limit = QueryEx[int, P(ge=1, le=100)]
Cursor = QueryEx[UUID | None, P()]


class SourceOut(Schema):
    code: str
    local: bool
    bases: list[SharedBase]
    records: int
    last_success: datetime | None
    asked: int = Field(description="in the last day")
    failed: int
    p95_ms: int | None
    open: bool = Field(description="断路: it is known to be down and not asked")


class SourcesOut(Schema):
    items: list[SourceOut]


class HoldingOut(Schema):
    """What a local source has given of a base."""

    id: UUID
    base: SharedBase
    source: str
    records: int
    loaded_at: datetime
    whole_at: datetime | None
    incomplete: bool = Field(description="its last whole delivery had faults")
    stale: bool = Field(description="it said the whole of it (or, of a part, anything) too long ago")


class HoldingsOut(Schema):
    items: list[HoldingOut]


class RetireIn(ProposeReasonIn):
    base: SharedBase
    source: str = Field(max_length=60)


class RegistryBatchOut(Schema):
    id: UUID
    base: SharedBase
    source: str
    file: str
    whole: bool
    at: datetime
    by: str = Field(description="masked")
    loaded: int
    unchanged: int
    gone: int
    faults: int = Field(description="rows that stayed out")
    clashes: int = Field(description="contradictions with other sources that are new")


class RegistryBatchesOut(Schema):
    items: list[RegistryBatchOut]
    next: str | None = None


class RowFaultOut(Schema):
    """What is wrong with a row: never the value."""

    row: int = Field(description="as a spreadsheet counts it")
    column: str
    code: str
    words: Label


class RegistryBatchPageOut(RegistryBatchOut):
    rows: list[RowFaultOut] = Field(description="the first 200 of them")


class SourceWordOut(Schema):
    source: str
    words: Label = Field(description="masked")


class ContradictionOut(Schema):
    """One contradiction between sources."""

    id: UUID
    base: SharedBase
    field: str = Field(description="empty: whether there is a record at all")
    words: Label
    key: str = Field(description="masked")
    said: list[SourceWordOut]
    hint: Label = Field(description="where the difference lies, without the values")
    found_at: datetime
    settled_at: datetime | None
    kept: str
    reason: str


class ContradictionsOut(Schema):
    items: list[ContradictionOut]
    next: str | None = None


class SettleIn(In):
    keep: str = Field(max_length=60, description="the source that is right")
    reason: str = Field(max_length=1000, description="how that was found out")
    seen: datetime = Field(description="`found_at` of what was read")


@router.get(
    "/registry/sources",
    response={200: SourcesOut, **REFUSALS},
    url_name="registry_sources",
    summary="How the sources of the shared bases do",
)
def sources(request: HttpRequest) -> dict[str, Any]:
    """Local givers first; for item editors and system administrators."""
    return {"items": [_source(row) for row in registry.source_states(actor_of(request), at=now())]}


@router.get(
    "/registry/holdings",
    response={200: HoldingsOut, **REFUSALS},
    url_name="registry_holdings",
    summary="What local sources have given, by base",
)
def holdings(request: HttpRequest) -> dict[str, Any]:
    """What is stale or incomplete makes every answer of its base unknown."""
    return {"items": [_holding(row) for row in registry.list_holdings(actor_of(request), at=now())]}


@router.post(
    "/registry/holdings/retire",
    response={202: ProposalOut, **REFUSALS},
    url_name="retire_registry_source",
    summary="停用来源: ask that a local source's records of a base go away; a second editor confirms",
)
def retire(request: HttpRequest, body: RetireIn) -> Any:
    """Nobody waits for it any more; it may give data anew."""
    return propose(request, commands.RETIRE, {"base": body.base.value, "source": body.source}, body.reason)


@router.get(
    "/registry/batches",
    response={200: RegistryBatchesOut, **REFUSALS},
    url_name="registry_batches",
    summary="批量导入: what was loaded",
)
def batches(request: HttpRequest, limit: Limit = 20, cursor: Cursor = None) -> dict[str, Any]:
    """The latest first."""
    page = registry.list_batches(actor_of(request), str(cursor) if cursor else None, limit)
    return {"items": [_batch(row) for row in page.items], "next": page.next}


@router.post(
    "/registry/batches",
    response={201: MadeOut, **REFUSALS},
    url_name="registry_batches",
    summary="Hand in a file of rows (CSV, XLSX); it is checked and waits, sealed, for two to load it",
)
def stage(
    request: HttpRequest,
    file: File[UploadedFile],
    base: Form[SharedBase],
    source: FormEx[str, P(max_length=60)],
    whole: Form[bool] = False,
    encoding: Form[Literal["utf-8", "gb18030"]] = "utf-8",
    made_at: Form[datetime | None] = None,
) -> Any:
    """For a day. `whole`: it is all that the source has. `made_at`: when the giver made it; left out: just now. The same file
    once more while it waits is the same."""
    made = commands.stage_batch(
        base=base,
        source=source,
        file=file.read(),
        name=file.name or "",
        actor=actor_of(request),
        at=now(),
        whole=whole,
        encoding=encoding,
        made_at=made_at if made_at is None or made_at.tzinfo else made_at.replace(tzinfo=SHANGHAI),
    )
    return Status(201, {"id": made})


@router.get(
    "/registry/batches/{batch}",
    response={200: RegistryBatchPageOut, **REFUSALS},
    url_name="registry_batch",
    summary="What became of one batch, and what is wrong with which row",
)
def batch(request: HttpRequest, batch: Path[UUID]) -> dict[str, Any]:
    """Once it is loaded; while it waits, its proposal says what would happen."""
    found, faults = registry.get_batch(actor_of(request), batch)
    return {**_batch(found), "rows": [_fault(one) for one in faults]}


@router.post(
    "/registry/batches/{batch}/load",
    response={202: ProposalOut, **REFUSALS},
    url_name="load_registry_batch",
    summary="Ask that a file that waits be loaded; a second editor confirms",
)
def load(request: HttpRequest, batch: Path[UUID], body: ProposeReasonIn) -> Any:
    """The proposal's facts are what would become of the records. Loaded, the batch keeps this id."""
    return propose(request, commands.LOAD, {"batch": str(batch)}, body.reason)


@router.get(
    "/registry/contradictions",
    response={200: ContradictionsOut, **REFUSALS},
    url_name="registry_contradictions",
    summary="矛盾核实: where sources contradict each other",
)
def contradictions(
    request: HttpRequest,
    base: QueryEx[SharedBase | None, P()] = None,
    settled: QueryEx[bool, P(description="those that were settled instead")] = False,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The latest first; values masked."""
    of = str(cursor) if cursor else None
    page = registry.list_contradictions(actor_of(request), base, of, limit, settled=settled)
    return {"items": [_clash(row) for row in page.items], "next": page.next}


@router.post(
    "/registry/contradictions/{contradiction}/settle",
    response={200: DoneOut, **REFUSALS},
    url_name="settle_contradiction",
    summary="Say which source is right, and how that was found out",
)
def settle(request: HttpRequest, contradiction: Path[UUID], body: SettleIn) -> dict[str, Any]:
    """It holds as long as the sources go on saying the same. No decision table goes by it."""
    commands.settle_contradiction(
        actor=actor_of(request), id=contradiction, keep=body.keep, reason=body.reason, seen=body.seen, at=now()
    )
    return {}


def _source(row: SourceState) -> dict[str, Any]:
    names = ("code", "local", "records", "last_success", "asked", "failed", "p95_ms", "open")
    return {**{name: getattr(row, name) for name in names}, "bases": list(row.bases)}


def _holding(row: HoldingRow) -> dict[str, Any]:
    names = ("id", "base", "source", "records", "loaded_at", "whole_at", "incomplete", "stale")
    return {name: getattr(row, name) for name in names}


def _batch(row: BatchRow) -> dict[str, Any]:
    names = ("id", "base", "source", "file", "whole", "at", "by", "loaded", "unchanged", "gone", "faults", "clashes")
    return {name: getattr(row, name) for name in names}


def _fault(one: RowFault) -> dict[str, Any]:
    return {"row": one.row, "column": one.column, "code": one.code, "words": translate.label(one.words)}


def _clash(row: ClashRow) -> dict[str, Any]:
    names = ("id", "base", "field", "found_at", "settled_at", "kept", "reason")
    return {
        **{name: getattr(row, name) for name in names},
        "words": translate.label(row.words),
        "key": row.key_masked,
        "said": [{"source": source, "words": translate.label(words)} for source, words in row.said],
        "hint": translate.label(row.hint),
    }
