"""刷脸核验, read: whether it is to be had, what the last one said, and for which case it counts."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from yichuang.people.models import FaceCheck
from yichuang.people.ports import face_platform
from yichuang.people.values import FaceState

COUNTS: Final = timedelta(minutes=15)  # after the answer: who files later may be somebody else
OPEN: Final = timedelta(minutes=10)  # to show the face after agreeing
A_DAY: Final = timedelta(days=1)
MOST_A_DAY: Final = 5


def face_score(party: UUID, *, item: str, at: datetime, case: UUID | None = None) -> Decimal | None:
    """How alike the face was that counts for this case; without a case, for a filing of the item now. None: nobody knows."""
    rows = FaceCheck.objects.filter(party=party, answered_at__isnull=False)
    rows = rows.filter(used_for=case) if case else counting(rows, item, at)
    return rows.order_by("-agreed_at", "-id").values_list("score", flat=True).first()


def counting(rows: QuerySet[FaceCheck], item: str, at: datetime) -> QuerySet[FaceCheck]:
    """Those of these checks that count for a filing of the item now: of no case yet, and not set aside."""
    return rows.filter(used_for=None, item=item, answered_at__gt=at - COUNTS, set_aside_at=None)


def face_state(party: UUID, *, item: str, at: datetime) -> FaceState:
    """What the person may do now for a filing of the item, and what came of the last time."""
    asked = FaceCheck.objects.filter(party=party, agreed_at__gt=at - A_DAY).count()
    return FaceState(face_platform() is not None, asked < MOST_A_DAY, face_score(party, item=item, at=at))
