"""共同签署: a draft that several people sign before it is filed; part of `cases.models`."""

from typing import Any

from django.db import models
from django.db.models import Q

from yichuang.cases.cosigning import SignatureState, SigningState
from yichuang.core.fields import SealedJson, SealedText
from yichuang.core.ids import new_id

STATES = [state.value for state in SigningState]
MARKS = [state.value for state in SignatureState]


def _fk(to: str, name: str = "+", *, null: bool = True) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name=name, null=null, blank=null)


class Signing(models.Model):
    """What is signed, fixed when signatures were asked for: nobody signs what others changed meanwhile.

    `draft` is an id only: the draft goes when it is filed, or thrown away. `content` is the filing (see `commands.signing`).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draft = models.UUIDField()
    owner = _fk("people.Party", null=False)
    item_code = models.CharField(max_length=60)
    item_version = models.PositiveIntegerField()
    item_name_zh = models.CharField(max_length=200)
    item_name_en = models.CharField(max_length=300)
    content = SealedJson(aad="cases_signing.content")
    mark = models.CharField(max_length=64)  # (`cosigning.digest_of`)
    draft_mark = models.CharField(max_length=64)  # likewise, of the draft as it stood
    state = models.CharField(max_length=10, default=SigningState.OPEN.value)
    proved = models.CharField(max_length=10)  # how the one who asked proved to be it: password, sms
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    why = models.JSONField(default=list)  # [[zh, en], …]: why what all signed could not be filed
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="signing", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="signing_state_known"),
            models.UniqueConstraint(fields=["draft"], condition=Q(state="open"), name="signing_open_once"),
            models.CheckConstraint(
                condition=Q(state="filed", case__isnull=False, ended_at__isnull=False)
                | Q(state="open", case__isnull=True, ended_at__isnull=True)
                | Q(~Q(state__in=["open", "filed"]), case__isnull=True, ended_at__isnull=False),
                name="signing_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["draft", "-id"], name="signing_of_draft"),
            models.Index(fields=["expires_at", "id"], condition=Q(state="open"), name="signing_running"),
        ]


class Signature(models.Model):
    """One person's signature: asked of whoever bears the number, not of an account."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    signing = _fk("cases.Signing", "signatures", null=False)
    order = models.PositiveSmallIntegerField()
    number = SealedText(aad="cases_signature.number")
    number_index = models.CharField(max_length=64)
    name = SealedText(aad="cases_signature.name")
    roles = models.JSONField()  # [[zh, en], …]
    signs = models.JSONField()
    state = models.CharField(max_length=10, default=SignatureState.ASKED.value)
    at = models.DateTimeField(null=True, blank=True)
    party = _fk("people.Party")  # who signed or refused, as known to us
    how = models.CharField(max_length=10, blank=True)  # password, sms, counter
    by = _fk("people.Staff")  # the clerk before whom it was signed
    reason = SealedText(aad="cases_signature.reason", keep_empty=True, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["signing", "number_index"], name="signature_once"),
            models.CheckConstraint(condition=Q(state__in=MARKS), name="signature_state_known"),
            models.CheckConstraint(
                condition=Q(state="asked", at__isnull=True, party__isnull=True, how="")
                | Q(state__in=["signed", "refused"], at__isnull=False, party__isnull=False),
                name="signature_whole",
            ),
        ]
        indexes = [models.Index(fields=["number_index", "-id"], name="signature_of_number")]
