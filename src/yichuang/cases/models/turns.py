"""Tables of the turns that a case can take (docs/adr/0009-turns.md); part of `cases.models`."""

from typing import Any

from django.db import models
from django.db.models import Q

from yichuang.core.fields import SealedText
from yichuang.core.ids import new_id


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


class Question(models.Model):
    """中台支撑: what a clerk asks the department's duty specialist about a case, and the answer; both stay."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="questions", db_index=False)
    department = _fk("network.Department", indexed=False)
    text = SealedText(aad="cases_question.text")
    asked_at = models.DateTimeField()
    asked_by = _fk("people.Staff")
    asked_name = models.CharField(max_length=60)  # as the ledger names them; a staff name is public
    answer = SealedText(aad="cases_question.answer", keep_empty=True, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = _fk("people.Staff", null=True)
    answered_name = models.CharField(max_length=60, blank=True)
    put_to = _fk("people.Staff", null=True)  # on duty when it was asked (值班专员); nobody: the department
    put_to_name = models.CharField(max_length=60, blank=True)
    for_knowledge = models.BooleanField(default=False)  # the answer is of use beyond this case (知识库)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, for_knowledge=False)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="question_answered_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "asked_at"], name="question_of_case"),
            models.Index(fields=["department", "answered_at", "asked_at"], name="question_of_department"),
        ]
