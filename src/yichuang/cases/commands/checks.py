"""后续核查: what was promised (告知承诺) is looked at after the decision; not kept, it is to be put right, or is broken.

Every move is one transaction: the check, its paper, the commitment, the entry in the ledger of the case, what the holder is
told. Nothing here changes the case or its certificate (docs/adr/0023).
"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from yichuang.cases import papers
from yichuang.cases.commands import on_site
from yichuang.cases.commands.on_site import Photo
from yichuang.cases.commands.refuse import check_reason
from yichuang.cases.commitments import CheckMove, Kept, Standing
from yichuang.cases.following import ended_as
from yichuang.cases.inspections import still_of
from yichuang.cases.models import Case, Document, Inspection, PromiseLapse, SignedCommitment
from yichuang.cases.models.commitment import CommitmentCheck
from yichuang.cases.rules import commitment as rules
from yichuang.cases.rules.inspection import Plan, Record
from yichuang.cases.rules.sentences import day_of
from yichuang.cases.tellings.after import tell_holder
from yichuang.cases.tellings.checks import supervisors_of, tell_of_check
from yichuang.cases.values import DocumentKind
from yichuang.cases.vouch import fresh_facts
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Commitment, Pack
from yichuang.core import faults, ledger, live
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.compiled import compiled
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W
from yichuang.network import queries as network

THE_COMMITMENT = W("告知承诺", "commitment")
STALE = W(
    "这项核查刚刚被他人更新，请查看最新情况后再操作",
    "Somebody else has just moved this check: look again before acting",
)
NOT_NOW = W("现在不能进行这一步", "This cannot be done now")
NOT_ON_SITE = W(
    "这项承诺不是现场核查，请直接记录核查结果", "This promise is not checked on site: put the result on record"
)
ON_SITE = W("这项承诺须由两名执法人员现场核查", "This promise is checked on site, by two inspectors")
NOT_YOURS = W("由负责核查的岗位办理", "This is for the post that makes the check")
HALF_SIGNED = W(
    "核查记录已有一名执法人员签字，不能搁置：请另一名执法人员签字，或者重新安排核查",
    "One inspector has signed the record of this check, so it was made: the other signs, or it is arranged anew",
)
IN_FORCE = W(
    "证照仍然有效（或者正在延续、可以恢复），后续核查不能终止",
    "The certificate is in force, or may be again: the check cannot be ended",
)
PUT_OFF_AGAIN = W("已有 {times} 次未能核查，又改期", "could not be made {times} times, and is put off again")
BEFORE_THE_ROUND = W(
    "核查时间不能早于本次核查开始的时间（{day}）",
    "The inspection cannot have been before this check was opened ({day})",
)
BEHIND_THE_DAY = W(
    "改正期限 {day} 届满之后才能再次核查", "It is checked again when the day to put it right, {day}, has passed"
)
REPAIR = (
    "对本告知有异议的，可以提出异议；已经改正、消除不良影响的，可以申请修复。本告知不影响您（单位）依一般程序申请。"
)
BARRED = "未履行承诺已记入失信记录，修复前不再适用告知承诺制；对已取得的证照，本机关依法另行处理，处理前听取您（单位）的陈述、申辩。"
CHECKS_ON_PAPER = "本决定以告知承诺方式作出：{name}由本机关于{day}前核查，不符合承诺的，依法处理。"


def open_checks(case: Case, pack: Pack, at: datetime) -> str:
    """Open the first check of each commitment of a case that is granted now; what the decision's paper says of it.

    Called inside the granting act, whose entry vouches for the rows. "" for a case without commitments.
    """
    told = []
    for row in () if case.known.new else _signed(case.id):
        due = rules.check_due(
            local_date(at), pack.commitment(row.code).check_days, network.working_calendar()
        )  # fmt: skip
        _open(case, row, 1, due, at)
        row.state = Kept.CHECKING.value
        row.save(update_fields=["state"])
        case.fresh.append(row)
        told.append(CHECKS_ON_PAPER.format(name=row.name_zh, day=f"{due.year}年{due.month}月{due.day}日"))
    return "".join(told)


def foresee_checks(case: Case) -> None:
    """`open_checks` will be called in this transaction (see `sql.ahead`)."""
    if case.known.new:
        return
    _signed.ahead(case.id)


@compiled
def _signed(case: UUID) -> QuerySet[SignedCommitment]:
    return SignedCommitment.objects.filter(case=case, state="signed").order_by("signed_at", "id")


@transaction.atomic
def arrange_check(*, actor: Actor, commitment: UUID, version: int, plan: Plan, at: datetime) -> Standing:
    """Send two named inspectors, as to an inspection before a decision; the holder is told."""
    case, row, check = _begin(actor, commitment, version, at, on_site_only=True, holder_only=True)
    inspection = on_site.send(case, check.id, plan, post=row.post, at=at)
    head = _sign(case, row, CheckMove.ARRANGE, actor, at)
    when = {"when": inspection.planned_at}
    tell_holder(case, "inspection_planned", when, mark=f"{check.id}:{row.version}", at=at)
    return head


@transaction.atomic
def add_check_photo(*, actor: Actor, commitment: UUID, version: int, photo: Photo, at: datetime) -> Standing:
    """Keep a photograph of the place, sealed; by an inspector who was sent, or the post that makes the check."""
    case, row, check = _begin(actor, commitment, version, at, on_site_only=True)
    holder = actor.id if may_check(actor, row) else None
    upload = on_site.add_picture(case, check.id, photo, actor=actor, holder=holder, at=at)
    return _sign(case, row, CheckMove.PHOTO, actor, at, photo=str(upload))


@transaction.atomic
def write_check(*, actor: Actor, commitment: UUID, version: int, record: Record, at: datetime) -> Standing:
    """Write what was found on site, and sign it; the other inspector's signature makes it count."""
    case, row, check = _begin(actor, commitment, version, at, on_site_only=True)
    if record.held_at is not None:
        _check_begun(check, record.held_at)
        _check_time_over(row, local_date(record.held_at), kept=record.meets is not False)
    on_site.write(case, check.id, record, actor=actor, at=at)
    return _sign(case, row, CheckMove.RECORD, actor, at)


