"""告知承诺: the promise that was signed with a filing, and the checks that follow the decision; part of `cases.models`."""

from typing import Any

from django.db import models
from django.db.models import Q

from yichuang.cases.commitments import Kept
from yichuang.core.fields import SealedText
from yichuang.core.ids import new_id


def _fk(to: str, name: str = "+", *, null: bool = False, indexed: bool = True) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name=name, null=null, blank=null, db_index=indexed)


class SignedCommitment(models.Model):
    """One commitment of the item's, signed by or for the applicant. What it says is frozen in its document."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = _fk("cases.Case", "commitments", indexed=False)
    code = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=300)
    post = models.CharField(max_length=60)  # that checks it
    how = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default=Kept.SIGNED.value)
    version = models.PositiveIntegerField(default=1)  # optimistic: every act raises it
    document = models.UUIDField()
    signed_at = models.DateTimeField()
    sign_way = models.CharField(max_length=10)  # "window", or how the signer was proved

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "code"], name="commitment_once_per_case"),
            models.CheckConstraint(condition=Q(state__in=[one.value for one in Kept]), name="commitment_state_known"),
        ]
        indexes = [models.Index(fields=["post", "state", "id"], name="commitment_of_post")]


class CommitmentCheck(models.Model):
    """后续核查: due by a day, made by a post; kept, broken, not to be made, or ended with the certificate. Broken the first time, what is to be put right.

    On site it has an `Inspection` by two, found by this row's id.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = _fk("cases.Case", "checks")
    commitment = _fk("cases.SignedCommitment", "checks", indexed=False)
    round = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    due_date = models.DateField()
    state = models.CharField(max_length=10, default="open")
    findings = SealedText(aad="cases_commitmentcheck.findings", keep_empty=True, blank=True, default="")
    recorded_at = models.DateTimeField(null=True, blank=True)
    recorded_by = _fk("people.Staff", null=True)
    recorded_name = models.CharField(max_length=60, blank=True)  # names of officials are public
    demands = SealedText(aad="cases_commitmentcheck.demands", keep_empty=True, blank=True, default="")
    mend_by = models.DateField(null=True, blank=True)
    order = models.UUIDField(null=True, blank=True)  # the paper of the order

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commitment", "round"], name="check_rounds_count_up"),
            models.UniqueConstraint(fields=["commitment"], condition=Q(state="open"), name="one_open_check"),
            models.CheckConstraint(
                condition=Q(state="open", recorded_at__isnull=True)
                | Q(state__in=["kept", "broken", "unable", "ended"], recorded_at__isnull=False),
                name="check_recorded_whole",
            ),
            models.CheckConstraint(
                condition=Q(mend_by__isnull=True, order__isnull=True)
                | Q(state="broken", mend_by__isnull=False, order__isnull=False),
                name="mending_only_of_what_is_broken",
            ),
        ]
        indexes = [models.Index(fields=["due_date", "id"], condition=Q(state="open"), name="check_due")]
