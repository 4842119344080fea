"""Tables of the review's own law: inspections on the spot (现场核查)."""

from django.db import models
from django.db.models import F, Q

from yichuang.core.fields import SealedText
from yichuang.core.ids import new_id


class Inspection(models.Model):
    """现场核查: who goes where and when (two inspectors), what they found, and who signed the record.

    One for each task of the process that asks for it. Recorded anew until the second inspector has signed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="inspections")
    task = models.UUIDField(unique=True)
    first = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    first_name = models.CharField(max_length=60)  # names of officials are public
    first_licence = models.CharField(max_length=30)  # 执法证号
    second = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    second_name = models.CharField(max_length=60)
    second_licence = models.CharField(max_length=30)
    planned_at = models.DateTimeField()
    place = SealedText(aad="cases_inspection.place")
    photos = models.JSONField(default=list)  # [{"id", "sha256"}] of uploads of the case
    held_at = models.DateTimeField(null=True, blank=True)
    findings = SealedText(aad="cases_inspection.findings", keep_empty=True, blank=True, default="")
    meets = models.BooleanField(null=True)
    present = SealedText(aad="cases_inspection.present", keep_empty=True, blank=True, default="")
    present_signed = models.CharField(max_length=10, blank=True)  # "signed", "refused", "absent"
    present_note = SealedText(aad="cases_inspection.present_note", keep_empty=True, blank=True, default="")
    first_signed_at = models.DateTimeField(null=True, blank=True)
    second_signed_at = models.DateTimeField(null=True, blank=True)
    document = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(first=F("second")), name="inspection_by_two"),
            models.CheckConstraint(
                condition=Q(held_at__isnull=True, meets__isnull=True, present_signed="")
                | Q(held_at__isnull=False, meets__isnull=False, present_signed__in=["signed", "refused", "absent"]),
                name="inspection_recorded_whole",
            ),
            models.CheckConstraint(
                condition=Q(held_at__isnull=False) | Q(first_signed_at__isnull=True, second_signed_at__isnull=True),
                name="inspection_signed_when_recorded",
            ),
            models.CheckConstraint(
                condition=Q(document__isnull=True) | Q(first_signed_at__isnull=False, second_signed_at__isnull=False),
                name="inspection_paper_when_both_signed",
            ),
        ]
