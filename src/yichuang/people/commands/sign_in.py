"""Signing in by password or by SMS code (登录).

Three habits against enumeration: the same words for a wrong password and an unknown name; the same work (one password
hash, the same statements) for both; and locks that are counted by what was typed, whether or not it exists.
Tries are counted before they are judged, in a transaction of their own: a refusal must not roll its own count back, and
a hundred simultaneous guesses get no more than five tries. That is why none of this may run inside a transaction.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password
from django.db import transaction

from yichuang.core import crypto, jobs, ledger
from yichuang.core.actors import Channel
from yichuang.core.clock import local
from yichuang.core.identifiers import check_mobile, normal_mobile
from yichuang.core.ids import new_id
from yichuang.core.refusals import Kind, Reason, Refused, refuse_all
from yichuang.core.words import W
from yichuang.notices.commands import send
from yichuang.notices.values import Address
from yichuang.people import budgets, rules
from yichuang.people.actors import plain_actor, staff_of
from yichuang.people.jobs import tell_locked
from yichuang.people.models import Account, SignInCode
from yichuang.people.values import Budget, CodeSent, SignedIn

NOBODY = "!"  # an unusable password: checking against it costs one hash, like any other
_WRONG_CODE = Reason(
    "CODE_WRONG", W("验证码不正确或已失效，请重新获取", "The code is wrong or has expired. Ask for a new one"), "/code"
)


@dataclass(frozen=True, slots=True)
class Mine:
    """The budget of who is written to: codes for one phone, or for one person's e-mail."""

    budget: Budget
    key: str
    reason: Reason


def sign_in_password(
    *, username: str, password: str, address: str, locale: str = "", at: datetime, channel: Channel = Channel.PORTAL
) -> SignedIn:
    """Sign in with user name and password; `address` is the network address that the request came from.

    `locale` is the language of the page: messages follow it from now on ("" leaves it).
    Refused: SIGN_IN_WRONG (and how many tries are left), SIGN_IN_LOCKED (423), TOO_MANY_TRIES (429).
    """
    name = rules.normalise_username(username)
    pair, used = count_password_try(name, address, at)
    account = Account.objects.select_related("party", "staff").filter(username=name).first()
    right = check_password(password, account.password if account else NOBODY)
    if account is None or not right or not account.is_active:
        raise wrong_password(account, used, pair, at)
    return _enter(account, pair, "password", locale, channel, at)


def _keys(name: str, address: str) -> tuple[str, str, str]:
    return (
        crypto.blind_index("sign_in.address", address),
        crypto.blind_index("sign_in.name", name),
        crypto.blind_index("sign_in.pair", f"{name}\x1f{address}"),
    )


@transaction.atomic(durable=True)
def count_password_try(name: str, address: str, at: datetime) -> tuple[str, int]:
    """Count one more try, or refuse: (the key of name and address, how many are used). Before it is judged."""
    from_address, of_account, pair = _keys(name, address)
    _spend(rules.TRIES_PER_ADDRESS, from_address, at, _TOO_MANY, "too_many")
    _spend(rules.TRIES_PER_ACCOUNT, of_account, at, _LOCKED, "locked")
    return pair, _spend(rules.TRIES_PER_PAIR, pair, at, _LOCKED, "locked")


_LOCKED = Reason(
    "SIGN_IN_LOCKED",
    W(
        "密码输错次数过多，已暂停密码登录，请于 {until} 后再试，或使用手机验证码登录",
        "Too many wrong passwords. Try again after {until}, or sign in with a code sent to your phone",
    ),
)
_TOO_MANY = Reason(
    "TOO_MANY_TRIES",
    W("此网络的尝试次数过多，请于 {until} 后再试", "Too many tries from this network. Try again after {until}"),
)


