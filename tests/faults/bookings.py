"""Appointments in the storm: booked, moved, cancelled, offered to who waits and kept, while everything is being killed.

Two pairs live on a day of their own: the first of a pair books, moves and cancels, the second waits for that place and takes
it. One more comes to the hall: each citizen books this half hour once and is checked in at the door. An answer that was
lost is asked for again as a phone would: the booking by its key, every other act by pressing once more.
"""

import json
import random
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from clients import JSON, Crowd, GaveUp, Wrong

PLACE, ITEM = "LH", "yangquan-dengji"
PAIRS = (("zhangxiao", "moshengren", 1), ("zhangjie", "qianjin", 2))  # of whom the demo has booked nothing; days ahead
COMING, DOOR = "shebaoka-shenling", "lina"  # for what one comes today, and who checks in
BETWEEN, VISITS = 0.5, 4.0  # seconds
OFFER_WITHIN = 20.0


@dataclass
class Bookings:
    """Who makes appointments, by the crowd's own wire and patience."""

    crowd: Crowd
    today: Callable[[int], str]  # the day so many days ahead, by the installation's clock
    checked_in: set[str] = field(default_factory=set)

    def run(self, over: Callable[[], bool]) -> None:
        """Until the storm ends; what is still booked is left to the judge."""
        with ThreadPoolExecutor(len(PAIRS) + 1) as pool:
            for first, second, ahead in PAIRS:
                pool.submit(self._until, over, lambda one=first, two=second, n=ahead: self._pair(one, two, n))
            pool.submit(self._until, over, self._come)

    def _until(self, over: Callable[[], bool], once: Callable[[], None]) -> None:
        while not over():
            self.crowd._guarded(once)

    # ── a pair ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _pair(self, first: str, second: str, ahead: int) -> None:
        day = self.today(ahead)
        for one in (first, second):
            self._clear(one, day)
        free = self._slots(first, ITEM, day)
        here, there = random.sample(free, 2)
        mine = self._book(first, here, ITEM)
        self._press(first, f"bookings/{mine['id']}/move", {"slot": there})
        self._note({"kind": "move", **mine, "slot": there})
        waits = self._wait(second, day)
        self._press(first, f"bookings/{mine['id']}/cancel", {})
        self._note({"kind": "cancel", **mine})
        taken = self._offered(second, waits)
        if taken is not None:
            self._note({"kind": "offer", **taken, "waiting": waits})
            self._press(second, f"bookings/{taken['id']}/cancel", {})
            self._note({"kind": "cancel", **taken})
        else:
            self._press(second, f"waiting-list/{waits}/leave", {})
        time.sleep(BETWEEN)

    def _clear(self, who: str, day: str) -> None:
        """What a round that gave up has left behind: one document books an item once a day."""
        for row in self._send("GET", "bookings", who)[1]["bookings"]:
            if row["state"] == "BOOKED" and row["starts_at"].startswith(day) and row["items"] == [ITEM]:
                self._press(who, f"bookings/{row['id']}/cancel", {})

    def _wait(self, who: str, day: str) -> str:
        """On the list for that day; where an answer was lost, one is on it already."""
        body = {"place": PLACE, "items": [ITEM], "first": day, "last": day}
        status, answer = self._send("POST", "waiting-list", who, body, good={201, 422})
        if status == 201:
            return str(answer["id"])
        rows = self._send("GET", "waiting-list", who)[1]["waiting"]
        open_ones = [row["id"] for row in rows if row["first"] == day]
        if not open_ones:
            raise Wrong(f"waiting-list: {json.dumps(answer, ensure_ascii=False)[:200]}, and nothing waits")
        return str(open_ones[0])

    def _offered(self, who: str, waits: str) -> Mapping[str, str] | None:
        """What the place became that was given back, once it is offered; None when it went elsewhere."""
        end = time.monotonic() + OFFER_WITHIN
        while time.monotonic() < end:
            rows = self._send("GET", "waiting-list", who)[1]["waiting"]
            if any(row["id"] == waits and row["slot"] for row in rows):
                return _named(who, self._press(who, f"waiting-list/{waits}/confirm", {}))
            time.sleep(0.5)
        return None

    # ── who comes today ───────────────────────────────────────────────────────────────────────────────────────────

    def _come(self) -> None:
        time.sleep(VISITS)
        who = next((name for name in self.crowd.citizens if name not in self.checked_in), None)
        if who is None:
            return
        self.checked_in.add(who)
        [now, *_] = self._slots(who, COMING, self.today(0))
        mine = self._book(who, now, COMING)
        status, arrived = self._send("POST", f"bookings/{mine['id']}/check-in", DOOR, {}, good={200, 409})
        if status == 409:  # a slow machine began when this half hour had gone by: the next one is too far away
            self._note({"kind": "early", **mine})
            return
        self._note({"kind": "check-in", **mine, "ticket": arrived["ticket"], "came": arrived["number"]})

    # ── the wire ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _slots(self, who: str, item: str, day: str) -> list[str]:
        found = self._send("GET", f"halls/{PLACE}/slots?item={item}&first={day}&last={day}", who)[1]["slots"]
        mine = {
            row["starts_at"] for row in self._send("GET", "bookings", who)[1]["bookings"] if row["state"] == "BOOKED"
        }
        free = [row["id"] for row in found if row["free"] > 0 and row["starts_at"] not in mine]
        if len(free) < 2:
            raise GaveUp
        return free

    def _book(self, who: str, slot: str, item: str) -> dict[str, str]:
        key = uuid4().hex
        answer = self._send("POST", "bookings", who, {"slot": slot, "items": [item]}, key=key, good={201})[1]
        mine = _named(who, answer)
        self._note({"kind": "book", **mine, "slot": slot, "key": key})
        return mine

    def _press(self, who: str, path: str, body: Mapping[str, Any]) -> Any:
        return self._send("POST", path, who, body)[1]

    def _send(
        self, method: str, path: str, who: str, body: Any = None, *, key: str = "", good: set[int] | None = None
    ) -> tuple[int, Any]:
        headers = {**(JSON if body is not None else {}), **({"Idempotency-Key": key} if key else {})}
        sent = json.dumps(body).encode() if body is not None else b""
        return self.crowd._insist(method, f"/api/v1/{path}", who, sent, headers, good=good or {200})

    def _note(self, ack: dict[str, Any]) -> None:
        self.crowd._note({"booking": True, **ack})


def _named(who: str, answer: Mapping[str, Any]) -> dict[str, str]:
    return {"who": who, "id": str(answer["id"]), "number": str(answer["number"])}


def too_early(crowd: Crowd, slot: str, kill: Callable[[], None]) -> list[dict[str, Any]]:
    """A phone that believes before the commit: it notes the booking as it sends it, and the server dies at once."""
    acks = []
    for _ in range(10):
        key = uuid4().hex
        body = json.dumps({"slot": slot, "items": [ITEM]}).encode()
        headers = {**JSON, "Idempotency-Key": key}
        with ThreadPoolExecutor(1) as pool:
            pool.submit(crowd.wire.send, "POST", "/api/v1/bookings", crowd.tokens["moshengren"], body, headers)
            acks.append({"kind": "book", "who": "moshengren", "id": "", "number": "", "slot": slot, "key": key})
            time.sleep(0.002)
            kill()
        time.sleep(0.4)
    return acks
