"""告知承诺 as pages show it: what was promised with a case, and what the checks found."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from yichuang.cases.commitments import CheckRow, CommitmentRow, Kept, Letter, letter_for, said_of
from yichuang.cases.committing import why_not_promise as reasons_against
from yichuang.cases.committing import why_unsigned
from yichuang.cases.inspections import inspections_of
from yichuang.cases.models import Case, SignedCommitment
from yichuang.cases.models.commitment import CommitmentCheck
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Pack, Requirements
from yichuang.core.clock import local_date
from yichuang.core.refusals import Reason
from yichuang.core.words import Words


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
    return tuple(row_of(row, checks[row.id], pack, at) for row in rows)


def row_of(row: SignedCommitment, checks: list[CommitmentCheck], pack: Pack, at: datetime) -> CommitmentRow:
    """A commitment with its checks, oldest first."""
    spec = pack.commitment(row.code)
    seen = inspections_of(check.id for check in checks) if row.how == "site" and checks else {}
    state = Kept(row.state)
    return CommitmentRow(
        id=row.id,
        code=row.code,
        name=Words(row.name_zh, row.name_en),
        version=row.version,
        state=state,
        words=said_of(state),
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
