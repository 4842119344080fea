"""一件事套餐 on the console: checked, compared, published and withdrawn by two; what was filed goes on."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.bundles.driver import fates, grant
from tests.bundles.filings import COMPANY, HOME, file, filing
from tests.packs_aside import change, copied

from yichuang.bundles.commands.drafts import begin_draft
from yichuang.bundles.commands.file_bundle import file_bundle
from yichuang.bundles.commands.publish import publish_package, withdraw_package
from yichuang.bundles.packages import newest
from yichuang.bundles.queries import list_packages, package_shelf_line
from yichuang.bundles.rules.compare import changes
from yichuang.core import ledger
from yichuang.core.actors import SYSTEM
from yichuang.core.refusals import NotFound, Refused
from yichuang.people.cast import PASSWORD

PATH = f"/console/packages/{COMPANY}/"


@pytest.fixture
def packs(settings: Any, tmp_path: Any) -> Any:
    settings.YICHUANG_PACKS = [copied(tmp_path)]
    return settings.YICHUANG_PACKS[0]


@pytest.fixture
def editor(desk: Callable[..., Any], packs: Any) -> Any:
    return desk("wuqian")


def digest_on(page: str) -> str:
    return page.split('name="digest" value="')[1].split('"')[0]


def test_the_list_tells_what_the_folders_hold(editor: Any) -> None:
    page = editor.get("/console/packages/")
    for words in ("企业开办一件事", "有新版待发布", "与发布的一致", "内容已改，版本号未加 1"):
        assert words in page


def test_every_fault_stands_there_and_nothing_can_be_published(editor: Any) -> None:
    page = editor.get(f"/console/packages/{HOME}/")
    assert "没有“titel”这一项" in page
    assert 'name="digest"' not in page


def test_a_new_version_is_compared_and_published_by_two(editor: Any, desk: Callable[..., Any], demo: Any) -> None:
    page, now = editor.get(PATH), newest(COMPANY)[1].version
    for words in (
        "没有错误",
        "等齐后一次领取",
        "办成一项领一项",
        "银行预约开户",
        "预约银行账户",
        f"发布第 {now + 1} 版",
    ):
        assert words in page
    asked = editor.asks(PATH, act="publish", digest=digest_on(page), version=str(now + 1))
    assert newest(COMPANY)[1].version == now, "not before a second editor confirms"
    other = desk("wuyue")
    assert "领取方式" in other.get(asked)
    assert other.confirms(asked).status_code == 302
    assert newest(COMPANY)[1].version == now + 1
    assert f"发布第 {now + 1} 版（吴*提出，另一人复核）" in editor.get(PATH)
    version = package_shelf_line(demo.actor("wuqian"), COMPANY).versions[0]
    assert [entry.act for entry in ledger.list_entries(ledger.Subject("package", version.id))] == ["publish_package"]


def test_content_that_nobody_has_read_is_not_published(editor: Any, packs: Any) -> None:
    page = editor.get(PATH)
    change(packs / "bundles" / COMPANY / "bundle.yaml", "minutes: 240", "minutes: 300")
    answer = editor.post(PATH, act="publish", digest=digest_on(page), version="3")
    assert answer.status_code == 409
    assert "文件夹的内容在您打开页面之后有变化" in answer.content.decode()


def test_one_editor_alone_publishes_and_withdraws_nothing(demo: Any, packs: Any) -> None:
    wu = demo.actor("wuqian")
    with pytest.raises(Refused) as publishing:
        publish_package(folder=packs / "bundles" / COMPANY, actor=wu, at=demo.at)
    with pytest.raises(Refused) as withdrawing:
        withdraw_package(code=COMPANY, actor=wu, at=demo.at)
    for refused in (publishing, withdrawing):
        assert {reason.code for reason in refused.value.reasons} == {"SECOND_NEEDED"}
    with pytest.raises(Refused) as stranger:
        withdraw_package(code=COMPANY, actor=demo.actor("lina"), at=demo.at)
    assert stranger.value.kind == "forbidden"


def test_what_is_withdrawn_takes_nothing_new_and_what_was_filed_goes_on(
    editor: Any, desk: Callable[..., Any], demo: Any
) -> None:
    receipt = file(demo, COMPANY)
    zhang, wanted = demo.actor("zhangxiao"), filing(demo, COMPANY)
    draft = begin_draft(actor=zhang, package=newest(COMPANY)[0], applicant=zhang.id, form={}, at=demo.at)
    asked = editor.asks(PATH, act="withdraw")
    assert desk("wuyue").confirms(asked).status_code == 302
    assert COMPANY not in {row.code for row in list_packages()}
    with pytest.raises(Refused) as gone:
        file_bundle(actor=zhang, filing=wanted, key="later", at=demo.at)
    assert (gone.value.kind, gone.value.reasons[0].code) == ("gone", "PACKAGE_GONE")
    grant(demo, receipt, "licence")
    assert fates(receipt)["licence"] == "granted"
    browser = Client(headers={"accept-language": "zh-CN"})
    browser.post("/sign-in", {"username": "zhangxiao", "password": PASSWORD})
    answer = browser.get(f"/packages/{COMPANY}")
    assert answer.status_code == 410
    assert "“企业开办一件事”已下线" in answer.content.decode()
    assert browser.get(f"/my/packages/drafts/{draft}").status_code == 410
    assert "接着填" in browser.get("/my/packages").content.decode()
    assert browser.post(f"/my/packages/drafts/{draft}/discard").status_code == 302
    with pytest.raises(NotFound):
        withdraw_package(code=COMPANY, actor=SYSTEM, at=demo.at)


def test_a_higher_version_brings_a_withdrawn_package_back(demo: Any, packs: Any) -> None:
    now = newest(COMPANY)[1].version
    withdraw_package(code=COMPANY, actor=SYSTEM, at=demo.at)
    assert publish_package(folder=packs / "bundles" / COMPANY, actor=SYSTEM, at=demo.at)
    assert newest(COMPANY)[1].version == now + 1


def test_no_difference_between_versions_is_left_out(demo: Any) -> None:
    _, old = newest(COMPANY)
    assert changes(old, old) == ()
    _, other = newest(HOME)
    named = {change.part.zh for change in changes(old, other)}
    assert {"名称", "说明", "承诺时间", "领取方式", "事项", "共用栏目", "共用问题", "共用材料", "流程"} <= named
