"""督办: a limit that runs out is put on record and brought before others; a supervisor writes to whoever holds the case.

行政许可法 arts. 72, 74: an organ answers for deciding late. Nothing here changes the case, its clock or its version.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from yichuang.cases import clocks, messages
from yichuang.cases.commands.refuse import check_reason
from yichuang.cases.models import Case, Decision, Escalation
from yichuang.cases.moves import THE_CASE, relations_of
from yichuang.cases.permissions import FORBIDDEN, can_see, can_urge
from yichuang.cases.rules.clock import Deadline, answer_deadline, decision_deadline, delivery_deadline
from yichuang.cases.rules.escalation import step_of
from yichuang.cases.states import ENDS, WORDS, State
from yichuang.cases.values import LIMIT_WORDS, STEP_WORDS, Limit, Step
from yichuang.cases.vouch import facts_of
from yichuang.core import ledger, live
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W, Words
from yichuang.engine import queries as engine
from yichuang.network import queries as network
from yichuang.notices import commands as notices
from yichuang.notices.values import Address
from yichuang.people import queries as people

Said = Mapping[str, str | Words]
URGE = W("督办", "urge")
AGAIN = timedelta(minutes=1)  # the same words so soon are one button pressed twice


@transaction.atomic
def escalate_case(*, case: UUID, at: datetime) -> Step | None:
    """Put on record that the limit now running is red or past: each step once for each due instant. Run by a job.

    None when there is nothing to say: no limit runs (it stands still, it is the applicant's turn, all is decided), it is
    not yet red, or it was said before. The limit is derived anew; a cached instant that differs waits for its own job.
    """
    row = Case.objects.select_for_update(of=("self",)).get(id=case)
    found = _running(row, at)
    if found is None:
        return None
    limit, deadline = found
    step = step_of(deadline.light)
    if step is None or deadline.due is None or (row.due_at is not None and row.due_at != deadline.due):
        return None
    written, fresh = Escalation.objects.get_or_create(
        case=row, step=step.value, limit=limit.value, due_at=deadline.due, defaults={"at": at}
    )
    if not fresh:
        return None
    ledger.append(
        act="escalate",
        actor=SYSTEM,
        at=at,
        subject=Subject("case", row.id),
        detail={"step": step.value, "limit": limit.value, "due": deadline.due.isoformat()},
        facts=facts_of(written),
    )
    words: Said = {"limit": LIMIT_WORDS[limit], "step": STEP_WORDS[step]}
    tell_holders(row, "limit_running_out", words, written.id, at)
    return step


@transaction.atomic
def urge_case(*, actor: Actor, number: str, words: str, at: datetime) -> UUID:
    """督办: a supervisor of the department, or the manager of the hall, writes to whoever holds the case now.

    The same words again within a minute are a button pressed twice: one order, the same id.

    Raises: NotFound for a case that is not theirs to see; Refused (403) without the power; Refused without words;
    Refused (409) for a case that has ended.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("department").filter(number=number).first()
    if case is None or not can_see(actor, relations_of(case)):
        raise NotFound(THE_CASE)
    if not can_urge(actor, relations_of(case)):
        raise Refused(Reason("NOT_ALLOWED", FORBIDDEN.format(act=URGE)), kind="forbidden")
    refuse_all(check_reason(words, "/words"))
    if State(case.state) in ENDS:
        told = messages.NOT_IN_STATE.format(state=WORDS[State(case.state)], act=URGE)
        raise Refused(Reason("NOT_IN_THIS_STATE", told), kind="conflict")
    pressed = Escalation.objects.filter(case=case, step=Step.ORDER.value, by_id=actor.id, at__gt=at - AGAIN)
    for order in pressed.order_by("-at"):
        if order.note == words.strip():
            return order.id
    written = Escalation.objects.create(
        case=case, step=Step.ORDER.value, note=words.strip(), by_id=actor.id, by_name=actor.name, at=at
    )
    ledger.append(act="urge", actor=actor, at=at, subject=Subject("case", case.id), facts=facts_of(written))
    tell_holders(case, "case_urged", {"words": written.note}, written.id, at)
    return written.id


def _running(case: Case, at: datetime) -> tuple[Limit, Deadline] | None:
    """The limit that somebody of the administration must keep now."""
    calendar = network.working_calendar()
    state = State(case.state)
    if state is State.GRANTED:
        served = Decision.objects.filter(case=case).values_list("served_at", flat=True).first()
        delivery = delivery_deadline(clocks.facts_of(case, served_at=served), calendar, at, case.delivered_at)
        return (Limit.DELIVERY, delivery) if delivery else None
    if case.due_at is None:
        return None
    facts = clocks.facts_of(case)
    if facts.accepted_date is None:
        return Limit.ANSWER, answer_deadline(facts, calendar, at)
    decision = decision_deadline(facts, calendar, at, promise=True)
    return (Limit.DECISION, decision) if decision else None


def tell_holders(
    case: Case, template: str, said: Said, order: UUID, at: datetime, *, also: Collection[UUID] = ()
) -> None:
    """Into the inboxes of whoever has the case now: who took the task, else who sits at its post; and of these others.

    Open pages of the case, of its place and of these posts fetch themselves anew."""
    tasks = engine.holders_of(("case", case.id))
    holders: set[UUID] = set(also)
    for task in tasks:
        holders |= {task.claimed_by} if task.claimed_by else {row.id for row in people.list_at_post(task.post, at=at)}
    item = Words(case.item_name_zh, case.item_name_en)
    for staff, locale in people.languages_of_staff(holders).items():
        notices.send(
            address=Address("inbox", party=staff),
            locale=locale,
            template=template,
            values={"number": case.number, "item": item, **said},
            at=at,
            dedupe=f"{template}:{order}:{staff}",
        )
    posts = {task.post for task in tasks}
    live.tell(f"case:{case.id}", f"place:{case.taking_place_id}", *(f"post:{post}" for post in posts))
