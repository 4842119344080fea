"""What may be done with a document that the state already holds (国办函〔2016〕108号, 材料可信等级)."""

from datetime import date
from typing import Literal

from yichuang.core.said import day_said
from yichuang.core.words import W, Words
from yichuang.registry.values import Trust

Origin = Literal["organ", "checked", "uploaded", "declared"]
Use = Literal["direct", "reuse", "original", "promise"]

_LEVEL: dict[Origin, Trust] = {"organ": Trust.A, "checked": Trust.B, "uploaded": Trust.C, "declared": Trust.D}
_USE: dict[Trust, Use] = {Trust.A: "direct", Trust.B: "reuse", Trust.C: "original", Trust.D: "promise"}
_ISSUED = W(
    "此件由{provider}提供，仅供办理“{item}”使用，有效期至{until}",
    "Provided by {provider} for use in “{item}” only; valid until {until}",
)
_CHECKED = W("与原件核对无误", "Checked against the original")


def trust_of(origin: Origin) -> Trust:
    """The level of a document: issued by an organ, checked by a clerk, uploaded by the person, or made by the person."""
    return _LEVEL[origin]


def use_of(level: Trust) -> Use:
    """What a document of this level is good for: used as it is, reused, only with its original, or on the person's word."""
    return _USE[level]


def mark_of(level: Trust, *, provider: Words, item: Words, until: date) -> Words | None:
    """What is printed on a copy of level A or B; the others carry no mark of ours."""
    if level is Trust.A:
        return _ISSUED.format(provider=provider, item=item, until=day_said(until))
    return _CHECKED if level is Trust.B else None
