"""更正: a clerical error is asked about, then mended by who decided, or declined; both values stay. Nothing is reopened."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import papers, tellings
from yichuang.cases.comparing import hold
from yichuang.cases.corrections import Mended, mend
from yichuang.cases.events import CaseCorrected
from yichuang.cases.following import is_being_ended, running_kind
from yichuang.cases.models import Case, Correction
from yichuang.cases.moves import THE_CASE, head_of, last_change, relations_of
from yichuang.cases.permissions import (
    FORBIDDEN,
    can_approve_correction,
    can_ask_correction,
    can_see,
    is_judge_of,
)
from yichuang.cases.rules import correction as rules
from yichuang.cases.states import State
from yichuang.cases.turns import CORRECTION_WORDS, CorrectionState, Wish
from yichuang.cases.values import CaseHead, DocumentKind
from yichuang.cases.vouch import facts_of, fresh_facts, of_case
from yichuang.catalog import queries as catalog
from yichuang.core import events, ledger, live
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.ledger import Subject
from yichuang.core.masks import mask_name
from yichuang.core.refusals import Change, Conflict, NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W
from yichuang.registry import commands as registry
from yichuang.registry import queries as base
from yichuang.registry.values import CertificateRow, Status

ASK, APPROVE = W("申请更正", "ask for a correction"), W("更正", "correct")
THE_CORRECTION = W("更正申请", "request to correct")
OPEN_ALREADY = W("这个办件已有一个更正申请在等待批准", "A correction of this case is waiting for approval already")
OVER = W("这个更正申请已经办结", "This request has been answered already")
MOVED_ON = W("申请更正之后内容已有变化，请重新提出", "What it was about has changed since: ask anew")
NOT_WHO_ASKED = W("提出更正的人不能自己批准", "Nobody approves a correction that they asked for")
NOT_IN_FORCE = W("证照不在有效状态，不能更正换发", "The certificate is not in force and cannot be issued anew")
IN_USE = W(
    "证照正在办理变更、延续或者撤销等程序，办结后再更正",
    "The certificate is being changed, renewed or ended: it can be corrected afterwards",
)
NOTE_NEEDED = W("请写明不予更正的理由（最多 500 字）", "Say why it is not corrected (at most 500 characters)")


@transaction.atomic
def ask_correction(*, actor: Actor, number: str, wishes: Sequence[Wish], reason: str, at: datetime) -> UUID:
    """Ask to mend clerical errors; returns the id of the request. The same request, still open, is a button pressed twice.

    Before acceptance the clerk who checks the filing mends what was filed at once (当场更正, 行政许可法 art. 32 (3)).
    Raises: NotFound; 403; Conflict CORRECTION_OPEN; Refused with every reason (`corrections.mend`).
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("department").filter(number=number).first()
    if case is None or not can_see(actor, relations_of(case)):
        raise NotFound(THE_CASE)
    if not can_ask_correction(actor, relations_of(case)):
        raise Refused(Reason("NOT_ALLOWED", FORBIDDEN.format(act=ASK)), kind="forbidden")
    wrong = rules.faults_of_request([wish.target for wish in wishes], reason)
    refuse_all(wrong if any(one.field == "/lines" for one in wrong) else [])
    found = mend(case, wishes, at)
    refuse_all([*found.faults, *wrong] if wrong else [])
    known = Correction.objects.filter(case=case, state=CorrectionState.ASKED.value).first()
    if known is not None:
        if known.lines == found.lines and actor.id in {known.asked_by_party_id, known.asked_by_staff_id}:
            return known.id
        raise Conflict(Reason("CORRECTION_OPEN", OPEN_ALREADY), change=last_change(case))
    refuse_all(found.faults)
    row = Correction(
        case=case, lines=found.lines, reason=reason.strip(), asked_at=at, asked_name=actor.name,
        asked_by_staff_id=actor.id if actor.is_staff else None,
        asked_by_party_id=None if actor.is_staff else actor.id,
    )  # fmt: skip
    in_form = all(wish.target.startswith("form:") for wish in wishes)
    if case.accepted_at is None and in_form and is_judge_of(actor, relations_of(case)):
        row.on_the_spot = True
        _make(case, row, found, actor, at)
        return row.id
    row.save(force_insert=True)
    ledger.append(
        act="ask-correction", actor=actor, at=at, subject=Subject("case", case.id), behalf=case.applicant_id,
        facts=facts_of(row),
    )  # fmt: skip
    live.tell(f"case:{case.id}")
    return row.id


