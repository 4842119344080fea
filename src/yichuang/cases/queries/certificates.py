"""Certificates as their organ and their holder see them: what they are worth, what became of them, what may be done."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from yichuang.cases.aftermath import (
    GROUNDS,
    MOVES,
    OF_HOLDER,
    CertificatePage,
    EndAct,
    Move,
    ProceedingRow,
    Stage,
)
from yichuang.cases.commands.proceedings import THE_CERTIFICATE, may_move
from yichuang.cases.models import Case, Document, Proceeding
from yichuang.cases.moves import relations_of
from yichuang.cases.permissions import can_look_after, can_open_proceeding, is_holder
from yichuang.cases.rules import ending
from yichuang.cases.values import DocumentKind, DocumentRow, document_title
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import ResultField
from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.masks import mask_by_shape
from yichuang.core.paging import Page
from yichuang.core.refusals import NotFound
from yichuang.core.words import YES_NO, Words
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.registry import queries as base
from yichuang.registry.values import CertificateRow, Validity

OF_PROCEEDINGS = frozenset(
    {
        *(DocumentKind.REVOKE_NOTICE, DocumentKind.WITHDRAW_NOTICE, DocumentKind.FORFEIT_NOTICE),
        *(DocumentKind.CANCEL_NOTICE, DocumentKind.DEFENCE, DocumentKind.HEARING_NOTICE, DocumentKind.HEARING_RECORD),
        *(DocumentKind.REVOCATION, DocumentKind.TAKING_BACK, DocumentKind.FORFEITURE, DocumentKind.CANCELLATION),
        DocumentKind.PROCEEDING_DROPPED,
    }
)


def certificate_page(actor: Actor, certificate: UUID, *, at: datetime) -> CertificatePage:
    """The certificate with its history and proceedings; 404 for who neither holds it nor looks after it for the organ."""
    row = base.find_certificate(certificate)
    case = _case_of(row) if row else None
    if row is None or case is None:
        raise NotFound(THE_CERTIFICATE)
    relations = relations_of(case)
    mine = is_holder(actor, relations)
    if not (mine or can_look_after(actor, relations)):
        raise NotFound(THE_CERTIFICATE)
    worth = base.validity(row, local_date(at))
    proceedings = _proceedings(actor, case, row.id, at)
    pack = catalog.get_pack(case.item_code, version=case.item_version, at=at)
    running = any(one.running for one in proceedings)
    may_open = can_open_proceeding(actor, relations) and not running
    return CertificatePage(
        row=row,
        worth=worth,
        fields=_fields(row, pack.result.fields, whole=mine),
        case_number=case.number,
        item=Words(case.item_name_zh, case.item_name_en),
        is_permit=case.is_permit,
        history=base.history(row.id),
        proceedings=proceedings,
        documents=_documents(case),
        may_open=may_open and bool(ending.grounds_for(worth)),
        grounds=ending.grounds_for(worth) if may_open else {},
        laws=catalog.grounds_words(pack) if may_open else {},
    )


def find_certificates(
    actor: Actor, text: str, *, at: datetime, cursor: str | None = None
) -> Page[tuple[CertificateRow, Validity]]:
    """What the actor's organs have issued, the newest first: all, of one number, or of one holder's identity number."""
    issuers = _issuers(actor)
    if not issuers:
        return Page(())
    if text and (row := base.find_certificate(text)) is not None:
        return _worth(Page((row,) if row.issuer_uscc in issuers else ()), at)
    holders = [party.id for party in people.find_parties(text)] if text else []
    if text:
        found = [row for holder in holders for uscc in issuers for row in base.list_issued(uscc, holder=holder).items]
        return _worth(Page(tuple(found)), at)
    if len(issuers) == 1:
        return _worth(base.list_issued(issuers[0], cursor=cursor), at)
    newest = sorted(
        (row for uscc in issuers for row in base.list_issued(uscc).items), key=lambda row: row.issued_at, reverse=True
    )
    return _worth(Page(tuple(newest[:20])), at)


def running_proceedings(actor: Actor, *, at: datetime) -> tuple[tuple[ProceedingRow, CertificateRow], ...]:
    """The proceedings that wait in the actor's departments, the oldest first."""
    departments = departments_looked_after(actor)
    rows = Proceeding.objects.select_related("case__department").filter(stage__in=["told", "hearing", "ready"])
    rows = rows.filter(case__department__in=departments).order_by("opened_at", "id")[:50]
    return tuple((_row(actor, row.case, row, at), base.get_certificate(row.certificate_id)) for row in rows)


def proceedings_of_holder(actor: Actor, certificates: Iterable[UUID]) -> dict[UUID, Stage]:
    """Which of these certificates have a running proceeding, and where it stands; for lists of one's own."""
    rows = Proceeding.objects.filter(certificate__in=list(certificates), stage__in=["told", "hearing", "ready"])
    return {row.certificate_id: Stage(row.stage) for row in rows.order_by("id")}


