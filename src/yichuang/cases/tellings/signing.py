"""What the people of a signing (共同签署) are told: to sign, what a clerk put on record, that it is over. Messages name no other person."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yichuang.cases.cosigning import SIGNING_WORDS, SigningState
from yichuang.cases.models import Signature, Signing
from yichuang.core.clock import local_date
from yichuang.core.masks import mask_name
from yichuang.core.words import Words
from yichuang.network import queries as network
from yichuang.notices import commands as notices
from yichuang.notices.values import Address
from yichuang.people import queries as people
from yichuang.people.values import PartyRow


def tell_asked(
    signing: Signing, signers: Sequence[Signature], *, asked_by: PartyRow, at: datetime, again: bool = False
) -> None:
    """To everybody who has not signed and is known to us; who is not hears of it from the one who asked."""
    known = people.parties_of([one.number for one in signers])
    for row in people.list_parties(known.values()).values():
        _send(
            signing,
            row,
            "signature_reminder" if again else "signature_asked",
            {"who": mask_name(asked_by.name), "until": local_date(signing.expires_at)},
            at,
        )


def tell_over(signing: Signing, *, at: datetime) -> None:
    """To the one who asked: nothing was filed, and why."""
    owner = people.get_party(signing.owner_id)
    _send(signing, owner, "signing_over", {"outcome": SIGNING_WORDS[SigningState(signing.state)]}, at)


def tell_recorded(signing: Signing, signer: PartyRow, *, place: UUID, at: datetime) -> None:
    """To who signed before a clerk: that the signature is on record, where, and for what; it may not have been them."""
    _send(
        signing, signer, "signature_recorded", {"place": network.get_place_by_id(place).name, "at": local_date(at)}, at
    )


def _send(signing: Signing, to: PartyRow, template: str, values: dict[str, object], at: datetime) -> None:
    notices.send(
        address=Address("sms" if to.mobile else "inbox", to.mobile, to.id),
        locale=to.language or "zh-hans",
        template=template,
        values={"item": Words(signing.item_name_zh, signing.item_name_en), **values},
        at=at,
        dedupe=f"{template}:{signing.id}:{to.id}",
    )
