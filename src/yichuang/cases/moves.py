"""How every act begins and ends: find and lock the case, check who, when and which version; write, sign the ledger, tell.

One act is one transaction: state, document, ledger entry, event and job stand or fall together.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from yichuang.cases import messages
from yichuang.cases.clocks import refresh_due
from yichuang.cases.events import CaseClosed
from yichuang.cases.following import check_not_renewed
from yichuang.cases.models import Case
from yichuang.cases.permissions import Relations, can_see, check_can_do
from yichuang.cases.rules.sentences import day_of
from yichuang.cases.services import is_rated, of_case
from yichuang.cases.states import ACT_WORDS, ENDS, WORDS, Act, State, can_move, next_state
from yichuang.cases.values import AcceptedAs, CaseHead, MaterialState
from yichuang.cases.vouch import facts_after
from yichuang.core import events, faults, ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.compiled import insert, update
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Change, Conflict, NotFound, Reason, Refused
from yichuang.core.words import W, Words

# What no act moves: sealing it anew would cost as much as all the rest.
_STANDS = frozenset(
    {"id", "number", "query_code", "query_index", "answers", "form", "applicant_id", "applicant_masked"}
)
_MOVING = tuple(field.attname for field in Case._meta.concrete_fields if field.attname not in _STANDS)
THE_CASE = W("办件", "case")
Scalar = str | int | bool | None


def relations_of(case: Case) -> Relations:
    """The parties, places and department of the case."""
    return Relations(
        case.id,
        case.applicant_id,
        case.agent_id,
        case.receiver_id,
        case.taking_place_id,
        case.responsible_place_id,
        case.department_id,
        case.department.code,
        case.item_code,
    )


def begin(
    *,
    actor: Actor,
    number: str,
    version: int | None,
    act: Act,
    at: datetime,
    task_posts: frozenset[str] = frozenset(),
) -> Case:
    """The case, locked for this transaction, on which the actor may do the act now.

    Raises: NotFound for a case that is not there or not theirs; Refused (403) without the power; Conflict for a stale
    `version` (naming who changed what, when), an act that the state does not know, a promise whose day has passed, or a renewal that the law has granted.
    `version=None` is for the system only.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("department").filter(number=number).first()
    if case is None or not can_see(actor, relations_of(case), task_posts=task_posts):
        raise NotFound(THE_CASE)
    check_can_do(actor, act, relations_of(case), ACT_WORDS[act])
    if version is None and actor.kind not in {"system", "link"}:
        raise Refused(Reason("VERSION_MISSING", messages.VERSION_MISSING, "/version"))
    if version is not None and version != case.version:
        raise Conflict(Reason("STALE_VERSION", messages.STALE_VERSION), change=last_change(case))
    if not can_move(State(case.state), act):
        words = messages.NOT_IN_STATE.format(state=WORDS[State(case.state)], act=ACT_WORDS[act])
        raise Conflict(Reason("NOT_IN_THIS_STATE", words), change=last_change(case))
    check_not_lapsed(case, at)
    if actor.kind != "system":
        check_not_renewed(case, at)
    return case


def check_not_lapsed(case: Case, at: datetime) -> None:
    """Raise when a promised paper is past its day (容缺受理): the day ends the case, not the minute in which the job comes.

    What arrives after the day would else be in time or late by who is faster.
    """
    if case.accepted_as != AcceptedAs.PROMISE.value or not can_move(State(case.state), Act.LAPSE):
        return
    late = case.materials.filter(state=MaterialState.PROMISED.value, due_date__lt=local_date(at)).order_by("due_date")
    first = late.first()
    if first is not None and first.due_date is not None:
        words = messages.PROMISE_LATE.format(name=Words(first.name_zh, first.name_en), day=day_of(first.due_date))
        raise Conflict(Reason("PROMISE_LATE", words))


def last_change(case: Case) -> Change | None:
    """Who did what last, for the one who came second."""
    entries = ledger.list_entries(Subject("case", case.id))
    if not entries:
        return None
    entry = next((entry for entry in reversed(entries) if entry.act in set(Act)), entries[-1])  # remarks change nothing
    words = ACT_WORDS.get(Act(entry.act)) if entry.act in set(Act) else None
    return Change(entry.actor_name_masked, entry.at, words or W("更新了办件", "changed the case"))


def finish(
    case: Case,
    *,
    actor: Actor,
    act: Act,
    at: datetime,
    to: State | None = None,
    detail: Mapping[str, Scalar] | None = None,
    documents: tuple[UUID, ...] = (),
    write: bool = True,
) -> CaseHead:
    """Move the state by the table, raise the version, refresh the cached due day, sign the ledger.

    Not `write`: the next act follows at once in this transaction, derives the due day and writes the row for both.
    """
    state = next_state(State(case.state), act, choose=to)
    case.state = state.value
    case.version += 1
    if act is not Act.OFFER_PROMISE:
        case.promise_until = None  # an offered promise stands until anything else is done
    if state in ENDS and case.closed_at is None:
        case.closed_at = at
    if write:
        refresh_due(case, now=at)
        _write(case, act)
    faults.point("case.after_write")
    ledger.append(
        act=act.value,
        actor=actor,
        at=at,
        subject=Subject("case", case.id),
        detail={**(detail or {}), "state": state.value},
        facts=facts_after(case, act),
        alone=case.known.alone,
        nth=case.known.next_entry(),
    )
    faults.point("case.after_ledger")
    if state in ENDS:
        events.publish(CaseClosed(case_id=case.id, number=case.number, at=at, package=case.package, state=state.value))
        if is_rated(case):
            events.publish(of_case(case, at))
    return head_of(case, documents)


def _write(case: Case, act: Act) -> None:
    if case.known.new:
        insert([case])
        return
    try:
        update(Case, [case.id], **{name: getattr(case, name) for name in _MOVING})
    except IntegrityError as broken:  # a named constraint says what code must never try
        raise RuntimeError(f"{act} would leave case {case.number} in an impossible state") from broken


def head_of(case: Case, documents: tuple[UUID, ...] = ()) -> CaseHead:
    """Where the case stands."""
    return CaseHead(case.id, case.number, State(case.state), case.version, documents)
