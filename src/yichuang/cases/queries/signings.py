"""Reading signings (共同签署): who asked sees who is missing; who is asked sees what they sign; a clerk by the number in hand."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from yichuang.cases.cosigning import SignaturePage, SignatureState, SignerRow, SigningPage, SigningState
from yichuang.cases.models import Signature, Signing
from yichuang.cases.permissions import can_take_filings
from yichuang.cases.signings import content_of, number_index
from yichuang.core.actors import Actor
from yichuang.core.masks import mask_id
from yichuang.core.refusals import NotFound
from yichuang.core.words import W, Words
from yichuang.people import queries as people

A_SIGNATURE = W("签署", "signature")
MOST = 50
_IN_ORDER = Prefetch("signatures", Signature.objects.order_by("order"))


def find_signing(actor: Actor, draft: UUID) -> SigningPage | None:
    """The newest signing of one of the actor's drafts; None where no signatures were asked for."""
    if actor.kind != "person":
        return None
    rows = Signing.objects.filter(draft=draft, owner_id=actor.id).select_related("case")
    row = rows.prefetch_related(_IN_ORDER).order_by("-id").first()
    return _page(row) if row is not None else None


def list_signings(actor: Actor) -> tuple[SigningPage, ...]:
    """What the actor asked others to sign and is not filed, the newest first."""
    if actor.kind != "person":
        return ()
    rows = Signing.objects.filter(owner_id=actor.id).exclude(state=SigningState.FILED.value).select_related("case")
    return tuple(_page(row) for row in rows.prefetch_related(_IN_ORDER).order_by("-id")[:MOST])


def list_signatures(actor: Actor) -> tuple[SignaturePage, ...]:
    """What the actor is asked to sign, or was, the newest first; not what they asked for themselves."""
    if actor.kind != "person" or actor.id is None:
        return ()
    index = number_index(people.get_party(actor.id).id_no)
    rows = Signature.objects.filter(number_index=index).exclude(signing__owner_id=actor.id)
    return _signatures(rows)


def get_signature(actor: Actor, signature: UUID) -> SignaturePage:
    """One that the actor is asked to sign, or a clerk may take at the window while it runs; NotFound.

    Who has not signed when it is over reads how it ended, and no content (`_content`).
    """
    row = Signature.objects.filter(id=signature).select_related("signing").first()
    if row is None or not _may_read(actor, row):
        raise NotFound(A_SIGNATURE)
    return _signature(row, people.get_party(row.signing.owner_id).name)


def signatures_for(actor: Actor, number: str) -> tuple[SignaturePage, ...]:
    """At a window: what waits for the signature of the person whose document the clerk has in hand."""
    if not can_take_filings(actor):
        return ()
    rows = Signature.objects.filter(number_index=number_index(number), state=SignatureState.ASKED.value)
    return _signatures(rows.filter(signing__state=SigningState.OPEN.value))


def _signatures(rows: QuerySet[Signature]) -> tuple[SignaturePage, ...]:
    """The newest, in two statements however many there are."""
    found = list(rows.select_related("signing").order_by("-id")[:MOST])
    known = people.list_parties({row.signing.owner_id for row in found}) if found else {}
    return tuple(_signature(row, known[row.signing.owner_id].name) for row in found)


def _may_read(actor: Actor, row: Signature) -> bool:
    if actor.kind == "person" and actor.id is not None:
        return bool(people.get_party(actor.id).id_no == row.number)
    return can_take_filings(actor) and row.state == SignatureState.ASKED.value and _runs(row)


def _runs(row: Signature) -> bool:
    return bool(row.signing.state == SigningState.OPEN.value)


def _content(row: Signature) -> Mapping[str, Any]:
    """What is signed. Who has not signed reads it only while it runs: they may have been named by mistake."""
    if row.state == SignatureState.SIGNED.value or _runs(row):
        return content_of(row.signing)
    return {"answers": {}, "form": {}, "materials": {}, "agreed": []}


def _words(rows: list[list[str]]) -> tuple[Words, ...]:
    return tuple(Words(*one) for one in rows)


def _page(row: Signing) -> SigningPage:
    return SigningPage(
        id=row.id,
        draft=row.draft,
        item_code=row.item_code,
        item=Words(row.item_name_zh, row.item_name_en),
        state=SigningState(row.state),
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        signers=tuple(
            SignerRow(
                one.id,
                one.name,
                mask_id(one.number),
                _words(one.roles),
                _words(one.signs),
                SignatureState(one.state),
                one.at,
                one.how,
                one.reason,
            )
            for one in row.signatures.all()
        ),
        number=row.case.number if row.case else "",
        why=_words(row.why),
    )


def _signature(row: Signature, asked_by: str) -> SignaturePage:
    signing = row.signing
    told = _content(row)
    return SignaturePage(
        id=row.id,
        signing=signing.id,
        item_code=signing.item_code,
        item_version=signing.item_version,
        item=Words(signing.item_name_zh, signing.item_name_en),
        owner=signing.owner_id,
        asked_by=asked_by,
        asked_at=signing.asked_at,
        expires_at=signing.expires_at,
        roles=_words(row.roles),
        signs=_words(row.signs),
        state=SignatureState(row.state),
        signing_state=SigningState(signing.state),
        answers=told["answers"],
        form=told["form"],
        materials=tuple(code for code, ids in told["materials"].items() if ids),
        fetched=tuple(told.get("agreed", ())),
        mark=signing.mark,
    )
