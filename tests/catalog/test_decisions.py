"""Deciding by an item's table (秒批): approved only when nothing is doubtful, explained row by row, and made again."""

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.catalog.calendars import CALENDAR
from tests.catalog.dog import dog_pack

from yichuang.catalog import decisions
from yichuang.catalog.comparison.rule import compare
from yichuang.catalog.packs.decision_mutants import decision_mutations
from yichuang.catalog.packs.decision_trial import run_decision_examples
from yichuang.catalog.packs.folder import load_folder
from yichuang.catalog.packs.trial import facts_of
from yichuang.catalog.values import DecisionExample, Judgement, Pack
from yichuang.registry.values import WHY, Answer, Base

ROOT = Path(__file__).parents[2] / "packs"
DECIDED = sorted(path.parent for path in ROOT.rglob("decision.dmn"))
_HAN = re.compile(r"[㐀-䶿一-鿿]")


@cache
def pack_at(folder: str) -> Pack:
    pack = load_folder(ROOT / folder).pack
    assert pack is not None
    return pack


SHOP = "shichang/getihu-sheli"
COMPANY = "shichang/youxian-gongsi-sheli"


def first(pack: Pack) -> DecisionExample:
    assert pack.decision is not None
    return pack.decision.examples[0]


def judge(pack: Pack, told: Mapping[str, Answer] | None = None, **changed: Any) -> Judgement:
    """The first example of the table, with other answers of the registers or other parts of the case."""
    one = first(pack)
    form = changed.get("form", one.form)
    facts = facts_of(pack, form, changed.get("facts", one.facts))
    answers = tuple((one.lookups if told is None else told).values())
    return decisions.decide(
        pack, changed.get("answers", one.answers), form, facts, one.materials, answers, at=one.applied_at
    )


@pytest.mark.parametrize("folder", DECIDED, ids=lambda path: path.name)
def test_the_examples_of_every_table_are_green(folder: Path):
    pack = pack_at(str(folder.relative_to(ROOT)))
    red = {one.name.zh: [d.zh for d in one.differences] for one in run_decision_examples(pack, CALENDAR) if not one.ok}
    assert red == {}


@pytest.mark.parametrize("folder", DECIDED, ids=lambda path: path.name)
def test_no_register_that_is_silent_or_says_otherwise_ever_approves(folder: Path):
    pack = pack_at(str(folder.relative_to(ROOT)))
    one = first(pack)
    for name, answer in one.lookups.items():
        silent = replace(answer, state="unknown", fields={})
        assert judge(pack, {**one.lookups, name: silent}).outcome == "person", name
        assert judge(pack, {key: other for key, other in one.lookups.items() if key != name}).outcome == "person", name
        for field in answer.fields:
            left = {key: value for key, value in answer.fields.items() if key != field}
            assert judge(pack, {**one.lookups, name: replace(answer, fields=left)}).outcome == "person", (name, field)
        if answer.base is not Base.CREDIT:  # who is not on record there is not restricted
            nobody = replace(answer, state="none", fields={})
            assert judge(pack, {**one.lookups, name: nobody}).outcome == "person", name


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("一二a1<>\"'", max_size=5) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "cn_id", "0"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_nothing_that_comes_in_raises_and_what_is_odd_goes_to_a_person(data: st.DataObject):
    pack = pack_at(SHOP)
    one = first(pack)
    form = {**one.form, data.draw(st.sampled_from(["operator", "name", "place", "business"])): data.draw(ANYTHING)}
    told = dict(one.lookups)
    name = data.draw(st.sampled_from(sorted(told)))
    fields = data.draw(
        st.dictionaries(st.sampled_from(["name", "alive", "restricted", "street"]), ANYTHING, max_size=3)
    )
    told[name] = replace(told[name], state="found", fields=fields)
    got = decisions.decide(
        pack, one.answers, form, dict(one.facts), one.materials, tuple(told.values()), at=one.applied_at
    )
    assert got.outcome == "person"
    assert got.doubts
    assert len(got.record) <= 400


