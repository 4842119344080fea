"""督办: what was called late or urgent; part of `cases.models`."""

from django.db import models
from django.db.models import Q

from yichuang.cases.values import Limit, Step
from yichuang.core.fields import SealedText
from yichuang.core.ids import new_id

STEPS = [step.value for step in Step]
LIMITS = [limit.value for limit in Limit]


class Escalation(models.Model):
    """督办: a running limit that turned red or passed, once for each due instant; or a supervisor's words to the holder."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="escalations", db_index=False)
    step = models.CharField(max_length=20)
    limit = models.CharField(max_length=20, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()
    note = SealedText(aad="cases_escalation.note", blank=True, default="")
    by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    by_name = models.CharField(max_length=60, blank=True)  # as the ledger names them; a staff name is public

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "step", "limit", "due_at"], condition=~Q(step="order"), name="escalated_once"
            ),
            models.CheckConstraint(
                condition=Q(step="order", by__isnull=False, due_at__isnull=True, limit="")
                | Q(step__in=["due_soon", "overdue"], by__isnull=True, due_at__isnull=False, limit__in=LIMITS),
                name="escalation_whole",
            ),
            models.CheckConstraint(condition=Q(step__in=STEPS), name="escalation_step_known"),
        ]
        indexes = [models.Index(fields=["case", "at"], name="escalation_of_case")]
