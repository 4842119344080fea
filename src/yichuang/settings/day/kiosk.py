"""The kiosk of the hall, as people use it: one after the other, by its own pages."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from yichuang.devices.values import Identity
from yichuang.settings.day.cast import Citizen
from yichuang.settings.day.floor import LEAST, MINUTE, Floor
from yichuang.settings.day.wires import Told, kept
from yichuang.webkit.actor import TOKEN_COOKIE

CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
KEY = re.compile(r'name="key" value="([^"]+)"')
NUMBER = re.compile(r'class="[^"]*kiosk-number[^"]*"[^>]*>\s*([A-Z]\d+)')


@dataclass(frozen=True, slots=True)
class Slip:
    """What somebody walks away with. Without paper they remember the number, and have no page of it."""

    number: str
    token: str


@dataclass(slots=True)
class Kiosk:
    """One machine; who comes while it is used stands behind."""

    floor: Floor
    cookies: dict[str, str] = field(default_factory=dict)
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.cookies[TOKEN_COOKIE] = self.floor.machines.bearer

    async def take(self, queue: str, card: Citizen | None) -> Slip | None:
        """A number of the queue; None when it was refused."""
        async with self._standing(card):
            page = await self._look("/kiosk/take/")
            if card is not None:
                page = await self._read_card(page)
            return await self._number("/kiosk/take/", page, {"queue": queue})

    async def check_in(self, card: Citizen) -> Slip | None:
        """The number of an appointment, by the card; None when it was refused."""
        async with self._standing(card):
            page = await self._look("/kiosk/check-in/")
            return await self._number("/kiosk/check-in/", page, {})

    async def beat(self) -> None:
        """The browser says each minute that it lives."""
        while True:
            async with self.busy:
                page = await self._look("/kiosk/")
                await self._press("/kiosk/beat/", page, {})
            await self.floor.rest(MINUTE, least=4 * LEAST)

    @asynccontextmanager
    async def _standing(self, card: Citizen | None) -> AsyncIterator[None]:
        """Somebody at the machine, the card on the reader; then it forgets them."""
        async with self.busy:
            self.floor.machines.reader.card = Identity(card.name, card.id_no) if card else None
            try:
                yield
            finally:
                self.floor.machines.reader.card = None
                page = await self._look("/kiosk/")
                await self._press("/kiosk/wipe/", page, {})

    async def _read_card(self, page: Told) -> Told:
        """Lay the card on the reader; whoever is not read goes on without."""
        told = await self._press("/kiosk/card/", page, {}, may_fail="reader" in self.floor.broken)
        if told.status != 302:
            self.floor.outcomes.faults["card not read: took a number without it"] += 1
        return await self._look("/kiosk/take/")

    async def _number(self, path: str, page: Told, form: dict[str, str]) -> Slip | None:
        printed = len(self.floor.machines.printer.printed)
        key = KEY.search(page.text)
        told = await self._press(
            path, page, {**form, "key": key[1] if key else ""}, may_fail="reader" in self.floor.broken
        )
        if told.status != 302:
            return None
        found = NUMBER.search((await self._look("/kiosk/ticket/")).text)
        if found is None:
            return None
        codes = [code for paper in self.floor.machines.printer.printed[printed:] for code in paper.codes]
        if not codes:
            self.floor.outcomes.faults["no slip came out: remembered the number"] += 1
        token = urlsplit(codes[0]).path.rstrip("/").rsplit("/", 1)[-1] if codes else ""
        return Slip(found[1], token)

    async def _look(self, path: str) -> Told:
        told = await self.floor.wires.page("GET", path, self.cookies)
        kept(self.cookies, told)
        return told

    async def _press(self, path: str, page: Told, form: dict[str, str], *, may_fail: bool = False) -> Told:
        csrf = CSRF.search(page.text)
        sent = {**form, "csrfmiddlewaretoken": csrf[1] if csrf else ""}
        told = await self.floor.wires.page("POST", path, self.cookies, sent, may_fail=may_fail)
        kept(self.cookies, told)
        return told
