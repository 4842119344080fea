"""Looking at personal data (查看个人信息): each look is written down for the person to see (个人信息保护法 art. 17, 44)."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.compiled import insert
from yichuang.core.ids import new_id
from yichuang.core.masks import mask_name
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W
from yichuang.notices.commands import send
from yichuang.notices.values import Address
from yichuang.people.commands.parties import A_PARTY
from yichuang.people.models import Look, Party
from yichuang.people.permissions import check_can_unmask
from yichuang.people.queries import language_of
from yichuang.people.rules import judge_reason
from yichuang.people.values import FIELD_WORDS, Maskable


def record_look(
    *, actor: Actor, party: UUID, purpose: str, fields: Collection[str], case_number: str, at: datetime
) -> None:
    """Write down that somebody was shown data of a party; one insert. Looking at oneself is no look.

    `purpose` is a key of `values.PURPOSES` or a few Chinese words; `fields` are keys of `values.FIELD_WORDS`.
    One insert is a transaction by itself: every page of a case that staff open writes one, and framing it costs as much.
    """
    _write(actor, party, purpose, fields, case_number, at)


def _write(
    actor: Actor,
    party: UUID,
    purpose: str,
    fields: Collection[str],
    case_number: str,
    at: datetime,
    *,
    reason: str = "",
    unmasked: bool = False,
) -> None:
    if actor.kind == "person" and actor.id == party:
        return
    look = Look(
        id=new_id(),
        party_id=party,
        viewer_kind="link" if actor.kind == "anonymous" else actor.kind,
        viewer_staff_id=actor.id if actor.kind == "staff" else None,
        viewer_party_id=actor.id if actor.kind == "person" else None,
        place_id=actor.place if actor.kind == "staff" else None,
        purpose=purpose,
        fields=sorted(fields),
        case_number=case_number,
        reason=reason,
        unmasked=unmasked,
        at=at,
    )
    insert([look])


@transaction.atomic
def unmask(*, actor: Actor, party: UUID, field: Maskable, reason: str = "", case_number: str = "", at: datetime) -> str:
    """The full value of one field, after writing down who asked and why; the person is told in their inbox.

    Staff need a reason (REASON_MISSING); the person and those who stand for them do not.
    """
    check_can_unmask(actor, party)
    if field not in {"name", "id_no", "mobile", "address", "birth_date"}:
        words = W("没有这个字段", "There is no such field")
        raise Refused(Reason("FIELD_UNKNOWN", words, "/field"))
    if actor.kind == "staff":
        refuse_all(judge_reason(reason))
    row = Party.objects.filter(id=party).first()
    if row is None:
        raise NotFound(A_PARTY)
    _write(
        actor,
        party,
        "unmask" if actor.kind == "staff" else "agency",
        [field],
        case_number,
        at,
        reason=reason.strip(),
        unmasked=True,
    )
    if actor.kind == "staff":
        _account_for(actor, party, field, reason.strip(), at)
    return str(getattr(row, field))


def _account_for(actor: Actor, party: UUID, field: str, reason: str, at: datetime) -> None:
    """The ledger learns that it happened, the person learns why."""
    ledger.append(
        act="people.unmask", actor=actor, at=at, subject=ledger.Subject("party", party), detail={"field": field}
    )
    masked = mask_name(actor.name)
    send(
        address=Address("inbox", party=party),
        locale=language_of(party),
        template="data_unmasked",
        values={
            "who": W("工作人员{name}", "Staff member {name}").format(name=masked),
            "at": at,
            "field": FIELD_WORDS[field],
            "reason": reason,
        },
        at=at,
    )
