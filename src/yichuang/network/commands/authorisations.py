"""委托受理: a department lets a place's clerks receive in its name, and ends that."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.events import publish
from yichuang.core.refusals import NotFound, Reason, refuse_all
from yichuang.core.said import day_said
from yichuang.core.words import W
from yichuang.network.commands.departments import closed_reasons
from yichuang.network.events import AuthorisationEnded
from yichuang.network.models import Authorisation, Department, ItemAssignment, Place
from yichuang.network.permissions import check_can_authorise

AUTHORISATION = W("授权", "authorisation")


def _faults(place: Place, valid_from: date, valid_to: date | None, seal_name: str) -> list[Reason]:
    reasons = []
    if not (place.active and place.takes_filings):
        words = W("该网点不受理申请，不能授权", "This place does not take filings and cannot be authorised")
        reasons.append(Reason("PLACE_TAKES_NO_FILINGS", words, "/place"))
    if valid_to is not None and valid_to < valid_from:
        words = W("截止日期早于开始日期", "The last day lies before the first")
        reasons.append(Reason("ENDS_BEFORE_START", words, "/valid_to"))
    if not seal_name.strip():
        words = W("请写明受理专用章名称", "Please name the seal for receiving")
        reasons.append(Reason("SEAL_MISSING", words, "/seal_name"))
    return reasons


def _overlaps(
    department: Department, place: Place, items: Collection[str], valid_from: date, valid_to: date | None
) -> list[Reason]:
    rows = Authorisation.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from), department=department, place=place, item_code__in=items
    ).order_by("item_code", "valid_from")
    if valid_to is not None:
        rows = rows.filter(valid_from__lte=valid_to)
    words = W(
        "{item}在 {start} 起已有授权，请先终止原授权",
        "{item} is already authorised from {start}; please end that authorisation first",
    )
    return [
        Reason(
            "AUTHORISATION_OVERLAPS",
            words.format(item=row.item_code or W("全部事项", "Every item"), start=row.valid_from.isoformat()),
            "/items",
        )
        for row in rows
    ]


def _foreign(department: Department, items: Collection[str]) -> list[Reason]:
    words = W("事项 {item} 不由该部门办理", "Item {item} is not handled by this department")
    others = ItemAssignment.objects.filter(item_code__in=items).exclude(department=department).order_by("item_code")
    return [Reason("ITEM_OF_ANOTHER_DEPARTMENT", words.format(item=row.item_code), "/items") for row in others]


@transaction.atomic
def grant_authorisation(
    *,
    actor: Actor,
    department: UUID,
    place: UUID,
    valid_from: date,
    valid_to: date | None,
    seal_name: str,
    at: datetime,
    items: Collection[str] = (),
    number: str = "",
) -> tuple[UUID, ...]:
    """Let the place receive the items (none named = all) in the department's name; the new rows' ids.

    `valid_to` is the last day, None = until ended. Refused with every reason: overlapping papers, items of another
    department, a place without clerks, dates the wrong way round, no seal.
    """
    check_can_authorise(actor, department, place)
    # The department's row serialises grants, so that the overlap check and the write see the same rows.
    organ = Department.objects.select_for_update(of=("self",)).filter(pk=department).first()
    hall = Place.objects.filter(pk=place).first()
    if organ is None or hall is None:
        raise NotFound(W("部门或网点", "department or place"))
    codes = sorted(set(items)) or [""]
    refuse_all(closed_reasons(organ))
    refuse_all(
        _faults(hall, valid_from, valid_to, seal_name)
        + _foreign(organ, codes)
        + _overlaps(organ, hall, codes, valid_from, valid_to)
    )
    rows = Authorisation.objects.bulk_create(
        Authorisation(
            department=organ,
            place=hall,
            item_code=code,
            valid_from=valid_from,
            valid_to=valid_to,
            seal_name=seal_name.strip(),
            number=number.strip(),
        )
        for code in codes
    )
    for row in rows:
        ledger.append(
            act="network.authorisation_granted",
            actor=actor,
            at=at,
            subject=ledger.Subject("authorisation", row.id),
            detail={
                "department": organ.code,
                "place": hall.code,
                "item": row.item_code or "*",
                "valid_from": valid_from.isoformat(),
                "valid_to": valid_to.isoformat() if valid_to else None,
            },
        )
    return tuple(row.id for row in rows)


@transaction.atomic
def end_authorisation(*, actor: Actor, authorisation: UUID, last_day: date, at: datetime) -> None:
    """End an authorisation after `last_day`, today or later: what was received before stays lawfully received."""
    row = Authorisation.objects.select_for_update(of=("self",)).filter(pk=authorisation).first()
    if row is None:
        raise NotFound(AUTHORISATION)
    check_can_authorise(actor, row.department_id, row.place_id)
    refuse_all(_end_faults(row, last_day, local_date(at)))
    row.valid_to = last_day
    row.save(update_fields=["valid_to"])
    ledger.append(
        act="network.authorisation_ended",
        actor=actor,
        at=at,
        subject=ledger.Subject("authorisation", row.id),
        detail={"last_day": last_day.isoformat()},
    )
    publish(
        AuthorisationEnded(
            authorisation=row.id, department=row.department_id, place=row.place_id, last_day=last_day, at=at
        )
    )


def _end_faults(row: Authorisation, last_day: date, today: date) -> list[Reason]:
    reasons = []
    if row.valid_to is not None and row.valid_to <= last_day:
        words = W("授权在 {day} 已经终止", "The authorisation already ends on {day}")
        reasons.append(Reason("ALREADY_ENDED", words.format(day=day_said(row.valid_to)), "/last_day"))
    if last_day < today:
        words = W("不能追溯终止：最早为今天", "It cannot end in the past: today is the earliest day")
        reasons.append(Reason("ENDS_IN_THE_PAST", words, "/last_day"))
    if last_day < row.valid_from:
        words = W("授权尚未开始，最早可于 {day} 终止", "It has not begun; it can end on {day} at the earliest")
        reasons.append(Reason("ENDS_BEFORE_START", words.format(day=day_said(row.valid_from)), "/last_day"))
    return reasons
