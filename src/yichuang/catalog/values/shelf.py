"""What the item editor sees of an item: its published versions, and what lies in its folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from yichuang.catalog.values.guide import ItemRow
from yichuang.core.words import Words

VersionState = Literal["open", "coming", "ended"]
# none: no folder; new: never published; newer: a higher version; same: as published; changed: other content under the
# number that is published; older: a lower number; unreadable: item.yaml cannot be read
FolderState = Literal["none", "new", "newer", "same", "changed", "older", "unreadable"]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One published version: from when, and until when one may apply under it."""

    id: UUID
    version: int
    digest: str
    effective_at: datetime
    retired_at: datetime | None
    published_at: datetime
    item: ItemRow

    def state(self, at: datetime) -> VersionState:
        if self.retired_at is not None and self.retired_at <= at:
            return "ended"
        return "coming" if self.effective_at > at else "open"


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """One item of the editor's list; versions newest first."""

    code: str
    name: Words
    versions: tuple[VersionRow, ...]
    folder_version: int | None
    folder: FolderState
    at: datetime
    draft: bool = False  # the folder is a draft that a workbook brought in

    @property
    def open(self) -> VersionRow | None:
        """The version under which one can apply at the instant."""
        return next((row for row in self.versions if row.state(self.at) == "open"), None)

    @property
    def coming(self) -> VersionRow | None:
        """The version that takes effect later."""
        return next((row for row in self.versions if row.state(self.at) == "coming"), None)
