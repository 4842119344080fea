"""Clerks: each at their own pace they call, recall, pass, serve, set aside, send on, file for people, hand out results."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from yichuang.insight.simulation.day import ClerkPlan
from yichuang.settings.day.cast import Citizen, Staff
from yichuang.settings.day.citizens import mark_of
from yichuang.settings.day.floor import LEAST, MINUTE, SECOND, Floor, Guest, first

IDLE = 25 * SECOND  # between two presses of "next" while nobody waits
COMES = 50 * SECOND  # that a clerk waits for who was called
MOST_CALLS = 3
STRANGER = 4 * MINUTE  # at the window, somebody whom we do not play
ONLINE = 4 * MINUTE  # after which somebody looks again whether anything came from home
AWAY = 5 * MINUTE  # who fetches a copy
SEEN = "paper"  # how who stands at the window confirmed what was typed


@dataclass(slots=True)
class Clerk:
    """One clerk of the day."""

    floor: Floor
    me: Staff
    plan: ClerkPlan
    window: str
    issues: bool = False  # hands out results
    aside: dict[str, tuple[datetime, timedelta]] = field(
        default_factory=dict
    )  # ticket: when they are back, what is left

    async def work(self) -> None:
        """From opening the window until nobody is left."""
        floor = self.floor
        if self.plan.spare:
            await self._until_seated()
        else:
            await floor.until(self.plan.opens)
            if not (await self._do("POST", f"{floor.hall}/desk/open", {"window": self.window})).ok:
                floor.outcomes.counts["window not opened"] += 1
                return
        breaks = [one for one in self.plan.breaks if one[0] > floor.now]
        while floor.now < floor.plan.setting.closes or await self._somebody_waits():
            if breaks and floor.now >= breaks[0][0]:
                await self._breaks(breaks.pop(0)[1])
            if not await self._take_up_again() and not await self._next():
                await self._minds_online()
                await floor.rest(IDLE, least=2 * LEAST)
        await self._do("POST", "desk/steps/close")

    async def _until_seated(self) -> None:
        """The spare one looks whether the manager has opened a window for them, and meanwhile minds what came online."""
        while True:
            desk = await self._do("GET", f"{self.floor.hall}/desk")
            if desk.ok and desk.data["window"]:
                self.window = desk.data["window"]
                return
            await self.floor.rest(3 * MINUTE, least=4 * LEAST)

    async def _somebody_waits(self) -> bool:
        if self.floor.now >= self.floor.ends:
            return False
        desk = await self._do("GET", f"{self.floor.hall}/desk")
        return desk.ok and bool(desk.data["waiting"] or desk.data["parked"] or desk.data["present"])

    async def _breaks(self, length: timedelta) -> None:
        if (await self._do("POST", "desk/steps/pause")).ok:
            self.floor.outcomes.counts["breaks"] += 1
            await self.floor.rest(length)
            await self._do("POST", "desk/steps/resume")

    # ── calling ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def _next(self) -> bool:
        """Call, wait for them, call again, let them pass. False: nobody waits."""
        called = await self._do("POST", "desk/next", key=uuid4().hex)
        if not called.ok or called.data["number"] is None:
            return False
        ticket, guest = called.data["ticket"], self.floor.guests.get(called.data["number"])
        for call in range(MOST_CALLS):
            if await self._comes(guest):
                break
            if call + 1 == MOST_CALLS:
                await self._do("POST", f"desk/steps/pass?ticket={ticket}")
                return True
            await self._do("POST", f"desk/steps/recall?ticket={ticket}")
        if (await self._do("POST", f"desk/steps/start?ticket={ticket}")).ok:
            await self._serve(ticket, guest)
        return True

    async def _comes(self, guest: Guest | None) -> bool:
        """Whether whoever was called stands at the window now. A stranger is let come in their own time."""
        if guest is None:
            await self.floor.rest(COMES, least=LEAST)
            return True
        return await self.floor.heard(guest.there, COMES, least=6 * LEAST)

    async def _take_up_again(self) -> bool:
        """Who was set aside and is back goes on."""
        floor = self.floor
        for ticket, (back, left) in list(self.aside.items()):
            if back <= floor.now:
                del self.aside[ticket]
                if (await self._do("POST", f"desk/tickets/{ticket}/steps/take-up")).ok:
                    guest = first([one for one in floor.guests.values() if one.parked == ticket])
                    await floor.rest(left)
                    await self._finish(ticket, guest, "consulted" if guest is None or not guest.case else "filed")
                    return True
        return False

    # ── serving ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def _serve(self, ticket: str, guest: Guest | None) -> None:
        floor = self.floor
        if guest is None:
            await floor.rest(STRANGER * self.plan.pace)
            await self._finish(ticket, None, "consulted")
            return
        whole = guest.visitor.service * self.plan.pace
        if guest.in_wrong_queue and await self._send_on(ticket, guest):
            return
        if guest.fetching and guest.citizen is not None:
            await floor.rest(3 * MINUTE * self.plan.pace)
            given = await self._hand_over(guest.case, guest.citizen)
            await self._finish(ticket, guest, "handed-over" if given else "consulted")
            return
        if guest.visitor.parks:
            await floor.rest(whole / 2)
            if (await self._do("POST", f"desk/steps/park?ticket={ticket}")).ok:
                floor.outcomes.counts["set aside"] += 1
                guest.parked = ticket
                self.aside[ticket] = floor.now + AWAY, whole / 2
                return
        filed = False
        if guest.visitor.files and not self.issues and guest.citizen is not None:
            filed = await self._file(guest, guest.citizen)
        await floor.rest(whole)
        await self._finish(ticket, guest, "filed" if filed else "consulted")

    async def _send_on(self, ticket: str, guest: Guest) -> bool:
        """转移: to the queue that is the right one, where the number keeps since when it waits."""
        await self.floor.rest(MINUTE)
        told = await self._do("POST", f"desk/tickets/{ticket}/transfer", {"queue": str(self.floor.cast.queue)})
        if not told.ok:
            return False
        self.floor.outcomes.counts["sent to another queue"] += 1
        guest.in_wrong_queue, guest.sent_on = False, True
        guest.left.set()
        return True

    async def _finish(self, ticket: str, guest: Guest | None, outcome: str) -> None:
        told = await self._do("POST", "desk/finish", {"outcome": outcome, "ticket": ticket})
        self.floor.outcomes.counts["served"] += told.ok
        if guest is not None:
            guest.left.set()

    async def _file(self, guest: Guest, citizen: Citizen) -> bool:
        """File for who stands there, against the originals; then look at it, and accept it or say what is missing."""
        floor, visitor = self.floor, guest.visitor
        filing = floor.cast.filings[visitor.item]
        body = {
            "item": visitor.item,
            "answers": dict(filing.answers),
            "form": filing.form_of(citizen, mark_of(floor, visitor)),
            "originals": list(filing.papers[:-1] if visitor.lacks and len(filing.papers) > 1 else filing.papers),
            "applicant": str(citizen.party),
            "confirmed": SEEN,
        }
        told = await self._do("POST", "cases", body)
        if not told.ok:
            floor.outcomes.counts["filing refused"] += 1
            return False
        floor.outcomes.counts["filed at a window"] += 1
        guest.case = told.data["number"]
        floor.outcomes.cases[guest.case] = self.me.token
        await self._look_at(guest.case, told.data["version"])
        return True

    async def _look_at(self, number: str, version: int) -> None:
        """受理 when every paper that was given is fine, or 一次性告知 with all that is missing."""
        counts = self.floor.outcomes.counts
        self.floor.looked_at.add((number, version))
        case = await self._do("GET", f"cases/{number}")
        given = [row["code"] for row in case.data["materials"] if row["state"] == "provided"] if case.ok else []
        body = {"version": version, "findings": {code: {"state": "checked"} for code in given}}
        if (await self._do("POST", f"cases/{number}/actions/accept", body)).ok:
            counts["accepted"] += 1
        elif (await self._do("POST", f"cases/{number}/actions/notify-gaps", body)).ok:
            counts["told what is missing"] += 1

    async def _minds_online(self) -> None:
        """While nobody waits: a filing from home that lies with this hall is looked at, by one clerk at a time."""
        floor = self.floor
        if self.issues or floor.minding.locked() or floor.now - floor.minded_at < ONLINE:
            return
        async with floor.minding:
            told = await self._do("GET", "cases?state=SUBMITTED&limit=20")
            rows = told.data["items"] if told.ok else []
            new = first([row for row in rows if (row["number"], row["version"]) not in floor.looked_at])
            if new is None:
                floor.minded_at = floor.now
                return
            floor.looked_at.add((new["number"], new["version"]))
            await floor.rest(2 * MINUTE * self.plan.pace)
            await self._look_at(new["number"], new["version"])

    async def _hand_over(self, number: str, citizen: Citizen) -> bool:
        case = await self._do("GET", f"cases/{number}")
        if not case.ok:
            return False
        body = {"version": case.data["version"], "identity": citizen.id_no, "receiver_name": citizen.name}
        given = await self._do("POST", f"cases/{number}/actions/deliver", body)
        self.floor.outcomes.counts["results handed over"] += given.ok
        return bool(given.ok)

    async def _do(self, method: str, path: str, body: Any = None, *, key: str = "") -> Any:
        return await self.floor.wires.api(method, path, self.me.token, body, key=key)
