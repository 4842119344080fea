"""没填完的: a person's drafts as lists show them — which item, for whom, how far, when saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yichuang.cases import queries as cases
from yichuang.cases.pages import DraftRow
from yichuang.catalog import queries as catalog
from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound
from yichuang.core.words import Words
from yichuang.people import queries as people
from yichuang.web.portal.filing import schema_of, steps_of


@dataclass(frozen=True, slots=True)
class DraftLine:
    """`whom` is empty where the person files for themselves. `number` of `total` pages of the wizard, 0 when the item is
    no longer on offer; `step` is the name of that page."""

    id: UUID
    item: Words
    whom: str
    number: int
    total: int
    step: Words
    saved_at: datetime


def list_lines(actor: Actor, *, at: datetime, item: str = "", most: int | None = None) -> tuple[DraftLine, ...]:
    """The drafts of the actor, the last saved first; those of one item, or the first few."""
    return _lines(actor, [row for row in cases.list_drafts(actor) if item in ("", row.item_code)][:most], at)


def get_line(actor: Actor, draft: UUID, *, at: datetime) -> DraftLine:
    """One draft of the actor, also of an item that is gone. NotFound otherwise."""
    return _lines(actor, [cases.get_draft(actor, draft)], at)[0]


def _lines(actor: Actor, rows: Sequence[DraftRow], at: datetime) -> tuple[DraftLine, ...]:
    others = {row.applicant for row in rows if row.applicant is not None} - {actor.id}
    names = {id: party.name for id, party in people.list_parties(others).items()} if others else {}
    return tuple(_line(row, names.get(row.applicant, "") if row.applicant else "", at) for row in rows)


def _line(row: DraftRow, whom: str, at: datetime) -> DraftLine:
    """One whose item is gone keeps its code."""
    try:
        pack = catalog.get_pack(row.item_code, at=at)
    except NotFound:
        gone = Words(row.item_code, row.item_code)
        return DraftLine(row.id, gone, whom, 0, 0, Words("", ""), row.updated_at)
    steps = steps_of(pack, schema_of(pack, row.answers, row.form))
    here = next((n for n, step in enumerate(steps) if step.id == row.step), 0)
    return DraftLine(row.id, pack.name, whom, here + 1, len(steps), steps[here].words, row.updated_at)
