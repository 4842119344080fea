"""What other rooms may hold of a message."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from yichuang.core.words import Words

Kind = Literal["sms", "email", "inbox"]
State = Literal["queued", "sent", "failed"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: a mobile number, an e-mail address, or the in-app inbox of a party (value empty).

    Naming the party of an SMS or e-mail as well shows the message in that person's inbox, unless it is a secret.
    """

    kind: Kind
    value: str = ""
    party: UUID | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is to come in by a day; a tuple of them is a value that messages write out as a list."""

    what: Words
    by: date


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a sender gets. `id` is the idempotency key: the same message may be offered twice after a crash."""

    id: UUID
    kind: Kind
    to: str
    title: str
    body: str
    locale: str


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as pages show it. `to` is masked; `body` is what the person reads."""

    id: UUID
    kind: Kind
    to: str
    template: str
    title: str
    body: str
    locale: str
    created_at: datetime
    state: State
    sent_at: datetime | None
    attempts: int
