"""What a page asks of whoever opens it: one main button, drafts that can be told apart, clocks by name, a way back."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest import mock

import pytest
from django.test import Client

from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.drafts import save_draft
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.commands.promise import offer_promise
from yichuang.cases.queries import certificate_page
from yichuang.cases.rules import clock
from yichuang.catalog.queries import get_pack
from yichuang.core.jobs import run_waiting
from yichuang.core.words import YES_NO, W
from yichuang.registry import queries as registry
from yichuang.webkit.languages import ELDER_COOKIE
from yichuang.webkit.menu import workplaces

DOG = "yangquan-dengji"
MAIN = ("owner_id", "immunity_certificate")
SignIn = Callable[..., Client]


def page_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def filed(demo: Any, **more: Any) -> Any:
    return demo.file(demo.actor("zhangxiao"), **more)


def asked(demo: Any) -> str:
    receipt = filed(demo, materials=MAIN)
    notify_gaps(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    return str(receipt.number)


def offered(demo: Any) -> str:
    receipt = filed(demo, materials=MAIN)
    offer_promise(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    return str(receipt.number)


def ready(demo: Any) -> str:
    receipt = filed(demo)
    head = accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    decide_case(
        actor=demo.actor("chengang"),
        number=receipt.number,
        version=head.version,
        outcome="grant",
        reasons="",
        at=demo.at,
    )
    run_waiting()
    return str(receipt.number)


@pytest.mark.parametrize(
    ("bring", "in_the_list", "on_the_page"),
    [(asked, "去补交材料", "补交"), (offered, "去看承诺书", "阅读并签署承诺书"), (ready, "去领取", "生成取件码")],
)
def test_what_waits_for_me_says_what_to_do_in_the_list_and_first_on_its_page(
    demo: Any, signed_in: SignIn, bring: Callable[[Any], str], in_the_list: str, on_the_page: str
) -> None:
    number = bring(demo)
    mine = signed_in("zhangxiao")
    for path in ("/my/cases", "/"):
        assert in_the_list in page_of(mine, path)
    case = page_of(mine, f"/my/cases/{number}")
    main = re.findall(r'class="btn btn-primary btn-main"[^>]*>(.*?)</(?:a|button)>', case, re.DOTALL)
    assert len(main) == 1
    assert on_the_page in main[0]


def test_what_does_not_wait_for_me_has_no_button(demo: Any, signed_in: SignIn) -> None:
    filed(demo)
    assert "btn-primary" not in page_of(signed_in("zhangxiao"), "/my/cases")


@pytest.fixture
def drafts(demo: Any) -> list[Any]:
    """One for 张晓 at the second page of the form, one for the child at the papers."""
    zhang, item = demo.actor("zhangxiao"), get_pack(DOG, at=demo.at)
    child = next(iter(zhang.represents))
    return [
        save_draft(
            actor=zhang, item_code=DOG, item_version=item.version, answers=demo.example(DOG).answers, form={},
            materials={}, applicant=whose, step=step, at=demo.at,
        )
        for whose, step in ((zhang.id, "form-dog"), (child, "materials"))
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["/my/cases", "/", f"/file/{DOG}"])
def test_drafts_say_for_whom_and_how_far(drafts: list[Any], signed_in: SignIn, path: str) -> None:
    page = page_of(signed_in("zhangxiao"), path)
    assert page.count("为 张小满 申请") == 1
    assert "第 4 步，共 8 步" in page
    assert "：犬只" in page
    assert "第 7 步，共 8 步" in page
    assert "：上传材料" in page


def test_a_draft_of_an_item_that_is_gone_can_only_be_thrown_away(
    drafts: list[Any], signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yichuang.core.refusals import NotFound

    def gone(*_: Any, **__: Any) -> None:
        raise NotFound(W("事项", "item"))

    monkeypatch.setattr("yichuang.catalog.queries.get_pack", gone)
    mine = signed_in("zhangxiao")
    page = page_of(mine, "/my/cases")
    assert "这个事项已经不能申请" in page
    assert f"/my/drafts/{drafts[0]}/discard" in page
    assert f'href="/my/drafts/{drafts[0]}"' not in page
    assert "不删，回到我的办件" in page_of(mine, f"/my/drafts/{drafts[0]}/discard")
    assert mine.post(f"/my/drafts/{drafts[0]}/discard").status_code == 302
    assert page_of(mine, "/my/cases").count("这个事项已经不能申请") == 1


def test_the_clock_on_the_case_page_has_its_name_and_each_says_what_it_means(demo: Any, signed_in: SignIn) -> None:
    receipt, mine = filed(demo), signed_in("zhangxiao")
    assert "答复期限：" in page_of(mine, f"/my/cases/{receipt.number}")
    accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    assert "承诺办结时限：" in page_of(mine, f"/my/cases/{receipt.number}")
    page = page_of(mine, f"/my/cases/{receipt.number}/clock")
    for name in (clock.ANSWER, clock.PROMISED, clock.LEGAL):
        assert name.zh in page
        assert clock.MEANS[name].zh in page
    english = page_of(signed_in("zhangxiao", "en-GB"), f"/my/cases/{receipt.number}/clock")
    assert clock.MEANS[clock.LEGAL].en in english


def test_a_yes_or_no_on_a_certificate_is_read_as_one(demo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    number = ready(demo)
    row = registry.list_held([demo.actor("zhangxiao").id]).items[0]
    said = {**row.data, "sterilised": False, "spayed": True, "rooms": ["一", "二"]}
    labels = {**row.labels, "sterilised": "已绝育", "spayed": "已结扎", "rooms": "房间"}
    monkeypatch.setattr(registry, "find_certificate", lambda _: replace(row, data=said, labels=labels))
    page = certificate_page(demo.actor("zhangxiao"), row.id, at=demo.at)
    told = {label.zh: value for label, value in page.fields}
    assert page.case_number == number
    assert (told["已绝育"], told["已结扎"], told["房间"]) == (YES_NO[False], YES_NO[True], W("一、二", "一, 二"))


def test_of_two_proofs_none_is_called_optional(demo: Any, signed_in: SignIn) -> None:
    page = page_of(signed_in("zhangxiao"), f"/my/cases/{offered(demo)}/promise")
    assert "必须填其中一样" in page
    assert "（选填）" not in page


@pytest.mark.parametrize(("path", "status"), [("/my/cases", 403), ("/password", 200), ("/nothing", 404)])
@pytest.mark.parametrize(
    ("username", "desk"), [("lina", "/counter/"), ("wangqiang", "/office/"), ("shilei", "/console/")]
)
def test_staff_find_the_way_back_to_their_desk(
    demo: Any, signed_in: SignIn, username: str, desk: str, path: str, status: int
) -> None:
    page = page_of(signed_in(username), path, status)
    menu = re.search(r'<nav class="staff-nav".*?</nav>', page, re.DOTALL)
    assert menu
    assert f'href="{desk}"' in menu[0]
    if status != 200:
        assert f'<a class="btn btn-primary" href="{desk}">回到工作台</a>' in page


def test_staff_who_read_a_guide_find_the_way_back_too(demo: Any, signed_in: SignIn) -> None:
    assert '<a class="btn btn-quiet desk-way" href="/counter/">' in page_of(signed_in("lina"), f"/items/{DOG}")
    assert "回到工作台" not in page_of(signed_in("zhangxiao"), f"/items/{DOG}")


def test_only_staff_have_a_workplace(demo: Any) -> None:
    assert workplaces(demo.actor("zhangxiao")) == []
    assert [line[0] for line in workplaces(demo.actor("lina"))] == ["counter:desk"]


def test_a_page_that_broke_is_in_large_type_too(client: Client) -> None:
    client.cookies[ELDER_COOKIE] = "1"
    client.raise_request_exception = False
    with mock.patch("yichuang.web.portal.views_account.render", side_effect=ZeroDivisionError):
        answer = client.get("/help")
    assert answer.status_code == 500
    assert '<body class="citizen elder">' in answer.content.decode()
