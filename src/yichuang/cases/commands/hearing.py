"""利害关系人告知、听证: who is touched is told in writing and heard; on request a hearing is held (行政许可法 arts. 36, 46–48).

From the day it is called until its record the legal clock stands still on the ground 听证 (art. 45).
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases import papers, tellings
from yichuang.cases.commands.saying import tell
from yichuang.cases.commands.special import resume_case, suspend_case
from yichuang.cases.hearings import chairs_of
from yichuang.cases.models import Case, Hearing, ToldParty
from yichuang.cases.moves import begin, finish
from yichuang.cases.numbering import answer_index, new_query_code
from yichuang.cases.rules import hearing as rules
from yichuang.cases.rules.service import told_in_time
from yichuang.cases.states import Act
from yichuang.cases.told import open_day, party_of
from yichuang.cases.values import CaseHead, DocumentKind, Ground
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.identifiers import check_mobile
from yichuang.core.refusals import Conflict, Reason, refuse_all
from yichuang.core.words import W
from yichuang.network import queries as network
from yichuang.people import queries as people

TOLD_ALREADY = W("已经告知过，正在进行", "They have been told already; it is going on")
NO_HEARING = W("现在不是这一步", "This is not the step that comes now")
REASON = "依申请人或者利害关系人的要求组织听证"


@transaction.atomic
def tell_interested(
    *, actor: Actor, number: str, version: int, matter: str, parties: Sequence[tuple[str, str]], at: datetime
) -> CaseHead:
    """告知: the applicant and the interested parties may state their case, and ask for a hearing within five working days
    of the service to each (`commands.serve_notice`): an account alone is no service, opening the notice in it is (`commands.answer_notice`)."""
    case = begin(actor=actor, number=number, version=version, act=Act.HEARING, at=at)
    named = [(name.strip(), contact.strip()) for name, contact in parties if name.strip() or contact.strip()]
    refuse_all(rules.tell_faults(matter, named))
    _close_lapsed(case, local_date(at))
    if case.hearings.filter(stage__in=["told", "asked", "called"]).exists():
        raise Conflict(Reason("TOLD_ALREADY", TOLD_ALREADY))
    until = network.working_calendar().add(local_date(at), rules.ASK_DAYS)
    row = Hearing.objects.create(
        case=case, stage="told", matter=matter.strip(), told_at=at, answer_until=until, statements=[],
        parties=[{"name": name, "contact": contact} for name, contact in named],
    )  # fmt: skip
    values = {
        "interested": [{"name": name, "contact": contact} for name, contact in named],
        "matter": row.matter,
    }
    document = papers.issue_document(case, DocumentKind.INTERESTED_NOTICE, actor=actor, at=at, values=values)
    codes = _told(case, row, named)
    head = done(case, row, actor, at, "tell", document)
    for told, code in codes:
        tellings.tell_interested(case, told, code=code, at=at)
    tellings.tell_hearing(case, "hearing_right", {}, at=at)
    return head


@transaction.atomic
def record_statement(
    *,
    actor: Actor,
    number: str,
    version: int,
    who: str,
    words: str,
    asks: bool,
    at: datetime,
    party: UUID | None = None,
) -> CaseHead:
    """陈述申辩 at the window or by letter: what somebody who was told says; with `asks`, they want a hearing, within the
    five days of `party` (one of those told), or of the last one where it is not said who."""
    case = begin(actor=actor, number=number, version=version, act=Act.HEARING, at=at)
    row = running(case, {"told", "asked", "called"})
    told = party_of(row, party) if party else None
    today = local_date(at)
    name = who.strip() or (told.name if told else "")
    until = told.answer_until if told else None if row.told.filter(answer_until=None).exists() else row.answer_until
    refuse_all(rules.statement_faults(name, words, asks, today, until))
    said = {"who": name, "words": words.strip(), "on": today.isoformat(), "asks": asks}
    put_down(row, {**said, "party": str(told.id)} if told else said, today)
    return done(case, row, actor, at, "ask" if asks else "state")


def put_down(row: Hearing, said: dict[str, object], today: date) -> None:
    """Add a statement; the first wish for a hearing makes one due."""
    row.statements = [*row.statements, said]
    if said["asks"] and row.stage == "told":
        row.stage, row.asked_on = "asked", today
    row.save()


@transaction.atomic
def call_hearing(
    *,
    actor: Actor,
    number: str,
    version: int,
    day: date | None,
    place: str,
    chair: UUID | None,
    at: datetime,
) -> CaseHead:
    """Call the hearing, seven working days ahead, chaired by somebody who had no part; the legal clock stands still."""
    case = begin(actor=actor, number=number, version=version, act=Act.HEARING, at=at)
    row = running(case, {"asked"})
    assert row.asked_on
    today, calendar = local_date(at), network.working_calendar()
    chairs = {one.id: one.name for one in chairs_of(case, at=at)}
    refuse_all(rules.call_faults(day, place, chair, chairs, row.asked_on, today, calendar))
    assert day
    assert chair
    row.stage, row.held_on, row.place = "called", day, place.strip()
    row.chair_id, row.chair_name = chair, chairs[chair]
    row.save()
    _call_anew(case, row)
    document = papers.issue_document(case, DocumentKind.REVIEW_HEARING, actor=actor, at=at, values=_called(row))
    head = done(case, row, actor, at, "call", document)
    days = max(calendar.between(today, day), 1)
    head = suspend_case(
        actor=actor, number=number, version=head.version, ground=Ground.HEARING, days=days, reason=REASON, at=at
    )
    tellings.tell_hearing(case, "hearing_set", {"day": day, "place": row.place}, at=at)
    return head


@transaction.atomic
def hold_hearing(
    *,
    actor: Actor,
    number: str,
    version: int,
    present: str,
    record: str,
    signed: bool | None,
    note: str,
    at: datetime,
) -> CaseHead:
    """听证笔录: who took part and what was said, signed by them or the refusal noted; the clock runs on."""
    case = begin(actor=actor, number=number, version=version, act=Act.HEARING, at=at)
    row = running(case, {"called"})
    assert row.held_on
    calendar = network.working_calendar()
    told = row.told.order_by("order")
    late = [one.name for one in told if not told_in_time(one.called_on, row.held_on, calendar)]
    refuse_all(rules.record_faults(row.held_on, present, record, signed, note, local_date(at), late))
    row.stage, row.present, row.record = "held", present.strip(), record.strip()
    row.signed, row.note = signed, note.strip()
    row.save()
    values = {
        **_called(row),
        "present": row.present,
        "record": row.record,
        "signed": "参加人已签字或者盖章" if signed else "有参加人拒绝签字",
        "note": row.note,
    }
    document = papers.issue_document(case, DocumentKind.REVIEW_HEARING_RECORD, actor=actor, at=at, values=values)
    head = done(case, row, actor, at, "hold", document)
    head = resume_case(actor=actor, number=number, version=head.version, at=at)
    tell(case, "hearing-held", at=at)
    return head


@transaction.atomic
def postpone_hearing(
    *,
    actor: Actor,
    number: str,
    version: int,
    day: date | None,
    place: str,
    chair: UUID | None,
    reason: str,
    at: datetime,
) -> CaseHead:
    """改期: a called hearing moves to another day, place or chair, by a new notice seven working days ahead again."""
    case = begin(actor=actor, number=number, version=version, act=Act.HEARING, at=at)
    row = running(case, {"called"})
    assert row.asked_on
    today, calendar = local_date(at), network.working_calendar()
    chairs = {one.id: one.name for one in chairs_of(case, at=at)}
    faults = rules.call_faults(day, place, chair, chairs, row.asked_on, today, calendar)
    refuse_all([*faults, *rules.reason_faults(reason)])
    assert day
    assert chair
    row.held_on, row.place, row.note = day, place.strip(), reason.strip()
    row.chair_id, row.chair_name = chair, chairs[chair]
    row.save()
    for stop in case.suspensions.filter(end_date=None, ground=Ground.HEARING).order_by("id"):
        stop.planned_days = max(calendar.between(stop.start_date, day), 1)
        stop.save(update_fields=["planned_days"])
        case.fresh.append(stop)
    _call_anew(case, row)
    document = papers.issue_document(case, DocumentKind.REVIEW_HEARING, actor=actor, at=at, values=_called(row))
    head = done(case, row, actor, at, "postpone", document)
    tellings.tell_hearing(case, "hearing_set", {"day": day, "place": row.place}, at=at)
    return head


@transaction.atomic
def close_hearing(
    *, actor: Actor, number: str, version: int, ground: str, reason: str, at: datetime, by: str = ""
) -> CaseHead:
    """A hearing is not held: the clock runs on from today.

    "withdrawn": `by` (a key of `rules.wishes`; may be left out where one alone asked) no longer wants it. The right is each
    party's own (art. 47): while another asked too, nothing else changes; while somebody may still ask, the decision waits.
    "not_held": the chair could not hold it; the wish stands, so it has to be called anew before the decision.
    """
    case = begin(actor=actor, number=number, version=version, act=Act.HEARING, at=at)
    row = running(case, {"asked", "called"})
    was_called = row.stage == "called"
    today, wished = local_date(at), rules.wishes(row.statements)
    refuse_all(rules.close_faults(ground, reason, called=was_called, wished=wished, by=by))
    if ground == "withdrawn":
        row.statements = rules.withdraw(row.statements, by or next(iter(wished), ""), today)
        if others := [one for one in row.statements if one.get("asks") and not one.get("withdrawn")]:
            return _stands(case, row, actor, at, date.fromisoformat(min(str(one["on"]) for one in others)))
        row.stage, row.asked_on = "closed" if open_day(row, today) is None else "told", None
    else:
        row.stage = "asked"
    row.held_on, row.place, row.chair, row.chair_name, row.note = None, "", None, "", reason.strip()
    row.save()
    head = done(case, row, actor, at, "withdrawn" if ground == "withdrawn" else "not-held")
    if was_called:
        head = resume_case(actor=actor, number=number, version=head.version, at=at)
    tellings.tell_hearing(case, "hearing_off", {"why": rules.CLOSED_BY[ground]}, at=at)
    return head


def _stands(case: Case, row: Hearing, actor: Actor, at: datetime, asked_on: date) -> CaseHead:
    """One of several took the wish back: what is asked for, or called, stays so for the others."""
    row.asked_on = asked_on
    row.save()
    return done(case, row, actor, at, "withdrawn")


def _close_lapsed(case: Case, today: date) -> None:
    """A notice whose days to ask have run out unused is over: somebody found later can be told by another."""
    for row in case.hearings.filter(stage="told", answer_until__lt=today).order_by("id"):
        if open_day(row, today) is not None:
            continue
        row.stage = "closed"
        row.save(update_fields=["stage"])
        case.fresh.append(row)


def _told(case: Case, row: Hearing, named: Sequence[tuple[str, str]]) -> list[tuple[ToldParty, str]]:
    """Those told; who left a mobile number gets a code by message, with which they answer."""
    applicant = people.get_party(case.applicant_id)
    first = ToldParty(
        case=case, hearing=row, party_id=case.applicant_id, is_applicant=True, name=applicant.name,
        contact=applicant.mobile,
    )  # fmt: skip
    rows, codes = [first], []
    for name, contact in named:
        told = ToldParty(case=case, hearing=row, name=name, contact=contact)
        rows.append(told)
        if not check_mobile(contact):
            code = new_query_code()
            told.code_index = answer_index(code)
            codes.append((told, code))
    for order, told in enumerate(rows):
        told.order = order
        told.save(force_insert=True)
        case.fresh.append(told)
    return codes


def _call_anew(case: Case, row: Hearing) -> None:
    """Nobody has this notice of the hearing yet."""
    for told in row.told.order_by("order"):
        told.called_on, told.called_how = None, ""
        told.called_note, told.called_by, told.call_read_on = "", None, None
        told.save(update_fields=["called_on", "called_how", "called_note", "called_by", "call_read_on"])
        case.fresh.append(told)


def _called(row: Hearing) -> dict[str, object]:
    assert row.held_on
    return {"hearing_on": row.held_on.isoformat(), "hearing_place": row.place, "chair": row.chair_name}


def running(case: Case, stages: set[str]) -> Hearing:
    """What goes on, when it is at one of these steps. Raises Conflict NO_HEARING."""
    row = case.hearings.filter(stage__in=["told", "asked", "called"]).order_by("told_at").first()
    if row is None or row.stage not in stages:
        raise Conflict(Reason("NO_HEARING", NO_HEARING))
    return row


def done(case: Case, row: Hearing, actor: Actor, at: datetime, step: str, document: UUID | None = None) -> CaseHead:
    """Finish a step: ledger, version, facts."""
    case.fresh.append(row)
    detail: dict[str, str | int | bool | None] = {"step": step, "hearing": str(row.id)}
    if document:
        detail["document"] = str(document)
    return finish(case, actor=actor, act=Act.HEARING, at=at, detail=detail, documents=(document,) if document else ())
