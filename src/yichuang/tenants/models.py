"""Tables of tenants. What a tenant keeps (`Owned`) stands behind row-level policies; the house's own books do not."""

from typing import Any, TypeVar

from django.db import models
from django.db.models import F, Q, QuerySet

from yichuang.core.fields import SealedJson, SealedText
from yichuang.core.ids import new_id
from yichuang.tenants import wall

CODE, NAME, HASH, GROUP = 40, 100, 64, 260
M = TypeVar("M", bound=models.Model)


class Tenant(models.Model):
    """A tenant (租户), its department and its quotas. Deleted, it stays as a name in the books; nothing of its data does."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=CODE, unique=True)
    name_zh = models.CharField(max_length=NAME)
    name_en = models.CharField(max_length=NAME)
    department = models.ForeignKey("network.Department", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="active")
    most_rows = models.BigIntegerField()
    most_bytes = models.BigIntegerField()
    most_runs = models.BigIntegerField()
    most_calls = models.BigIntegerField()
    most_cpu = models.BigIntegerField(default=20_000)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="tenants_tenant_state", condition=Q(state__in=["active", "suspended", "deleted"])
            ),
            models.CheckConstraint(
                name="tenants_tenant_quotas",
                condition=Q(most_rows__gt=0, most_bytes__gt=0, most_runs__gt=0, most_calls__gt=0, most_cpu__gt=0),
            ),
        ]


class Credential(models.Model):
    """A token of a tenant; only its hash is kept, and its last four characters to tell tokens apart."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="credentials")
    label = models.CharField(max_length=60)
    token_hash = models.CharField(max_length=HASH, unique=True)
    tail = models.CharField(max_length=4)
    scopes = models.JSONField()  # names of `values.SCOPES`
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)  # to the minute

    class Meta:
        constraints = [
            models.CheckConstraint(name="tenants_credential_expires", condition=Q(expires_at__gt=F("made_at")))
        ]


class Pace(models.Model):
    """How often a tenant has called in the present minute, and what that cost: one row each."""

    tenant = models.OneToOneField(Tenant, primary_key=True, on_delete=models.CASCADE, related_name="pace")
    minute = models.DateTimeField()
    used = models.IntegerField()
    cpu = models.IntegerField(default=0)  # milliseconds of the processor


class Guarded(models.Manager[M]):
    """Refuses to be asked outside the wall: a superuser's connection would see the rows of all tenants there."""

    def get_queryset(self) -> QuerySet[M]:
        if wall.current() is None:
            raise RuntimeError(f"{self.model.__name__} is a tenant's: ask inside `wall.inside(tenant)`")
        return super().get_queryset()


class Owned(models.Model):
    """A row of one tenant, behind the wall."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", db_index=False)
    objects: Guarded[Any] = Guarded()

    class Meta:
        abstract = True


class Part(Owned):
    """A version of a process, decision table, form or data table; never changed."""

    kind = models.CharField(max_length=10)
    code = models.CharField(max_length=CODE)
    version = models.PositiveIntegerField()
    name_zh = models.CharField(max_length=NAME)
    name_en = models.CharField(max_length=NAME)
    body = models.TextField()
    sha = models.CharField(max_length=HASH)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="tenants_part_kind", condition=Q(kind__in=["process", "decision", "form", "table"])
            ),
            models.UniqueConstraint(name="tenants_part_version", fields=["tenant", "kind", "code", "version"]),
        ]


class Row(Owned):
    """A row of a data table: columns in the open, and sealed ones (个人信息)."""

    table = models.CharField(max_length=CODE)
    version = models.PositiveIntegerField(default=1)
    data = models.JSONField()
    hidden = SealedJson(aad="tenants_row.hidden", null=True)
    size = models.IntegerField()  # bytes that it counts for
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="tenants_row_table", fields=["tenant", "table", "id"])]


class Mark(Owned):
    """By what a row is found: a blind index of the values of one group of columns. Unique where the table says so."""

    row = models.ForeignKey(Row, on_delete=models.CASCADE, related_name="marks")
    table = models.CharField(max_length=CODE)
    group = models.CharField(max_length=GROUP)
    value = models.CharField(max_length=HASH)
    unique = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="tenants_mark_once", fields=["tenant", "table", "group", "value"], condition=Q(unique=True)
            ),
            models.UniqueConstraint(name="tenants_mark_found", fields=["tenant", "table", "group", "value", "row"]),
        ]


class Order(Owned):
    """Where a row stands in the order of one group of columns: the last column's key, among rows with equal values before."""

    row = models.ForeignKey(Row, on_delete=models.CASCADE, related_name="orders", db_index=False)
    table = models.CharField(max_length=CODE)
    group = models.CharField(max_length=GROUP)
    value = models.CharField(max_length=HASH)  # a blind index of the columns before the last
    key = models.CharField(max_length=200, db_collation="C")

    class Meta:
        constraints = [models.UniqueConstraint(name="tenants_order_once", fields=["row", "group"])]
        indexes = [models.Index(name="tenants_order_read", fields=["tenant", "table", "group", "value", "key", "row"])]


