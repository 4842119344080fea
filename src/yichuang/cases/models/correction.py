"""更正: a clerical error, both values, who asked, who mended it (docs/adr/0009-turns.md); part of `cases.models`."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from yichuang.cases.turns import CorrectionState
from yichuang.core.fields import SealedJson, SealedText
from yichuang.core.ids import new_id


def _fk(to: str) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name="+", null=True, blank=True)


class Correction(models.Model):
    """One request, of one or more values; at most one of a case is open. What it says is sealed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="corrections")
    state = models.CharField(max_length=10, default=CorrectionState.ASKED.value)
    # [{target, label: [zh, en], old, new, said: [old, new in words], personal}]
    lines = SealedJson(aad="cases_correction.lines")
    reason = SealedText(aad="cases_correction.reason")
    asked_at = models.DateTimeField()
    asked_by_party = _fk("people.Party")
    asked_by_staff = _fk("people.Staff")
    asked_name = SealedText(aad="cases_correction.asked_name")
    on_the_spot = models.BooleanField(default=False)  # 当场更正: before acceptance, by who checks the filing
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = _fk("people.Staff")
    decided_name = models.CharField(max_length=60, blank=True)  # as the ledger names them; a staff name is public
    note = SealedText(aad="cases_correction.note", keep_empty=True, blank=True, default="")
    document = models.UUIDField(null=True, blank=True)
    replaced = models.UUIDField(null=True, blank=True)  # the certificate that said it wrongly
    certificate = models.UUIDField(null=True, blank=True)  # the one that took its place

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in CorrectionState]), name="correction_state_known"
            ),
            models.CheckConstraint(
                condition=Q(asked_by_party__isnull=True) ^ Q(asked_by_staff__isnull=True),
                name="correction_asked_by_one",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "withdrawn"], decided_at__isnull=True)
                | Q(state__in=["made", "declined"], decided_at__isnull=False, decided_by__isnull=False),
                name="correction_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="made", document__isnull=False) | (~Q(state="made") & Q(document__isnull=True)),
                name="correction_made_with_a_paper",
            ),
            models.CheckConstraint(
                condition=~Q(state="made")
                | Q(on_the_spot=True)
                | Q(asked_by_staff__isnull=True)
                | ~Q(asked_by_staff=F("decided_by")),
                name="correction_approved_by_another",
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(state="asked"), name="correction_one_open"),
        ]
        indexes = [models.Index(fields=["asked_at", "id"], condition=Q(state="asked"), name="correction_open")]
