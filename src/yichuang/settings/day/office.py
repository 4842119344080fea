"""The departments and the manager of the hall: tasks are claimed, reviewed, decided; windows are moved when queues grow."""

from dataclasses import dataclass
from random import Random
from typing import Any

from yichuang.settings.day.cast import Staff
from yichuang.settings.day.floor import LEAST, MINUTE, Floor, first

DENIES, GIVES_BACK = 0.03, 0.04  # of the decisions; of the reviews, to a colleague
AT_ONCE = 5  # tasks that somebody takes up in one go
REASONS = "申请人不符合规定条件：提交的材料与登记信息不一致（演示）。"
ROUND = 8 * MINUTE  # of the manager
OPINION = {True: "经审查，符合条件，同意。", False: "准予。"}


@dataclass(slots=True)
class Decider:
    """Somebody of a department, all day at the desk."""

    floor: Floor
    me: Staff

    async def work(self) -> None:
        dice = Random(f"{self.floor.plan.setting.seed}:{self.me.username}")
        pace = dice.uniform(0.7, 1.4)
        await self.floor.until(self.floor.plan.setting.opens + dice.uniform(0, 15) * MINUTE)
        while True:
            told = await self._do("GET", "tasks?limit=40")
            rows = [row for row in told.data["items"] if self._may(row)] if told.ok else []
            for row in rows[:AT_ONCE]:
                await self.floor.rest(2.5 * MINUTE * pace)
                await self._one(row)
            await self.floor.rest(10 * MINUTE * pace, least=6 * LEAST)

    def _may(self, row: dict[str, Any]) -> bool:
        return row["act"] in {"review", "decide"} and (row["state"] == "open" or row["claimed_by_me"])

    async def _one(self, row: dict[str, Any]) -> None:
        dice = Random(f"{self.floor.plan.setting.seed}:{row['case']}:{row['act']}")
        if row["act"] == "decide":
            await self._decide(row, denies=dice.random() < DENIES)
            return
        claimed = await self._do("POST", f"tasks/{row['id']}/actions/claim", {"version": row["case_version"]})
        if not claimed.ok:
            return  # a colleague was quicker
        if row["case"] not in self.floor.given_back and dice.random() < GIVES_BACK:
            self.floor.given_back.add(row["case"])
            body = {"version": claimed.data["version"], "note": "转交同事"}
            self.floor.outcomes.counts["given back"] += (
                await self._do("POST", f"tasks/{row['id']}/actions/return", body)
            ).ok
            return
        body = {"version": claimed.data["version"], "outcome": "agree", "opinion": OPINION[True]}
        done = await self._do("POST", f"tasks/{row['id']}/actions/complete", body)
        self.floor.outcomes.counts["reviewed"] += done.ok

    async def _decide(self, row: dict[str, Any], *, denies: bool) -> None:
        body: dict[str, Any] = {"version": row["case_version"], "outcome": "grant", "opinion": OPINION[False]}
        if denies:
            body |= {"outcome": "deny", "reasons": REASONS, "basis": await self._grounds(row["case"])}
        done = await self._do("POST", f"cases/{row['case']}/actions/decide", body)
        self.floor.outcomes.counts["denied" if denies else "granted"] += done.ok

    async def _grounds(self, number: str) -> list[str]:
        case = await self._do("GET", f"cases/{number}")
        known = self.floor.cast.filings.get(case.data["item_code"]) if case.ok else None
        return list(known.grounds[:1]) if known else []

    async def _do(self, method: str, path: str, body: Any = None) -> Any:
        return await self.floor.wires.api(method, path, self.me.token, body)


@dataclass(slots=True)
class Manager:
    """Looks at the hall now and then. A queue that waits too long gets the spare clerk, then a window of another queue."""

    floor: Floor
    spare: Staff

    async def work(self) -> None:
        while True:
            await self.floor.rest(ROUND, least=4 * LEAST)
            told = await self._do("GET", f"{self.floor.hall}/load")
            if told.ok:
                await self._helps(told.data)

    async def _helps(self, load: dict[str, Any]) -> None:
        slow = [one for one in load["queues"] if one["waiting"] and one["longest"] > one["aim"]]
        if not slow:
            return
        queue = max(slow, key=lambda one: one["longest"] - one["aim"])["id"]
        free = first([one for one in load["free"] if one["id"] == str(self.spare.staff)])
        empty = [one for one in load["windows"] if one["staff"] is None and queue in one["queues"]]
        empty = [one for one in empty if one["number"] not in self.floor.taken]
        if free and empty:
            path = f"{self.floor.hall}/windows/{empty[-1]['number']}/seat"
            self.floor.outcomes.counts["windows opened by the manager"] += (
                await self._do("POST", path, {"staff": free["id"]})
            ).ok
            return
        other = first([one for one in load["windows"] if _is_idle(one) and queue not in one["queues"]])
        if other and other["number"] not in self.floor.taken:
            path = f"{self.floor.hall}/windows/{other['number']}/queues"
            body = {"queues": [queue, *other["queues"]]}
            self.floor.outcomes.counts["windows moved by the manager"] += (await self._do("POST", path, body)).ok

    async def _do(self, method: str, path: str, body: Any = None) -> Any:
        return await self.floor.wires.api(method, path, self.floor.cast.manager.token, body)


def _is_idle(window: dict[str, Any]) -> bool:
    return window["staff"] is not None and window["paused_at"] is None and not window["present"]
