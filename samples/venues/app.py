"""社区活动场地预约: residents book venues of their community, a community worker looks at what the table does not decide.

    VENUES_API=http://127.0.0.1:8000 VENUES_TOKEN=yct_… VENUES_WORKERS=xiaoyu:secret python app.py --port 8400

A sample of an application built on the engine's API alone; it keeps nothing of its own. See README.md.
"""

from __future__ import annotations

import argparse
import base64
import hmac
import json
import os
import re
from datetime import date, datetime, timedelta, timezone
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from booking import Bookings, new_key
from engine import Engine, Problem
from pages import SLOTS, Page
from told import Told

SHANGHAI = timezone(timedelta(hours=8))
LARGEST = 20_000  # bytes of a form
BOOKING = re.compile(r"/booking/([0-9a-f-]{36})(/cancel)?")
HEADERS = {
    "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
}  # fmt: skip


def today() -> str:
    return datetime.now(SHANGHAI).date().isoformat()


def form_of(typed: dict[str, str]) -> dict[str, Any]:
    """What was typed as the engine's form takes it; what is no number stays a text, which the form then refuses."""
    form: dict[str, Any] = {name: typed.get(name, "").strip() for name in ("venue", "day", "slot", "purpose", "name", "mobile")}  # fmt: skip
    people = typed.get("people", "").strip()
    form["people"] = int(people) if people.isascii() and people.isdigit() and len(people) < 6 else people
    form["quiet"] = {"yes": True, "no": False}.get(typed.get("quiet", ""), "")
    return form


