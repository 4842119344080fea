"""便民物品 (Q7): wheelchairs, umbrellas, reading glasses … that a hall lends, and who has them."""

from django.db import models
from django.db.models import F, Q

from yichuang.core.fields import SealedText
from yichuang.core.ids import new_id
from yichuang.visits.models.hall import fk


class LoanItem(models.Model):
    """A kind of thing that a hall lends: how many it has, and for how long one is lent."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = fk("network.Place", db_index=False)
    name_zh = models.CharField(max_length=30)
    name_en = models.CharField(max_length=60)
    owned = models.PositiveSmallIntegerField()
    out = models.PositiveSmallIntegerField(default=0)  # counted where one is given: never more than there are
    minutes = models.PositiveSmallIntegerField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "name_zh"], name="visits_loan_item_once"),
            models.CheckConstraint(condition=Q(out__lte=F("owned")), name="visits_never_lend_more"),
            models.CheckConstraint(condition=Q(minutes__gte=10, minutes__lte=720), name="visits_loan_minutes"),
        ]


class Loan(models.Model):
    """One thing that somebody has. Name and telephone are sealed, and gone when it is back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = fk("visits.LoanItem")
    place = fk("network.Place", db_index=False)
    key = models.CharField(max_length=80)
    name = SealedText(aad="visits_loan.name", keep_empty=True, blank=True, default="")
    mobile = SealedText(aad="visits_loan.mobile", keep_empty=True, blank=True, default="")
    name_masked = models.CharField(max_length=120, blank=True, default="")
    out_at = models.DateTimeField()
    due_at = models.DateTimeField()
    out_by = fk("people.Staff")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = fk("people.Staff", null=True, blank=True)
    end = models.CharField(max_length=8, blank=True, default="")  # back | lost
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "key"], name="visits_loan_key_once"),
            models.CheckConstraint(condition=Q(due_at__gt=F("out_at")), name="visits_loan_due_later"),
            models.CheckConstraint(
                condition=Q(end="", ended_at=None)
                | Q(end__in=["back", "lost"], ended_at__isnull=False, name="", mobile=""),
                name="visits_loan_ended_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "due_at"], condition=Q(ended_at=None), name="visits_loans_out"),
            models.Index(fields=["place", "-out_at"], name="visits_loans_of_place"),
        ]
