"""Proving again who one is (实名确认), before something is signed: the password, or a code sent to the account's phone.

A session may lie open on somebody else's table; a signature (容缺承诺, 委托) asks once more. Guesses are counted like those of
signing in and share their limits. Codes for this purpose open no session, and codes for signing in prove nothing here.
Like signing in, none of this may run inside a transaction, but for using a proof that was kept.
"""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password
from django.db.models import QuerySet

from yichuang.core import crypto, sql
from yichuang.core.actors import Actor
from yichuang.core.compiled import build, compiled, insert, update
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.notices.values import Address
from yichuang.people import rules
from yichuang.people.commands.sign_in import count_password_try, forget_tries, send_to, try_code, wrong_password
from yichuang.people.models import Account, KeptProof
from yichuang.people.values import PROOF_LIFE, CodeSent, Proof

_NOTHING = Reason(
    "PROOF_NEEDED",
    W("请输入登录密码或短信验证码，确认是您本人", "Enter your password or the code sent to your phone: it must be you"),
    "/password",
)
_WRONG_CODE = Reason(
    "CODE_WRONG", W("验证码不正确或已失效，请重新获取", "The code is wrong or has expired. Ask for a new one"), "/code"
)
_STALE = Reason(
    "PROOF_STALE",
    W(
        "这次本人确认已经用过或已过期，请重新确认",
        "This proof was used before or is too old. Prove again that it is you",
    ),
    "/proof",
)
_NO_PHONE = Reason(
    "NO_PHONE", W("您的账号没有手机号，请用密码确认", "Your account has no mobile number: use the password"), "/code"
)


def prove_identity(*, actor: Actor, password: str = "", code: str = "", address: str, at: datetime) -> Proof:
    """That the person who acts is who signed in. A code, when given, counts alone; `address` is the network address.

    Refused: PROOF_NEEDED, CODE_WRONG, SIGN_IN_WRONG (how many tries are left), SIGN_IN_LOCKED (423), TOO_MANY_TRIES (429).
    """
    account = _account(actor)
    if code.strip():
        if not try_code(_index(account), rules.fold(code), address, at):
            raise Refused(_WRONG_CODE)
        return Proof(_party(account), "sms", at)
    if not password:
        raise Refused(_NOTHING)
    pair, used = count_password_try(account.username, address, at)
    if not check_password(password, account.password):
        raise wrong_password(account, used, pair, at)
    forget_tries(account, pair)
    return Proof(_party(account), "password", at)


def keep_proof(*, proof: Proof) -> UUID:
    """Keep a proof that was just made for one filing that follows: its id, which nobody else can use."""
    row = build(KeptProof, party_id=proof.party, how=proof.how, at=proof.at)
    insert([row])
    return row.id


def foresee_proof(id: UUID) -> None:
    """`use_proof` will be called in this transaction (see `core.sql.ahead`)."""
    _kept.ahead(id)


@sql.joined()
def use_proof(*, actor: Actor, id: UUID, at: datetime) -> Proof:
    """The proof that was kept, used up with the caller's transaction: what is rolled back has used none.

    Refused PROOF_STALE: somebody else's, used before, or older than five minutes.
    """
    row = _kept.first(id)
    if row is None or row.party_id != actor.id or row.used_at or not row.at <= at < row.at + PROOF_LIFE:
        raise Refused(_STALE)
    update(KeptProof, [id], used_at=at)
    return Proof(row.party_id, "sms" if row.how == "sms" else "password", row.at)


@compiled
def _kept(id: UUID) -> QuerySet[KeptProof]:
    return KeptProof.objects.select_for_update(of=("self",)).filter(id=id)


def send_proof_code(*, actor: Actor, address: str, locale: str = "zh-hans", at: datetime) -> CodeSent:
    """Send a code for this purpose to the phone of the account. Refused: NO_PHONE, and the limits of `send_code`."""
    account = _account(actor)
    if not account.phone:
        raise Refused(_NO_PHONE)
    phone = Address("sms", account.phone)
    return send_to(phone, _index(account), "confirm_code", address=address, locale=locale, at=at)


def _account(actor: Actor) -> Account:
    found = (
        Account.objects.select_related("party", "staff").filter(party=actor.id, disabled_at=None).first()
        if actor.kind == "person"
        else None
    )
    if found is None:
        raise NotFound(W("账号", "account"))
    return found


def _party(account: Account) -> UUID:
    assert account.party_id is not None
    return account.party_id


def _index(account: Account) -> str:
    """Kept apart from the codes of signing in by another index of the same column."""
    return crypto.blind_index("confirm.account", str(account.id))
