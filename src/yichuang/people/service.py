"""电子送达: the words that a party agrees to, and who has agreed. Served electronically is only who agreed (民事诉讼法 art. 90).

Words that were agreed to once stay as they are: a change is a new version beside the old one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from django.db.models import Q, QuerySet

from yichuang.core.masks import mask_mobile, mask_name
from yichuang.core.refusals import NotFound
from yichuang.core.words import W, Words
from yichuang.people.models import Party, ServiceConsent, Staff

Standing = Literal["given", "withdrawn", "none"]


@dataclass(frozen=True, slots=True)
class ConsentText:
    """What is agreed to, point by point: a heading and a sentence."""

    version: str
    points: tuple[tuple[Words, Words], ...]


TEXTS: Final = (
    ConsentText(
        "2026-11",
        (
            (
                W("哪些文书", "Which papers"),
                W(
                    "办事过程中需要送达给您的告知书、听证通知书等文书。决定和证照的发放方式不受影响。",
                    "Notices of your right to be heard, calls to a hearing and other papers that have to be served on you "
                    "while a matter is handled. How decisions and certificates reach you does not change.",
                ),
            ),
            (
                W("送到哪里", "Where they are served"),
                W(
                    "您在本系统的“告知和听证”。有新文书时，会给您登记的手机号发提醒；短信只是提醒，不是送达。",
                    "To “Notices and hearings” in your account here. A reminder goes to the mobile number on record; the "
                    "message only reminds, it does not serve.",
                ),
            ),
            (
                W("从哪天起算", "From when days run"),
                W(
                    "您（或者有权代您办理的人）登录后打开文书的当天为送达之日，期限从第二天起算。",
                    "The paper is served on the day on which you, or somebody who may act for you, open it signed in; "
                    "days begin to run on the next day.",
                ),
            ),
            (
                W("不同意会怎样", "If you do not agree"),
                W(
                    "不影响办事。部门会书面送达，期限从书面送达之日起算；您在网上打开只算已阅知。",
                    "Nothing else changes. The department serves you on paper and days run from that service; opening the "
                    "paper online only counts as having read it.",
                ),
            ),
            (
                W("怎样撤回", "How to withdraw"),
                W(
                    "随时可以在“我的消息—电子送达”或者任何一个窗口撤回，从撤回起对以后的文书有效；已经送达的不变。",
                    "At any time, under “My messages – Electronic service” or at any counter. It counts for papers served "
                    "later; what was served before stays served.",
                ),
            ),
        ),
    ),
)
CURRENT: Final = TEXTS[-1]


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One consent as its party and staff see it; `by` is masked: the giver, or the clerk before whom it was signed."""

    id: UUID
    party: UUID
    item: str
    version: str
    mobile_masked: str
    given_at: datetime
    given_channel: str
    by: str
    withdrawn_at: datetime | None
    withdrawn_channel: str
    withdrawn_by: str


def service_text(version: str = "") -> ConsentText:
    """The words as they are agreed to now, or as they were in a version."""
    return next((text for text in TEXTS if text.version == version), CURRENT)


def service_consent(party: UUID, *, item: str = "") -> ConsentRow | None:
    """The consent of a party that is in force: for everything, or (with `item`) for that one item."""
    row = _rows(party, item).filter(withdrawn_at=None).first()
    return _row(row) if row else None


def service_consent_of(id: UUID) -> ConsentRow:
    """One consent by its id, in force or not. Raises NotFound. No gate."""
    row = ServiceConsent.objects.filter(id=id).select_related(*WHO).first()
    if row is None:
        raise NotFound(W("同意书", "consent"))
    return _row(row)


def consents_in_force(parties: Collection[UUID]) -> dict[UUID, tuple[ConsentRow, ...]]:
    """What is in force of each, for everything first, then item by item: one statement for all. No gate."""
    found: dict[UUID, list[ConsentRow]] = {party: [] for party in parties}
    rows = ServiceConsent.objects.filter(party__in=parties, withdrawn_at=None).select_related(*WHO)
    for row in rows.order_by("item", "id"):
        found[row.party_id].append(_row(row))
    return {party: tuple(rows) for party, rows in found.items()}


def service_standing(party: UUID, *, item: str = "") -> Standing:
    """Whether a party agreed, took it back, or never said anything."""
    ends = list(_rows(party, item).values_list("withdrawn_at", flat=True))
    return "none" if not ends else "given" if None in ends else "withdrawn"


def consenting(parties: Collection[UUID], *, item: str) -> frozenset[UUID]:
    """Who of them agreed, for this item or for everything. One statement, none for nobody."""
    if not parties:
        return frozenset()
    rows = ServiceConsent.objects.filter(party__in=parties, item__in={"", item}, withdrawn_at=None)
    return frozenset(rows.order_by("party_id").values_list("party_id", flat=True))


def list_service_consents(*parties: UUID) -> tuple[ConsentRow, ...]:
    """What was said about it, newest first, the last fifty: for the party's own page and for the counter."""
    rows = ServiceConsent.objects.filter(party__in=parties).select_related(*WHO)
    return tuple(_row(row) for row in rows.order_by("-given_at", "-id")[:50])


WHO = ("given_by", "given_staff", "withdrawn_by", "withdrawn_staff")


def _rows(party: UUID, item: str) -> QuerySet[ServiceConsent]:
    return (
        ServiceConsent.objects.filter(Q(item="") | Q(item=item), party=party)
        .select_related(*WHO)
        .order_by("-given_at", "-id")
    )


def _row(row: ServiceConsent) -> ConsentRow:
    return ConsentRow(
        id=row.id,
        party=row.party_id,
        item=row.item,
        version=row.version,
        mobile_masked=mask_mobile(row.mobile) if row.mobile else "",
        given_at=row.given_at,
        given_channel=row.given_channel,
        by=_name(row.given_by, row.given_staff),
        withdrawn_at=row.withdrawn_at,
        withdrawn_channel=row.withdrawn_channel,
        withdrawn_by=_name(row.withdrawn_by, row.withdrawn_staff),
    )


def _name(party: Party | None, staff: Staff | None) -> str:
    if staff is not None:
        return f"{mask_name(staff.name)}（{staff.staff_no}）"
    return party.name_masked if party else ""
