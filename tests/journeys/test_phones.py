"""A dog is registered on a phone: once wholly in English, once in large type (长辈版)."""

from pathlib import Path
from typing import TYPE_CHECKING

from tests.journeys.filings import DOG, dog
from tests.journeys.people import Hall, Visitor

from yichuang.cases.models import Case

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Chinese letters on an English page, outside parts that are marked as Chinese and outside what people typed
LEFT = r"""() => {
  const found = [], walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const at = node.parentElement;
    if (/[\u4e00-\u9fff]/.test(node.data) && at.checkVisibility() && !at.closest("[lang^=zh], textarea"))
      found.push((at.matches(".piece") ? at.parentElement.textContent : node.data).trim());  // lines.js keeps numbers whole
  }
  return found;
}"""
SMALL = r"""() => [...document.querySelectorAll("main button, main a.btn, main input:not([type=hidden]), main select, main label.choice")]
  .filter(e => e.checkVisibility() && !e.closest(".visually-hidden, label.choice") && e.getBoundingClientRect().height < 44)
  .map(e => e.outerHTML.slice(0, 80))"""
# the parts of a page that are set in smaller type than the large one; 20 px is what tags and hints may have
TYPE = r"""() => {
  const found = new Set(), walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const at = node.parentElement, size = parseFloat(getComputedStyle(at).fontSize);
    if (node.data.trim() && at.checkVisibility() && !at.closest(".visually-hidden, svg") && size < 20)
      found.add(`${size} px: ${node.data.trim().slice(0, 20)}`);
  }
  return [...found];
}"""


class Look:
    """Looks at each page on the way and keeps what is wrong with it."""

    def __init__(self, visitor: Visitor, name: str) -> None:
        self.visitor, self.name, self.faults = visitor, name, list[str]()

    def __call__(self, what: str) -> None:
        page = self.visitor.page
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.faults.append(f"{what}: scrolls sideways")
        self.faults += [f"{what}: {fault}" for fault in self.more(page)]
        self.visitor.shot(f"{self.name}-{what}")

    def more(self, page: "Page") -> list[str]:
        return []


class English(Look):
    """Nothing Chinese is left but what was typed, and proper names marked as Chinese."""

    def __init__(self, visitor: Visitor, name: str, typed: set[str]) -> None:
        super().__init__(visitor, name)
        self.typed = typed

    def more(self, page: "Page") -> list[str]:
        return [f"Chinese: {words}" for words in page.evaluate(LEFT) if not any(t in words for t in self.typed)]


class Elder(Look):
    """Large type, large controls."""

    def more(self, page: "Page") -> list[str]:
        assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('main')).fontSize)") >= 22
        small = [f"lower than 44 px: {control}" for control in page.evaluate(SMALL)]
        return [*small, *page.evaluate(TYPE)]


def walk(citizen: Visitor, look: Look, photo: Path, nth: int) -> str:
    """From the guide to the case, looking at each page."""
    form = dog(nth)
    citizen.go(f"/items/{DOG}")
    citizen.shot(f"{look.name}-01-guide")  # its looks are the affair of the screens
    citizen.page.locator("main a.btn-main").first.click()
    look("02-start")
    citizen.onward()
    citizen.arrives("**/step/situation")
    citizen.fill("/applicant_kind", "person")
    citizen.onward()
    citizen.page.wait_for_selector('[name="/housing"]')
    citizen.fill("/housing", "own")
    look("03-situation")
    citizen.onward()
    for step in ("owner", "address", "dog", "immunity", "promise"):
        citizen.arrives(f"**/step/form-{step}*")
        citizen.fill_page(form)
        look(f"04-{step}")
        citizen.onward()
    citizen.arrives("**/step/materials")
    for code in ("owner_id", "property_certificate", "immunity_certificate"):
        citizen.upload(code, photo)
    look("05-materials")
    citizen.onward()
    citizen.arrives("**/step/check")
    look("06-check")
    citizen.onward()
    citizen.arrives("**/receipt")
    look("07-receipt")
    number = citizen.page.locator("main .num.big").first.inner_text().strip()
    citizen.onward()
    citizen.arrives(f"**/my/cases/{number}")
    look("08-case")
    for name, path in (("09-clock", f"/my/cases/{number}/clock"), ("10-cases", "/my/cases"), ("11-looks", "/my/looks")):
        citizen.go(path)
        look(name)
    return number


def test_a_whole_filing_in_english(hall: Hall, photo: Path) -> None:
    citizen = hall.person("sunyan", phone=True, locale="en-GB")
    look = English(
        citizen,
        "english",
        {"豆豆", "黄白", "桂园社区", "狂犬病", "罗湖示例", "孙燕", "孙*", "深圳演示小店餐饮有限公司", "照片.jpg"},
    )
    number = walk(citizen, look, photo, 51)
    assert look.faults == [], "\n".join(look.faults)
    assert Case.objects.get(number=number).channel == "portal"


def test_a_whole_filing_in_large_type(hall: Hall, photo: Path) -> None:
    citizen = hall.visitor(phone=True)
    citizen.go(f"/sign-in?next=/items/{DOG}")
    citizen.press("长辈版")
    citizen.page.locator("body.elder").wait_for()
    citizen.sign_in("wangxiuying")
    look = Elder(citizen, "elder")
    walk(citizen, look, photo, 52)
    assert look.faults == [], "\n".join(look.faults)
