"""Citizens: they book, come, take a number, wait or give up, are served, file online, bring what is missing, rate."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from random import Random
from typing import Any
from uuid import uuid4

from PIL import Image

from yichuang.insight.simulation.day import Comes, Visitor
from yichuang.settings.day.cast import Citizen
from yichuang.settings.day.floor import LEAST, MINUTE, SECOND, Floor, Guest, first
from yichuang.settings.day.kiosk import Kiosk

LOOK = 4 * MINUTE  # how often somebody looks at the page of their number
WALK = 20 * SECOND  # from the chairs to the window
BOOKS_BEFORE = 20 * MINUTE  # the first ones book so long before the hall opens
CATEGORY = "seventy"  # a category of priority, as staff at the door enter it
ENDED = frozenset({"DONE", "LEFT"})
COMPLAINT = "等了很久，没有人说明要多长时间。"
FIRST_MARK = 999_000_000_000_000  # numbers of chips: 15 digits


@dataclass(slots=True)
class Citizens:
    """What each of them does."""

    floor: Floor
    kiosk: Kiosk

    async def live(self, visitor: Visitor) -> None:
        """Somebody's day with us."""
        floor = self.floor
        citizen = floor.citizen_of(visitor)
        if visitor.comes is Comes.BOOKED:
            await self._by_appointment(visitor, citizen)
            return
        await floor.until(visitor.at)
        floor.outcomes.counts["came"] += 1
        if visitor.comes is Comes.ONLINE:
            await self._files_online(visitor, citizen)
            return
        guest, token = await self._number(visitor, citizen)
        if guest is not None:
            await self._waits(guest, token)

    # ── numbers ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def _number(self, visitor: Visitor, citizen: Citizen) -> tuple[Guest | None, str]:
        if visitor.comes is Comes.KIOSK:
            wrong = self.floor.cast.results if visitor.wrong_queue else None
            guest, token = await self._at_kiosk(visitor, citizen, str(wrong or self.floor.cast.queue))
            if guest is not None:
                guest.in_wrong_queue = wrong is not None
            return guest, token
        if visitor.comes is Comes.GUIDE:
            body = {"queue": str(self.floor.cast.queue), "reason": CATEGORY, "items": [visitor.item]}
            return await self._by_api(visitor, None, self.floor.cast.manager.token, body)
        return await self._by_api(visitor, citizen, citizen.token, {"items": [visitor.item]})

    async def _at_kiosk(self, visitor: Visitor, citizen: Citizen, queue: str) -> tuple[Guest | None, str]:
        slip = await self.kiosk.take(queue, citizen if visitor.shows_card else None)
        if slip is None:
            self.floor.outcomes.counts["got no number"] += 1
            return None, ""
        return self.floor.joins(visitor, citizen if visitor.shows_card else None, slip.number), slip.token

    async def _by_api(
        self, visitor: Visitor, citizen: Citizen | None, token: str, body: dict[str, Any]
    ) -> tuple[Guest | None, str]:
        told = await self.floor.wires.api("POST", f"{self.floor.hall}/tickets", token, body, key=uuid4().hex)
        if not told.ok:
            self.floor.outcomes.counts["got no number"] += 1
            return None, ""
        return self.floor.joins(visitor, citizen, told.data["number"]), told.data["token"]

    # ── appointments ──────────────────────────────────────────────────────────────────────────────────────────────

    async def _by_appointment(self, visitor: Visitor, citizen: Citizen) -> None:
        floor, setting = self.floor, self.floor.plan.setting
        share = visitor.nth / max(1, len(floor.plan.visitors))
        await floor.until(setting.opens - BOOKS_BEFORE + share * BOOKS_BEFORE)
        slot = await self._slot(visitor)
        if slot is None:
            floor.outcomes.counts["found no appointment"] += 1
            return
        body = {"slot": slot["id"], "items": [visitor.item]}
        told = await floor.wires.api("POST", "bookings", citizen.token, body)
        if not told.ok:
            return
        floor.outcomes.counts["booked"] += 1
        booking, starts = told.data["id"], datetime.fromisoformat(slot["starts_at"])
        if visitor.cancels:
            await floor.rest(10 * MINUTE)
            if (await floor.wires.api("POST", f"bookings/{booking}/cancel", citizen.token, {})).ok:
                floor.outcomes.counts["cancelled"] += 1
                return
        if visitor.absent:
            floor.outcomes.counts["did not come"] += 1
            return
        await floor.until(max(starts - visitor.early, setting.opens + MINUTE))
        floor.outcomes.counts["came"] += 1
        guest, token = await self._arrives(visitor, citizen, booking)
        if guest is not None:
            await self._waits(guest, token)

    async def _slot(self, visitor: Visitor) -> Any:
        """Of today's half hours that are free the one that suits best."""
        told = await self.floor.wires.api("GET", f"{self.floor.hall}/slots?item={visitor.item}")
        free = [one for one in told.data["slots"] if one["free"]] if told.ok else []
        suits = sorted(free, key=lambda one: abs(datetime.fromisoformat(one["starts_at"]) - visitor.at))
        return first(suits)

    async def _arrives(self, visitor: Visitor, citizen: Citizen, booking: str) -> tuple[Guest | None, str]:
        if visitor.shows_card:
            slip = await self.kiosk.check_in(citizen)
            if slip is not None:
                return self.floor.joins(visitor, citizen, slip.number), slip.token
            self.floor.outcomes.faults["kiosk did not check in: did so on the phone"] += 1
        told = await self.floor.wires.api("POST", f"bookings/{booking}/check-in", citizen.token, {})
        if not told.ok:
            self.floor.outcomes.counts["got no number"] += 1
            return None, ""
        return self.floor.joins(visitor, citizen, told.data["number"]), told.data["token"]

    # ── waiting ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def _waits(self, guest: Guest, token: str) -> None:
        """Until served, or until it takes too long."""
        floor, visitor = self.floor, guest.visitor
        tired = floor.now + visitor.patience if visitor.patience else floor.ends
        while not guest.called.is_set():
            if await floor.heard(guest.called, min(LOOK, max(SECOND, tired - floor.now))):
                break
            if guest.left.is_set() or (token and await self._is_over(token)):
                return
            if floor.now >= tired:
                await self._gives_up(guest, token)
                return
        if visitor.strays:
            await self._misses_the_call(guest, token)
            return
        await self._goes_to_the_window(guest, token)

    async def _is_over(self, token: str) -> bool:
        told = await self.floor.wires.api("GET", f"tickets/{token}")
        return told.ok and told.data["state"] in ENDED

    async def _gives_up(self, guest: Guest, token: str) -> None:
        """Says so on the phone where there is a page of the number; the others just walk out."""
        self.floor.outcomes.counts["gave up waiting"] += 1
        if token:
            await self.floor.wires.api("POST", f"tickets/{token}/leave", body={})

    async def _misses_the_call(self, guest: Guest, token: str) -> None:
        """Not there when called: joins again, once."""
        floor = self.floor
        floor.outcomes.counts["missed the call"] += 1
        await floor.rest(6 * MINUTE, least=8 * LEAST)
        if not token:
            return
        told = await floor.wires.api("POST", f"tickets/{token}/return", body={})
        if not told.ok:
            return
        floor.outcomes.counts["joined again"] += 1
        guest.called.clear()
        while not await floor.heard(guest.called, LOOK):
            if guest.left.is_set() or floor.now >= floor.ends or await self._is_over(token):
                return
        await self._goes_to_the_window(guest, token)

    async def _goes_to_the_window(self, guest: Guest, token: str) -> None:
        """Until it is over: our clerks say so; one of flesh and blood does not, and the page of the number tells it."""
        await self.floor.rest(WALK)
        guest.there.set()
        while not await self.floor.heard(guest.left, LOOK):
            if token and await self._is_over(token):
                break
        if guest.sent_on:
            guest.sent_on = False
            for event in (guest.called, guest.there, guest.left):
                event.clear()
            await self._waits(guest, token)
            return
        if guest.citizen is not None:
            await self._afterwards(guest, guest.citizen)

    async def _afterwards(self, guest: Guest, citizen: Citizen) -> None:
        """Rates; comes again for the result when it lies ready."""
        floor = self.floor
        if guest.visitor.level is not None:
            await floor.rest(2 * MINUTE, least=LEAST)
            await self._rates(guest.visitor.level, citizen)
        if guest.case:
            await self._brings(guest.case, citizen, guest.visitor)
        if guest.case and guest.visitor.fetches and floor.cast.results is not None:
            await self._fetches(guest, citizen)

    async def _rates(self, level: int, citizen: Citizen) -> None:
        told = await self.floor.wires.api("GET", "ratings", citizen.token)
        asked = first([row for row in told.data["items"] if row["state"] == "open"]) if told.ok else None
        if asked is None:
            return
        body = {"level": level, "words": COMPLAINT if level <= 2 else "", "key": uuid4().hex}
        if (await self.floor.wires.api("POST", f"ratings/{asked['id']}", citizen.token, body)).ok:
            self.floor.outcomes.counts["rated"] += 1
            self.floor.outcomes.counts["complained"] += level <= 2

    async def _fetches(self, guest: Guest, citizen: Citizen) -> None:
        floor = self.floor
        while floor.now < floor.plan.setting.closes - 30 * MINUTE:
            await floor.rest(20 * MINUTE, least=8 * LEAST)
            told = await floor.wires.api("GET", f"cases/{guest.case}", citizen.token)
            if told.ok and told.data["state"] == "READY":
                again, token = await self._at_kiosk(guest.visitor, citizen, str(floor.cast.results))
                if again is not None:
                    again.citizen, again.case, again.fetching = citizen, guest.case, True
                    await self._waits(again, token)
                return
            if told.ok and told.data["state"] not in {"SUBMITTED", "IN_REVIEW", "GRANTED", "CORRECTING"}:
                return

    # ── filing at home ────────────────────────────────────────────────────────────────────────────────────────────

    async def _files_online(self, visitor: Visitor, citizen: Citizen) -> None:
        floor, filing = self.floor, self.floor.cast.filings[visitor.item]
        papers = list(filing.papers)
        if visitor.lacks and len(papers) > 1:
            papers.pop()
        body = {
            "item": visitor.item,
            "answers": dict(filing.answers),
            "form": filing.form_of(citizen, mark_of(floor, visitor)),
            "materials": {code: [await self._upload(citizen, visitor.nth)] for code in papers},
        }
        told = await floor.wires.api("POST", "cases", citizen.token, body)
        if not told.ok:
            floor.outcomes.counts["filing refused"] += 1
            return
        floor.outcomes.counts["filed online"] += 1
        floor.outcomes.cases[told.data["number"]] = citizen.token
        await self._brings(told.data["number"], citizen, visitor)
        if visitor.level is not None:
            await self._rates(visitor.level, citizen)

    async def _brings(self, number: str, citizen: Citizen, visitor: Visitor) -> None:
        """Where 一次性告知 comes, what is missing is handed in afterwards."""
        floor = self.floor
        while floor.now < floor.ends:
            await floor.rest(15 * MINUTE, least=8 * LEAST)
            told = await floor.wires.api("GET", f"cases/{number}", citizen.token)
            if not told.ok or told.data["state"] not in {"SUBMITTED", "CORRECTING"}:
                return
            if told.data["state"] == "CORRECTING":
                asked = {row["material"] for row in told.data["asked"]}
                papers = {code: [await self._upload(citizen, visitor.nth)] for code in sorted(asked)}
                body = {"version": told.data["version"], "materials": papers}
                done = await floor.wires.api("POST", f"cases/{number}/actions/supplement", citizen.token, body)
                floor.outcomes.counts["brought what was missing"] += done.ok
                return

    async def _upload(self, citizen: Citizen, nth: int) -> str:
        told = await self.floor.wires.upload(citizen.token, "材料.png", picture(nth))
        return str(told.data["id"]) if told.ok else str(uuid4())


def mark_of(floor: Floor, visitor: Visitor) -> str:
    """Fifteen digits that are this visit's of this day."""
    day = floor.plan.setting.opens.toordinal() % 100_000
    return str(FIRST_MARK + day * 10_000 + visitor.nth + Random(floor.plan.setting.seed).randrange(9) * 1000)


def picture(nth: int) -> bytes:
    """A small picture in a colour of its own."""
    made = BytesIO()
    Image.new("RGB", (8, 8), (nth * 7 % 256, nth // 36 % 256, nth % 256)).save(made, "PNG")
    return made.getvalue()
