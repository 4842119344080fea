"""Receipts (回执): a provider reports by a signed post whether messages reached their phones."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from yichuang.gateways.signing import fault_of
from yichuang.gateways.sms.config import Provider, providers
from yichuang.notices.ports import ReceiptRefused
from yichuang.notices.values import Receipt

MOST = 500  # reports in one post


class SmsReceipts:
    """A `notices.ports.ReceiptReader` for the providers of the settings."""

    def __init__(self, known: tuple[Provider, ...] | None = None, *, clock: Callable[[], float] = time.time):
        self._known = {provider.name: provider for provider in (providers() if known is None else known)}
        self._clock = clock

    def read(
        self, *, sender: str, path: str, headers: Mapping[str, str], body: bytes, at: datetime
    ) -> tuple[Receipt, ...]:
        """`{"receipts": [{"id", "state": "delivered"|"undelivered", "code", "at": RFC 3339}…]}`. A post that was caught
        and sent again says nothing new: each report is kept once, so nonces need no store."""
        provider = self._known.get(sender)
        if provider is None:
            raise ReceiptRefused("SENDER")
        fault = fault_of(
            headers,
            key=provider.key,
            secret=provider.secret,
            method="POST",
            path=path,
            body=body,
            at=self._clock(),
        )
        if fault:
            raise ReceiptRefused(fault)
        try:
            told: list[dict[str, Any]] = json.loads(body)["receipts"]
            return tuple(_receipt(one) for one in told[:MOST])
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise ReceiptRefused("FORM") from wrong


def _receipt(told: dict[str, Any]) -> Receipt:
    at = datetime.fromisoformat(str(told["at"]))
    if told["state"] not in {"delivered", "undelivered"} or at.tzinfo is None:
        raise ValueError
    return Receipt(
        message=UUID(str(told["id"])),
        state="delivered" if told["state"] == "delivered" else "undelivered",
        code=str(told.get("code", ""))[:40],
        at=at.astimezone(UTC),
    )
