"""差一步秒批 on the check page: said where the rules decide alone, never where they only compare, and never to agents."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.cases.at_once import SHOP, form_of
from tests.cases.judged import sha_of

from yichuang.cases.commands.drafts import save_draft
from yichuang.cases.models import RuleSet
from yichuang.catalog.queries import get_pack

CODE = "laonian-youdai"


def shop(demo: Any, **name: str) -> str:
    """张晓's shop that the data confirm, called otherwise."""
    RuleSet.objects.update_or_create(
        item_code=SHOP, sha=sha_of(demo.at, SHOP), defaults={"mode": "alone", "since": demo.at}
    )
    actor, example = demo.actor("zhangxiao"), demo.example(SHOP)
    return str(
        save_draft(
            actor=actor, item_code=SHOP, item_version=get_pack(SHOP, at=demo.at).version, answers=example.answers,
            form=form_of(demo, SHOP, actor, name=name), materials={}, applicant=actor.id, step="check", at=demo.at,
        )
    )  # fmt: skip


def draft(demo: Any, **answers: str) -> str:
    """王秀英's filing for herself, with these answers."""
    actor, example = demo.actor("wangxiuying"), demo.example(CODE)
    papers = {code: [str(demo.upload(actor))] for code in example.materials}
    return str(
        save_draft(
            actor=actor, item_code=CODE, item_version=version(demo), answers={**example.answers, **answers},
            form=example.form, materials=papers, applicant=actor.id, step="check", at=demo.at,
        )
    )  # fmt: skip


def version(demo: Any) -> int:
    return get_pack(CODE, at=demo.at).version


@pytest.fixture
def alone(demo: Any) -> RuleSet:
    row, _ = RuleSet.objects.update_or_create(
        item_code=CODE, sha=sha_of(demo.at, CODE), defaults={"mode": "alone", "since": demo.at}
    )
    return row


def test_the_smallest_change_is_named_with_where_to_make_it(
    demo: Any, alone: RuleSet, signed_in: Callable[..., Client]
) -> None:
    found = draft(demo, card="physical")
    text = signed_in("wangxiuying").get(f"/my/drafts/{found}/step/check").content.decode()
    assert "差一步就能当场办结" in text
    assert "要实体卡，照片需要核对" in text
    assert "选“电子证就可以”" in text
    assert f"/my/drafts/{found}/step/situation" in text
    english = signed_in("wangxiuying", "en").get(f"/my/drafts/{found}/step/check").content.decode()
    assert "One step from a decision on the spot" in english
    assert "choose “The electronic card will do”" in english


def test_nothing_is_said_where_nothing_has_to_change(
    demo: Any, alone: RuleSet, signed_in: Callable[..., Client]
) -> None:
    text = signed_in("wangxiuying").get(f"/my/drafts/{draft(demo)}/step/check").content.decode()
    assert "差一步就能当场办结" not in text


@pytest.mark.parametrize("mode", ["shadow", "off"])
def test_nothing_is_promised_where_the_rules_do_not_decide(
    demo: Any, alone: RuleSet, signed_in: Callable[..., Client], mode: str
) -> None:
    RuleSet.objects.update(mode=mode)
    text = signed_in("wangxiuying").get(f"/my/drafts/{draft(demo, card='physical')}/step/check").content.decode()
    assert "差一步就能当场办结" not in text


def test_a_fact_is_never_proposed_to_be_another(demo: Any, alone: RuleSet, signed_in: Callable[..., Client]) -> None:
    found = draft(demo, card="physical", residence="permit")
    text = signed_in("wangxiuying").get(f"/my/drafts/{found}/step/check").content.decode()
    assert "差一步就能当场办结" not in text


def test_another_name_is_proposed_with_the_words_that_stand_against_it(
    demo: Any, signed_in: Callable[..., Client]
) -> None:
    found = shop(demo, trade="中华晓露")
    text = signed_in("zhangxiao").get(f"/my/drafts/{found}/step/check").content.decode()
    assert "差一步就能当场办结" in text
    assert "换一个。“中华”需要国务院批准才能使用" in text
    assert f'/my/drafts/{found}/step/form-name">名称</a>' in text
    assert "数据一致的当场办结，否则" not in text, "the way that it will surely not take"
    english = signed_in("zhangxiao", "en").get(f"/my/drafts/{found}/step/check").content.decode()
    assert "choose another. “中华” needs the approval of the State Council" in english


def test_the_way_that_it_takes_is_told_with_what_was_entered(demo: Any, signed_in: Callable[..., Client]) -> None:
    text = signed_in("zhangxiao").get(f"/my/drafts/{shop(demo, trade='晨露')}/step/check").content.decode()
    assert "数据一致的当场办结，否则" in text
    assert "差一步就能当场办结" not in text
