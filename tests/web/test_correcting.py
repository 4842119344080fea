"""更正 over HTTP: everything that is missing is told at once, each beside its field."""

import re

import pytest
from django.test import Client

from yichuang.core.clock import fixed
from yichuang.people.cast import PASSWORD

pytestmark = pytest.mark.demo


@pytest.mark.parametrize(("locale", "words"), [("zh-CN", ("请选择哪一项写错了", "请写明正确的内容", "请写明错在哪里")), ("en", ("Choose which value is wrong", "Say what would be right", "Say why it is a clerical error"))])  # fmt: skip
def test_a_correction_with_nothing_in_it_names_each_field(demo, locale, words):
    number = demo.file(demo.actor("zhangxiao")).number
    client = Client(headers={"accept-language": locale})
    with fixed(demo.at):
        client.post("/sign-in", {"username": "zhangxiao", "password": PASSWORD})
        answer = client.post(f"/my/cases/{number}/correct", {"target": "", "new": "", "reason": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    for field, said in zip(("target", "new", "reason"), words, strict=True):
        assert re.search(rf'href="#f-{field}"[^>]*>[^<]*{said}', page), "in the summary"
        assert re.search(rf'id="f-{field}-error">.*?{said}', page), "beside the field"
        assert re.search(rf'id="f-{field}"[^>]* aria-invalid="true"', page)
