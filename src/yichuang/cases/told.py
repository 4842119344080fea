"""Those to whom a notice of their right to be heard went: what staff see of each, and what each may see of the case.

An interested party reads what touches it (the item, the organ, the matter, its own days and words, the hearing), and
nothing else: no papers, no progress, no other party.
"""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from yichuang.cases.models import Hearing, ToldParty
from yichuang.cases.numbering import answer_index
from yichuang.cases.pages import NoticePage, Statement, ToldRow
from yichuang.cases.rules.hearing import wishes
from yichuang.cases.states import Act, State, can_move
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.masks import mask_name
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.people import queries as people

RUNNING = ("told", "asked", "called")
THE_NOTICE = W("告知书", "notice")
CODE_GONE = W("这次告知已经结束，答复码失效", "This matter is over; the code opens nothing any more")


def told_rows(hearings: Iterable[UUID]) -> dict[UUID, tuple[ToldRow, ...]]:
    """By hearing, the applicant first. No gate."""
    found: dict[UUID, list[ToldRow]] = {}
    rows = list(_told().filter(hearing__in=list(hearings)).order_by("hearing", "order"))
    agreed = _agreed(rows)
    for row in rows:
        found.setdefault(row.hearing_id, []).append(_row(row, row.id in agreed))
    return {hearing: tuple(rows) for hearing, rows in found.items()}


def open_day(row: Hearing, today: date) -> str | None:
    """Until when somebody who was told may still ask for a hearing (ISO), "待送达" where one has not been served yet;
    None when nobody may. What was told before services were kept runs from its paper."""
    told = list(row.told.values_list("answer_until", flat=True))
    if not told:
        return row.answer_until.isoformat() if today <= row.answer_until else None
    if any(until is None for until in told):
        return "待送达"
    last = max(until for until in told if until)
    return last.isoformat() if today <= last else None


def party_of(row: Hearing, party: UUID) -> ToldParty:
    """One of those told in it. Raises `NotFound`."""
    found = row.told.filter(id=party).first()
    if found is None:
        raise NotFound(THE_NOTICE)
    return found


def notice_by_code(code: str, *, at: datetime) -> NoticePage:
    """What an answer code opens; 410 when the matter is over. The door counts wrong guesses (`webkit.limits`)."""
    row = _told().filter(code_index=answer_index(code)).first()
    if row is None:
        raise NotFound(THE_NOTICE)
    page = _page(row, at)
    if not page.is_open:
        raise Refused(Reason("CODE_GONE", CODE_GONE), kind="gone")
    return page


def notices_of(actor: Actor, *, at: datetime) -> tuple[NoticePage, ...]:
    """The notices that went to a person: as applicant, or as interested party who entered the code; newest first."""
    if actor.kind != "person" or actor.id is None:
        return ()
    stands_for = {actor.id, *actor.represents, *(party for party, _ in actor.represents_in)}
    rows = _told().filter(party__in=stands_for).order_by("-hearing__told_at", "id")[:50]
    return tuple(_page(row, at) for row in rows if is_theirs(actor, row))


def notice_for(actor: Actor, party: UUID, *, at: datetime) -> NoticePage:
    """One of them. Raises `NotFound` for what is not theirs."""
    row = _told().filter(id=party).first()
    if row is None or not is_theirs(actor, row):
        raise NotFound(THE_NOTICE)
    return _page(row, at)


def is_theirs(actor: Actor, row: ToldParty) -> bool:
    """Whether a person was told, or stands for who was: an interested party only for itself."""
    if actor.kind != "person" or row.party_id is None:
        return False
    return actor.acts_for(row.party_id, item=row.case.item_code) if row.is_applicant else row.party_id == actor.id


def sender_of(case: UUID, upload: UUID) -> ToldParty | None:
    """Who of those told handed in the file with a statement; None for every other file. No gate."""
    for statements in Hearing.objects.filter(case=case).values_list("statements", flat=True):
        for said in statements:
            if str(upload) in said.get("files", ()) and said.get("party"):
                return _told().filter(id=said["party"]).first()
    return None


def _told() -> QuerySet[ToldParty]:
    return ToldParty.objects.select_related("hearing", "case")


def _page(row: ToldParty, at: datetime) -> NoticePage:
    hearing, case, today = row.hearing, row.case, local_date(at)
    open_now = hearing.stage in RUNNING and can_move(State(case.state), Act.HEARING)
    until, asked = row.answer_until, str(row.id) in wishes(hearing.statements)
    return NoticePage(
        id=row.id,
        case=row.case_id,
        number=case.number if row.is_applicant else "",
        item=Words(case.item_name_zh, case.item_name_en),
        organ=network.get_department_by_id(case.department_id).name,
        applicant=case.applicant_masked,
        name=row.name if row.is_applicant or row.party_id else mask_name(row.name),
        matter=hearing.matter,
        told_at=hearing.told_at,
        served_on=row.served_on,
        to_serve=open_now and not has_all(row),
        answer_until=until,
        held_on=hearing.held_on,
        place=hearing.place if hearing.held_on else "",
        chair=hearing.chair_name if hearing.held_on else "",
        stage=hearing.stage,
        is_applicant=row.is_applicant,
        is_open=open_now,
        may_ask=open_now and not asked and (until is None or today <= until),
        statements=tuple(statement_of(one) for one in hearing.statements if one.get("party") == str(row.id)),
    )


def has_all(told: ToldParty) -> bool:
    """Whether somebody was served with everything that there is to serve."""
    return bool(told.served_on and (told.called_on or told.hearing.stage != "called"))


def statement_of(one: dict[str, object]) -> Statement:
    """A statement as it was put down."""
    files = one.get("files", ())
    assert isinstance(files, list | tuple)
    return Statement(
        str(one["who"]),
        str(one["words"]),
        date.fromisoformat(str(one["on"])),
        tuple(UUID(str(file)) for file in files),
        bool(one.get("asks")) and not one.get("withdrawn"),
        str(one.get("by", "")),
    )


def _agreed(rows: Iterable[ToldParty]) -> frozenset[UUID]:
    """Which of the rows of one case, or of one person, may be served electronically (民诉法 art. 90: who agreed to it)."""
    asked = {(row.party_id, row.case.item_code) for row in rows if row.party_id}
    by_item: dict[str, set[UUID]] = {}
    for party, item in asked:
        by_item.setdefault(item, set()).add(party)
    agreed = {(party, item) for item, parties in by_item.items() for party in people.consenting(parties, item=item)}
    return frozenset(row.id for row in rows if (row.party_id, row.case.item_code) in agreed)


def _row(row: ToldParty, consents: bool) -> ToldRow:
    return ToldRow(
        id=row.id,
        name=row.name,
        contact=row.contact,
        is_applicant=row.is_applicant,
        has_code=row.code_index is not None,
        served_on=row.served_on,
        served_how=row.served_how,
        refused=row.refused,
        served_note=row.served_note,
        answer_until=row.answer_until,
        called_on=row.called_on,
        called_how=row.called_how,
        called_note=row.called_note,
        read_on=row.read_on,
        call_read_on=row.call_read_on,
        consents=consents,
        known=row.party_id is not None,
    )
