"""Opening, changing and closing accounts (账号)."""

import secrets
from datetime import datetime
from functools import cache
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from yichuang.core import crypto, ledger
from yichuang.core.actors import Actor, Channel
from yichuang.core.identifiers import check_mobile
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.second import withdraw_all
from yichuang.core.words import W, Words
from yichuang.network.queries import places_and_departments
from yichuang.notices.commands import send
from yichuang.notices.values import Address
from yichuang.people import budgets, rules
from yichuang.people.actors import plain_actor
from yichuang.people.commands.parties import A_PARTY
from yichuang.people.commands.sign_in import normal_phone, phone_index, signed_in
from yichuang.people.models import Account, Party, Staff, Token
from yichuang.people.permissions import check_can_manage_staff, check_can_open_account, sees_documents
from yichuang.people.values import SignedIn

AN_ACCOUNT = W("账号", "account")
LANGUAGES = frozenset({"zh-hans", "en"})
DEFAULT_LANGUAGE = "zh-hans"
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0 o 1 l i: user names are read out aloud


@transaction.atomic
def open_account(
    *,
    actor: Actor,
    party: UUID,
    phone: str,
    username: str = "",
    password: str | None = None,
    must_change: bool = True,
    locale: str = DEFAULT_LANGUAGE,
    at: datetime,
) -> UUID:
    """A citizen's account; opened at a counter, where the document is seen, its owner counts as identified
    (`identity_seen`). Without a password the person signs in by SMS code and chooses one then.

    `must_change` is False only for a password that the person typed themselves.

    Refused: ACCOUNT_EXISTS, USERNAME_TAKEN, PHONE_TAKEN, and every fault of a given password.
    """
    check_can_open_account(actor)
    row = Party.objects.select_for_update(of=("self",)).filter(id=party, kind="person").first()
    if row is None:
        raise NotFound(A_PARTY)
    name = rules.normalise_username(username) or "u" + "".join(secrets.choice(_ALPHABET) for _ in range(9))
    digits = normal_phone(phone)
    reasons = _check_free(name, digits)
    if Account.objects.filter(party=row).exists():
        words = W("此人已有账号", "This person already has an account")
        reasons.append(Reason("ACCOUNT_EXISTS", words, "/party"))
    refuse_all(reasons, kind="conflict")
    account = create_account(
        name, digits, password, at, party=row.id, must_change=must_change, language=locale, seen=sees_documents(actor)
    )
    _record(actor, "people.open_account", account, at)
    send(
        address=Address("sms", digits, row.id),
        locale=locale,
        template="account_opened",
        values={"username": name},
        at=at,
    )
    return account


@transaction.atomic
def open_staff_account(
    *,
    actor: Actor,
    username: str,
    name: str,
    staff_no: str,
    password: str,
    phone: str = "",
    place: UUID | None = None,
    department: UUID | None = None,
    window: str = "",
    must_change: bool = True,
    demo: bool = False,
    at: datetime,
) -> UUID:
    """A member of staff with a first password, to be changed at the first sign-in; no powers yet. The Staff id.

    Only the system administrator. Refused with all at once: what is missing or malformed, faults of the password,
    PLACE_UNKNOWN, DEPARTMENT_UNKNOWN (422); USERNAME_TAKEN, PHONE_TAKEN, STAFF_NO_TAKEN (409, when nothing else is wrong).
    """
    check_can_manage_staff(actor)
    spelled, name, staff_no = rules.normalise_username(username), name.strip(), staff_no.strip()
    wrong = check_mobile(phone, field="/phone") if phone else []
    digits = "" if wrong or not phone else normal_phone(phone)
    wrong += rules.judge_staff(username=spelled, name=name, staff_no=staff_no, window=window)
    wrong += [*judge_new_password(password, spelled), *check_seat(place, department)]
    taken = _check_free(spelled, digits)
    if Staff.objects.filter(staff_no=staff_no).exists():
        words = W("工号已被使用", "This staff number is taken")
        taken.append(Reason("STAFF_NO_TAKEN", words, "/staff_no"))
    refuse_all(wrong + taken, kind="invalid" if wrong else "conflict")
    account = create_account(spelled, digits, password, at, must_change=must_change)
    staff = Staff.objects.create(
        id=new_id(),
        account_id=account,
        staff_no=staff_no,
        name=name,
        place_id=place,
        department_id=department,
        window=window,
        demo=demo,
    )
    _record(actor, "people.open_staff_account", account, at)
    return staff.id


