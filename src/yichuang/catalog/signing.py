"""Who has to sign a filing (共同签署), from its form. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yichuang.catalog.rules import typed_values
from yichuang.catalog.subjects import texts_of
from yichuang.catalog.values import NamedSigner, Pack
from yichuang.core.clock import local_date
from yichuang.core.identifiers import normal_id
from yichuang.core.words import Words


def signers_of(
    pack: Pack, answers: Mapping[str, Any], form: Mapping[str, Any], *, at: datetime
) -> tuple[NamedSigner, ...]:
    """Everybody whom the form names as signer, each once, in the order of the pack; none for an item that asks for no
    signatures. Who has no identity number (an organisation) is nobody's account and left out."""
    if pack.signing is None:
        return ()
    values = typed_values(pack, answers, form, {"today": local_date(at)})
    found: dict[str, NamedSigner] = {}
    for spec in pack.signing.signers:
        numbers, names = (texts_of(one.evaluate(values)) for one in (spec.number, spec.name))
        for number, name in zip(numbers, names, strict=False):
            key = normal_id(number)
            if not key:
                continue
            had = found.get(key, NamedSigner(key, name, (), ()))
            found[key] = NamedSigner(key, had.name, _with(had.roles, spec.role), _with(had.signs, spec.signs))
    return tuple(found.values())


def _with(had: tuple[Words, ...], more: Words) -> tuple[Words, ...]:
    return tuple(dict.fromkeys((*had, more)))
