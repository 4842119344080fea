"""重放: a draft decides past cases again; every case that would change is told, and nothing that was filed."""

import json
from typing import Any

import pytest
from tests.cases.judged import ITEM, judged, sha_of

from yichuang.cases.commands.rehearse import ask_rehearsal, rehearse
from yichuang.cases.models import Rehearsal, RehearsedChange
from yichuang.cases.queries import get_rehearsal, list_rehearsals, rehearsal_lines
from yichuang.cases.rules.rehearsal import Tally, difference, false_approvals, verdict_of
from yichuang.cases.rulesets import Outcome
from yichuang.catalog import queries as catalog
from yichuang.catalog.commands import pack_file, save_drawn
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import Words
from yichuang.notices.queries import list_inbox


def test_what_differs_is_the_verdict_or_the_doubts() -> None:
    assert verdict_of(("approve",)) == "approve"
    assert verdict_of(()) == verdict_of(("approve", "agent")) == verdict_of(("agent",)) == "person"
    assert difference(("approve",), ("approve",)) is None
    assert difference(("a", "b"), ("b", "a")) is None
    found = difference(("approve",), ("agent",))
    assert found is not None
    assert (found.before, found.after, found.gone, found.new) == ("approve", "person", ("approve",), ("agent",))
    only_doubts = difference(("a", "b"), ("b", "c"))
    assert only_doubts is not None
    assert (only_doubts.before, only_doubts.after) == ("person", "person")


def test_sums_are_as_large_as_there_are_rules() -> None:
    tally = Tally()
    for _ in range(1000):
        tally.add(difference(("agent",), ("approve",)), Outcome.DENIED, ["new_column"])
        tally.add(None, Outcome.GRANTED, [])
    tally.add(difference(("agent",), ("approve",)), Outcome.GRANTED, [])
    assert (tally.total, tally.changed) == (2001, 1001)
    assert tally.unread == {"new_column": 1000}
    assert tally.gone == {"agent": 1001}
    assert false_approvals(tally.counts) == 1000


@pytest.fixture
def examples(demo: Any) -> dict[str, dict[str, Any]]:
    """What the table read in its own examples, by the results that they had: real inputs."""
    from yichuang.catalog.packs.decision_trial import judged as tried

    pack = catalog.get_pack(ITEM, at=demo.at)
    assert pack.decision is not None
    found = {}
    for example in pack.decision.examples:
        judgement = tried(pack, example)
        found[",".join(judgement.codes)] = dict(judgement.inputs)
    return found


@pytest.fixture
def draft(demo: Any) -> None:
    """The table without its rule against agents, kept as a draft by an item editor."""
    editor = demo.actor("wuqian")
    opened = pack_file(editor, ITEM, "decision.dmn")
    content = opened.content.replace(b'<text>"agent"</text>', b'<text>"family"</text>')
    assert content != opened.content
    save_drawn(actor=editor, item=ITEM, name="decision.dmn", content=content, digest=opened.digest, at=demo.at)


def test_every_past_case_that_would_change_is_found(demo: Any, examples: Any, draft: None) -> None:
    judged(demo, 3, "denied", codes=("agent",), inputs=examples["agent"])
    judged(demo, 4, codes=("approve",), inputs=examples["approve"])
    judged(demo, 1, "open", codes=("prior",), inputs=examples["prior"])
    editor = demo.actor("wuqian")
    asked = ask_rehearsal(actor=editor, item=ITEM, at=demo.at)
    assert ask_rehearsal(actor=editor, item=ITEM, at=demo.at) == asked, "a button pressed twice"
    rehearse(rehearsal=asked, at=demo.at)
    rehearse(rehearsal=asked, at=demo.at)  # a job that ran twice
    page = get_rehearsal(editor, ITEM, asked)
    assert (page.row.state, page.row.total, page.row.changed) == ("done", 8, 3)
    assert [(one.before, one.after, one.total) for one in page.shifts] == [("person", "person", 3)]
    assert {(code, gone, new) for code, _, gone, new in page.rules} == {("agent", 3, 0), ("family", 0, 3)}
    assert len(page.cases.items) == 3
    assert not any(one.visible for one in page.cases.items), "an editor opens no cases"
    assert page.cases.items[0].outcome is Outcome.DENIED
    assert get_rehearsal(editor, ITEM, asked, way="person-approve").cases.items == ()
    assert len(get_rehearsal(editor, ITEM, asked, code="family").cases.items) == 3
    assert any("8 件" in row.body for row in list_inbox(editor.id))
    lines = list(rehearsal_lines(editor, ITEM, asked))
    assert len(lines) == 4
    assert isinstance(lines[1][4], Words)


def test_nothing_of_what_was_filed_is_kept_with_it(demo: Any, examples: Any, draft: None) -> None:
    judged(demo, 1, "denied", codes=("agent",), inputs={**examples["agent"], "name_words": "张晓的秘密"})
    asked = ask_rehearsal(actor=demo.actor("wuqian"), item=ITEM, at=demo.at)
    rehearse(rehearsal=asked, at=demo.at)
    kept = [*Rehearsal.objects.values(), *RehearsedChange.objects.values()]
    assert "张晓的秘密" not in json.dumps(kept, default=str, ensure_ascii=False)


def test_a_draft_that_changed_meanwhile_is_not_rehearsed(demo: Any, examples: Any, draft: None) -> None:
    editor = demo.actor("wuqian")
    asked = ask_rehearsal(actor=editor, item=ITEM, at=demo.at)
    Rehearsal.objects.filter(id=asked).update(sha="0" * 64)
    rehearse(rehearsal=asked, at=demo.at)
    (row,) = list_rehearsals(editor, ITEM)
    assert row.state == "failed"
    assert "请重新提交" in row.why.zh


def test_a_column_that_past_cases_know_nothing_of_is_named(demo: Any, examples: Any) -> None:
    inputs = {name: value for name, value in examples["approve"].items() if name != "alive"}
    judged(demo, 2, codes=("approve",), inputs=inputs)
    editor = demo.actor("wuqian")
    asked = ask_rehearsal(actor=editor, item=ITEM, at=demo.at)
    rehearse(rehearsal=asked, at=demo.at)
    page = get_rehearsal(editor, ITEM, asked)
    assert [(words.zh, n) for words, n in page.unread] == [("在世", 2)]
    assert [(one.before, one.after) for one in page.shifts] == [("approve", "person")], "what is not known is a doubt"


def test_the_same_rules_on_the_same_inputs_change_nothing(demo: Any, examples: Any) -> None:
    for codes, inputs in examples.items():
        judged(demo, 1, codes=tuple(codes.split(",")) if codes else (), inputs=inputs)
    editor = demo.actor("wuqian")
    asked = ask_rehearsal(actor=editor, item=ITEM, at=demo.at)
    rehearse(rehearsal=asked, at=demo.at)
    row = get_rehearsal(editor, ITEM, asked).row
    assert (row.total, row.changed, row.sha) == (len(examples), 0, sha_of(demo.at))


@pytest.mark.parametrize("who", ["tangmin", "huanghai", "zhangxiao", "luobin"])
def test_only_who_edits_items_rehearses(demo: Any, who: str) -> None:
    with pytest.raises(Refused):
        ask_rehearsal(actor=demo.actor(who), item=ITEM, at=demo.at)
    with pytest.raises(Refused):
        list_rehearsals(demo.actor(who), ITEM)


def test_an_item_without_a_table_cannot_be_rehearsed(demo: Any) -> None:
    with pytest.raises(NotFound):
        ask_rehearsal(actor=demo.actor("wuqian"), item="yangquan-dengji", at=demo.at)