def check_seat(place: UUID | None, department: UUID | None, *, had: UUID | None = None) -> list[Reason]:
    """That somebody's place and department exist, where they are named; a closed one only takes who was there (`had`)."""
    places, departments = places_and_departments()
    reasons = []
    if place is not None and place not in places:
        reasons.append(Reason("PLACE_UNKNOWN", W("没有这个网点", "There is no such place"), "/place"))
    if department is not None and department not in departments:
        reasons.append(Reason("DEPARTMENT_UNKNOWN", W("没有这个部门", "There is no such department"), "/department"))
    elif department is not None and departments[department].closed and department != had:
        words = W("{name}已经撤销", "{name} is closed").format(name=departments[department].name)
        reasons.append(Reason("DEPARTMENT_CLOSED", words, "/department"))
    return reasons


def judge_account(*, username: str, phone: str, password: str) -> list[Reason]:
    """Reasons against a new account with a password of one's own choice, all at once; not those against the number's form."""
    name = rules.normalise_username(username)
    digits = "" if check_mobile(phone, field="/phone") else normal_phone(phone)
    return [*_check_free(name, digits), *judge_new_password(password, name)]


def _check_free(username: str, digits: str) -> list[Reason]:
    reasons = []
    if Account.objects.filter(username=username).exists():
        words = W("用户名已被使用", "This user name is taken")
        reasons.append(Reason("USERNAME_TAKEN", words, "/username"))
    if digits and Account.objects.filter(phone_index=phone_index(digits)).exists():
        reasons.append(_PHONE_TAKEN)
    return reasons


_PHONE_TAKEN = Reason("PHONE_TAKEN", W("手机号码已绑定其他账号", "This number belongs to another account"), "/phone")


def create_account(
    username: str,
    digits: str,
    password: str | None,
    at: datetime,
    *,
    party: UUID | None = None,
    must_change: bool = True,
    language: str = DEFAULT_LANGUAGE,
    seen: bool = False,
) -> UUID:
    """The row itself, for the commands of this room that have asked who may. Refused: faults of the password."""
    if password is not None:
        refuse_all(judge_new_password(password, username))
    account = Account(
        id=new_id(),
        username=username,
        password=make_password(password),
        party_id=party,
        phone=digits,
        phone_index=phone_index(digits) if digits else "",
        must_change=password is not None and must_change,
        language=language,
        identity_seen=seen,
        opened_at=at,
    )
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:  # somebody took name or phone since we looked
        words = W("用户名或手机号码刚被使用，请重试", "The name or number was taken this moment")
        raise Refused(Reason("ACCOUNT_TAKEN", words), kind="conflict") from None
    return account.id


def judge_new_password(password: str, username: str) -> list[Reason]:
    """Every reason against a password, those of the list of common ones included."""
    reasons = rules.judge_password(password, username)
    try:
        _common_passwords().validate(password)
    except ValidationError:
        words = W("这个密码太常见，容易被猜到", "This password is too common")
        reasons.append(Reason("PASSWORD_COMMON", words, "/password"))
    return reasons


@cache
def _common_passwords() -> CommonPasswordValidator:
    """The list of 20,000, unpacked once."""
    return CommonPasswordValidator()


def first_password() -> str:
    """A password to begin with (77 bits), easy to read out: four groups of four, changed at the first sign-in."""
    while True:
        text = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
        if not judge_new_password(text, ""):
            return text


def _record(actor: Actor, act: str, account: UUID, at: datetime) -> None:
    ledger.append(act=act, actor=actor, at=at, subject=ledger.Subject("account", account), detail={})


