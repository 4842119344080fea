"""免证办: asking once more for what stands in the place of papers – behind the filing, where other houses are asked, and before it is answered.

What was fetched may have ended meanwhile, a silent source may speak again. Nothing here accepts or refuses anything: papers
become held or missing, with the reason, and who answers the filing goes by that.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from yichuang.cases.fetched import HeldState
from yichuang.cases.held import Errand, Wish, ask_base, errand_of, is_outside, own_anew, question_of, settle, take
from yichuang.cases.models import Case, HeldPaper, Material
from yichuang.cases.moves import relations_of
from yichuang.cases.needs import facts_for
from yichuang.cases.permissions import is_clerk_of, is_judge_of
from yichuang.cases.states import State
from yichuang.cases.values import MaterialState
from yichuang.cases.vouch import fresh_facts, of_materials
from yichuang.catalog import queries as catalog
from yichuang.core import clock, jobs, ledger, live
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.ledger import Subject
from yichuang.registry.values import KEEP_FOR, Answer, Base

ACT = "look-again"  # the ledger's name
DEADLINE = 1.5  # seconds for outside sources
OPEN = frozenset({State.SUBMITTED.value, State.CORRECTING.value})
R = TypeVar("R")


def await_sources(errand: Errand) -> None:
    """Have other houses asked once the filing stands: nothing in its transaction waits for them."""
    if any(row.state == HeldState.WAITING.value for row in errand.rows):
        jobs.put(look_again_job, lock=f"held:{errand.case}", case=errand.case)


@jobs.job(name="cases.look_again")
def look_again_job(case: UUID) -> None:
    """What outside sources have to say of a case that was filed."""
    look_again(case=case, actor=SYSTEM, at=clock.now())


def looks_again(command: Callable[..., R]) -> Callable[..., R]:
    """Of a command that answers a filing: what was fetched is looked at again first, in a transaction of its own, so that
    what is found out stands also where the command refuses."""

    @wraps(command)
    def run(*, actor: Actor, number: str, at: datetime, **more: Any) -> R:
        case = Case.objects.select_related("department").filter(number=number, held_papers__isnull=False).first()
        if case is not None and _may_look(actor, case):
            look_again(case=case.id, actor=actor, at=at)
        return command(actor=actor, number=number, at=at, **more)

    return run


def _may_look(actor: Actor, case: Case) -> bool:
    relations = relations_of(case)
    return actor.is_staff and (is_clerk_of(actor, relations) or is_judge_of(actor, relations))


def look_again(*, case: UUID, actor: Actor, at: datetime) -> bool:
    """Look at what waits, was not answered or has grown old; whether anything changed. Nothing after acceptance.

    Not inside a transaction where outside sources are connected (RuntimeError).
    """
    found = Case.objects.filter(id=case, state__in=OPEN).order_by("id").first()
    rows = [row for row in HeldPaper.objects.filter(case=case).order_by("code") if found and _is_due(row, at)]
    if found is None or not rows:
        return False
    errand = errand_of(found, rows, actor, at)
    outside = [wish for wish in errand.wishes if is_outside(wish)]
    said: Mapping[str, Answer] = {}
    if outside:
        said = _ask_outside(errand, outside)
    with transaction.atomic():
        return _write(errand, said)


def _is_due(row: HeldPaper, at: datetime) -> bool:
    """What waits or was silent; our own certificates, always (one that had ended may be renewed); what a base said longer ago
    than its answers are kept."""
    if row.state in {HeldState.WAITING.value, HeldState.SILENT.value, HeldState.ENDED.value}:
        return True
    if row.state != HeldState.FETCHED.value or not row.base:
        return False
    return row.certificate is not None or at - row.asked_at > timedelta(seconds=KEEP_FOR[Base(row.base)])


def _ask_outside(errand: Errand, wishes: Sequence[Wish]) -> Mapping[str, Answer]:
    answers = ask_base(errand, [(wish, question_of(wish, errand.applicant)) for wish in wishes], deadline=DEADLINE)
    return {answer.name: answer for answer in answers}


def _write(errand: Errand, said: Mapping[str, Answer]) -> bool:
    """One transaction: lock, look at our own, ask local bases, judge, write."""
    case = Case.objects.select_for_update(of=("self",)).filter(id=errand.case, state__in=OPEN).first()
    if case is None:
        return False
    _leave_out_moved(errand)
    if not errand.wishes:
        return False
    before = {wish.row.code: wish.row.state for wish in errand.wishes}
    left = own_anew(errand)
    local = [wish for wish in left if not is_outside(wish)]
    take(
        errand, local, ask_base(errand, [(wish, question_of(wish, errand.applicant)) for wish in local], deadline=None)
    )
    told = [wish for wish in left if is_outside(wish) and wish.material.code in said]
    take(errand, told, [said[wish.material.code] for wish in told])
    asked = [*local, *told]
    settle(errand, _held(case, errand))
    for wish in errand.wishes:
        if wish in asked:
            wish.row.asked_at = errand.at
        wish.row.save()
    changed = _move_papers(case, errand)
    case.fresh.extend(errand.rows)
    facts = {**fresh_facts(case), "materials": of_materials(case.materials.order_by("order"))}
    ledger.append(
        act=ACT,
        actor=errand.asker,
        at=errand.at,
        subject=Subject("case", case.id),
        detail={"papers": ",".join(sorted(before))},
        facts=facts,
    )
    if changed or any(before[wish.row.code] != wish.row.state for wish in errand.wishes):
        live.tell(f"case:{case.id}")
        return True
    return False


def _leave_out_moved(errand: Errand) -> None:
    """Rows were read before the case was locked: what somebody else wrote meanwhile stands, and is not looked at here."""
    rows = HeldPaper.objects.filter(case=errand.case).values_list("code", "state", "asked_at")
    now = {code: (state, asked_at) for code, state, asked_at in rows}
    for wish in list(errand.wishes):
        if now.get(wish.row.code) != (wish.row.state, wish.row.asked_at):
            errand.wishes.remove(wish)
            errand.came.pop(wish.row.code, None)


def _held(case: Case, errand: Errand) -> frozenset[str]:
    """What the catalogue says of what came."""
    facts = facts_for(
        errand.pack, case.applicant_id, case.form, channel=case.channel,
        follow_up=case.follow_up, previous=case.previous_id, case=case.id, at=errand.at,
    ) | {"fetched": errand.came}  # fmt: skip
    needs = catalog.requirements(
        errand.pack.code, errand.pack.version, answers=case.answers, form=case.form, facts=facts, at=errand.at
    )
    return frozenset(material.code for material in needs.materials if material.held)


def _move_papers(case: Case, errand: Errand) -> int:
    """What is fetched need not be handed in; what no longer is has to be. Papers that were handed in stay as they are."""
    there = [row.code for row in errand.rows if row.state == HeldState.FETCHED.value]
    gone = [row.code for row in errand.rows if row.state != HeldState.FETCHED.value]
    papers = Material.objects.filter(case=case)
    missing, held = MaterialState.MISSING.value, MaterialState.HELD.value
    return papers.filter(code__in=there, state=missing).update(state=held) + papers.filter(
        code__in=gone, state=held
    ).update(state=missing)
