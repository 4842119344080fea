"""重放 as pages show it: the rehearsals of an item's drafts, what one found, and all of it as lines of a table."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from yichuang.cases.models import Case, Rehearsal, RehearsedChange
from yichuang.cases.moves import relations_of
from yichuang.cases.permissions import can_see
from yichuang.cases.rules.rehearsal import false_approvals
from yichuang.cases.rulesets import (
    OUTCOME_WORDS,
    UNJUDGED,
    VERDICT_WORDS,
    ChangedRow,
    Outcome,
    RehearsalPage,
    RehearsalRow,
    ShiftRow,
)
from yichuang.catalog import queries as catalog
from yichuang.catalog.permissions import check_can_publish
from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.keyset import page_of
from yichuang.core.paging import Page
from yichuang.core.refusals import NotFound
from yichuang.core.words import W, Words
from yichuang.people import queries as people

THE_REHEARSAL = W("重放", "rehearsal")
SHOWN, PAGE = 20, 50


def list_rehearsals(actor: Actor, item: str) -> tuple[RehearsalRow, ...]:
    """Those of an item that are kept, the newest first. Refused (403) for who may not publish items."""
    check_can_publish(actor)
    rows = list(Rehearsal.objects.filter(item_code=item).order_by("-id")[:SHOWN])
    names = people.names_of_staff([row.asked_by_id for row in rows])
    return tuple(_row(row, names.get(row.asked_by_id, "")) for row in rows)


def get_rehearsal(
    actor: Actor, item: str, id: UUID, *, way: str = "", code: str = "", cursor: str | None = None
) -> RehearsalPage:
    """What one found; its cases only those that change this `way` ("person-approve" …) or have this result gone or new."""
    row = _known(actor, item, id)
    names = people.names_of_staff([row.asked_by_id])
    words = {one: Words(*both) for one, both in row.words.items()}
    counts = {(before, after, Outcome(outcome)): n for before, after, outcome, n in row.counts}
    shifts: dict[tuple[str, str], dict[Outcome, int]] = defaultdict(dict)
    for (before, after, outcome), n in counts.items():
        shifts[before, after][outcome] = n
    found = page_of(_chosen(actor, row, way, code), "id", cursor, PAGE)
    return RehearsalPage(
        item=item,
        name=catalog.published_name(item) or Words(item, item),
        row=_row(row, names.get(row.asked_by_id, "")),
        shifts=tuple(ShiftRow(before, after, of) for (before, after), of in sorted(shifts.items())),
        false=false_approvals(counts),
        rules=tuple((one, words.get(one, Words(one, one)), gone, new) for one, gone, new in row.codes),
        unread=tuple((Words(zh, en), n) for zh, en, n in row.unread),
        unfit=tuple((Words(zh, en), n) for zh, en, n in row.unfit),
        unjudged=sum(n for (_, after, _), n in counts.items() if after == UNJUDGED),
        cases=Page(_cases(actor, found.items, words), found.next),
    )


def rehearsal_lines(actor: Actor, item: str, id: UUID) -> Iterator[tuple[Words | str | datetime, ...]]:
    """Every case that would change: number, moment, verdict before and after, rules gone and new, what people made of it.

    Nothing of the person, nor of what was filed. The first line is the titles.
    """
    row = _known(actor, item, id)
    words = {one: Words(*both) for one, both in row.words.items()}
    yield (
        W("办件编号", "Case"), W("判断时间", "Judged at"), W("原来", "Before"), W("改动后", "After"),
        W("不再命中的规则", "Rules gone"), W("新命中的规则", "Rules new"), W("人工结果", "What people said"), W("数据类型不合的列", "Columns of another kind"),
    )  # fmt: skip
    for one in _chosen(actor, row).order_by("id").iterator(2_000):
        yield (
            one.number, one.judged_at, VERDICT_WORDS[one.before], VERDICT_WORDS[one.after],
            _joined(_named(one.gone, words)), _joined(_named(one.new, words)), OUTCOME_WORDS[Outcome(one.outcome)],
            _joined([Words(*both) for both in one.unfit]),
        )  # fmt: skip


def _named(codes: list[str], words: dict[str, Words]) -> list[Words]:
    return [words.get(code, Words(code, code)) for code in codes]


def _joined(named: list[Words]) -> Words:
    return Words("；".join(one.zh for one in named), "; ".join(one.en for one in named))


def _known(actor: Actor, item: str, id: UUID) -> Rehearsal:
    check_can_publish(actor)
    row = Rehearsal.objects.filter(id=id, item_code=item).first()
    if row is None:
        raise NotFound(THE_REHEARSAL)
    return row


def _chosen(actor: Actor, row: Rehearsal, way: str = "", code: str = "") -> QuerySet[RehearsedChange]:
    """Who also reviews is not shown what tables said of cases that people have yet to decide."""
    rows = RehearsedChange.objects.filter(rehearsal=row)
    if roles.REVIEWER in actor.roles:
        rows = rows.exclude(outcome=Outcome.OPEN.value)
    if way:
        before, _, after = way.partition("-")
        rows = rows.filter(before=before, after=after)
    if code:
        rows = rows.filter(gone__contains=[code]) | rows.filter(new__contains=[code])
    return rows


def _cases(
    actor: Actor, rows: tuple[RehearsedChange, ...], words: dict[str, Words]
) -> tuple[ChangedRow, ...]:  # fmt: skip
    cases = Case.objects.select_related("department").in_bulk([row.number for row in rows], field_name="number")
    return tuple(
        ChangedRow(
            number=row.number,
            judged_at=row.judged_at,
            before=row.before,
            after=row.after,
            gone=tuple(words.get(one, Words(one, one)) for one in row.gone),
            new=tuple(words.get(one, Words(one, one)) for one in row.new),
            outcome=Outcome(row.outcome),
            unfit=tuple(Words(*both) for both in row.unfit),
            visible=row.number in cases and can_see(actor, relations_of(cases[row.number])),
        )
        for row in rows
    )


def _row(row: Rehearsal, by: str) -> RehearsalRow:
    why = Words(row.why_zh, row.why_en)
    return RehearsalRow(row.id, row.sha, row.asked_at, by, row.state, why, row.total, row.changed)
