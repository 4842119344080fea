"""Tables of halls that go on without the network: the same on both sides (docs/adr/0045)."""

from django.db import models
from django.db.models import F, Q

from yichuang.core.fields import SealedJson, SealedText
from yichuang.core.ids import new_id
from yichuang.visits.models.hall import fk
from yichuang.visits.rules.journal import START
from yichuang.visits.values.node import ActKind, ActState, ConflictKind, Held


class NodeLink(models.Model):
    """How a node and the centre stand: one row for each node at the centre, one in all at the node."""

    node = models.OneToOneField("devices.Device", models.PROTECT, primary_key=True, related_name="+")
    seq = models.PositiveBigIntegerField(default=0)  # the last act: received at the centre, made at the node
    head = models.CharField(max_length=64, default=START)
    sent = models.PositiveBigIntegerField(default=0)  # at the node: the last one that the centre has
    heard_at = models.DateTimeField(null=True, blank=True)  # when the other side was heard last
    copied = models.CharField(
        max_length=64, blank=True, default=""
    )  # at the node: which copy of the centre's data it has
    copied_at = models.DateTimeField(null=True, blank=True)  # at the node: when it was asked for last
    trouble = models.CharField(max_length=40, blank=True, default="")  # why the last exchange was refused, by its code
    bearer = SealedText(aad="visits_nodelink.bearer", keep_empty=True, blank=True, default="")  # at the node
    public_key = models.TextField(
        blank=True, default=""
    )  # at the centre: PEM; the node signs its acts by the other half

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(sent__lte=F("seq")), name="visits_node_sent_was_made")]


class NumberBlock(models.Model):
    """Numbers lent ahead (号段). `upcoming`: the next one that the node gives; at the centre it stays the first."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    node = fk("devices.Device")
    queue = fk("visits.Queue", db_index=False)
    day = models.DateField()
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    upcoming = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "day", "first"], name="visits_block_once"),
            models.CheckConstraint(
                condition=Q(first__gte=1, last__gte=F("first"), upcoming__gte=F("first"), upcoming__lte=F("last") + 1),
                name="visits_block_in_order",
            ),
        ]


class NodeAct(models.Model):
    """A node's journal (大厅日志), append-only on both sides."""

    id = models.UUIDField(primary_key=True, editable=False)
    node = fk("devices.Device", db_index=False)
    seq = models.PositiveBigIntegerField()
    day = models.DateField()
    kind = models.CharField(max_length=10)
    subject = models.UUIDField(null=True)  # the ticket, window or appointment
    at = models.DateTimeField()
    body = SealedJson(aad="visits_nodeact.body")
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=200)
    state = models.CharField(max_length=10)
    entered_at = models.DateTimeField()  # here

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node", "seq"], name="visits_act_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in ActKind]), name="visits_act_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in ActState]), name="visits_act_state_known"
            ),
        ]


class NodeConflict(models.Model):
    """One thing that both sides moved (冲突), with all acts of the node on it, until a person settles it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    node = fk("devices.Device")
    place = fk("network.Place")
    kind = models.CharField(max_length=10)
    subject = models.UUIDField()
    name = models.CharField(max_length=40)
    acts = models.PositiveIntegerField(default=1)
    first = models.OneToOneField("visits.NodeAct", models.PROTECT, related_name="+")  # the act that did not fit
    centre = SealedJson(aad="visits_nodeconflict.centre")  # what the centre had then
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = fk("people.Staff", null=True, blank=True)
    held = models.CharField(max_length=10, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["node", "subject"], condition=Q(settled_at=None), name="visits_open_conflict_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in ConflictKind]), name="visits_conflict_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, held="")
                | Q(settled_at__isnull=False, settled_by__isnull=False, held__in=[one.value for one in Held]),
                name="visits_conflict_settled_whole",
            ),
        ]
        indexes = [models.Index(fields=["subject"], name="visits_conflict_of")]
