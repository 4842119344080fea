"""我的账号 and 我的消息."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from yichuang.core.clock import now
from yichuang.notices.commands import send
from yichuang.notices.queries import list_outbox
from yichuang.notices.values import Address
from yichuang.people.queries import get_party
from yichuang.webkit.messages import chinese_in

pytestmark = pytest.mark.demo
MAIL = "xiao.zhang@example.com"


def page(browser: Client, path: str = "/my/account") -> str:
    return browser.get(path).content.decode()


def test_an_address_is_given_proved_and_removed(signed_in: Callable[..., Client], demo: Any) -> None:
    zhang = demo.actor("zhangxiao")
    browser = signed_in("zhangxiao")
    assert "没有登记" in page(browser)
    answer = browser.post("/my/account", {"step": "send", "email": MAIL})
    assert "验证码已发到" in answer.content.decode()
    code = re.search(r"\d{6}", next(m.body for m in list_outbox().items if m.template == "email_code"))
    assert code
    wrong = browser.post("/my/account", {"step": "code", "email": MAIL, "code": "12"})
    assert wrong.status_code == 422
    assert 'name="code"' in wrong.content.decode()
    assert get_party(zhang.id).email == ""
    done = browser.post("/my/account", {"step": "code", "email": MAIL, "code": code.group()})
    assert (done.status_code, done.headers["Location"]) == (302, "/my/account")
    text = page(browser)
    assert "x***@example.com" in text
    assert MAIL not in text
    browser.post("/my/account", {"step": "remove"})
    assert "没有登记" in page(browser)


@pytest.mark.parametrize("email", ["", "nobody", "<script>@x.cn"])
def test_what_is_no_address_comes_back_with_words_at_its_field(
    signed_in: Callable[..., Client], demo: Any, email: str
) -> None:
    answer = signed_in("zhangxiao").post("/my/account", {"step": "send", "email": email})
    assert answer.status_code == 422
    assert "请输入完整的电子邮箱地址" in answer.content.decode()
    assert "<script>@" not in answer.content.decode()


def test_everybody_reads_their_own_messages_staff_too(signed_in: Callable[..., Client], demo: Any) -> None:
    told = {"template": "case_withdrawn", "values": {"item": "养犬登记", "number": "NUMBER-1", "rate": ""}, "at": now()}
    for who in ("zhangxiao", "lina"):
        send(address=Address("inbox", party=demo.actor(who).id), locale="zh-hans", **told)
    for who in ("zhangxiao", "lina"):
        assert "NUMBER-1" in page(signed_in(who), "/my/messages")
    assert "NUMBER-1" not in page(signed_in("moshengren"), "/my/messages")
    assert 'href="/my/messages"' in page(signed_in("lina"), "/counter/")
    assert 'href="/counter/"' in page(signed_in("lina"), "/my/messages")  # and back to work


def test_the_messages_turn_their_pages(signed_in: Callable[..., Client], demo: Any) -> None:
    at = now()
    for n in range(22):
        send(
            address=Address("inbox", party=demo.actor("zhangxiao").id), locale="en", template="case_withdrawn",
            values={"item": "dog", "number": f"[{n}]", "rate": ""}, at=at + timedelta(seconds=n),
        )  # fmt: skip
    browser = signed_in("zhangxiao", "en")
    first = page(browser, "/my/messages")
    following = re.search(r'href="(/my/messages\?cursor=[^"]+)"', first)
    assert following
    second = page(browser, following.group(1).replace("&amp;", "&"))
    assert "[21]" in first
    assert "[1]" not in first
    assert "[1]" in second
    assert 'href="/my/messages"' in second
    assert chinese_in(page(browser).replace(">张*<", "><")) == []  # a name stays as it is
