"""A person's e-mail address (电子邮箱): optional, and kept only after a code sent there came back.

Like signing in, asking and confirming run outside a transaction: tries are counted also when they are refused.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.core import crypto, ledger
from yichuang.core.actors import Actor
from yichuang.core.masks import mask_email
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W
from yichuang.notices.commands import send
from yichuang.notices.values import Address
from yichuang.people import rules
from yichuang.people.commands.sign_in import Mine, send_to, try_code
from yichuang.people.models import Account, Party
from yichuang.people.values import CodeSent

_PER_PERSON = Reason(
    "CODES_PER_EMAIL",
    W("今天获取邮箱验证码的次数已用完，请明天再试", "No more e-mail codes for you today. Try again tomorrow"),
    "/email",
)
_WRONG_CODE = Reason(
    "CODE_WRONG", W("验证码不正确或已失效，请重新获取", "The code is wrong or has expired. Ask for a new one"), "/code"
)
_SAME = Reason("EMAIL_SAME", W("这个邮箱已经登记", "This address is already yours"), "/email")


def send_email_code(*, actor: Actor, email: str, address: str, locale: str = "zh-hans", at: datetime) -> CodeSent:
    """Send a code to the address that a person wants to be written to. `address` is the network address.

    Refused: EMAIL_FORMAT, EMAIL_SAME, and (429) CODE_WAIT, CODES_PER_EMAIL, CODES_PER_ADDRESS, CODES_IN_ALL.
    """
    party = _own_party(actor)
    refuse_all(rules.check_email(email))
    to = rules.normal_email(email)
    if to == party.email:
        raise Refused(_SAME)
    mine = Mine(rules.CODES_PER_EMAIL, crypto.blind_index("email.person", str(party.id)), _PER_PERSON)
    index = _index(party.id, to)
    return send_to(Address("email", to), index, "email_code", address=address, locale=locale, at=at, mine=mine)


def confirm_email(*, actor: Actor, email: str, code: str, address: str, at: datetime) -> None:
    """Keep the address whose code came back; phone, inbox and a former address are told. Refused: CODE_WRONG and limits."""
    party = _own_party(actor)
    refuse_all(rules.check_email(email))
    to = rules.normal_email(email)
    if not try_code(_index(party.id, to), rules.fold(code), address, at):
        raise Refused(_WRONG_CODE)
    _keep(actor, party.id, to, at)


def remove_email(*, actor: Actor, at: datetime) -> None:
    """No more e-mails; nothing happens where there is no address."""
    party = _own_party(actor)
    if party.email:
        _keep(actor, party.id, "", at)


@transaction.atomic
def _keep(actor: Actor, party: UUID, email: str, at: datetime) -> None:
    row = Party.objects.select_for_update(of=("self",)).get(id=party)
    former, row.email = row.email, email
    row.save(update_fields=["email"])
    ledger.append(
        act="people.change_email" if email else "people.remove_email",
        actor=actor,
        at=at,
        subject=ledger.Subject("party", party),
    )
    locale = Account.objects.filter(party=party).values_list("language", flat=True).first() or actor.locale
    template = "email_changed" if email else "email_removed"
    values = {"email": mask_email(email or former), "at": at}
    reached = Address("sms", row.mobile, party) if row.mobile else Address("inbox", party=party)
    for to in (reached, *((Address("email", former),) if former else ())):
        send(address=to, locale=locale, template=template, values=values, at=at)


def _own_party(actor: Actor) -> Party:
    """The person who acts, for themselves alone: nobody sets another one's address."""
    found = Party.objects.filter(id=actor.id).first() if actor.kind == "person" and actor.id else None
    if found is None:
        raise NotFound(W("账号", "account"))
    return found


def _index(party: UUID, email: str) -> str:
    """A code proves this address to this person, and nothing else."""
    return crypto.blind_index("confirm.email", f"{party}\x1f{email}")
