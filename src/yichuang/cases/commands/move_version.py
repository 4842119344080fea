"""An open case goes on under a newer version of its item (版本迁移): by an explicit act, case by case, or it stays as it is."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yichuang.cases import tellings
from yichuang.cases.clocks import refresh_due
from yichuang.cases.commands.notify_gaps import first_items
from yichuang.cases.models import Case, Material, MaterialFile
from yichuang.cases.moves import THE_CASE
from yichuang.cases.needs import facts_for, needed_from
from yichuang.cases.rules.acceptance import Needed
from yichuang.cases.rules.moving import Change, Has, change_of, limit_after, obstacles
from yichuang.cases.states import State
from yichuang.cases.values import MaterialState
from yichuang.cases.vouch import of_case, of_materials
from yichuang.catalog import queries as catalog
from yichuang.catalog.permissions import check_can_publish
from yichuang.catalog.values import Pack, Requirements, TaskType
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.asked import needs_two
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W, Words

ACT = "move-version"
MOVE = "move_cases"  # needs a second person
_ORDER = W("新版本应高于旧版本", "The new version must be higher than the old one")
_NOT_OPEN = W("版本 {version} 现在不能申报", "Version {version} is not open for filing now")


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one case, or would: moved unless there are reasons; what its applicant was asked to bring in."""

    number: str
    stays: tuple[Reason, ...]
    asked: tuple[Words, ...]
    left_out: tuple[Words, ...] = ()  # of a process: steps of the new one that nobody does, for it is past them

    @property
    def moved(self) -> bool:
        return not self.stays


def movable(*, actor: Actor, item: str, old: int, new: int, at: datetime) -> tuple[str, ...]:
    """The numbers of the running cases of the item's version, oldest first.

    Refused (forbidden) unless the actor may publish items, or when the new version is not above it and open; NotFound for
    a version that was never published.
    """
    check_can_publish(actor)
    check_versions(item, old, new, at)
    rows = Case.objects.filter(item_code=item, item_version=old, closed_at__isnull=True).order_by("id")
    return tuple(rows.values_list("number", flat=True))


@transaction.atomic
def move_version(*, actor: Actor, number: str, old: int, new: int, at: datetime, dry_run: bool = False) -> Moved:
    """Move one case from a version of its item to a newer one, if it can be; `dry_run` only says what would be.

    Under the new version: name, materials with what was handed in for them, limits (never longer). The ledger has an entry,
    the applicant is told when anything is asked of them. A case that is not under `old` any more is NotFound, as is an
    unknown one; else as `movable`.
    """
    check_can_publish(actor)
    if not dry_run:
        needs_two(MOVE, actor)
    case = Case.objects.select_for_update(of=("self",)).select_related("department").filter(number=number).first()
    if case is None or case.item_version != old:
        raise NotFound(THE_CASE)
    _, pack = check_versions(case.item_code, old, new, at)
    facts = facts_for(pack, case.applicant_id, case.form, channel=case.channel, case=case.id, at=at)
    needs = catalog.requirements(pack.code, pack.version, answers=case.answers, form=case.form, facts=facts, at=at)
    rows = list(case.materials.order_by("order"))
    with_files = set(MaterialFile.objects.filter(material__case=case).values_list("material_id", flat=True))
    has = [Has(row.code, MaterialState(row.state), row.required, row.id in with_files) for row in rows]
    held = frozenset(material.code for material in needs.materials if material.held)
    change = change_of(has, needed_from(needs), held)
    stays = _obstacles(case, pack, needs, change, at)
    asked = tuple(need.name for need in change.asked)
    if stays or dry_run:
        return Moved(number, stays, () if stays else asked)
    _write(case, pack, needs, rows, change, held)
    _record(case, actor, old, change, at)
    return Moved(number, (), asked)


def check_versions(item: str, old: int, new: int, at: datetime) -> tuple[Pack, Pack]:
    """Both packs. Refused when the new version is not above the old one and open, NotFound for one never published."""
    if new <= old:
        raise Refused(Reason("VERSION_ORDER", _ORDER))
    before, after = catalog.get_pack(item, version=old, at=at), catalog.get_pack(item, version=new, at=at)
    if not catalog.is_open(item, new, at=at):
        raise Refused(Reason("VERSION_NOT_OPEN", _NOT_OPEN.format(version=new)))
    return before, after


def _obstacles(case: Case, pack: Pack, needs: Requirements, change: Change, at: datetime) -> tuple[Reason, ...]:
    faults = [
        *catalog.check_answers(pack, case.answers),
        *catalog.check_form(pack, case.form, at=at, answers=case.answers),
        *needs.blocked,
    ]
    told = frozenset(item.material for item in first_items(case)) if case.notices.exists() else None
    same = pack.department == case.department.code and case.is_permit == (pack.kind is TaskType.PERMIT)
    offered = case.promise_until is not None
    promised = bool(needs.commitments) or case.commitments.exists()
    return obstacles(
        State(case.state), offered=offered, promised=promised, same_organ=same, faults=faults, told=told, change=change
    )


def _write(
    case: Case, pack: Pack, needs: Requirements, rows: list[Material], change: Change, held: frozenset[str]
) -> None:
    case.item_version, case.item_name_zh, case.item_name_en = pack.version, pack.name.zh, pack.name.en
    legal, promise = needs.legal, needs.promise
    case.legal_amount, case.legal_unit = limit_after((case.legal_amount, case.legal_unit), (legal.amount, legal.unit))
    case.promise_amount, case.promise_unit = limit_after(
        (case.promise_amount, case.promise_unit), (promise.amount, promise.unit)
    )
    by_code = {row.code: row for row in rows}
    needed = needed_from(needs)
    for order, need in enumerate(needed):
        row = by_code.get(need.code) or Material(case=case, code=need.code, state=_first_state(need, held).value)
        _take_over(row, need, order)
        row.save()
    for order, code in enumerate(change.spared, len(needed)):
        row = by_code[code]
        row.order, row.required, row.tolerable = order, False, False
        row.save(update_fields=["order", "required", "tolerable"])
    case.materials.filter(code__in=change.dropped).delete()


def _take_over(row: Material, need: Needed, order: int) -> None:
    row.order, row.name_zh, row.name_en = order, need.name.zh, need.name.en
    row.necessity = "main" if not need.tolerable else "secondary"
    row.required, row.tolerable = need.required, need.tolerable
    row.promise_days, row.basis = need.promise_days, need.basis


def _first_state(need: Needed, held: frozenset[str]) -> MaterialState:
    return MaterialState.HELD if need.code in held else MaterialState.MISSING


def _record(case: Case, actor: Actor, old: int, change: Change, at: datetime) -> None:
    case.version += 1
    refresh_due(case, now=at)
    case.save()
    ledger.append(
        act=ACT,
        actor=actor,
        at=at,
        subject=Subject("case", case.id),
        detail={"from": old, "to": case.item_version, "materials": ",".join(need.code for need in change.asked)},
        facts={"case": of_case(case), "materials": of_materials(case.materials.order_by("order"))},
    )
    if change.asked:
        names = [need.name for need in change.asked]
        papers = W("、".join(name.zh for name in names), ", ".join(name.en for name in names))
        tellings.tell_version_moved(case, papers=papers, at=at)
