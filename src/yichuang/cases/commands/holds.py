"""Holds (暂缓送达): what keeps a result from being served, placed and lifted by whoever has the reason."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases.models import Hold
from yichuang.core.words import Words


@transaction.atomic
def place_hold(*, case: UUID, kind: str, source: str, words: Words, at: datetime) -> None:
    """Place a hold; placing the same one twice changes nothing."""
    Hold.objects.get_or_create(
        case_id=case,
        kind=kind,
        source=source,
        lifted_at=None,
        defaults={"words_zh": words.zh, "words_en": words.en, "placed_at": at},
    )


@transaction.atomic
def lift_hold(*, case: UUID, kind: str, source: str, at: datetime) -> None:
    """Lift a hold; one that is not there is already lifted."""
    Hold.objects.filter(case_id=case, kind=kind, source=source, lifted_at=None).update(lifted_at=at)
