"""求助: requests for help beside cases, their steps and the cases that were linked (docs/adr/0009-turns.md); part of `cases.models`."""

from typing import Any

from django.db import models
from django.db.models import Q

from yichuang.cases.helping import HelpKind, HelpState
from yichuang.core.fields import SealedText
from yichuang.core.ids import new_id


def _fk(to: str, name: str = "+", *, null: bool = False) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name=name, null=null, blank=null)


class HelpRequest(models.Model):
    """One request. What somebody writes of themselves, and where they live, is sealed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=10)
    item_code = models.CharField(max_length=60, blank=True)
    place = _fk("network.Place")
    asker = _fk("people.Party")
    asker_masked = models.CharField(max_length=120)
    state = models.CharField(max_length=10, default=HelpState.OPEN.value)
    text = SealedText(aad="cases_helprequest.text")
    address = SealedText(aad="cases_helprequest.address", keep_empty=True, blank=True, default="")
    wished = SealedText(aad="cases_helprequest.wished", keep_empty=True, blank=True, default="")
    consents = models.JSONField(default=list)
    channel = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    asked_at_window_by = _fk("people.Staff", null=True)
    helper = _fk("people.Staff", null=True)
    helper_name = models.CharField(max_length=60, blank=True)  # as the ledger names them; a staff name is public
    taken_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in HelpKind]), name="help_kind_known"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in HelpState]), name="help_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="open", helper__isnull=True, ended_at__isnull=True)
                | Q(state="taken", helper__isnull=False, taken_at__isnull=False, ended_at__isnull=True)
                | Q(state="done", helper__isnull=False, ended_at__isnull=False)
                | Q(state="ended", ended_at__isnull=False),
                name="help_taken_by_one",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "ended"]) | Q(consents=[]), name="help_consent_ends_with_it"
            ),
        ]
        indexes = [
            models.Index(
                fields=["place", "asked_at", "id"], condition=Q(state__in=["open", "taken"]), name="help_of_place"
            ),
            models.Index(fields=["asker", "-id"], name="help_of_asker"),
        ]


class HelpStep(models.Model):
    """Who did what for a request."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = _fk("cases.HelpRequest", "steps")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    by_kind = models.CharField(max_length=10)
    by_id = models.UUIDField(null=True, blank=True)
    by_name = SealedText(aad="cases_helpstep.by_name")
    text = SealedText(aad="cases_helpstep.text", keep_empty=True, blank=True, default="")
    case = _fk("cases.Case", null=True)  # that was linked
