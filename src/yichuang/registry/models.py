"""Tables of the certificate base. History and uses are append-only: triggers refuse any change."""

from django.db import models
from django.db.models import Q

from yichuang.core.fields import SealedJson, SealedText
from yichuang.registry.values import Status


class Certificate(models.Model):
    """One version of one electronic certificate; what it says is sealed."""

    id = models.UUIDField(primary_key=True)
    identifier = models.CharField(max_length=110, unique=True)
    number = models.CharField(max_length=80)
    type_code = models.CharField(max_length=21)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    issuer_uscc = models.CharField(max_length=18)
    issuer_name_zh = models.CharField(max_length=200)
    issuer_name_en = models.CharField(max_length=200)
    holder = models.ForeignKey("people.Party", models.PROTECT, related_name="+")
    holder_name_masked = models.CharField(max_length=200)
    data = SealedJson(aad="registry_certificate.data")
    labels = models.JSONField()  # [[key of `data`, what the paper calls it], …] in printing order; no personal data
    template = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    status = models.CharField(max_length=12)
    status_at = models.DateTimeField()
    version = models.PositiveSmallIntegerField()
    previous = models.OneToOneField("self", models.PROTECT, null=True, related_name="next")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            # One number per type; a newer version keeps the number of the one before.
            models.UniqueConstraint(fields=["type_code", "number", "version"], name="registry_certificate_number"),
            # An act that is done twice records one certificate.
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "type_code", "version"], name="registry_certificate_subject"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in Status]), name="registry_certificate_status"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")), name="registry_certificate_term"
            ),
        ]
        indexes = [
            models.Index(fields=["number"], name="registry_certificate_by_number"),
            models.Index(fields=["issuer_uscc", "-id"], name="registry_certificate_issued"),  # an organ's, newest first
            models.Index(
                fields=["valid_to", "id"],
                condition=Q(status="valid", valid_to__isnull=False),
                name="registry_certificate_ending",
            ),
        ]


class CertificateKey(models.Model):
    """What certificates are counted by and found equal in (holder, household, chip): blind, never in the clear.

    `exclusive`: of this value only one certificate of the type may be in force.
    """

    id = models.UUIDField(primary_key=True)
    certificate = models.ForeignKey(Certificate, models.CASCADE, related_name="keys")
    type_code = models.CharField(max_length=21)
    name = models.CharField(max_length=40)
    index = models.CharField(max_length=64)
    exclusive = models.BooleanField()

    class Meta:
        db_table = "registry_certificate_key"
        constraints = [
            models.UniqueConstraint(fields=["certificate", "name"], name="registry_certificate_key_name"),
            models.UniqueConstraint(
                fields=["type_code", "name", "index"],
                condition=Q(exclusive=True),
                name="registry_certificate_key_exclusive",
            ),
        ]
        indexes = [models.Index(fields=["type_code", "index"], name="registry_certificate_key_count")]


class CertificateStatus(models.Model):
    """The history of a certificate's status, one line per change; never altered."""

    id = models.UUIDField(primary_key=True)
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="history")
    status = models.CharField(max_length=12)
    reason = SealedText(aad="registry_certificate_status.reason")
    at = models.DateTimeField()
    by_kind = models.CharField(max_length=12)
    by_id = models.UUIDField(null=True)
    by_name_masked = models.CharField(max_length=100)

    class Meta:
        db_table = "registry_certificate_status"


class RegistryUse(models.Model):
    """Who used which certificate, for what; the holder reads it; never altered."""

    id = models.UUIDField(primary_key=True)
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="uses")
    party = models.ForeignKey("people.Party", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_kind = models.CharField(max_length=12)
    by_id = models.UUIDField(null=True)
    by_name_masked = models.CharField(max_length=100)
    purpose = SealedText(aad="registry_use.purpose")
    ground = models.CharField(max_length=10)
    case_number = models.CharField(max_length=50)
    fields = models.JSONField()

    class Meta:
        db_table = "registry_use"
        constraints = [
            models.CheckConstraint(condition=Q(ground__in=["duty", "consent"]), name="registry_use_ground"),
        ]
