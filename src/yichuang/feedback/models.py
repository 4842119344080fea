"""Tables of feedback: services that may be rated, ratings, codes that windows show. No decisions here."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yichuang.core.fields import SealedText
from yichuang.core.ids import new_id
from yichuang.feedback.values import FollowUp, Level, Way

KINDS = ["stay", "case", "package", "help"]


def _fk(to: str, **options: Any) -> Any:
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name="+", **options)


class Invitation(models.Model):
    """One service that may be rated once (评价邀请). `subject`: the encounter, the case or the package."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10)
    subject = models.UUIDField()
    number = models.CharField(max_length=40, blank=True)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=300)
    person = _fk("people.Party", null=True)
    place = _fk("network.Place", null=True, db_index=False)
    window = models.CharField(max_length=20, blank=True)
    department = _fk("network.Department", null=True, db_index=False)
    staff = _fk("people.Staff", null=True, db_index=False)
    items = ArrayField(models.CharField(max_length=60), default=list)
    channel = models.CharField(max_length=20)
    token_hash = models.CharField(max_length=64)
    over_at = models.DateTimeField()
    until = models.DateTimeField()
    told_at = models.DateTimeField(
        null=True
    )  # when its person was written to, or the message of the end carried the link

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="feedback_service_once"),
            models.UniqueConstraint(fields=["token_hash"], name="feedback_token_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="feedback_kind_known"),
            models.CheckConstraint(condition=Q(until__gt=models.F("over_at")), name="feedback_time_to_rate"),
        ]
        indexes = [
            models.Index(fields=["over_at"], name="feedback_by_day"),
            models.Index(fields=["place", "over_at"], name="feedback_by_place"),
            models.Index(fields=["department", "over_at"], name="feedback_by_department"),
            models.Index(fields=["staff", "over_at"], name="feedback_by_staff"),
        ]


class Rating(models.Model):
    """What a person said of one service (好差评), once. Never changed; `follow_up` moves with the return visit."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    invitation = models.OneToOneField(Invitation, models.PROTECT, related_name="rating")
    level = models.PositiveSmallIntegerField()
    tag_set = models.PositiveSmallIntegerField()
    tags = ArrayField(models.CharField(max_length=20), default=list)
    words = SealedText(aad="feedback_rating.words", keep_empty=True, blank=True, default="")
    way = models.CharField(max_length=10)
    channel = models.CharField(max_length=20)
    key = models.CharField(max_length=80)  # of the press: sent again it is the same rating
    follow_up = models.CharField(max_length=10, blank=True, default="")
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__in=[int(one) for one in Level]), name="feedback_level_known"),
            models.CheckConstraint(condition=Q(way__in=[one.value for one in Way]), name="feedback_way_known"),
            models.CheckConstraint(
                condition=Q(follow_up__in=[one.value for one in FollowUp]), name="feedback_follow_up_known"
            ),
            models.CheckConstraint(
                condition=Q(level__gte=3) | ~Q(follow_up=""), name="feedback_bad_rating_is_followed"
            ),
        ]
        indexes = [
            models.Index(fields=["given_at"], condition=~Q(follow_up=""), name="feedback_owed"),
            models.Index(fields=["given_at", "id"], name="feedback_given"),
        ]


class ShownCode(models.Model):
    """A code that the window of a service showed, for ten minutes and one rating."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    invitation = _fk("feedback.Invitation")
    code_hash = models.CharField(max_length=64)
    shown_by = _fk("people.Staff")
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code_hash"], name="feedback_code_once")]
