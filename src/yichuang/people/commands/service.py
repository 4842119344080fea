"""同意电子送达: given and taken back by the party or who acts for it, or on a signed paper at a counter."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.ids import new_id
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.notices.commands import send
from yichuang.notices.values import Address
from yichuang.people.commands.parties import A_PARTY
from yichuang.people.models import Party, ServiceConsent
from yichuang.people.permissions import can_register
from yichuang.people.queries import language_of
from yichuang.people.service import CURRENT
from yichuang.people.vouch import CONSENT, facts_of

WORDS_CHANGED = W(
    "同意书已更新，请看过新的内容再确认", "The words have changed: please read them again before agreeing"
)
SIGNATURE_NEEDED = W(
    "请核对本人（或代理人）已在纸质确认书上签名", "Check that the person, or the agent, has signed the paper"
)


@transaction.atomic
def give_service_consent(
    *, actor: Actor, party: UUID, version: str, item: str = "", signed: bool = False, at: datetime
) -> UUID:
    """Agree for a party: itself or who stands for it (with `item`, for that one item), or a clerk with the signed paper
    (`signed`). Agreed already: the same id. Raises NotFound for who may not, Conflict WORDS_CHANGED, Refused
    SIGNATURE_NEEDED."""
    of = _party(actor, party, item, signed)
    known = ServiceConsent.objects.filter(party=of, item=item, withdrawn_at=None).first()
    if known is not None:
        return known.id
    if version != CURRENT.version:
        raise Conflict(Reason("WORDS_CHANGED", WORDS_CHANGED, "/version"))
    row = ServiceConsent(
        id=new_id(),
        party=of,
        item=item,
        version=version,
        mobile=of.mobile,
        given_at=at,
        given_channel=actor.channel.value,
        given_by_id=actor.id if actor.kind == "person" else None,
        given_staff_id=actor.id if actor.kind == "staff" else None,
    )
    row.save(force_insert=True)
    _record(row, "people.consent_to_service", "service_agreed", actor, at)
    return row.id


@transaction.atomic
def withdraw_service_consent(*, actor: Actor, party: UUID, item: str = "", signed: bool = False, at: datetime) -> None:
    """Take it back, for what is served later; whoever might give it may. Nothing in force: nothing happens."""
    of = _party(actor, party, item, signed)
    row = ServiceConsent.objects.select_for_update(of=("self",)).filter(party=of, item=item, withdrawn_at=None).first()
    if row is None:
        return
    row.withdrawn_at, row.withdrawn_channel = at, actor.channel.value
    row.withdrawn_by_id = actor.id if actor.kind == "person" else None
    row.withdrawn_staff_id = actor.id if actor.kind == "staff" else None
    row.save()
    _record(row, "people.withdraw_service_consent", "service_withdrawn", actor, at)


def _party(actor: Actor, party: UUID, item: str, signed: bool) -> Party:
    """The party, locked so that two presses follow each other; for who may speak for it."""
    by_staff = actor.kind == "staff" and can_register(actor)
    if not by_staff and not actor.acts_for(party, item=item):
        raise NotFound(A_PARTY)
    if by_staff and not signed:
        raise Refused(Reason("SIGNATURE_NEEDED", SIGNATURE_NEEDED, "/signed"))
    found = Party.objects.select_for_update(of=("self",)).filter(id=party).first()
    if found is None:
        raise NotFound(A_PARTY)
    return found


def _record(row: ServiceConsent, act: str, template: str, actor: Actor, at: datetime) -> None:
    """The entry of the ledger; and the party is told, in case it was not its will."""
    ledger.append(
        act=act,
        actor=actor,
        at=at,
        subject=ledger.Subject(CONSENT, row.id),
        detail={"version": row.version, "item": row.item},
        behalf=row.party_id,
        facts=facts_of(row),
    )
    if actor.id != row.party_id:
        send(
            address=Address("sms", row.party.mobile, row.party_id) if row.party.mobile else Address("inbox", party=row.party_id),
            locale=language_of(row.party_id),
            template=template,
            values={},
            at=at,
            dedupe=f"{template}:{row.id}",
        )  # fmt: skip
