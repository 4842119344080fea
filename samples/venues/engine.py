"""The engine's API, as this application needs it: plain HTTP with the standard library, nothing of yichuang imported."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

SECONDS = 10  # that a call may take
TRIES = 3  # of a call that may be made twice without harm


class Problem(Exception):
    """The engine said no: its status, and every reason as {"code", "field", "message", "message_en"}."""

    def __init__(self, status: int, reasons: list[dict[str, Any]]) -> None:
        super().__init__(f"{status} {[reason['code'] for reason in reasons]}")
        self.status, self.reasons = status, reasons

    @property
    def codes(self) -> set[str]:
        return {reason["code"] for reason in self.reasons}


class Engine:
    """One tenant on one engine: where it is, and the token."""

    def __init__(self, address: str, token: str) -> None:
        self.address, self.token = address.rstrip("/") + "/api/v1/tenant", token

    def get(self, path: str, **query: Any) -> Any:
        """What stands at the path."""
        given = {name: value for name, value in query.items() if value is not None}
        return self._call("GET", f"{path}?{urllib.parse.urlencode(given)}" if given else path, None, "")

    def post(self, path: str, body: dict[str, Any], *, key: str = "") -> Any:
        """Do something; with a `key` it is done once, however often it is sent."""
        return self._call("POST", path, body, key)

    def _call(self, method: str, path: str, body: dict[str, Any] | None, key: str) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Accept-Language": "zh"}
        if key:
            headers["Idempotency-Key"] = key
        sent = None if body is None else json.dumps(body).encode()
        for turn in range(TRIES if key or method == "GET" else 1):
            request = urllib.request.Request(self.address + path, sent, headers, method=method)
            try:
                with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as refused:
                raise Problem(refused.code, json.load(refused)["reasons"]) from None
            except OSError:  # no line: the key makes it safe to send again
                if turn == TRIES - 1 or not (key or method == "GET"):
                    raise
                time.sleep(0.2 * (turn + 1))
        raise AssertionError("every turn returns or raises")

    def publish(self, kind: str, code: str, zh: str, en: str, body: str) -> int:
        """The version of a definition: the same body is the same version, so this may be called at each start."""
        sent = {"name": {"zh": zh, "en": en}, "body": body}
        version: int = self.post(f"/definitions/{kind}/{code}/publish", sent)["version"]
        return version
