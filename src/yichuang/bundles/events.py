"""What packages tell of themselves."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yichuang.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleFiled(Event):
    bundle: UUID
    number: str
    package: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleEnded(Event):
    """Every item has ended: all granted ("whole"), some ("partly") or none."""

    bundle: UUID
    number: str
    outcome: str
    applicant: UUID
    at: datetime
