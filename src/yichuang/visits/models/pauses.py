"""暂停: since when nobody was called to a window, why, and until when."""

from django.db import models
from django.db.models import F, Q

from yichuang.core.ids import new_id
from yichuang.visits.models.hall import fk
from yichuang.visits.values.pauses import PauseWhy


class DeskPause(models.Model):
    """One pause of an open window; `Desk.paused_at` says that it goes on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    desk = fk("visits.Desk")
    why = models.CharField(max_length=10)
    meant = models.PositiveSmallIntegerField(null=True, blank=True)  # minutes
    by_name = models.CharField(max_length=60)  # names of officials are public
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk"], condition=Q(until=None), name="visits_one_pause_of_a_desk"),
            models.CheckConstraint(condition=Q(why__in=[one.value for one in PauseWhy]), name="visits_pause_why_known"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="visits_pause_ends_later"),
        ]
