"""告知承诺 as pages show it: what was promised with a case, and what the checks found."""

from collections import defaultdict
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from yichuang.cases.commands.checks import THE_COMMITMENT, is_sent_to, may_check
from yichuang.cases.commitments import (
    OF_NO_EFFECT,
    CheckMove,
    CheckRow,
    CheckWork,
    CommitmentPage,
    CommitmentRow,
    Kept,
    Letter,
    letter_for,
    said_of,
)
from yichuang.cases.committing import why_not_promise as reasons_against
from yichuang.cases.committing import why_unsigned
from yichuang.cases.following import ended_as
from yichuang.cases.inspections import inspections_of
from yichuang.cases.models import Case, Inspection, SignedCommitment
from yichuang.cases.models.commitment import CommitmentCheck
from yichuang.cases.moves import relations_of
from yichuang.cases.pages import InspectionRow
from yichuang.cases.permissions import can_look_after, is_chief_of
from yichuang.cases.rules.commitment import last_mend_day
from yichuang.cases.states import ENDS, State
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import CHECK_WAYS, Pack, Requirements
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.refusals import NotFound, Reason
from yichuang.core.words import Words
from yichuang.network import queries as network
from yichuang.registry import queries as registry
from yichuang.registry.values import Status

OPEN, DONE = 200, 20  # lines of the lists at most
TO_DO = (Kept.CHECKING, Kept.FOUND, Kept.MENDING)
OVER = (Kept.KEPT, Kept.BROKEN, Kept.ENDED)


def letter_of(pack: Pack, needs: Requirements) -> Letter:
    """What is promised with such a filing, as the applicant chose; empty where nothing is."""
    return letter_for(pack, needs.commitments)


def why_not_promise(pack: Pack, needs: Requirements, applicant: UUID) -> list[Reason]:
    """Why this applicant may not promise what was chosen: told before the filing, as the filing would."""
    return reasons_against(pack, needs, applicant)


def why_not_committed(pack: Pack, needs: Requirements, *, mark: str) -> list[Reason]:
    """What stands against the signature of the letter beside the proof of who signs."""
    return why_unsigned(pack, needs, mark=mark)


def commitments_of(case: Case, at: datetime) -> tuple[CommitmentRow, ...]:
    """All of a case, in the item's order. No gate: ask for the case first."""
    pack = catalog.get_pack(case.item_code, version=case.item_version, at=at)
    checks: dict[UUID, list[CommitmentCheck]] = defaultdict(list)
    for check in CommitmentCheck.objects.filter(case=case.id).order_by("round"):
        checks[check.commitment_id].append(check)
    rows = SignedCommitment.objects.filter(case=case.id).order_by("signed_at", "id")
    over = State(case.state) in ENDS and case.outcome != "grant"
    return tuple(row_of(row, checks[row.id], pack, at, over=over) for row in rows)


def row_of(
    row: SignedCommitment, checks: list[CommitmentCheck], pack: Pack, at: datetime, *, over: bool = False
) -> CommitmentRow:
    """A commitment with its checks, oldest first; `over`: the case ended without a grant."""
    spec = pack.commitment(row.code)
    seen = inspections_of(check.id for check in checks) if row.how == "site" and checks else {}
    state = Kept(row.state)
    return CommitmentRow(
        id=row.id,
        code=row.code,
        name=Words(row.name_zh, row.name_en),
        version=row.version,
        state=state,
        words=OF_NO_EFFECT if over else said_of(state),
        document=row.document,
        signed_at=row.signed_at,
        how=row.how,
        check_words=spec.check_words,
        consequence=spec.consequence,
        checks=tuple(
            CheckRow(
                id=check.id,
                round=check.round,
                due_date=check.due_date,
                state=check.state,
                findings=check.findings,
                recorded_at=check.recorded_at,
                recorded_by=check.recorded_name,
                inspection=seen.get(check.id),
                demands=check.demands,
                mend_by=check.mend_by,
                order=check.order,
                late=check.state == "open" and check.due_date < local_date(at),
            )
            for check in checks
        ),
    )


