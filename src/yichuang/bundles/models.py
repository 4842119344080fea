"""Tables of packages (一件事): published versions, drafts, filed packages and their parts."""

from typing import Any

from django.db import models
from django.db.models import Q

from yichuang.bundles.rules.delivery import Handover
from yichuang.bundles.rules.refusal import Fate, Outcome
from yichuang.core.fields import SealedJson
from yichuang.core.ids import new_id

STARTED = [Fate.OPEN.value, Fate.GRANTED.value, Fate.REFUSED.value]  # there is a case


def _fk(to: str, **options: Any) -> Any:
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name="+", **options)


class PackageVersion(models.Model):
    """One published version of a package: its files as they were. A filed package stays with its version."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    text = models.TextField()  # bundle.yaml
    process = models.TextField()  # process.bpmn
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)  # of the newest version: the package is not offered any more

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="bundles_package_version_once")]


class PackageDraft(models.Model):
    """A package in the making: nothing typed is lost, nothing of it is filed yet."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = _fk("people.Party", db_index=False)
    package = _fk("bundles.PackageVersion")
    applicant = _fk("people.Party")
    answers = models.JSONField(default=dict)
    form = SealedJson(aad="bundles_package_draft.form")
    materials = models.JSONField(default=dict)  # slot -> material code -> upload ids
    step = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["owner", "-updated_at"], name="bundles_draft_recent")]


class Bundle(models.Model):
    """One filed package: the number, who it is for, and how it ended. What happens to its items stands with their cases."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=40, unique=True)
    package = _fk("bundles.PackageVersion")
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=300)
    applicant = _fk("people.Party", db_index=False)
    applicant_masked = models.CharField(max_length=120)
    filed_by = _fk("people.Party")
    place = _fk("network.Place")  # whose opening hours the clock counts
    channel = models.CharField(max_length=20)
    locale = models.CharField(max_length=10)
    filed_at = models.DateTimeField()
    receipt = _fk("cases.Document", null=True)  # 一件事收件凭证; packages filed before it was a paper have none
    handover = models.CharField(max_length=10, default=Handover.EACH.value)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="")
                | Q(ended_at__isnull=False, outcome__in=[one.value for one in Outcome]),
                name="bundles_bundle_ended",
            ),
            models.CheckConstraint(condition=Q(handover__in=[one.value for one in Handover]), name="bundles_handover"),
        ]
        indexes = [models.Index(fields=["applicant", "-id"], name="bundles_bundle_of")]


class Part(models.Model):
    """One item of a filed package. `filing` is what was entered for it, until its case has it; `asked` what its turn found
    wrong, to be put right by the applicant."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="parts", db_index=False)
    slot = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    item_code = models.CharField(max_length=60)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    fate = models.CharField(max_length=10, default=Fate.WAITING.value)
    since = models.DateTimeField()
    on_paper = models.BooleanField(default=False)  # its result is fetched, not only served electronically
    case = models.OneToOneField("cases.Case", models.PROTECT, related_name="+", null=True)
    filing = SealedJson(aad="bundles_part.filing", null=True)
    asked = SealedJson(aad="bundles_part.asked", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bundle", "slot"], name="bundles_part_once"),
            models.CheckConstraint(
                condition=Q(fate__in=STARTED, case__isnull=False)
                | Q(fate__in=[Fate.WAITING.value, Fate.ASKING.value], case__isnull=True)
                | Q(fate__in=[Fate.LEFT.value, Fate.STOPPED.value]),
                name="bundles_part_fate",
            ),
        ]
