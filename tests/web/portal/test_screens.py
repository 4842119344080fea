"""The pages in a real Chromium: phone and desk, Chinese, English and large type. Nothing is cut off, everything can be hit and read.

With YICHUANG_SHOTS=folder the screenshots are kept there, to be looked at.
"""

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command

from .conftest import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAGES = ("/", "/places", "/places/LH", "/sign-in", "/register", "/help", "/nothing", "/dev/outbox")
MINE = ("/my/looks",)
LOOKS = {
    "phone-zh": ({"width": 390, "height": 844}, "zh-CN", False),
    "phone-en": ({"width": 390, "height": 844}, "en-GB", False),
    "phone-elder": ({"width": 360, "height": 780}, "zh-CN", True),
    "desk-zh": ({"width": 1440, "height": 900}, "zh-CN", False),
    "desk-en": ({"width": 1440, "height": 900}, "en-GB", False),
}
SMALL = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary, textarea')]
  .filter(e => e.checkVisibility() && !e.closest('.skip, .visually-hidden') && !e.classList.contains('skip'))
  .map(e => [e.closest('label.choice') || e, e]).map(([box, e]) => [box.getBoundingClientRect(), e])
  .filter(([r, e]) => r.width && r.height && r.height < 24 && !(e.tagName === 'A' && getComputedStyle(e).display === 'inline'))
  .map(([r, e]) => `${e.tagName} ${e.textContent.trim().slice(0, 20) || e.name} ${Math.round(r.width)}×${Math.round(r.height)}`)"""
CUT = """() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1
  && e.checkVisibility() && !e.closest('.visually-hidden, .skip, .table-wrap')).map(e => e.tagName + '.' + e.className).slice(0, 5)"""


@pytest.fixture
def _demo_people() -> None:
    call_command("load_demo", stdout=io.StringIO())


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.usefixtures("_demo_people")
def test_pages_are_whole_and_can_be_hit(
    look: str, new_context: Callable[..., "BrowserContext"], axe: Callable[["Page"], list[str]]
) -> None:
    viewport, locale, elder = LOOKS[look]
    context = new_context(viewport=viewport, locale=locale)
    page = context.new_page()
    errors: list[str] = []
    page.on(
        "console", lambda m: errors.append(f"{m.text}") if m.type == "error" and "status of 4" not in m.text else None
    )
    if elder:
        page.goto("/")
        page.get_by_role("button", name="长辈版").click()
    found: list[str] = []
    for address in PAGES:
        found += [f"{address}: {fault}" for fault in _faults(page, address, look, axe)]
    page.goto("/sign-in")
    page.fill("#f-username", "zhangxiao")
    page.fill("#f-password", PASSWORD)
    page.locator("form:has(#f-password) button").click()
    page.wait_for_url("**/")
    for address in ("/", *MINE):
        found += [f"{address}: {fault}" for fault in _faults(page, address, look + "-mine", axe)]
    assert "\n".join(found + errors) == ""


def _faults(page: "Page", address: str, look: str, axe: Callable[["Page"], list[str]]) -> list[str]:
    page.goto(address)
    faults = [f"cut off: {e}" for e in page.evaluate(CUT)] + [f"too small: {e}" for e in page.evaluate(SMALL)]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        faults.append("scrolls sideways")
    faults += axe(page)
    if folder := os.environ.get("YICHUANG_SHOTS"):
        name = address.strip("/").replace("/", "-") or "home"
        page.screenshot(path=str(Path(folder) / f"{name}-{look}.png"), full_page=True)
    return faults
