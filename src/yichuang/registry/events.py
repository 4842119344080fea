"""News from the certificate base and the shared bases."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yichuang.core.events import Event
from yichuang.registry.values import Base, GroundKind, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRecorded(Event):
    """A certificate came into being (制证)."""

    certificate: UUID
    type_code: str
    holder: UUID
    subject: tuple[str, UUID]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateStatusChanged(Event):
    """A certificate was suspended, revived, revoked, cancelled or replaced."""

    certificate: UUID
    holder: UUID
    status: Status
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryAsked(Event):
    """Shared bases were asked about a party (共享查询); the person is told once per case and day."""

    party: UUID
    bases: tuple[Base, ...]
    item: str
    case_number: str
    ground: GroundKind
    at: datetime
