"""Ending a certificate: opened on a lawful ground, told, answered, heard, decided by another than who opened it (docs/adr/0007).

Every move is one transaction: the proceeding, its document, the certificate's status, the entry in the ledger of the case
that brought the certificate, and what the holder is told.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import messages, papers
from yichuang.cases.aftermath import (
    DECISION,
    END_WORDS,
    GROUNDS,
    MOVE_WORDS,
    MOVES,
    NOTICE,
    STATUS,
    EndAct,
    EndGround,
    Move,
    Stage,
    Taken,
)
from yichuang.cases.commands.refuse import check_reason
from yichuang.cases.commands.rulesets import brake_for
from yichuang.cases.models import Case, Proceeding
from yichuang.cases.moves import relations_of
from yichuang.cases.permissions import (
    FORBIDDEN,
    can_decide_proceeding,
    can_look_after,
    can_open_proceeding,
    is_holder,
)
from yichuang.cases.rules import ending
from yichuang.cases.rules.answer import judge_taken
from yichuang.cases.tellings.after import tell_holder
from yichuang.cases.values import DocumentKind
from yichuang.cases.vouch import facts_of, fresh_facts
from yichuang.catalog import queries as catalog
from yichuang.core import faults, ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.ledger import Subject
from yichuang.core.masks import mask_name
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.registry import commands as registry
from yichuang.registry import queries as base
from yichuang.registry.values import CertificateRow

THE_CERTIFICATE = W("证照", "certificate")
THE_PROCEEDING = W("程序", "proceeding")
RUNNING = W("这份证照已有一个正在进行的程序", "A proceeding on this certificate is under way already")
STALE = W(
    "这个程序刚刚被他人更新，请查看最新情况后再操作",
    "Somebody else has just moved this proceeding: look again before acting",
)
NOT_AT_THIS_STAGE = W("现在不能进行这一步：{move}", "This cannot be done now: {move}")
STATEMENT_NEEDED = W("请写下陈述、申辩的内容", "Please write down what you have to say")
DAY_NEEDED = W("请选择听证日期", "Choose the day of the hearing")
PLACE_NEEDED = W("请写明听证地点", "Say where the hearing is held")
CHAIR_NEEDED = W("请写明听证主持人（不能是本案调查人员）", "Name who presides: not who investigated")
HEARING_ASKED = "持证人要求举行听证"
WAIVES = "本人（单位）不陈述、申辩。"
NO_ANSWER, WAIVED = "持证人在规定期限内未提出陈述、申辩", "持证人表示不陈述、申辩"


@transaction.atomic
def open_proceeding(
    *, actor: Actor, certificate: UUID, ground: str, facts: str, at: datetime, basis: Sequence[str] = ()
) -> UUID:
    """Open a proceeding on one of `aftermath.GROUNDS`, with what was found; the holder is told and may answer.

    `basis`: keys of the item's `Pack.grounds()`: needed for what is no 行政许可, whose own law says when it ends.
    """
    row, case = _certificate(actor, certificate)
    if not can_open_proceeding(actor, relations_of(case)):
        raise Refused(Reason("NOT_ALLOWED", FORBIDDEN.format(act=MOVE_WORDS[Move.OPEN])), kind="forbidden")
    reasons = ending.judge_ground(ground, base.validity(row, local_date(at)))
    cited, wrong = _cited(case, ground, basis, at)
    refuse_all([*reasons, *check_reason(facts, "/facts"), *wrong])
    if Proceeding.objects.filter(certificate_id=row.id, stage__in=["told", "hearing", "ready"]).exists():
        raise Conflict(Reason("PROCEEDING_RUNNING", RUNNING))
    chosen = GROUNDS[ground]
    stage = ending.first_stage(chosen)
    until = ending.last_day_to_answer(local_date(at), network.working_calendar()) if chosen.told else None
    proceeding = Proceeding(
        certificate_id=row.id,
        case=case,
        act=chosen.act.value,
        ground=ground,
        stage=stage.value,
        facts=facts.strip(),
        basis=list(cited),
        opened_at=at,
        opened_by_id=actor.id,
        opened_name=actor.name,
        answer_until=until,
    )
    documents: list[UUID] = []
    if until is not None:
        values = _says(proceeding, row, answer_until_on=until.isoformat())
        documents.append(papers.issue_document(case, NOTICE[chosen.act], actor=actor, at=at, values=values))
        proceeding.notice_number = str(case.fresh[-1].number)  # type: ignore[attr-defined]  # papers gives each fresh one its number
        tell_holder(case, "end_intended", {"act": END_WORDS[chosen.act], "due": until}, mark=str(proceeding.id), at=at)
    proceeding.save(force_insert=True)
    _sign(proceeding, case, Move.OPEN, actor, at, documents)
    return proceeding.id


@transaction.atomic
def state_defence(
    *,
    actor: Actor,
    proceeding: UUID,
    version: int,
    statement: str,
    wants_hearing: bool = False,
    taken: Taken | None = None,
    at: datetime,
) -> None:
    """The holder answers (陈述、申辩), and may ask for a hearing where the act knows one; further words are added to the first.

    `taken`: needed of the department's people, who put on record what the holder said at the window or wrote.
    """
    row, case = _begin(actor, proceeding, version, Move.STATE, at)
    stage, taken = Stage(row.stage), _taken(actor, case, row, taken, at)
    said_on = taken.on if taken and taken.on else local_date(at)
    refuse_all(ending.why_not_answer(said_on, row.answer_until, stage))
    if not statement.strip():
        raise Refused(Reason("STATEMENT_NEEDED", STATEMENT_NEEDED, "/statement"))
    refuse_all(check_reason(statement, "/statement"))
    if wants_hearing and ending.may_ask_hearing(EndAct(row.act), stage):
        row.wants_hearing, row.stage = True, Stage.HEARING.value
    told = f"（{taken.line(actor.name)}）{statement.strip()}" if taken else statement.strip()
    row.statement = f"{row.statement}\n{told}".strip()
    row.stated_at = at
    document = _defence(row, case, statement.strip(), taken, actor, at)
    _finish(row, case, Move.STATE, actor, at, [document], taken)


@transaction.atomic
def waive_defence(*, actor: Actor, proceeding: UUID, version: int, taken: Taken | None = None, at: datetime) -> None:
    """The holder has nothing to say: the organ need not wait. `taken`: as for an answer; then there is a paper of it."""
    row, case = _begin(actor, proceeding, version, Move.WAIVE, at)
    taken = _taken(actor, case, row, taken, at)
    row.stage = Stage.READY.value
    documents = [_defence(row, case, WAIVES, taken, actor, at)] if taken else []
    _finish(row, case, Move.WAIVE, actor, at, documents, taken)


@transaction.atomic
def call_hearing(
    *, actor: Actor, proceeding: UUID, version: int, hearing_on: date | None, place: str, chair: str, at: datetime
) -> None:
    """Say when and where the hearing is held and who presides, seven working days ahead; a later call moves it."""
    row, case = _begin(actor, proceeding, version, Move.CALL, at)
    reasons = [] if hearing_on else [Reason("DAY_NEEDED", DAY_NEEDED, "/hearing_on")]
    if not place.strip():
        reasons.append(Reason("PLACE_NEEDED", PLACE_NEEDED, "/place"))
    if not chair.strip() or chair.strip() == row.opened_name:
        reasons.append(Reason("CHAIR_NEEDED", CHAIR_NEEDED, "/chair"))
    if hearing_on:
        reasons += ending.judge_hearing_day(hearing_on, today=local_date(at), calendar=network.working_calendar())
    refuse_all(reasons)
    assert hearing_on is not None
    row.hearing_on, row.hearing_place, row.hearing_chair = hearing_on, place.strip()[:200], chair.strip()[:60]
    values = _hearing(row)
    document = papers.issue_document(case, DocumentKind.HEARING_NOTICE, actor=actor, at=at, values=values)
    told: dict[str, str | int | date | Words] = {"day": hearing_on, "place": row.hearing_place}
    tell_holder(case, "hearing_called", told, mark=f"{row.id}:{row.version}:{hearing_on}", at=at)
    _finish(row, case, Move.CALL, actor, at, [document])


@transaction.atomic
def record_hearing(*, actor: Actor, proceeding: UUID, version: int, record: str, at: datetime) -> None:
    """What was said at the hearing (听证笔录); the decision rests on it."""
    row, case = _begin(actor, proceeding, version, Move.HEAR, at)
    refuse_all([*ending.why_no_record(row.hearing_on, local_date(at)), *_check_record(record)])
    row.hearing_record, row.stage = record.strip(), Stage.READY.value
    values = _hearing(row) | {"record": row.hearing_record}
    document = papers.issue_document(case, DocumentKind.HEARING_RECORD, actor=actor, at=at, values=values)
    _finish(row, case, Move.HEAR, actor, at, [document])


@transaction.atomic
def end_certificate(*, actor: Actor, proceeding: UUID, version: int, reasons: str, at: datetime) -> None:
    """Decide: the certificate ends today. The decision names ground, law, reasons and remedies, and is served on the holder."""
    row, case = _begin(actor, proceeding, version, Move.END, at)
    act = EndAct(row.act)
    was = Stage(row.stage)
    against = ending.why_not_decide(
        was,
        today=local_date(at),
        answer_until=row.answer_until,
        opened_by_decider=actor.id == row.opened_by_id,
    )
    refuse_all([*against, *check_reason(reasons, "/reasons")], kind="conflict" if against else "invalid")
    certificate = base.get_certificate(row.certificate_id)
    row.stage, row.reasons = Stage.ENDED.value, reasons.strip()
    row.decided_at, row.decided_by_id, row.decided_name = at, actor.id, actor.name
    registry.set_status(
        id=row.certificate_id,
        status=STATUS[act],
        reason=f"{END_WORDS[act].zh}：{GROUNDS[row.ground].words.zh}",
        at=at,
        actor=actor,
    )
    faults.point("proceeding.after_status")
    values = _says(
        row,
        certificate,
        decided_on=local_date(at).isoformat(),
        reasons=row.reasons,
        heard=_heard(row, was),
        **papers.remedies_of(case),
    )
    document = papers.issue_document(case, DECISION[act], actor=actor, at=at, values=values)
    tell_holder(case, "certificate_ended", {"act": END_WORDS[act]}, mark=str(row.id), at=at)
    _finish(row, case, Move.END, actor, at, [document])
    if act is EndAct.REVOKE:  # it should not have been granted: where a table did so alone, that table stops
        brake_for(case.id, at)


@transaction.atomic
def drop_proceeding(*, actor: Actor, proceeding: UUID, version: int, reasons: str, at: datetime) -> None:
    """End the proceeding and leave the certificate in force; a holder who was told of it is told of this too."""
    row, case = _begin(actor, proceeding, version, Move.DROP, at)
    refuse_all(check_reason(reasons, "/reasons"))
    row.stage, row.reasons = Stage.DROPPED.value, reasons.strip()
    row.decided_at, row.decided_by_id, row.decided_name = at, actor.id, actor.name
    documents = []
    if row.notice_number:
        certificate = base.get_certificate(row.certificate_id)
        values = _names(row, certificate) | {"notice_number": row.notice_number, "reasons": row.reasons}
        kind = DocumentKind.PROCEEDING_DROPPED
        documents.append(papers.issue_document(case, kind, actor=actor, at=at, values=values))
        tell_holder(case, "proceeding_dropped", {}, mark=str(row.id), at=at)
    _finish(row, case, Move.DROP, actor, at, documents)


def _taken(actor: Actor, case: Case, row: Proceeding, taken: Taken | None, at: datetime) -> Taken | None:
    """How the holder's words came to the organ, checked; None when the holder speaks here."""
    if is_holder(actor, relations_of(case)):
        return None
    taken = taken or Taken("", "", None)
    refuse_all(judge_taken(taken, told_on=local_date(row.opened_at), today=local_date(at)))
    return taken


