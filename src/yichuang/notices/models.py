"""Tables of notices: messages and what became of them, both append-only by trigger; address and text are sealed."""

from django.db import models
from django.db.models import Q

from yichuang.core.fields import SealedText
from yichuang.core.ids import new_id


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
    dedupe = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001  (NULLs may repeat, texts may not)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=["email", "inbox", "sms"]), name="notices_message_kind"),
            models.CheckConstraint(
                condition=~Q(kind="inbox") | Q(party__isnull=False), name="notices_message_inbox_of_somebody"
            ),
        )
        indexes = (
            models.Index(fields=("party", "-created_at", "-id"), name="notices_inbox"),
            models.Index(fields=("-created_at", "-id"), name="notices_outbox"),
        )

    def __str__(self) -> str:
        return f"{self.template} {self.id}"


class Delivery(models.Model):
    """One try to hand a message to the world: at most one of them succeeds."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    sent = models.BooleanField()
    reference = models.CharField(max_length=100)  # the sender's receipt, or the kind of failure
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("message",), condition=Q(sent=True), name="notices_delivery_sent_once"),
        )

    def __str__(self) -> str:
        return f"{self.message_id} {'sent' if self.sent else 'failed'}"
