"""The application from outside, against a running engine (VENUES_API, VENUES_TOKEN): pages are asked and forms are sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import threading
import time
import unittest
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from html import unescape
from http.server import ThreadingHTTPServer
from urllib.parse import urlencode

os.environ.setdefault("VENUES_WORKERS", "xiaoyu:a-password,other:another")
import app  # (reads the environment above)

KEY = re.compile(r'name="key" value="([^"]+)"')
HIDDEN = re.compile(r'name="mark" value="(\w+)"><input type="hidden" name="task" value="([0-9a-f-]+)"')


class Went(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer."""

    def redirect_request(self, *arguments: object) -> None:
        return None


class Venues(unittest.TestCase):
    days = 0
    server: ThreadingHTTPServer
    here: str

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = app.serve(0)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.here = f"http://127.0.0.1:{cls.server.server_port}"

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.shutdown()
        cls.server.server_close()

    def ask(self, path: str, form: dict[str, str] | None = None, worker: str = "") -> tuple[int, str, str]:
        """(status, text, where it leads)."""
        headers = {"Authorization": "Basic " + base64.b64encode(worker.encode()).decode()} if worker else {}
        request = urllib.request.Request(
            self.here + path, urlencode(form).encode() if form is not None else None, headers
        )
        try:
            with urllib.request.build_opener(Went).open(request, timeout=30) as answer:
                return answer.status, answer.read().decode(), ""
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.read().decode(), answer.headers.get("Location", "")

    def form(self, **other: str) -> dict[str, str]:
        """A quiet activity on a day of its own."""
        key = KEY.search(self.ask("/")[1])
        assert key is not None
        type(self).days += 1
        day = (datetime.now(app.SHANGHAI) + timedelta(days=self.days)).date().isoformat()
        mine = {"key": key[1], "venue": "S01-A", "day": day, "slot": "am", "people": "6", "quiet": "yes", "purpose": f"读书会 {day}", "name": "张晓", "mobile": "13800138000"}  # fmt: skip
        return {**mine, **other}

    def tasks(self, purpose: str, worker: str = "xiaoyu:a-password") -> tuple[str, str]:
        """Mark and task of the booking with this purpose."""
        status, text, _ = self.ask("/worker", worker=worker)
        assert status == 200
        card = next(part for part in text.split("<section") if purpose in unescape(part))
        found = HIDDEN.search(card)
        assert found is not None
        return found[1], found[2]

    def test_a_small_quiet_activity_is_booked_at_once_and_once(self) -> None:
        form = self.form()
        first, again = self.ask("/book", form), self.ask("/book", form)
        assert (first[0], again[2]) == (303, first[2])
        assert "预约成功" in self.ask(first[2])[1]
        assert "Booked" in self.ask(first[2] + "&lang=en")[1]

    def test_a_taken_time_names_those_that_are_left(self) -> None:
        form = self.form()
        assert self.ask("/book", form)[0] == 303
        status, text, _ = self.ask("/book", {**form, "key": "another-key", "name": "李娜"})
        assert status == 422
        assert "已有人预约" in text
        assert "下午 14:00" in text
        assert 'value="李娜"' in text

    def test_of_ten_who_press_at_once_one_has_the_room(self) -> None:
        form = self.form()
        forms = [{**form, "key": f"{form['key']}-{n}"} for n in range(10)]
        with ThreadPoolExecutor(5) as people:
            statuses = list(people.map(lambda one: self.ask("/book", one)[0], forms))
        assert sorted(statuses) == [303] + [422] * 9

    def test_every_fault_is_told_at_its_field_and_nothing_typed_is_lost(self) -> None:
        wrong = self.form(people="0", mobile="1", quiet="", purpose="<b>歌</b>")
        status, text, _ = self.ask("/book", wrong)
        assert status == 422
        for name in ("people", "mobile", "quiet"):
            assert f'id="{name}-e"' in text
        assert "&lt;b&gt;歌" in text
        assert "<b>歌" not in text
        assert "过去的日期" in self.ask("/book", self.form(day="2020-01-01"))[1]

    def test_more_people_than_the_room_holds_are_refused_by_the_table_and_hold_nothing(self) -> None:
        form = self.form(people="500")
        _, _, where = self.ask("/book", form)
        assert "未能预约" in self.ask(where)[1]
        assert self.ask("/book", {**form, "key": "k2-" + form["key"], "people": "5"})[0] == 303

    def test_a_community_worker_agrees_and_the_resident_reads_it(self) -> None:
        form = self.form(people="30", quiet="no", purpose=f"合唱排练 {self.days}")
        _, _, where = self.ask("/book", form)
        assert "等待社区审核" in self.ask(where)[1]
        mark, task = self.tasks(form["purpose"])
        answer = {"mark": mark, "task": task, "answer": "agree", "opinion": "请在 21 点前结束"}
        assert self.ask("/worker/answer", answer, "xiaoyu:a-password")[0] == 303
        shown = self.ask(where)[1]
        assert "预约成功" in shown
        assert "请在 21 点前结束" in shown
        _, _, told = self.ask("/worker/answer", answer, "xiaoyu:a-password")  # pressed again
        assert "note=" in told
        assert "预约成功" in self.ask(where)[1]

    def test_what_a_worker_refuses_is_free_again(self) -> None:
        form = self.form(people="30", quiet="no", purpose=f"广场舞 {self.days}")
        _, _, where = self.ask("/book", form)
        mark, task = self.tasks(form["purpose"])
        self.ask(
            "/worker/answer",
            {"mark": mark, "task": task, "answer": "refuse", "opinion": "声音太大"},
            "xiaoyu:a-password",
        )
        assert "未能预约" in self.ask(where)[1]
        assert self.ask("/book", {**form, "key": "k3-" + form["key"], "people": "5", "quiet": "yes"})[0] == 303

    def test_who_has_the_code_cancels_and_nobody_else_sees_anything(self) -> None:
        form = self.form()
        _, _, where = self.ask("/book", form)
        path, code = where.split("?code=")
        assert self.ask(path + "?code=wrong")[0] == 404
        assert self.ask(path)[0] == 404
        assert self.ask(path + "/cancel", {"code": "wrong"})[0] == 404
        assert self.ask(path + "/cancel", {"code": code})[0] == 303
        assert "已取消" in self.ask(where)[1]
        assert self.ask("/book", {**form, "key": "k4-" + form["key"]})[0] == 303
        assert self.ask("/booking/01900000-0000-7000-8000-000000000000?code=x")[0] == 404

    def test_the_workers_list_is_for_workers_and_takes_no_forms_of_others(self) -> None:
        assert self.ask("/worker")[0] == 401
        assert self.ask("/worker", worker="xiaoyu:wrong")[0] == 401
        form = self.form(people="30", quiet="no", purpose=f"讲座 {self.days}")
        self.ask("/book", form)
        mark, task = self.tasks(form["purpose"])
        foreign = {"mark": "0" * 64, "task": task, "answer": "agree"}
        assert self.ask("/worker/answer", foreign, "xiaoyu:a-password")[0] == 404
        assert self.ask("/worker/answer", {**foreign, "mark": mark}, "other:another")[0] == 404

    def test_free_times_of_a_week_are_read_by_a_range(self) -> None:
        form = self.form(venue="S02-A", slot="pm")
        self.ask("/book", form)
        status, text, _ = self.ask(f"/free?venue=S02-A&from={form['day']}")
        assert status == 200
        row = next(part for part in text.split("<tr>") if form["day"] in part)
        assert (row.count("已约"), row.count("空")) == (1, 2)
        after = (datetime.fromisoformat(form["day"]) + timedelta(days=1)).date().isoformat()
        assert form["day"] not in self.ask(f"/free?venue=S02-A&from={after}")[1]
        assert self.ask("/free?venue=nowhere&from=never")[0] == 200

    def test_a_booking_whose_process_ended_is_free_again_without_anybody_opening_it(self) -> None:
        if app.Handler.told is None:
            self.skipTest("VENUES_TOLD is not set")
        form = self.form(people="30", quiet="no", purpose=f"棋牌 {self.days}")
        booking = self.ask("/book", form)[2].partition("?")[0].rpartition("/")[2]
        bookings = app.Handler.bookings
        run = bookings.row(booking)["data"]["run"]
        bookings.engine.post(f"/runs/{run}/cancel", {"reason": "as a timer would end it"})
        for _ in range(100):
            if bookings.row(booking)["data"]["state"] != "waiting":
                break
            time.sleep(0.2)
        assert bookings.row(booking)["data"]["state"] == "cancelled"
        assert "held" not in bookings.row(booking)["data"]

    def test_nobody_without_the_secret_tells_anything(self) -> None:
        if app.Handler.told is None:
            self.skipTest("VENUES_TOLD is not set")
        told, body, path = app.Handler.told, b'{"kind": "ping"}', "/told"
        at, nonce = str(int(time.time())), "n" * 32

        def sent(secret: str, at: str = at) -> int:
            lines = "\n".join(("POST", path, at, nonce, hashlib.sha256(body).hexdigest()))
            proof = hmac.new(secret.encode(), lines.encode(), hashlib.sha256).hexdigest()
            headers = {"X-Yc-Key": told.key, "X-Yc-Timestamp": at, "X-Yc-Nonce": nonce, "X-Yc-Signature": proof}
            try:
                with urllib.request.urlopen(
                    urllib.request.Request(self.here + path, body, headers), timeout=30
                ) as answer:
                    return int(answer.status)
            except urllib.error.HTTPError as answer:
                with answer:
                    return answer.code

        assert sent("ycs_guessed") == 401
        assert sent(told.secret, str(int(at) - 400)) == 401
        assert sent(told.secret) == 200
        assert sent(told.secret) == 401, "a caught message cannot be sent again"

    def test_a_program_that_died_after_the_row_goes_on_where_it_was(self) -> None:
        bookings = app.Handler.bookings
        begin, bookings._begin = bookings._begin, lambda *_: None  # type: ignore[method-assign]
        try:
            _, _, where = self.ask("/book", self.form())
        finally:
            bookings._begin = begin  # type: ignore[method-assign]
        assert "预约成功" in self.ask(where)[1]


if __name__ == "__main__":
    unittest.main()
