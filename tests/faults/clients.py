"""The crowd of the storm: an open loop of clients who file, review, decide and serve through the API, and retry as people do.

Each client remembers only what the server told it. A journey starts when its time has come, whether or not earlier ones
are through (open loop); a request that fails is sent again, a filing with the same Idempotency-Key.
"""

import http.client
import json
import random
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import uuid4

PATIENCE = 75.0  # seconds until a client gives up on one act
READY_WITHIN = 150.0  # seconds until a result that was granted lies ready: by a worker that is killed, too
DESKS = 8  # results that are fetched at once, or waited for
CLIENTS = 24  # at once; who comes later waits, and its wait is counted
TIMEOUT = 20.0  # seconds for one answer
MATERIALS = ("owner_id", "property_certificate", "immunity_certificate", "dog_photos")
LOOKED_AT = {"dog_photos": {"state": "checked"}}  # one picture where two are asked for: the clerk found it fine
FILES_A_PERSON = 150  # of the 200 that a person may send in a day; answers that were lost count there too
FIRST_MARK = 999_000_000_100_000  # a client's mark is the chip number of its dog: 15 digits


class GaveUp(Exception):
    """No clear answer within the client's patience: nothing is claimed about this act."""


class Wrong(Exception):
    """An answer that a correct client should never get."""


