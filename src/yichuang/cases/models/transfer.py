"""移送: to whom a case went, from whom, on what ground (docs/adr/0009-turns.md); part of `cases.models`."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from yichuang.cases.turns import TransferGround
from yichuang.core.fields import SealedText
from yichuang.core.ids import new_id


def _fk(to: str) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name="+")


class Transfer(models.Model):
    """One transfer: the responsible place or the deciding department changes, never both at once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="transfers")
    at = models.DateTimeField()
    by = _fk("people.Staff")
    by_name = models.CharField(max_length=60)  # as the ledger names them; a staff name is public
    ground = models.CharField(max_length=20)
    reason = SealedText(aad="cases_transfer.reason")
    from_place = _fk("network.Place")
    to_place = _fk("network.Place")
    from_department = _fk("network.Department")
    to_department = _fk("network.Department")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(from_place=F("to_place")) ^ Q(from_department=F("to_department")),
                name="transfer_moves_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(ground__in=[ground.value for ground in TransferGround]), name="transfer_ground_known"
            ),
        ]
