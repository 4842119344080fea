"""同意电子送达: given and taken back by the party or who acts for it, or on a signed paper at a counter."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.ids import new_id
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.notices.commands import send
from yichuang.notices.queries import is_written
from yichuang.notices.values import Address
from yichuang.people.commands.agency import may_authorise
from yichuang.people.commands.parties import A_PARTY
from yichuang.people.models import Party, Representation, ServiceConsent
from yichuang.people.permissions import can_register
from yichuang.people.ports import is_item
from yichuang.people.queries import language_of
from yichuang.people.service import CURRENT
from yichuang.people.vouch import CONSENT, facts_of

WORDS_CHANGED = W(
    "同意书已更新，请看过新的内容再确认", "The words have changed: please read them again before agreeing"
)
SIGNATURE_NEEDED = W(
    "请核对本人（或代理人）已在纸质确认书上签名", "Check that the person, or the agent, has signed the paper"
)
PARTY_WITHDREW = W(
    "本人撤回过电子送达，只有本人（单位的法定代表人、监护人）在网上，或者凭签名的确认书到窗口，才能重新同意",
    "They withdrew electronic service themselves: only they (the legal representative of a company, a guardian) can agree "
    "again, or a counter on a signed paper",
)
AN_ITEM = W("事项", "item")


@transaction.atomic
def give_service_consent(
    *, actor: Actor, party: UUID, version: str, item: str = "", signed: bool = False, at: datetime
) -> UUID:
    """Agree for a party: itself or who stands for it (with `item`, for that one item), or a clerk with the signed paper
    (`signed`). Agreed already: the same id. Raises NotFound for who may not and for an item that nobody knows, Conflict
    WORDS_CHANGED, Conflict PARTY_WITHDREW for an agent after the party's own withdrawal, Refused SIGNATURE_NEEDED."""
    of = _party(actor, party, item, signed)
    if item and not is_item(item):  # it stays in the ledger for ever: no free text
        raise NotFound(AN_ITEM)
    known = ServiceConsent.objects.filter(party=of, item=item, withdrawn_at=None).first()
    if known is not None:
        return known.id
    if version != CURRENT.version:
        raise Conflict(Reason("WORDS_CHANGED", WORDS_CHANGED, "/version"))
    if actor.kind == "person" and not may_authorise(actor, party, local_date(at)) and _was_withdrawn(party, item):
        raise Conflict(Reason("PARTY_WITHDREW", PARTY_WITHDREW))
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
    _record(row, "people.consent_to_service", actor, at)
    _tell(row, "service_agreed", actor, at)
    return row.id


@transaction.atomic
def withdraw_service_consent(*, actor: Actor, party: UUID, item: str = "", signed: bool = False, at: datetime) -> bool:
    """Take it back, for what is served later; whoever might give it may. With `item` the one for that item, without it
    every one of the party, whoever gave it: by the party itself, that binds its agents for items never asked about too.
    False: nothing of that was in force, and nothing happened."""
    of = _party(actor, party, item, signed)
    rows = _in_force(of.id, {item} if item else ())
    for row in rows:
        row.withdrawn_at, row.withdrawn_channel, row.withdrawn_with_all = at, actor.channel.value, not item
        row.withdrawn_by_id = actor.id if actor.kind == "person" else None
        row.withdrawn_staff_id = actor.id if actor.kind == "staff" else None
        row.save()
        _record(row, "people.withdraw_service_consent", actor, at)
    if rows:
        _tell(rows[-1], "service_withdrawn", actor, at)
    return bool(rows)


def hold_service_consent(*, party: UUID, item: str) -> bool:
    """Whether a party agreed, for the item or for everything; until the caller's transaction ends nobody takes it back."""
    return bool(_in_force(party, {"", item}))


def _in_force(party: UUID, items: Collection[str] = ()) -> list[ServiceConsent]:
    """What is in force of a party (of these items, or all), locked, always in the same order."""
    rows = ServiceConsent.objects.select_for_update(of=("self",)).filter(party=party, withdrawn_at=None)
    return list((rows.filter(item__in=items) if items else rows).select_related("party").order_by("id"))


def _was_withdrawn(party: UUID, item: str) -> bool:
    """Whether the party itself (who decides for it, or a signed paper) took back what is to be given, or everything, and has
    not itself agreed since. For everything, any item's withdrawal counts: it would be overridden too."""
    deciders = Representation.objects.filter(principal=party, kind__in=["legal_representative", "guardian"])
    own = {party, *deciders.values_list("agent", flat=True)}
    said = Q(item__in={"", item}) | Q(withdrawn_with_all=True) if item else Q()
    rows = ServiceConsent.objects.filter(party=party).order_by("id")
    gave = list(rows.filter(Q(given_by__in=own) | Q(given_staff__isnull=False)))
    took = rows.filter(said).filter(Q(withdrawn_by__in=own) | Q(withdrawn_staff__isnull=False))
    return any(not _again(row, gave, {"", item or ("" if row.withdrawn_with_all else row.item)}) for row in took)


def _again(took: ServiceConsent, gave: Collection[ServiceConsent], items: Collection[str]) -> bool:
    """Whether one of these was given after the other was taken back."""
    assert took.withdrawn_at
    return any(row.id != took.id and row.item in items and row.given_at >= took.withdrawn_at for row in gave)


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


def _record(row: ServiceConsent, act: str, actor: Actor, at: datetime) -> None:
    ledger.append(
        act=act,
        actor=actor,
        at=at,
        subject=ledger.Subject(CONSENT, row.id),
        detail={"version": row.version, "item": row.item},
        behalf=row.party_id,
        facts=facts_of(row),
    )


def _tell(row: ServiceConsent, template: str, actor: Actor, at: datetime) -> None:
    """The party is told each time, in case it was not its will; by SMS of each kind once a day at most, however often
    somebody presses. The last SMS of a day on which there was an agreement is of an agreement: that is what may harm."""
    if actor.id == row.party_id:
        return
    day = f"{row.party_id}:{local_date(at).isoformat()}"
    told = is_written([f"{one}:{day}" for one in {"service_agreed", template}])
    by_sms = bool(row.party.mobile) and not told
    send(
        address=Address("sms", row.party.mobile, row.party_id) if by_sms else Address("inbox", party=row.party_id),
        locale=language_of(row.party_id),
        template=template,
        values={},
        at=at,
        dedupe=f"{template}:{day}" if by_sms else f"{template}:{row.id}",
    )