@dataclass
class Wire:
    """Sending, and knowing what was under way when somebody was killed."""

    port: int
    lock: threading.Lock = field(default_factory=threading.Lock)
    under_way: dict[int, float] = field(default_factory=dict)
    broken: set[int] = field(default_factory=set)  # requests that ended without a proper answer
    tries: int = 0

    def send(self, method: str, path: str, token: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, Any]:
        """(status, JSON). Status 0 when there was no answer."""
        with self.lock:
            self.tries += 1
            number = self.tries
            self.under_way[number] = time.monotonic()
        status, answer = 0, None
        with suppress(OSError, http.client.HTTPException, ValueError):
            status, answer = self._exchange(method, path, token, body, headers)
        with self.lock:
            del self.under_way[number]
            if status == 0 or status >= 500:
                self.broken.add(number)
        return status, answer

    def _exchange(self, method: str, path: str, token: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            connection.request(method, path, body or None, {"Authorization": f"Bearer {token}", **headers})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        finally:
            connection.close()

    def snapshot(self) -> frozenset[int]:
        with self.lock:
            return frozenset(self.under_way)


@dataclass
class Crowd:
    """All clients together and what was acknowledged to them."""

    wire: Wire
    tokens: Mapping[str, str]
    papers: Mapping[str, Mapping[str, str]]  # what each citizen shows at the desk
    form: Mapping[str, Any]
    answers: Mapping[str, Any]
    seed: int
    acks: list[dict[str, Any]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)  # seconds from the intended moment to the receipt of the filing
    gave_up: int = 0
    wrong: list[str] = field(default_factory=list)
    replays: int = 0
    over: Callable[[], bool] = bool
    desk: Executor | None = None
    sent: Counter[str] = field(default_factory=Counter)  # files by person
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.citizens = [name for name in self.tokens if name not in STAFF]

    def acts(self) -> int:
        """Acknowledged acts on cases; uploads are counted apart."""
        with self._lock:
            return sum(ack["kind"] != "upload" for ack in self.acks)

    def run(self, rate: Callable[[], float], until: Callable[[], bool]) -> None:
        """Start journeys at `rate` per second (Poisson) until told to stop; returns when all are through."""
        chance, number, due = random.Random(self.seed), 0, time.monotonic()
        with ThreadPoolExecutor(DESKS) as self.desk, ThreadPoolExecutor(CLIENTS) as pool:
            self.over = until
            while not until():
                due += chance.expovariate(rate())
                time.sleep(max(0.0, due - time.monotonic()))
                number += 1
                pool.submit(self._journey, number, due, chance.random())

    def _journey(self, number: int, due: float, share: float) -> None:
        if self.over():  # still in the queue when the storm ended: never sent
            return
        self._guarded(self._live, number, due, share)

    def _guarded(self, live: Callable[..., None], *what: Any) -> None:
        try:
            live(*what)
        except GaveUp:
            with self._lock:
                self.gave_up += 1
        except Wrong as wrong:
            with self._lock:
                self.wrong.append(str(wrong))

    def _live(self, number: int, due: float, share: float) -> None:
        whole = share > 0.7
        who = self.citizens[number % len(self.citizens)]
        codes = MATERIALS if whole else MATERIALS[: number % 3 == 0]
        if not self._may_send(who, len(codes)):
            whole, codes = False, MATERIALS[:0]
        uploads = {code: [self._upload(who, number, code)] for code in codes}
        case = self._file(number, who, uploads)
        with self._lock:
            self.waits.append(time.monotonic() - due)
        if not whole:
            return
        version = self._act(case, "lina", "accept", {"findings": LOOKED_AT}, case["version"], after="IN_REVIEW")
        if share > 0.95:
            self._decide(case, version)
            cast(Executor, self.desk).submit(self._guarded, self._serve, case, who)

    def _may_send(self, who: str, files: int) -> bool:
        """A long storm must not run into the house's limit of files per person and day: it would wait for tomorrow."""
        with self._lock:
            self.sent[who] += files
            return self.sent[who] <= FILES_A_PERSON

    # ── single acts ───────────────────────────────────────────────────────────────────────────────────────────────

    def _upload(self, who: str, number: int, code: str) -> str:
        """Not idempotent on purpose: a lost answer leaves a file that belongs to no case."""
        edge = uuid4().hex
        body = (
            (
                f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{code}.png"\r\n'
                f"Content-Type: image/png\r\n\r\n"
            ).encode()
            + tiny_png(number)
            + f"\r\n--{edge}--\r\n".encode()
        )
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        answer = self._insist("POST", "/api/v1/uploads", who, body, headers, good={201})[1]
        self._note({"kind": "upload", "id": answer["id"]})
        return str(answer["id"])

    def _file(self, number: int, who: str, uploads: Mapping[str, list[str]]) -> dict[str, Any]:
        mark, key = str(FIRST_MARK + number), uuid4().hex
        body = json.dumps(filing(self.form, self.answers, mark, uploads)).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        answer = self._insist("POST", "/api/v1/cases", who, body, headers, good={201}, again={409})[1]
        with self._lock:
            self.replays += bool(answer["replayed"])
        ack = {"kind": "file", "mark": mark, "key": key, "uploads": uploads, **answer}
        self._note(ack)
        return ack

    def _act(
        self, case: Mapping[str, Any], who: str, act: str, body: Mapping[str, Any], version: int, *, after: str
    ) -> int:
        """An act with the version looked at. A repeat that meets a conflict looks whether the first one went through."""
        path = f"/api/v1/cases/{case['number']}/actions/{act}"
        status, answer = self._insist("POST", path, who, _json({"version": version, **body}), JSON, good={200, 409})
        if status == 409:
            answer = self._insist("GET", f"/api/v1/cases/{case['number']}", who, b"", {}, good={200})[1]
            if answer["version"] <= version:
                raise Wrong(f"{act}: refused as stale at version {version}, but the case has {answer['version']}")
        self._note({"kind": act, "number": case["number"], "version": answer["version"], "state": after})
        return int(answer["version"])

    def _decide(self, case: Mapping[str, Any], version: int) -> None:
        """The review of the department (claim, complete), then the decision."""
        task = self._find_task(case["number"])
        if task is None:
            raise Wrong(f"no task for {case['number']}")
        for step, body in (("claim", {}), ("complete", {"outcome": "agree", "opinion": "同意"})):
            path = f"/api/v1/tasks/{task}/actions/{step}"
            status, answer = self._insist(
                "POST", path, "wangqiang", _json({"version": version, **body}), JSON, good={200, 409}
            )
            if status == 409:
                path = f"/api/v1/cases/{case['number']}"
                answer = self._insist("GET", path, "wangqiang", b"", {}, good={200})[1]
            version = int(answer["version"])
            self._note({"kind": step, "number": case["number"], "version": version, "state": ""})
        body = {"outcome": "grant", "opinion": "准予"}
        self._act(case, "linfang", "decide", body, version, after="GRANTED READY")

    def _serve(self, case: Mapping[str, Any], who: str) -> None:
        """The result is fetched as soon as it lies ready: against identity, at the desk of the place."""
        end, path = time.monotonic() + READY_WITHIN, f"/api/v1/cases/{case['number']}"
        while True:
            page = self._insist("GET", path, "zhoujie", b"", {}, good={200})[1]
            if page["state"] == "READY":
                break
            if time.monotonic() > end:  # told as handed over is nothing; the storm counts how many were
                return
            time.sleep(1.0)
        self._act(case, "zhoujie", "deliver", dict(self.papers[who]), page["version"], after="DELIVERED")

    def _find_task(self, number: str) -> str | None:
        cursor = ""
        while True:
            path = f"/api/v1/tasks?limit=100{cursor}"
            page = self._insist("GET", path, "wangqiang", b"", {}, good={200})[1]
            for row in page["items"]:
                if row["case"] == number:
                    return str(row["id"])
            if not page["next"]:
                return None
            cursor = f"&cursor={page['next']}"

    def _insist(
        self,
        method: str,
        path: str,
        who: str,
        body: bytes,
        headers: Mapping[str, str],
        *,
        good: set[int],
        again: frozenset[int] | set[int] = frozenset(),
    ) -> tuple[int, Any]:
        """Send until there is a clear answer. No answer, 5xx and the statuses `again` are tried again after a pause."""
        end, pause = time.monotonic() + PATIENCE, 0.1
        while time.monotonic() < end:
            status, answer = self.wire.send(method, path, self.tokens[who], body, headers)
            if status in good:
                return status, answer
            if status and status < 500 and status != 429 and status not in again:
                raise Wrong(f"{method} {path.split('?')[0]}: {status} {json.dumps(answer, ensure_ascii=False)[:300]}")
            time.sleep(pause)
            pause = min(1.0, pause * 1.6)
        raise GaveUp

    def _note(self, ack: dict[str, Any]) -> None:
        with self._lock:
            self.acks.append(ack)


STAFF = frozenset({"lina", "wangqiang", "linfang", "zhoujie"})
JSON = {"Content-Type": "application/json"}


def _json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body).encode()


def filing(
    form: Mapping[str, Any], answers: Mapping[str, Any], mark: str, uploads: Mapping[str, list[str]]
) -> dict[str, Any]:
    """The filing of one client: an address and a dog of its own."""
    own = {
        **form,
        "address": {**form["address"], "detail": f"桂园社区演示路 {mark[-6:]} 号 301"},
        "dog": {**form["dog"], "chip": mark},
    }
    return {"item": "yangquan-dengji", "answers": dict(answers), "form": own, "materials": dict(uploads)}


def tiny_png(number: int) -> bytes:
    """A picture of 8×8 pixels in a colour of its own."""
    row = b"\x00" + bytes((number * 7 % 256, number // 36 % 256, number % 256)) * 8

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = (8).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(row * 8)) + chunk(b"IEND", b"")
