"""What an act knows of its case while it goes on; kept in no table; part of `cases.models`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yichuang.people.values import PartyRow

if TYPE_CHECKING:
    from yichuang.cases.models import Decision, Material
    from yichuang.catalog.values import Requirements


@dataclass(slots=True)
class Known:
    """What one act has at hand of its case, from the case's lock to its entry. `alone`: nobody else appends to its ledger.

    `entries`: how many of a case that is filed in this very transaction; 0 of any other.
    """

    applicant: PartyRow | None = None
    materials: "list[Material] | None" = None
    decision: "Decision | None" = None
    facts: dict[str, Any] | None = None
    needs: "Requirements | None" = None  # by these facts
    counted: Sequence[tuple[str, str, str]] | None = None  # by `needs.counted_of`
    claimed: Sequence[str] | None = None  # by `comparing.claimed_keys`
    alone: bool = False
    plain: bool = False  # never stopped, never extended
    entries: int = 0

    @property
    def new(self) -> bool:
        """Filed in this very transaction, as an application by itself: nothing holds or stops it, it has promised nothing, and
        it is written with what becomes of it."""
        return self.entries > 0

    def next_entry(self) -> int:
        """The number of the next entry of a new case; 0 where only the ledger knows it."""
        self.entries += self.new
        return self.entries
