"""At the counter nobody needs a mouse: a walk-in's dog is registered, a paper follows, and the licence is handed over."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.demo import Demo
from tests.journeys.people import Hall, Visitor

from yichuang.core.identifiers import synthetic
from yichuang.people.queries import get_party

if TYPE_CHECKING:
    from playwright.sync_api import Page

FIELDS = {
    "/address/detail": "桂园社区桂园路 1 号 2 栋 301",
    "/dog/name": "豆豆",
    "/dog/birth_month": "2024-05",
    "/dog/colour": "黄白",
    "/dog/shoulder_cm": "28",
    "/dog/chip": "999000000000021",
    "/immunity/certificate_no": "LH-2026-000123",
    "/immunity/vaccine": "狂犬病灭活疫苗",
    "/immunity/clinic": "罗湖示例动物诊所",
}


class Keys:
    """Ten fingers and no mouse."""

    def __init__(self, page: "Page") -> None:
        self.page, self.press, self.type = page, page.keyboard.press, page.keyboard.type

    def to(self, selector: str, text: str = "", most: int = 150) -> None:
        """Walk with Tab until the focus stands there: what cannot be reached by keyboard fails here."""
        there = (
            "([s, t]) => { const e = document.activeElement; return e && e.matches(s) && e.textContent.includes(t) }"
        )
        for _ in range(most):
            if self.page.evaluate(there, [selector, text]):
                return
            self.press("Tab")
        raise AssertionError(f"Tab never reaches {selector} {text}")

    def stands_in(self, name: str) -> None:
        """The page puts the cursor there by itself when it is drawn, a moment after it is loaded: no clerk types faster."""
        self.page.wait_for_function("name => document.activeElement?.name === name", arg=name)

    def into(self, name: str, text: str) -> None:
        self.to(f'[name="{name}"]')
        self.press("Control+A")
        self.type(text)

    def choose(self, name: str, steps: int) -> None:
        """Walk down a list of choices with the arrow key; the page asks the server what that changes."""
        self.to(f'[name="{name}"]')
        for _ in range(steps):
            with self._answered():
                self.press("ArrowDown")

    def tick(self, name: str) -> None:
        self.to(f'[name="{name}"]')
        if name.startswith(("original:", "confirmed")) or not self.page.locator("form[data-refresh]").count():
            self.press("Space")
            return
        with self._answered():
            self.press("Space")

    @contextmanager
    def _answered(self) -> Iterator[None]:
        """Until the answer stands on the page: the next key between the two would be pressed on what is about to go."""
        self.page.evaluate("() => document.querySelectorAll('[data-part]').forEach(part => { part.dataset.old = ''; })")
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            yield
        self.page.wait_for_function(
            "() => [...document.querySelectorAll('[data-part]')].some(part => !('old' in part.dataset))"
        )

    def date(self, name: str, day: str) -> None:
        """Reached by keyboard; in which order day, month and year are typed is the browser's own affair."""
        self.to(f'[name="{name}"]')
        self.page.locator(":focus").fill(day)

    def enter_on(self, selector: str, text: str = "") -> None:
        self.to(selector, text)
        self.press("Enter")


def at_the_desk(hall: Hall, username: str, door: str) -> tuple[Visitor, Keys]:
    """Signed in without a mouse."""
    worker = hall.visitor()
    worker.go(f"/sign-in?next={door}")
    keys = Keys(worker.page)
    keys.into("username", username)
    keys.into("password", "Demo-2026-yichuang")
    keys.press("Enter")
    worker.page.wait_for_url(hall.url + door)
    return worker, keys


def test_a_walk_in_is_served_from_intake_to_hand_over_by_keyboard_alone(hall: Hall) -> None:
    person = get_party(Demo().actor("maimaiti").id)
    number = taken_in(hall, person.id_no, str(person.id))
    reviewed(hall, "wangqiang", number)
    decided(hall, "linfang", number)
    hall.work()
    handed_over(hall, number, person.id_no)