def test_all_doubts_are_told_at_once_in_both_languages():
    pack = pack_at(SHOP)
    one = first(pack)
    told = {**one.lookups, "credit": replace(one.lookups["credit"], state="unknown")}
    got = judge(pack, told, answers={**one.answers, "agent": "yes"}, facts={**one.facts, "same_sound": 2})
    assert got.codes == ("agent", "credit_silent", "name_alike")
    assert [words.zh for words in got.doubts][0] == "由代理人办理，授权委托书需要核对"
    assert not any(_HAN.search(words.en) for words in got.doubts)


def test_why_a_register_was_silent_is_told_too():
    pack = pack_at(SHOP)
    one = first(pack)
    slow = replace(one.lookups["credit"], state="unknown", fields={}, why=WHY["slow"])
    got = judge(pack, {**one.lookups, "credit": slow})
    assert WHY["slow"] in got.doubts


def test_a_decision_is_explained_row_by_row_from_what_was_kept():
    pack = pack_at(SHOP)
    one = first(pack)
    got = judge(pack, facts={**one.facts, "same_sound": 1})
    rows = decisions.explain(pack, got.inputs, got.record)
    assert [row.code for row in rows if row.hit] == ["name_alike"]
    approve = rows[0]
    assert (approve.code, approve.hit) == ("approve", False)
    assert approve.why.zh == "“名称与已登记的读音相同且同行业”：是；这一条要的是：否"
    assert approve.why.en == "“Read like a registered name of the same trade”: yes; this rule asks for: no"
    assert approve.basis == "《中华人民共和国市场主体登记管理条例》第十九条"
    assert not any(_HAN.search(row.why.en + row.words.en) for row in rows)


def test_a_record_of_another_version_explains_nothing():
    pack = pack_at(SHOP)
    got = judge(pack)
    with pytest.raises(ValueError, match="another version"):
        decisions.explain(pack, got.inputs, b"\0" * len(got.record))


@pytest.mark.parametrize("folder", DECIDED, ids=lambda path: path.name)
def test_a_decision_is_made_again_from_what_was_kept(folder: Path):
    pack = pack_at(str(folder.relative_to(ROOT)))
    assert pack.decision is not None
    for one in pack.decision.examples:
        facts = facts_of(pack, one.form, one.facts)
        got = decisions.decide(
            pack, one.answers, one.form, facts, one.materials, tuple(one.lookups.values()), at=one.applied_at
        )
        kept = json.loads(json.dumps(got.inputs))
        again = decisions.decide_again(pack, kept, at=one.applied_at + timedelta(days=400))
        assert (again.outcome, again.codes, again.record) == (got.outcome, got.codes, got.record)


def test_what_is_kept_is_only_what_the_table_reads():
    pack = pack_at(SHOP)
    kept = judge(pack).inputs
    assert pack.decision is not None
    assert set(kept) == set(pack.decision.ready.kinds)
    assert "张晓" not in str(kept)


def test_no_more_is_asked_than_the_situation_needs():
    pack = pack_at(SHOP)
    one = first(pack)
    asked = decisions.questions_of(pack, one.answers, one.form, at=one.applied_at)
    assert [(q.name, q.base, q.fields) for q in asked] == [
        ("operator", Base.POPULATION, ("name", "alive")),
        ("credit", Base.CREDIT, ("restricted", "barred")),
        ("place", Base.ADDRESSES, ("street", "registrable", "entities")),
    ]
    online = decisions.questions_of(pack, {**one.answers, "place": "online"}, one.form, at=one.applied_at)
    assert [question.name for question in online] == ["operator", "credit"]
    assert decisions.questions_of(pack, one.answers, {}, at=one.applied_at) == ()


def test_each_question_has_its_ground():
    grounds = decisions.grounds_of(pack_at(SHOP))
    assert set(grounds) == {"operator", "credit", "place"}
    assert (grounds["credit"].kind, grounds["credit"].basis) == (
        "duty",
        "《中华人民共和国市场主体登记管理条例》第二十条",
    )


