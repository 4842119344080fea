"""Who walks through the doors in these journeys, and what their hands do: one browser each, as in life."""

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from django.db import connections
from django.test import Client
from playwright.sync_api import Error as PlaywrightError

from yichuang.core.jobs import run_waiting
from yichuang.people import cast

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Response

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
# Pages listen for news from another process than the one that answers here.
NO_NEWS = "window.EventSource = class extends EventTarget { close() {} }"
PIECES = {"dog_photos": 2}  # of a paper that is more than one file
WAIT = 45_000  # milliseconds: a machine may be busy; a wait ends when its condition holds


@dataclass
class Seat:
    """A browser window of its own: cookies and storage are nobody else's."""

    page: "Page"
    kind: tuple[bool, str]


class Seats:
    """Windows that wait for their next visitor: to open one costs as much as loading eight pages.

    Who takes one finds it as new: no cookies, nothing stored, nobody listening. What was loaded from /static is still there.
    """

    def __init__(self, browser: "Browser") -> None:
        self.browser = browser
        self._free: list[Seat] = []

    def take(self, url: str, *, phone: bool, locale: str) -> Seat:
        kind = (phone, locale)
        for seat in self._free:
            if seat.kind == kind:
                self._free.remove(seat)
                return seat
        context = self.browser.new_context(
            base_url=url,
            locale=locale,
            timezone_id="Asia/Shanghai",
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]  # a dict is a ViewportSize
            has_touch=phone,
            accept_downloads=True,
        )
        context.set_default_timeout(WAIT)
        context.add_init_script(NO_NEWS)
        return Seat(context.new_page(), kind)

    def give_back(self, seat: Seat) -> None:
        """Only a window that can be cleared waits for somebody else: one page, and nothing stops it from leaving."""
        page, context = seat.page, seat.page.context
        if page.is_closed() or len(context.pages) != 1:
            context.close()
            return
        for event in ("pageerror", "response", "dialog", "download", "request", "console"):
            page._impl_obj.remove_all_listeners(event)
        page.unroute_all()
        if page.url.startswith("http"):
            page.evaluate("() => { sessionStorage.clear(); localStorage.clear(); }")
        page.goto("about:blank")
        context.clear_cookies()
        self._free.append(seat)

    def close(self) -> None:
        for seat in self._free:
            seat.page.context.close()


class Hall:
    """The running system with everybody who has a browser open on it."""

    def __init__(self, seats: Seats, url: str, set_clock: Callable[[datetime], None], shots: Path | None) -> None:
        self.seats, self.url, self.set_clock, self.shots = seats, url, set_clock, shots
        self.faults: list[str] = []
        self._taken: list[Seat] = []

    def visitor(self, *, phone: bool = False, locale: str = "zh-CN") -> "Visitor":
        """Somebody who has not signed in."""
        seat = self.seats.take(self.url, phone=phone, locale=locale)
        self._taken.append(seat)
        return Visitor(self, seat.page)

    def person(self, username: str, *, phone: bool = False, locale: str = "zh-CN", to: str = "/") -> "Visitor":
        """Somebody of the demo, signed in (by the test client: typing the password is what a few journeys are about),
        standing at the address `to`."""
        came = self.visitor(phone=phone, locale=locale)
        client = Client(headers={"accept-language": locale})
        answer = client.post("/sign-in", {"username": username, "password": cast.PASSWORD})
        assert answer.status_code == 302, f"{username} cannot sign in: {answer.content.decode()[:2000]}"
        cookies = [{"name": name, "value": cookie.value, "url": self.url} for name, cookie in client.cookies.items()]
        came.page.context.add_cookies(cookies)  # type: ignore[arg-type]  # a dict is a cookie
        came.go(to)
        return came

    def work(self) -> int:
        """The worker does what waits; no page is needed for it. In a thread: the browser's loop runs in this one."""
        with ThreadPoolExecutor(1) as worker:
            return worker.submit(_work).result()

    def close(self) -> None:
        while self._taken:
            self.seats.give_back(self._taken.pop())


