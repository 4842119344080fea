"""Tables of issuing: public codes, the cache of sealed papers, hand-overs, prints, pick-up codes, the archive."""

from django.db import models
from django.db.models import Q

from yichuang.core.fields import SealedText

KINDS = ["certificate", "document"]


class PublicCode(models.Model):
    """The short code by which anyone may verify one paper; its row is also the lock under which the paper is made."""

    code = models.CharField(max_length=10, primary_key=True)
    subject_kind = models.CharField(max_length=12)
    subject_id = models.UUIDField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "issuing_public_code"
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id"], name="issuing_public_code_subject"),
            models.CheckConstraint(condition=Q(subject_kind__in=KINDS), name="issuing_public_code_kind"),
        ]


class Rendering(models.Model):
    """One sealed file of a paper. A lost file is made anew as the next edition; earlier ones stay genuine."""

    id = models.UUIDField(primary_key=True)
    public_code = models.ForeignKey(PublicCode, models.PROTECT, related_name="renderings", db_index=False)
    edition = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64, unique=True)  # of the file as handed out
    digest = models.CharField(max_length=64, db_index=True)  # what the seal signs: found again in an altered file
    size = models.PositiveIntegerField()
    path = models.CharField(max_length=120)  # below the data folder; the file is sealed
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["public_code", "edition"], name="issuing_rendering_edition"),
        ]


class Delivery(models.Model):
    """One hand-over (送达): who took the result of which case, how they proved who they are, who gave it."""

    id = models.UUIDField(primary_key=True)
    case = models.OneToOneField("cases.Case", models.PROTECT, related_name="+")
    receiver_name = SealedText(aad="issuing_delivery.receiver_name")
    receiver_masked = models.CharField(max_length=120)
    relation = models.CharField(max_length=12)
    identity_kind = models.CharField(max_length=12)
    document = models.ForeignKey("cases.Document", models.PROTECT, related_name="+", null=True)  # 送达回证
    at = models.DateTimeField()
    place = models.ForeignKey("network.Place", models.PROTECT, related_name="+", null=True)
    window = models.CharField(max_length=20)
    by = models.ForeignKey("people.Staff", models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(relation__in=["receiver", "applicant", "agent"]), name="issuing_delivery_relation"
            ),
            models.CheckConstraint(
                condition=Q(identity_kind__in=["id_document", "pickup_code"]), name="issuing_delivery_identity"
            ),
        ]


class Exchange(models.Model):
    """换领: a corrected certificate that takes the place of a paper handed out before; open until somebody fetched it.

    `old_paper` says what became of the paper with the error; whatever was not taken back has a reason.
    """

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    certificate = models.OneToOneField("registry.Certificate", models.PROTECT, related_name="+")  # the version to give
    place = models.ForeignKey("network.Place", models.PROTECT, related_name="+")  # where the old paper was handed out
    since = models.DateTimeField()
    at = models.DateTimeField(null=True, blank=True)
    old_paper = models.CharField(max_length=12, blank=True)
    reason = SealedText(aad="issuing_exchange.reason", keep_empty=True, blank=True, default="")
    receiver_name = SealedText(aad="issuing_exchange.receiver_name", keep_empty=True, blank=True, default="")
    receiver_masked = models.CharField(max_length=120, blank=True)
    relation = models.CharField(max_length=12, blank=True)
    identity_kind = models.CharField(max_length=12, blank=True)
    window = models.CharField(max_length=20, blank=True)
    by = models.ForeignKey("people.Staff", models.PROTECT, related_name="+", null=True, blank=True)
    by_name = models.CharField(max_length=60, blank=True)  # names of officials are public

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(at__isnull=True), name="issuing_exchange_one_open"),
            models.CheckConstraint(
                condition=Q(at__isnull=True, old_paper="", relation="", identity_kind="", by__isnull=True)
                | Q(
                    at__isnull=False,
                    old_paper__in=["returned", "lost", "destroyed", "kept"],
                    relation__in=["receiver", "applicant", "agent"],
                    identity_kind__in=["id_document", "pickup_code"],
                    by__isnull=False,
                ),
                name="issuing_exchange_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "since"], condition=Q(at__isnull=True), name="issuing_exchange_waiting"),
        ]


