"""Holds (暂缓送达): what keeps a result from being served, placed and lifted by whoever has the reason.

`place` and `lift` are for acts on a case that end with an entry of their own; the commands are for the rooms above.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases.events import ResultReleased
from yichuang.cases.models import Case, Hold
from yichuang.cases.states import State
from yichuang.cases.vouch import fresh_facts
from yichuang.catalog import queries as catalog
from yichuang.core import events, ledger
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.ledger import Subject
from yichuang.core.words import Words
from yichuang.registry import queries as registry

TOGETHER = "together"  # the applicant collects the results of a package (一件事) in one go: it waits for the others
RESTS = "rests"  # what the case rests on is not granted yet (一件事): until then nobody grants it (`following`)


@transaction.atomic
def place_hold(*, case: UUID, kind: str, source: str, words: Words, at: datetime, actor: Actor = SYSTEM) -> None:
    """Place a hold; placing the same one twice changes nothing."""
    row = _locked(case)
    place(row, kind=kind, source=source, words=words, at=at)
    _record(row, "place-hold", kind, source, actor, at)


@transaction.atomic
def lift_hold(*, case: UUID, kind: str, source: str, at: datetime, actor: Actor = SYSTEM) -> None:
    """Lift a hold; one that is not there is already lifted. The last one on a granted result releases it."""
    row = _locked(case)
    lift(row, kind=kind, source=source, at=at)
    _record(row, "lift-hold", kind, source, actor, at)


def place(case: Case, *, kind: str, source: str, words: Words, at: datetime) -> None:
    """Place a hold on a locked case, within an act that vouches for it."""
    hold, placed = Hold.objects.get_or_create(
        case=case,
        kind=kind,
        source=source,
        lifted_at=None,
        defaults={"words_zh": words.zh, "words_en": words.en, "placed_at": at},
    )
    if placed:
        case.fresh.append(hold)


def lift(case: Case, *, kind: str, source: str, at: datetime) -> None:
    """Lift a hold on a locked case, within an act that vouches for it."""
    holds = list(Hold.objects.filter(case=case, lifted_at=None).order_by("id"))
    lifted = [hold for hold in holds if (hold.kind, hold.source) == (kind, source)]
    for hold in lifted:
        hold.lifted_at = at
        hold.save(update_fields=["lifted_at"])
        case.fresh.append(hold)
    if lifted and len(lifted) == len(holds) and case.state == State.GRANTED.value:
        _release(case, at)


def _locked(case: UUID) -> Case:
    return Case.objects.select_for_update(of=("self",)).get(id=case)


def _record(case: Case, act: str, kind: str, source: str, actor: Actor, at: datetime) -> None:
    if case.fresh:
        subject, detail = Subject("case", case.id), {"kind": kind, "source": source}
        ledger.append(act=act, actor=actor, at=at, subject=subject, detail=detail, facts=fresh_facts(case))


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
