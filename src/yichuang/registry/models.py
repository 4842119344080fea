"""Tables of the certificate base and the shared bases. History and uses are append-only: triggers refuse any change."""

from django.db import models
from django.db.models import Q

from yichuang.core.fields import SealedJson, SealedText
from yichuang.registry.values import Base, Status

BASES = [base.value for base in Base]


class Certificate(models.Model):
    """One version of one electronic certificate; what it says is sealed."""

    id = models.UUIDField(primary_key=True)
    # One of its kind by a constraint: a `unique` column has an index for LIKE too.
    identifier = models.CharField(max_length=110)
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
            models.UniqueConstraint(fields=["identifier"], name="registry_certificate_identifier"),
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
    certificate = models.ForeignKey(
        Certificate, models.CASCADE, related_name="keys", db_index=False
    )  # a constraint's begins so
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


class SharedBatch(models.Model):
    """A delivery of rows by a giver (批量导入), and what became of it. What is wrong is kept by row and column, never by value."""

    id = models.UUIDField(primary_key=True)
    base = models.CharField(max_length=20)
    source = models.CharField(max_length=40)
    file = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    whole = models.BooleanField()
    at = models.DateTimeField()
    as_of = models.DateTimeField()  # when the giver made it; what says no such time: when it was loaded
    by_kind = models.CharField(max_length=12)
    by_id = models.UUIDField(null=True)
    by_name_masked = models.CharField(max_length=100)
    loaded = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    gone = models.PositiveIntegerField()
    clashes = models.PositiveIntegerField()
    fault_count = models.PositiveIntegerField()
    faults = models.JSONField()  # [[row, column, code, zh, en], …], the first of them

    class Meta:
        db_table = "registry_batch"
        constraints = [models.CheckConstraint(condition=Q(base__in=BASES), name="registry_batch_base")]
        indexes = [models.Index(fields=["base", "source", "-as_of"], name="registry_batch_newest")]


class StagedBatch(models.Model):
    """A file that waits for a second person to confirm that it be loaded: sealed, and forgotten after a day."""

    id = models.UUIDField(primary_key=True)  # that of the batch which it becomes
    base = models.CharField(max_length=20)
    source = models.CharField(max_length=40)
    file = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    whole = models.BooleanField()
    encoding = models.CharField(max_length=10)
    content = models.BinaryField()  # sealed
    at = models.DateTimeField(db_index=True)
    made_at = models.DateTimeField(null=True)  # when its giver made it, where whoever handed it in said so
    by_id = models.UUIDField(null=True)

    class Meta:
        db_table = "registry_staged"
        constraints = [models.CheckConstraint(condition=Q(base__in=BASES), name="registry_staged_base")]


class Holding(models.Model):
    """What a giver has given us of a base. Only of a base that it gave as a whole can it be said that something is not in it."""

    id = models.UUIDField(primary_key=True)
    base = models.CharField(max_length=20)
    source = models.CharField(max_length=40)
    whole_at = models.DateTimeField(null=True)
    # The last whole delivery had faults: what was not said again since may be what stayed out of it.
    incomplete_at = models.DateTimeField(null=True)
    loaded_at = models.DateTimeField()
    records = models.PositiveIntegerField()

    class Meta:
        db_table = "registry_holding"
        constraints = [
            models.UniqueConstraint(fields=["base", "source"], name="registry_holding_once"),
            models.CheckConstraint(condition=Q(base__in=BASES), name="registry_holding_base"),
        ]


class SharedRecord(models.Model):
    """What one giver says of one key of a base; sealed, and found by the blind index of the key.

    `loose_index` finds an address that is asked for without its areas.
    """

    id = models.UUIDField(primary_key=True)
    base = models.CharField(max_length=20)
    source = models.CharField(max_length=40)
    key_index = models.CharField(max_length=64)
    loose_index = models.CharField(max_length=64, default="")
    key_masked = models.CharField(max_length=200)
    data = SealedJson(aad="registry_record.data")
    digest = models.CharField(max_length=64)  # blind: finds unchanged rows without opening them
    as_of = models.DateTimeField()  # when the giver said it last
    doubtful = models.BooleanField(default=False)  # what the giver said of it last could not be taken
    batch = models.ForeignKey(SharedBatch, models.PROTECT, related_name="records")

    class Meta:
        db_table = "registry_record"
        constraints = [
            models.UniqueConstraint(fields=["key_index", "source"], name="registry_record_once"),
            models.CheckConstraint(condition=Q(base__in=BASES), name="registry_record_base"),
        ]
        indexes = [
            models.Index(fields=["base", "source"], name="registry_record_giver"),
            models.Index(fields=["loose_index"], condition=~Q(loose_index=""), name="registry_record_loose"),
        ]


