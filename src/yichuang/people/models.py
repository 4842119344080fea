"""Tables of people. Personal data is sealed; equality is asked of blind indexes; looks are append-only."""

import hashlib
import hmac
from functools import lru_cache
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from yichuang.core.fields import SealedText
from yichuang.core.ids import new_id
from yichuang.core.roles import ALL, THREE_ADMINISTRATORS
from yichuang.people.values import ID_TYPES, REPRESENTATION_WORDS, USCC

_HASH = 64  # hex digits of a blind index


def _ends_after_start(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name=name)


class Party(models.Model):
    """A natural person or a company (当事人): known by one identity document, whatever they do here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=7)
    name = SealedText(aad="people_party.name")
    name_masked = models.CharField(max_length=120)
    id_type = models.CharField(max_length=3)
    id_no = SealedText(aad="people_party.id_no")
    id_index = models.CharField(max_length=_HASH)
    mobile = SealedText(aad="people_party.mobile", default="")
    mobile_index = models.CharField(max_length=_HASH, default="", db_index=True)
    address = SealedText(aad="people_party.address", default="")
    email = SealedText(aad="people_party.email", default="")  # only after its owner proved to read it
    birth_date = SealedText(aad="people_party.birth_date", default="")  # ISO 8601, "" when unknown
    demo = models.BooleanField(default=False)
    registered_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("id_type", "id_index"), name="people_party_identity_once"),
            models.CheckConstraint(
                condition=Q(kind="company", id_type=USCC)
                | Q(kind="person", id_type__in=sorted(ID_TYPES.keys() - {USCC})),
                name="people_party_kind_fits_id_type",
            ),
        )

    def __str__(self) -> str:
        return self.name_masked


class Representation(models.Model):
    """Who stands for whom (代理): agents, legal representatives, guardians. Revoked, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agent = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="stands_for")
    principal = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="represented_by")
    kind = models.CharField(max_length=20)
    items = ArrayField(models.CharField(max_length=80), default=list)  # empty: all items
    basis = SealedText(aad="people_representation.basis", keep_empty=True, default="")  # the document that was seen
    declared = models.BooleanField(default=False)  # a court declared the ward to lack capacity
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=sorted(REPRESENTATION_WORDS)), name="people_representation_kind"
            ),
            models.CheckConstraint(condition=~Q(agent=F("principal")), name="people_representation_of_another"),
            models.CheckConstraint(
                condition=~Q(kind="agent") | Q(valid_to__isnull=False), name="people_representation_agent_has_an_end"
            ),
            models.CheckConstraint(
                condition=~Q(kind="guardian") | Q(valid_to__isnull=False) | Q(declared=True),
                name="people_representation_guardian_of_minor_or_declared",
            ),
            _ends_after_start("people_representation_ends_after_start"),
            models.UniqueConstraint(
                fields=("agent", "principal", "kind", "items", "valid_from"),
                condition=Q(revoked_at__isnull=True),
                name="people_representation_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agent_id} {self.kind} {self.principal_id}"


@lru_cache(maxsize=4)
def _stamp_key(secret: str) -> bytes:
    """The key that Django's `salted_hmac` makes anew each time: each page of somebody signed in asks for a stamp."""
    return hashlib.sha256(b"yichuang.people.stamp" + secret.encode()).digest()


def stamp_of(account: UUID, password: str, epoch: int) -> str:
    """`Account.stamp` of an account of which only these are known."""
    told = f"{account}|{password}|{epoch}"
    return hmac.digest(_stamp_key(settings.SECRET_KEY), told.encode(), "sha256").hex()


class Account(AbstractBaseUser):
    """What somebody signs in with: a person's own (party) or a staff account (Staff.account), never both."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=150, unique=True)  # as rules.normalise_username spells it
    party = models.OneToOneField(Party, null=True, on_delete=models.PROTECT, related_name="account")
    phone = SealedText(aad="people_account.phone", default="")
    phone_index = models.CharField(max_length=_HASH, default="")
    must_change = models.BooleanField(default=False)  # the password was chosen by somebody else
    identity_seen = models.BooleanField(default=False)  # opened against the document itself (证件当面核验)
    language = models.CharField(max_length=10, default="zh-hans")  # of messages: that of the pages last used
    epoch = models.PositiveIntegerField(default=0)  # counts up whenever all sessions must end
    opened_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)
    last_login = None  # ours is `last_sign_in_at`, written with the time of the act
    last_sign_in_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = BaseUserManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("phone_index",), condition=~Q(phone_index=""), name="people_account_phone_once"
            ),
        )

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django's is a plain attribute
        return self.disabled_at is None

    def stamp(self) -> str:
        """What a session must hold to be believed: old as soon as password or powers change."""
        return stamp_of(self.id, self.password, self.epoch)

    def get_session_auth_hash(self) -> str:
        return self.stamp()


class Staff(models.Model):
    """A member of staff (工作人员) and where they work."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="staff")
    staff_no = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    place = models.ForeignKey("network.Place", null=True, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("network.Department", null=True, on_delete=models.PROTECT, related_name="+")
    window = models.CharField(max_length=8, default="")
    demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.staff_no} {self.name}"


class GrantRow(models.Model):
    """A role (角色) × place × department, for a time. Revoked, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=30)
    place = models.ForeignKey("network.Place", null=True, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("network.Department", null=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    granted_by = models.ForeignKey(
        Staff, null=True, on_delete=models.PROTECT, related_name="+"
    )  # None: at installation
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(role__in=sorted(ALL)), name="people_grant_role_known"),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("staff")), name="people_grant_not_to_oneself"
            ),
            _ends_after_start("people_grant_ends_after_start"),
            models.UniqueConstraint(
                fields=("staff", "role", "place", "department", "valid_from"),
                condition=Q(revoked_at__isnull=True),
                nulls_distinct=False,
                name="people_grant_once",
            ),
            # 三员分立: holds even against code that forgets the rule
            ExclusionConstraint(
                name="people_grant_three_administrators",
                expressions=[
                    ("staff", RangeOperators.EQUAL),
                    ("role", RangeOperators.NOT_EQUAL),
                    (
                        Func(
                            F("valid_from"),
                            F("valid_to"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(role__in=sorted(THREE_ADMINISTRATORS), revoked_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.staff_id} {self.role}"


class Qualification(models.Model):
    """上岗资格: for which item, or all of a department, or (neither) everything somebody may be routed people. Withdrawn,
    never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="qualifications")
    item = models.CharField(max_length=60, default="")
    department = models.ForeignKey("network.Department", null=True, on_delete=models.PROTECT, related_name="+")
    evidence = SealedText(aad="people_qualification.evidence", keep_empty=True)  # examination, training: free text
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    granted_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")  # None: the demo
    granted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    why_withdrawn = SealedText(aad="people_qualification.why_withdrawn", keep_empty=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(item="") | Q(department__isnull=True), name="people_qualification_of_one_kind"
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("staff")),
                name="people_qualification_not_to_oneself",
            ),
            _ends_after_start("people_qualification_ends_after_start"),
            models.UniqueConstraint(
                fields=("staff", "item", "department", "valid_from"),
                condition=Q(withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="people_qualification_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.staff_id} {self.item or self.department_id or '*'}"


class Posting(models.Model):
    """Who sits at which post (岗位): tasks of the process go to the post."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="postings")
    post = models.ForeignKey("network.Post", to_field="code", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            _ends_after_start("people_posting_ends_after_start"),
            models.UniqueConstraint(
                fields=("staff", "post"), condition=Q(ended_at__isnull=True), name="people_posting_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.staff_id} {self.post_id}"


class SignInCode(models.Model):
    """A six-digit code that was sent; only its keyed hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    phone_index = models.CharField(max_length=_HASH)
    code_hash = models.CharField(max_length=_HASH)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("phone_index", "-sent_at"), name="people_code_newest"),)
        constraints = (
            models.CheckConstraint(condition=Q(tries__lte=5), name="people_code_five_tries"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="people_code_expires_later"),
        )

    def __str__(self) -> str:
        return str(self.id)


