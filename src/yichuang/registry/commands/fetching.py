"""Fetching a holder's own certificates in the place of papers (免证办): in force, the fields that are named, on record and told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from yichuang.core import events
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.compiled import build, insert
from yichuang.core.ids import new_id
from yichuang.core.masks import mask_name
from yichuang.registry.commands.asking import check_ground
from yichuang.registry.events import RegistryAsked
from yichuang.registry.models import Certificate, RegistryUse
from yichuang.registry.permissions import check_can_ask
from yichuang.registry.queries.certificates import to_row, validity
from yichuang.registry.values import Base, CertificateRow, Ground, Purpose, Validity


@dataclass(frozen=True, slots=True)
class Fetched:
    """The certificate of a type that counts: one in force, else the newest, which hands out nothing (`look` None)."""

    certificate: CertificateRow
    validity: Validity
    look: UUID | None


def fetch_certificates(
    types: Mapping[str, Collection[str]],
    *,
    holder: UUID,
    actor: Actor,
    ground: Ground,
    purpose: Purpose,
    at: datetime,
) -> dict[str, Fetched]:
    """What the holder has of these types (type → the fields of its data that are needed), by type: two statements in the
    caller's transaction.

    The same people may fetch who may ask (`ask_local`). What is in force is logged with its fields and told to the holder;
    of what is not, only that it is not.
    """
    check_ground(ground)
    check_can_ask(actor, {holder}, purpose.item)
    rows = Certificate.objects.filter(holder_id=holder, type_code__in=types).order_by("version", "id")
    best: dict[str, Fetched] = {}
    for row in map(to_row, rows):
        worth = validity(row, local_date(at))
        if worth == "valid" or row.type_code not in best or best[row.type_code].validity != "valid":
            best[row.type_code] = Fetched(row, worth, new_id() if worth == "valid" else None)
    found = {code: _narrow(one, types[code]) for code, one in best.items()}
    used = [one for one in found.values() if one.look]
    if used:
        _record(used, holder, actor, ground, purpose, at)
    return found


def _narrow(one: Fetched, fields: Collection[str]) -> Fetched:
    data = {name: one.certificate.data[name] for name in sorted(set(fields)) if name in one.certificate.data}
    return replace(one, certificate=replace(one.certificate, data=data if one.look else {}))


def _record(
    used: Collection[Fetched], holder: UUID, actor: Actor, ground: Ground, purpose: Purpose, at: datetime
) -> None:
    who = actor.name if actor.kind == "system" else mask_name(actor.name)
    insert(
        [
            build(
                RegistryUse,
                id=one.look,
                certificate_id=one.certificate.id,
                party_id=holder,
                at=at,
                by_kind=actor.kind,
                by_id=actor.id,
                by_name_masked=who[:100],
                purpose=purpose.words.zh[:200],
                ground=ground.kind,
                case_number=purpose.case_number[:50],
                fields=sorted(one.certificate.data),
            )
            for one in used
        ]
    )
    events.publish(
        RegistryAsked(
            party=holder,
            bases=(Base.CERTIFICATES,),
            item=purpose.item,
            case_number=purpose.case_number,
            ground=ground.kind,
            at=at,
        )
    )
