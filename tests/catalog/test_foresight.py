"""差一步秒批: what stands in the way before anything is filed, from what was typed alone; and the smallest change."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from yichuang.catalog.foresight import best_of, foresee, sure_doubts
from yichuang.catalog.packs.folder import load_files, read_folder
from yichuang.catalog.values import Pack

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
PACKS = Path(__file__).resolve().parents[2] / "packs"
FACTS: dict[str, Any] = {"channel": "portal", "certificates": (), "follow_up": "new", "cards": 0, "same_sound": 0}
TABLED = sorted(path.parent for path in PACKS.glob("*/*/decision.dmn"))


def pack_of(code: str) -> Pack:
    files, _ = read_folder(next(PACKS.glob(f"*/{code}")))
    pack = load_files(files, check=False).pack
    assert pack is not None
    return pack


@pytest.fixture(scope="module")
def card() -> Pack:
    return pack_of("laonian-youdai")


def filed(pack: Pack) -> tuple[dict[str, Any], dict[str, Any], tuple[str, ...]]:
    """Answers, form and papers of a worked example that the table approves."""
    assert pack.decision is not None
    example = next(one for one in pack.decision.examples if one.expect == "approve")
    return dict(example.answers), dict(example.form), tuple(example.materials)


@pytest.mark.parametrize("folder", TABLED, ids=lambda path: path.name)
def test_what_the_table_approves_in_its_examples_stands_in_nobodys_way_beforehand(folder: Path) -> None:
    pack = pack_of(folder.name)
    assert pack.decision is not None
    one = next(one for one in pack.decision.examples if one.expect == "approve")
    assert sure_doubts(pack, one.answers, one.form, FACTS, one.materials, at=one.applied_at) == ()


@pytest.mark.parametrize("folder", TABLED, ids=lambda path: path.name)
def test_what_registers_would_say_never_shows(folder: Path) -> None:
    """The foresight of every example is made of what was typed: with other answers of registers it is the same."""
    pack = pack_of(folder.name)
    assert pack.decision is not None
    for one in pack.decision.examples:
        said = {
            sure_doubts(pack, one.answers, one.form, {**FACTS, **facts}, one.materials, at=one.applied_at)
            for facts in ({}, {"cards": 3}, {"same_sound": 1}, {"registrations": 1}, {"licences": 2})
        }
        assert len(said) == 1
        assert one.because is None or set(said.pop()) <= set(one.because), "only what the table itself would say"


def test_a_plastic_card_stands_in_the_way_and_the_electronic_one_does_not(card: Pack) -> None:
    answers, form, materials = filed(card)
    found = foresee(card, {**answers, "card": "physical"}, form, FACTS, materials, at=AT)
    assert found is not None
    assert [words.zh for words in found.doubts] == ["要实体卡，照片需要核对"]
    assert [(one.question, one.value) for one in found.changes] == [("card", "electronic")]
    assert not found.ready


def test_two_changes_where_one_is_not_enough(card: Pack) -> None:
    answers, form, materials = filed(card)
    found = foresee(card, {**answers, "card": "physical", "who": "agent"}, form, FACTS, materials, at=AT)
    assert found is not None
    assert {(one.question, one.value) for one in found.changes} == {("card", "electronic"), ("who", "self")}


def test_facts_are_never_proposed_to_be_changed(card: Pack) -> None:
    answers, form, materials = filed(card)
    assert foresee(card, {**answers, "residence": "permit"}, form, FACTS, materials, at=AT) is None
    assert foresee(card, {**answers, "request": "renew"}, form, FACTS, materials, at=AT) is None


def test_nothing_has_to_change_where_the_rules_may_approve(card: Pack) -> None:
    answers, form, materials = filed(card)
    found = foresee(card, answers, form, FACTS, materials, at=AT)
    assert found is not None
    assert found.ready


def test_where_a_paper_has_to_be_read_no_change_is_proposed() -> None:
    pack = pack_of("laonian-youdai")
    answers, form, materials = filed(pack)
    assert pack.decision is not None
    unread = replace(pack, decision=replace(pack.decision, papers={}))
    agent = {**answers, "who": "agent"}
    assert foresee(pack, agent, form, FACTS, materials, at=AT) is not None
    assert foresee(unread, agent, form, FACTS, materials, at=AT) is None


def test_an_item_that_people_decide_has_no_faster_way() -> None:
    pack = pack_of("yangquan-dengji")
    example = pack.examples[0]
    assert foresee(pack, example.answers, example.form, FACTS, (), at=AT) is None


UNTAKEN: dict[str, Any] = {**FACTS, "same_name": 0}


def shop_named(trade: str, **answers: str) -> tuple[Pack, dict[str, Any], dict[str, Any], tuple[str, ...]]:
    """张晓's shop under another name."""
    pack = pack_of("getihu-sheli")
    given, form, papers = filed(pack)
    return pack, {**given, **answers}, {**form, "name": {**form["name"], "trade": trade}}, papers