@transaction.atomic
def sign_check(*, actor: Actor, commitment: UUID, version: int, at: datetime) -> Standing:
    """The other inspector signs: the check is made, and what follows from it stands."""
    case, row, check = _begin(actor, commitment, version, at, on_site_only=True)
    inspection = on_site.countersign(case, check.id, actor=actor, at=at)
    assert inspection.held_at is not None
    _check_time_over(row, local_date(inspection.held_at), kept=inspection.meets is True)
    _conclude(case, row, check, actor, at, kept=inspection.meets is True, findings=inspection.findings)
    return _sign(case, row, CheckMove.SIGN, actor, at, document=str(inspection.document))


@transaction.atomic
def record_check(
    *, actor: Actor, commitment: UUID, version: int, kept: bool | None, findings: str, at: datetime
) -> Standing:
    """Put on record what data or papers showed; where the pack wants no inspection."""
    case, row, check = _begin(actor, commitment, version, at, holder_only=True)
    if row.how == "site":
        raise Refused(Reason("ON_SITE", ON_SITE), kind="conflict")
    refuse_all(rules.finding_faults(kept, findings))
    _check_time_over(row, local_date(at), kept=kept is True)
    _conclude(case, row, check, actor, at, kept=kept is True, findings=findings.strip())
    return _sign(case, row, CheckMove.RECORD, actor, at)


