"""Somebody registers without an office: party and account in one step, refused with everything at once."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.identifiers import check_mobile
from yichuang.core.refusals import Reason, Refused, refuse_all
from yichuang.people import rules
from yichuang.people.commands.accounts import DEFAULT_LANGUAGE, judge_account, open_account
from yichuang.people.commands.parties import register_party
from yichuang.people.identity import check_identity


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
    found (`also`); then as `register_party` and `open_account`. Nothing is left behind by a refusal.
    """
    reasons = _identity_faults(name, id_type, id_no, birth_date, at)
    reasons += check_mobile(mobile, field="/mobile")
    reasons += judge_account(username=username, phone=mobile, password=password)
    refuse_all([*reasons, *also])
    party = register_party(
        actor=actor, kind="person", name=name, id_type=id_type, id_no=id_no, mobile=mobile, birth_date=birth_date,
        demo=demo, at=at,
    )  # fmt: skip
    return open_account(
        actor=actor, party=party, phone=mobile, username=rules.normalise_username(username), password=password,
        must_change=False, locale=locale, at=at,
    )  # fmt: skip


def _identity_faults(name: str, id_type: str, id_no: str, birth_date: date | None, at: datetime) -> list[Reason]:
    try:
        check_identity(
            kind="person", name=name, id_type=id_type, id_no=id_no, mobile="", birth_date=birth_date, today=local_date(at)
        )  # fmt: skip
    except Refused as refused:
        return list(refused.reasons)
    return []