def test_another_name_is_the_smallest_change_where_the_words_of_the_name_are_in_the_way() -> None:
    pack, answers, form, papers = shop_named("中华晓")
    found = foresee(pack, answers, form, UNTAKEN, papers, at=AT)
    assert found is not None
    assert not found.ready
    assert found.changes == ()
    assert [(one.group, one.label.zh) for one in found.names] == [("/name", "名称")]
    assert "“中华”" in found.names[0].why.zh
    assert "“中华”" in found.names[0].why.en
    assert [words.zh for words in found.doubts] == ["名称用字需要登记机关判断"]


def test_a_name_and_an_answer_may_have_to_be_others_together() -> None:
    pack, answers, form, papers = shop_named("中华晓", agent="yes")
    found = foresee(pack, answers, form, UNTAKEN, papers, at=AT)
    assert found is not None
    assert (len(found.names), len(found.changes)) == (1, 1)


def test_a_good_name_is_never_to_be_another() -> None:
    pack, answers, form, papers = shop_named("晓晓")
    found = foresee(pack, answers, form, UNTAKEN, papers, at=AT)
    assert found is not None
    assert found.ready
    assert found.names == ()


def test_a_name_that_is_taken_or_of_which_nobody_knows_is_no_matter_of_a_change() -> None:
    pack, answers, form, papers = shop_named("晓晓")
    assert foresee(pack, answers, form, {**UNTAKEN, "same_name": 1}, papers, at=AT) is None, "a condition fails"
    assert foresee(pack, answers, form, FACTS, papers, at=AT) is None, "a condition that a person has to check"
    assert foresee(pack, answers, form, UNTAKEN, papers, at=AT) is not None


def test_who_would_have_to_change_three_things_is_told_none() -> None:
    pack = pack_of("youxian-gongsi-sheli")
    answers, form, papers = filed(pack)
    bad = {**form, "name": {**form["name"], "trade": "中华晓"}}
    agent = {**answers, "agent": "yes"}
    assert pack.signing is not None
    signed = pack.signing.papers
    found = foresee(pack, agent, bad, UNTAKEN, papers, at=AT, instead=signed)
    assert found is not None
    assert (len(found.names), len(found.changes)) == (1, 1)
    assert foresee(pack, {**agent, "articles": "own"}, bad, UNTAKEN, papers, at=AT, instead=signed) is None


def test_a_paper_for_which_all_sign_need_not_be_read() -> None:
    pack = pack_of("youxian-gongsi-sheli")
    answers, form, papers = filed(pack)
    assert pack.signing is not None
    assert foresee(pack, answers, form, UNTAKEN, papers, at=AT) is None
    found = foresee(pack, answers, form, UNTAKEN, papers, at=AT, instead=pack.signing.papers)
    assert found is not None
    assert found.ready


def test_of_an_item_that_people_decide_nothing_is_sure() -> None:
    pack = pack_of("yangquan-dengji")
    example = pack.examples[0]
    assert sure_doubts(pack, example.answers, example.form, FACTS, (), at=AT) == ("",)


@pytest.mark.parametrize(
    ("cell", "wanted"), [("true", True), ("false", False), ('"same","skipped"', "same"), ("> 3", None), ('"', None)]
)
def test_what_a_rule_that_approves_wants_to_read(cell: str, wanted: object) -> None:
    assert best_of(cell, ("unknown",)) == wanted


def test_where_a_rule_looks_at_nothing_any_value_will_do() -> None:
    assert best_of("-", ("yes", "no")) == "yes"
    assert best_of("-", ()) is None
