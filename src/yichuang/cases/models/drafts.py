"""Drafts (草稿); part of `cases.models`."""

from typing import Any

from django.db import models

from yichuang.core.fields import SealedJson
from yichuang.core.ids import new_id


def _fk(to: str, *, null: bool = True) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name="+", null=null, blank=null)


class Draft(models.Model):
    """A filing in the making: nothing typed is ever lost, nothing of it is a case yet."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = _fk("people.Party", null=False)
    item_code = models.CharField(max_length=60)
    item_version = models.PositiveIntegerField()
    answers = models.JSONField(default=dict)
    form = SealedJson(aad="cases_draft.form")
    materials = models.JSONField(default=dict)  # material code -> upload ids
    applicant = _fk("people.Party")
    previous = _fk("cases.Case")  # taken up again, or whose result it follows
    follow_up = models.CharField(max_length=10, blank=True, default="")  # 变更, 延续, 补发 of that result
    agreed = models.JSONField(default=list)  # codes of papers that the applicant lets us fetch instead (免证办)
    step = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["owner", "-updated_at"], name="draft_owner_recent")]