class Run(Owned):
    """A process that runs for a tenant; the engine's instance has it as its subject ("run", id)."""

    process = models.CharField(max_length=CODE)
    version = models.PositiveIntegerField()
    reference = models.CharField(max_length=200, blank=True, default="")
    size = models.BigIntegerField(default=0)  # bytes that it counts for, with all that the engine keeps of it
    state = models.CharField(max_length=10, default="running")
    outcome = models.CharField(max_length=60, blank=True, default="")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="tenants_run_state", condition=Q(state__in=["running", "finished", "cancelled"])
            ),
            models.CheckConstraint(name="tenants_run_ended", condition=Q(state="running") ^ Q(ended_at__isnull=False)),
        ]
        indexes = [models.Index(name="tenants_run_listed", fields=["tenant", "state", "id"])]


class Hook(Owned):
    """An address of a tenant's that is told (回调), the secret that proves who tells, and of what."""

    url = models.CharField(max_length=500)
    secret = SealedText(aad="tenants_hook.secret")
    kinds = models.JSONField()  # names of `values.NEWS`
    on = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # the last time that something was taken
    fault = models.CharField(max_length=20, blank=True, default="")  # of the last try; "" when it was taken
    lost = models.IntegerField(default=0)  # news that found too many waiting

    class Meta:
        constraints = [models.UniqueConstraint(name="tenants_hook_once", fields=["tenant", "url"])]


class Delivery(Owned):
    """News that waits to be taken at an address, or that nobody took in all its tries. Taken, it is gone."""

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    kind = models.CharField(max_length=20)
    body = models.JSONField()
    state = models.CharField(max_length=10, default="waiting")
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    made_at = models.DateTimeField()
    fault = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="tenants_delivery_state", condition=Q(state__in=["waiting", "dead"])),
        ]
        indexes = [
            models.Index(name="tenants_delivery_due", fields=["tenant", "state", "next_at", "id"]),
            models.Index(name="tenants_delivery_of", fields=["hook", "state", "id"]),
        ]


class Used(models.Model):
    """How much a tenant uses: written with what uses it, so that no number of calls at one moment gets more."""

    tenant = models.OneToOneField(Tenant, primary_key=True, on_delete=models.PROTECT, related_name="+")
    rows = models.BigIntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    runs = models.BigIntegerField(default=0)
    objects: Guarded[Any] = Guarded()
    figures: models.Manager[Any] = models.Manager()  # numbers without data: the house's own login reads those of all

    class Meta:
        db_table = "tenants_usage"
        constraints = [
            models.CheckConstraint(name="tenants_usage_not_below", condition=Q(rows__gte=0, bytes__gte=0, runs__gte=0))
        ]
