"""A form is sent once, and a page that is itself the answer to one is not asked for again by who comes back (app.js).

The pages are made here and served to the browser by the test itself: no server, no network.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import yichuang.webkit as webkit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

SITE = "http://hall.test"
SCRIPT = (Path(webkit.__file__).parent / "static/webkit/app.js").read_text(encoding="utf-8")
ANSWER = """<!doctype html><title>answer</title><h1>an answer to a form</h1>
<form method="post" action="/on" data-instead="/list?page=2">
<input type="hidden" name="method" value="oral"><input type="hidden" name="action" value="x"><input name="words">
<button>go on</button></form><script src="/app.js"></script>"""
REFUSED = """<!doctype html><title>refused</title><body data-instead="/form?of=7"><h1>an answer to a form</h1>
<form method="post"><input name="words" value="too short"><input type="hidden" name="action" value="x"><button>again</button></form>
<form method="get" action="found"><button id="find">find</button></form>
<a id="out" href="elsewhere">elsewhere</a> <a id="down" href="#there">down</a> <p id="there">there</p>
<script src="/app.js"></script>"""
START = """<!doctype html><title>start</title><form method="post" action="/answer"><button>send</button></form>"""


class Site:
    """Pages by their path; what was sent, in order; while `down` the network takes nothing that is sent."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.asked: list[str] = []
        self.down = False

    def __call__(self, route: "Route") -> None:
        path = route.request.url.removeprefix(SITE)
        if path == "/app.js":
            route.fulfill(content_type="text/javascript", body=SCRIPT)
            return
        sends = route.request.method == "POST"
        (self.sent if sends else self.asked).append(path)
        if sends and self.down:
            route.abort("internetdisconnected")
            return
        pages = {"/": START, "/answer": ANSWER, "/some/refused": REFUSED, "/on": "<h1>done</h1>"}
        route.fulfill(content_type="text/html", body=pages.get(path, f"<h1>page {path}</h1>"))


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def page(browser: "Browser", site: Site) -> Iterator["Page"]:
    """On the page that answered a form."""
    context = browser.new_context()
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.route("**/*", site)
    page.goto(SITE)
    page.click("button")
    page.wait_for_selector("h1:has-text('an answer to a form')")
    yield page
    context.close()


def test_who_comes_back_finds_the_page_in_its_place_and_sends_nothing_again(page: "Page", site: Site) -> None:
    """Whatever the fields of the form are called: an interrupted form's `method` and `action` travel in it."""
    page.click("button")
    page.wait_for_selector("h1:has-text('done')")
    page.go_back()
    page.wait_for_selector("h1:has-text('page /list?page=2')")
    assert site.sent == ["/answer", "/on"]


def test_pressed_twice_it_is_sent_once(page: "Page", site: Site) -> None:
    page.evaluate("() => { const b = document.querySelector('button'); b.click(); b.click(); }")
    page.wait_for_selector("h1:has-text('done')")
    assert site.sent == ["/answer", "/on"]


def test_what_the_network_did_not_take_is_not_sent_by_coming_back(page: "Page", site: Site) -> None:
    site.down = True
    with page.expect_event("requestfailed"):
        page.click("button", no_wait_after=True)
    page.wait_for_url("chrome-error://**")
    site.down = False
    page.go_back()
    page.wait_for_selector("h1:has-text('page /list?page=2')")
    assert site.sent == ["/answer", "/on"]


@pytest.fixture
def refused(page: "Page", site: Site) -> "Page":
    """On the page that shows what is wrong with a form."""
    page.evaluate("() => document.querySelector('form').setAttribute('action', '/some/refused')")
    page.click("button")
    page.wait_for_url(f"{SITE}/some/refused")
    site.sent.clear()
    return page


def test_a_refused_form_is_sent_again_to_where_it_was_and_who_comes_back_finds_its_page(refused: "Page", site: Site) -> None:  # fmt: skip
    """A form without an address of its own goes to the page's, whatever stands in the history by then."""
    refused.click("button:has-text('again')")
    refused.wait_for_url(f"{SITE}/some/refused")
    assert site.sent == ["/some/refused"]
    refused.go_back()
    refused.wait_for_selector("h1:has-text('page /form?of=7')")
    assert site.sent == ["/some/refused"]


@pytest.mark.parametrize(("press", "there"), [("#out", "/some/elsewhere"), ("#find", "/some/found?")])
def test_who_leaves_a_refused_form_and_comes_back_is_not_asked_to_send_it_again(refused: "Page", site: Site, press: str, there: str) -> None:  # fmt: skip
    refused.click("#down")
    assert refused.url == f"{SITE}/some/refused#there", "nobody has left"
    refused.click(press)
    refused.wait_for_url(SITE + there)
    refused.go_back()
    refused.wait_for_selector("h1:has-text('page /form?of=7')")
    refused.go_back()
    refused.wait_for_selector("h1:has-text('page /list?page=2')")
    assert site.sent == []


def test_two_tabs_of_one_answer_do_not_know_of_each_other(page: "Page", site: Site) -> None:
    other = page.context.new_page()
    other.route("**/*", site)
    other.goto(SITE)
    other.click("button")
    page.click("button")
    page.wait_for_selector("h1:has-text('done')")
    other.fill("[name=words]", "还在写")
    assert other.url == f"{SITE}/answer", "the other one stands where it stood, with what was typed"
    assert other.input_value("[name=words]") == "还在写"
