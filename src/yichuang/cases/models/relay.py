"""接力码: a short code by which a draft goes on elsewhere, and who did which step with it; part of `cases.models`."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from yichuang.core.ids import new_id


def _fk(to: str, *, null: bool = False) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name="+", null=null, blank=null)


class Relay(models.Model):
    """One code for one draft. `draft` is an id only: the draft goes when it is filed, or thrown away."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code_index = models.CharField(max_length=64)  # keyed: the digits themselves are kept nowhere
    draft = models.UUIDField()
    owner = _fk("people.Party")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    misses = models.PositiveSmallIntegerField(default=0)  # wrong second items
    opened_by = _fk("people.Staff", null=True)  # who has it at a window now
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code_index"], condition=Q(ended_at=None), name="relay_code_open_once"),
            models.UniqueConstraint(fields=["draft"], condition=Q(ended_at=None), name="relay_of_a_draft_open_once"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="relay_ends_later"),
            models.CheckConstraint(condition=Q(misses__lte=5), name="relay_five_tries"),
            models.CheckConstraint(
                condition=Q(opened_by=None, opened_at=None) | Q(opened_by__isnull=False, opened_at__isnull=False),
                name="relay_opened_whole",
            ),
        ]


class RelayStep(models.Model):
    """What was done with a draft where, by whom: its owner reads it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draft = models.UUIDField()
    what = models.CharField(max_length=10)
    channel = models.CharField(max_length=20)
    place = _fk("network.Place", null=True)
    staff_name = models.CharField(max_length=60, blank=True, default="")  # names of officials are public
    window = models.CharField(max_length=8, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["draft", "at"], name="relay_steps_of_draft")]