def list_checks(actor: Actor, *, at: datetime) -> tuple[tuple[CheckWork, ...], tuple[CheckWork, ...]]:
    """(to be checked or ordered, the first due first; ended last) of the actor's posts, and where the actor is sent."""
    if not actor.is_staff or actor.id is None:
        return (), ()
    sent = Inspection.objects.filter(Q(first=actor.id) | Q(second=actor.id), document=None).values_list(
        "task", flat=True
    )
    mine = Q(post__in=sorted(actor.posts)) | Q(checks__in=list(sent), checks__state="open")
    rows = SignedCommitment.objects.filter(mine).select_related("case").distinct()
    waiting = rows.filter(state__in=[one.value for one in TO_DO]).order_by("id")[:OPEN]
    ended = rows.filter(state__in=[one.value for one in OVER]).order_by("-id")[:DONE]
    due = {
        check.commitment_id: check.due_date
        for check in CommitmentCheck.objects.filter(commitment__in=list(waiting), state="open").order_by("id")
    }
    lines = [_work(row, due.get(row.id), at) for row in waiting]
    lines.sort(key=lambda line: (line.due_date is not None, line.due_date, line.number))
    return tuple(lines), tuple(_work(row, None, at) for row in ended)


def get_commitment(actor: Actor, id: UUID, *, at: datetime) -> CommitmentPage:
    """One commitment with its case, for who checks it or looks after its certificate. NotFound for anybody else."""
    row = SignedCommitment.objects.select_related("case__department").filter(id=id).first()
    if row is None:
        raise NotFound(THE_COMMITMENT)
    mine, sent = may_check(actor, row), is_sent_to(actor, row)
    relations = relations_of(row.case)
    if not (mine or sent or can_look_after(actor, relations) or is_chief_of(actor, relations)):
        raise NotFound(THE_COMMITMENT)
    case = row.case
    pack = catalog.get_pack(case.item_code, version=case.item_version, at=at)
    spec = pack.commitment(row.code)
    shown = row_of(row, list(CommitmentCheck.objects.filter(commitment=row).order_by("round")), pack, at)
    certificate = registry.certificate_of_subject("case", case.id)
    certificate = registry.newest_of(certificate) if certificate else None
    gone = ended_as(case.id, at)
    calendar = network.working_calendar()
    return CommitmentPage(
        row=shown,
        number=case.number,
        item=Words(case.item_name_zh, case.item_name_en),
        applicant=case.applicant_id,
        applicant_masked=case.applicant_masked,
        certificate=certificate.id if certificate and certificate.status is Status.VALID else None,
        promises=spec.promises,
        conditions=tuple(c.text for c in pack.conditions if c.code in spec.conditions),
        how=CHECK_WAYS[row.how],
        post=row.post,
        last_mend_day=last_mend_day(local_date(at), spec.mend_days, calendar) if spec.mend_days else None,
        gone=gone,
        moves=_moves(shown, actor.id, mine=mine, gone=gone is not None),
        mine=mine,
    )


def _moves(row: CommitmentRow, me: UUID | None, *, mine: bool, gone: bool) -> frozenset[CheckMove]:
    check = row.open_check
    ending = {CheckMove.END} if mine and gone else set()
    if row.state is Kept.FOUND:
        return frozenset({CheckMove.ORDER, *ending}) if mine else frozenset()
    if check is None:
        return frozenset()
    if row.how != "site":
        return frozenset({CheckMove.RECORD, CheckMove.MISS, *ending}) if mine else frozenset()
    return frozenset(_moves_on_site(check.inspection, me, mine=mine, ending=ending))


def _moves_on_site(
    inspection: InspectionRow | None, me: UUID | None, *, mine: bool, ending: set[CheckMove]
) -> set[CheckMove]:
    """What one inspector has signed is neither set aside nor added to: the other signs, or it is arranged anew."""
    signed = inspection is not None and any(at is not None for *_, at in inspection.inspectors)
    unsigned = set() if signed else {CheckMove.PHOTO}
    found = {CheckMove.ARRANGE, *unsigned, *(set() if signed else {CheckMove.MISS, *ending})} if mine else set()
    sent = inspection is not None and inspection.sends(me)
    return found | ({*unsigned, CheckMove.RECORD, CheckMove.SIGN} if sent else set())


def _work(row: SignedCommitment, due: date | None, at: datetime) -> CheckWork:
    case, state, today, calendar = row.case, Kept(row.state), local_date(at), network.working_calendar()
    left = None
    if due is not None:
        left = calendar.between(today, due) if due >= today else -max(calendar.between(due, today), 1)
    return CheckWork(
        id=row.id,
        number=case.number,
        item=Words(case.item_name_zh, case.item_name_en),
        applicant_masked=case.applicant_masked,
        name=Words(row.name_zh, row.name_en),
        state=state,
        words=said_of(state),
        due_date=due,
        days_left=left,
        post=row.post,
    )