class Print(models.Model):
    """One printing on paper: certificates on paper are counted."""

    id = models.UUIDField(primary_key=True)
    public_code = models.ForeignKey(PublicCode, models.PROTECT, related_name="prints")
    copies = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by_kind = models.CharField(max_length=12)
    by_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(copies__gte=1, copies__lte=20), name="issuing_print_copies"),
        ]


class Pickup(models.Model):
    """The receiver's pick-up code (取件码) for one case: 8 digits, with the name as the second item; 5 errors lock it."""

    case = models.OneToOneField("cases.Case", models.PROTECT, primary_key=True, related_name="+")
    code = SealedText(aad="issuing_pickup.code")
    errors = models.PositiveSmallIntegerField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(errors__lte=5), name="issuing_pickup_errors"),
        ]


class ArchivePackage(models.Model):
    """归档: one sealed package of a closed case; a later act on its certificate makes another edition, earlier ones stay."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", db_index=False)
    edition = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=60, unique=True)  # 档号
    case_number = models.CharField(max_length=40)
    item_zh = models.CharField(max_length=200)
    item_en = models.CharField(max_length=300)
    department = models.ForeignKey("network.Department", models.PROTECT, related_name="+", db_index=False)
    holder = models.ForeignKey("people.Party", models.PROTECT, related_name="+")
    holder_masked = models.CharField(max_length=120)
    closed_on = models.DateField()
    retention = models.CharField(max_length=10)
    keep_until = models.DateField(null=True)  # None: for ever
    pieces = models.PositiveSmallIntegerField()  # documents and certificates in it
    entries = models.PositiveSmallIntegerField()  # acts of the ledger, each with its proof
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "issuing_archive_package"
        constraints = [
            models.UniqueConstraint(fields=["case", "edition"], name="issuing_archive_edition"),
            models.CheckConstraint(
                condition=Q(retention="permanent", keep_until__isnull=True)
                | Q(retention__in=["30", "10"], keep_until__isnull=False),
                name="issuing_archive_retention",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "-closed_on", "-id"], name="issuing_archive_by_day"),
            models.Index(fields=["case_number"], name="issuing_archive_by_case"),
            models.Index(
                fields=["department", "keep_until"], condition=Q(keep_until__isnull=False), name="issuing_archive_due"
            ),
        ]


class Appraisal(models.Model):
    """鉴定: what was said of one closed case's file when its keeping term was over. A destruction is proposed by one and
    approved by another; what was destroyed stays in this register (销毁清册)."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    package = models.ForeignKey(ArchivePackage, models.PROTECT, related_name="+")  # the newest edition then
    department = models.ForeignKey("network.Department", models.PROTECT, related_name="+", db_index=False)
    editions = models.PositiveSmallIntegerField()
    kept_until = models.DateField()  # the term that was over
    outcome = models.CharField(max_length=10)
    stage = models.CharField(max_length=10)
    until = models.DateField(null=True, blank=True)  # the new last day, of an extension
    reason = SealedText(aad="issuing_appraisal.reason")
    at = models.DateTimeField()
    by = models.ForeignKey("people.Staff", models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=60)  # names of officials are public
    register = models.CharField(max_length=60, null=True, blank=True, unique=True)  # 销毁清册号
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("people.Staff", models.PROTECT, related_name="+", null=True, blank=True)
    answered_name = models.CharField(max_length=60, blank=True)
    note = SealedText(aad="issuing_appraisal.note", keep_empty=True, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="extend", stage="done", until__isnull=False, answered_by__isnull=True)
                | Q(outcome="destroy", stage="proposed", until__isnull=True, answered_by__isnull=True)
                | Q(
                    outcome="destroy",
                    stage__in=["destroyed", "declined"],
                    until__isnull=True,
                    answered_by__isnull=False,
                ),
                name="issuing_appraisal_whole",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(by=models.F("answered_by")), name="issuing_appraisal_by_two"
            ),
            models.CheckConstraint(
                condition=Q(stage="destroyed", register__isnull=False)
                | (~Q(stage="destroyed") & Q(register__isnull=True)),
                name="issuing_appraisal_registered",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(stage__in=["proposed", "destroyed"]), name="issuing_appraisal_one_end"
            ),
        ]
        indexes = [models.Index(fields=["department", "stage", "-answered_at"], name="issuing_appraisal_register")]
