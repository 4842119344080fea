"""延时办理: what a hall serves in its extended hours, and where."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yichuang.core.ids import new_id
from yichuang.visits.models.hall import fk


class ExtendedService(models.Model):
    """What is served in extended hours of a place (the hours themselves are the network's): no queues = all of them, no
    windows = whichever are open."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hours = fk("network.ExtendedHours", db_index=False)
    queues = ArrayField(models.UUIDField(), default=list, blank=True)
    windows = ArrayField(models.UUIDField(), default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hours"], name="visits_extended_service_once")]
