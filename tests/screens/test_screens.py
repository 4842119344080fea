"""Every page in a real Chromium: on a phone and a desk, in Chinese, English and large type, by whoever it is for.

With YICHUANG_SHOTS=folder (`./run screens`) the named pages are kept there as pictures.
"""

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from tests import snapshots
from tests.demo import TUESDAY, Demo
from tests.packs_aside import copied
from tests.screens import checks, shots
from tests.screens.screens import NO_PAGE, SCREENS, Screen
from tests.screens.world import build, data_words
from tests.web.console.test_workbooks import changed

from yichuang.core import clock
from yichuang.people.cast import PASSWORD
from yichuang.webkit.actor import TOKEN_COOKIE
from yichuang.webkit.languages import ELDER_COOKIE
from yichuang.webkit.routes import all_routes, doors

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Route

DOORS = {
    "portal": "",
    "counter": "counter/",
    "office": "office/",
    "console": "console/",
    "kiosk": "kiosk/",
    "wall": "wall/",
}
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
# Pages listen for news for as long as they are open. (A route to answer that would switch off the browser's cache.)
NO_NEWS = "window.EventSource = class extends EventTarget { close() {} }"
AT_ONCE = 10  # screens of a part: small enough that two workers end together
# The large look (长辈版) as the server writes it; that it does is shown by the tests of its switch.
ELDER = "on => document.body.classList.toggle('elder', on)"
ONLY = os.environ.get("YICHUANG_SCREENS", "")
PLACED = {200, 409, 422}  # the menu marks where one is, but for pages that lead nowhere
OPEN_ALL = "() => document.querySelectorAll('details:not(.menu)').forEach(d => { d.open = true; })"


def test_every_page_stands_on_the_list() -> None:
    own = {door.name: door.prefix for door in doors()}
    assert {name: own[name] for name in DOORS} == DOORS
    readable = {
        (name.partition(":")[0], path.removeprefix("/" + DOORS[name.partition(":")[0]]))
        for name, path, _audience, methods in all_routes()
        if name.partition(":")[0] in DOORS and "GET" in (methods or ())
    }
    listed = {(screen.door, screen.route) for screen in SCREENS}
    assert readable - listed - set(NO_PAGE) == set(), "pages that nobody looks at: add them to tests/screens/screens.py"
    assert set(NO_PAGE) <= readable


class Rounds:
    """The demo's people on the live server."""

    def __init__(self, new_context: Callable[..., "BrowserContext"], base: str, values: dict[str, str]) -> None:
        self.new_context, self.base, self.values = new_context, base, values
        self.clients: dict[str, Client] = {}
        self.one: Page | None = None
        self.errors: list[str] = []
        self.turn = 100

    def client(self, who: str) -> Client:
        """Signed in on the server's side; the browser gets the session's cookie."""
        if who not in self.clients:
            self.clients[who] = Client()
            if who.startswith("kiosk"):
                self.clients[who].cookies[TOKEN_COOKIE] = self.values[who]
                self.clients[who].cookies[settings.SESSION_COOKIE_NAME] = self.values[f"{who}_visit"]
            elif who:
                answer = self.clients[who].post("/sign-in", {"username": who, "password": PASSWORD})
                assert answer.status_code == 302, answer.content.decode()[:2000]
        return self.clients[who]

    def page(self, who: str) -> "Page":
        """One browser for all, so that it loads what pages share once; the session's cookie says who sits at it."""
        if self.one is None:
            context = self.new_context(viewport=PHONE)
            context.add_init_script(NO_NEWS)
            self.one = context.new_page()
            self.one.on("pageerror", lambda error: self.errors.append(str(error)))
            self.one.on("console", self._note)
        self.one.context.clear_cookies()
        if who:
            known = self.client(who).cookies
            kept = {name: known[name].value for name in (settings.SESSION_COOKIE_NAME, TOKEN_COOKIE) if name in known}
            self.one.context.add_cookies([{"name": n, "value": v, "url": self.base} for n, v in kept.items()])
        return self.one

    def _note(self, message: Any) -> None:
        refused = "Failed to load resource" in message.text and message.location.get("url") == self.asked
        if message.type in ("error", "warning") and not refused:
            self.errors.append(message.text)

    def open(self, screen: Screen, *, english: bool = False, elder: bool = False) -> "Page":
        """The screen in its person's browser; the answer to a form is fetched first and then shown at its address."""
        page, path = self.page(screen.who), screen.path.format(**self.values)
        cookies = {settings.LANGUAGE_COOKIE_NAME: "en" if english else "zh-hans", ELDER_COOKIE: "1" if elder else "0"}
        page.context.add_cookies([{"name": n, "value": v, "url": self.base} for n, v in cookies.items()])
        self.asked = self.base + path
        if screen.posted is None:
            answer = page.goto(path)
            assert answer is not None
            status = answer.status
        else:
            status = self._post(page, screen, path, cookies)
        if status != screen.status:
            self.errors.append(f"{screen}: status {status}")
        return page

    def _post(self, page: "Page", screen: Screen, path: str, cookies: dict[str, str]) -> int:
        client = self.client(screen.who)
        for name, value in cookies.items():
            client.cookies[name] = value
        self.turn += 1  # one code a minute for a number
        form: dict[str, Any] = {
            name: value.format(**self.values, turn=self.turn) for name, value in (screen.posted or {}).items()
        }
        if "workbook" in form:  # the list of all items, with another telephone
            raw = client.get(f"{path}export").content
            form["workbook"] = SimpleUploadedFile("a.xlsx", changed(raw, link_way=form["workbook"]))
        answer = send(client, path, form, screen.wrong)
        address = self.asked = f"{self.base}{path}"

        def show(route: "Route") -> None:
            headers = {name.lower(): value for name, value in answer.headers.items() if name.lower() != "set-cookie"}
            route.fulfill(status=answer.status_code, headers=headers, body=answer.content)

        page.route(address, show)
        page.goto(address)
        page.unroute(address)
        return answer.status_code


