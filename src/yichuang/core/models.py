"""Tables of the foundation. Entries, leaves, nodes and checkpoints are append-only: triggers refuse any change.

The ledger's tables are written by `core.ledger` only, counters by `core.numbers`, keys by `core.idempotency`.
"""

from django.db import models
from django.db.models import F, Q

from yichuang.core.fields import SealedText


class Counter(models.Model):
    """The last number given, per kind, place and local day."""

    pk = models.CompositePrimaryKey("kind", "place", "day")
    kind = models.CharField(max_length=40)
    place = models.CharField(max_length=40)
    day = models.DateField()
    value = models.BigIntegerField()


class IdempotencyKey(models.Model):
    """What was answered to a key, for good."""

    pk = models.CompositePrimaryKey("scope", "key")
    scope = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    body_hash = models.CharField(max_length=64)
    answer = models.TextField()  # sealed: an answer may hold a query code
    created_at = models.DateTimeField()
    last_replayed_at = models.DateTimeField(null=True)
    replays = models.IntegerField(db_default=0)

    class Meta:
        db_table = "core_idempotency_key"


class Entry(models.Model):
    """One act (留痕): who, what, when, where, on whose behalf. Never personal data."""

    id = models.UUIDField(primary_key=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    seq = models.IntegerField()  # 1, 2, 3 … per subject
    at = models.DateTimeField()
    act = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.UUIDField(null=True)
    actor_name_masked = models.CharField(max_length=100)
    behalf = models.UUIDField(null=True)
    channel = models.CharField(max_length=12)
    place = models.UUIDField(null=True)
    window = models.CharField(max_length=40)
    device = models.CharField(max_length=100)
    detail = models.JSONField()
    commitment = models.BinaryField()  # SHA-256 over a random salt and the columns above

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "seq"], name="core_entry_seq"),
        ]


class EntrySalt(models.Model):
    """The salt of an entry's commitment. Destroying it makes the commitment unguessable; proofs stay valid."""

    entry_id = models.UUIDField(primary_key=True)  # no foreign key: its check would double the cost of an append
    salt = models.BinaryField()

    class Meta:
        db_table = "core_entry_salt"


class Unsequenced(models.Model):
    """Entries that wait for their place in the tree; a row appears and disappears with its transaction."""

    entry_id = models.UUIDField(primary_key=True)


class Leaf(models.Model):
    """The place of an entry in the Merkle tree: 0, 1, 2 … without gaps."""

    index = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="leaf")
    hash = models.BinaryField()
    at = models.DateTimeField()  # when it got its place


class Node(models.Model):
    """The hash of a full subtree of 2^level leaves (level ≥ 1; level 0 are the leaves)."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()


class Checkpoint(models.Model):
    """A signed statement about the tree: this size, this root, at this time."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    at = models.DateTimeField()
    note = models.TextField()  # the signed text, as written outside the database too


class LedgerCheck(models.Model):
    """One run of the verification: who asked, and what was found. The ledger itself has both acts on record."""

    id = models.UUIDField(primary_key=True)
    asked_at = models.DateTimeField(db_index=True)
    asked_by = models.UUIDField(null=True)  # people.Staff; none: the nightly run
    asked_by_masked = models.CharField(max_length=100, default="")
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    leaves = models.BigIntegerField(default=0)
    checkpoints = models.IntegerField(default=0)
    found = models.IntegerField(default=0)
    faults = models.JSONField(default=list)  # [kind, where] of the first ones

    class Meta:
        db_table = "core_ledger_check"


class Proposal(models.Model):
    """第二人复核: an act that one holder of a power asked for and a second one answers; written by `core.second` only.

    `args` are codes and ids. Who asked and who answered are members of staff, whose table stands above this room.
    """

    id = models.UUIDField(primary_key=True)
    act = models.CharField(max_length=60)
    args = models.JSONField()
    digest = models.CharField(max_length=64)  # of act and arguments
    reason = SealedText(aad="core_proposal.reason")
    state = models.CharField(max_length=10)
    asked_by = models.UUIDField(db_index=True)
    asked_name = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_by = models.UUIDField(null=True)
    answered_name = models.CharField(max_length=60, default="")
    answered_at = models.DateTimeField(null=True)
    note = SealedText(aad="core_proposal.note", keep_empty=True, default="")

    class Meta:
        indexes = [models.Index(fields=["state", "-asked_at", "-id"], name="core_proposal_newest")]
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=Q(state="waiting"), name="core_proposal_waits_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "expired"], answered_at__isnull=True)
                | Q(state__in=["done", "declined", "withdrawn"], answered_at__isnull=False),
                name="core_proposal_answered_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "declined"])
                | (Q(answered_by__isnull=False) & ~Q(answered_by=F("asked_by"))),
                name="core_proposal_by_two",
            ),
        ]
