"""What other rooms may hold of a message."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from yichuang.core.words import Words

Kind = Literal["sms", "email", "inbox"]
State = Literal["queued", "sent", "failed"]
ReceiptState = Literal["delivered", "undelivered"]


class Outcome(StrEnum):
    """What became of one step of handing a message over, as the log keeps it."""

    BEGUN = "begun"  # a sender is about to be asked to take it: what a killed process leaves behind
    SENT = "sent"  # the sender took it
    FAILED = "failed"  # the sender did not take it; another try may
    UNKNOWN = "unknown"  # the sender did not say: it is asked before anybody sends again
    REFUSED = "refused"  # the sender will never take it
    LATER = "later"  # a round of tries ended without success
    PARKED = "parked"  # nobody tries any more, until a person says so
    AGAIN = "again"  # a person said so


@dataclass(frozen=True, slots=True)
class Try:
    """One step in the history of handing a message over; `sender` is empty where no one sender is meant."""

    sender: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next with a message: ask a sender whether it took it, offer it to one, or leave it for now or for good."""

    kind: Literal["done", "ask", "offer", "later", "park"]
    sender: str = ""


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
    """What a sender gets. `id` is the idempotency key: the same message may be offered twice after a crash.

    `to` is normalised: eleven digits of a mobile number, or an e-mail address.
    """

    id: UUID
    kind: Kind
    to: str
    title: str
    body: str
    locale: str
    template: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider reports of a message it took (回执): whether it reached the phone. `code` is the provider's own."""

    message: UUID
    state: ReceiptState
    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LogRow:
    """A line of the message log (消息日志): never the text, the address masked."""

    id: UUID
    kind: Kind
    to: str
    template: str
    title: Words
    locale: str
    created_at: datetime
    state: State
    sender: str  # who took it
    sent_at: datetime | None
    seconds: float | None  # from writing to handing over
    attempts: int  # offers to senders
    fault: str  # of the last try that failed: its kind, never a text of the provider's
    parked: bool
    receipt: ReceiptState | Literal[""]
    receipt_at: datetime | None
    receipt_code: str
    parts: int  # of an SMS, as providers charge them
    can_resend: bool


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template (模板) as a list shows it: braces stand for values."""

    code: str
    title: Words
    body: Words
    values: tuple[str, ...]
    secret: bool


@dataclass(frozen=True, slots=True)
class LogFilters:
    """Which lines of the log: empty means all. `only` picks those that need a person."""

    kind: str = ""
    template: str = ""
    only: Literal["", "parked", "undelivered", "waiting"] = ""
    party: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


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
