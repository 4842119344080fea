"""The hall in the storm: one gives out numbers at the door, two windows call and serve, while everything is being killed.

What people hold in their hands is what counts: a number that was printed, a person who was called, a service that was ended.
An answer that was lost is asked for again as a kiosk and a clerk would: the number by the same key, the call by pressing
once more, the end of a service by looking at the window.
"""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from clients import JSON, Crowd

PLACE, WINDOWS = "LH", {"lina": "1", "zhoujie": "2"}
BETWEEN = 0.4  # seconds between two numbers at the door
MOST_WAITING = 20  # at the door one waits until the windows have caught up
IDLE = 0.3


@dataclass
class Windows:
    """The door and the windows, by the crowd's own wire and patience."""

    crowd: Crowd
    acks: list[dict[str, Any]] = field(default_factory=list)
    served: int = 0
    taken: int = 0

    def run(self, over: Callable[[], bool]) -> None:
        """Until the storm ends; then everybody who still waits is left to the judge."""
        for who, window in WINDOWS.items():
            self._ask("POST", f"halls/{PLACE}/desk/open", who, {"window": window})
        queue = self._ask("GET", f"halls/{PLACE}/board", "lina")[1]["queues"][0]["id"]
        with ThreadPoolExecutor(len(WINDOWS) + 1) as pool:
            pool.submit(self._until, over, lambda: self._give(queue))
            for who in WINDOWS:
                pool.submit(self._until, over, lambda who=who: self._serve(who))

    def _until(self, over: Callable[[], bool], once: Callable[[], None]) -> None:
        while not over():
            self.crowd._guarded(once)

    def _give(self, queue: str) -> None:
        if self.taken - self.served > MOST_WAITING:
            time.sleep(IDLE)
            return
        reason, key = "seventy" if self.taken % 7 == 3 else "", uuid4().hex
        body = {"queue": queue, "reason": reason}
        answer = self._ask("POST", f"halls/{PLACE}/tickets", "lina", body, key=key)[1]
        self._note({"kind": "ticket", "ticket": answer["ticket"], "number": answer["number"]})
        self.taken += 1
        time.sleep(BETWEEN)

    def _serve(self, who: str) -> None:
        called = self._ask("POST", "desk/next", who)
        ticket = called[1].get("ticket")
        if called[0] == 409:  # somebody is being served here: an answer was lost
            ticket = self._present(who)["id"]
        elif ticket is None:
            time.sleep(IDLE)
            return
        self._note({"kind": "call", "ticket": ticket, "who": who})
        self._ask("POST", "desk/steps/start", who)
        self._note({"kind": "start", "ticket": ticket, "who": who})
        self._ask("POST", "desk/finish", who, {"outcome": "consulted"})
        present = self._present(who)
        if present is None or present["id"] != ticket:
            self._note({"kind": "finish", "ticket": ticket, "who": who})
            self.served += 1

    def _present(self, who: str) -> Any:
        return self._ask("GET", f"halls/{PLACE}/desk", who)[1]["present"]

    def _ask(self, method: str, path: str, who: str, body: Any = None, key: str = "") -> tuple[int, Any]:
        headers = {**(JSON if body is not None else {}), **({"Idempotency-Key": key} if key else {})}
        sent = json.dumps(body).encode() if body is not None else b""
        return self.crowd._insist(method, f"/api/v1/{path}", who, sent, headers, good={200, 201, 409})

    def _note(self, ack: dict[str, Any]) -> None:
        self.acks.append(ack)
        self.crowd._note(ack)
