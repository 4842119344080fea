"""What happens with no page open: silence becomes acceptance, promises lapse, due days follow the calendar.

Each job calls exactly one command.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from yichuang.cases.commands.accept import deem_accepted
from yichuang.cases.commands.ask import hand_on_job as hand_on_job  # (found at start)
from yichuang.cases.commands.at_once import decide_at_once_job as decide_at_once_job  # (found at start)
from yichuang.cases.commands.cosign import due_for_minding, mind_signing_job
from yichuang.cases.commands.draws import draw_rechecks
from yichuang.cases.commands.end import lapse_promise
from yichuang.cases.commands.escalate import escalate_case
from yichuang.cases.commands.promise import end_offer
from yichuang.cases.commands.recheck import watch_brakes
from yichuang.cases.commands.rederive import rederive_due
from yichuang.cases.commands.rehearse import rehearse_job as rehearse_job  # (found at start)
from yichuang.cases.commands.rehearse import watch_rehearsals
from yichuang.cases.commands.remind import REMIND, remind_promise
from yichuang.cases.commands.renew import deem_renewed, remind_of_end, serve_waiting
from yichuang.cases.commands.watch_checks import watch_checks as watch_checks  # (found at start)
from yichuang.cases.commands.work import do_work_job as do_work_job  # (found at start)
from yichuang.cases.models import Case, Hold, Material
from yichuang.cases.queries.escalations import due_for_escalation
from yichuang.cases.rules.follow import REMIND_AHEAD, may_deem_renewed
from yichuang.cases.states import Act, State, can_move
from yichuang.core import clock, jobs
from yichuang.network import queries as network
from yichuang.registry.queries import last_days, list_ending

BATCH = 500
RENEWABLE = [state.value for state in State if can_move(state, Act.DEEM_RENEWED)]
LAPSING = [state.value for state in State if can_move(state, Act.LAPSE)]


@jobs.job(name="cases.deem_accepted")
def deem_accepted_job(case: UUID) -> None:
    """视为受理 of one permit case whose five working days ran out."""
    deem_accepted(case=case, at=clock.now())


@jobs.job(name="cases.lapse_promise")
def lapse_promise_job(case: UUID) -> None:
    """The end of one case whose promised papers did not come."""
    lapse_promise(case=case, at=clock.now())


@jobs.job(name="cases.end_offer")
def end_offer_job(case: UUID) -> None:
    """The notice of what is missing, where an offered promise was not signed in time."""
    end_offer(case=case, at=clock.now())


@jobs.job(name="cases.rederive")
def rederive(first_day: str, after: str) -> None:
    """Derive the due days behind a changed calendar day anew, batch by batch: each queues the next."""
    last = rederive_due(first_day=date.fromisoformat(first_day), after=UUID(after) if after else None, at=clock.now())
    if last is not None:
        jobs.enqueue(rederive, first_day=first_day, after=str(last))


@jobs.periodic("* * * * *")
@jobs.job(name="cases.watch_clocks")
def watch_clocks() -> None:
    """Once a minute: find, by index, the permits without an answer, the offers not signed, the promises past their day."""
    at = clock.now()
    unsigned = Case.objects.filter(promise_until__lte=at).order_by("promise_until", "id")
    for case in unsigned.values_list("id", flat=True)[:BATCH]:
        jobs.enqueue(end_offer_job, lock=f"case:{case}", case=case)
    silent = Case.objects.filter(state="SUBMITTED", is_permit=True, answer_due_at__lt=at).order_by(
        "answer_due_at", "id"
    )
    for case in silent.values_list("id", flat=True)[:BATCH]:
        jobs.enqueue(deem_accepted_job, lock=f"case:{case}", case=case)
    # only cases that can still lapse: ended ones keep their papers' states, and would in time fill every batch
    late = Material.objects.filter(
        state="promised", due_date__lt=clock.local_date(at), case__state__in=LAPSING
    ).order_by("due_date", "id")
    for case in dict.fromkeys(late.values_list("case_id", flat=True)[:BATCH]):
        jobs.enqueue(lapse_promise_job, lock=f"case:{case}", case=case)


@jobs.periodic("23 * * * *")
@jobs.job(name="cases.watch_signings")
def watch_signings() -> None:
    """Once an hour: signatures that are waited for no more, or soon."""
    for signing in due_for_minding(clock.now()):
        jobs.enqueue(mind_signing_job, lock=f"signing:{signing}", signing=signing)


@jobs.job(name="cases.deem_renewed")
def deem_renewed_job(case: UUID) -> None:
    """视为准予延续 of one permit whose term ran out undecided."""
    deem_renewed(case=case, at=clock.now())


@jobs.job(name="cases.serve_waiting")
def serve_waiting_job(case: UUID) -> None:
    """A prepared follow-up takes effect once nothing threatens its certificate any more."""
    serve_waiting(case=case, at=clock.now())


@jobs.periodic("7 * * * *")
@jobs.job(name="cases.watch_renewals")
def watch_renewals() -> None:
    """Once an hour: the renewals that nobody decided before the term ended, and the prepared follow-ups that waited."""
    today = clock.local_date(clock.now())
    waiting = Case.objects.filter(follow_up="renew", is_permit=True, closed_at__isnull=True, state__in=RENEWABLE)
    for rows in in_batches(waiting, "previous_id", "received_at"):
        ends = last_days("case", {previous for _, previous, _ in rows})
        for case, previous, received in rows:
            if may_deem_renewed(
                is_permit=True, received=clock.local_date(received), valid_to=ends.get(previous), today=today
            ):
                jobs.enqueue(deem_renewed_job, lock=f"case:{case}", case=case)
    prepared = Case.objects.filter(state=State.PREPARED.value, closed_at__isnull=True).exclude(follow_up="")
    for rows in in_batches(prepared.exclude(id__in=Hold.objects.filter(lifted_at=None).values("case_id"))):
        for (case,) in rows:
            jobs.enqueue(serve_waiting_job, lock=f"case:{case}", case=case)


def in_batches(rows: QuerySet[Case], *more: str) -> Iterator[list[tuple[Any, ...]]]:
    """The ids, and `more` columns, of all these cases, so many at a time, by id: none is left out however many wait."""
    last = None
    while found := list((rows.filter(id__gt=last) if last else rows).order_by("id").values_list("id", *more)[:BATCH]):
        yield found
        last = found[-1][0]


@jobs.job(name="cases.remind_of_end")
def remind_of_end_job(certificate: UUID) -> None:
    """The reminder of one certificate whose term ends."""
    remind_of_end(certificate=certificate, at=clock.now())


@jobs.periodic("20 9 * * *")
@jobs.job(name="cases.watch_terms")
def watch_terms() -> None:
    """Once a day, in the morning of the hall: the certificates whose term ends in 90, 60 or 30 days (three days wide)."""
    today = clock.local_date(clock.now())
    for step in REMIND_AHEAD:
        for certificate in list_ending(today + timedelta(days=step - 2), today + timedelta(days=step)):
            jobs.enqueue(remind_of_end_job, certificate=certificate)


@jobs.job(name="cases.escalate")
def escalate_job(case: UUID) -> None:
    """督办 of one case whose limit turned red or passed."""
    escalate_case(case=case, at=clock.now())


@jobs.periodic("*/5 * * * *")
@jobs.job(name="cases.watch_limits")
def watch_limits() -> None:
    """Every five minutes: find, by index, the limits that turned red or passed and are not on record so."""
    for case in due_for_escalation(clock.now(), BATCH):
        jobs.enqueue(escalate_job, lock=f"case:{case}", case=case)


@jobs.job(name="cases.remind_promise")
def remind_promise_job(case: UUID) -> None:
    """A reminder of promised papers that soon fall due."""
    remind_promise(case=case, at=clock.now())


@jobs.periodic("10 9-17 * * *")
@jobs.job(name="cases.watch_promises")
def watch_promises() -> None:
    """Hourly from 9:10 to 17:10 in the hall, when people may be written to: find the promises near their day.

    Those already told are told apart by their messages, not here: the window is two working days long.
    """
    today = clock.local_date(clock.now())
    last = network.working_calendar().add(today, REMIND)
    near = Material.objects.filter(
        state="promised", due_date__gte=today, due_date__lte=last, case__state__in=LAPSING
    ).order_by("due_date", "id")
    for case in dict.fromkeys(near.values_list("case_id", flat=True)):
        jobs.enqueue_once(remind_promise_job, key=f"remind:{case}", case=case)


@jobs.periodic("*/10 * * * *")
@jobs.job(name="cases.watch_rule_sets")
def watch_rule_sets() -> None:
    """Every ten minutes: draw what is re-checked (抽查) of the automatic decisions, stop the rule sets that err too often, and end
    the rehearsals that nobody runs any more."""
    at = clock.now()
    draw_rechecks(at=at)
    watch_brakes(at=at)
    watch_rehearsals(at=at)
