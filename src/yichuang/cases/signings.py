"""共同签署: what was signed, for those who judge, file and show it. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yichuang.cases.cosigning import SignatureState, SigningState
from yichuang.cases.models import Case, Signature, Signing
from yichuang.catalog.values import Pack
from yichuang.core.crypto import blind_index
from yichuang.core.identifiers import normal_id
from yichuang.people import queries as people


def number_index(number: str) -> str:
    """The blind index under which a signer is found."""
    return blind_index("cases.signer", normal_id(number))


@dataclass(frozen=True, slots=True)
class SignedBy:
    """Who signed a filing: their numbers, and whether the document of each was seen, at a counter or with the account."""

    numbers: frozenset[str]
    seen: bool


def signed_by(pack: Pack, case: Case) -> SignedBy | None:
    """Who signed what was filed; None where nobody was asked to (its pack asks for none, or it was filed without)."""
    if pack.signing is None:
        return None
    signing = Signing.objects.filter(case=case, state=SigningState.FILED.value).first()
    if signing is None:
        return None
    rows = list(signing.signatures.filter(state=SignatureState.SIGNED.value).order_by("order"))
    seen = all(row.how == "counter" or (row.party_id and people.identity_seen(row.party_id)) for row in rows)
    return SignedBy(frozenset(row.number for row in rows), bool(seen))


def open_signing(draft: UUID) -> Signing | None:
    """The signing of a draft that runs."""
    return Signing.objects.filter(draft=draft, state=SigningState.OPEN.value).first()


def missing_of(signing: Signing) -> list[Signature]:
    """Who has not signed yet."""
    return list(signing.signatures.filter(state=SignatureState.ASKED.value).order_by("order"))


def content_of(signing: Signing) -> Mapping[str, Any]:
    """What is signed: "answers", "form", "materials" and how it is filed."""
    return dict(signing.content)
