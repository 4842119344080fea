"""上门办: what was photographed at somebody's home, what was taken along (取件), and what they said to a fingerprint."""

from django.db import models
from django.db.models import Q

from yichuang.core.fields import SealedText
from yichuang.core.ids import new_id
from yichuang.visits.models.hall import fk
from yichuang.visits.values.home import Alternative, ReturnWay


class HomePhoto(models.Model):
    """A photograph of a paper, for one of the materials of the item. The file is the clerk's until it goes into a draft of the
    person, who looks at it before anything is filed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    booking = fk("visits.Booking")
    material = models.CharField(max_length=80)
    upload = models.UUIDField(unique=True)  # no key: a file that nobody hands in is forgotten after some days
    name = models.CharField(max_length=200)
    by = fk("people.Staff")
    at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)  # when it went into a draft


class HomeOriginal(models.Model):
    """An original that went along, with its receipt, until it is back. Its words are sealed: they may name people."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    booking = fk("visits.Booking")
    receipt = models.CharField(max_length=20, unique=True)
    name = SealedText(aad="visits_homeoriginal.name", keep_empty=True)
    pieces = models.PositiveSmallIntegerField(default=1)
    key = models.CharField(max_length=80)
    taken_at = models.DateTimeField()
    taken_by = fk("people.Staff")
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = fk("people.Staff", null=True, blank=True)
    returned_way = models.CharField(max_length=8, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking", "key"], name="visits_original_once"),
            models.CheckConstraint(condition=Q(pieces__gte=1, pieces__lte=99), name="visits_original_pieces"),
            models.CheckConstraint(
                condition=Q(returned_at=None, returned_by=None, returned_way="")
                | Q(returned_at__isnull=False, returned_by__isnull=False)
                & Q(returned_way__in=[one.value for one in ReturnWay]),
                name="visits_original_returned_whole",
            ),
        ]
        indexes = [models.Index(fields=["taken_at"], condition=Q(returned_at=None), name="visits_originals_out")]


class HomeConsent(models.Model):
    """单独同意 (PIPL art. 29): what a person said to giving a fingerprint at this visit, and how else they prove who they are.

    No fingerprint, and nothing that one could be made from, is ever here. Answered again it is another row.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    booking = fk("visits.Booking")
    version = models.CharField(max_length=20)  # of the words that were read: `values.home.FINGERPRINT`
    agreed = models.BooleanField()
    alternative = models.CharField(max_length=12, blank=True, default="")  # without consent: how else
    at = models.DateTimeField()
    witness = fk("people.Staff")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed=True, alternative="")
                | Q(agreed=False, alternative__in=[one.value for one in Alternative], withdrawn_at=None),
                name="visits_consent_or_alternative",
            ),
            models.UniqueConstraint(
                fields=["booking"], condition=Q(agreed=True, withdrawn_at=None), name="visits_fingerprint_agreed_once"
            ),
        ]
