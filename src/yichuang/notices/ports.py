"""The way out and back: what a sender (短信平台, 邮件网关) must be able to do, and who reads its receipts (回执)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from yichuang.notices.values import Outgoing, Receipt


class SendingFailed(Exception):
    """The sender did not take the message; it is tried again. `fault` is a short code: it names no person, no text."""

    def __init__(self, fault: str = "FAILED") -> None:
        super().__init__(fault)
        self.fault = fault


class SendingRefused(SendingFailed):
    """The sender will never take this message: the address does not exist, the text is not allowed."""


class OutcomeUnknown(SendingFailed):
    """No answer came, or one that says nothing: the sender may have taken the message."""


class ReceiptRefused(Exception):
    """A receipt that does not prove where it comes from; the text is a code for the log."""


class Sender(Protocol):
    """Hands a message to the world within a few seconds. The same `id` again must not reach the person twice."""

    @property
    def name(self) -> str:
        """As the log calls it: at most 40 letters, the same for ever."""
        ...

    def ready(self) -> bool:
        """False while it is known to be down: nobody waits for a time-out then."""
        ...

    def send(self, message: Outgoing) -> str:
        """The sender's receipt number. Raises SendingFailed (not taken), SendingRefused (never), OutcomeUnknown."""
        ...

    def ask(self, message: UUID) -> str | None:
        """Whether it took the message: its receipt number, or None when it surely did not (or offering it again does no
        harm). Raises SendingFailed when it does not say."""
        ...


class ReceiptReader(Protocol):
    """Reads what a provider posts to us."""

    def read(
        self, *, sender: str, path: str, headers: Mapping[str, str], body: bytes, at: datetime
    ) -> tuple[Receipt, ...]:
        """Raises ReceiptRefused when signature, age or form are wrong, or the sender is not known."""
        ...


class OutboxSender:
    """The development sender: whoever runs the demo reads the messages on the outbox page."""

    name = "outbox"

    def ready(self) -> bool:
        return True

    def send(self, message: Outgoing) -> str:
        return "outbox"

    def ask(self, message: UUID) -> str | None:
        return None


class NoSender:
    """No sender is configured: the message stays queued, is parked after its tries, and nobody pretends."""

    name = "none"

    def ready(self) -> bool:
        return True

    def send(self, message: Outgoing) -> str:
        raise SendingFailed("NOT_CONFIGURED")

    def ask(self, message: UUID) -> str | None:
        return None


class NoReceipts:
    """Nobody posts receipts here."""

    def read(
        self, *, sender: str, path: str, headers: Mapping[str, str], body: bytes, at: datetime
    ) -> tuple[Receipt, ...]:
        raise ReceiptRefused("NOT_CONFIGURED")


def senders_for(kind: str) -> tuple[Sender, ...]:
    """The senders that the settings name for a kind, the preferred one first; else the outbox in the demo, else none.

    `YICHUANG_SENDERS = {"sms": "dotted.name"}`: a class of a sender, or a function that gives senders.
    """
    configured: dict[str, str] = getattr(settings, "YICHUANG_SENDERS", {})
    if kind in configured:
        made: Any = import_string(configured[kind])()
        return made if isinstance(made, tuple) else (made,)
    return (OutboxSender(),) if settings.YICHUANG_DEMO else (NoSender(),)


def receipt_reader() -> ReceiptReader:
    """Who reads receipts (`YICHUANG_RECEIPTS = "dotted.Class"`)."""
    configured: str = getattr(settings, "YICHUANG_RECEIPTS", "")
    reader: ReceiptReader = import_string(configured)() if configured else NoReceipts()
    return reader
