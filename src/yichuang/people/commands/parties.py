"""Entering people and companies into the books (登记当事人)."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.people.identity import Identity, check_identity, checked_mobile
from yichuang.people.models import Party
from yichuang.people.permissions import check_can_register
from yichuang.people.rules import masked_name
from yichuang.people.values import PartyKind

A_PARTY = W("当事人", "person or company")


@transaction.atomic
def register_party(
    *,
    actor: Actor,
    kind: PartyKind,
    name: str,
    id_type: str,
    id_no: str,
    mobile: str = "",
    address: str = "",
    birth_date: date | None = None,
    demo: bool = False,
    at: datetime,
) -> UUID:
    """The party with this identity, entered if it is new; blanks of a known one are filled, nothing is overwritten.

    Counter staff and the system register; a person only comes back to parties that they stand for.
    Refused with every fault of the identity at once; IDENTITY_NAME_DIFFERS when the number is known by another name.
    """
    identity = check_identity(
        kind=kind, name=name, id_type=id_type, id_no=id_no, mobile=mobile, birth_date=birth_date, today=local_date(at)
    )
    known = _find(identity)
    if known is None or not actor.acts_for(known.id):
        check_can_register(actor)
    if known is None:
        known, new = _create(identity, address.strip(), demo, at)
        if new:
            ledger.append(
                act="people.register_party",
                actor=actor,
                at=at,
                subject=ledger.Subject("party", known.id),
                detail={"kind": kind, "id_type": id_type},
            )
            return known.id
    _check_same_name(known, identity)
    _fill_blanks(known, identity, address.strip())
    return known.id


def _find(identity: Identity) -> Party | None:
    return Party.objects.filter(id_type=identity.id_type, id_index=identity.id_index).first()


def _create(identity: Identity, address: str, demo: bool, at: datetime) -> tuple[Party, bool]:
    """The new row, or the one that another request entered a moment ago."""
    try:
        with transaction.atomic():
            party = Party.objects.create(
                kind=identity.kind,
                name=identity.name,
                name_masked=masked_name(identity.kind, identity.name, identity.birth_date, local_date(at)),
                id_type=identity.id_type,
                id_no=identity.id_no,
                id_index=identity.id_index,
                mobile=identity.mobile,
                mobile_index=identity.mobile_index,
                address=address,
                birth_date=identity.birth_date.isoformat() if identity.birth_date else "",
                demo=demo,
                registered_at=at,
            )
    except IntegrityError:
        return Party.objects.get(id_type=identity.id_type, id_index=identity.id_index), False
    return party, True


def _check_same_name(known: Party, identity: Identity) -> None:
    if known.name == identity.name:
        return
    words = W(
        "该证件号码已登记为另一姓名（{masked}），请核对证件",
        "This number is known by another name ({masked}). Please check the document",
    )
    raise Refused(Reason("IDENTITY_NAME_DIFFERS", words.format(masked=known.name_masked), "/name"), kind="conflict")


def _fill_blanks(known: Party, identity: Identity, address: str) -> None:
    filled: dict[str, str] = {}
    if identity.mobile and not known.mobile:
        filled |= {"mobile": identity.mobile, "mobile_index": identity.mobile_index}
    if address and not known.address:
        filled["address"] = address
    if identity.birth_date and not known.birth_date:
        filled["birth_date"] = identity.birth_date.isoformat()
    if filled:
        Party.objects.filter(id=known.id).update(**filled)


@transaction.atomic
def update_contact(
    *, actor: Actor, party: UUID, mobile: str | None = None, address: str | None = None, at: datetime
) -> None:
    """Change how a party is reached: the party or who stands for it, or counter staff. None leaves a value as it is."""
    if not actor.acts_for(party):
        check_can_register(actor)
    row = Party.objects.select_for_update(of=("self",)).filter(id=party).first()
    if row is None:
        raise NotFound(A_PARTY)
    changed = []
    if mobile is not None:
        row.mobile, row.mobile_index = checked_mobile(mobile)
        changed += ["mobile", "mobile_index"]
    if address is not None:
        row.address = address.strip()
        changed.append("address")
    row.save(update_fields=changed)
    ledger.append(
        act="people.update_contact",
        actor=actor,
        at=at,
        subject=ledger.Subject("party", party),
        detail={"fields": ",".join(f for f in changed if f != "mobile_index")},
    )
