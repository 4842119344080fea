"""From the rows of a case to the facts of its clock, and back into the one cached column that work lists sort by."""

from datetime import date, datetime, time
from uuid import UUID

from django.db.models import QuerySet

from yichuang.cases import messages
from yichuang.cases.models import Case, Extension, Suspension
from yichuang.cases.rules.clock import ClockFacts, Span, Stop, answer_deadline, decision_deadline
from yichuang.cases.rules.sentences import day_of
from yichuang.cases.states import ENDS, State
from yichuang.cases.values import ACCEPTED_WORDS, AcceptedAs, Ground
from yichuang.core.clock import SHANGHAI
from yichuang.core.compiled import compiled
from yichuang.core.refusals import Reason
from yichuang.core.workdays import Calendar
from yichuang.network import queries as network

EXTENSION_BASIS = "《行政许可法》第四十二条"


def start_of(day: date) -> datetime:
    """0:00 of the day in the hall's time: what falls due later lies behind the day."""
    return datetime.combine(day, time(), SHANGHAI)


@compiled
def _stops(case: UUID) -> QuerySet[Suspension]:
    return Suspension.objects.filter(case=case).defer("reason").order_by("start_date", "id")


@compiled
def _extension(case: UUID) -> QuerySet[Extension]:
    return Extension.objects.filter(case=case).defer("reason").order_by("case_id")


def facts_of(case: Case, *, legal_basis: str = "", served_at: datetime | None = None) -> ClockFacts:
    """Everything the derivation needs, read from the case, its special procedures and its extension (2 queries; none
    for a case that says by `has_stops` and `has_extension` that it has neither).

    `served_at` is the instant at which the decision was served; only the delivery clock asks for it.
    """
    stopped = _stops(case.id) if getattr(case, "has_stops", not case.known.plain) else ()
    stops = tuple(Stop(Ground(row.ground), row.start_date, row.end_date, row.planned_days) for row in stopped)
    extension = _extension.first(case.id) if getattr(case, "has_extension", not case.known.plain) else None
    return ClockFacts(
        received_at=case.received_at,
        legal=Span(float(case.legal_amount), case.legal_unit),
        promise=Span(float(case.promise_amount), case.promise_unit),
        accepted_at=case.accepted_at,
        accepted_date=case.accepted_date,
        accepted_because=ACCEPTED_WORDS[AcceptedAs(case.accepted_as)] if case.accepted_as else None,
        stops=stops,
        extension_days=extension.days if extension else 0,
        extended_at=extension.at if extension else None,
        legal_basis=legal_basis,
        corrected_date=case.corrected_date,
        answered_at=_answered_at(case),
        decided_at=case.decided_at,
        served_at=served_at,
        granted=case.outcome == "grant",
        closed_at=case.closed_at,
    )


def _answered_at(case: Case) -> datetime | None:
    """When the filing was answered (art. 32): while corrections are awaited, by the notice that asks for them."""
    if case.state == State.CORRECTING.value:
        return case.notices.order_by("-round").values_list("told_at", flat=True).first()
    return case.closed_at if case.state == State.NOT_ACCEPTED.value else case.accepted_at


def why_no_extension(facts: ClockFacts, at: datetime, calendar: Calendar | None = None) -> list[Reason]:
    """Why the legal limit cannot be extended (any more): only while it runs, and only once (行政许可法 art. 42)."""
    if facts.extension_days:
        return [Reason("EXTENDED_ALREADY", messages.EXTENDED_ALREADY, basis=EXTENSION_BASIS)]
    legal = decision_deadline(facts, calendar or network.working_calendar(), at, promise=False)
    if legal is None or legal.due is None or at < legal.due:
        return []
    words = messages.EXTENSION_TOO_LATE.format(day=day_of(legal.due_date))
    return [Reason("EXTENSION_TOO_LATE", words, basis=EXTENSION_BASIS)]


def refresh_due(case: Case, *, now: datetime, calendar_changed: bool = False) -> None:
    """Recompute the cached due instants on the row (not saved here); None while the clock stands still or is over."""
    if case.decided_at is not None or State(case.state) in ENDS | {State.CORRECTING}:
        case.due_at = None  # decided, over, or the applicant's turn: nobody's limit runs
        return
    untouched = case.state == State.SUBMITTED.value and case.corrected_date is None and not calendar_changed
    if untouched and case.answer_due_at is not None:  # as filed: nothing to derive
        case.due_at = case.answer_due_at
        return
    calendar = network.working_calendar()
    facts = facts_of(case)
    if case.accepted_date is None:
        case.answer_due_at = case.due_at = answer_deadline(facts, calendar, now).due
        return
    due = decision_deadline(facts, calendar, now, promise=True)
    case.due_at = due.due if due else None