class CachedAnswer(models.Model):
    """An answer of an outside source, sealed, for as long as the catalogue says (缓存)."""

    id = models.UUIDField(primary_key=True)
    source = models.CharField(max_length=40)
    base = models.CharField(max_length=20)
    key_index = models.CharField(max_length=64)
    names = models.JSONField()  # the fields that were asked for
    found = models.BooleanField()
    data = SealedJson(aad="registry_cache.data")
    as_of = models.DateTimeField()
    valid_until = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "registry_cache"
        constraints = [models.UniqueConstraint(fields=["key_index", "source"], name="registry_cache_once")]


class RegistryLook(models.Model):
    """One use of a shared base: who, when, what, why, and on what ground; the person reads it; never altered."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    base = models.CharField(max_length=20)
    names = models.JSONField()  # of fields
    party = models.ForeignKey(  # the list of a party's looks has an index that begins with it
        "people.Party", models.PROTECT, null=True, related_name="+", db_index=False
    )
    key_index = models.CharField(max_length=64)
    by_kind = models.CharField(max_length=12)
    by_id = models.UUIDField(null=True)
    by_name_masked = models.CharField(max_length=100)
    item = models.CharField(max_length=80)
    purpose = SealedJson(aad="registry_look.purpose")  # [zh, en]
    ground = models.CharField(max_length=10)
    basis = models.CharField(max_length=200)
    consent = models.UUIDField(null=True)
    case_number = models.CharField(max_length=50)
    state = models.CharField(max_length=10)
    sources = models.JSONField()  # [[code, "found"|"none"|fault, ms, cached], …]

    class Meta:
        db_table = "registry_look"
        constraints = [
            models.CheckConstraint(condition=Q(ground__in=["duty", "consent"]), name="registry_look_ground"),
            models.CheckConstraint(condition=Q(ground="duty") | Q(consent__isnull=False), name="registry_look_consent"),
            models.CheckConstraint(condition=Q(base__in=BASES), name="registry_look_base"),
            models.CheckConstraint(condition=Q(state__in=["found", "none", "unknown"]), name="registry_look_state"),
        ]
        indexes = [
            models.Index(fields=["party", "-id"], name="registry_look_party"),
            models.Index(fields=["key_index", "-id"], name="registry_look_key"),
        ]


class Contradiction(models.Model):
    """Sources that say different things of one key (矛盾), until somebody settles which of them is believed, and why."""

    id = models.UUIDField(primary_key=True)
    base = models.CharField(max_length=20)
    key_index = models.CharField(max_length=64)
    key_masked = models.CharField(max_length=200)
    field = models.CharField(max_length=40)  # "": whether there is anything at all
    said = SealedJson(aad="registry_contradiction.said")  # source -> value
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    kept = models.CharField(max_length=40, default="")
    reason = SealedText(aad="registry_contradiction.reason", keep_empty=True, default="")
    by_id = models.UUIDField(null=True)

    class Meta:
        db_table = "registry_contradiction"
        constraints = [
            models.UniqueConstraint(
                fields=["key_index", "field"], condition=Q(settled_at=None), name="registry_contradiction_open"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, kept="") | (Q(settled_at__isnull=False) & ~Q(kept="")),
                name="registry_contradiction_settled",
            ),
        ]
        indexes = [
            models.Index(fields=["base", "-id"], condition=Q(settled_at=None), name="registry_contradiction_list"),
            models.Index(fields=["key_index"], name="registry_contradiction_key"),
        ]