@transaction.atomic
def make_correction(*, actor: Actor, correction: UUID, at: datetime) -> CaseHead:
    """Approve: the value is mended, the paper says old and new, a certificate that said it wrongly is issued anew.

    By who checks the filing before acceptance, by who decides after it, never by who asked. Raises: NotFound; 403;
    Conflict naming who answered before; MOVED_ON; CERTIFICATE_NOT_IN_FORCE, CERTIFICATE_IN_USE.
    """
    case, row = _open(actor, correction)
    wishes = [_wish(line) for line in row.lines]
    found = mend(case, wishes, at)
    if found.faults or found.lines != row.lines:
        raise Conflict(Reason("MOVED_ON", MOVED_ON), *found.faults, change=last_change(case))
    return _make(case, row, found, actor, at)


@transaction.atomic
def decline_correction(*, actor: Actor, correction: UUID, note: str, at: datetime) -> None:
    """Do not correct, and say why."""
    case, row = _open(actor, correction)
    if not 1 <= len(note.strip()) <= rules.LONGEST:
        raise Refused(Reason("NOTE_NEEDED", NOTE_NEEDED, "/note"))
    row.state, row.note = CorrectionState.DECLINED.value, note.strip()
    _decide(row, actor, at)
    row.save()
    _record(case, row, "decline-correction", actor, at)
    tellings.tell_correction(case, row.id, made=False, at=at)


@transaction.atomic
def withdraw_correction(*, actor: Actor, correction: UUID, at: datetime) -> None:
    """Take the request back: who asked, or the applicant's side."""
    case, row = _locked(actor, correction)
    mine = actor.id is not None and actor.id in {row.asked_by_party_id, row.asked_by_staff_id}
    if not mine and (actor.is_staff or not can_ask_correction(actor, relations_of(case))):
        raise Refused(Reason("NOT_ALLOWED", FORBIDDEN.format(act=ASK)), kind="forbidden")
    _check_open(row)
    row.state = CorrectionState.WITHDRAWN.value
    row.save()
    _record(case, row, "withdraw-correction", actor, at)


def _locked(actor: Actor, correction: UUID) -> tuple[Case, Correction]:
    number = Correction.objects.filter(id=correction).values_list("case__number", flat=True).first()
    case = Case.objects.select_for_update(of=("self",)).select_related("department").filter(number=number).first()
    if number is None or case is None or not can_see(actor, relations_of(case)):
        raise NotFound(THE_CORRECTION)
    return case, Correction.objects.select_for_update(of=("self",)).get(id=correction)


def _open(actor: Actor, correction: UUID) -> tuple[Case, Correction]:
    """The request, still open, for who may answer it."""
    case, row = _locked(actor, correction)
    if not can_approve_correction(actor, relations_of(case), accepted=case.accepted_at is not None):
        raise Refused(Reason("NOT_ALLOWED", FORBIDDEN.format(act=APPROVE)), kind="forbidden")
    _check_open(row)
    if row.asked_by_staff_id == actor.id:
        raise Refused(Reason("NOT_WHO_ASKED", NOT_WHO_ASKED), kind="forbidden")
    return case, row


def _check_open(row: Correction) -> None:
    if row.state != CorrectionState.ASKED.value:
        done = CORRECTION_WORDS[CorrectionState(row.state)]
        change = Change(row.decided_name or mask_name(row.asked_name), row.decided_at or row.asked_at, done)
        raise Conflict(Reason("CORRECTION_OVER", OVER), change=change)


def _wish(line: dict[str, str]) -> Wish:
    new = line["new"]
    return Wish(line["target"], str(new), line["old"] if line["target"].startswith("document:") else "")


