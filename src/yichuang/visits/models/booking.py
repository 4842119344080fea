"""Tables of appointments: a hall's plan, slots, bookings, places given back, the waiting list."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from yichuang.core.fields import SealedText
from yichuang.core.ids import new_id
from yichuang.visits.booking_states import COUNTS, BookingState
from yichuang.visits.models.hall import fk
from yichuang.visits.rules.booking import MOST_OPEN
from yichuang.visits.values.booking import BookingKind, SeatState, WaitingState

KINDS = [one.value for one in BookingKind]


class BookingHall(models.Model):
    """How a hall opens its appointments (预约规则): one row per place that does."""

    place = models.OneToOneField("network.Place", on_delete=models.PROTECT, primary_key=True, related_name="+")
    days_ahead = models.PositiveSmallIntegerField()
    release = models.TimeField()
    walk_in_percent = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(days_ahead__range=(7, 15)), name="visits_booking_days_ahead"),
            models.CheckConstraint(condition=Q(walk_in_percent__range=(20, 90)), name="visits_booking_walk_in"),
        ]


class BookingGroup(models.Model):
    """The plan of a group of items (a queue): windows by part of the day, minutes of a visit, visits by home and video."""

    queue = models.OneToOneField("visits.Queue", on_delete=models.PROTECT, primary_key=True, related_name="+")
    weekday = ArrayField(models.PositiveSmallIntegerField(), size=3)  # morning, noon, afternoon
    weekend = ArrayField(models.PositiveSmallIntegerField(), size=3)
    minutes = models.PositiveSmallIntegerField()
    home = models.PositiveSmallIntegerField(default=0)
    video = models.PositiveSmallIntegerField(default=0)


class Slot(models.Model):
    """A half hour of a group that can be booked. `booked` counts open appointments and places that were given back and are
    not yet anybody's: it never passes `capacity`, whoever presses at once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = fk("network.Place", db_index=False)
    queue = fk("visits.Queue", db_index=False)
    kind = models.CharField(max_length=5)
    day = models.DateField()
    starts_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()
    planned = models.PositiveSmallIntegerField()  # by the newest plan; below the capacity while more were sold before
    booked = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "kind", "starts_at"], name="visits_slot_once"),
            models.CheckConstraint(condition=Q(booked__lte=F("capacity")), name="visits_slot_never_oversold"),
            models.CheckConstraint(condition=Q(planned__lte=F("capacity")), name="visits_slot_planned"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="visits_slot_kind_known"),
        ]
        indexes = [models.Index(fields=["place", "day"], name="visits_slot_of_day")]


class Booker(models.Model):
    """A document (one person) as the limits see it: the row that is locked while it books. At most three are open."""

    person = models.OneToOneField("people.Party", on_delete=models.PROTECT, primary_key=True, related_name="+")
    open = models.PositiveSmallIntegerField(default=0)
    paused_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(open__lte=MOST_OPEN), name="visits_three_bookings_open")]


class Booking(models.Model):
    """An appointment (预约) of one document."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=10, unique=True)
    slot = fk("visits.Slot")
    place = fk("network.Place", db_index=False)
    day = models.DateField()
    booker = fk("visits.Booker", db_index=False)
    item = models.CharField(max_length=60)  # the first of `items`
    items = ArrayField(models.CharField(max_length=60))
    address = SealedText(aad="visits_booking.address", keep_empty=True, blank=True, default="")  # 上门办: where to
    made_by = fk("people.Party", null=True, blank=True)  # who booked for another; null: the person, or staff
    staff = fk("people.Staff", null=True, blank=True)
    helper = fk("people.Staff", null=True, blank=True)
    helper_name = models.CharField(max_length=60, blank=True, default="")  # names of officials are public
    channel = models.CharField(max_length=20)
    key = models.CharField(max_length=160, unique=True)  # who pressed, and which press
    state = models.CharField(max_length=10, default=BookingState.BOOKED.value)
    reminded = models.PositiveSmallIntegerField(default=0)  # 1: the day before, 2: in the morning
    sequence = models.PositiveSmallIntegerField(default=0)
    ticket = models.OneToOneField("visits.Ticket", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = SealedText(aad="visits_booking.reason", keep_empty=True, blank=True, default="")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in BookingState]), name="visits_booking_state_known"
            ),
            models.UniqueConstraint(
                fields=["booker", "day", "item"],
                condition=Q(state__in=sorted(state.value for state in COUNTS)),
                name="visits_document_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["booker", "slot"],
                condition=Q(state=BookingState.BOOKED.value),
                name="visits_document_once_a_slot",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "day"], name="visits_booking_of_day"),
            models.Index(fields=["booker", "-day"], name="visits_booking_of_person"),
            models.Index(
                fields=["day"], condition=Q(state=BookingState.BOOKED.value), name="visits_booking_still_open"
            ),
        ]


class Waiting(models.Model):
    """An entry of the waiting list (候补): for a slot within its days, or one before the appointment that it has."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = fk("network.Place")
    queue = fk("visits.Queue")
    kind = models.CharField(max_length=5)
    booker = fk("visits.Booker")
    booking = fk("visits.Booking", null=True, blank=True)  # that an earlier slot would replace
    items = ArrayField(models.CharField(max_length=60))
    address = SealedText(aad="visits_waiting.address", keep_empty=True, blank=True, default="")
    made_by = fk("people.Party", null=True, blank=True)
    first = models.DateField()
    last = models.DateField()
    state = models.CharField(max_length=10, default=WaitingState.WAITING.value)
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in WaitingState]), name="visits_waiting_state_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="visits_waiting_kind_known"),
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="visits_waiting_days"),
        ]
        indexes = [
            models.Index(
                fields=["queue", "kind", "joined_at", "id"],
                condition=Q(state=WaitingState.WAITING.value),
                name="visits_waiting_first",
            ),
        ]


class Seat(models.Model):
    """A place that was given back (退回的名额). While it is offered or rests the slot still counts it as booked, so that
    nobody else can take it and it is never given twice."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slot = fk("visits.Slot")
    state = models.CharField(max_length=8)
    waiting = fk("visits.Waiting", null=True, blank=True)
    until = models.DateTimeField()  # of the offer, or of the rest
    freed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in SeatState]), name="visits_seat_state_known"
            ),
            models.UniqueConstraint(
                fields=["waiting"],
                condition=Q(state=SeatState.OFFERED.value),
                name="visits_one_offer_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=SeatState.OFFERED.value) | Q(waiting__isnull=False),
                name="visits_offered_to_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["until"],
                condition=Q(state__in=[SeatState.OFFERED.value, SeatState.RESTING.value]),
                name="visits_seat_due",
            ),
        ]
