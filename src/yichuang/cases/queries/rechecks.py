"""抽查 as pages show it: the draws that wait, and one of them, blind."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from yichuang.cases.commands.recheck import THE_DRAW, check_no_hand, kinds_of
from yichuang.cases.models import Recheck
from yichuang.cases.permissions import can_recheck
from yichuang.cases.queries.casefile import materials_of, whole_case
from yichuang.cases.rulesets import RecheckPage, RecheckRow
from yichuang.cases.values import MaterialRow, MaterialState
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Pack
from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.crypto import blind_index
from yichuang.core.refusals import NotFound
from yichuang.core.words import Words

OPEN, DONE = 100, 20  # lines of the lists at most


def list_rechecks(actor: Actor) -> tuple[tuple[RecheckRow, ...], tuple[RecheckRow, ...]]:
    """(waiting, the longest first; answered last by the actor) of the departments where the actor reviews. What was drawn
    together stands in no order, so that a control is not known by its place behind the draw that brought it."""
    mine = {grant.department for grant in actor.grants if grant.role == roles.REVIEWER and grant.department}
    if not actor.is_staff or not mine:
        return (), ()
    rows = Recheck.objects.filter(department__in=mine).select_related("decision__case")
    waiting = rows.filter(state="open").order_by("drawn_at", "id")[:OPEN]
    done = rows.filter(by=actor.id, state="done").order_by("-id")[:DONE]
    shuffled = sorted(waiting, key=lambda row: (row.drawn_at, blind_index("recheck.order", str(row.id))))
    return tuple(_row(row) for row in shuffled), tuple(_row(row) for row in done)


def get_recheck(actor: Actor, id: UUID, *, at: datetime) -> RecheckPage:
    """One draw with all that was filed and read, and nothing of what was decided. NotFound; Refused HAND_IN_IT (403)."""
    row = Recheck.objects.select_related("decision__case").filter(id=id).first()
    if row is None or not can_recheck(actor, row.department_id):
        raise NotFound(THE_DRAW)
    check_no_hand(actor, row.decision)
    filed = row.decision.case
    case = whole_case.first(filed.number)
    assert case is not None
    confirmed = _may_stand_for(catalog.get_pack(filed.item_code, version=filed.item_version, at=at))
    return RecheckPage(
        row=_row(row),
        item_code=filed.item_code,
        item_version=filed.item_version,
        filed_at=filed.filed_at,
        channel=filed.channel,
        applicant=filed.applicant_id,
        number=filed.number,
        answers=filed.answers,
        form=filed.form,
        materials=tuple(_as_filed(row, confirmed) for row in materials_of(case, own=False)),
        read=_read(filed.item_code, filed.item_version, row.decision.inputs, at),
        kinds=tuple(kinds_of(row.decision).items()),
    )


def _row(row: Recheck) -> RecheckRow:
    case = row.decision.case
    number = case.number if row.state == "done" else ""
    return RecheckRow(
        row.id, Words(case.item_name_zh, case.item_name_en), row.drawn_at, row.state, row.at, row.verdict, number
    )


def _as_filed(row: MaterialRow, confirmed: frozenset[str]) -> MaterialRow:
    """A paper as it came in: that data stood for it (`confirmed`), or that a clerk had read it, would tell who decided."""
    state = MaterialState.PROVIDED if row.uploads else MaterialState.MISSING
    if row.state is MaterialState.HELD and (row.held is not None or row.code not in confirmed):
        state = MaterialState.HELD
    return replace(row, state=state, note=None, due_date=None, seen_original=False)


def _may_stand_for(pack: Pack) -> frozenset[str]:
    """The papers for which data, or signatures, may stand when it decides alone."""
    papers = frozenset(pack.decision.papers) if pack.decision else frozenset()
    return papers | (pack.signing.papers if pack.signing else frozenset())


def _read(item: str, version: int, inputs: Mapping[str, Any], at: datetime) -> tuple[tuple[Words, object], ...]:
    """What the table read, column by column: what the bases said is a fact for people too; what it concluded is not."""
    spec = catalog.get_pack(item, version=version, at=at).decision
    return tuple((one.words, inputs.get(one.name)) for one in spec.inputs) if spec else ()