def _defence(row: Proceeding, case: Case, statement: str, taken: Taken | None, actor: Actor, at: datetime) -> UUID:
    """The holder's own paper (陈述申辩书)."""
    values = _names(row, base.get_certificate(row.certificate_id)) | {
        "notice_number": row.notice_number,
        "statement": statement,
        "hearing": HEARING_ASKED if row.wants_hearing else "",
        "signer": taken.who.strip() if taken else actor.name,
        "sign_way": taken.line(actor.name) if taken else "网上实名确认",
    }
    return papers.issue_document(case, DocumentKind.DEFENCE, actor=actor, at=at, values=values)


# ── finding, writing ──────────────────────────────────────────────────────────────────────────────────────────────


def _certificate(actor: Actor, certificate: UUID) -> tuple[CertificateRow, Case]:
    """The certificate and the case that brought it, locked; 404 for who has nothing to do with either."""
    row = base.find_certificate(certificate)
    if row is None or row.subject[0] != "case":
        raise NotFound(THE_CERTIFICATE)
    case = _case(row.subject[1])
    if not can_look_after(actor, relations_of(case)):
        raise NotFound(THE_CERTIFICATE)
    return row, case


def _case(id: UUID) -> Case:
    rows = Case.objects.select_for_update(of=("self",)).select_related("department")
    return rows.get(id=id)


