"""At the counter nobody needs a mouse: a walk-in's dog is registered, accepted with gaps, and the receipt is in hand."""

from datetime import UTC, datetime

import pytest
from tests.demo import TUESDAY

from yichuang.core import clock
from yichuang.people.queries import get_party

pytestmark = pytest.mark.browser
FIELDS = {
    "/address/detail": "桂园社区桂园路 1 号 2 栋 301",
    "/dog/name": "豆豆",
    "/dog/birth_month": "2024-05",
    "/dog/colour": "黄白",
    "/dog/shoulder_cm": "28",
    "/dog/chip": "999000000000001",
    "/immunity/certificate_no": "LH-2026-000123",
    "/immunity/vaccine": "狂犬病灭活疫苗",
    "/immunity/clinic": "罗湖示例动物诊所",
}


def tab_to(page, selector, *, most=120):
    """Walk with Tab until the focus stands on it: what cannot be reached by keyboard fails here."""
    for _ in range(most):
        if page.evaluate("s => document.activeElement && document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {selector}")


def type_into(page, name, text):
    tab_to(page, f'[name="{name}"]')
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def choose(page, name, steps):
    """Walk down a list of choices with the arrow key."""
    tab_to(page, f'[name="{name}"]')
    for _ in range(steps):
        page.keyboard.press("ArrowDown")
    page.wait_for_load_state("networkidle")


def tick(page, name):
    tab_to(page, f'[name="{name}"]')
    page.keyboard.press("Space")
    page.wait_for_load_state("networkidle")


def set_date(page, name, day):
    """Reached by keyboard; in which order day, month and year are typed is the browser's own affair."""
    tab_to(page, f'[name="{name}"]')
    page.locator(":focus").fill(day)


def test_a_walk_in_by_keyboard_alone(page, demo, monkeypatch):
    monkeypatch.setattr(clock, "_OFFSET", TUESDAY - datetime.now(UTC))
    zhang = get_party(demo.actor("zhangxiao").id)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/sign-in?next=/counter/")
    type_into(page, "username", "lina")
    type_into(page, "password", "Demo-2026-yichuang")
    page.keyboard.press("Enter")
    page.wait_for_selector("#h-serving")

    page.keyboard.press("?")
    assert page.locator("#key-map").is_visible()
    page.keyboard.press("Escape")

    page.keyboard.press("F4")
    page.wait_for_url("**/counter/intake/")
    page.keyboard.type(zhang.id_no)  # the field has the focus
    page.keyboard.press("F8")
    page.wait_for_url(f"**/counter/intake/{zhang.id}/")
    page.keyboard.type("办狗证")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    tab_to(page, "a[data-row]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/yangquan-dengji/*")

    tick(page, "answer:applicant_kind")
    page.wait_for_selector('[name="answer:housing"]')
    tick(page, "answer:housing")
    page.wait_for_selector('[name="/dog/name"]')
    choose(page, "/address/street", 1)
    for name, text in list(FIELDS.items())[:2]:
        type_into(page, name, text)
    choose(page, "/dog/breed", 3)
    tick(page, "/dog/sex")
    for name, text in list(FIELDS.items())[2:]:
        type_into(page, name, text)
    set_date(page, "/immunity/date", "2026-01-10")
    set_date(page, "/immunity/next_due", "2027-01-09")
    tick(page, "/promise")
    for code in ("application_form", "owner_id", "immunity_certificate"):
        tick(page, f"original:{code}")
    page.keyboard.press("F8")

    page.wait_for_url("**/counter/cases/*/")

    tab_to(page, '[name="promise_signed"]')
    page.keyboard.press("Space")
    page.keyboard.press("Shift+F8")
    page.wait_for_selector("text=已容缺受理")
    assert page.locator("text=容缺受理通知书").count()
    tab_to(page, 'a[href*="/counter/documents/"]')
    with page.expect_download() as receipt:
        page.keyboard.press("Enter")
    assert receipt.value.suggested_filename.endswith(".pdf")
