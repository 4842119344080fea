"""延续: a renewal that was asked for in time and that nobody decided counts as granted (行政许可法 art. 50 (2)); reminders before."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases.commands.serve import serve_grant, serve_prepared
from yichuang.cases.following import can_serve, certificate_of, is_renewed_by_law, why_not_grant
from yichuang.cases.models import Case, Decision
from yichuang.cases.rules import follow
from yichuang.cases.states import Act, State
from yichuang.cases.tellings.after import tell_holder
from yichuang.cases.values import CaseHead
from yichuang.catalog import queries as catalog
from yichuang.core.actors import SYSTEM
from yichuang.core.clock import local_date
from yichuang.engine import commands as engine
from yichuang.registry import queries as base

SILENCE = "有效期届满前未作出是否准予延续的决定，依法视为准予延续"


@transaction.atomic
def deem_renewed(*, case: UUID, at: datetime) -> CaseHead | None:
    """Grant by silence, at the end of the old term; None when it is decided, not a permit, late, waits for the
    applicant, or the certificate is ended or about to be (then it waits for the end of that proceeding)."""
    row = Case.objects.select_for_update(of=("self",)).select_related("department").get(id=case)
    old = certificate_of(row.previous_id)
    if old is None or not is_renewed_by_law(row, old, at) or why_not_grant(row):
        return None
    today = local_date(at)
    engine.cancel_process(subject=("case", row.id), at=at, reason="deemed-renewed")
    row.suspensions.filter(end_date__isnull=True).update(end_date=today)
    Decision.objects.create(case=row, outcome="grant", reasons={"text": SILENCE}, made_at=at, made_by_id=None)
    row.decided_at, row.outcome = at, "grant"
    return serve_grant(row, actor=SYSTEM, act=Act.DEEM_RENEWED, at=at)


@transaction.atomic
def serve_waiting(*, case: UUID, at: datetime) -> CaseHead | None:
    """Serve a prepared follow-up whose papers came in while its certificate was being ended; None while it still waits."""
    row = Case.objects.select_for_update(of=("self",)).select_related("department").get(id=case)
    if row.state != State.PREPARED.value or not can_serve(row) or row.holds.filter(lifted_at=None).exists():
        return None
    return serve_prepared(row, at=at)


def remind_of_end(*, certificate: UUID, at: datetime) -> int | None:
    """Tell the holder that the term ends and that it can be renewed, once at 90, 60 and 30 days; the step that was told."""
    row = base.get_certificate(certificate)
    if row.valid_to is None or row.subject[0] != "case" or base.validity(row, local_date(at)) != "valid":
        return None
    case = Case.objects.filter(id=row.subject[1]).first()
    step = follow.step_of((row.valid_to - local_date(at)).days)
    if case is None or step is None or not _knows_renewal(case, at):
        return None
    tell_holder(
        case, "certificate_ends", {"name": row.name, "due": row.valid_to, "by": _last_day(row.valid_to)},
        mark=f"{row.id}:{step}", at=at,
    )  # fmt: skip
    return step


def _knows_renewal(case: Case, at: datetime) -> bool:
    pack = catalog.get_pack(case.item_code, version=case.item_version, at=at)
    return pack.result.follow_up("renew") is not None


def _last_day(valid_to: date) -> date:
    """By when a renewal is asked for in time."""
    return date.fromordinal(valid_to.toordinal() - follow.RENEW_AHEAD)
