"""Which items are called only to windows whose clerk is qualified for them (上岗资格, X13)."""

from django.db import models
from django.db.models import Q

from yichuang.core.ids import new_id
from yichuang.visits.models.hall import fk


class QualifiedItem(models.Model):
    """An item that asks for a qualification, from when it was so decided until it is lifted; never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.CharField(max_length=60)
    set_by = fk("people.Staff", null=True)  # None: the demo
    set_at = models.DateTimeField()
    lifted_by = fk("people.Staff", null=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(lifted_at=None), name="visits_qualified_item_once")
        ]
