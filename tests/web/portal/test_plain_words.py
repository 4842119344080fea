"""Pages say a thing once, and by its name."""

from collections.abc import Callable
from typing import Any

from django.template import engines
from django.test import Client

from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.pages import FollowUpRow
from yichuang.cases.rules import follow
from yichuang.catalog.values import FOLLOW_UP_WORDS
from yichuang.core.clock import fixed
from yichuang.core.words import Words
from yichuang.registry.queries import list_held

DOG = "yangquan-dengji"


def follow_ups(**why_not: tuple[Words, ...]) -> str:
    rows = [FollowUpRow(kind, FOLLOW_UP_WORDS[kind], "x", "440303", why) for kind, why in why_not.items()]
    template = engines["jinja2"].from_string(
        '{% from "portal/follow_ups.html" import follow_buttons with context %}{{ follow_buttons(rows) }}'
    )
    return str(template.render({"rows": rows}))


def test_a_reason_that_bars_everything_is_told_once() -> None:
    over = follow.NOT_IN_FORCE.format(state="已注销")
    shown = follow_ups(change=(over,), renew=(over,), replace=(over,))
    assert shown.count("已注销") == 1
    assert "变更：" not in shown


def test_what_is_barred_for_one_reason_stands_together_beside_what_is_open() -> None:
    running, early = (Words("正在办理", "Under way"),), (Words("最早明年", "Next year"),)
    shown = follow_ups(change=running, renew=early, replace=running)
    assert shown.count("正在办理") == 1
    assert "变更、补发：正在办理" in shown
    assert "延续：最早明年" in shown
    assert "申请补发" in follow_ups(change=running, renew=early, replace=())
    both = follow_ups(change=running, renew=(*running, *early), replace=running)
    assert both.count("正在办理") == 1
    assert "延续：最早明年" in both


def test_a_certificate_says_its_fields_in_english_too(signed_in: Callable[..., Client], demo: Any) -> None:
    with fixed(demo.at):
        receipt = demo.file(
            demo.actor("jiye"), form={"dog": {**demo.example(DOG).form["dog"], "chip": "999000000000778"}}
        )
        of = {"number": receipt.number, "at": demo.at}
        head = accept_case(actor=demo.actor("lina"), version=receipt.version, findings={}, **of)
        decide_case(actor=demo.actor("chengang"), version=head.version, outcome="grant", reasons="", **of)
        certificate = list_held([demo.actor("jiye").id]).items[0].id
    page = signed_in("jiye", "en").get(f"/my/certificates/{certificate}/about").content.decode()
    assert "<dt>Chip" in page
    assert "芯片号" not in page


def test_the_applicant_reads_the_name_of_the_street_not_its_code(signed_in: Callable[..., Client], demo: Any) -> None:
    number = demo.file(demo.actor("zhangxiao")).number
    page = signed_in("zhangxiao").get(f"/my/cases/{number}").content.decode()
    assert "桂园街道" in page
    assert "440303001" not in page
