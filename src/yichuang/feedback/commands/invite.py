"""评价邀请: a service is over, so its person may rate it; who is known by a number is written to, once a day at most."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from yichuang.cases import queries as cases
from yichuang.cases.events import ServiceKind, ServiceOver
from yichuang.core.bearers import bearer_hash
from yichuang.core.clock import local_date
from yichuang.core.compiled import build, insert
from yichuang.core.ids import new_id
from yichuang.feedback.models import Invitation
from yichuang.feedback.tokens import address, token_of
from yichuang.feedback.values import VALID
from yichuang.notices import commands as notices
from yichuang.notices.values import Address
from yichuang.people import queries as people

LOOK_BACK = timedelta(days=1)


@transaction.atomic
def invite(*, over: ServiceOver) -> bool:
    """Let a service be rated; False when it is known already. Its person is told, unless the message of the end does."""
    row = build(
        Invitation,
        id=new_id(),
        kind=over.kind.value,
        subject=over.subject,
        number=over.number,
        name_zh=over.name.zh,
        name_en=over.name.en,
        person_id=over.person,
        place_id=over.place,
        window=over.window,
        department_id=over.department,
        staff_id=over.staff,
        items=list(over.items),
        channel=over.channel,
        token_hash=bearer_hash(token_of(over.kind.value, over.subject)),
        over_at=over.at,
        until=over.at + VALID,
        told_at=over.at if over.told else None,
    )
    if not insert([row], once="token_hash"):
        return False
    if over.kind in {ServiceKind.STAY, ServiceKind.HELP}:
        _tell(row, over.at)
    return True


@transaction.atomic
def invite_left(*, at: datetime) -> int:
    """Stays of the last day that nobody ended by a button are over too; how many were new."""
    return sum(invite(over=one) for one in cases.stays_left(since=at - LOOK_BACK, at=at, known=_known(at)))


def _known(at: datetime) -> list[UUID]:
    rows = Invitation.objects.filter(kind=ServiceKind.STAY.value, over_at__gt=at - 2 * LOOK_BACK)
    return list(rows.order_by("over_at").values_list("subject", flat=True))


def _tell(row: Invitation, at: datetime) -> None:
    """One message, where it is known to whom; none when something was said to them today already."""
    if row.person_id is None:
        return
    today = Invitation.objects.filter(person=row.person_id, told_at__isnull=False).order_by("-told_at")
    last = today.values_list("told_at", flat=True).first()
    if last is not None and local_date(last) == local_date(at):
        return
    party = people.get_party(row.person_id)
    notices.send(
        address=Address("sms" if party.mobile else "inbox", party.mobile, party.id),
        locale=party.language or "zh-hans",
        template="rating_asked",
        values={"url": address(token_of(row.kind, row.subject)), "until": row.until},
        at=at,
        dedupe=f"rating_asked:{row.subject}",
    )
    Invitation.objects.filter(id=row.id).update(told_at=at)