@transaction.atomic
def miss_check(
    *, actor: Actor, commitment: UUID, version: int, reason: str, again_by: date | None, at: datetime
) -> Standing:
    """It could not be made (nobody there, the register is silent …): why, and by which day it is made instead.

    Not where an inspector has signed what was found; from the second time on the supervisors are told."""
    case, row, check = _begin(actor, commitment, version, at, holder_only=True)
    _check_unsigned(check)
    today, calendar = local_date(at), network.working_calendar()
    last = calendar.add(today, rules.PUT_OFF_DAYS)
    wrong = rules.day_faults(again_by, today=today, last=last, calendar=calendar, field="/again_by")
    refuse_all([*check_reason(reason), *wrong])
    assert again_by is not None
    _close(case, check, actor, at, state="unable", findings=reason.strip())
    again = _open(case, row, check.round + 1, again_by, at)
    times = CommitmentCheck.objects.filter(commitment=row, state="unable").count()
    if times > 1:
        words = PUT_OFF_AGAIN.format(times=times)
        tell_of_check(case, again, words, "put_off", supervisors_of(case, at), at=at)
    return _sign(case, row, CheckMove.MISS, actor, at)


@transaction.atomic
def order_mending(
    *, actor: Actor, commitment: UUID, version: int, demands: str, mend_by: date | None, at: datetime
) -> Standing:
    """责令限期改正: what to put right and by which day, told with the remedies; it is checked again behind that day."""
    case, row = _find(actor, commitment, version, at)
    _check_holder(actor, row)
    if Kept(row.state) is not Kept.FOUND:
        raise Conflict(Reason("NOT_NOW", NOT_NOW))
    spec, today, calendar = _spec(case, row, at), local_date(at), network.working_calendar()
    last = rules.last_mend_day(today, spec.mend_days, calendar)
    wrong = rules.day_faults(mend_by, today=today, last=last, calendar=calendar, field="/mend_by")
    refuse_all([*check_reason(demands, "/demands"), *wrong])
    assert mend_by is not None
    check = CommitmentCheck.objects.filter(commitment=row, state="broken").order_by("-round")[0]
    values = _found(row, spec, check) | {
        "demands": demands.strip(),
        "mend_by_on": mend_by.isoformat(),
        "consequence": spec.consequence.zh,
        **papers.remedies_of(case),
    }
    document = papers.issue_document(case, DocumentKind.MENDING_ORDER, actor=actor, at=at, values=values)
    check.demands, check.mend_by, check.order = demands.strip(), mend_by, document
    check.save()
    case.fresh.append(check)
    _open(case, row, check.round + 1, rules.second_due(mend_by, calendar), at)
    row.state = Kept.MENDING.value
    tell_holder(case, "mending_ordered", {"due": mend_by}, mark=str(check.id), at=at)
    return _sign(case, row, CheckMove.ORDER, actor, at, document=str(document), by=mend_by.isoformat())


@transaction.atomic
def end_check(*, actor: Actor, commitment: UUID, version: int, reason: str, at: datetime) -> Standing:
    """The certificate is gone for good (revoked, cancelled, run out …): nothing is checked or put right any more, and why.

    Refused while it is in force or may be again, and where an inspector has signed what was found. What was found not kept
    before stays on record. The holder is told.
    """
    case, row = _find(actor, commitment, version, at)
    _check_holder(actor, row)
    if Kept(row.state) not in {Kept.CHECKING, Kept.FOUND, Kept.MENDING}:
        raise Conflict(Reason("NOT_NOW", NOT_NOW))
    if ended_as(case.id, at) is None:
        raise Conflict(Reason("STILL_IN_FORCE", IN_FORCE))
    refuse_all(check_reason(reason))
    check = CommitmentCheck.objects.filter(commitment=row).order_by("-round")[0]
    if check.state != "open":  # found not kept, and nothing ordered yet
        check = _open(case, row, check.round + 1, local_date(at), at)
    _check_unsigned(check)
    _close(case, check, actor, at, state="ended", findings=reason.strip())
    row.state = Kept.ENDED.value
    tell_holder(case, "check_ended", {}, mark=str(check.id), at=at)
    return _sign(case, row, CheckMove.END, actor, at)


