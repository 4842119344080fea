"""证件当面核验: a clerk has the document of an account's owner in hand, and says so on record; taken back the same way.

What is kept is that it was seen, of which kind, by whom and when: never an image. 秒批 decides nothing alone for an account
that nobody saw.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound, Reason, refuse_all
from yichuang.core.words import W
from yichuang.notices.commands import send
from yichuang.notices.values import Address
from yichuang.people.commands.parties import A_PARTY
from yichuang.people.identity import id_index
from yichuang.people.models import Account
from yichuang.people.permissions import check_can_see_documents

_DIFFERS = Reason(
    "DOCUMENT_DIFFERS",
    W("证件类型或号码与账号登记的不一致", "The kind or number of the document is not the account’s"),
    "/id_no",
)
_NOT_IN_HAND = Reason(
    "NOT_IN_HAND", W("请确认证件原件在您手里", "Confirm that you have the document in hand"), "/in_hand"
)


@transaction.atomic
def confirm_identity(*, actor: Actor, party: UUID, id_type: str, id_no: str, in_hand: bool, at: datetime) -> None:
    """The account's owner stands here with the document: kind and number, as read from it, are the account's own.

    Counter staff only. Refused: DOCUMENT_DIFFERS, NOT_IN_HAND; NotFound without an open account. Once is enough.
    """
    row = _account(actor, party)
    owner = row.party
    assert owner is not None
    same = id_type == owner.id_type and id_index(id_type, id_no) == owner.id_index
    refuse_all([*([] if same else [_DIFFERS]), *([] if in_hand else [_NOT_IN_HAND])])
    if row.identity_seen:
        return
    _set(row, True, actor, "people.identity_seen", {"document": id_type}, at)
    if row.phone:
        send(
            address=Address("sms", row.phone, row.party_id),
            locale=row.language,
            template="identity_seen",
            values={"at": at},
            at=at,
        )


@transaction.atomic
def take_back_identity(*, actor: Actor, party: UUID, at: datetime) -> None:
    """It was put on record by mistake: from now on the account counts as not seen. One that is not seen stays so."""
    row = _account(actor, party)
    if row.identity_seen:
        _set(row, False, actor, "people.identity_taken_back", {}, at)


def _account(actor: Actor, party: UUID) -> Account:
    check_can_see_documents(actor)
    rows = Account.objects.select_for_update(of=("self",)).select_related("party")
    row = rows.filter(party=party, party__kind="person", disabled_at=None).first()
    if row is None:
        raise NotFound(A_PARTY)
    return row


def _set(row: Account, seen: bool, actor: Actor, act: str, detail: dict[str, str], at: datetime) -> None:
    row.identity_seen = seen
    row.save(update_fields=["identity_seen"])
    ledger.append(
        act=act, actor=actor, at=at, subject=ledger.Subject("account", row.id), detail={**detail}, behalf=row.party_id
    )
