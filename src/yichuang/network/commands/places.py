"""Places (网点), their windows and their special days."""

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound, Reason, refuse_all
from yichuang.core.words import W, Words
from yichuang.network.models import Department, OpeningException, OpeningHours, Place, Window, WindowItem
from yichuang.network.permissions import check_can_change_network, check_can_keep_place
from yichuang.network.rules import judge_place, judge_special_day, judge_window, makes_circle
from yichuang.network.values import PlaceData, Span, WindowKind

PLACE = W("网点", "place")


def _parent_faults(place: PlaceData, known: dict[str, Place]) -> list[Reason]:
    if place.parent is None:
        return []
    if place.parent not in known:
        words = W("上级网点 {code} 不存在", "There is no place {code} to stand below")
        return [Reason("PARENT_UNKNOWN", words.format(code=place.parent), "/parent")]
    own = known.get(place.code)
    parents = {row.id: row.parent_id for row in known.values()}
    if own is not None and makes_circle(own.id, known[place.parent].id, parents):
        words = W("上级网点不能是本网点或其下级", "A place cannot stand below itself or a place under it")
        return [Reason("CIRCLE", words, "/parent")]
    return []


@transaction.atomic
def save_place(*, actor: Actor, place: PlaceData, at: datetime) -> UUID:
    """Create the place with this code, or change it to what is given; its id.

    Refused with every reason: malformed codes, missing names, an unknown place above, a circle, hours the wrong way.
    """
    check_can_change_network(actor)
    # All rows are locked, in one order: two moves at once could close a circle that neither sees alone.
    known = {row.code: row for row in Place.objects.select_for_update(of=("self",)).order_by("code")}
    refuse_all(judge_place(place) + _parent_faults(place, known))
    row = known.get(place.code)
    created = row is None
    row = row or Place(code=place.code)
    row.parent = known[place.parent] if place.parent else None
    row.kind = place.kind.value
    row.name_zh, row.name_en = place.name.zh, place.name.en
    row.address_zh, row.address_en = place.address.zh, place.address.en
    row.phone, row.region_code = place.phone, place.region_code
    row.street_code, row.community_code = place.street_code, place.community_code
    row.takes_filings, row.always_open = place.takes_filings, place.always_open
    row.active, row.demo = place.active, place.demo
    row.save()
    OpeningHours.objects.filter(place=row).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(place=row, weekday=weekday, opens=span.opens, closes=span.closes)
        for weekday, spans in enumerate(place.week)
        for span in spans
    )
    ledger.append(
        act="network.place_created" if created else "network.place_changed",
        actor=actor,
        at=at,
        subject=ledger.Subject("place", row.id),
        detail={"code": row.code, "kind": row.kind, "parent": place.parent, "active": row.active},
    )
    return row.id


def lock_place(place: UUID) -> Place:
    """The place, locked: its hours and windows change one after the other. Raises NotFound."""
    row = Place.objects.select_for_update(of=("self",)).filter(pk=place).first()
    if row is None:
        raise NotFound(PLACE)
    return row


@transaction.atomic
def set_special_day(
    *, actor: Actor, place: UUID, day: date, spans: Sequence[Span], reason: Words, at: datetime
) -> None:
    """Other hours on one date: no spans = closed (临时闭厅), more of them = extended (延时办理)."""
    check_can_keep_place(actor, place)
    row = lock_place(place)
    refuse_all(judge_special_day(spans, reason))
    OpeningException.objects.filter(place=row, day=day).delete()
    hours: list[tuple[time | None, time | None]] = [(span.opens, span.closes) for span in spans]
    OpeningException.objects.bulk_create(
        OpeningException(
            place=row, day=day, opens=opens, closes=closes, reason_zh=reason.zh.strip(), reason_en=reason.en.strip()
        )
        for opens, closes in hours or [(None, None)]
    )
    ledger.append(
        act="network.special_day_set",
        actor=actor,
        at=at,
        subject=ledger.Subject("place", row.id),
        detail={"day": day.isoformat(), "closed": not spans},
    )


@transaction.atomic
def clear_special_day(*, actor: Actor, place: UUID, day: date, at: datetime) -> None:
    """Back to the ordinary hours on a date; nothing happens when there was no special day."""
    check_can_keep_place(actor, place)
    row = lock_place(place)
    deleted, _ = OpeningException.objects.filter(place=row, day=day).delete()
    if deleted:
        ledger.append(
            act="network.special_day_cleared",
            actor=actor,
            at=at,
            subject=ledger.Subject("place", row.id),
            detail={"day": day.isoformat()},
        )


@transaction.atomic
def save_window(
    *,
    actor: Actor,
    place: UUID,
    number: str,
    kind: WindowKind,
    name: Words,
    at: datetime,
    departments: Sequence[str] = (),
    items: Sequence[str] = (),
    active: bool = True,
) -> UUID:
    """Create or change the window with this number. A 专窗 names departments or items; the other kinds name none."""
    check_can_keep_place(actor, place)
    hall = lock_place(place)
    known = dict(Department.objects.order_by("code").values_list("code", "id"))
    refuse_all(judge_window(number, kind, name, departments, items, known))
    row, created = Window.objects.update_or_create(
        place=hall,
        number=number,
        defaults={"kind": kind.value, "name_zh": name.zh, "name_en": name.en, "active": active},
    )
    WindowItem.objects.filter(window=row).delete()
    WindowItem.objects.bulk_create(
        [
            *(WindowItem(window=row, department_id=known[code]) for code in sorted(set(departments))),
            *(WindowItem(window=row, item_code=code) for code in sorted(set(items))),
        ]
    )
    ledger.append(
        act="network.window_opened" if created else "network.window_changed",
        actor=actor,
        at=at,
        subject=ledger.Subject("place", hall.id),
        detail={"window": number, "kind": kind.value, "active": active, "takes": ",".join([*departments, *items])},
    )
    return row.id