def change_password(*, account: UUID, old: str, new: str, at: datetime) -> SignedIn:
    """Choose a new password; every other session and token ends. The door renews its own with the new stamp.

    Refused: PASSWORD_OLD_WRONG, faults of the new one, PASSWORD_SAME. Who never had one (SMS only) leaves `old` empty.
    Not inside a transaction: wrong tries are counted.
    """
    key = crypto.blind_index("password.change", str(account))
    if not _count_try(key, at):
        words = W("尝试次数过多，请 15 分钟后再试", "Too many tries. Try again in 15 minutes")
        raise Refused(Reason("TOO_MANY_TRIES", words), kind="too_many")
    row = Account.objects.select_related("party", "staff").filter(id=account, disabled_at=None).first()
    if row is None:
        raise NotFound(AN_ACCOUNT)
    if row.has_usable_password() and not check_password(old, row.password):
        words = W("原密码不正确", "The old password is wrong")
        raise Refused(Reason("PASSWORD_OLD_WRONG", words, "/old"))
    reasons = judge_new_password(new, row.username)
    if old and new == old:
        words = W("新密码不能与原密码相同", "The new password must differ from the old one")
        reasons.append(Reason("PASSWORD_SAME", words, "/password"))
    refuse_all(reasons)
    budgets.forget(rules.TRIES_PER_PAIR, key)
    return _write_password(row, new, at)


@transaction.atomic(durable=True)
def _count_try(key: str, at: datetime) -> bool:
    return budgets.take(rules.TRIES_PER_PAIR, key, at) is not None


@transaction.atomic
def _write_password(row: Account, new: str, at: datetime) -> SignedIn:
    row.password, row.must_change = make_password(new), False
    row.save(update_fields=["password", "must_change"])
    Token.objects.filter(account=row, revoked_at=None).update(revoked_at=at)
    _record(plain_actor(row, Channel.PORTAL), "people.change_password", row.id, at)
    if row.phone:
        send(
            address=Address("sms", row.phone, row.party_id),
            locale=row.language,
            template="password_changed",
            values={"at": at},
            at=at,
        )
    return signed_in(row)


def choose_language(*, account: UUID, locale: str) -> None:
    """Write to the owner in this language from now on: they just chose it for the pages. Others are not known here."""
    if locale in LANGUAGES:
        Account.objects.filter(id=account).update(language=locale)


@transaction.atomic
def sign_out_everywhere(*, account: UUID, at: datetime) -> None:
    """End every session and token of an account, at its owner's wish."""
    row = _account(account)
    end_sessions(row.id, at)
    _record(plain_actor(row, Channel.PORTAL), "people.sign_out_everywhere", account, at)


def end_sessions(account: UUID, at: datetime, *, tokens: bool = True) -> None:
    """Make every stamp old; with the tokens when power or trust is gone, not only changed."""
    Account.objects.filter(id=account).update(epoch=F("epoch") + 1)
    if tokens:
        Token.objects.filter(account_id=account, revoked_at=None).update(revoked_at=at)


def _account(account: UUID) -> Account:
    row = Account.objects.select_related("party", "staff").filter(id=account).first()
    if row is None:
        raise NotFound(AN_ACCOUNT)
    return row


@transaction.atomic
def disable_account(*, actor: Actor, account: UUID, at: datetime) -> None:
    """Close an account: gone at the next request. Only the system administrator, and not their own."""
    _switch(actor, account, at, "people.disable_account", at)
    end_sessions(account, at)


@transaction.atomic
def enable_account(*, actor: Actor, account: UUID, at: datetime) -> None:
    """Open a closed account again; old sessions and tokens stay dead."""
    _switch(actor, account, None, "people.enable_account", at)


def _switch(actor: Actor, account: UUID, disabled_at: datetime | None, act: str, at: datetime) -> None:
    check_can_manage_staff(actor)
    row = _account(account)
    staff: Staff | None = getattr(row, "staff", None)
    if staff is not None and staff.id == actor.id:
        words: Words = W("不能停用或启用自己的账号", "You cannot close or open your own account")
        raise Refused(Reason("OWN_ACCOUNT", words), kind="forbidden")
    if staff is not None and disabled_at is not None:
        withdraw_all(of=staff.id, actor=actor, at=at)
    Account.objects.filter(id=account).update(disabled_at=disabled_at)
    _record(actor, act, account, at)