def taken_in(hall: Hall, id_no: str, party: str) -> str:
    """李娜: find the person and the item, fill in, file, accept on a promise, then take the papers that were missing."""
    clerk, keys = at_the_desk(hall, "lina", "/counter/")
    page = clerk.page
    keys.press("?")
    assert page.locator("#key-map").is_visible()
    keys.press("Escape")
    keys.press("F4")
    clerk.arrives("**/counter/intake/")
    keys.stands_in("id_no")
    keys.type(id_no)
    keys.press("F8")
    clerk.arrives(f"**/counter/intake/{party}/")
    keys.stands_in("q")
    keys.type("办狗证")
    keys.press("Enter")
    clerk.arrives("**q=*")
    page.wait_for_function(
        "() => document.querySelector('a[data-row]')?.href.includes('yangquan-dengji')"
    )  # not the old list
    keys.enter_on("a[data-row]")
    clerk.arrives("**/yangquan-dengji/*")
    keys.tick("answer:applicant_kind")
    page.wait_for_selector('[name="answer:housing"]')
    keys.tick("answer:housing")
    page.wait_for_selector('[name="/dog/name"]')
    keys.choose("/address/street", 1)
    for name, text in list(FIELDS.items())[:2]:
        keys.into(name, text)
    keys.choose("/dog/breed", 3)
    keys.tick("/dog/sex")
    for name, text in list(FIELDS.items())[2:]:
        keys.into(name, text)
    keys.date("/immunity/date", "2026-01-10")
    keys.date("/immunity/next_due", "2027-01-09")
    keys.tick("/promise")
    for code in ("application_form", "owner_id", "immunity_certificate"):
        keys.tick(f"original:{code}")
    said = page.locator('[data-part="confirm"] button, [data-part="do"] button').evaluate_all(
        "all => all.map((one) => one.value)"
    )
    assert said == ["print", "file", "show", "hand-on"], "each button says what it said before the page was refreshed"
    keys.tick("confirmed")
    clerk.shot("keyboard-01-intake")
    keys.press("F8")
    clerk.arrives("**/counter/cases/*/")
    keys.to('[name="promise_signed"]')
    keys.press("Space")
    keys.press("Shift+F8")
    clerk.sees("已容缺受理", "容缺受理通知书")
    keys.to('a[href*="/counter/documents/"]')
    with page.expect_download() as receipt:
        keys.press("Enter")
    assert receipt.value.suggested_filename.endswith(".pdf")
    keys.press("F6")  # the papers that were to follow are here: originals seen
    for code in ("dog_photos", "property_certificate"):
        keys.to(f'form[action$="/supplement/"] [name="original:{code}"]')
        keys.press("Space")
    keys.enter_on('form[action$="/supplement/"] button')
    clerk.sees("已登记补交的材料")
    clerk.shot("keyboard-02-complete")
    return clerk.address.strip("/").split("/")[-1]


def reviewed(hall: Hall, username: str, number: str) -> None:
    """王强: the task from his list, claimed and agreed to."""
    reviewer, keys = at_the_desk(hall, username, "/office/")
    keys.enter_on("td a", number)
    reviewer.page.wait_for_selector(f'aside h2:has-text("{number}")')
    keys.enter_on('a.btn[href*="/office/cases/"]')
    reviewer.arrives(f"**/office/cases/{number}/")
    keys.enter_on('form[action$="/claim/"] button')
    reviewer.page.wait_for_selector("#f-opinion")
    keys.into("opinion", "材料齐全，同意。")
    keys.enter_on('button[value="agree"]')
    reviewer.page.wait_for_selector("#h-op")


def decided(hall: Hall, username: str, number: str) -> None:
    """林芳 decides."""
    decider, keys = at_the_desk(hall, username, f"/office/cases/{number}/")
    keys.enter_on('button[value="grant"]')
    decider.page.wait_for_selector('section[aria-labelledby="h-op"] .tag:text-is("准予")')


def handed_over(hall: Hall, number: str, id_no: str) -> None:
    """周洁: somebody else's identity is refused and nothing is given; the right person's licence is handed over."""
    issuer, keys = at_the_desk(hall, "zhoujie", "/counter/ready/")
    keys.enter_on("a[data-row]", number)
    issuer.arrives(f"**/{number}/hand-over/")
    keys.type(synthetic.cn_id(Demo().at.date().replace(year=1980), "male", region="440303", nth=7))
    keys.press("F10")
    issuer.sees("身份证件号码与领取人、申请人、代理人均不一致，不能出件")
    issuer.shot("keyboard-03-wrong-person")
    assert issuer.page.locator('form[action$="/hand-over/"]').count() == 1, "nothing was given"
    keys.into("identity", id_no)
    keys.press("F10")
    issuer.sees("已出件，送达回证已生成", "已办结送达")
    issuer.shot("keyboard-04-handed-over")
    issuer.go(f"/counter/cases/{number}/hand-over/")
    issuer.sees("交给")
