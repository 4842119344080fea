"""A hall that takes appointments, for the tests of them: one group, published days, people who book."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models import F
from tests.visits.hall import Hall

from yichuang.core.clock import SHANGHAI, local_date
from yichuang.visits.commands.booking import (
    assign_helper,
    book,
    cancel_booking,
    join_waiting_list,
    publish_slots,
    set_booking_rules,
    set_group_plan,
)
from yichuang.visits.commands.home import answer_fingerprint, take_original
from yichuang.visits.models import Booking, Seat, Slot
from yichuang.visits.values import Booked, BookingKind, BookingRules, GroupPlan

ITEM = "yangquan-dengji"
PLAN = GroupPlan((2, 1, 2), (0, 0, 0), 15, home=1, video=1)


class BookedHall(Hall):
    """The hall of 李娜 with one group that has two windows: two places in a half hour (four, less forty of a hundred)."""

    @classmethod
    def open_to(cls, demo: Any, days: int = 10, plan: GroupPlan = PLAN) -> "BookedHall":
        hall = cls.of(demo)
        assert isinstance(hall, BookedHall)
        given = {"actor": hall.manager, "place": hall.place, "at": hall.at}
        set_booking_rules(**given, hall=BookingRules())
        set_group_plan(**given, group=hall.queues["A"], plan=plan)
        today = local_date(hall.at)
        publish_slots(**given, group=hall.queues["A"], first=today, last=today + timedelta(days=days))
        return hall

    @property
    def manager(self) -> Any:
        return self.demo.actor("mali")

    def slot(self, days: int = 1, hour: float = 10, kind: BookingKind = BookingKind.HALL) -> Slot:
        """The slot so many days from now at an hour of the hall's clock."""
        day = local_date(self.at) + timedelta(days=days)
        return Slot.objects.get(queue=self.queues["A"], kind=kind.value, starts_at=self.moment(day, hour))

    @staticmethod
    def moment(day: date, hour: float) -> datetime:
        return datetime.combine(day, time(int(hour), int(hour % 1 * 60)), SHANGHAI)

    def book(self, who: str = "zhangxiao", slot: Slot | None = None, **more: Any) -> Booked:
        actor = self.demo.actor(who)
        given = {"items": [ITEM], "key": uuid4().hex, "at": self.at, "person": actor.id, **more}
        return book(actor=actor, slot=(slot or self.slot()).id, **given)

    def cancel(self, booked: Booked, who: str = "zhangxiao") -> None:
        cancel_booking(actor=self.demo.actor(who), booking=booked.id, at=self.at)

    def cancel_first(self, slot: Slot) -> None:
        """Whoever booked the slot first gives it back."""
        row = Booking.objects.filter(slot=slot, state="BOOKED").order_by("made_at", "id").first()
        assert row is not None
        cancel_booking(actor=self.manager, booking=row.id, reason="本人来电", at=self.at)

    def state(self, booked: Any) -> str:
        return Booking.objects.get(id=booked.id).state


def counted(slot: UUID) -> tuple[int, int]:
    """(what the slot says is taken, what really is): open appointments, and places given back that are nobody's yet."""
    held = Booking.objects.filter(slot=slot).exclude(state__in=["CANCELLED"]).count()
    resting = Seat.objects.filter(slot=slot, state__in=["OFFERED", "RESTING"]).count()
    return Slot.objects.get(id=slot).booked, held + resting


def booked_by(demo: Any, person: UUID, mark: str) -> dict[str, UUID]:
    """In the demo's own hall, by its clerk: a home visit of this person, and a place on the list for a talk by video."""
    clerk = demo.actor("lina")
    day = local_date(demo.at) + timedelta(days=3)
    free = Slot.objects.filter(place=clerk.place, kind=BookingKind.HOME.value, day=day, booked__lt=F("capacity"))
    slot = free.order_by("starts_at")[0]
    given = {"actor": clerk, "items": [ITEM], "person": person, "at": demo.at}
    booked = book(**given, slot=slot.id, key=f"booked-{mark}", address="幸福路 1 号")
    entry = join_waiting_list(**given, place=clerk.place, kind=BookingKind.VIDEO, first=day, last=day)
    return {"booking": booked.id, "waits": entry, "group": slot.queue_id, "half_hour": slot.id}


def appointments(demo: Any) -> dict[str, str]:
    """张晓: one appointment of today, a home visit with somebody who comes, and a place that is kept for them."""
    zhang, clerk, manager = demo.actor("zhangxiao"), demo.actor("lina"), demo.actor("mali")
    day = local_date(demo.at) + timedelta(days=3)
    of_day = Slot.objects.filter(place=clerk.place, day=day).order_by("starts_at")
    home, video = (of_day.filter(kind=kind.value)[4] for kind in (BookingKind.HOME, BookingKind.VIDEO))
    today = Slot.objects.filter(place=clerk.place, kind=BookingKind.HALL.value, starts_at__gt=demo.at)
    given = {"items": [ITEM], "at": demo.at}
    now = book(actor=zhang, person=zhang.id, slot=today.order_by("starts_at")[0].id, key="today", **given)
    visit = book(actor=zhang, person=zhang.id, slot=home.id, key="home", address="幸福路 1 号 2 栋 301", **given)
    assign_helper(actor=manager, booking=visit.id, helper=clerk.id, at=demo.at)
    other = demo.actor("maimaiti")
    late = book(actor=other, person=other.id, slot=video.id, key="video", **given)
    listed = {"place": clerk.place, "kind": BookingKind.VIDEO, "first": day, "last": day}
    join_waiting_list(actor=zhang, person=zhang.id, **listed, **given)
    cancel_booking(actor=other, booking=late.id, at=demo.at)
    free = of_day.filter(kind=BookingKind.HOME.value)[6]
    rest = Slot.objects.filter(
        place=clerk.place, kind=BookingKind.HOME.value, day=local_date(demo.at), starts_at__gt=demo.at
    )
    goes = book(
        actor=other,
        person=other.id,
        slot=rest.order_by("starts_at")[0].id,
        key="goes",
        address="幸福路 9 号",
        items=["gaoling-jintie"],
        at=demo.at,
    )
    assign_helper(actor=manager, booking=goes.id, helper=clerk.id, at=demo.at)
    take_original(
        actor=clerk, booking=goes.id, name="户口簿原件（买买提·阿卜杜热西提一家）", pieces=1, key="o", at=demo.at
    )
    answer_fingerprint(actor=clerk, booking=goes.id, agreed=True, at=demo.at)
    names = {
        "booking_goes": goes.id,
        "booking_today": now.id,
        "booking_home": visit.id,
        "half_hour": free.id,
        "booked_day": day.isoformat(),
    }
    return {name: str(value) for name, value in names.items()}
