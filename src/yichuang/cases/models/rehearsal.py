"""重放: what a changed rule set would have said of past cases; part of `cases.models`. Working papers, kept for a month."""

from django.db import models
from django.db.models import Q

from yichuang.core.ids import new_id


class Rehearsal(models.Model):
    """One rehearsal of a draft. `counts`: [verdict before, after, outcome, n]; `codes`: [code, gone, new, n] by result."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item_code = models.CharField(max_length=60)
    sha = models.CharField(max_length=64)  # of the draft's table, as it was when it was asked for
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="running")
    begun_at = models.DateTimeField(null=True, blank=True)  # by a worker: begun again, it had died with one
    ended_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=list)
    codes = models.JSONField(default=list)
    words = models.JSONField(default=dict)  # code -> [zh, en]: of the draft, and of what past cases had
    unread = models.JSONField(default=list)  # [zh, en, n]: columns of the draft that past cases hold nothing for
    unfit = models.JSONField(default=list)  # [zh, en, n]: and for which they hold another kind of value
    why_zh = models.CharField(max_length=300, blank=True)
    why_en = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", ended_at__isnull=True)
                | Q(state__in=["done", "failed"], ended_at__isnull=False),
                name="rehearsal_whole",
            ),
        ]
        indexes = [models.Index(fields=["item_code", "-id"], name="rehearsal_of_item")]


class RehearsedChange(models.Model):
    """A past case of which the draft would have said something else. By its number: it holds nothing of the case."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rehearsal = models.ForeignKey(Rehearsal, on_delete=models.CASCADE, related_name="changes", db_index=False)
    number = models.CharField(max_length=40)
    judged_at = models.DateTimeField()
    before = models.CharField(max_length=10)
    after = models.CharField(max_length=10)
    gone = models.JSONField(default=list)  # results that it would not have any more
    new = models.JSONField(default=list)
    outcome = models.CharField(max_length=10)
    unfit = models.JSONField(default=list)  # [zh, en]: columns for which it cannot be judged; then `after` says so

    class Meta:
        indexes = [models.Index(fields=["rehearsal", "id"], name="rehearsed_of_rehearsal")]
