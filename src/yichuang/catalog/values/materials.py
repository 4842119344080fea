"""Materials (申请材料), and what one applicant must hand in of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from yichuang.catalog.values.limits import Limit
from yichuang.core.refusals import Reason
from yichuang.core.words import W, Words

if TYPE_CHECKING:
    from yichuang.catalog.values.commitment import Commitment
    from yichuang.engine.values import Expression
    from yichuang.registry.values import Base, GroundKind, Trust

Necessity = Literal["main", "secondary", "optional"]
Path = Literal["instant", "promise"]
NECESSITIES: Mapping[str, tuple[str, Words]] = {  # 材料必要性
    "main": ("1", W("必要", "Required")),
    "optional": ("2", W("非必要", "Optional")),
    "secondary": ("3", W("可容缺后补", "Required, may follow later")),
}


@dataclass(frozen=True, slots=True)
class FileRule:
    """What an upload for a material may be. Sizes in megabytes (1 MB = 1,048,576 bytes, as uploads count)."""

    kinds: tuple[str, ...] = ("pdf", "jpg", "png")
    least: int = 1
    most: int = 5
    max_mb: int = 20


@dataclass(frozen=True, slots=True)
class HeldSpec:
    """What the state may hold in a material's place (免证办): asked by the applicant's own number, never by anybody else's.

    `of`: the number of whom the paper is about; it is fetched only where that is the applicant.
    Of the certificates base: a valid certificate of the type `Material.replaces`, our own or another organ's. Of any other:
    these fields. `fits` has to hold over what came (`held.<field>`), answers, form and today; what is not sure does not.
    """

    base: Base
    fields: tuple[str, ...]
    of: Expression | None
    fits: Expression | None
    name: Words  # what it is called: 户籍登记信息
    ground: GroundKind
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class AgainSpec:
    """Whether a paper of an earlier case of the same applicant will do once more: so many days, of this trust at least."""

    days: int
    trust: Trust
    source: str


@dataclass(frozen=True, slots=True)
class Material:
    """申请材料. `replaces` is the certificate type that makes it 免提交 when the register holds a valid one.

    `held`: what allows to fetch it from the shared bases (see `rules.held_spec` for one that has `replaces` alone).
    """

    code: str
    name: Words
    necessity: Necessity
    kind: Literal["certificate", "form", "other"]
    form: Literal["paper", "electronic", "either"]
    originals: int
    copies: int
    page_format: str
    origin: Literal["self", "government", "other"]
    origin_note: Words | None
    when: Expression | None
    when_words: Words | None
    replaces: str | None
    replaces_name: Words | None
    promise_days: int  # working days within which a secondary one must follow (容缺)
    accept_standard: Words
    fill_note: Words | None
    files: FileRule
    basis: str
    source: str
    held: HeldSpec | None = None
    again: AgainSpec | None = None


@dataclass(frozen=True, slots=True)
class RequiredMaterial:
    """A material that this applicant must (or may) hand in. `held`: a register has it, nothing to hand in (免提交)."""

    code: str
    name: Words
    necessity: Necessity
    tolerable: bool
    promise_days: int
    basis: str
    why: Words
    held: bool
    spec: Material


@dataclass(frozen=True, slots=True)
class Requirements:
    """What an item asks of one applicant: computed from answers, form and facts; never a flat list."""

    materials: tuple[RequiredMaterial, ...]
    blocked: tuple[Reason, ...]
    undecided: tuple[Reason, ...]  # conditions no register could answer: a person judges
    path: Path
    legal: Limit
    promise: Limit
    promise_with_gaps: (
        Limit  # when papers follow later: never "on the spot" (an instant variant falls back to the item's)
    )
    questions_open: tuple[str, ...]
    tolerant: bool  # 容缺受理 is possible at all for this item and applicant
    commitments: tuple[Commitment, ...] = ()  # 告知承诺 that the applicant chose to make

    @property
    def demanded(self) -> tuple[RequiredMaterial, ...]:
        """Those that must be handed in: not optional and not already held by the state."""
        return tuple(m for m in self.materials if m.necessity != "optional" and not m.held)


@dataclass(frozen=True, slots=True)
class MaterialVerdict:
    """Which demanded materials are missing, all of them, and whether every missing one may follow later (容缺)."""

    missing: tuple[RequiredMaterial, ...]
    tolerable: bool
