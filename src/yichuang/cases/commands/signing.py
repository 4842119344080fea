"""共同签署 under its locks, and what ends it from outside: its draft says something else, is gone, or was filed without the signatures.

Whoever acts on a signing locks the draft first and the signing second, and files only then: in another order two of them
would wait for each other.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from yichuang.cases.cosigning import SigningState, digest_of
from yichuang.cases.models import Draft, Signature, Signing
from yichuang.cases.vouch.signing import SIGNING, facts_of_signing
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.ledger import Subject


def lock_draft(draft: UUID, *, owner: UUID | None = None) -> Draft | None:
    """The draft, locked; None when it is gone (filed, thrown away) or not the owner's."""
    rows = Draft.objects.select_for_update(of=("self",)).filter(id=draft)
    return (rows if owner is None else rows.filter(owner_id=owner)).first()


def lock_signing(**which: Any) -> Signing | None:
    """The one signing that this says, locked behind its draft; None where there is none (any more)."""
    draft = Signing.objects.filter(**which).order_by("id").values_list("draft", flat=True).first()
    if draft is None:
        return None
    lock_draft(draft)
    return Signing.objects.select_for_update(of=("self",)).filter(**which).order_by("id").first()


def draft_mark(draft: Draft) -> str:
    """What of a draft must stay as it is while others sign: all that will be filed, what may be fetched included."""
    return digest_of(draft.answers, draft.form, draft.materials, agreed=sorted(draft.agreed))


def void_if_changed(draft: UUID, *, actor: Actor, at: datetime) -> None:
    """Where the draft says something else than what is being signed, or is gone: that is void. In the act's transaction,
    which has locked the draft."""
    row = _running(draft)
    if row is None:
        return
    saved = Draft.objects.filter(id=draft).first()
    if saved is None or draft_mark(saved) != row.draft_mark:
        end(row, SigningState.VOID, actor, "signing.void", at)


def end_unsigned(draft: UUID, *, actor: Actor, at: datetime) -> None:
    """The draft was filed without the signatures: nobody is asked for them any more. In the filing's transaction."""
    row = _running(draft)
    if row is not None:
        end(row, SigningState.ENDED, actor, "signing.end", at)


def _running(draft: UUID) -> Signing | None:
    rows = Signing.objects.select_for_update(of=("self",))
    return rows.filter(draft=draft, state=SigningState.OPEN.value).first()


def end(signing: Signing, state: SigningState, actor: Actor, act: str, at: datetime, *signatures: Signature) -> None:
    """A signing that is locked ends so."""
    signing.state, signing.ended_at = state.value, at
    signing.save(update_fields=["state", "ended_at", "why", "case"])
    record(signing, act, actor, at, *signatures)


def record(signing: Signing, act: str, actor: Actor, at: datetime, *signatures: Signature) -> None:
    """The entry of an act on a signing, which vouches for it and for the signatures that the act wrote."""
    ledger.append(
        act=act,
        actor=actor,
        at=at,
        subject=Subject(SIGNING, signing.id),
        detail={"item": signing.item_code, "state": signing.state, "mark": signing.mark[:16]},
        facts=facts_of_signing(signing, *signatures),
    )