def _work() -> int:
    try:
        return run_waiting()
    finally:
        connections.close_all()


def called(words: str, *, exact: bool = False) -> re.Pattern[str]:
    """A name as it is read: what keeps its line (第 5 版) stands in a box of its own, and browsers put blanks around boxes."""
    name = r"\s*".join(re.escape(sign) for sign in words if not sign.isspace())
    return re.compile(f"^{name}$" if exact else name, re.NOFLAG if exact else re.IGNORECASE)


class Visitor:
    """One person at their own browser."""

    def __init__(self, hall: Hall, page: "Page") -> None:
        self.hall, self.page = hall, page
        page.on("pageerror", lambda error: hall.faults.append(f"script error at {page.url}: {error}"))
        page.on("response", self._watch)

    def _watch(self, answer: "Response") -> None:
        if answer.status >= 500:
            self.hall.faults.append(f"{answer.status} at {answer.url}")

    # what eyes do

    @property
    def address(self) -> str:
        """Path and query of the page now open."""
        return unquote(self.page.url.removeprefix(self.hall.url))

    @property
    def text(self) -> str:
        """What stands in the main part of the page."""
        return self.page.locator("main").inner_text()

    def sees(self, *words: str) -> None:
        """Each of the words stands on the page, now or in a moment."""
        for word in words:
            try:
                self.page.locator("main").get_by_text(word).first.wait_for(state="attached")
            except PlaywrightError as late:
                raise AssertionError(f"{word} does not stand on {self.address}:\n{self.text[:3000]}") from late

    def shot(self, name: str) -> None:
        """With YICHUANG_SHOTS=folder every main step is kept as a picture."""
        if self.hall.shots:
            self.page.screenshot(path=str(self.hall.shots / f"{name}.png"), full_page=True)

    # what hands do

    def go(self, address: str) -> None:
        self.page.goto(address)

    def press(self, words: str, *, exact: bool = False, within: str = "body") -> None:
        """Press the button of that name."""
        self.page.locator(within).get_by_role("button", name=called(words, exact=exact)).first.click()

    def follow(self, words: str, *, exact: bool = False, within: str = "body") -> None:
        """Follow the link of that name."""
        self.page.locator(within).get_by_role("link", name=called(words, exact=exact)).first.click()

    def arrives(self, pattern: str) -> None:
        """The page of that address (a glob) is open."""
        self.page.wait_for_url(pattern)

    def onward(self) -> None:
        """Press the one main button of the page."""
        self.page.locator("main .btn-main").first.click()

    def turn_page(self) -> None:
        """Press the main button and wait for the page that it brings, whichever that is."""
        self.page.evaluate("() => { window.left = false }")
        self.onward()
        self.page.wait_for_function("() => window.left === undefined && document.readyState === 'complete'")

    def reload(self) -> None:
        self.page.reload()

    def sign_in(self, username: str, password: str = cast.PASSWORD) -> None:
        self.page.fill("#f-username", username)
        self.page.fill("#f-password", password)
        self.page.locator("form:has(#f-password) button").click()
        self.page.locator("header form[action='/sign-out']").first.wait_for(state="attached")

    def download(self, words: str, to: Path) -> Path:
        """Press the link of that name and keep the file."""
        with self.page.expect_download() as coming:
            self.follow(words)
        path = to / coming.value.suggested_filename
        coming.value.save_as(path)
        return path

    def upload(self, material: str, *files: Path) -> None:
        """Choose files for a paper, and wait until the list shows them."""
        box = self.page.locator(f'[data-name="/materials/{material}"]')
        before = box.locator(".file-list li").count()
        box.locator("input[type=file]").set_input_files(list(files))
        box.locator(".file-list li").nth(before + len(files) - 1).wait_for()

    def fill(self, name: str, value: Any) -> bool:
        """Fill one field of an item's form by its name, whatever kind of control it is; whether that may bring others."""
        field = self.page.locator(f'[name="{name}"]:not([type=hidden])')
        kind, asks = field.first.evaluate(
            "el => [el.tagName === 'SELECT' ? 'select' : el.type, !!document.querySelector('form[data-changes]')]"
        )
        if kind == "radio":
            self._choose(field.and_(self.page.locator(f'[value="{_plain(value)}"]')).check, asks)
        elif kind == "checkbox":
            field.first.set_checked(bool(value))
        elif kind == "select":
            self._choose(lambda: field.select_option(_plain(value)), asks)
        else:
            field.first.fill(_plain(value))
            return False
        return True

    def _choose(self, do: Callable[[], object], asks: bool) -> None:
        """A choice may bring other fields: wait for the page's question to the server."""
        if asks:
            with self.page.expect_response(lambda answer: answer.request.method == "POST"):
                do()
        else:
            do()

    def fill_page(self, form: Mapping[str, Any]) -> None:
        """Fill what this page asks and the form knows; fields that come up meanwhile too."""
        told, done = dict(flat(form)), set[str]()
        while fresh := [name for name in self._asked() if name in told and name not in done]:
            for name in fresh:
                done.add(name)
                if self.fill(name, told[name]):
                    break  # only a choice brings other fields, or takes some away

    def _asked(self) -> list[str]:
        return self.page.evaluate(  # type: ignore[no-any-return]  # JavaScript's answer
            "() => [...new Set([...document.querySelectorAll('main [name^=\"/\"]:not([type=hidden])')].map(e => e.name))]"
        )