def send(client: Client, path: str, form: dict[str, Any], wrong: str) -> Any:
    """Post the form, with what goes wrong on its way."""
    match wrong:
        case "large":
            return client.post(path, {**form, "padding": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})
        case "often":
            while (answer := client.post(path, form)).status_code != 429:
                pass
            return answer
        case "tokenless":
            strict = Client(enforce_csrf_checks=True)
            strict.cookies = client.cookies
            return strict.post(path, form)
        case "broken":
            client.raise_request_exception = False
            with mock.patch("django.db.models.query.QuerySet._fetch_all", side_effect=ZeroDivisionError):
                return client.post(path, form)
    return client.post(path, form)


def _parts() -> Iterator[Any]:
    """The list in pieces, each of one door."""
    for door in DOORS:
        screens = [screen for screen in SCREENS if screen.door == door]
        count = -(-len(screens) // AT_ONCE)
        for part in range(count):
            yield pytest.param(screens[part::count], id=f"{door}-{part + 1}")


@pytest.fixture(scope="session")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders that the console reads: one pack has a new version, one has faults."""
    return copied(tmp_path_factory.mktemp("console"))


@pytest.fixture
def rounds(
    demo: Demo,
    new_context: Callable[..., "BrowserContext"],
    live_server: Any,
    monkeypatch: pytest.MonkeyPatch,
    packs: Path,
) -> Rounds:
    monkeypatch.setattr(clock, "_OFFSET", TUESDAY - datetime.now(UTC))
    monkeypatch.setattr(settings, "YICHUANG_PACKS", [packs])
    with ThreadPoolExecutor(1) as worker:  # jobs run an event loop of their own; Playwright's runs in this thread
        values = worker.submit(_world, demo, packs).result()
    return Rounds(new_context, live_server.url, values)


_values: dict[str, str] = {}


def _world(demo: Demo, packs: Path) -> dict[str, str]:
    """Built once for each worker; the next part begins from what was kept."""
    try:
        if snapshots.has("screens"):
            snapshots.restore("screens")
        else:
            _values.update(build(demo, packs))
            snapshots.take("screens")
        return _values
    finally:
        connection.close()


@pytest.fixture(scope="module", autouse=True)
def _index() -> Iterator[None]:
    yield
    if os.environ.get("YICHUANG_SHOTS") and not ONLY:
        shots.index()


@pytest.mark.browser
@pytest.mark.long
@pytest.mark.parametrize("screens", [*_parts()])
def test_every_page_in_every_look(screens: list[Screen], rounds: Rounds, demo: Demo) -> None:
    """With YICHUANG_SCREENS=text only the screens whose address or name holds the text."""
    data = data_words(demo)
    faults: list[str] = []
    for screen in (s for s in screens if ONLY in f"{s} {s.name}"):
        for look in (_chinese, _english, _elder):
            found = [f"{screen} {look.__name__}: {fault}" for fault in (*look(rounds, screen, data), *rounds.errors)]
            rounds.errors.clear()
            sys.stderr.write("".join(f"{fault}\n" for fault in found))  # seen with pytest -s, as it goes
            faults += found
    assert faults == [], f"{len(faults)} faults\n" + "\n".join(faults)


def _chinese(rounds: Rounds, screen: Screen, data: frozenset[str]) -> list[str]:
    page = rounds.open(screen)
    shots.keep(page, screen, "zh")
    found = checks.head(page, english=False, placed=screen.status in PLACED)
    page.evaluate(OPEN_ALL)
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        found += [f"{size['width']} px: {fault}" for fault in checks.shape(page)]
        if screen.elder and (size is PHONE or screen.door != "portal"):
            found += checks.letters(page, 16)
            page.evaluate(ELDER, True)
            large = (*checks.shape(page), *checks.letters(page, 22))
            found += [f"{size['width']} px, elder: {fault}" for fault in large]
            page.evaluate(ELDER, False)
        if (size is DESK) is (screen.door != "portal"):  # where its people mostly are
            page.set_viewport_size(
                {**size, "height": page.evaluate("Math.min(20000, document.documentElement.scrollHeight)")}
            )
            found += checks.axe(page)
    return found


def _english(rounds: Rounds, screen: Screen, data: frozenset[str]) -> list[str]:
    """From the desk, where the look before ended, back to the phone: to give a page another size costs like loading it."""
    page = rounds.open(screen, english=True)
    shots.keep(page, screen, "en")
    found = checks.head(page, english=True, placed=screen.status in PLACED) + checks.chinese(page, data)
    page.evaluate(OPEN_ALL)
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        found += [f"{size['width']} px: {fault}" for fault in checks.shape(page)]
        if screen.elder and (size is PHONE or screen.door != "portal"):  # English words are longer
            page.evaluate(ELDER, True)
            found += [f"{size['width']} px, elder: {fault}" for fault in checks.shape(page)]
            page.evaluate(ELDER, False)
    return found


def _elder(rounds: Rounds, screen: Screen, data: frozenset[str]) -> list[str]:
    """Loaded anew only for its picture: what the server changes is one class of the page (see `_chinese`)."""
    if screen.elder and os.environ.get("YICHUANG_SHOTS"):
        shots.keep(rounds.open(screen, elder=True), screen, "elder")
    return []
