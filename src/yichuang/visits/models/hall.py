"""Tables of the hall: queues, tickets, desks, and the order of calls."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yichuang.core.fields import SealedText
from yichuang.core.ids import new_id
from yichuang.visits.states import AT_A_DESK, ENDS, MOST_RETURNS, TicketState
from yichuang.visits.values import Outcome, Source, TicketClass

HERE = [state.value for state in TicketState if state not in ENDS]
PRESENT = [state.value for state in TicketState if state in AT_A_DESK]


def fk(to: str, **options: Any) -> Any:
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name="+", **options)


class Queue(models.Model):
    """A queue (排队队列) of a hall: its letter, what it is for, how long people should wait at most, who serves it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = fk("network.Place", db_index=False)
    letter = models.CharField(max_length=1)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100)
    aim_minutes = models.PositiveSmallIntegerField(default=15)
    by_item = models.BooleanField(default=True)  # found by what somebody comes for; else only by its name (出件, 咨询)
    items = ArrayField(models.CharField(max_length=60), default=list, blank=True)  # [] and no departments: every item
    departments = ArrayField(models.CharField(max_length=20), default=list, blank=True)  # codes
    priority_only = models.BooleanField(default=False)  # 绿色通道: staff give its numbers, each with the category
    windows = ArrayField(models.UUIDField(), default=list, blank=True)  # where it may be served
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "letter"], name="visits_queue_letter_once"),
            models.CheckConstraint(condition=Q(letter__regex=r"^[A-Z]$"), name="visits_queue_letter"),
            models.CheckConstraint(condition=Q(aim_minutes__gte=1), name="visits_queue_aim"),
        ]


class HallDay(models.Model):
    """One hall on one day: the row that is locked where the order of a hall is made (docs/adr/0029)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = fk("network.Place", db_index=False)
    day = models.DateField()
    calls = models.PositiveIntegerField(default=0)
    keeper = fk(
        "devices.Device", null=True, blank=True
    )  # the hall node to which the day is lent; None: the centre keeps it
    back_asked_at = models.DateTimeField(null=True, blank=True)  # the centre wants it back
    taken_back_at = models.DateTimeField(null=True, blank=True)  # it took it back without the node: not lent again
    until_last_at = models.DateTimeField(null=True, blank=True)  # since when everybody who has a number is served today

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "day"], name="visits_hall_day_once")]


class LineDay(models.Model):
    """What a queue remembers of the calls of a day (`rules.calling.called`); changed under the lock of the hall's day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    queue = fk("visits.Queue", db_index=False)
    day = models.DateField()
    since_priority = models.PositiveIntegerField(default=9)
    booked_in_row = models.PositiveIntegerField(default=0)
    since_booked = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "day"], name="visits_line_day_once")]


class Desk(models.Model):
    """One member of staff at one window, from opening to closing (开窗)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = fk("network.Place")
    window = fk("network.Window")
    window_number = models.CharField(max_length=8)
    staff = fk("people.Staff")
    staff_name = models.CharField(max_length=60)  # names of officials are public
    queues = ArrayField(models.UUIDField())
    opened_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["window"], condition=Q(closed_at=None), name="visits_one_desk_at_a_window"),
            models.UniqueConstraint(fields=["staff"], condition=Q(closed_at=None), name="visits_one_desk_of_a_clerk"),
        ]
        indexes = [models.Index(fields=["place"], condition=Q(closed_at=None), name="visits_open_desks")]


class Ticket(models.Model):
    """A number (号票) of one day. `order_at`: since when it counts as waiting; nothing else puts one before another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = fk("network.Place", db_index=False)
    day = models.DateField()
    number = models.CharField(max_length=6)
    queue = fk("visits.Queue")
    of = models.CharField(max_length=10, default=TicketClass.ORDINARY.value)
    reason = SealedText(
        aad="visits_ticket.reason", keep_empty=True, blank=True, default=""
    )  # 优先的类别: a word of a list
    items = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    source = models.CharField(max_length=10)
    person = fk("people.Party", null=True, blank=True)
    companions = models.PositiveSmallIntegerField(default=0)
    key = models.CharField(max_length=80)  # of who took it: pressed twice it is the same ticket
    token_hash = models.CharField(max_length=64)  # of the address on the paper: my ticket
    state = models.CharField(max_length=10, default=TicketState.WAITING.value)
    taken_at = models.DateTimeField()
    order_at = models.DateTimeField()
    said_least = models.PositiveSmallIntegerField(null=True, blank=True)  # minutes that were told when it was taken
    said_likely = models.PositiveSmallIntegerField(null=True, blank=True)
    said_most = models.PositiveSmallIntegerField(null=True, blank=True)
    said_learned = models.BooleanField(default=False)  # from the hall's own history
    seen_desks = models.PositiveSmallIntegerField(null=True, blank=True)  # that called from the queue then
    seen_taken = models.PositiveSmallIntegerField(null=True, blank=True)  # those of them that had somebody
    desk = fk("visits.Desk", null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)  # the last time
    calls = models.PositiveSmallIntegerField(default=0)
    returns = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, blank=True, default="")
    encounter = fk("cases.Encounter", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "day", "number"], name="visits_ticket_number_once"),
            models.UniqueConstraint(fields=["place", "key"], name="visits_ticket_key_once"),
            models.UniqueConstraint(fields=["token_hash"], name="visits_ticket_token_once"),
            models.UniqueConstraint(
                fields=["desk"],
                condition=Q(state__in=PRESENT),
                name="visits_one_ticket_at_a_desk",
            ),
            models.UniqueConstraint(
                fields=["place", "day", "person"],
                condition=Q(state__in=HERE, source=Source.PHONE.value),
                name="visits_one_phone_ticket_of_a_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in TicketState]), name="visits_ticket_state_known"
            ),
            models.CheckConstraint(
                condition=Q(of__in=[one.value for one in TicketClass]), name="visits_ticket_class_known"
            ),
            models.CheckConstraint(
                condition=Q(source__in=[one.value for one in Source]), name="visits_ticket_source_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *(one.value for one in Outcome)]), name="visits_ticket_outcome_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=PRESENT) | Q(desk__isnull=False),
                name="visits_called_to_a_desk",
            ),
            models.CheckConstraint(condition=Q(returns__lte=MOST_RETURNS), name="visits_ticket_returns_once"),
        ]
        indexes = [
            # the heads of a queue, class by class
            models.Index(
                fields=["queue", "day", "of", "order_at", "id"],
                condition=Q(state=TicketState.WAITING.value),
                name="visits_ticket_waits",
            ),
            models.Index(fields=["place", "day", "state"], name="visits_ticket_of_day"),
            models.Index(fields=["queue", "-ended_at"], condition=Q(outcome__gt=""), name="visits_ticket_served"),
        ]


class Call(models.Model):
    """The order of a hall's day (叫号记录): append-only, numbered without gaps under the lock of the hall's day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = fk("network.Place", db_index=False)
    day = models.DateField()
    seq = models.PositiveIntegerField()
    ticket = fk("visits.Ticket")
    queue = fk("visits.Queue")
    number = models.CharField(max_length=6)
    of = models.CharField(max_length=10)
    move = models.CharField(max_length=12)
    rule = models.CharField(max_length=12, blank=True, default="")
    window = models.CharField(max_length=8, blank=True, default="")
    staff = fk("people.Staff", null=True, blank=True)
    kept_from = ArrayField(models.CharField(max_length=60), default=list)  # items that waited, not for this window: X13
    helped = models.BooleanField(default=False)  # nobody on duty was qualified: with the duty specialist
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "day", "seq"], name="visits_call_order")]
