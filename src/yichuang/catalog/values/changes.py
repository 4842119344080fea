"""What differs between two versions of an item (事项版本比对)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from yichuang.core.words import Words

Kind = Literal["added", "removed", "changed"]
Weight = Literal["harder", "easier", ""]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `name` is the thing (a material, a field …), `what` its property; both may be the item's own.

    `weight` says what it means for who applies: more to bring, to wait or to pay ("harder"), less ("easier"), or
    neither as far as a rule can tell ("").
    """

    part: Words
    kind: Kind
    code: str
    name: Words
    what: Words | None = None
    before: Words | None = None
    after: Words | None = None
    weight: Weight = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions side by side. `meaning` says in whole sentences what it means for cases, drafts and applicants."""

    code: str
    name: Words
    old: int
    new: int
    changes: tuple[Change, ...]
    meaning: tuple[Words, ...]
