"""/administration: an item's process and decision table, checked and tried before anybody publishes them. Changes nothing.

The item editor's; the editors of the console ask the same.
"""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Path, Router, Schema

from yichuang.catalog import commands
from yichuang.catalog.values import DrawnFault
from yichuang.core.clock import now
from yichuang.core.words import Words
from yichuang.web.api.schemas import In, Label, Problem
from yichuang.webkit.actor import actor_of

router = Router(tags=["administration"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 413: Problem, 422: Problem}
MOST = 300_000


class DrawnIn(In):
    xml: str = Field(description="the whole file, UTF-8", min_length=1, max_length=MOST)


class CheckDecisionIn(DrawnIn):
    whole: bool = Field(True, description="false: names and cells only")


class TryIn(DrawnIn):
    values: dict[str, str] = Field(description="by input; left out: unknown; dates as 2026-12-31", max_length=100)


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
    examples = [
        {"name": _label(one.name), "ok": one.ok, "differences": [_label(words) for words in one.differences]}
        for one in found.examples
    ]
    return {"faults": [_fault(one) for one in found.faults], "examples": examples, "hits": list(found.hits)}


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
