"""Bookings of venues: what this application does with the engine. The engine keeps the data, decides and runs the process."""

from __future__ import annotations

import hmac
import json
import secrets
from pathlib import Path
from typing import Any

from engine import Engine, Problem
from told import Told

DECLARED = Path(__file__).parent / "declared"
PARTS = (
    ("table", "venues", "场地", "Venues", "venues.json"),
    ("table", "bookings", "预约", "Bookings", "bookings.json"),
    ("form", "ask", "预约表", "Booking form", "ask.json"),
    ("decision", "admission", "预约审核", "Admission", "admission.dmn"),
    ("process", "booking", "活动场地预约", "Booking of a venue", "booking.bpmn"),
)
VENUES = (
    {"code": "S01-A", "name": "桂园社区一楼活动室", "name_en": "Guiyuan community, activity room", "street": "440303001", "room": 40},
    {"code": "S01-B", "name": "桂园社区图书角", "name_en": "Guiyuan community, reading corner", "street": "440303001", "room": 12},
    {"code": "S02-A", "name": "黄贝岭社区多功能厅", "name_en": "Huangbeiling community, main hall", "street": "440303002", "room": 120},
)  # fmt: skip
POST = "YUYUE.worker"


class Bookings:
    """The application on its engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def declare(self) -> None:
        """Publish all that this application consists of, and enter its venues. May be called at each start."""
        for kind, code, zh, en, file in PARTS:
            self.engine.publish(kind, code, zh, en, (DECLARED / file).read_text(encoding="utf-8"))
        for venue in VENUES:
            try:
                self.engine.post("/tables/venues/rows", {"data": venue}, key=f"venue-{venue['code']}")
            except Problem as problem:
                if "KEY_TAKEN" not in problem.codes:
                    raise

    def venues(self) -> list[dict[str, Any]]:
        return [row["data"] for row in self.engine.get("/tables/venues/rows")["items"]]

    def taken(self, venue: str, day: str) -> set[str]:
        """The slots of a day that are held."""
        where = json.dumps({"venue": venue, "day": day})
        rows = self.engine.get("/tables/bookings/rows", where=where)["items"]
        return {row["data"]["slot"] for row in rows if row["data"].get("held")}

    def week(self, venue: str, first: str, last: str) -> dict[str, set[str]]:
        """The slots that are held from one day to another, by day: a range of the table, page by page."""
        where, cursor = json.dumps({"venue": venue, "day": {"from": first, "to": last}}), None
        held: dict[str, set[str]] = {}
        while True:
            page = self.engine.get("/tables/bookings/rows", where=where, sort="day", cursor=cursor, limit=100)
            for row in page["items"]:
                if row["data"].get("held"):
                    held.setdefault(row["data"]["day"], set()).add(row["data"]["slot"])
            cursor = page["next"]
            if cursor is None:
                return held

    def listen(self, url: str) -> Told:
        """Be told at an address from now on. The secret is shown once and kept nowhere: each start makes it anew."""
        for hook in self.engine.get("/hooks")["items"]:
            if hook["url"] == url:
                self.engine.post(f"/hooks/{hook['id']}/remove", {})
        made = self.engine.post("/hooks", {"url": url, "kinds": ["run_ended", "work_waits"]})
        return Told(made["id"], made["secret"])

    def hear(self, news: dict[str, Any]) -> None:
        """What the engine tells. Told twice, nothing happens twice; told nothing, the booking settles when it is opened."""
        if news["kind"] == "work_waits":
            self.work()
        if news["kind"] == "run_ended":  # nobody looked in two days: the slot is free at once
            try:
                self._settled(self.row(self.engine.get(f"/runs/{news['data']['run']}")["reference"]))
            except Problem as problem:
                if problem.status not in {404, 422}:
                    raise

    def faults(self, form: dict[str, Any]) -> list[dict[str, Any]]:
        """Everything that is wrong with what was typed."""
        return list(self.engine.post("/forms/ask/check", {"data": form})["faults"])

    def book(self, form: dict[str, Any], *, key: str) -> tuple[str, str]:
        """Ask for a venue, once for the `key`: the id of the booking and its code. Raises Problem with every reason.

        The row is written first and holds the slot: of two who ask at the same moment one gets it.
        """
        verdict = self._verdict(form)
        code = hmac.new(self.engine.token.encode(), key.encode(), "sha256").hexdigest()[
            :16
        ]  # the same for the same key
        state = "refused" if verdict == "refuse" else "waiting"
        row = {**form, "code": code, "state": state, **({} if verdict == "refuse" else {"held": True})}
        made: str = self.engine.post("/tables/bookings/rows", {"data": row}, key=f"book-{key}")["id"]
        if verdict != "refuse":
            self._begin(made, verdict)
        return made, code

    def _verdict(self, form: dict[str, Any]) -> str:
        """accept, refuse or worker. Where the table has a doubt, a person decides."""
        room = next((venue["room"] for venue in self.venues() if venue["code"] == form["venue"]), None)
        inputs = {"人数": form["people"], "容纳人数": room, "安静活动": form["quiet"]}
        said = self.engine.post("/decisions/admission/evaluate", {"inputs": inputs})
        return str(said["value"]) if said["decided"] else "worker"

    def _begin(self, booking: str, verdict: str) -> None:
        """Start the process of a booking, once; what the process asks of this program is done at once."""
        sent = {"process": "booking", "variables": {"decision": verdict}, "reference": booking}
        run = self.engine.post("/runs", sent, key=f"run-{booking}")["id"]
        row = self.row(booking)
        if row["data"].get("run") != run:
            self._change(row, run=run)
        self.work()

    def work(self) -> None:
        """Do what processes ask of this program: enter the booking as accepted. Done twice, nothing happens twice."""
        for one in self.engine.get("/work", kind="service")["items"]:
            if one["key"] == "enter":
                reference = self.engine.get(f"/runs/{one['run']}")["reference"]
                self._change(self.row(reference), state="accepted")
                try:
                    self.engine.post(f"/work/{one['id']}/answer", {})
                except Problem as problem:
                    if problem.status != 404:  # answered by another of us meanwhile
                        raise

    def row(self, booking: str) -> dict[str, Any]:
        found: dict[str, Any] = self.engine.get(f"/tables/bookings/rows/{booking}")
        return found

    def shown(self, booking: str, code: str) -> dict[str, Any] | None:
        """A booking for who has its code, as its process now stands; None for others."""
        try:
            row = self.row(booking)
        except Problem as problem:
            if problem.status in {404, 422}:
                return None
            raise
        if not hmac.compare_digest(row["data"]["code"].encode(), code.encode()):
            return None
        return self._settled(row)

    def _settled(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row with the outcome of its process, where that ended by itself (a timer) or we were stopped in between."""
        if row["data"]["state"] != "waiting":
            return row
        if "run" not in row["data"]:
            self._begin(row["id"], self._verdict(row["data"]))
            row = self.row(row["id"])
        run = self.engine.get(f"/runs/{row['data']['run']}")
        if run["state"] == "running":
            self.work()
            return self.row(row["id"])
        said = next((task["opinion"] for task in run["tasks"] if task["opinion"]), None)
        return self._end(row, run["outcome"] or "cancelled", said)

    def _end(self, row: dict[str, Any], state: str, answer: str | None) -> dict[str, Any]:
        held = True if state == "accepted" else None
        return self._change(row, state=state, held=held, **({"answer": answer} if answer else {}))

    def _change(self, row: dict[str, Any], **new: Any) -> dict[str, Any]:
        """The row with other values; what somebody changed meanwhile is read again first."""
        for _ in range(3):
            data = {name: value for name, value in {**row["data"], **new}.items() if value is not None}
            try:
                changed: dict[str, Any] = self.engine.post(
                    f"/tables/bookings/rows/{row['id']}/change", {"version": row["version"], "data": data}
                )
                return changed
            except Problem as problem:
                if "STALE" not in problem.codes:
                    raise
                row = self.row(row["id"])
        raise RuntimeError("the row is never the one that was read")

    def cancel(self, booking: str, code: str) -> bool:
        """The resident gives the venue back. False when it is not theirs, or over."""
        row = self.shown(booking, code)
        if row is None or row["data"]["state"] not in {"waiting", "accepted"}:
            return False
        if row["data"]["state"] == "waiting":
            try:
                self.engine.post(f"/runs/{row['data']['run']}/cancel", {"reason": "居民取消"})
            except Problem as problem:
                if "ENDED" not in problem.codes:
                    raise
        self._end(row, "cancelled", None)
        return True

    def waiting(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """What community workers have to look at: the task, and the booking."""
        self.work()
        tasks = self.engine.get("/tasks", posts=POST)["items"]
        rows = [(task, self.row(self.engine.get(f"/runs/{task['run']}")["reference"])) for task in tasks]
        return [(task, row) for task, row in rows if row["data"]["state"] == "waiting"]

    def answer(self, task: str, by: str, *, agree: bool, opinion: str) -> None:
        """A community worker decides. Raises Problem when a colleague was faster."""
        self.engine.post(f"/tasks/{task}/claim", {"by": by})
        outcome = "agree" if agree else "refuse"
        done = self.engine.post(f"/tasks/{task}/complete", {"by": by, "outcome": outcome, "opinion": opinion})
        self.work()
        row = self.row(self.engine.get(f"/runs/{done['run']}")["reference"])
        if opinion and not row["data"].get("answer"):
            row = self._change(row, answer=opinion)
        self._settled(row)


def new_key() -> str:
    """A key for one press of a button."""
    return secrets.token_urlsafe(12)