def _spend(budget: Budget, key: str, at: datetime, reason: Reason, kind: Kind) -> int:
    """Take one of the budget, or refuse and say until when."""
    if (used := budgets.take(budget, key, at)) is not None:
        return used
    until = local(budgets.ends_at(budget, key, at) + timedelta(seconds=59))  # shown in full minutes
    raise Refused(
        Reason(reason.code, reason.words.format(until=f"{until:%H:%M}"), reason.field, reason.basis), kind=kind
    )


def wrong_password(account: Account | None, used: int, pair: str, at: datetime) -> Refused:
    """What a wrong password is answered, and that a lock is told to who is locked out."""
    left = rules.TRIES_PER_PAIR.limit - used
    if left <= 0:
        # queued for unknown names too, with an id that nobody has: the work must not tell them apart
        jobs.enqueue(tell_locked, account=account.id if account else new_id(), until=_until(pair, at).isoformat())
        words = _LOCKED.words.format(until=f"{local(_until(pair, at)):%H:%M}")
    else:
        words = W("账号或密码不正确，还可以再试 {left} 次", "Wrong user name or password. Tries left: {left}").format(
            left=left
        )
    return Refused(Reason("SIGN_IN_WRONG", words, "/password"))


def _until(pair: str, at: datetime) -> datetime:
    return budgets.ends_at(rules.TRIES_PER_PAIR, pair, at)


@transaction.atomic
def _enter(account: Account, pair: str, how: str, locale: str, channel: Channel, at: datetime) -> SignedIn:
    """Write the sign-in down and hand the door what it needs for a new session."""
    if pair:
        forget_tries(account, pair)
    Account.objects.filter(id=account.id).update(last_sign_in_at=at, language=locale or account.language)
    ledger.append(
        act="people.sign_in",
        actor=plain_actor(account, channel),
        at=at,
        subject=ledger.Subject("account", account.id),
        detail={"how": how},
    )
    return signed_in(account)


def forget_tries(account: Account, pair: str) -> None:
    """After a right password the counts begin anew."""
    budgets.forget(rules.TRIES_PER_PAIR, pair)
    budgets.forget(rules.TRIES_PER_ACCOUNT, crypto.blind_index("sign_in.name", account.username))


def signed_in(account: Account) -> SignedIn:
    """What the session keeps of an account."""
    kind = "person" if staff_of(account) is None else "staff"
    return SignedIn(account.id, "person" if kind == "person" else "staff", account.stamp(), account.must_change)


# ── SMS codes (短信验证码) ──────────────────────────────────────────────────────────────────────────────────────────


def normal_phone(phone: str) -> str:
    """The eleven digits, however they were typed, or Refused MOBILE_FORMAT: limits are counted per real number."""
    refuse_all(check_mobile(phone, field="/phone"))
    return normal_mobile(phone)


def send_code(*, phone: str, address: str, locale: str = "zh-hans", at: datetime) -> CodeSent:
    """Send a six-digit code to a citizen's phone; a number without an account gets a message that says so instead.

    The caller learns nothing of which it was. Refused (429): CODE_WAIT, CODES_PER_PHONE, CODES_PER_ADDRESS, CODES_IN_ALL.
    """
    digits = normal_phone(phone)
    index = phone_index(digits)
    template = "sign_in_code" if _citizen(index) else "sign_in_unknown"
    return send_to(Address("sms", digits), index, template, address=address, locale=locale, at=at)


