"""督办 as lists and pages show it: which limits are red or past, who holds the case, how late it is."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from yichuang.cases.models import Case, Escalation
from yichuang.cases.models.commitment import CommitmentCheck
from yichuang.cases.pages import EscalatedRow, EscalationRow, HolderRow
from yichuang.cases.rules.clock import DELIVERY_DAYS, end_of
from yichuang.cases.rules.escalation import days_ago, days_late, horizon
from yichuang.cases.states import State
from yichuang.cases.values import LIMIT_WORDS, STEP_WORDS, Limit, Step
from yichuang.cases.worklists import SHOWN, mine, work_row
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.words import Words
from yichuang.engine import queries as engine
from yichuang.network import queries as network

LIST = 100  # rows of the list at most: the latest of them come first
SAID = Escalation.objects.filter(case=OuterRef("pk"))


def due_for_escalation(at: datetime, limit: int) -> list[UUID]:
    """Cases whose running limit may have turned red or passed and is not yet on record so, the most urgent first."""
    calendar = network.working_calendar()
    this_limit = SAID.filter(due_at=OuterRef("due_at"))
    past = Case.objects.filter(Q(due_at__lt=at) & ~Exists(this_limit.filter(step=Step.OVERDUE.value)))
    soon = Case.objects.filter(
        Q(due_at__gte=at, due_at__lte=horizon(at, calendar)) & ~Exists(this_limit.filter(step=Step.DUE_SOON.value))
    )
    found = [*_first(past, limit), *_first(soon, limit)]
    said = SAID.filter(limit=Limit.DELIVERY.value, step=Step.OVERDUE.value)
    last = days_ago(at, DELIVERY_DAYS, calendar)  # served on that day or before: today is the last day, or later
    waiting = Case.objects.filter(_undelivered() & Q(decided_at__lt=end_of(last)) & ~Exists(said))
    found += waiting.order_by("decided_at", "id").values_list("id", flat=True)[:limit]
    return list(dict.fromkeys(found))[:limit]


def _first(cases: QuerySet[Case], limit: int) -> list[UUID]:
    return list(cases.order_by("due_at", "id").values_list("id", flat=True)[:limit])


def _undelivered() -> Q:
    return Q(state=State.GRANTED.value, decided_at__isnull=False)


def list_escalated(actor: Actor, *, at: datetime) -> tuple[EscalatedRow, ...]:
    """The 督办 list: escalated limits that still run, of the actor's places and departments, the longest past first."""
    calendar = network.working_calendar()
    this_limit = SAID.filter(due_at=OuterRef("due_at"))
    running = Q(due_at__lte=horizon(at, calendar)) & Exists(this_limit)
    cases = list(Case.objects.filter(mine(actor)).filter(running).only(*SHOWN).order_by("due_at", "id")[:LIST])
    undelivered = Case.objects.filter(mine(actor)).filter(_undelivered(), Exists(SAID.filter(limit="delivery")))
    cases += list(undelivered.only(*SHOWN).order_by("decided_at", "id")[: LIST - len(cases)])
    said: dict[UUID, list[Escalation]] = defaultdict(list)
    for row in Escalation.objects.filter(case__in=cases).defer("note").order_by("at", "id"):
        said[row.case_id].append(row)
    holders = _holders([case.id for case in cases])
    found = []
    for case in cases:
        last = [row for row in said[case.id] if row.due_at is not None][-1]
        assert last.due_at is not None
        found.append(
            EscalatedRow(
                case=work_row(case, at),
                limit=LIMIT_WORDS[Limit(last.limit)],
                due_at=last.due_at,
                days_late=days_late(last.due_at, at, calendar),
                holders=tuple(holders[case.id]),
                orders=sum(row.step == Step.ORDER.value for row in said[case.id]),
            )
        )
    found += _late_checks(actor, at)
    return tuple(sorted(found, key=lambda row: (row.due_at, row.case.number)))


def _late_checks(actor: Actor, at: datetime) -> list[EscalatedRow]:
    """后续核查 of commitments that are on record as due or late, and still open."""
    said = Escalation.objects.filter(limit=Limit.CHECK.value, case__in=Case.objects.filter(mine(actor)))
    due = {row.case_id: row.due_at for row in said.order_by("due_at", "id")}
    checks = CommitmentCheck.objects.filter(state="open", case__in=list(due), due_date__lte=local_date(at))
    calendar, found = network.working_calendar(), []
    for check in checks.select_related("case", "commitment").order_by("due_date", "id")[:LIST]:
        until = end_of(check.due_date)
        if due[check.case_id] != until:
            continue
        holder = HolderRow(Words(check.commitment.name_zh, check.commitment.name_en), check.commitment.post, "")
        late = days_late(until, at, calendar)
        found.append(EscalatedRow(work_row(check.case, at), LIMIT_WORDS[Limit.CHECK], until, late, (holder,), 0))
    return found


def _holders(cases: Iterable[UUID]) -> dict[UUID, list[HolderRow]]:
    """Who has the open tasks of the cases: the post, and who claimed it."""
    found: dict[UUID, list[HolderRow]] = defaultdict(list)
    for task in engine.live_tasks_of("case", list(cases)):
        found[task.subject_id].append(HolderRow(task.name, task.post, task.claimed_name))
    return found


def escalations_of(case: UUID) -> tuple[EscalationRow, ...]:
    """What was escalated on a case, oldest first."""
    return tuple(
        EscalationRow(Step(row.step), STEP_WORDS[Step(row.step)], row.due_at, row.at, row.note, row.by_name)
        for row in Escalation.objects.filter(case=case).order_by("at", "id")
    )
