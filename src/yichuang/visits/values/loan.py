"""What may be held of the things that a hall lends (便民物品)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yichuang.core.words import Words


@dataclass(frozen=True, slots=True)
class LoanItemRow:
    """A kind of thing: how many there are, how many are out, for how many minutes it is lent."""

    id: UUID
    name: Words
    owned: int
    out: int
    minutes: int

    @property
    def here(self) -> int:
        return self.owned - self.out


@dataclass(frozen=True, slots=True)
class LoanRow:
    """One thing that somebody has: the name masked."""

    id: UUID
    item: Words
    name_masked: str
    mobile_masked: str
    out_at: datetime
    due_at: datetime
    overdue: bool
    reminded_at: datetime | None


@dataclass(frozen=True, slots=True)
class LoanFigures:
    """Of the last thirty days, by kind: how often it was lent, came back late, was lost."""

    item: Words
    lent: int
    late: int
    lost: int


@dataclass(frozen=True, slots=True)
class LoanDesk:
    """What a hall lends at this moment."""

    items: tuple[LoanItemRow, ...]
    out: tuple[LoanRow, ...]  # what is due first on top
    figures: tuple[LoanFigures, ...]
    manages: bool  # whether who looks may change what is lent