def may_check(actor: Actor, row: SignedCommitment) -> bool:
    """Whether a post of the actor makes the check."""
    return actor.is_staff and row.post in actor.posts


def is_sent_to(actor: Actor, row: SignedCommitment) -> bool:
    """Whether the actor is, or was, one of the two inspectors of a check of this commitment, and still of its department."""
    if not actor.is_staff or not still_of(actor, row.post):
        return False
    checks = CommitmentCheck.objects.filter(commitment=row).values_list("id", flat=True)
    sent = Inspection.objects.filter(task__in=list(checks)).values_list("first_id", "second_id")
    return any(actor.id in pair for pair in sent)


# ── finding, writing ──────────────────────────────────────────────────────────────────────────────────────────────


def _find(actor: Actor, commitment: UUID, version: int, at: datetime) -> tuple[Case, SignedCommitment]:
    """The commitment and its case, locked, for who makes the check or was sent; anything else is not there (404)."""
    found = SignedCommitment.objects.filter(id=commitment).first()
    if found is None or not (may_check(actor, found) or is_sent_to(actor, found)):
        raise NotFound(THE_COMMITMENT)
    case = Case.objects.select_for_update(of=("self",)).select_related("department").get(id=found.case_id)
    row = SignedCommitment.objects.select_for_update(of=("self",)).get(id=commitment)
    if version != row.version:
        raise Conflict(Reason("STALE_VERSION", STALE))
    return case, row


def _begin(
    actor: Actor, commitment: UUID, version: int, at: datetime, *, on_site_only: bool = False, holder_only: bool = False
) -> tuple[Case, SignedCommitment, CommitmentCheck]:
    """The open check, which the actor may move now."""
    case, row = _find(actor, commitment, version, at)
    if holder_only:
        _check_holder(actor, row)
    check = CommitmentCheck.objects.filter(commitment=row, state="open").first()
    if check is None:
        raise Conflict(Reason("NOT_NOW", NOT_NOW))
    if on_site_only and row.how != "site":
        raise Refused(Reason("NOT_ON_SITE", NOT_ON_SITE), kind="conflict")
    return case, row, check


def _check_holder(actor: Actor, row: SignedCommitment) -> None:
    if not may_check(actor, row):
        raise Refused(Reason("NOT_ALLOWED", NOT_YOURS), kind="forbidden")


def _open(case: Case, row: SignedCommitment, round: int, due: date, at: datetime) -> CommitmentCheck:
    check = CommitmentCheck.objects.create(case=case, commitment=row, round=round, opened_at=at, due_date=due)
    case.fresh.append(check)
    return check


def _close(case: Case, check: CommitmentCheck, actor: Actor, at: datetime, *, state: str, findings: str) -> None:
    check.state, check.findings = state, findings
    check.recorded_at, check.recorded_by_id, check.recorded_name = at, actor.id, actor.name
    check.save()
    case.fresh.append(check)


def _check_unsigned(check: CommitmentCheck) -> None:
    """What an inspector has signed is not set aside by another."""
    signed = Q(first_signed_at__isnull=False) | Q(second_signed_at__isnull=False)
    if Inspection.objects.filter(signed, task=check.id).exists():
        raise Conflict(Reason("HALF_SIGNED", HALF_SIGNED))


def _order_of(row: SignedCommitment) -> CommitmentCheck | None:
    """The check behind which it was to be put right (责令限期改正), if any."""
    return CommitmentCheck.objects.filter(commitment=row, order__isnull=False).order_by("-round").first()


