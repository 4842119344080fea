"""The snapshots of insight: what was learned of queues, and how often what was told came true. All of it can be made anew."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from yichuang.core.ids import new_id


def _fk(to: str, **options: Any) -> Any:
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name="+", **options)


class WaitModel(models.Model):
    """What was last learned of a queue; no row where its history is too short."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    queue = _fk("visits.Queue", db_index=False)
    learned_at = models.DateTimeField()
    line = models.JSONField()  # rules.line.LineModel
    hours = models.JSONField()  # rules.hours.Hours

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue"], name="insight_wait_model_once")]


class ForecastDay(models.Model):
    """A queue's day: how many numbers were told a wait, and what came of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    queue = _fk("visits.Queue", db_index=False)
    day = models.DateField()
    told = models.PositiveIntegerField()
    hits = models.PositiveIntegerField()
    sooner = models.PositiveIntegerField()
    later = models.PositiveIntegerField()
    learned = models.PositiveIntegerField()
    error = models.FloatField()  # minutes, the sum of the distances from the likely wait

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "day"], name="insight_forecast_day_once"),
            models.CheckConstraint(
                condition=Q(told=F("hits") + F("sooner") + F("later")), name="insight_forecast_day_adds_up"
            ),
        ]
