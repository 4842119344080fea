"""/administration: an item's process, decision table and routing tables: opened, checked, tried, kept as a draft.

The item editor's; the editors of the console ask the same. Nothing takes effect before it is published.
"""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Path, Router, Schema

from yichuang.catalog import commands
from yichuang.catalog.values import DecisionCheck, DrawnFault, DrawnFile
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound
from yichuang.core.words import W, Words
from yichuang.engine.values import TableTrial
from yichuang.web.api.schemas import In, Label, Problem
from yichuang.webkit.actor import actor_of

router = Router(tags=["administration"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 413: Problem, 422: Problem}
MOST = 300_000
A_TABLE = W("分派规则", "routing table")
ROUTE: DrawnFile = "route.dmn"


class DrawnIn(In):
    xml: str = Field(description="the whole file, UTF-8", min_length=1, max_length=MOST)


class CheckDecisionIn(DrawnIn):
    whole: bool = Field(True, description="false: names and cells only")


class TryIn(DrawnIn):
    values: dict[str, str] = Field(description="by input; left out: unknown; dates as 2026-12-31", max_length=100)


class RoutingIn(DrawnIn):
    table: str = Field("", max_length=200, description="the one of several that is meant; empty: the first")


class CheckRoutingIn(RoutingIn):
    whole: bool = Field(True, description="false: names and cells only")


class TryRoutingIn(RoutingIn):
    values: dict[str, str] = Field(description="by column; left out: unknown; dates as 2026-12-31", max_length=100)


class KeepDrawnIn(DrawnIn):
    digest: str = Field(max_length=64, description="of what was opened: what came meanwhile is a conflict")


class DrawnFileOut(Schema):
    """A file of the item's folder as an editor opens it: a process with its drawing, tables with ids."""

    name: str
    xml: str
    digest: str = Field(description="of the whole folder: to be sent back when it is kept")
    version: int
    draft: bool
    tables: list[str] = Field(description="of routing tables: those that steps of the process ask")


class KeptDrawnOut(Schema):
    digest: str


class FaultOut(Schema):
    """What is wrong, and where: the element of a process, or row and column of a table (from 1; 0: none)."""

    words: Label
    line: int
    code: str
    element: str
    row: int
    column: int
    warns: bool = Field(description="it may be published all the same")


class CheckOut(Schema):
    faults: list[FaultOut]


class ExampleOut(Schema):
    name: Label
    ok: bool
    differences: list[Label]


class DecisionCheckOut(CheckOut):
    examples: list[ExampleOut]
    hits: list[int] = Field(description="of each rule how many examples hit it")


class RowOut(Schema):
    row: int
    hit: bool
    result: Label
    why: Label


class TryOut(Schema):
    """What the table says; `doubts`: why a person would decide."""

    approved: bool
    doubts: list[Label]
    rows: list[RowOut]


class BenchRowOut(Schema):
    """What became of one row: it fits, or the first cell that does not."""

    row: int
    hit: bool
    result: str
    why: Label


class BenchOut(Schema):
    """What a table says on values; `value` is empty where a person decides."""

    value: str
    doubts: list[Label]
    rows: list[BenchRowOut]


@router.get(
    "/items/{code}/files/{file}",
    response={200: DrawnFileOut, **REFUSALS},
    url_name="drawn_file",
    summary="Open a process or its tables: the draft, or the folder's",
)
def opened(request: HttpRequest, code: Path[str], file: Path[DrawnFile]) -> dict[str, Any]:
    actor = actor_of(request)
    found = commands.pack_file(actor, code, file)
    return {
        "name": found.name,
        "xml": found.content.decode(),
        "digest": found.digest,
        "version": found.version,
        "draft": found.is_draft,
        "tables": list(commands.route_tables(actor, code)) if file == ROUTE else [],
    }


@router.post(
    "/items/{code}/files/{file}",
    response={200: KeptDrawnOut, **REFUSALS, 409: Problem},
    url_name="drawn_file",
    summary="Keep it as the item's draft; publishing is another act, by two",
)
def keep(request: HttpRequest, code: Path[str], file: Path[DrawnFile], body: KeepDrawnIn) -> dict[str, Any]:
    """With its faults, if it has any: they are refused when it is published."""
    content = body.xml.encode()
    kept = commands.save_drawn(
        actor=actor_of(request), item=code, name=file, content=content, digest=body.digest, at=now()
    )
    return {"digest": kept}


@router.post(
    "/items/{code}/check-process",
    response={200: CheckOut, **REFUSALS},
    url_name="check_process",
    summary="Check a process (BPMN) in the place of the item's own",
)
def check_process(request: HttpRequest, code: Path[str], body: DrawnIn) -> dict[str, Any]:
    """Everything that publishing would refuse, each with its element; nothing is kept."""
    found = commands.check_process_file(actor_of(request), code, body.xml.encode())
    return {"faults": [_fault(one) for one in found]}


@router.post(
    "/items/{code}/check-decision",
    response={200: DecisionCheckOut, **REFUSALS},
    url_name="check_decision",
    summary="Check a decision table (DMN) in the place of the item's own",
)
def check_decision(request: HttpRequest, code: Path[str], body: CheckDecisionIn) -> dict[str, Any]:
    """Cells, gaps and overlaps; the examples, and which rules they hit. Nothing is kept."""
    found = commands.check_decision_file(actor_of(request), code, body.xml.encode(), whole=body.whole)
    return _checked(found)


@router.post(
    "/items/{code}/try-decision",
    response={200: TryOut, **REFUSALS},
    url_name="try_decision",
    summary="Try a decision table (DMN) on values",
)
def try_decision(request: HttpRequest, code: Path[str], body: TryIn) -> dict[str, Any]:
    """The result, the rules that hit, and of each other rule the first cell that did not fit. Nothing is kept."""
    actor, xml = actor_of(request), body.xml.encode()
    judged, rows = commands.try_decision_file(actor, code, xml, body.values, at=now())
    return {
        "approved": judged.approved,
        "doubts": [_label(words) for words in judged.doubts],
        "rows": [{"row": one.row, "hit": one.hit, "result": _label(one.words), "why": _label(one.why)} for one in rows],
    }


@router.post(
    "/items/{code}/check-routing",
    response={200: DecisionCheckOut, **REFUSALS},
    url_name="check_routing",
    summary="Check a routing table (DMN) in the place of the item's own",
)
def check_routing(request: HttpRequest, code: Path[str], body: CheckRoutingIn) -> dict[str, Any]:
    """Cells, gaps and overlaps, what the process and the questions ask of it, the examples. Nothing is kept."""
    actor = actor_of(request)
    table = _table(actor, code, body.table)
    return _checked(commands.check_route_file(actor, code, body.xml.encode(), table, whole=body.whole))


@router.post(
    "/items/{code}/try-routing",
    response={200: BenchOut, **REFUSALS},
    url_name="try_routing",
    summary="Try a routing table (DMN) on values",
)
def try_routing(request: HttpRequest, code: Path[str], body: TryRoutingIn) -> dict[str, Any]:
    """Which way it says, and row by row why. Nothing is kept."""
    actor = actor_of(request)
    table = _table(actor, code, body.table)
    return bench(commands.try_route_file(actor, code, body.xml.encode(), table, body.values, at=now()))


def bench(found: TableTrial) -> dict[str, Any]:
    """What a table said on the bench."""
    rows = [{"row": one.row, "hit": one.hit, "result": one.result, "why": _label(one.why)} for one in found.rows]
    return {"value": found.value, "doubts": [_label(words) for words in found.doubts], "rows": rows}


def _table(actor: Actor, code: str, named: str) -> str:
    """The routing table that is meant, among those that the process asks. NotFound."""
    tables = commands.route_tables(actor, code)
    table = named or (tables[0] if tables else "")
    if table not in tables:
        raise NotFound(A_TABLE)
    return table


def _checked(found: DecisionCheck) -> dict[str, Any]:
    examples = [
        {"name": _label(one.name), "ok": one.ok, "differences": [_label(words) for words in one.differences]}
        for one in found.examples
    ]
    return {"faults": [_fault(one) for one in found.faults], "examples": examples, "hits": list(found.hits)}


def _label(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _fault(one: DrawnFault) -> dict[str, Any]:
    return {
        "words": _label(one.words),
        "line": one.line,
        "code": one.code,
        "element": one.element,
        "row": one.row,
        "column": one.column,
        "warns": one.warns,
    }