def _begin(actor: Actor, proceeding: UUID, version: int, move: Move, at: datetime) -> tuple[Proceeding, Case]:
    """The proceeding and its case, locked, in which the actor may make this move now."""
    found = Proceeding.objects.filter(id=proceeding).values_list("case_id", flat=True).first()
    if found is None:
        raise NotFound(THE_PROCEEDING)
    case = _case(found)
    relations = relations_of(case)
    if not (can_look_after(actor, relations) or is_holder(actor, relations)):
        raise NotFound(THE_PROCEEDING)
    if not may_move(actor, case, move):
        raise Refused(Reason("NOT_ALLOWED", FORBIDDEN.format(act=MOVE_WORDS[move])), kind="forbidden")
    row = Proceeding.objects.select_for_update(of=("self",)).get(id=proceeding)
    if version != row.version:
        raise Conflict(Reason("STALE_VERSION", STALE))
    if (Stage(row.stage), move) not in MOVES:
        raise Conflict(Reason("NOT_AT_THIS_STAGE", NOT_AT_THIS_STAGE.format(move=MOVE_WORDS[move])))
    return row, case


def may_move(actor: Actor, case: Case, move: Move) -> bool:
    """Whose move it is: the holder answers, the department's people hear and write down, its decider ends."""
    relations = relations_of(case)
    if move in {Move.STATE, Move.WAIVE} and is_holder(actor, relations):
        return True
    if move is Move.END:
        return can_decide_proceeding(actor, relations)
    return can_open_proceeding(actor, relations)


