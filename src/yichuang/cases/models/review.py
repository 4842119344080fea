"""Tables of the review's own law: inspections (现场核查), interested parties and hearings (听证), asking for an extension."""

from django.db import models
from django.db.models import F, Q

from yichuang.core.fields import SealedJson, SealedText
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


class Hearing(models.Model):
    """利害关系人告知与听证: who was told what, what they said, whether a hearing was asked for, called and held.

    One at a time for a case. `parties` are [{"name", "contact"}] beside the applicant, who is always told.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="hearings")
    stage = models.CharField(max_length=10)
    matter = SealedText(aad="cases_hearing.matter")
    parties = SealedJson(aad="cases_hearing.parties")
    told_at = models.DateTimeField()
    answer_until = models.DateField()
    statements = SealedJson(aad="cases_hearing.statements")  # [{"who", "words", "on"}]
    asked_on = models.DateField(null=True, blank=True)
    held_on = models.DateField(null=True, blank=True)  # the day for which it is called, then on which it was held
    place = models.CharField(max_length=200, blank=True)
    chair = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    chair_name = models.CharField(max_length=60, blank=True)
    present = SealedText(aad="cases_hearing.present", keep_empty=True, blank=True, default="")
    record = SealedText(aad="cases_hearing.record", keep_empty=True, blank=True, default="")
    signed = models.BooleanField(null=True)
    note = SealedText(aad="cases_hearing.note", keep_empty=True, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=["told", "asked", "called", "held", "closed"]), name="hearing_stage_known"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(stage__in=["told", "asked", "called"]), name="one_running_hearing"
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=["called", "held"])
                | Q(asked_on__isnull=False, held_on__isnull=False, chair__isnull=False),
                name="hearing_called_whole",
            ),
            models.CheckConstraint(
                condition=~Q(stage="held") | Q(signed__isnull=False), name="hearing_held_is_signed_or_refused"
            ),
        ]


class ExtensionRequest(models.Model):
    """延期申请: a reviewer asks for more days, another person approves or declines. Only an approval moves the clock: it
    writes the `Extension`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="extension_requests")
    stage = models.CharField(max_length=10)
    days = models.PositiveSmallIntegerField()
    reason = SealedText(aad="cases_extensionrequest.reason")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    asked_name = models.CharField(max_length=60)  # names of officials are public
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("people.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_name = models.CharField(max_length=60, blank=True)
    note = SealedText(aad="cases_extensionrequest.note", keep_empty=True, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stage="asked", answered_at__isnull=True, answered_by__isnull=True)
                | Q(stage__in=["approved", "declined"], answered_at__isnull=False, answered_by__isnull=False),
                name="extension_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(asked_by=F("answered_by")), name="extension_by_two"
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(stage="asked"), name="one_extension_request_waits"),
        ]


class ToldParty(models.Model):
    """送达: one person to whom a notice of `Hearing` goes, the applicant (`party`) or an interested party. Their days to ask
    for a hearing run from their own service; of a called hearing they are told by a service of its own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="told_parties")
    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="told")
    party = models.ForeignKey("people.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()  # as they were named; the applicant is 0
    is_applicant = models.BooleanField(default=False)
    name = SealedText(aad="cases_toldparty.name")
    contact = SealedText(aad="cases_toldparty.contact", keep_empty=True, blank=True, default="")
    code_index = models.CharField(max_length=64, null=True, blank=True, unique=True)  # opens the page for the answer
    served_on = models.DateField(null=True, blank=True)
    served_how = models.CharField(max_length=12, blank=True)
    refused = models.BooleanField(default=False)  # 拒收: served by leaving it (留置)
    served_note = SealedText(aad="cases_toldparty.served_note", keep_empty=True, blank=True, default="")
    read_on = models.DateField(null=True, blank=True)  # 已阅知: opened in the account without consent, so not served
    call_read_on = models.DateField(null=True, blank=True)  # the same of the call to the hearing
    served_by = models.ForeignKey("people.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answer_until = models.DateField(null=True, blank=True)
    called_on = models.DateField(null=True, blank=True)  # when the notice of the hearing was served
    called_how = models.CharField(max_length=12, blank=True)
    called_note = SealedText(aad="cases_toldparty.called_note", keep_empty=True, blank=True, default="")
    called_by = models.ForeignKey("people.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(served_on__isnull=True, served_how="", answer_until__isnull=True)
                | (Q(served_on__isnull=False, answer_until__isnull=False) & ~Q(served_how="")),
                name="told_served_whole",
            ),
            models.CheckConstraint(
                condition=Q(called_on__isnull=True, called_how="") | (Q(called_on__isnull=False) & ~Q(called_how="")),
                name="told_called_whole",
            ),
        ]
