"""Somebody registers without an office: party and account in one step, refused with everything at once."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.identifiers import check_mobile, normal_name
from yichuang.core.refusals import Reason, Refused, refuse_all
from yichuang.core.words import W
from yichuang.people import rules
from yichuang.people.commands.accounts import DEFAULT_LANGUAGE, judge_account, open_account
from yichuang.people.commands.parties import register_party
from yichuang.people.identity import check_identity, id_index
from yichuang.people.models import Account, Party

IDENTITY_KNOWN = Reason(
    "IDENTITY_KNOWN",
    W(
        "这个证件不能在这里注册：已有账号的请直接登录，其他请带证件到任一网点开通账号",
        "This identity cannot be registered here: sign in if you have an account, or open one at a hall, with the document",
    ),
    "/id_no",
)
_OF_THE_IDENTITY = frozenset({"IDENTITY_NAME_DIFFERS", "ACCOUNT_EXISTS"})


@transaction.atomic
def register_person(
    *,
    actor: Actor,
    name: str,
    id_type: str,
    id_no: str,
    mobile: str,
    birth_date: date | None = None,
    username: str,
    password: str,
    locale: str = DEFAULT_LANGUAGE,
    demo: bool = False,
    also: Sequence[Reason] = (),
    at: datetime,
) -> UUID:
    """The account of a person with a password of their own choice; the party is entered if it is new.

    Refused with every fault of identity, mobile number, user name and password at once, and with what the door itself
    found (`also`). IDENTITY_KNOWN when the identity is on record with an account, under another name, or as no demo
    identity: which of them, and by what name, nobody learns here. Nothing is left behind by a refusal.
    """
    reasons = _identity_faults(name, id_type, id_no, birth_date, at)
    if not reasons and _is_taken(name, id_type, id_no, demo=demo):
        reasons.append(IDENTITY_KNOWN)
    reasons += check_mobile(mobile, field="/mobile")
    reasons += judge_account(username=username, phone=mobile, password=password)
    refuse_all([*reasons, *also])
    try:
        party = register_party(
            actor=actor, kind="person", name=name, id_type=id_type, id_no=id_no, mobile=mobile, birth_date=birth_date,
            demo=demo, at=at,
        )  # fmt: skip
        return open_account(
            actor=actor, party=party, phone=mobile, username=rules.normalise_username(username), password=password,
            must_change=False, locale=locale, at=at,
        )  # fmt: skip
    except Refused as refused:  # another registration was faster
        if {reason.code for reason in refused.reasons} & _OF_THE_IDENTITY:
            raise Refused(IDENTITY_KNOWN, kind="conflict") from None
        raise


def _is_taken(name: str, id_type: str, id_no: str, *, demo: bool) -> bool:
    """Whether an identity on record is not for whoever registers it now to take."""
    known = Party.objects.filter(id_type=id_type, id_index=id_index(id_type, id_no)).first()
    if known is None:
        return False
    return known.name != normal_name(name) or known.demo != demo or Account.objects.filter(party=known).exists()


def _identity_faults(name: str, id_type: str, id_no: str, birth_date: date | None, at: datetime) -> list[Reason]:
    try:
        check_identity(
            kind="person", name=name, id_type=id_type, id_no=id_no, mobile="", birth_date=birth_date, today=local_date(at)
        )  # fmt: skip
    except Refused as refused:
        return list(refused.reasons)
    return []
