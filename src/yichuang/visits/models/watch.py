"""What is told on the phone to who holds a number: each thing once."""

from django.db import models
from django.db.models import Q

from yichuang.core.ids import new_id
from yichuang.visits.values import TRAVELS


class Watch(models.Model):
    """A number whose holder is told when the turn is near, and when to leave (候号提醒). No place of anybody is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ticket = models.OneToOneField("visits.Ticket", models.PROTECT, related_name="watch")
    travel = models.PositiveSmallIntegerField(null=True)  # minutes that the holder chose
    near_at = models.DateTimeField(null=True)  # told that three are ahead, or known to them anyway
    leave_at = models.DateTimeField(null=True)  # told to leave

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(travel=None) | Q(travel__in=TRAVELS), name="visits_travel_offered")
        ]
