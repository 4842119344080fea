"""The table of what an organ does to a certificate after the case (办结之后); part of `models`."""

from typing import Any

from django.db import models
from django.db.models import Q

from yichuang.cases.aftermath import GROUNDS, OPEN_STAGES, EndAct, Stage
from yichuang.core.fields import SealedText
from yichuang.core.ids import new_id

RUNNING_STAGES = sorted(stage.value for stage in OPEN_STAGES)
GROUND_KEYS = sorted(GROUNDS)
REVOKED = Q(act=EndAct.REVOKE.value, stage=Stage.ENDED.value)  # 撤销: it should not have been granted


def _fk(to: str, *, null: bool = False) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name="+", null=null, blank=null)


def _words(name: str) -> Any:
    return SealedText(aad=f"cases_proceeding.{name}", keep_empty=True, blank=True, default="")


class Proceeding(models.Model):
    """One proceeding to end a certificate: on which ground, what the holder said, how it was decided."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    certificate = _fk("registry.Certificate")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="proceedings")  # that brought it
    version = models.PositiveIntegerField(default=1)
    act = models.CharField(max_length=10)
    ground = models.CharField(max_length=20)
    stage = models.CharField(max_length=10)
    facts = _words("facts")
    basis = models.JSONField(default=list)  # the law as cited
    notice_number = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField()
    opened_by = _fk("people.Staff", null=True)
    opened_name = models.CharField(max_length=60, blank=True)  # as the ledger names them; a staff name is public
    answer_until = models.DateField(null=True, blank=True)
    statement = _words("statement")
    stated_at = models.DateTimeField(null=True, blank=True)
    wants_hearing = models.BooleanField(default=False)
    hearing_on = models.DateField(null=True, blank=True)
    hearing_place = models.CharField(max_length=200, blank=True)
    hearing_chair = models.CharField(max_length=60, blank=True)
    hearing_record = _words("hearing_record")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = _fk("people.Staff", null=True)
    decided_name = models.CharField(max_length=60, blank=True)
    reasons = _words("reasons")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"], condition=Q(stage__in=RUNNING_STAGES), name="one_running_proceeding"
            ),
            models.CheckConstraint(condition=Q(act__in=[act.value for act in EndAct]), name="proceeding_act_known"),
            models.CheckConstraint(condition=Q(stage__in=[s.value for s in Stage]), name="proceeding_stage_known"),
            models.CheckConstraint(
                condition=~Q(stage="ended") | (Q(decided_at__isnull=False) & ~Q(opened_by=models.F("decided_by"))),
                name="proceeding_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=["told", "hearing"]) | Q(answer_until__isnull=False),
                name="proceeding_told_has_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["stage", "opened_at"], name="proceeding_of_stage"),
            models.Index(fields=["decided_at"], condition=REVOKED, name="proceeding_revoked"),
        ]