class KeptProof(models.Model):
    """实名确认 in a request of its own, before the filing that it is for: counts once, for five minutes. Forgotten with the codes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=10)
    at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


class Tally(models.Model):
    """How much of a budget is used: codes sent, passwords tried. The key is a blind index, or "" for all together."""

    pk = models.CompositePrimaryKey("scope", "key")
    scope = models.CharField(max_length=30)
    key = models.CharField(max_length=_HASH)
    used = models.PositiveIntegerField()
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.scope} {self.used}"


class Token(models.Model):
    """A bearer token of the API; only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="tokens")
    token_hash = models.CharField(max_length=_HASH, unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(expires_at__gt=F("issued_at")), name="people_token_expires_later"),
        )

    def __str__(self) -> str:
        return str(self.id)


class Look(models.Model):
    """One look at somebody's data (谁看过我的数据). Append-only by trigger; holds no personal data itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="looks")
    viewer_kind = models.CharField(max_length=10)
    viewer_staff = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    viewer_party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("network.Place", null=True, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=60)
    fields = ArrayField(models.CharField(max_length=30))
    case_number = models.CharField(max_length=50, default="")
    reason = SealedText(aad="people_look.reason", default="")  # free text: somebody may type a name into it
    unmasked = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("party", "-at"), name="people_look_of_party"),
            models.Index(fields=("-at", "-id"), name="people_look_newest"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(viewer_kind="staff", viewer_staff__isnull=False, viewer_party__isnull=True)
                | Q(viewer_kind="person", viewer_party__isnull=False, viewer_staff__isnull=True)
                | Q(viewer_kind__in=["system", "link"], viewer_staff__isnull=True, viewer_party__isnull=True),
                name="people_look_has_its_viewer",
            ),
            models.CheckConstraint(condition=~Q(fields=[]), name="people_look_names_fields"),
        )

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.purpose}"


class ServiceConsent(models.Model):
    """同意电子送达: that a party takes what is opened in its account as served, in which words, confirmed for which number.

    `item` "": for everything; else for one item, as its agent for that item may say. Withdrawn, never deleted.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="service_consents")
    item = models.CharField(max_length=80, default="")
    version = models.CharField(max_length=20)  # of the words that were agreed to: `service.TEXTS`
    mobile = SealedText(aad="people_serviceconsent.mobile", keep_empty=True, default="")  # reminders go there
    given_at = models.DateTimeField()
    given_channel = models.CharField(max_length=10)
    given_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    given_staff = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")  # saw it signed
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_channel = models.CharField(max_length=10, default="")
    withdrawn_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_staff = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_with_all = models.BooleanField(default=False)  # whoever took it back took back everything, not this item

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("party", "item"), condition=Q(withdrawn_at__isnull=True), name="people_consent_in_force_once"
            ),
            models.CheckConstraint(
                condition=Q(given_by__isnull=False, given_staff__isnull=True)
                | Q(given_by__isnull=True, given_staff__isnull=False),
                name="people_consent_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_staff__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, withdrawn_staff__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=True, withdrawn_staff__isnull=False),
                name="people_consent_withdrawn_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.party_id} {self.version}"


class FaceCheck(models.Model):
    """刷脸核验: a person agreed that a platform compares their face, and what it said. No picture, and nothing that one could
    be made from, is ever here. What nobody uses for a case is forgotten after two days.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.CharField(
        max_length=60, default="", blank=True
    )  # for whose filing they agreed; "": asked before it was kept
    nonce = SealedText(aad="people_facecheck.nonce")  # whoever knew it could read the answer
    agreed_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    score = models.DecimalField(max_digits=4, decimal_places=3, null=True, blank=True)
    reference = models.CharField(max_length=80, blank=True, default="")  # the platform's own number
    used_for = models.UUIDField(null=True, blank=True)  # a case: once
    set_aside_at = models.DateTimeField(null=True, blank=True)  # the person wants people to decide instead

    class Meta:
        indexes = (models.Index(fields=("party", "-agreed_at"), name="people_face_newest"),)
        constraints = (
            models.UniqueConstraint(fields=("used_for",), name="people_face_of_a_case_once"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, score__isnull=True, reference="", used_for__isnull=True)
                | (Q(answered_at__isnull=False, score__gte=0, score__lte=1) & ~Q(reference="")),
                name="people_face_answered_whole",
            ),
        )

    def __str__(self) -> str:
        return str(self.id)
