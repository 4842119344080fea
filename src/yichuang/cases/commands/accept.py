"""受理 · 容缺受理 · 视为受理: a clerk accepts a filed case, wholly or on a promise; or silence does (permits only)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from yichuang.cases import messages, papers, promises, tellings
from yichuang.cases.clocks import facts_of
from yichuang.cases.commands.holds import place
from yichuang.cases.commands.look_again import looks_again
from yichuang.cases.events import CaseAccepted
from yichuang.cases.models import Case, Material
from yichuang.cases.moves import begin, finish
from yichuang.cases.needs import found_of_rows
from yichuang.cases.processes import TENANT
from yichuang.cases.rules.acceptance import (
    UNSIGNED,
    Accept,
    AcceptOnPromise,
    TellGaps,
    Verdict,
    acceptance_date,
    may_deem,
)
from yichuang.cases.rules.clock import ANSWER_DAYS, decision_deadline
from yichuang.cases.states import Act, State
from yichuang.cases.values import AcceptedAs, CaseHead, DocumentKind, GapItem, MaterialState
from yichuang.catalog import queries as catalog
from yichuang.core import events
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.clock import local_date
from yichuang.core.refusals import Conflict, Reason, Refused, refuse_all
from yichuang.core.words import Words
from yichuang.engine import commands as engine
from yichuang.network import queries as network

MAX_NOTE = 500


@dataclass(frozen=True, slots=True)
class MaterialFinding:
    """What the clerk found of one material: "checked", "faulty" (with what is wrong) or "missing"."""

    state: str
    fault: str = ""
    seen_original: bool = False


Findings = Mapping[str, MaterialFinding]


@looks_again
@transaction.atomic
def accept_case(*, actor: Actor, number: str, version: int, findings: Findings, at: datetime) -> CaseHead:
    """Accept a complete filing (art. 32 (5)). Raises Refused naming every gap when it is not complete."""
    case = begin(actor=actor, number=number, version=version, act=Act.ACCEPT, at=at)
    check_not_silent(case, at)
    note_findings(case, findings, at)
    verdict = judge(case, promise_signed=False, at=at)
    if not isinstance(verdict, Accept):
        raise Refused(*(_gap_reason(gap) for gap in verdict.gaps))
    return accept_locked(case, actor=actor, act=Act.ACCEPT, accepted_as=AcceptedAs.FULL, at=at)


@looks_again
@transaction.atomic
def accept_with_gaps(
    *, actor: Actor, number: str, version: int, findings: Findings, promise_signed: bool, at: datetime
) -> CaseHead:
    """容缺受理: accept on the applicant's signed promise; raises Refused with every reason why not.

    The promise is a hold: the decision may be prepared, but is not served until the last paper is there.
    """
    case = begin(actor=actor, number=number, version=version, act=Act.ACCEPT_WITH_GAPS, at=at)
    check_not_silent(case, at)
    note_findings(case, findings, at)
    verdict = judge(case, promise_signed=promise_signed, at=at)
    match verdict:
        case Accept():
            raise Refused(Reason("NOTHING_MISSING", messages.NOTHING_MISSING))
        case TellGaps(gaps, why):
            letter = (
                "/promise_signed" if list(why) == [UNSIGNED] else None
            )  # nothing else stands in the way: there it is
            raise Refused(
                *(Reason("NO_PROMISE", messages.NO_PROMISE.format(why=words), letter) for words in why),
                *(_gap_reason(gap) for gap in gaps),
            )
        case AcceptOnPromise(gaps, days):
            return accept_on_promise(case, actor=actor, gaps=gaps, days=days, at=at)


@transaction.atomic
def deem_accepted(*, case: UUID, at: datetime) -> CaseHead | None:
    """视为受理: five working days of silence on a permit (art. 32 (4)). Run by a job; None when it is not (or no longer) so."""
    number = Case.objects.values_list("number", flat=True).get(id=case)
    row = Case.objects.select_for_update(of=("self",)).get(id=case)
    if not _is_silent(row, at):
        return None
    locked = begin(actor=SYSTEM, number=number, version=None, act=Act.DEEM_ACCEPTED, at=at)
    return accept_locked(locked, actor=SYSTEM, act=Act.DEEM_ACCEPTED, accepted_as=AcceptedAs.DEEMED, at=at)


def note_findings(case: Case, findings: Findings, at: datetime) -> None:
    """Write the clerk's findings on the materials; unknown codes and faults without words are all told at once."""
    rows = {row.code: row for row in case.materials.order_by("order")}
    reasons = [
        Reason("UNKNOWN_MATERIAL", messages.UNKNOWN_MATERIAL.format(code=code), f"/findings/{code}")
        for code in findings
        if code not in rows
    ]
    for code, finding in findings.items():
        if code in rows:
            reasons += _finding_faults(rows[code], finding)
    refuse_all(reasons)
    for code, finding in findings.items():
        row = rows[code]
        row.state = finding.state
        row.fault_zh = row.fault_en = finding.fault.strip() if finding.state == MaterialState.FAULTY else ""
        row.seen_original = finding.seen_original
        if finding.state == MaterialState.CHECKED and row.arrived_date is None:
            row.arrived_date = local_date(at)
    Material.objects.bulk_update(
        [rows[code] for code in findings], ["state", "fault_zh", "fault_en", "seen_original", "arrived_date"]
    )


