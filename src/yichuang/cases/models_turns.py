"""Tables of the turns that a case can take (docs/adr/0009-turns.md); part of `cases.models`."""

from typing import Any

from django.db import models
from django.db.models import Q

from yichuang.core.fields import SealedText


def _fk(to: str, name: str = "+", *, null: bool = False, indexed: bool = True) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name=name, null=null, blank=null, db_index=indexed)


class ResultPlace(models.Model):
    """Where the result on paper lies; or, on its way, where to and by what carrier (全城通办)."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="result_place")
    place = _fk("network.Place", null=True)
    bound_for = _fk("network.Place", null=True)
    carrier = SealedText(aad="cases_resultplace.carrier", keep_empty=True, blank=True, default="")
    since = models.DateTimeField()
    by = _fk("people.Staff", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(place__isnull=True, bound_for__isnull=False)
                | Q(place__isnull=False, bound_for__isnull=True),
                name="result_lies_or_travels",
            ),
        ]


class Priority(models.Model):
    """优先办理 (绿色通道): a clerk's word for why; no evidence, and sealed, for it speaks of somebody's circumstances."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="priority")
    category = SealedText(aad="cases_priority.category")
    at = models.DateTimeField()
    by = _fk("people.Staff", null=True)
    ended_at = models.DateTimeField(null=True, blank=True)