def test_a_list_of_people_is_asked_one_by_one_and_the_worst_counts():
    pack = pack_at(COMPANY)
    one = first(pack)
    names = [q.name for q in decisions.questions_of(pack, one.answers, one.form, at=one.applied_at)]
    assert names == ["representative", "shareholders.0", "shareholders.1", "officers.0", "officers.1", "place"]
    barred = Answer("officers.1", Base.CREDIT, "found", {"barred": True}, "test", one.applied_at)
    assert judge(pack, {**one.lookups, "officers.1": barred}).codes == ("barred",)
    free = replace(barred, fields={"barred": False})
    assert judge(pack, {**one.lookups, "officers.1": free}).approved
    both = {**one.lookups, "officers.0": replace(free, name="officers.0"), "officers.1": barred}
    assert judge(pack, both).codes == ("barred",)


def test_an_item_without_a_table_asks_nothing_and_decides_nothing():
    dog = dog_pack()
    example = dog.examples[0]
    assert decisions.questions_of(dog, example.answers, example.form, at=example.applied_at) == ()
    assert decisions.grounds_of(dog) == {}
    with pytest.raises(ValueError, match="no decision table"):
        decisions.decide(dog, {}, {}, {}, (), (), at=example.applied_at)


def test_an_example_that_is_missing_lets_a_mutant_live():
    pack = pack_at("renshe/shebao-chaxun")
    assert pack.decision is not None
    assert [m.what for m in decision_mutations(pack) if m.noticed_by is None] == []
    fewer = tuple(one for one in pack.decision.examples if "many" not in (one.because or ()))
    weak = replace(pack, decision=replace(pack.decision, examples=fewer))
    alive = [m.what for m in decision_mutations(weak) if m.noticed_by is None]
    assert "decision: row 8: removed" in alive


def test_two_versions_of_a_table_are_compared_row_by_row():
    pack = pack_at(SHOP)
    assert pack.decision is not None
    other = replace(pack.decision, results=dict(pack.decision.results), covers=frozenset())
    assert [c.what.zh for c in compare(pack, replace(pack, version=9, decision=other)).changes if c.what] == [
        "由规则判断的受理条件"
    ]
    gone = compare(pack, replace(pack, version=9, decision=None))
    assert {change.kind for change in gone.changes} == {"removed"}
    assert "第 1 行" in [change.name.zh for change in gone.changes]


def test_a_changed_cell_is_named_with_both_texts(tmp_path: Path):
    copied = tmp_path / "getihu-sheli"
    shutil.copytree(ROOT / SHOP, copied)
    table = copied / "decision.dmn"
    text = table.read_text("utf-8")
    cell = '_occupied"><text>"yes"</text>'
    assert cell in text
    table.write_text(text.replace(cell, '_occupied"><text>not("no")</text>'), "utf-8")
    new = load_folder(copied).pack
    assert new is not None
    (change,) = compare(pack_at(SHOP), replace(new, version=9)).changes
    assert (change.name.zh, change.what and change.what.zh) == ("第 25 行", "地址上已有登记的主体")
    assert change.before is not None
    assert change.after is not None
    assert (change.before.zh, change.after.zh) == ('"yes"', 'not("no")')


@pytest.mark.parametrize("item", [SHOP, COMPANY])
def test_a_doubt_about_a_name_says_which_words_raised_it_and_no_code(item: str):
    pack = pack_at(item)
    one = first(pack)
    form = {**one.form, "name": {**one.form["name"], "trade": "中华国宴"}}
    got = judge(pack, form=form)
    (said,) = [doubt.words for doubt in got.because if doubt.code == "name_words"]
    assert said.zh == "名称用字需要登记机关判断（“中华”需要国务院批准才能使用；“国宴”可能使公众误解）"
    assert said.en.endswith("(“中华” needs the approval of the State Council; “国宴” may mislead the public)")
    why = decisions.explain(pack, got.inputs, got.record)[0].why
    assert why.zh == "“名称用字”：有需要国务院批准的字词；这一条要的是：没有问题"
    assert "state_words" not in why.en


@pytest.mark.parametrize("folder", DECIDED, ids=lambda path: path.name)
def test_whatever_a_column_may_hold_is_said_in_words(folder: Path):
    spec = pack_at(str(folder.relative_to(ROOT))).decision
    assert spec is not None
    texts = {text for kind in spec.ready.kinds.values() for text in kind.allowed}
    assert texts
    assert not [text for text in texts if text in decisions.in_words(text).zh]