def judge(case: Case, *, promise_signed: bool, at: datetime) -> Verdict:
    """The verdict on the case as it stands."""
    rows = list(case.materials.order_by("order"))
    return promises.judge(case, rows, found_of_rows(case, rows, at=at), promise_signed=promise_signed, at=at)


def check_not_silent(case: Case, at: datetime) -> None:
    """Raise when silence has accepted the case already (art. 32 (4)): the system will say so within a minute.

    Nobody may answer after the last day as if it were still open: the day of acceptance would depend on who is faster.
    """
    if _is_silent(case, at):
        raise Conflict(Reason("DEEMED_ACCEPTED", messages.DEEMED_ACCEPTED, basis="《行政许可法》第三十二条"))


def _is_silent(case: Case, at: datetime) -> bool:
    return case.state == State.SUBMITTED.value and may_deem(
        is_permit=case.is_permit,
        received=local_date(case.received_at),
        corrected=case.corrected_date,
        today=local_date(at),
        calendar=network.working_calendar(),
        limit=ANSWER_DAYS,
    )


def _finding_faults(row: Material, finding: MaterialFinding) -> list[Reason]:
    field = f"/findings/{row.code}"
    if finding.state not in {"checked", "faulty", "missing", "provided", "held"}:
        return [Reason("UNKNOWN_STATE", messages.UNKNOWN_STATE.format(state=finding.state[:40]), field)]
    if finding.state == "held" and row.state != MaterialState.HELD:
        return [Reason("NOT_HELD", messages.NOT_HELD.format(name=Words(row.name_zh, row.name_en)), field)]
    if finding.state == "faulty" and not finding.fault.strip():
        return [Reason("FAULT_NEEDED", messages.FAULT_NEEDED.format(name=Words(row.name_zh, row.name_en)), field)]
    if len(finding.fault) > MAX_NOTE:
        return [Reason("REASON_TOO_LONG", messages.REASON_TOO_LONG, field)]
    return []


def _gap_reason(gap: GapItem) -> Reason:
    return Reason("GAP", messages.GAPS_REMAIN.format(gap=gap.words), f"/materials/{gap.material}", gap.basis)


