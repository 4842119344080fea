"""一件事流转: what happened to the cases moves the package: the next items get their turn, what rests on a refusal stops.

Everything is read off the cases as they stand, so that a job that comes late, twice or out of order changes nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.bundles import messages
from yichuang.bundles.asked import needs_nobody
from yichuang.bundles.delivery import let_go_of, must_let_go, paper_of
from yichuang.bundles.events import BundleEnded
from yichuang.bundles.mine import Parts
from yichuang.bundles.models import Bundle, Part
from yichuang.bundles.packages import package_by_id
from yichuang.bundles.processes import calendar, subject_of, turns_of
from yichuang.bundles.rules.delivery import Handover, waiting
from yichuang.bundles.rules.package import REFUSED
from yichuang.bundles.rules.refusal import OUTCOME_WORDS, Fate, outcome_of, rests_of, to_stop
from yichuang.bundles.tellings import tell_asked, tell_ended
from yichuang.bundles.turns import fates_of, house_of, open_late, release
from yichuang.bundles.vouch import facts_of
from yichuang.cases import queries as cases
from yichuang.cases.commands.end import terminate_case
from yichuang.cases.events import ServiceKind, ServiceOver
from yichuang.cases.states import ENDS, State
from yichuang.core import events, faults, ledger
from yichuang.core.actors import SYSTEM, Actor, Channel
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import Words
from yichuang.engine import commands as engine

FALLEN = frozenset({Fate.REFUSED.value, Fate.LEFT.value})  # what rests on one of these stops
GRANTS = frozenset({State.GRANTED, State.READY, State.DELIVERED})


@transaction.atomic
def settle_bundle(*, bundle: UUID, at: datetime) -> bool:
    """Bring a package to where its cases stand. False when nothing changed."""
    row = Bundle.objects.select_for_update(of=("self",)).get(id=bundle)
    if row.ended_at is not None:
        return False
    parts = {part.slot: part for part in Part.objects.filter(bundle=row).order_by("position")}
    return go_on(row, parts, fates_of(parts), actor=SYSTEM, act="move-bundle", at=at)


def go_on(bundle: Bundle, parts: Parts, before: Mapping[str, Fate], *, actor: Actor, act: str, at: datetime) -> bool:
    """Bring a locked package to where its cases stand, under an entry of this act; False when nothing changed since `before`."""
    _follow_cases(bundle, parts, at)
    _take_turns(bundle, parts, at)
    near = must_let_go(bundle, parts, at=at)
    if near:
        bundle.handover = Handover.EARLY.value
        bundle.save(update_fields=["handover"])
    if fates_of(parts) == before and not near:
        return False
    if near or bundle.handover == Handover.TOGETHER.value and not waiting(paper_of(parts), fates_of(parts)):
        let_go_of(bundle, parts, at=at)
    _end(bundle, parts, at)
    faults.point("bundle.after_move")
    moved = {f"slot.{slot}": part.fate for slot, part in parts.items() if part.fate != before[slot].value}
    ledger.append(
        act=act,
        actor=actor,
        at=at,
        subject=Subject("bundle", bundle.id),
        detail=moved,
        behalf=None if actor.kind == "system" else bundle.applicant_id,
        facts=facts_of(bundle, parts.values()),
    )
    return True


def _follow_cases(bundle: Bundle, parts: Parts, at: datetime) -> None:
    """Grants and refusals, one by one, each with all that follows from it."""
    opened = [part.case_id for part in parts.values() if part.fate == Fate.OPEN.value and part.case_id]
    states = cases.states_of(opened)
    for slot, part in parts.items():
        if part.fate != Fate.OPEN.value or part.case_id is None:
            continue
        state = states[part.case_id]
        if state in GRANTS:
            _set(part, Fate.GRANTED, at)
            _pass(bundle, slot, granted=True, at=at)
            release(bundle, slot, parts, at=at)
        elif state in ENDS:
            _set(part, Fate.LEFT if state is State.WITHDRAWN else Fate.REFUSED, at)
            _pass(bundle, slot, granted=False, at=at)
    for slot, part in parts.items():
        if part.fate in FALLEN:
            _stop(bundle, parts, slot, at)


def _pass(bundle: Bundle, slot: str, *, granted: bool, at: datetime) -> None:
    """The process goes on from an item, where it waits for it."""
    wait = turns_of(bundle.id).get(slot)
    if wait is None:
        return
    if granted:
        engine.answer_work(wait=wait.id, variables={}, at=at, outcome=Fate.GRANTED.value, calendar=calendar())
    else:
        engine.fail_work(wait=wait.id, code=REFUSED, at=at, calendar=calendar())


def let_go(bundle: Bundle, part: Part, *, at: datetime) -> None:
    """An item that the applicant gives up before it ever was a case; `go_on` does what follows."""
    part.filing, part.asked = None, None
    _set(part, Fate.LEFT, at)
    _pass(bundle, part.slot, granted=False, at=at)


def _stop(bundle: Bundle, parts: Parts, refused: str, at: datetime) -> None:
    """What rests on an item that was refused or given up ends: its case with the paper of a termination, or before it ever
    was one."""
    said = messages.STOPPED_AS_LEFT if parts[refused].fate == Fate.LEFT.value else messages.STOPPED
    reason = said.format(name=Words(parts[refused].name_zh, parts[refused].name_en)).zh
    for slot in to_stop(refused, fates_of(parts), rests_of(package_by_id(bundle.package_id))):
        part = parts[slot]
        if part.case_id is not None and not _terminated(part.case_id, reason, at):
            continue
        part.filing, part.asked = None, None
        _set(part, Fate.STOPPED, at)
        _pass(bundle, slot, granted=False, at=at)


def _terminated(case: UUID, reason: str, at: datetime) -> bool:
    """Whether the case has ended by this. Where it has ended by itself, or its own limit ends it (容缺 that lapses), its end
    moves the package when it comes: one case must not keep all the others where they are."""
    if cases.states_of([case])[case] in ENDS:
        return False
    try:
        with transaction.atomic():
            terminate_case(actor=SYSTEM, number=cases.case_of_id(case)[0], version=None, reason=reason, at=at)
    except Refused:
        return False
    return True


def _take_turns(bundle: Bundle, parts: Parts, at: datetime) -> None:
    """Each item whose turn has come is filed; what is wrong with it then is asked of the applicant."""
    for slot in turns_of(bundle.id):
        part = parts[slot]
        if part.fate in {
            Fate.STOPPED.value,
            Fate.LEFT.value,
        }:  # before its turn: what comes behind does not wait for it
            _pass(bundle, slot, granted=False, at=at)
        asking = part.fate == Fate.ASKING.value and needs_nobody(bundle, part)
        if part.fate != Fate.WAITING.value and not asking:
            continue
        try:
            open_late(bundle, part, parts, actor=house_of(bundle), at=at)
        except Refused as refused:
            if asking:
                continue
            part.asked = [as_stored(reason) for reason in refused.reasons]
            _set(part, Fate.ASKING, at)
            tell_asked(bundle, part, at=at)


def as_stored(reason: Reason) -> dict[str, str]:
    """A reason as a part keeps it until it is put right (sealed: it may quote what was entered)."""
    return {"code": reason.code, "zh": reason.words.zh, "en": reason.words.en, "field": reason.field or ""}


def _set(part: Part, fate: Fate, at: datetime) -> None:
    part.fate, part.since = fate.value, at
    part.save()


def _end(bundle: Bundle, parts: Parts, at: datetime) -> None:
    outcome = outcome_of(fates_of(parts))
    if outcome is None:
        return
    bundle.ended_at, bundle.outcome = at, outcome.value
    bundle.save(update_fields=["ended_at", "outcome"])
    engine.cancel_process(subject=subject_of(bundle.id), at=at, reason="ended")
    tell_ended(bundle, words=OUTCOME_WORDS[outcome], at=at)
    events.publish(_service_of(bundle, parts, at))
    events.publish(
        BundleEnded(bundle=bundle.id, number=bundle.number, outcome=outcome.value, applicant=bundle.applicant_id, at=at)
    )


def _service_of(bundle: Bundle, parts: Parts, at: datetime) -> ServiceOver:
    """The package as one service: rated once as a whole, never item by item."""
    return ServiceOver(
        kind=ServiceKind.PACKAGE,
        subject=bundle.id,
        number=bundle.number,
        name=Words(bundle.name_zh, bundle.name_en),
        person=bundle.applicant_id,
        place=None,
        window="",
        department=None,
        staff=None,
        items=tuple(sorted({part.item_code for part in parts.values()})),
        channel=Channel.PORTAL.value,
        told=True,
        at=at,
    )