@transaction.atomic(durable=True)
def send_to(
    to: Address, index: str, template: str, *, address: str, locale: str, at: datetime, mine: Mine | None = None
) -> CodeSent:
    """Send a new code, known under `index`, within all budgets; `mine` instead of the phone's own."""
    _spend_codes(index, address, at, mine or Mine(rules.CODES_PER_PHONE, index, _PER_PHONE))
    code, row = f"{secrets.randbelow(10**6):06}", new_id()
    expires = at + rules.CODE_LIFE
    SignInCode.objects.create(
        id=row, phone_index=index, code_hash=_code_hash(row, code), sent_at=at, expires_at=expires
    )
    send(
        address=to,
        locale=locale,
        template=template,
        values={"code": code, "minutes": int(rules.CODE_LIFE.total_seconds() // 60)},
        at=at,
    )
    return CodeSent(expires, int(rules.CODE_WAIT.total_seconds()))


def phone_index(digits: str) -> str:
    return crypto.blind_index("mobile", digits)


def _code_hash(row: UUID, code: str) -> str:
    return crypto.blind_index("sign_in.code", f"{row}\x1f{code}")


def _citizen(index: str) -> Account | None:
    """The account that a code alone may open: a citizen's. Staff have a password."""
    return (
        Account.objects.select_related("party", "staff")
        .filter(phone_index=index, party__isnull=False, disabled_at=None)
        .first()
    )


_PER_PHONE = Reason(
    "CODES_PER_PHONE",
    W("这个号码今天获取验证码的次数已用完，请用密码登录", "No more codes for this number today. Use your password"),
    "/phone",
)
_PER_ADDRESS = Reason(
    "CODES_PER_ADDRESS",
    W(
        "此网络获取验证码的次数过多，请于 {until} 后再试，或用密码登录",
        "Too many codes from this network. Try after {until}, or use your password",
    ),
)
_IN_ALL = Reason(
    "CODES_IN_ALL",
    W(
        "当前获取验证码的人较多，请于 {until} 后再试，或用密码登录",
        "Many people are asking for codes now. Try after {until}, or use your password",
    ),
)


def _spend_codes(index: str, address: str, at: datetime, mine: Mine) -> None:
    """All budgets; the row of the phone's budget also makes requests of one phone wait for each other."""
    _spend(mine.budget, mine.key, at, mine.reason, "too_many")
    newest = SignInCode.objects.filter(phone_index=index).order_by("-sent_at").values_list("sent_at", flat=True).first()
    if newest is not None and at - rules.CODE_WAIT < newest <= at:
        left = int((newest + rules.CODE_WAIT - at).total_seconds()) + 1
        words = W("验证码已发送，请 {left} 秒后再获取", "A code is on its way. Ask again in {left} seconds")
        raise Refused(Reason("CODE_WAIT", words.format(left=left), "/phone"), kind="too_many")
    _spend(rules.CODES_PER_ADDRESS, crypto.blind_index("sign_in.address", address), at, _PER_ADDRESS, "too_many")
    _spend(rules.CODES_IN_ALL, "", at, _IN_ALL, "too_many")


def sign_in_code(
    *, phone: str, code: str, address: str, locale: str = "", at: datetime, channel: Channel = Channel.PORTAL
) -> SignedIn:
    """Sign in with the newest code sent to the phone: five tries, five minutes, once. Refused: CODE_WRONG and limits."""
    index = phone_index(normal_phone(phone))
    if not try_code(index, rules.fold(code), address, at):
        raise Refused(_WRONG_CODE)
    if (account := _citizen(index)) is None:
        raise Refused(_WRONG_CODE)
    return _enter(account, "", "sms", locale, channel, at)


@transaction.atomic(durable=True)
def try_code(index: str, code: str, address: str, at: datetime) -> bool:
    """Whether this is the newest code sent under `index`; the try is counted, and a right code is used up."""
    _spend(rules.CODE_TRIES_PER_ADDRESS, crypto.blind_index("sign_in.address", address), at, _TOO_MANY, "too_many")
    row = SignInCode.objects.select_for_update(of=("self",)).filter(phone_index=index).order_by("-sent_at").first()
    if row is None or row.used_at or row.tries >= rules.CODE_TRIES or not row.sent_at <= at < row.expires_at:
        return False
    row.tries += 1
    if right := secrets.compare_digest(row.code_hash, _code_hash(row.id, code)):
        row.used_at = at
    row.save(update_fields=["tries", "used_at"])
    return right
