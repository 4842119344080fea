"""A simulated share platform with faults: for tests, rehearsals, and beside the demo as a program of its own.

    python -m yichuang.gateways.share.simulator --port 9201 --key k --secret … [--faults slow=0.02,signature=0.01] [--data FILE]

Without `--data` (JSON: base → key → fields) it knows nobody, and says so. What goes wrong may be told for each question
(`script`), for each key (`by_key`), or drawn by a seed (`odds`).
"""

import argparse
import json
import random
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from yichuang.gateways.asking import answer_path
from yichuang.gateways.serving import Handler
from yichuang.gateways.serving import serving as serve
from yichuang.gateways.signing import NONCE, sign

FAULTS = (
    "slow",
    "trickle",
    "down",
    "error",
    "busy",
    "refuse",
    "signature",
    "unsigned",
    "replayed",
    "types",
    "form",
    "contradict",
)
SLOW = 2.5  # seconds: longer than any client of ours waits
Records = Mapping[str, Mapping[str, Mapping[str, Any]]]  # base → key → fields


@dataclass
class Platform:
    """What a platform knows, and what goes wrong with it."""

    key: str = "demo"
    secret: str = "simulated-secret-of-32-characters"
    records: Records = field(default_factory=dict)
    seed: int = 1
    odds: Mapping[str, float] = field(default_factory=dict)
    script: list[str] = field(default_factory=list)  # of the next questions
    by_key: Mapping[str, str] = field(default_factory=dict)  # key → fault
    clock: Callable[[], float] = time.time
    as_of: datetime | None = None
    slow: float = SLOW
    asked: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random, self._lock = random.Random(self.seed), threading.Lock()
        self._nonces: set[str] = set()
        self.last_nonce = ""

    def fault(self, key: str) -> str:
        """What goes wrong with this question; empty: nothing."""
        with self._lock:
            if key in self.by_key:
                return self.by_key[key]
            if self.script:
                return self.script.pop(0)
            draw = self._random.random()
            for name, chance in self.odds.items():
                if (draw := draw - chance) < 0:
                    return name
            return ""

    def fresh(self, nonce: str) -> bool:
        """Whether a nonce was never seen: a caught request cannot be sent again."""
        with self._lock:
            new = nonce not in self._nonces
            self._nonces.add(nonce)
        return new

    def told(self, question: Mapping[str, Any], fault: str) -> dict[str, Any]:
        """The answer, as it should be or made wrong."""
        self.asked.append(dict(question))
        as_of = (self.as_of or datetime.fromtimestamp(self.clock(), UTC)).isoformat()
        known = self.records.get(str(question["base"]), {}).get(str(question["key"]))
        if known is None:
            return {"state": "none", "as_of": as_of}
        fields = {name: known[name] for name in question["fields"] if name in known}
        if fault == "types":
            fields = {name: {"not": "a value"} for name in fields}
        if fault == "contradict":
            fields = {name: _other(value) for name, value in fields.items()}
        return {"state": "maybe" if fault == "form" else "found", "fields": fields, "as_of": as_of}


def _other(value: Any) -> Any:
    """Something of the same kind that is not the same."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, list):
        return [*value, "另"]
    text = str(value)
    return "1900-01-01" if text[4:5] == "-" and text[7:8] == "-" else text + "另"


class _Handler(Handler):
    """HTTP in front of a platform."""

    def do_GET(self) -> None:
        if self.proved(b""):
            self._tell({"state": "here"}, "")

    def do_POST(self) -> None:
        platform: Platform = self.server.platform
        body = self.body()
        if not self.proved(body):
            return
        question = json.loads(body)
        fault = platform.fault(str(question["key"]))
        if fault == "down":
            self.close_connection = True
            return
        if fault in {"error", "busy", "refuse"}:
            return self.answer({"error": 500, "busy": 503, "refuse": 403}[fault], {"error": fault.upper()})
        if fault == "slow":
            time.sleep(platform.slow)
        self._tell(platform.told(question, fault), fault)

    def _tell(self, told: Mapping[str, Any], fault: str) -> None:
        """Signed over the question's nonce, unless that is what goes wrong."""
        platform: Platform = self.server.platform
        body = json.dumps(told, ensure_ascii=False).encode()
        nonce = platform.last_nonce if fault == "replayed" else self.headers[NONCE]
        platform.last_nonce = self.headers[NONCE]
        headers = sign(
            key=platform.key,
            secret="another-secret-of-32-characters-x" if fault == "signature" else platform.secret,
            method="ANSWER",
            path=answer_path(self.path, nonce),
            body=body,
            at=platform.clock(),
        )
        self.answer_bytes(200, body, trickle=fault == "trickle", headers={} if fault == "unsigned" else headers)


def serving(platform: Platform, port: int = 0) -> AbstractContextManager[str]:
    """The platform behind HTTP on this machine for the time of a block; its address."""
    return serve(_Handler, platform, port)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--port", type=int, default=9201)
    parser.add_argument("--key", default=Platform.key)
    parser.add_argument("--secret", default=Platform.secret)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", default="", help=f"name=chance,… of {', '.join(FAULTS)}")
    parser.add_argument("--data", type=Path, help="what it knows (JSON: base → key → fields)")
    chosen = parser.parse_args()
    odds = {
        name: float(chance) for name, _, chance in (part.partition("=") for part in chosen.faults.split(",") if part)
    }
    if set(odds) - set(FAULTS):
        parser.error(f"there are {', '.join(FAULTS)}")
    records = json.loads(chosen.data.read_text(encoding="utf-8")) if chosen.data else {}
    with serving(Platform(chosen.key, chosen.secret, records, chosen.seed, odds), chosen.port) as address:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
