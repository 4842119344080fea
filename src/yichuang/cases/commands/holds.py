"""Holds (暂缓送达): what keeps a result from being served, placed and lifted by whoever has the reason."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases.events import ResultReleased
from yichuang.cases.models import Case, Hold
from yichuang.cases.states import State
from yichuang.catalog import queries as catalog
from yichuang.core import events
from yichuang.core.words import Words
from yichuang.registry import queries as registry


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
    """Lift a hold; one that is not there is already lifted. The last one on a granted result releases it."""
    lifted = Hold.objects.filter(case_id=case, kind=kind, source=source, lifted_at=None).update(lifted_at=at)
    if lifted and not Hold.objects.filter(case_id=case, lifted_at=None).exists():
        row = Case.objects.get(id=case)
        if row.state == State.GRANTED.value:
            _release(row, at)


def _release(case: Case, at: datetime) -> None:
    pack = catalog.get_pack(case.item_code, version=case.item_version, at=at)
    certificate = registry.certificate_of_subject("case", case.id)
    events.publish(
        ResultReleased(
            case_id=case.id,
            number=case.number,
            at=at,
            certificate=certificate.id if certificate else None,
            has_physical_result=bool(pack.result.handovers),
        )
    )
