"""The frame of a citizen's page on a phone: low, with a menu that opens, closes and leads on."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client

from yichuang.people.cast import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

WAIT = 60_000  # ms: the first page of a process reads every template
PHONE = {"width": 390, "height": 844}
HEIGHT = "() => document.querySelector('header.top').getBoundingClientRect().height"
APART = """() => {
  const boxes = [...document.querySelectorAll('.brand, .tools > *')].filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect());
  return boxes.every((box, n) => n === 0 || boxes[n - 1].right <= box.left + .5);
}"""
ELDER = "() => document.body.classList.contains('elder')"


@pytest.fixture
def phone(demo: Any, new_context: Callable[..., "BrowserContext"]) -> "Page":
    page = new_context(viewport=PHONE, has_touch=True).new_page()
    page.set_default_timeout(WAIT)
    return page


def signed_in_phone(new_context: Callable[..., "BrowserContext"], base: str, who: str, locale: str) -> "Page":
    client = Client()
    client.post("/sign-in", {"username": who, "password": PASSWORD})
    context = new_context(viewport=PHONE, has_touch=True, locale=locale)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": base}])
    page = context.new_page()
    page.set_default_timeout(WAIT)
    return page


@pytest.mark.browser
def test_the_menu_opens_leads_on_and_closes(phone: "Page", axe: Callable[["Page"], list[str]]) -> None:
    phone.goto("/help")
    menu = phone.get_by_text("菜单", exact=True)
    assert not phone.get_by_role("link", name="查进度").is_visible()
    menu.click()
    assert phone.get_by_role("link", name="查进度").is_visible()
    phone.keyboard.press("Escape")
    assert not phone.get_by_role("link", name="查进度").is_visible()
    assert phone.evaluate("() => document.activeElement.tagName") == "SUMMARY"
    menu.click()
    phone.locator("h1").click(position={"x": 5, "y": 5}, force=True)
    assert not phone.get_by_role("link", name="查进度").is_visible()
    menu.click()
    phone.get_by_role("link", name="查进度").click()
    assert phone.url.endswith("/progress")
    assert axe(phone) == []


@pytest.mark.browser
def test_the_header_takes_little_of_a_phone_in_large_type_too(phone: "Page") -> None:
    phone.goto("/help")
    assert phone.evaluate(HEIGHT) <= 72
    phone.get_by_role("button", name="长辈版").click()
    phone.wait_for_function(ELDER)
    assert phone.evaluate(HEIGHT) <= 88
    phone.get_by_text("菜单", exact=True).click()
    phone.get_by_role("button", name="English").click()
    phone.wait_for_function("() => document.documentElement.lang === 'en'")
    assert phone.evaluate(HEIGHT) <= 100  # the name of the site takes three lines
    phone.get_by_text("Menu", exact=True).click()
    phone.get_by_role("button", name="Standard view").click()
    phone.wait_for_function(f"() => !({ELDER})()")


@pytest.mark.browser
@pytest.mark.parametrize("large", [False, True], ids=["standard", "large"])
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("who", ["maimaiti", "lina"], ids=["a long name", "staff with a way back to the desk"])
def test_nobody_s_name_or_desk_pushes_anything_out_of_the_header(
    demo: Any, new_context: Callable[..., "BrowserContext"], live_server: Any, who: str, locale: str, large: bool
) -> None:
    page = signed_in_phone(new_context, live_server.url, who, locale)
    page.goto("/help")
    page.evaluate("large => document.body.classList.toggle('elder', large)", large)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(APART), "two parts of the header lie over each other"
    assert page.evaluate(
        "() => { const e = document.querySelector('.brand'); return e.scrollWidth <= e.clientWidth + 1; }"
    )


@pytest.mark.browser
def test_staff_on_a_phone_find_the_way_back_to_their_desk_in_the_menu(
    demo: Any, new_context: Callable[..., "BrowserContext"], live_server: Any
) -> None:
    page = signed_in_phone(new_context, live_server.url, "lina", "zh-CN")
    page.goto("/help")
    page.get_by_text("菜单", exact=True).click()
    page.get_by_role("link", name="回到工作台").click()
    page.wait_for_url("**/counter/")
