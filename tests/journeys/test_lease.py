"""张㛃 lets her flat: filed online, a paper follows from a phone, two departments look at it, anyone can verify the result."""

import base64
import subprocess
from pathlib import Path

from tests.journeys import qr
from tests.journeys.filings import LEASE, LEASE_ANSWERS, lease
from tests.journeys.people import Hall, Visitor, check_all, fill_form, open_case, submit


def test_a_lease_filed_online_with_a_paper_to_follow_ends_as_a_certificate_that_anyone_can_verify(
    hall: Hall, photo: Path, tmp_path: Path
) -> None:
    # she finds the item by the words people use, and files without the lessee's papers
    owner = hall.person("zhangjie")
    owner.page.locator("input[name=q]").fill("租房备案")
    owner.press("搜索")
    owner.follow("房屋租赁登记备案")
    owner.arrives(f"**/items/{LEASE}")
    owner.shot("lease-01-guide")
    owner.follow("开始办理")
    owner.onward()
    for name, value in LEASE_ANSWERS.items():
        owner.fill(f"/{name}", value)
    owner.onward()
    owner.arrives("**/step/form-*")
    fill_form(owner, lease(1))
    owner.arrives("**/step/materials")
    owner.shot("lease-02-materials")
    number = submit(owner, {"lease_contract": photo, "ownership_certificate": photo, "lessor_id": photo})
    owner.shot("lease-03-receipt")

    # the clerk of her street finds one secondary paper missing: accepted on her signed promise
    clerk = hall.person("zhaomin", to="/counter/")
    open_case(clerk, number)
    check_all(clerk)
    clerk.sees("容缺受理承诺书", "承租人身份证明")
    clerk.shot("lease-04-counter")
    clerk.page.check("#f-promise_signed")
    clerk.press("容缺受理", within=".sticky-do")
    clerk.sees("已容缺受理", "容缺受理通知书")
    clerk.shot("lease-05-accepted")

    # she asks for a code; her lessee photographs the paper on his own phone, without an account
    owner.go(f"/my/cases/{number}")
    owner.sees("容缺受理")
    owner.shot("lease-06-asked")
    owner.follow("换手机或请别人拍")
    owner.onward()
    code = owner.page.locator("main .num.big").inner_text().strip()
    owner.shot("lease-07-code")
    lessee = hall.visitor(phone=True)
    lessee.go("/")
    lessee.follow("凭补交码补交材料")
    lessee.page.fill("#f-code", code.lower())
    lessee.onward()
    lessee.arrives(f"**/s/{code}")
    lessee.sees("承租人身份证明")
    assert "张㛃" not in lessee.page.content()
    assert number not in lessee.page.content()
    lessee.upload("lessee_ids", photo)
    lessee.shot("lease-08-phone")
    lessee.onward()
    lessee.sees("已收到，谢谢")
    lessee.shot("lease-09-phone-done")
    lessee.go(f"/my/cases/{number}")
    assert lessee.page.locator("#f-password").count() == 1, "the code opens nothing else"

    # housing bureau and police look at it side by side; each sees only its own task to do
    house, people = hall.person("zhengkai", to="/office/"), hall.person("gaofeng", to="/office/")
    for reviewer, name in ((house, "house"), (people, "people")):
        reviewer.go("/office/")
        reviewer.follow(number)
        reviewer.follow("打开办理")
        reviewer.press("领取任务")
        reviewer.page.locator("#f-opinion").fill("材料齐全，同意。")
        reviewer.shot(f"lease-10-{name}")
    decider = hall.person("fengxue", to=f"/office/cases/{number}/")
    assert decider.page.locator("button[value=grant]").count() == 0
    people.press("同意", exact=True)
    people.page.locator("#h-op").wait_for()
    decider.reload()
    assert decider.page.locator("button[value=grant]").count() == 0, "one department is still at it"
    house.press("同意", exact=True)
    house.page.locator("#h-op").wait_for()

    # the bureau records the lease; the certificate is made with no page open
    decider.reload()
    decider.shot("lease-11-decide")
    decider.press("准予", exact=True)
    decider.sees("准予")
    decider.shot("lease-12-decided")
    hall.work()
    owner.go(f"/my/cases/{number}")
    owner.sees("房屋租赁登记备案证明", "有效")
    owner.shot("lease-13-certificate")
    paper = owner.download("下载电子证照", tmp_path)

    # anybody reads the square on the printed page with a phone
    subprocess.run(["pdftoppm", "-r", "200", "-gray", "-png", str(paper), str(tmp_path / "page")], check=True)
    printed = sorted(tmp_path.glob("page*.png"))[0]
    address = qr.read(printed)
    assert address.startswith(f"{hall.url}/verify/")
    anybody = hall.visitor(phone=True)
    anybody.go(address)
    verdict = anybody.page.locator("#verdict")
    assert verdict.get_attribute("data-verdict") == "valid"
    anybody.sees("房屋租赁登记备案证明")
    assert "张㛃" not in anybody.page.content()
    anybody.shot("lease-14-valid")

    # the file itself is valid; with one figure changed it is not
    _drop(anybody, paper.read_bytes())
    assert verdict.get_attribute("data-verdict") == "valid"
    changed = bytearray(paper.read_bytes())
    changed[len(changed) // 2] ^= 1
    _drop(anybody, bytes(changed))
    assert verdict.get_attribute("data-verdict") == "altered"
    anybody.shot("lease-15-altered")


def _drop(visitor: Visitor, content: bytes) -> None:
    """Drag a file onto the field, as from a file manager, and press the button."""
    visitor.page.goto("/verify")
    transfer = visitor.page.evaluate_handle(
        """(data) => { const t = new DataTransfer();
            t.items.add(new File([Uint8Array.from(atob(data), c => c.charCodeAt(0))], "证明.pdf", {type: "application/pdf"}));
            return t; }""",
        base64.b64encode(content).decode(),
    )
    visitor.page.dispatch_event("[data-drop]", "drop", {"dataTransfer": transfer})
    visitor.press("验证文件")
    visitor.page.locator("#verdict").wait_for()
