"""How a case ended without what was asked for: why, on what basis, what can be done against it — in words, not only on paper.

And the record of a promise that was not kept."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from yichuang.cases.models import Case, Document, PromiseLapse
from yichuang.cases.pages import EndingRow, LapseRow
from yichuang.cases.states import State
from yichuang.cases.values import DocumentKind, document_title
from yichuang.core.compiled import compiled
from yichuang.core.words import W, Words
from yichuang.network.values import DepartmentRow

PAPERS: Mapping[State, frozenset[DocumentKind]] = {
    State.NOT_ACCEPTED: frozenset({DocumentKind.NON_ACCEPTANCE, DocumentKind.NOT_NEEDED, DocumentKind.NOT_OURS}),
    State.DENIED: frozenset({DocumentKind.REFUSAL}),
    State.TERMINATED: frozenset({DocumentKind.TERMINATION, DocumentKind.LAPSE}),
}


NOT_CAME = W("{name}：承诺期限内未补交", "{name}: not handed in by the promised day")


def ending_of(case: Case, department: DepartmentRow) -> EndingRow | None:
    """The ending as its paper says it; None while the case runs, when it was withdrawn, and when it ended well."""
    kinds = PAPERS.get(State(case.state))
    row = Document.objects.filter(case=case, kind__in=sorted(kinds)).order_by("-id").first() if kinds else None
    if row is None:
        return None
    kind, values = DocumentKind(row.kind), row.values
    return EndingRow(
        kind=kind,
        title=document_title(kind, permit=case.is_permit),
        document=row.id,
        at=row.issued_at,
        reasons=_reasons(values),
        papers=_papers(case, values),
        basis=tuple(line for line in str(values.get("basis", "")).split("；") if line),
        right_organ=str(values.get("right_organ", "")),
        review_organ=_named(str(values.get("review_organ", "")), department.review_organ),
        court=_named(str(values.get("court", "")), department.court),
    )


def _reasons(values: Mapping[str, Any]) -> str:
    """As written; a lapse names the papers that did not come."""
    if text := str(values.get("reasons", "")):
        return text
    gaps = values.get("gaps", [])
    return "\n".join(f"{gap.get('material', '')}：{gap.get('problem', '')}" for gap in gaps if isinstance(gap, dict))


def _papers(case: Case, values: Mapping[str, Any]) -> tuple[Words, ...]:
    """The promised papers that did not come, as the notice lists them, in both languages; none when reasons were typed."""
    told = [str(gap.get("material", "")) for gap in values.get("gaps", []) if isinstance(gap, dict)]
    if not told or values.get("reasons"):
        return ()
    names = {row.name_zh: Words(row.name_zh, row.name_en) for row in case.materials.all()}
    return tuple(NOT_CAME.format(name=names.get(name, Words(name, name))) for name in told)


def _named(told: str, now: Words) -> Words:
    """As the paper names it; in English too while it is still the same body."""
    return now if told in {"", now.zh} else Words(told, told)


@compiled
def _lapses(case: UUID) -> QuerySet[PromiseLapse]:
    return PromiseLapse.objects.filter(case=case).order_by("id")


def lapse_of(case: UUID) -> LapseRow | None:
    """The record of a promise that was not kept in the case."""
    row = _lapses.first(case)
    return LapseRow(row.at, row.objected_at, row.repaired_at, row.of_commitment) if row else None


def previous_of(case: Case) -> str:
    """The number of the case that this one takes up again; "" when there is none."""
    if case.previous_id is None:
        return ""
    return str(Case.objects.filter(id=case.previous_id).values_list("number", flat=True).first() or "")