def _check_begun(check: CommitmentCheck, held_at: datetime) -> None:
    """An inspection belongs to the round in which it was held: not to one that was opened, or ordered, behind it."""
    if held_at < check.opened_at.replace(second=0, microsecond=0):  # forms know minutes
        words = BEFORE_THE_ROUND.format(day=day_of(local_date(check.opened_at)))
        raise Refused(Reason("HELD_WRONG", words, "/held_at"))


def _check_time_over(row: SignedCommitment, day: date, *, kept: bool) -> None:
    """Nobody is found wanting on a day on which there was still time to put it right, whenever that is signed."""
    order = _order_of(row)
    if order is not None and order.mend_by is not None and not kept and day <= order.mend_by:
        words = BEHIND_THE_DAY.format(day=day_of(order.mend_by))
        raise Refused(Reason("STILL_TIME", words), kind="conflict")


def _conclude(
    case: Case, row: SignedCommitment, check: CommitmentCheck, actor: Actor, at: datetime, *, kept: bool, findings: str
) -> None:
    """Close the check; what follows is the rule's: kept, to be put right, or broken."""
    order = _order_of(row)
    _close(case, check, actor, at, state="kept" if kept else "broken", findings=findings)
    spec = _spec(case, row, at)
    row.state = rules.after(kept=kept, mend_days=spec.mend_days, ordered=order is not None).value
    if kept:
        tell_holder(case, "commitment_kept", {}, mark=str(check.id), at=at)
    elif Kept(row.state) is Kept.BROKEN:
        _break(case, row, spec, check, order, actor, at)


def _break(
    case: Case,
    row: SignedCommitment,
    spec: Commitment,
    check: CommitmentCheck,
    order: CommitmentCheck | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Put on record that it was not kept, which bars further commitments until it is repaired; tell the holder so."""
    lapse = PromiseLapse.objects.filter(case=case).first() or PromiseLapse(case=case, party_id=case.applicant_id)
    lapse.at, lapse.of_commitment, lapse.repaired_at, lapse.objected_at = at, True, None, None
    lapse.objection = lapse.repaired_reason = ""
    lapse.save()
    case.fresh.append(lapse)
    mended = {"order_number": _number(order.order), "mend_by_on": order.mend_by.isoformat()} if (
        order and order.order and order.mend_by
    ) else {}  # fmt: skip
    values = _found(row, spec, check) | mended | {"consequence": BARRED, "repair": REPAIR}
    papers.issue_document(case, DocumentKind.COMMITMENT_BROKEN, actor=actor, at=at, values=values)
    tell_holder(case, "commitment_broken", {}, mark=str(check.id), at=at)


def _found(row: SignedCommitment, spec: Commitment, check: CommitmentCheck) -> dict[str, object]:
    assert check.recorded_at is not None
    held_at = Inspection.objects.filter(task=check.id).values_list("held_at", flat=True).first()
    return {
        "commitment_name": spec.name.zh,
        "letter_number": _number(row.document),
        "checked_on": local_date(held_at or check.recorded_at).isoformat(),  # signed later, maybe
        "findings": check.findings,
    }


def _number(document: UUID) -> str:
    return Document.objects.values_list("number", flat=True).get(id=document)


def _spec(case: Case, row: SignedCommitment, at: datetime) -> Commitment:
    return catalog.get_pack(case.item_code, version=case.item_version, at=at).commitment(row.code)


def _sign(case: Case, row: SignedCommitment, move: CheckMove, actor: Actor, at: datetime, **detail: str) -> Standing:
    """The entry in the ledger of the case, which vouches for all that the move wrote."""
    row.version += 1
    row.save()
    case.fresh.append(row)
    faults.point("checks.after_write")
    ledger.append(
        act=move.value, actor=actor, at=at, subject=Subject("case", case.id),
        detail={"commitment": row.code, "kept": row.state, **detail}, behalf=case.applicant_id, facts=fresh_facts(case),
    )  # fmt: skip
    live.tell(f"case:{case.id}", f"post:{row.post}")
    return Standing(row.id, Kept(row.state), row.version)
