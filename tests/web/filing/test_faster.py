"""差一步秒批 on the check page: said where the rules decide alone, never where they only compare, and never to agents."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.cases.judged import sha_of

from yichuang.cases.commands.drafts import save_draft
from yichuang.cases.models import RuleSet

CODE = "laonian-youdai"


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
    from yichuang.catalog.queries import get_pack

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
