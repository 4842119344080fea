"""Tables of notices: messages and what became of them, both append-only by trigger; address and text are sealed."""

from django.db import models
from django.db.models import Q

from yichuang.core.fields import SealedText
from yichuang.core.ids import new_id
from yichuang.notices.values import Outcome, Try


class Message(models.Model):
    """A message as it was written (消息), never changed. Whether it went out is told by its deliveries."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=5)
    to = SealedText(aad="notices_message.to")
    party = models.UUIDField(null=True)  # a people.Party; no foreign key, because this room knows nobody
    locale = models.CharField(max_length=10)
    template = models.CharField(max_length=40)
    title = SealedText(aad="notices_message.title")
    body = SealedText(aad="notices_message.body")
    secret = models.BooleanField()
    # One of its kind by a constraint: a `unique` column has an index for LIKE too. NULLs may repeat, texts may not.
    dedupe = models.CharField(max_length=200, null=True)  # noqa: DJ001  (see above)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=["email", "inbox", "sms"]), name="notices_message_kind"),
            models.CheckConstraint(
                condition=~Q(kind="inbox") | Q(party__isnull=False), name="notices_message_inbox_of_somebody"
            ),
            models.UniqueConstraint(fields=["dedupe"], name="notices_message_once"),
        )
        indexes = (
            models.Index(fields=("party", "-created_at", "-id"), name="notices_inbox"),
            models.Index(fields=("-created_at", "-id"), name="notices_outbox"),
        )

    def __str__(self) -> str:
        return f"{self.template} {self.id}"


class Delivery(models.Model):
    """One step of handing a message to the world, written before and after it: at most one of them is `sent`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    sent = models.BooleanField()
    reference = models.CharField(max_length=100)  # the sender's receipt, or the kind of failure
    sender = models.CharField(max_length=40, default="")
    outcome = models.CharField(max_length=8, default="")  # values.Outcome; "" in rows of the first slice: see `sent`
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("message",), condition=Q(sent=True), name="notices_delivery_sent_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *sorted(outcome.value for outcome in Outcome)]),
                name="notices_delivery_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(sent=True, outcome="sent") | (Q(sent=False) & ~Q(outcome="sent")),
                name="notices_delivery_sent_is_sent",
            ),
        )
        indexes = (
            models.Index(fields=("-at",), condition=Q(outcome="parked"), name="notices_parked"),
            models.Index(fields=("-at",), condition=Q(sent=True), name="notices_handed_over"),
        )

    def __str__(self) -> str:
        return f"{self.message_id} {self.outcome}"

    def as_try(self) -> Try:
        """The step as the rules read it."""
        outcome = Outcome(self.outcome) if self.outcome else Outcome.SENT if self.sent else Outcome.LATER
        return Try(self.sender, outcome)


class ReceiptRow(models.Model):
    """What a provider reported of a message (回执); the same report twice is one row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="receipts")
    sender = models.CharField(max_length=40)
    state = models.CharField(max_length=11)
    code = models.CharField(max_length=40, default="")
    at = models.DateTimeField()  # as the provider says
    received_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("message", "sender", "state"), name="notices_receipt_once"),
            models.CheckConstraint(condition=Q(state__in=["delivered", "undelivered"]), name="notices_receipt_state"),
        )
        indexes = (
            models.Index(fields=("-received_at",), condition=Q(state="undelivered"), name="notices_undelivered"),
        )

    def __str__(self) -> str:
        return f"{self.message_id} {self.state}"
