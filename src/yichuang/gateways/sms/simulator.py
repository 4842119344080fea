"""A simulated SMS platform with faults: inside tests without a socket, or as a program of its own.

    python -m yichuang.gateways.sms.simulator --port 9101 --key k --secret … [--faults slow=0.02,error=0.05] [--receipts URL]

It keeps each id once, as the contract asks of a platform; what it accepted is what phones would have shown.
"""

import argparse
import json
import random
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

from yichuang.gateways.serving import Handler
from yichuang.gateways.serving import serving as serve
from yichuang.gateways.signing import sign
from yichuang.notices.ports import OutcomeUnknown, SendingFailed, SendingRefused
from yichuang.notices.values import Outgoing

FAULTS = ("slow", "error", "lost", "busy", "refuse", "trickle", "down")
SLOW = 2.5  # seconds: longer than any client of ours waits


@dataclass
class Platform:
    """What a platform knows. `script` names the fault of each next send, then `odds` decide, by a seed."""

    key: str = "demo"
    secret: str = "simulated-secret-of-32-characters"
    seed: int = 1
    odds: Mapping[str, float] = field(default_factory=dict)
    script: list[str] = field(default_factory=list)
    accepted: dict[str, dict[str, str]] = field(default_factory=dict)
    offers: Counter[str] = field(default_factory=Counter)  # by id: how often it was offered
    questions: int = 0
    mute: bool = False  # status questions get no answer either
    clock: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        self._random, self._lock = random.Random(self.seed), threading.Lock()
        self._nonces: set[str] = set()

    def fault(self) -> str:
        """What goes wrong with the next send; empty: nothing."""
        with self._lock:
            if self.script:
                return self.script.pop(0)
            draw = self._random.random()
            for name, chance in self.odds.items():
                if (draw := draw - chance) < 0:
                    return name
            return ""

    def take(self, told: Mapping[str, str]) -> tuple[int, dict[str, str]]:
        """Accept a message, once; (HTTP status, answer)."""
        if not told.get("text") or not str(told.get("to", "")).startswith("+861") or len(told["to"]) != 14:
            return 422, {"error": "NUMBER"}
        with self._lock:
            self.offers[told["id"]] += 1
            new = told["id"] not in self.accepted
            kept = self.accepted.setdefault(told["id"], {**told, "reference": f"sim-{len(self.accepted) + 1}"})
        return (202 if new else 200), {"reference": kept["reference"], "state": "accepted"}

    def status(self, id: str) -> tuple[int, dict[str, str]]:
        with self._lock:
            self.questions += 1
            kept = self.accepted.get(id)
        return (
            (404, {"error": "UNKNOWN"})
            if kept is None
            else (200, {"reference": kept["reference"], "state": "accepted"})
        )

    def fresh(self, nonce: str) -> bool:
        """Whether a nonce was never seen: a caught request cannot be sent again."""
        with self._lock:
            new = nonce not in self._nonces
            self._nonces.add(nonce)
        return new

    def receipt(
        self, *ids: UUID | str, state: str = "delivered", code: str = "DELIVRD", path: str
    ) -> tuple[bytes, dict[str, str]]:
        """A signed post of receipts for our webhook: (body, headers)."""
        at = datetime.fromtimestamp(self.clock(), UTC).isoformat()
        told = [{"id": str(id), "state": state, "code": code, "at": at} for id in ids]
        body = json.dumps({"receipts": told}).encode()
        headers = sign(key=self.key, secret=self.secret, method="POST", path=path, body=body, at=self.clock())
        return body, headers | {"Content-Type": "application/json"}


class SimulatedSms:
    """A `notices.ports.Sender` straight into a platform: what the HTTP client does, without HTTP."""

    def __init__(self, platform: Platform, name: str = "simulated") -> None:
        self.name, self._platform = name, platform

    def ready(self) -> bool:
        return True

    def send(self, message: Outgoing) -> str:
        fault = self._platform.fault()
        if fault in {"busy", "down"}:
            raise SendingFailed("HTTP_503" if fault == "busy" else "NOT_CONNECTED")
        if fault == "refuse":
            raise SendingRefused("HTTP_422")
        if fault == "error":
            raise OutcomeUnknown("HTTP_500")
        told = {"id": str(message.id), "to": f"+86{message.to}", "text": message.body}
        status, answer = self._platform.take(told)
        if fault:
            raise OutcomeUnknown("NO_ANSWER")
        if status >= 400:
            raise SendingRefused(f"HTTP_{status}")
        return answer["reference"]

    def ask(self, message: UUID) -> str | None:
        if self._platform.mute:
            raise SendingFailed("NO_ANSWER")
        status, answer = self._platform.status(str(message))
        return None if status == 404 else answer["reference"]


class _Handler(Handler):
    """HTTP in front of a platform."""

    def do_POST(self) -> None:
        platform = self.server.platform
        body = self.body()
        if not self.proved(body):
            return
        fault = platform.fault()
        if fault == "down":
            self.close_connection = True
            return
        if fault in {"busy", "refuse", "error"}:
            return self.answer({"busy": 503, "refuse": 422, "error": 500}[fault], {"error": fault.upper()})
        status, answer = platform.take(json.loads(body))
        if fault == "slow":
            time.sleep(SLOW)
        if fault == "lost":
            self.close_connection = True
            return
        self.answer(status, answer, trickle=fault == "trickle")

    def do_GET(self) -> None:
        if not self.proved(b""):
            return
        if self.server.platform.mute:
            self.close_connection = True
            return
        self.answer(*self.server.platform.status(self.path.rsplit("/", 1)[-1]))


def serving(platform: Platform, port: int = 0) -> AbstractContextManager[str]:
    """The platform behind HTTP on this machine for the time of a block; its address."""
    return serve(_Handler, platform, port)


def _report(platform: Platform, url: str, told: set[str]) -> None:
    """Post receipts for what is new; every tenth twice, as platforms do."""
    for id in list(platform.accepted):
        if id in told:
            continue
        told.add(id)
        body, headers = platform.receipt(id, path=urlsplit(url).path)
        for _ in range(2 if len(told) % 10 == 0 else 1):
            request = urllib.request.Request(url, data=body, headers=headers, method="POST")
            try:
                urllib.request.urlopen(request, timeout=5).close()
            except OSError as fault:
                sys.stderr.write(f"receipt not taken: {fault}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--port", type=int, default=9101)
    parser.add_argument("--key", default=Platform.key)
    parser.add_argument("--secret", default=Platform.secret)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", default="", help=f"name=chance,… of {', '.join(FAULTS)}")
    parser.add_argument("--receipts", default="", help="where receipts are posted: …/api/v1/receipts/<provider>")
    chosen = parser.parse_args()
    odds = {
        name: float(chance) for name, _, chance in (part.partition("=") for part in chosen.faults.split(",") if part)
    }
    if set(odds) - set(FAULTS):
        parser.error(f"there are {', '.join(FAULTS)}")
    platform, told = Platform(chosen.key, chosen.secret, chosen.seed, odds), set[str]()
    with serving(platform, chosen.port) as address:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        try:
            while True:
                time.sleep(0.5)
                if chosen.receipts:
                    _report(platform, chosen.receipts, told)
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
