"""The way out: what a sender (短信平台, 邮件网关) must be able to do."""

from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from yichuang.notices.values import Outgoing


class SendingFailed(Exception):
    """The sender did not take the message; it is tried again. The text names the fault, never the person."""


class Sender(Protocol):
    """Hands a message to the world. The same `id` again must not reach the person twice."""

    def send(self, message: Outgoing) -> str:
        """The sender's receipt number; SendingFailed (or any other exception) when it did not take the message."""
        ...


class OutboxSender:
    """The development sender: whoever runs the demo reads the messages on the outbox page."""

    def send(self, message: Outgoing) -> str:
        return "outbox"


class NoSender:
    """No sender is configured: the message stays queued, is parked after its tries, and nobody pretends."""

    def send(self, message: Outgoing) -> str:
        raise SendingFailed(f"no sender is configured for {message.kind}")


def sender_for(kind: str) -> Sender:
    """The sender that the settings name for a kind (`YICHUANG_SENDERS = {"sms": "dotted.Class"}`), else the outbox in
    the demo, else none."""
    configured: dict[str, str] = getattr(settings, "YICHUANG_SENDERS", {})
    if kind in configured:
        return _load(configured[kind])
    return OutboxSender() if settings.YICHUANG_DEMO else NoSender()


@cache
def _load(dotted: str) -> Sender:
    sender: Sender = import_string(dotted)()
    return sender
