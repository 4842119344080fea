"""鉴定、销毁: when a keeping term is over, one keeper extends it or proposes destruction, and another approves that.

Never by itself, and never while the file is still worked with. What stays is the register (number, item, term, who, when,
why), the acts in the ledger with their proofs, and the row that says what the package was.
[档案法 art. 31; 机关档案管理规定: appraisal by the organ, destruction by approval, a register kept for ever]
"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from yichuang.core import ledger, numbers
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.events import publish
from yichuang.core.ids import new_id
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W
from yichuang.issuing.appraisals import can_answer_appraisal, can_appraise, kept_until, newest_of, what_holds
from yichuang.issuing.events import DestructionApproved
from yichuang.issuing.models import Appraisal, ArchivePackage
from yichuang.issuing.rules import NOT_YOURS, WHY, appraisal_faults, held_by
from yichuang.issuing.vouch import facts_of_appraisal
from yichuang.network import queries as network

THE_APPRAISAL = W("销毁提议", "proposed destruction")
WAITS = W("已有销毁提议等待审批", "A destruction is proposed already and waits")
ANSWERED = W(
    "这份销毁提议已有人审批，请看最新记录", "This proposal has been answered already; please look at the latest record"
)
GONE = W("这份档案已经销毁", "This file has been destroyed")
NOT_KEEPER = W("鉴定由本部门的审批人员进行", "A file is appraised by the reviewers of its department")
NOT_DECIDER = W("销毁由本部门有决定权的人员审批", "A destruction is approved by who decides for the department")


@transaction.atomic
def appraise(
    *, actor: Actor, package: UUID, outcome: str, reason: str, at: datetime, until: date | None = None
) -> UUID:
    """Extend the term to `until` (at once), or propose destruction (another person approves); the appraisal's id.

    By a reviewer of the department. Refused: NOT_ALLOWED (403), NOT_DUE, KEPT_FOR_EVER, WHY_NEEDED, UNTIL_WHEN, FILE_HELD (each
    thing that still needs the file), and 409 PROPOSED_ALREADY or DESTROYED.
    """
    row = _newest_locked(actor, package)
    if not can_appraise(actor, row.department_id):
        raise Refused(Reason("NOT_ALLOWED", NOT_KEEPER), kind="forbidden")
    for waiting in Appraisal.objects.filter(case=row.case_id, stage__in=["proposed", "destroyed"]).order_by("id"):
        code, words = ("PROPOSED_ALREADY", WAITS) if waiting.stage == "proposed" else ("DESTROYED", GONE)
        raise Refused(Reason(code, words), kind="conflict")
    over, by = kept_until(row), actor.id
    refuse_all(
        appraisal_faults(
            outcome=outcome, reason=reason, until=until, kept_until=over, today=local_date(at),
            held=what_holds(row.case_id, at=at),
        )
    )  # fmt: skip
    assert over is not None
    assert by is not None  # who looks after an archive is staff
    extends = outcome == "extend"
    said = Appraisal.objects.create(
        id=new_id(),
        case_id=row.case_id,
        package=row,
        department_id=row.department_id,
        editions=row.edition,
        kept_until=over,
        outcome="extend" if extends else "destroy",
        stage="done" if extends else "proposed",
        until=until if extends else None,
        reason=reason.strip(),
        at=at,
        by_id=by,
        by_name=actor.name,
    )
    _record(said, "archive.extend" if extends else "archive.propose-destruction", actor, at)
    return said.id


@transaction.atomic
def answer_appraisal(*, actor: Actor, appraisal: UUID, approve: bool, at: datetime, note: str = "") -> None:
    """Approve a proposed destruction, or decline it (with a note): by who decides for the department, never by who proposed.

    Approved: the register gets its line, and the files of every edition are wiped by a job. Refused: SAME_PERSON,
    NOT_ALLOWED (403), ANSWERED_ALREADY (409: another proposal than the one read may wait by now), WHY_NEEDED (to decline),
    FILE_HELD (what needs the file since).
    """
    known = Appraisal.objects.filter(id=appraisal, outcome="destroy").first()
    if known is None:
        raise NotFound(THE_APPRAISAL)
    row = _newest_locked(actor, known.package_id)
    said = Appraisal.objects.select_for_update(of=("self",)).get(id=appraisal)
    _check_may_answer(actor, said)
    if said.stage != "proposed":
        raise Refused(Reason("ANSWERED_ALREADY", ANSWERED), kind="conflict")
    if not approve and not note.strip():
        raise Refused(Reason("WHY_NEEDED", WHY, "/note"))
    if approve:
        refuse_all(held_by(what_holds(said.case_id, at=at)), kind="conflict")
        said.package, said.editions = row, row.edition  # an edition may have come since
        said.register = _register_number(said.department_id, at)
    said.stage = "destroyed" if approve else "declined"
    said.answered_at, said.answered_by_id, said.answered_name, said.note = at, actor.id, actor.name, note.strip()
    said.save()
    _record(said, "archive.destroy" if approve else "archive.keep", actor, at)
    if approve:
        publish(DestructionApproved(appraisal=said.id, at=at))


def _newest_locked(actor: Actor, package: UUID) -> ArchivePackage:
    """The newest edition, locked: whoever archives the case anew waits for it. One that came while we waited is taken instead."""
    row = newest_of(actor, package)
    while True:
        locked = ArchivePackage.objects.select_for_update(of=("self",)).get(id=row.id)
        row = newest_of(actor, package)
        if row.id == locked.id:
            return locked


def _check_may_answer(actor: Actor, said: Appraisal) -> None:
    if actor.id == said.by_id:
        raise Refused(Reason("SAME_PERSON", NOT_YOURS), kind="forbidden")
    if not can_answer_appraisal(actor, said.department_id):
        raise Refused(Reason("NOT_ALLOWED", NOT_DECIDER), kind="forbidden")


def _register_number(department: UUID, at: datetime) -> str:
    code, year = network.get_department_by_id(department).code, local_date(at).year
    serial = numbers.next_number(kind="destruction", place=code, day=date(year, 1, 1))
    return f"{code}-XH-{year}-{serial:06}"


def _record(said: Appraisal, act: str, actor: Actor, at: datetime) -> None:
    ledger.append(
        act=act, actor=actor, at=at, subject=Subject("appraisal", said.id),
        detail={"package": said.package.number, "register": said.register, "until": said.until.isoformat() if said.until else None},
        facts=facts_of_appraisal(said),
    )  # fmt: skip
