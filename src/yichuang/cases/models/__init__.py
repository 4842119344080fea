"""Tables of the cases room. No decisions here; what the database must guarantee is a named constraint."""

from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from yichuang.cases.models.commitment import SignedCommitment as SignedCommitment
from yichuang.cases.models.correction import Correction as Correction
from yichuang.cases.models.drafts import Draft as Draft
from yichuang.cases.models.help import HelpRequest as HelpRequest
from yichuang.cases.models.help import HelpStep as HelpStep
from yichuang.cases.models.known import Known as Known
from yichuang.cases.models.signing import Signature as Signature
from yichuang.cases.models.signing import Signing as Signing
from yichuang.cases.models.transfer import Transfer as Transfer
from yichuang.cases.models.turns import Priority as Priority
from yichuang.cases.models.turns import Question as Question
from yichuang.cases.models.turns import ResultPlace as ResultPlace
from yichuang.cases.states import ENDS, State
from yichuang.cases.values import Purpose, TripKind
from yichuang.core.fields import SealedJson, SealedText
from yichuang.core.ids import new_id

STATES = [state.value for state in State]
RUNNING = Q(due_at__isnull=False)
ELSEWHERE = ~Q(taking_place=F("responsible_place"))  # 代收: another place answers for it
PURPOSES = [purpose.value for purpose in Purpose]
TRIP_KINDS = [kind.value for kind in TripKind]
CHANNELS = ["portal", "counter", "kiosk", "community", "api", "link", "system"]


def _fk(to: str, name: str = "+", *, null: bool = False, indexed: bool = True) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name=name, null=null, blank=null, db_index=indexed)


