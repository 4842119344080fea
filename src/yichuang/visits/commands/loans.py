"""便民物品: lent at the desk by the door, back, reminded of, lost."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import local
from yichuang.core.identifiers import check_mobile, normal_mobile
from yichuang.core.ledger import Subject
from yichuang.core.ledger.values import Scalar
from yichuang.core.masks import mask_name
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import Words
from yichuang.network import queries as network
from yichuang.notices import commands as notices
from yichuang.notices.values import Address
from yichuang.visits import messages
from yichuang.visits.models import Loan, LoanItem
from yichuang.visits.permissions import check_can_guide, check_can_plan

DAYTIME = range(8, 21)  # hours in which people are written to
BACK, LOST = "back", "lost"
LONGEST_NAME = 60
MOST_OWNED, MINUTES = 500, (10, 720)


@transaction.atomic
def set_loan_item(
    *, actor: Actor, place: UUID, name: Words, owned: int, minutes: int, at: datetime, item: UUID | None = None
) -> UUID:
    """What the hall lends: a new kind, or another number or time of one; none left means it is lent no more.

    By its manager. Refused with every reason: the name, the number (never fewer than are out), the minutes.
    """
    check_can_plan(actor, place)
    row = LoanItem.objects.select_for_update(of=("self",)).filter(id=item, place=place).first() if item else None
    if item is not None and row is None:
        raise NotFound(messages.LOAN_ITEM)
    refuse_all(_item_faults(place, row, name, owned, minutes))
    row = row or LoanItem(place_id=place)
    row.name_zh, row.name_en, row.owned, row.minutes = name.zh.strip(), name.en.strip(), owned, minutes
    row.active = owned > 0
    row.save()
    detail = {"owned": owned, "minutes": minutes}
    ledger.append(act="set-loan-item", actor=actor, at=at, subject=Subject("loan-item", row.id), detail=detail)
    return row.id


def _item_faults(place: UUID, row: LoanItem | None, name: Words, owned: int, minutes: int) -> list[Reason]:
    found = []
    if not 1 <= len(name.zh.strip()) <= 30 or not 1 <= len(name.en.strip()) <= LONGEST_NAME:
        found.append(Reason("LOAN_NAME", messages.LOAN_NAME, "/name_zh"))
    same = LoanItem.objects.filter(place=place, name_zh=name.zh.strip()).first()
    if same is not None and (row is None or same.id != row.id):
        found.append(Reason("LOAN_NAME_TAKEN", messages.LOAN_NAME_TAKEN, "/name_zh"))
    least = row.out if row else 0
    if not least <= owned <= MOST_OWNED:
        found.append(Reason("LOAN_OWNED", messages.LOAN_OWNED.format(least=least, most=MOST_OWNED), "/owned"))
    if not MINUTES[0] <= minutes <= MINUTES[1]:
        found.append(Reason("LOAN_MINUTES", messages.LOAN_MINUTES, "/minutes"))
    return found


@transaction.atomic
def lend(*, actor: Actor, place: UUID, item: UUID, name: str, mobile: str, key: str, at: datetime) -> UUID:
    """Lend one to somebody; pressed twice it is the same loan. By staff of the hall.

    No document is kept as a pledge. Refused with every reason: none is left, no name, no number that can be called.
    """
    check_can_guide(actor, place)
    assert actor.id is not None
    row = LoanItem.objects.select_for_update(of=("self",)).filter(id=item, place=place, active=True).first()
    if row is None:
        raise NotFound(messages.LOAN_ITEM)
    press = f"{actor.id}:{key}"[:80]
    kept = Loan.objects.filter(place=place, key=press).first()
    if kept is not None and kept.item_id == row.id:
        return kept.id
    if kept is not None:
        raise Refused(Reason("KEY_REUSED", messages.KEY_REUSED, "/key"), kind="conflict")
    refuse_all(_faults(row, name, mobile))
    made = Loan.objects.create(
        item=row,
        place_id=place,
        key=press,
        name=name.strip(),
        mobile=normal_mobile(mobile),
        name_masked=mask_name(name.strip()),
        out_at=at,
        due_at=at + timedelta(minutes=row.minutes),
        out_by_id=actor.id,
    )
    row.out += 1
    row.save(update_fields=["out"])
    ledger.append(act="lend", actor=actor, at=at, subject=Subject("loan", made.id), detail={"item": row.name_zh})
    return made.id


def _faults(row: LoanItem, name: str, mobile: str) -> list[Reason]:
    found = []
    if row.out >= row.owned:
        found.append(Reason("NONE_LEFT", messages.NONE_LEFT.format(item=row.name_zh), "/item"))
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        found.append(Reason("LOAN_WHO", messages.LOAN_WHO, "/name"))
    return found + check_mobile(mobile, field="/mobile")


@transaction.atomic
def end_loan(*, actor: Actor, place: UUID, loan: UUID, lost: bool = False, at: datetime) -> None:
    """It is back, or lost: then the hall has one fewer. Who had it is forgotten. Pressed twice it stays so; Refused LOAN_ENDED
    where it ended the other way."""
    check_can_guide(actor, place)
    row = Loan.objects.select_for_update(of=("self",)).filter(id=loan, place=place).first()
    if row is None:
        raise NotFound(messages.LOAN)
    end = LOST if lost else BACK
    if row.ended_at is not None and row.end == end:
        return
    if row.ended_at is not None:
        raise Refused(Reason("LOAN_ENDED", messages.LOAN_ENDED), kind="conflict")
    row.ended_at, row.ended_by_id, row.end = at, actor.id, end
    row.name, row.mobile, row.name_masked = "", "", ""
    row.save(update_fields=["ended_at", "ended_by", "end", "name", "mobile", "name_masked"])
    gone = {"out": F("out") - 1, **({"owned": F("owned") - 1} if lost else {})}
    LoanItem.objects.filter(id=row.item_id).update(**gone)
    ended: dict[str, Scalar] = {"end": row.end, "late": at > row.due_at}
    ledger.append(act="end-loan", actor=actor, at=at, subject=Subject("loan", row.id), detail=ended)


def remind_loans(*, at: datetime) -> int:
    """Who has something longer than it is lent is written to, once, by day; how many were."""
    if local(at).hour not in DAYTIME:
        return 0
    due = Loan.objects.filter(Q(ended_at=None), due_at__lte=at, reminded_at=None).order_by("due_at", "id")
    return sum(_remind(loan, at) for loan in due.values_list("id", flat=True)[:200])


@transaction.atomic
def _remind(loan: UUID, at: datetime) -> int:
    row = Loan.objects.select_for_update(of=("self",)).get(id=loan)
    if row.ended_at is not None or row.reminded_at is not None:
        return 0
    row.reminded_at = at
    row.save(update_fields=["reminded_at"])
    item = LoanItem.objects.get(id=row.item_id)
    notices.send(
        address=Address("sms", row.mobile),
        locale="zh-hans",
        template="loan_due",
        values={
            "item": Words(item.name_zh, item.name_en),
            "place": network.get_place_by_id(row.place_id).name,
            "due": row.due_at,
        },
        at=at,
        dedupe=f"loan_due:{row.id}",
    )
    return 1
