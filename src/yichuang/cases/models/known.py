"""What an act knows of its case while it goes on; kept in no table; part of `cases.models`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yichuang.people.values import PartyRow

if TYPE_CHECKING:
    from yichuang.cases.models import Decision, Material


@dataclass(slots=True)
class Known:
    """What one act has at hand of its case, from the case's lock to its entry. `alone`: nobody else appends to its ledger."""

    applicant: PartyRow | None = None
    materials: "list[Material] | None" = None
    decision: "Decision | None" = None
    facts: dict[str, Any] | None = None
    counted: list[tuple[str, str, str]] | None = None  # by `needs.counted_of`
    alone: bool = False
    plain: bool = False  # never stopped, never extended