class Encounter(models.Model):
    """One service to one person (一次到访): tickets, ratings and trips hang on it.

    `place` is set when the person came in; `ended_at` moves on while further acts join the same stay.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = _fk("network.Place", null=True)
    window = models.CharField(max_length=20, blank=True)
    channel = models.CharField(max_length=20)
    staff = _fk("people.Staff", null=True)
    person = _fk("people.Party", null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True)  # what they came for: "filed", or a `Purpose`

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="encounter_channel_known"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("started_at")),
                name="encounter_ends_after_start",
            ),
        ]
        indexes = [BrinIndex(fields=["started_at"], name="encounter_by_day")]  # they are written in this order


class Case(models.Model):
    """One application (办件). The item version it was filed under stays with it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(
        max_length=40
    )  # one of its kind by a constraint: a `unique` column has an index for LIKE too
    query_code = SealedText(aad="cases_case.query_code")
    query_index = models.CharField(max_length=64)  # blind index of number + query code
    version = models.PositiveIntegerField(default=1)  # optimistic: every act raises it
    state = models.CharField(max_length=20, default=State.SUBMITTED.value)
    item_code = models.CharField(max_length=60)
    item_version = models.PositiveIntegerField()
    item_name_zh = models.CharField(max_length=200)
    item_name_en = models.CharField(max_length=300)
    is_permit = models.BooleanField()
    answers = models.JSONField(default=dict)
    form = SealedJson(aad="cases_case.form")
    channel = models.CharField(max_length=20)
    taking_place = _fk("network.Place", indexed=False)  # work lists' indexes begin with it
    responsible_place = _fk("network.Place")
    department = _fk("network.Department", indexed=False)
    encounter = _fk("cases.Encounter", "cases", null=True)
    applicant = _fk("people.Party", indexed=False)  # the lists of "my cases" begin with it, and with agent and receiver
    applicant_masked = models.CharField(max_length=120)
    package = models.CharField(max_length=40, blank=True, default="")  # 一件事: the number of what it is a part of
    agent = _fk("people.Party", null=True, indexed=False)
    payer = _fk("people.Party", null=True)
    receiver = _fk("people.Party", indexed=False)
    previous = _fk("cases.Case", null=True)
    follow_up = models.CharField(max_length=10, blank=True, default="")  # 变更, 延续, 补发 of the result of `previous`
    locale = models.CharField(max_length=10, default="zh-hans")
    # what the clock is derived from
    filed_at = models.DateTimeField()
    received_at = models.DateTimeField()  # the legal instant of receipt; both times stand on the receipt
    corrected_date = models.DateField(null=True, blank=True)
    prechecked_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_date = models.DateField(null=True, blank=True)
    accepted_as = models.CharField(max_length=10, blank=True)
    legal_amount = models.DecimalField(max_digits=6, decimal_places=1)
    legal_unit = models.CharField(max_length=10)
    promise_amount = models.DecimalField(max_digits=6, decimal_places=1)
    promise_unit = models.CharField(max_length=10)
    decided_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, blank=True)  # grant, deny
    delivered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # cached results of the derivation: what work lists sort by
    answer_due_at = models.DateTimeField(null=True, blank=True)
    promise_until = models.DateTimeField(null=True, blank=True)  # an offered promise may be signed before (容缺承诺)
    due_at = models.DateTimeField(null=True, blank=True)
    is_priority = models.BooleanField(default=False)  # cached from `Priority`
    trip_count = models.PositiveSmallIntegerField(
        default=0
    )  # 实际到现场次数: encounters in person that are joined to it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="case_number_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="case_state_known"),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="case_channel_known"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_date__isnull=True, accepted_as="")
                | Q(
                    accepted_at__isnull=False,
                    accepted_date__isnull=False,
                    accepted_as__in=["full", "promise", "deemed"],
                ),
                name="case_acceptance_whole",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=["IN_REVIEW", "SUSPENDED", "PREPARED", "GRANTED", "READY", "DELIVERED", "DENIED"]
                )
                | Q(accepted_at__isnull=False),
                name="case_reviewed_only_when_accepted",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["GRANTED", "READY", "DELIVERED", "DENIED"]) | Q(decided_at__isnull=False),
                name="case_result_only_when_decided",
            ),
            models.CheckConstraint(condition=Q(outcome__in=["", "grant", "deny"]), name="case_outcome_known"),
            models.CheckConstraint(
                condition=Q(follow_up="") | Q(follow_up__in=["change", "renew", "replace"], previous__isnull=False),
                name="case_follows_a_case",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(state.value for state in ENDS)) | Q(due_at__isnull=True),
                name="case_ended_is_not_due",
            ),
            models.CheckConstraint(
                condition=Q(promise_until__isnull=True) | Q(state="SUBMITTED"),
                name="case_promise_offered_before_acceptance",
            ),
        ]
        indexes = [
            models.Index(fields=["applicant", "-id"], name="case_applicant_recent"),
            models.Index(fields=["receiver", "-id"], name="case_receiver_recent"),
            models.Index(fields=["agent", "-id"], name="case_agent_recent"),
            models.Index(fields=["taking_place", "state", "due_at", "id"], name="case_place_work"),
            models.Index(fields=["department", "state", "due_at", "id"], name="case_department_work"),
            # work lists run along these: the most urgent of a place, a department, or all; ended cases are not in them
            models.Index(fields=["taking_place", "due_at", "id"], condition=RUNNING, name="case_place_urgent"),
            models.Index(fields=["department", "due_at", "id"], condition=RUNNING, name="case_department_urgent"),
            models.Index(fields=["due_at", "id"], condition=RUNNING, name="case_urgent"),
            models.Index(fields=["due_at", "id"], condition=RUNNING & Q(is_priority=True), name="case_priority"),
            models.Index(
                fields=["responsible_place", "due_at", "id"], condition=RUNNING & ELSEWHERE, name="case_answers_urgent"
            ),
            models.Index(
                fields=["responsible_place", "state", "due_at", "id"], condition=ELSEWHERE, name="case_answers_work"
            ),
            models.Index(
                fields=["answer_due_at", "id"], condition=Q(state="SUBMITTED", is_permit=True), name="case_unanswered"
            ),
            models.Index(
                fields=["promise_until", "id"], condition=Q(promise_until__isnull=False), name="case_promise_offered"
            ),
            models.Index(fields=["-id"], condition=Q(item_code__gt=""), name="case_recent"),
            # what came in on a day, and what was accepted: the figures of a desk
            models.Index(
                fields=["filed_at"], include=["taking_place", "responsible_place", "department"], name="case_filed"
            ),
            models.Index(
                fields=["accepted_at"],
                include=["taking_place", "responsible_place", "department", "accepted_as"],
                condition=Q(accepted_at__isnull=False),
                name="case_accepted",
            ),
            models.Index(
                fields=["closed_at"],
                include=["taking_place", "department", "item_code", "item_version", "trip_count"],
                condition=Q(closed_at__isnull=False),
                name="case_closed",
            ),
            models.Index(fields=["decided_at", "id"], condition=Q(state="GRANTED"), name="case_undelivered"),
            models.Index(
                fields=["id"], condition=Q(follow_up="renew", closed_at__isnull=True), name="case_renewal_open"
            ),
        ]

    @cached_property
    def fresh(self) -> list[models.Model]:
        """Rows that this act wrote beside the case (papers, files, holds …), until its entry vouches for them (`vouch`)."""
        return []

    @cached_property
    def known(self) -> Known:
        """What the act that goes on has read or written of the case itself and need not read again; mostly nothing."""
        return Known()


