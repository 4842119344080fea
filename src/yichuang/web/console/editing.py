"""What every editor's page shares: whose file it is, what a check found as its script reads it, what was drawn and sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from django.http import HttpRequest, HttpResponse
from markupsafe import Markup

from yichuang.catalog.values import BenchInput, DecisionCheck
from yichuang.core.refusals import Change, Conflict, Reason, Refused
from yichuang.core.words import W, Words
from yichuang.engine.values import ProcessFaults, Table, TableTrial, draw, parse_process
from yichuang.web.console.pages import render
from yichuang.webkit import params

MOST: Final = 310_000  # characters that are read of what was sent; the command refuses more than 300 KB
NOTHING = W("没有收到文件", "No file arrived")
FAULTS: Final = 60  # shown at once
DRAFT = W("存为草稿", "Keep as draft")
DRAFT_AFTER = W(
    "草稿只是文件：核对差异、由另一位编辑复核发布之后才生效。保存会留痕。",
    "A draft is a file only: it takes effect after its differences were read and another editor confirmed publishing. Saving is recorded.",
)


class Fault(Protocol):
    """What is wrong in a drawn file, and where (a pack's, a tenant's)."""

    @property
    def words(self) -> Words: ...
    @property
    def line(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def element(self) -> str: ...
    @property
    def row(self) -> int: ...
    @property
    def column(self) -> int: ...
    @property
    def warns(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose file is edited, and where the forms of its editor go. `table`: the one of several that is shown; `others`:
    address, name and whether it is this one. `digest`: what was opened, so that nobody overwrites what came meanwhile."""

    name: Words
    back: str
    back_name: Words
    keep: str
    file: str
    check: str
    called: str  # the file, as it is downloaded
    content: bytes
    digest: str
    version: int
    tag: Words
    attempt: str = ""  # of tables
    tone: str = ""
    button: Words = DRAFT
    after: Words = DRAFT_AFTER
    table: str = ""
    others: Sequence[tuple[str, str, bool]] = ()
    examples: bool = True


def desk_page(
    request: HttpRequest, template: str, desk: Desk, refused: Refused | None, context: Mapping[str, Any]
) -> HttpResponse:
    """The page, with what was drawn after a refusal: nothing is lost. After a conflict the digest stays the old one, so that
    what is newer is not overwritten by pressing again."""
    typed = params.text(request, "content", longest=MOST) if refused else ""
    change: Change | None = refused.change if isinstance(refused, Conflict) else None
    shared = {
        "desk": desk,
        "content": typed or desk.content.decode(errors="replace"),
        "digest": params.text(request, "digest", longest=64) if refused else desk.digest,
        "change": change,
    }
    return render(request, template, {**shared, **context}, refused)


def trial_json(found: TableTrial, locale: str) -> dict[str, Any]:
    """What a table said on the bench; `value` is empty where a person would decide."""
    return {
        "value": found.value,
        "doubts": [words.in_(locale) for words in found.doubts],
        "rows": [
            {"row": one.row, "hit": one.hit, "words": one.result, "why": one.why.in_(locale)} for one in found.rows
        ],
    }


def typed_on_bench(request: HttpRequest) -> dict[str, str]:
    """What was typed on the bench, by input."""
    return {name[3:]: params.text(request, name, longest=200) for name in request.POST if name.startswith("in-")}


def refused_json(refused: Refused, locale: str) -> dict[str, Any]:
    """What the bench could not take, in words; raised on where it is no matter of what was typed."""
    if refused.kind != "invalid":
        raise refused
    return {"refused": [reason.words.in_(locale) for reason in refused.reasons]}


def checked_json(found: DecisionCheck, locale: str) -> dict[str, Any]:
    """What a check found, as the editor's script reads it."""
    return {
        "faults": [fault_json(one, locale) for one in found.faults[:FAULTS]],
        "more": len(found.faults) > FAULTS,
        "examples": [
            {
                "name": one.name.in_(locale),
                "ok": one.ok,
                "differences": [words.in_(locale) for words in one.differences],
            }
            for one in found.examples
        ],
        "hits": list(found.hits),
    }


def fault_json(one: Fault, locale: str) -> dict[str, Any]:
    """One fault, likewise."""
    return {
        "words": one.words.in_(locale),
        "line": one.line,
        "code": one.code,
        "element": one.element,
        "row": one.row,
        "column": one.column,
        "warns": one.warns,
    }


def content_of(request: HttpRequest) -> bytes:
    """The XML of the form; a file that was chosen goes before it. Refused without either."""
    sent = request.FILES.get("upload")
    if sent is not None:
        return bytes(sent.read(MOST))
    text = params.text(request, "content", longest=MOST)
    if not text:
        raise Refused(Reason("FILE_MISSING", NOTHING, "upload"))
    return text.encode()


def headings(table: Table, inputs: Sequence[BenchInput]) -> tuple[Words, ...]:
    """The columns of a table: what they read as people are asked for it, and what they give as the table labels it."""
    said = {one.name: one.words for one in inputs}
    read = [(column.expression.text.strip() if column.expression else "", column.label) for column in table.inputs]
    given = [Words(column.label or column.name, column.name or column.label) for column in table.outputs]
    return (*(said.get(name, Words(label or name, name or label)) for name, label in read), *given)


def picture_of(xml: bytes, locale: str) -> Markup:
    """The engine's own drawing of a process; empty for one with faults."""
    try:
        return Markup(draw(parse_process(xml), {}, locale=locale))
    except ProcessFaults:
        return Markup("")
