"""Idempotency-Keys of applications: unlike a person's they are not kept for good, since an application sends thousands a day."""

from datetime import datetime

from django.db import transaction

from yichuang.core import idempotency
from yichuang.tenants import wall
from yichuang.tenants.books import KEYED, held, keys_of, shift
from yichuang.tenants.models import Tenant
from yichuang.tenants.rules import KEY_BYTES


def forget_keys(*, before: datetime) -> int:
    """Keys that were first sent before a moment are known no more, and their room is free; how many."""
    tenants = Tenant.objects.exclude(state="deleted").order_by("id").values_list("id", flat=True)
    total = 0
    for tenant in tenants:
        with transaction.atomic():
            held(tenant)
            gone = idempotency.forget([keys_of(act, tenant) for act in KEYED], before=before)
            if gone:
                with wall.inside(tenant):
                    shift(tenant, -gone * KEY_BYTES)
            total += gone
    return total