def _plain(value: Any) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def flat(form: Any, pointer: str = "") -> list[tuple[str, Any]]:
    """The form as (name of the field, value), as pages name them."""
    if isinstance(form, Mapping):
        return [row for name, value in form.items() for row in flat(value, f"{pointer}/{name}")]
    if isinstance(form, list) and any(isinstance(value, Mapping) for value in form):
        return [row for number, value in enumerate(form) for row in flat(value, f"{pointer}/{number}")]
    return [(pointer, form)]


# ── what many journeys do ─────────────────────────────────────────────────────────────────────────────────────────


def begin(citizen: Visitor, item: str, answers: Mapping[str, str], *, applicant: "Locator | None" = None) -> None:
    """From the item's page to the first page of the form."""
    citizen.go(f"/file/{item}")
    if applicant is not None:
        applicant.check()
    citizen.onward()
    citizen.arrives("**/step/situation")
    answer(citizen, answers)


def answer(citizen: Visitor, answers: Mapping[str, str]) -> None:
    """Answer the questions page by page, as they come up."""
    for _ in answers:
        if "/step/situation" not in citizen.address:
            break
        citizen.fill_page(answers)
        citizen.turn_page()


def fill_form(citizen: Visitor, form: Mapping[str, Any]) -> None:
    """All pages of the form up to the papers."""
    while "/step/form-" in citizen.address:
        citizen.fill_page(form)
        here = citizen.address.split("#")[0]
        citizen.turn_page()
        assert citizen.page.locator(".error-summary").count() == 0, f"{here}: {citizen.text}"


def submit(citizen: Visitor, papers: Mapping[str, Path]) -> str:
    """From the papers to the receipt; the number of the case."""
    citizen.arrives("**/step/materials*")
    for material, path in papers.items():
        citizen.upload(material, *[path] * PIECES.get(material, 1))
    citizen.onward()
    citizen.arrives("**/step/check")
    citizen.onward()
    citizen.arrives("**/receipt")
    return citizen.page.locator("main .num.big").first.inner_text().strip()


def file_online(
    citizen: Visitor, item: str, answers: Mapping[str, str], form: Mapping[str, Any], papers: Mapping[str, Path]
) -> str:
    """A whole filing on the portal; the number of the case."""
    begin(citizen, item, answers)
    fill_form(citizen, form)
    return submit(citizen, papers)


def open_case(clerk: Visitor, number: str) -> None:
    """Find the case at the counter by its number and open it."""
    clerk.go(f"/counter/?q={number}")
    clerk.follow(number)
    clerk.arrives(f"**/counter/cases/{number}/")


def check_all(clerk: Visitor) -> None:
    """已提交的全部核对无误."""
    clerk.page.locator("[data-check-all]").click()
