"""What the scenarios find: tokens, cases that went through the commands, uploads to file with, a full table of cases."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from bench.client import Answer, Connection, Request
from bench.loader import Plan, fill
from bench.measure import json_of
from bench.stack import Stack

JSON = {"Content-Type": "application/json"}
FILED = "fangwu-zulin-beian"  # 22 fields and 5 answers, four papers of which three are handed in
PAPERS = 3
WALKED = "yangquan-dengji"  # the case whose page is read; its street reviews, its department decides
LOOKED_AT = {"dog_photos": {"state": "checked"}}  # one picture where two are asked for: the clerk found it fine
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0dcc59e7"
    "0000000049454e44ae426082"
)
CLONED_UPLOADS = """
INSERT INTO cases_upload SELECT (jsonb_populate_record(model, jsonb_build_object('id', gen_random_uuid()))).*
FROM cases_upload AS model, generate_series(1, {count}) WHERE model.id = '{model}' RETURNING id::text
"""


@dataclass(slots=True)
class World:
    """The cast and what was prepared for it."""

    stack: Stack
    tokens: Mapping[str, str]
    filings: Mapping[str, Mapping[str, Any]]
    password: str
    uploads: list[str] = field(default_factory=list)
    models: dict[str, str] = field(default_factory=dict)
    filed: int = 0
    loaded: int = 0

    @classmethod
    def of(cls, stack: Stack) -> "World":
        told = json_of(stack.inside("cast.py"))
        return cls(stack, told["tokens"], told["filings"], told["password"])

    # ── one act through the API ───────────────────────────────────────────────────────────────────────────────────

    def headers(self, who: str, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[who]}", **JSON, **more}

    def send(self, who: str, method: str, path: str, body: Mapping[str, Any] | None = None, **more: str) -> Any:
        """The JSON answer; RuntimeError for anything but 2xx."""
        connection = Connection(self.stack.port)
        sent = json.dumps(body).encode() if body is not None else b""
        answer = connection.send(Request(path, self.headers(who, **more), method, sent))
        connection.close()
        return _good(answer, path)

    def upload(self, who: str) -> str:
        edge = "bench-edge"
        body = (
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="paper.png"\r\n'
            f"Content-Type: image/png\r\n\r\n".encode() + PNG + f"\r\n--{edge}--\r\n".encode()
        )  # fmt: skip
        headers = self.headers(who) | {"Content-Type": f"multipart/form-data; boundary={edge}"}
        connection = Connection(self.stack.port)
        answer = connection.send(Request("/api/v1/uploads", headers, "POST", body))
        connection.close()
        return str(_good(answer, "uploads")["id"])

    def file(self, who: str, item: str, materials: int) -> dict[str, Any]:
        """File a case with that many papers; the receipt."""
        filing = self.filings[item]
        codes = filing["materials"][:materials]
        body = {"item": item, "answers": filing["answers"], "form": filing["form"]}
        body["materials"] = {code: [self.upload(who)] for code in codes}
        told: dict[str, Any] = self.send(who, "POST", "/api/v1/cases", body, **{"Idempotency-Key": uuid4().hex})
        return told

    def act(self, who: str, case: dict[str, Any], act: str, **body: Any) -> dict[str, Any]:
        path = f"/api/v1/cases/{case['number']}/actions/{act}"
        return {**case, **self.send(who, "POST", path, {"version": case["version"], **body})}

    def walked(self, who: str, entries: int) -> dict[str, Any]:
        """A case with exactly that many acts in its ledger: filed, accepted, then claimed and given back in turns."""
        case = self.file(who, WALKED, 4)
        case = self.act("lina", case, "accept", findings=LOOKED_AT)
        tasks = self.send("wangqiang", "GET", "/api/v1/tasks?limit=100")["items"]
        task = next(row["id"] for row in tasks if row["case"] == case["number"])
        for number in range(entries - 2):
            step, body = ("claim", {}) if number % 2 == 0 else ("return", {"note": "转交同事"})
            path = f"/api/v1/tasks/{task}/actions/{step}"
            case |= self.send("wangqiang", "POST", path, {"version": case["version"], **body})
        found = len(self.send(who, "GET", f"/api/v1/cases/{case['number']}/timeline"))
        if found != entries:
            raise RuntimeError(f"the timeline has {found} rows, not {entries}")
        return case

    # ── many ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def fill(self, cases: int) -> None:
        """Up to so many copies of three real cases, spread over departments and places; a fifth are of 王强's department."""
        if cases <= self.loaded:
            return
        ended = self.act("moshengren", self.file("moshengren", WALKED, 4), "withdraw", reason="不办了")
        submitted = self.file("moshengren", WALKED, 4)
        in_review = self.act("lina", self.file("moshengren", WALKED, 4), "accept", findings=LOOKED_AT)
        ids = [self._id(case) for case in (ended, submitted, in_review)]
        departments = self._column("SELECT id FROM network_department ORDER BY code <> 'CGZF', code")
        places = self._column("SELECT id FROM network_place WHERE takes_filings ORDER BY code")
        fill(self.stack.url, Plan(*ids, departments, places, cases, self.loaded + 1))
        self.loaded = cases

    def _id(self, case: Mapping[str, Any]) -> str:
        return self._column(f"SELECT id FROM cases_case WHERE number = '{case['number']}'")[0]

    def _column(self, query: str) -> list[str]:
        return [str(row[0]) for row in self.stack.execute(query)]

    def provide_uploads(self, who: str, count: int) -> None:
        """Rows of uploads to file with, copied from one that was really handed in (their one file is shared)."""
        if who not in self.models:  # once: the copies count among what somebody may hand in in a day
            self.models[who] = self.upload(who)
        query = CLONED_UPLOADS.format(count=count, model=self.models[who])
        self.uploads += self._column(query)

    def filing(self, number: int) -> Request:
        """The next filing of the scenario `file`: a home of its own, papers of its own, a key of its own."""
        self.filed += 1
        filing = self.filings[FILED]
        papers = {code: [self.uploads.pop()] for code in filing["materials"][:PAPERS]}
        house = filing["form"]["house"]
        form = {**filing["form"], "house": {**house, "detail": f"桂园社区演示路 {self.filed} 号 301"}}
        body = {"item": FILED, "answers": filing["answers"], "form": form, "materials": papers}
        headers = self.headers("zhangxiao", **{"Idempotency-Key": uuid4().hex})
        return Request("/api/v1/cases", headers, "POST", json.dumps(body).encode())


def _good(answer: Answer, path: str) -> Any:
    if not 200 <= answer.status < 300:
        raise RuntimeError(f"{path}: {answer.status} {answer.body[:500].decode('utf-8', 'replace')}")
    return json.loads(answer.body or b"null")
