"""秒批: the state of rule sets, what each said of a case, blind re-checks, and reviews that applicants ask for (docs/adr/0020); part of `cases.models`."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q

from yichuang.cases.instant import JudgedBy, Mode
from yichuang.core.fields import SealedJson, SealedText
from yichuang.core.ids import new_id

MODES = [mode.value for mode in Mode]
_SHA = 64  # hex digits


def _fk(to: str, name: str = "+", *, null: bool = False, indexed: bool = True) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name=name, null=null, blank=null, db_index=indexed)


class RuleSet(models.Model):
    """规则集: how far a table of an item may go. No row: it decides beside people (shadow)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item_code = models.CharField(max_length=60)
    sha = models.CharField(max_length=_SHA)  # (`catalog` DecisionSpec.sha)
    mode = models.CharField(max_length=10, default=Mode.SHADOW.value)
    since = models.DateTimeField()
    reason_zh = models.CharField(max_length=300, blank=True)
    reason_en = models.CharField(max_length=300, blank=True)
    percent = models.DecimalField(max_digits=5, decimal_places=2, default=5)  # 抽查: of what it decided alone
    bound = models.DecimalField(
        max_digits=6, decimal_places=5, default=Decimal("0.01")
    )  # disagreement at most: a share
    changed_by = _fk("people.Staff", null=True)  # None: the system
    counted_from = models.DateTimeField(
        null=True, blank=True
    )  # since when its evidence counts; None: all. Two persons move it
    proved_from = models.DateTimeField(
        null=True, blank=True
    )  # when it last stopped itself: what agreed before speaks for it no more

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item_code", "sha"], name="rule_set_once"),
            models.CheckConstraint(condition=Q(mode__in=MODES), name="rule_set_mode_known"),
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="rule_set_percent"),
            models.CheckConstraint(condition=Q(bound__gte=0, bound__lte=1), name="rule_set_bound"),
        ]


class AutoDecision(models.Model):
    """自动判断: what the table of its item said of a case, once, on what it read; made with the filing, judged after it.

    `inputs` and `record` explain and repeat it. `doubts` are [zh, en, public, code]: what is not public concerns others
    than the applicant. `sources` says how each look-up did: name -> state or fault.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="auto_decision")
    item_code = models.CharField(max_length=60)
    item_version = models.PositiveIntegerField()
    sha = models.CharField(max_length=_SHA)
    mode = models.CharField(max_length=10)  # of the rule set when it was judged; until then it shows nothing
    state = models.CharField(max_length=10, default=JudgedBy.WAITING.value)
    verdict = models.CharField(max_length=10, blank=True)
    codes = models.JSONField(default=list)
    doubts = models.JSONField(default=list)
    inputs = SealedJson(aad="cases_autodecision.inputs")
    record = models.BinaryField(default=b"")
    sources = models.JSONField(default=dict)
    proved = models.CharField(max_length=10, blank=True)  # how the applicant proved to be who filed: password, sms
    error = models.CharField(max_length=40, blank=True)  # under which the log has what went wrong
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    judged_at = models.DateTimeField(null=True, blank=True)
    acted = models.BooleanField(default=False)  # decided alone: accepted and granted without a person

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(mode__in=MODES), name="auto_decision_mode_known"),
            models.CheckConstraint(
                condition=Q(state="waiting", verdict="", judged_at__isnull=True, acted=False)
                | Q(state="done", verdict__in=["approve", "person"], judged_at__isnull=False)
                | Q(state="failed", verdict="", judged_at__isnull=False, acted=False),
                name="auto_decision_whole",
            ),
            models.CheckConstraint(
                condition=Q(acted=False) | Q(verdict="approve", mode="alone"), name="auto_decision_acts_when_sure"
            ),
        ]
        indexes = [
            models.Index(
                fields=["item_code", "sha", "-judged_at", "-id"],
                condition=Q(state="done"),
                name="auto_decision_of_set",
            ),
            models.Index(fields=["state", "id"], condition=Q(state="waiting"), name="auto_decision_waiting"),
        ]


class Claim(models.Model):
    """在先申请: what a filing asks to have registered (a name, an address), under the blind keys by which certificates are
    counted. What is still open counts beside the certificates when a later filing of the same is judged."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = _fk("cases.Case", "claims")
    key = models.CharField(max_length=_SHA)

    class Meta:
        indexes = [models.Index(fields=["key", "case"], name="claim_of_key")]


class Recheck(models.Model):
    """抽查: an automatic decision that a person looks at blind; its verdict is compared afterwards."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    decision = models.OneToOneField(AutoDecision, on_delete=models.PROTECT, related_name="recheck")
    department = _fk("network.Department", indexed=False)
    drawn_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")
    by = _fk("people.Staff", null=True)
    at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=10, blank=True)
    reasons = SealedText(aad="cases_recheck.reasons", keep_empty=True, blank=True, default="")
    found = models.JSONField(default=list)  # results of the table that it should have had: what was missed

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", verdict="", at__isnull=True)
                | Q(state="done", verdict__in=["grant", "not"], at__isnull=False, by__isnull=False),
                name="recheck_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "drawn_at", "id"], condition=Q(state="open"), name="recheck_open"),
            models.Index(fields=["department", "-id"], name="recheck_of_department"),
            models.Index(fields=["at"], condition=Q(state="done"), name="recheck_answered"),
        ]


class HumanReview(models.Model):
    """人工复核: the applicant asks for a person to look at what was decided automatically (个人信息保护法 art. 24)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="human_review")
    department = _fk("network.Department", indexed=False)
    asked_at = models.DateTimeField()
    asked_by = _fk("people.Party")
    reason = SealedText(aad="cases_humanreview.reason")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = _fk("people.Staff", null=True)
    answered_name = models.CharField(max_length=60, blank=True)  # as the ledger names them; a staff name is public
    stands = models.BooleanField(null=True)  # whether the decision is right as it is
    undue = models.BooleanField(default=False)  # it should not have been granted at all
    answer = SealedText(aad="cases_humanreview.answer", keep_empty=True, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, stands__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False, stands__isnull=False),
                name="human_review_answered_whole",
            ),
            models.CheckConstraint(condition=Q(undue=False) | Q(stands=False), name="human_review_undue"),
        ]
        indexes = [
            models.Index(
                fields=["department", "asked_at", "id"],
                condition=Q(answered_at__isnull=True),
                name="human_review_open",
            ),
            models.Index(fields=["department", "-id"], name="human_review_of_dep"),
            models.Index(fields=["answered_at"], condition=Q(answered_at__isnull=False), name="human_review_answered"),
        ]