class Upload(models.Model):
    """A file handed in: cleaned, sealed at rest, named by us."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = _fk("people.Party", null=True)
    staff = _fk("people.Staff", null=True)
    case = _fk("cases.Case", "uploads", null=True)
    link = models.UUIDField(null=True, blank=True)  # through which `SupplyLink` or notice (`ToldParty`) it came
    name = SealedText(aad="cases_upload.name")
    kind = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    pages = models.PositiveIntegerField(default=1)
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=120)
    created_at = models.DateTimeField()


class Material(models.Model):
    """One material of a case, as the item's rules ask for it, and where it stands."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="materials", db_index=False)
    order = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=300)
    necessity = models.CharField(max_length=20)
    required = models.BooleanField()
    tolerable = models.BooleanField()
    promise_days = models.PositiveSmallIntegerField(default=0)
    basis = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=20)
    fault_zh = SealedText(aad="cases_material.fault_zh", keep_empty=True, blank=True, default="")
    fault_en = SealedText(aad="cases_material.fault_en", keep_empty=True, blank=True, default="")
    seen_original = models.BooleanField(default=False)
    due_date = models.DateField(null=True, blank=True)  # the promised day (容缺)
    arrived_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "code"], name="material_once_per_case"),
            models.CheckConstraint(
                condition=~Q(state="promised") | Q(due_date__isnull=False), name="promise_has_a_day"
            ),
        ]
        indexes = [models.Index(fields=["due_date", "id"], condition=Q(state="promised"), name="material_promised_due")]


class MaterialFile(models.Model):
    """A file handed in for a material; earlier ones stay."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    material = models.ForeignKey(Material, on_delete=models.PROTECT, related_name="files")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="files")
    at = models.DateTimeField()


class GapNotice(models.Model):
    """一次性告知: computed, frozen, numbered. A second one may not ask for what the first did not name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notices", db_index=False)
    round = models.PositiveSmallIntegerField()
    items = SealedJson(aad="cases_gapnotice.items")  # a clerk's words on a fault may name somebody
    told_at = models.DateTimeField()
    told_by = _fk("people.Staff", null=True)
    new_demands = models.JSONField(default=list)  # a violation when not empty: counted, shown, reasoned
    supervisor = _fk("people.Staff", null=True)
    supervisor_reason = SealedText(aad="cases_gapnotice.supervisor_reason", keep_empty=True, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="notice_rounds_count_up"),
            models.CheckConstraint(
                condition=Q(new_demands=[]) | (Q(supervisor__isnull=False) & ~Q(supervisor_reason="")),
                name="new_demand_needs_supervisor",
            ),
        ]


class Suspension(models.Model):
    """特别程序: the legal clock stands still, on a lawful ground, told in writing."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="suspensions", db_index=False)
    ground = models.CharField(max_length=20)
    reason = SealedText(aad="cases_suspension.reason")
    planned_days = models.PositiveSmallIntegerField()
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)
    by = _fk("people.Staff", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(end_date__isnull=True), name="one_running_suspension"),
        ]
        indexes = [models.Index(fields=["case", "start_date"], name="suspension_of_case")]


class Extension(models.Model):
    """延期: once, with the approval of the organ's head, the reason told (art. 42)."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="extension")
    days = models.PositiveSmallIntegerField()
    reason = SealedText(aad="cases_extension.reason")
    approved_by = SealedText(aad="cases_extension.approved_by")
    at = models.DateTimeField()
    by = _fk("people.Staff", null=True)