def _finish(
    row: Proceeding,
    case: Case,
    move: Move,
    actor: Actor,
    at: datetime,
    documents: Sequence[UUID],
    taken: Taken | None = None,
) -> None:
    row.version += 1
    row.save()
    _sign(row, case, move, actor, at, documents, taken)


def _sign(
    row: Proceeding,
    case: Case,
    move: Move,
    actor: Actor,
    at: datetime,
    documents: Sequence[UUID],
    taken: Taken | None = None,
) -> None:
    """The entry in the ledger of the case, which vouches for the proceeding and the papers written with it."""
    detail: dict[str, str | int | bool | None] = {"proceeding": str(row.id), "act": row.act, "ground": row.ground}
    if documents:
        detail["document"] = str(documents[0])
    if taken:  # the full name stands in the paper; the ledger keeps what nobody need hide
        detail |= {"who": mask_name(taken.who.strip()), "how": taken.how, "on": str(taken.on)}
    facts = {**facts_of(row), **fresh_facts(case)}
    ledger.append(
        act=move.value, actor=actor, at=at, subject=Subject("case", case.id), detail=detail,
        behalf=case.applicant_id, facts=facts,
    )  # fmt: skip


# ── what papers say ───────────────────────────────────────────────────────────────────────────────────────────────


def _cited(case: Case, ground: str, basis: Sequence[str], at: datetime) -> tuple[tuple[str, ...], list[Reason]]:
    """The law as the papers cite it: a permit's own article, and what was chosen of the item's law."""
    laws = catalog.get_pack(case.item_code, version=case.item_version, at=at).grounds()
    wrong = [
        Reason("BASIS_UNKNOWN", messages.BASIS_UNKNOWN.format(basis=one[:40]), "/basis")
        for one in basis
        if one not in laws
    ]
    if not case.is_permit and not basis:
        wrong.append(Reason("BASIS_NEEDED", messages.BASIS_NEEDED, "/basis"))
    own = _article(case, GROUNDS.get(ground))
    return (*own, *(told for key, told in laws.items() if key in basis)), wrong


def _article(case: Case, ground: EndGround | None) -> tuple[str, ...]:
    return (ground.article,) if ground and case.is_permit else ()


def _names(row: Proceeding, certificate: CertificateRow) -> dict[str, object]:
    return {"certificate_name": certificate.name.zh, "certificate_number": certificate.number}


def _says(row: Proceeding, certificate: CertificateRow, **more: object) -> dict[str, object]:
    ground = GROUNDS[row.ground]
    note: Words | None = ground.note
    return {
        **_names(row, certificate),
        "ground": ground.words.zh,
        "facts": row.facts,
        "basis": "、".join(row.basis),
        "note": note.zh if note and row.case.is_permit else "",
        **more,
    }


def _hearing(row: Proceeding) -> dict[str, object]:
    assert row.hearing_on is not None
    return _names(row, base.get_certificate(row.certificate_id)) | {
        "notice_number": row.notice_number,
        "hearing_on": row.hearing_on.isoformat(),
        "hearing_place": row.hearing_place,
        "chair": row.hearing_chair,
    }


def _heard(row: Proceeding, was: Stage) -> str:
    """How the holder was heard, as the decision tells it."""
    if not row.notice_number:
        return ""
    told = f"本机关已送达{row.notice_number}告知书"
    if row.hearing_record:
        return f"{told}，并根据持证人的要求举行了听证，本决定依据听证笔录作出"
    if row.statement:
        return f"{told}，持证人提出了陈述、申辩，本机关已经复核"
    return f"{told}，{WAIVED if was is Stage.READY else NO_ANSWER}"


def _check_record(record: str) -> list[Reason]:
    return check_reason(record, "/record")