def _issuers(actor: Actor) -> list[str]:
    known = network.departments_by_id()
    return sorted({known[id].uscc for id in departments_looked_after(actor) if id in known})


def departments_looked_after(actor: Actor) -> list[UUID]:
    """The departments whose certificates the actor looks after: as reviewer or supervisor, everywhere when unbound."""
    if not actor.is_staff:
        return []
    grants = [grant for grant in actor.grants if grant.role in {roles.REVIEWER, roles.SUPERVISOR}]
    return [
        id
        for id in sorted(network.departments_by_id())
        if any(actor.has(grant.role, department=id) for grant in grants)
    ]


def _worth(page: Page[CertificateRow], at: datetime) -> Page[tuple[CertificateRow, Validity]]:
    today = local_date(at)
    return Page(tuple((row, base.validity(row, today)) for row in page.items), page.next)


def _case_of(row: CertificateRow) -> Case | None:
    if row.subject[0] != "case":
        return None
    return Case.objects.select_related("department").filter(id=row.subject[1]).first()


def _fields(row: CertificateRow, fields: Iterable[ResultField], *, whole: bool) -> tuple[tuple[Words, Words], ...]:
    """What it says, as its paper says it. A label is told in English too while it is still the one that was printed."""
    hidden = frozenset() if whole else frozenset(f.key for f in fields if f.personal)
    words = {(f.key, f.label.zh): f.label for f in fields}
    told = ((key, label, row.data.get(key)) for key, label in row.labels.items())
    return tuple(
        (words.get((key, label), Words(label, label)), _said(value, hide=key in hidden))
        for key, label, value in told
        if value not in (None, "", [], ())
    )


def _said(value: object, *, hide: bool) -> Words:
    """是/否, several values one after the other, anything else as it stands; masked by its look where it is personal."""
    if isinstance(value, bool):
        return YES_NO[value]
    if isinstance(value, list | tuple):
        each = [_said(one, hide=hide) for one in value]
        return Words("、".join(one.zh for one in each), ", ".join(one.en for one in each))
    text = mask_by_shape(str(value)) if hide else str(value)
    return Words(text, text)


def _documents(case: Case) -> tuple[DocumentRow, ...]:
    rows = Document.objects.filter(case=case, kind__in=[kind.value for kind in OF_PROCEEDINGS]).order_by("id")
    return tuple(
        DocumentRow(
            row.id, DocumentKind(row.kind), document_title(DocumentKind(row.kind), permit=case.is_permit),
            row.number, row.issued_at, case.id,
        )
        for row in rows
    )  # fmt: skip


def _proceedings(actor: Actor, case: Case, certificate: UUID, at: datetime) -> tuple[ProceedingRow, ...]:
    rows = Proceeding.objects.filter(certificate=certificate).order_by("-opened_at", "-id")
    return tuple(_row(actor, case, row, at) for row in rows)


def _row(actor: Actor, case: Case, row: Proceeding, at: datetime) -> ProceedingRow:
    ground, stage, today = GROUNDS[row.ground], Stage(row.stage), local_date(at)
    over = ending.why_not_answer(today, row.answer_until, stage)
    against = ending.why_not_decide(
        stage, today=today, answer_until=row.answer_until, opened_by_decider=actor.id == row.opened_by_id
    )
    moves = {move for (origin, move) in MOVES if origin is stage and may_move(actor, case, move)}
    if over and is_holder(actor, relations_of(case)):  # the organ may still write down what was said in time
        moves -= OF_HOLDER
    if ending.why_no_record(row.hearing_on, today):
        moves.discard(Move.HEAR)
    if against:
        moves.discard(Move.END)
    return ProceedingRow(
        id=row.id,
        certificate=row.certificate_id,
        case_number=case.number,
        version=row.version,
        act=EndAct(row.act),
        ground=ground.words,
        article="、".join(row.basis),
        facts=row.facts,
        basis=tuple(row.basis),
        stage=stage,
        opened_at=row.opened_at,
        opened_by=row.opened_name,
        answer_until=row.answer_until,
        statement=row.statement,
        stated_at=row.stated_at,
        wants_hearing=row.wants_hearing,
        hearing_on=row.hearing_on,
        hearing_place=row.hearing_place,
        hearing_record=row.hearing_record,
        decided_at=row.decided_at,
        decided_by=row.decided_name,
        reasons=row.reasons,
        moves=frozenset(moves),
        why_not=tuple(reason.words for reason in against) if may_move(actor, case, Move.END) else (),
        may_ask_hearing=ending.may_ask_hearing(EndAct(row.act), stage),
    )