class Handler(BaseHTTPRequestHandler):
    """One request. Everything that it does is asked of `Bookings`."""

    bookings: Bookings
    told: Told | None = None
    workers: dict[str, str]
    server_version, sys_version = "venues", ""

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def _answer(self, do: Any) -> None:
        self.address = urlsplit(self.path)
        self.query = {name: values[0] for name, values in parse_qs(self.address.query).items()}
        english = self.query.get("lang", "") == "en" or (
            "lang" not in self.query and ("lang=en" in self.headers.get("Cookie", ""))
        )
        self.page = Page(english)
        try:
            do()
        except (Problem, OSError) as trouble:
            self.log_error("engine: %s", trouble)
            words = self.page.t("系统暂时不能办理，您填写的内容没有提交，请稍后再试。", "This does not work right now; nothing was sent. Please try later.")  # fmt: skip
            self._send(self.page.plain(self.page.t("请稍后再试", "Please try later"), words), HTTPStatus.SERVICE_UNAVAILABLE)  # fmt: skip

    # ── pages ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def _get(self) -> None:
        path = self.address.path
        if path == "/":
            self._send(self.page.ask(self.bookings.venues(), {}, [], new_key(), today()))
        elif path == "/free":
            self._free()
        elif (found := BOOKING.fullmatch(path)) and not found[2]:
            self._show(found[1])
        elif path == "/worker":
            if who := self._worker():
                self._send(self.page.worker(self.bookings.waiting(), self.bookings.venues(), self._mark(who), self.query.get("note", "")))  # fmt: skip
        else:
            self._missing()

    def _show(self, booking: str) -> None:
        code = self.query.get("code", "")
        row = self.bookings.shown(booking, code)
        if row is None:
            self._missing()
        else:
            self._send(self.page.booking(row, self.bookings.venues(), code, f"/booking/{booking}"))

    def _free(self) -> None:
        """A week of one venue, from a day on."""
        venues = self.bookings.venues()
        venue = next((one for one in venues if one["code"] == self.query.get("venue", "")), venues[0])
        try:
            first = max(date.fromisoformat(self.query.get("from", "")), date.fromisoformat(today()))
        except ValueError:
            first = date.fromisoformat(today())
        days = [(first + timedelta(days=n)).isoformat() for n in range(7)]
        held = self.bookings.week(venue["code"], days[0], days[-1])
        self._send(self.page.free(venues, venue, days, held, (first + timedelta(days=7)).isoformat()))

    def _hear(self, length: int) -> None:
        """The engine tells something: believed when it is proved."""
        body = self.rfile.read(length)
        if self.told is None or not self.told.proved(dict(self.headers.items()), self.path, body):
            self._send("", HTTPStatus.UNAUTHORIZED)
            return
        self.bookings.hear(json.loads(body))
        self._send("")

    def _post(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 <= length <= LARGEST:
            self._send(self.page.plain("413", self.page.t("内容太长", "Too long")), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        if self.address.path == "/told":
            self._hear(length)
            return
        sent = parse_qs(self.rfile.read(length).decode("utf-8", "replace"), keep_blank_values=True)
        typed = {name: values[0] for name, values in sent.items()}
        path = self.address.path
        if path == "/book":
            self._book(typed)
        elif (found := BOOKING.fullmatch(path)) and found[2]:
            if self.bookings.cancel(found[1], typed.get("code", "")):
                self._go(f"/booking/{found[1]}?" + urlencode({"code": typed["code"]}))
            else:
                self._missing()
        elif path == "/worker/answer":
            self._decide(typed)
        else:
            self._missing()

    def _book(self, typed: dict[str, str]) -> None:
        form, key = form_of(typed), typed.get("key", "") or new_key()
        faults = self.bookings.faults(form)
        if not faults and form["day"] < today():
            faults = [{"field": "/day", "code": "PAST", "message": "不能预约过去的日期", "message_en": "This day has passed"}]  # fmt: skip
        if not faults and not any(one["code"] == form["venue"] for one in self.bookings.venues()):
            faults = [{"field": "/venue", "code": "VENUE", "message": "请选择场地", "message_en": "Choose a venue"}]
        if not faults:
            try:
                made, code = self.bookings.book(form, key=key)
            except Problem as problem:
                faults = self._taken(form) if "KEY_TAKEN" in problem.codes else problem.reasons
                key = new_key()
            else:
                self._go(f"/booking/{made}?" + urlencode({"code": code}))
                return
        self._send(self.page.ask(self.bookings.venues(), typed, faults, key, today()), HTTPStatus.UNPROCESSABLE_ENTITY)

    def _taken(self, form: dict[str, Any]) -> list[dict[str, Any]]:
        """Somebody has it: which times of the day are left."""
        left = [slot for slot in SLOTS if slot not in self.bookings.taken(form["venue"], form["day"])]
        zh = "、".join(SLOTS[slot][0] for slot in left) or "无，请换一天"
        en = ", ".join(SLOTS[slot][1] for slot in left) or "none: please choose another day"
        return [{"field": "/slot", "code": "KEY_TAKEN", "message": f"这个时段已有人预约。当天还可以预约：{zh}", "message_en": f"This time is taken. Left on that day: {en}"}]  # fmt: skip

    def _decide(self, typed: dict[str, str]) -> None:
        who = self._worker()
        if who is None:
            return
        if not hmac.compare_digest(typed.get("mark", "").encode(), self._mark(who).encode()):
            self._missing()
            return
        note = self.page.t("已办理", "Done")
        try:
            self.bookings.answer(typed.get("task", ""), who, agree=typed.get("answer") == "agree", opinion=typed.get("opinion", "").strip()[:200])  # fmt: skip
        except Problem as problem:
            if problem.status not in {404, 409}:
                raise
            note = "；".join(one["message_en" if self.page.english else "message"] for one in problem.reasons)
        self._go("/worker?" + urlencode({"note": note}))

    # ── who, and answers ──────────────────────────────────────────────────────────────────────────────────────────
    def _worker(self) -> str | None:
        """The community worker who signed in; asked for a password otherwise."""
        try:
            name, _, password = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).decode().partition(":")  # fmt: skip
        except ValueError:
            name, password = "", ""
        known = self.workers.get(name)
        if known and hmac.compare_digest(known.encode(), password.encode()):
            return name
        self.send_response(HTTPStatus.UNAUTHORIZED)
        self.send_header("WWW-Authenticate", 'Basic realm="venues", charset="UTF-8"')
        self.end_headers()
        return None

    def _mark(self, who: str) -> str:
        """Only our own page has it: another site's form cannot act in the worker's name."""
        return hmac.new(self.bookings.engine.token.encode(), f"mark {who}".encode(), "sha256").hexdigest()

    def _go(self, where: str) -> None:
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", where)
        self.end_headers()

    def _missing(self) -> None:
        words = self.page.t("没有这个网页，或者预约的网址不完整。", "There is no such page, or its address is not complete.")  # fmt: skip
        self._send(self.page.plain(self.page.t("没有找到", "Not found"), words), HTTPStatus.NOT_FOUND)

    def _send(self, text: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        if "lang" in self.query:
            self.send_header(
                "Set-Cookie", f"lang={'en' if self.page.english else 'zh'}; Path=/; SameSite=Lax; HttpOnly"
            )
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: addresses hold codes of bookings."""


def serve(port: int) -> ThreadingHTTPServer:
    """The application, ready to run; it has published what it consists of."""
    Handler.bookings = Bookings(Engine(os.environ["VENUES_API"], os.environ["VENUES_TOKEN"]))
    pairs = (pair.partition(":") for pair in os.environ.get("VENUES_WORKERS", "").split(",") if pair)
    Handler.workers = {name: password for name, _, password in pairs}
    Handler.bookings.declare()
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    if told := os.environ.get("VENUES_TOLD", ""):
        Handler.told = Handler.bookings.listen(told.format(port=server.server_port))
    return server


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8400)
    server = serve(parser.parse_args().port)
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)  # noqa: T201  (a program's own start)
    server.serve_forever()