class Decision(models.Model):
    """准予 or 不予, with reasons; prepared first and served later when papers are outstanding."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="decision")
    outcome = models.CharField(max_length=10)
    reasons = SealedJson(aad="cases_decision.reasons")
    made_at = models.DateTimeField()
    made_by = _fk("people.Staff", null=True)
    served_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=["grant", "deny"]), name="decision_outcome_known"),
        ]


class Hold(models.Model):
    """What keeps a result from being served: fee unpaid, promise outstanding, hearing pending …"""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds", db_index=False)
    kind = models.CharField(max_length=30)
    source = models.CharField(max_length=100)
    words_zh = models.CharField(max_length=300)
    words_en = models.CharField(max_length=300)
    placed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "source"], condition=Q(lifted_at__isnull=True), name="hold_placed_once"
            ),
        ]
        indexes = [models.Index(fields=["case", "lifted_at"], name="hold_of_case")]


class Document(models.Model):
    """A legal document (文书): numbered, frozen in its words; the paper is rendered from it on demand."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents", db_index=False)
    kind = models.CharField(max_length=30)
    number = models.CharField(max_length=60)  # one of its kind by a constraint, as a case's
    organ = models.CharField(max_length=200)
    seal = models.CharField(max_length=100)
    values = SealedJson(aad="cases_document.values")
    template_version = models.PositiveSmallIntegerField(default=1)
    issued_at = models.DateTimeField()
    by = _fk("people.Staff", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number"], name="document_number")]
        indexes = [models.Index(fields=["case", "id"], name="document_of_case")]


class SupplyLink(models.Model):
    """资料后补: a code that opens exactly one thing — handing in the named materials of one case."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    code_index = models.CharField(max_length=64, unique=True)
    materials = models.JSONField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)


class PromiseLapse(models.Model):
    """A promise that was not kept: bars further promises of its kind (容缺, or 告知承诺), with notice, objection and repair."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = _fk("people.Party")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="lapse")
    at = models.DateTimeField()
    objection = SealedText(aad="cases_promiselapse.objection", blank=True, default="")
    objected_at = models.DateTimeField(null=True, blank=True)
    repaired_at = models.DateTimeField(null=True, blank=True)
    repaired_reason = SealedText(aad="cases_promiselapse.repaired_reason", keep_empty=True, blank=True, default="")
    of_commitment = models.BooleanField(default=False)  # 告知承诺, else 容缺


class Visit(models.Model):
    """Somebody came in once more for a case (再次到场). The filing at a window is joined by `Case.encounter` itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="visits", db_index=False)
    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="visits")
    purpose = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "encounter"], name="visit_once_per_encounter"),
            models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="visit_purpose_known"),
        ]


class TripCause(models.Model):
    """跑动账: why somebody came for a case — which material, which sentence of the guide, which window had asked for it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="trips", db_index=False)
    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="causes")
    kind = models.CharField(max_length=30)
    material = models.CharField(max_length=60, blank=True)
    guide_ref = models.CharField(
        max_length=200, blank=True
    )  # "materials/owner_id", "visits", in the case's item version
    window = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()
    chosen_by = _fk("people.Staff", null=True)  # None: the system knew

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "encounter", "kind", "material"], name="trip_cause_once"),
            models.CheckConstraint(condition=Q(kind__in=TRIP_KINDS), name="trip_cause_known"),
        ]


from yichuang.cases.models.after import Proceeding as Proceeding  # noqa: E402  (Django looks for tables here)
from yichuang.cases.models.duty import Duty as Duty  # noqa: E402  (likewise)
from yichuang.cases.models.escalation import Escalation as Escalation  # noqa: E402  (likewise)
from yichuang.cases.models.held import HeldPaper as HeldPaper  # noqa: E402  (likewise)
from yichuang.cases.models.instant import AutoDecision as AutoDecision  # noqa: E402  (likewise)
from yichuang.cases.models.instant import Claim as Claim  # noqa: E402  (likewise)
from yichuang.cases.models.instant import HumanReview as HumanReview  # noqa: E402  (likewise)
from yichuang.cases.models.instant import Recheck as Recheck  # noqa: E402  (likewise)
from yichuang.cases.models.instant import RuleSet as RuleSet  # noqa: E402  (likewise)
from yichuang.cases.models.rehearsal import Rehearsal as Rehearsal  # noqa: E402  (likewise)
from yichuang.cases.models.rehearsal import RehearsedChange as RehearsedChange  # noqa: E402  (likewise)
from yichuang.cases.models.relay import Relay as Relay  # noqa: E402  (likewise)
from yichuang.cases.models.relay import RelayStep as RelayStep  # noqa: E402  (likewise)
from yichuang.cases.models.review import ExtensionRequest as ExtensionRequest  # noqa: E402  (likewise)
from yichuang.cases.models.review import Hearing as Hearing  # noqa: E402  (behind the tables that they name)
from yichuang.cases.models.review import Inspection as Inspection  # noqa: E402  (likewise)
from yichuang.cases.models.review import ToldParty as ToldParty  # noqa: E402  (likewise)
