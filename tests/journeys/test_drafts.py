"""Nothing typed is lost: reloads, an expired session, the back button, a wrong file; and one may take a filing back."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tests.demo import TUESDAY
from tests.journeys.filings import DOG, DOG_ANSWERS, dog
from tests.journeys.people import Hall, begin, fill_form

from yichuang.cases.models import Case

if TYPE_CHECKING:
    from playwright.sync_api import Route


def test_what_was_typed_survives_a_reload_an_expired_session_and_the_back_button(hall: Hall) -> None:
    owner = hall.person("moshengren", phone=True)
    begin(owner, DOG, DOG_ANSWERS)
    owner.onward()  # the keeper is known from the account
    owner.arrives("**/step/form-address")
    with owner.page.expect_response("**/save") as saved:  # by itself, a moment after the last letter
        owner.fill("/address/detail", "桂园社区桂园路 61 号")
    assert saved.value.ok
    owner.page.locator("#saved", has_text="已保存").wait_for()
    owner.shot("draft-01-saved")
    owner.reload()
    assert owner.page.input_value('[name="/address/detail"]') == "桂园社区桂园路 61 号"

    # an hour and more goes by over the form; the session is over when she presses on
    owner.fill("/address/street", "440303001")
    owner.fill("/address/detail", "桂园社区桂园路 61 号 2 栋 301")
    hall.set_clock(TUESDAY + timedelta(hours=2))
    owner.onward()
    owner.sees("您的登录已过期。")
    owner.shot("draft-02-expired")
    owner.page.fill("#f-username", "moshengren")
    owner.page.fill("#f-password", "Demo-2026-yichuang")
    owner.page.locator("form:has(#f-password) button").click()
    owner.sees("欢迎回来，接着办")
    owner.shot("draft-03-welcome-back")
    owner.press("继续提交")
    owner.arrives("**/step/form-dog")
    for _ in range(2):  # past "go on" and past signing in: neither asks to send anything again
        owner.page.go_back()
        owner.arrives("**/step/form-address*")
        assert owner.page.input_value('[name="/address/detail"]') == "桂园社区桂园路 61 号 2 栋 301"
    owner.onward()
    owner.arrives("**/step/form-dog")

    owner.fill("/dog/name", "豆豆")
    owner.press("保存并退出")
    owner.arrives("**/my/cases")
    owner.sees("已保存，随时可以回来接着填")
    owner.follow("接着填")
    owner.arrives("**/step/form-dog*")
    assert owner.page.input_value('[name="/dog/name"]') == "豆豆"

    # the browser's own back button, and the page's
    owner.follow("上一步")
    owner.arrives("**/step/form-address*")
    assert owner.page.input_value('[name="/address/detail"]') == "桂园社区桂园路 61 号 2 栋 301"
    owner.onward()
    owner.arrives("**/step/form-dog*")
    owner.page.go_back()
    owner.arrives("**/step/form-address*")
    assert owner.page.input_value('[name="/address/detail"]') == "桂园社区桂园路 61 号 2 栋 301"
    owner.page.go_forward()
    assert owner.page.input_value('[name="/dog/name"]') == "豆豆"
    owner.go("/my/cases")
    owner.follow("删除")
    owner.press("删除草稿")
    owner.sees("草稿已删除")


def test_an_upload_shows_how_far_it_is_and_a_wrong_file_is_told_in_plain_words(
    hall: Hall, photo: Path, tmp_path: Path
) -> None:
    owner = hall.person("moshengren", phone=True)
    begin(owner, DOG, DOG_ANSWERS)
    fill_form(owner, dog(62))
    box = owner.page.locator('[data-name="/materials/owner_id"]')
    held: list[Route] = []
    owner.page.route("**/papers/owner_id", lambda route: held.append(route))  # a slow line
    box.locator("input[type=file]").set_input_files(photo)
    box.locator("progress").wait_for()
    owner.sees("正在上传")
    owner.shot("upload-01-progress")
    held[0].continue_()
    box.locator(".file-list li").wait_for()
    assert box.locator("progress").count() == 0
    owner.page.unroute("**/papers/owner_id")

    wrong = tmp_path / "身份证.jpg"
    wrong.write_text("这不是照片", encoding="utf-8")
    box.locator("input[type=file]").set_input_files(wrong)
    box.locator(".field-error").wait_for()
    assert box.locator(".field-error").inner_text().count("身份证.jpg") == 1
    owner.shot("upload-02-wrong")
    assert box.locator(".file-list li").count() == 1, "the good one stays"
    big = tmp_path / "很大.jpg"
    with big.open("wb") as file:
        file.truncate(21 * 1024 * 1024)
    box.locator("input[type=file]").set_input_files(big)
    box.locator(".field-error", has_text="20 MB").wait_for()
    owner.reload()
    assert box.locator(".file-list li").count() == 1


def test_one_may_take_a_filing_back(hall: Hall, photo: Path) -> None:
    owner = hall.person("moshengren", phone=True)
    begin(owner, DOG, DOG_ANSWERS)
    fill_form(owner, dog(63))
    for paper in ("owner_id", "immunity_certificate"):
        owner.upload(paper, photo)
    owner.onward()
    owner.onward()
    owner.arrives("**/receipt")
    number = owner.page.locator("main .num.big").first.inner_text().strip()
    clerk = hall.person("lina", to=f"/counter/cases/{number}/")
    owner.go(f"/my/cases/{number}")
    owner.follow("撤回申请")
    owner.page.locator("[name=reason]").fill("狗送人了")
    owner.shot("withdraw-01")
    owner.press("确认撤回")
    owner.sees("申请已撤回", "已撤回", "撤回申请书")
    owner.shot("withdraw-02")
    assert owner.page.get_by_role("link", name="撤回申请", exact=True).count() == 0
    clerk.page.locator("[data-check-all]").click()
    clerk.press("受理", within=".sticky-do")
    clerk.sees("撤回申请")
    assert Case.objects.get(number=number).state == "WITHDRAWN"
