"""换领 as pages show it: which corrected certificates wait where, for the paper that is out to be exchanged."""

from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from yichuang.cases import queries as cases
from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.keyset import page_of
from yichuang.core.paging import Page
from yichuang.core.refusals import NotFound
from yichuang.core.words import W, Words
from yichuang.issuing.models import Exchange
from yichuang.issuing.permissions import can_issue, check_can_issue
from yichuang.issuing.values import OLD_PAPER_WORDS, ExchangeRow

PAGE = 20  # lines of the list; the desk's other list stands below it
THE_EXCHANGE = W("等待换领的证照", "certificate that waits to be exchanged")
_DESKS = (roles.ISSUING_CLERK, roles.COMMUNITY_WORKER)


def waiting_rows() -> QuerySet[Exchange]:
    """What waits: a version that was replaced again, revoked or cancelled meanwhile is handed to nobody, and no row of the
    table, whoever wrote it, hands out the certificate of another case."""
    rows = Exchange.objects.filter(
        at__isnull=True,
        certificate__status="valid",
        certificate__subject_kind="case",
        certificate__subject_id=F("case_id"),
    )
    return rows.select_related("case", "certificate")


def list_exchanges(actor: Actor, *, cursor: str | None = None) -> Page[ExchangeRow]:
    """What waits at the actor's desks, the longest first; nothing for others. Some never come: behind them others wait."""
    if not can_issue(actor):
        return Page(())
    places = [grant.place for grant in actor.grants if grant.role in _DESKS and grant.place]
    everywhere = any(grant.role in _DESKS and grant.place is None for grant in actor.grants)
    rows = waiting_rows() if everywhere else waiting_rows().filter(place__in=places)
    found = page_of(rows, "since", cursor, PAGE)
    return Page(tuple(row_of(row) for row in found.items), found.next)


def find_exchange(case: UUID) -> ExchangeRow | None:
    """What waits for the holder of this case's certificate. No gate: ask for the case first."""
    row = waiting_rows().filter(case=case).first()
    return row_of(row) if row else None


def waiting_for(actor: Actor, case: UUID) -> ExchangeRow | None:
    """The last exchange of a case, waiting or done, for the desk where it is made; None at another place's."""
    row = waiting_rows().filter(case=case).first()
    if row is None:
        done = Exchange.objects.filter(case=case, at__isnull=False).select_related("case", "certificate")
        row = done.order_by("-at", "-id").first()
    if row is None or not can_issue(actor) or not any(actor.has(role, place=row.place_id) for role in _DESKS):
        return None
    return row_of(row)


def read_corrected(actor: Actor, number: str, *, at: datetime) -> ExchangeRow:
    """The corrected certificate that this desk prints for hand-over: as long as it waits, and once it was given.

    Raises: 403 for who hands nothing out; NotFound, at another place's desk too.
    """
    check_can_issue(actor)
    found = waiting_for(actor, cases.get_case_for(actor, number, at=at).id)
    if found is None:
        raise NotFound(THE_EXCHANGE)
    return found


def row_of(row: Exchange) -> ExchangeRow:
    """The table's row as the frozen value."""
    case, certificate = row.case, row.certificate
    return ExchangeRow(
        id=row.id,
        case=row.case_id,
        case_number=case.number,
        item=Words(case.item_name_zh, case.item_name_en),
        certificate=row.certificate_id,
        name=Words(certificate.name_zh, certificate.name_en),
        number=certificate.number,
        version=certificate.version,
        holder_masked=certificate.holder_name_masked,
        place=row.place_id,
        since=row.since,
        at=row.at,
        old_paper=OLD_PAPER_WORDS[row.old_paper] if row.old_paper else None,  # type: ignore[index]  # checked by the database
        reason=row.reason,
        receiver_masked=row.receiver_masked,
        by_name=row.by_name,
    )
