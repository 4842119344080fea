"""What issuing tells of itself."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yichuang.core.events import Event


@dataclass(frozen=True, slots=True)
class DestructionApproved(Event):
    """A second person approved that a closed case's file is destroyed (销毁)."""

    appraisal: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class PaperExchanged(Event):
    """换领: a corrected certificate was given for the paper of an earlier version."""

    case: UUID
    at: datetime