def accept_on_promise(
    case: Case,
    *,
    actor: Actor,
    gaps: tuple[GapItem, ...],
    days: Mapping[str, date],
    at: datetime,
    act: Act = Act.ACCEPT_WITH_GAPS,
    sign_way: str = "窗口签署",
    signer: str = "",
) -> CaseHead:
    """Write the promise down (letter, days, hold) and accept on it; called on a locked case whose promise is signed.

    `signer` is who signed online; at the window it is whoever the case has there: its agent, or the applicant.
    """
    for gap in gaps:
        case.materials.filter(code=gap.material).update(state=MaterialState.PROMISED.value, due_date=days[gap.material])
    limit = promises.limit_on_promise(case, at)  # what was promised on the spot now waits for papers
    case.promise_amount, case.promise_unit = Decimal(limit.amount), limit.unit
    place(
        case,
        kind="promise",
        source="accept-with-gaps",
        words=Words("承诺后补的材料尚未补齐", "Papers promised for later are outstanding"),
        at=at,
    )
    lines: dict[str, object] = {"gaps": papers.gap_lines(gaps, days)}
    letter = {**lines, "sign_way": sign_way, **({"signer": signer} if signer else {})}
    promise = papers.issue_document(case, DocumentKind.PROMISE, actor=actor, at=at, values=letter)
    return accept_locked(
        case,
        actor=actor,
        act=act,
        accepted_as=AcceptedAs.PROMISE,
        at=at,
        extra=lines,
        documents=(promise,),
    )


NOTICE: Mapping[AcceptedAs, DocumentKind] = {
    AcceptedAs.FULL: DocumentKind.ACCEPTANCE,
    AcceptedAs.PROMISE: DocumentKind.GAP_ACCEPTANCE,
    AcceptedAs.DEEMED: DocumentKind.DEEMED_ACCEPTANCE,
}


def accept_locked(
    case: Case,
    *,
    actor: Actor,
    act: Act,
    accepted_as: AcceptedAs,
    at: datetime,
    extra: Mapping[str, object] | None = None,
    documents: tuple[UUID, ...] = (),
    reviewed: bool = True,
) -> CaseHead:
    """Set the legal day of acceptance, issue the notice, start the departments' process.

    Not `reviewed`: the decision follows in the same transaction, so no process starts, no message tells of it, and
    the decision writes the case.
    """
    case.accepted_at = at
    case.accepted_as = accepted_as.value
    case.accepted_date = acceptance_date(
        today=local_date(at),
        received=local_date(case.received_at),
        corrected=case.corrected_date,
        deemed=accepted_as is AcceptedAs.DEEMED,
    )
    calendar = network.working_calendar()
    deadline = decision_deadline(facts_of(case), calendar, at, promise=True)
    assert deadline is not None
    assert deadline.due_date is not None
    values = {
        "materials": papers.material_lines(case.known.materials or case.materials.order_by("order")),
        "due_on": deadline.due_date.isoformat(),
        "deadline_on": calendar.add(local_date(case.received_at), ANSWER_DAYS).isoformat(),
        **(extra or {}),
    }
    notice = papers.issue_document(case, NOTICE[accepted_as], actor=actor, at=at, values=values)
    head = finish(
        case,
        actor=actor,
        act=act,
        at=at,
        detail={"accepted_as": accepted_as.value, "accepted_date": str(case.accepted_date), "notice": str(notice)},
        documents=(*documents, notice),
        write=reviewed,
    )
    if reviewed:
        _start_review(case, accepted_as, at)
        tellings.tell_accepted(case, at=at)
    events.publish(CaseAccepted(case_id=case.id, number=case.number, at=at, accepted_as=accepted_as.value))
    return head


def _start_review(case: Case, accepted_as: AcceptedAs, at: datetime) -> None:
    pack = catalog.get_pack(case.item_code, version=case.item_version, at=at)
    unasked = dict.fromkeys(question.id for question in pack.questions)  # null for its gateways, as for all conditions
    engine.start_process(
        xml=pack.process_xml,
        subject=("case", case.id),
        tenant=TENANT,
        variables={"answers": unasked | case.answers, "accepted_as": accepted_as.value, "channel": case.channel},
        at=at,
        due_at=case.due_at,
        calendar=network.working_calendar(),
    )