def _make(case: Case, row: Correction, found: Mended, actor: Actor, at: datetime) -> CaseHead:
    """Write it: the new values, the certificate's new version, the paper."""
    old = base.certificate_of_subject("case", case.id)
    new = _reissue(case, old, found, actor, at) if old is not None else None
    case.form = found.form
    values = {
        "lines": [
            {"what": line["label"][0], "old": line["said"][0], "new": line["said"][1]} for line in found.lines
        ],
        "reason": row.reason,
        **({"certificate_name": new.name.zh, "certificate_number": new.number, "version": f"{new.version}"} if new else {}),
    }  # fmt: skip
    row.document = papers.issue_document(case, DocumentKind.CORRECTION, actor=actor, at=at, values=values)
    row.state = CorrectionState.MADE.value
    if old is not None and new is not None:
        row.replaced, row.certificate = old.id, new.id
    _decide(row, actor, at)
    row.save()
    case.version += 1
    case.save(update_fields=["form", "version"])
    case.fresh.append(row)
    detail: dict[str, str | int | bool | None] = {"state": case.state, "document": str(row.document)}
    if new is not None:
        detail["certificate"] = str(new.id)
    ledger.append(
        act="correct", actor=actor, at=at, subject=Subject("case", case.id), detail=detail, behalf=case.applicant_id,
        facts={"case": of_case(case), **fresh_facts(case)},
    )  # fmt: skip
    tellings.tell_correction(case, row.id, made=True, at=at)
    if new is not None and case.state in {State.READY.value, State.DELIVERED.value}:
        tellings.tell_reissued(case, version=new.version, at=at)
    physical = bool(catalog.get_pack(case.item_code, version=case.item_version, at=at).result.handovers)
    events.publish(
        CaseCorrected(
            case_id=case.id,
            number=case.number,
            at=at,
            certificate=new.id if new else None,
            has_physical_result=physical,
        )
    )
    live.tell(f"case:{case.id}")
    return head_of(case, (row.document,))


def _reissue(case: Case, old: CertificateRow, found: Mended, actor: Actor, at: datetime) -> CertificateRow | None:
    """A new version of the certificate, where the old one says it wrongly: same number, same term, the old one replaced."""
    said, pack = found.data, catalog.get_pack(case.item_code, version=case.item_version, at=at)
    kept = {name: catalog.fact_key(pack, found.form, name) for name in pack.result.keys}
    if not said and all(catalog.fact_key(pack, case.form, name) == key for name, key in kept.items()):
        return None  # neither does it say anything else, nor is it registered by anything else
    if old.status is not Status.VALID or base.validity(old, local_date(at)) != "valid":
        raise Conflict(Reason("CERTIFICATE_NOT_IN_FORCE", NOT_IN_FORCE))
    if is_being_ended(old.id) or running_kind(case.id):
        raise Conflict(Reason("CERTIFICATE_IN_USE", IN_USE))
    spec = pack.result
    hold([("", old.type_code, key) for key in kept.values()])
    return registry.record_certificate(
        type_code=old.type_code, name=old.name, issuer_uscc=old.issuer_uscc, issuer_name=old.issuer_name,
        holder_party=old.holder, holder_name_masked=mask_name(str(said["holder"])) if "holder" in said else old.holder_masked, number=old.number,
        data={**old.data, **said}, labels=old.labels, template=old.template,
        keys=kept, unique=spec.unique,
        valid_from=old.valid_from, valid_to=old.valid_to, subject=old.subject, previous=old.id, at=at, actor=actor,
    )  # fmt: skip


def _decide(row: Correction, actor: Actor, at: datetime) -> None:
    row.decided_at, row.decided_by_id, row.decided_name = at, actor.id, actor.name


def _record(case: Case, row: Correction, act: str, actor: Actor, at: datetime) -> None:
    ledger.append(act=act, actor=actor, at=at, subject=Subject("case", case.id), facts=facts_of(row))
    live.tell(f"case:{case.id}")
