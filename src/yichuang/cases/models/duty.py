"""The duty roster (值班表) of departments: who answers what counters ask (docs/adr/0009-turns.md); part of `cases.models`."""

from django.db import models
from django.db.models import Q

from yichuang.core.ids import new_id


class Duty(models.Model):
    """值班专员: who of a department answers on one half of a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    department = models.ForeignKey("network.Department", on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    half = models.CharField(max_length=2)
    staff = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    staff_name = models.CharField(max_length=60)  # names of officials are public
    set_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["department", "day", "half"], name="one_on_duty"),
            models.CheckConstraint(condition=Q(half__in=["am", "pm"]), name="duty_half_known"),
        ]
