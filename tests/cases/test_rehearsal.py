"""重放: a draft decides past cases again; every case that would change is told, and nothing that was filed."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.cases.judged import ITEM, judged, sha_of

from yichuang.cases.commands.rehearse import ask_rehearsal, rehearse, watch_rehearsals
from yichuang.cases.models import Rehearsal, RehearsedChange
from yichuang.cases.queries import get_rehearsal, list_rehearsals, rehearsal_lines
from yichuang.cases.rules.rehearsal import Tally, difference, false_approvals, verdict_of
from yichuang.cases.rulesets import Outcome
from yichuang.catalog import queries as catalog
from yichuang.catalog.commands import pack_file, save_drawn
from yichuang.core import sql
from yichuang.core.actors import SYSTEM
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


# ── what it cannot do ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def dated(demo: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The draft's column “在世” takes a day now; past cases hold a word."""
    pack = catalog.folder_pack(SYSTEM, ITEM)
    assert pack.decision is not None
    inputs = tuple(replace(one, kind="date") if one.name == "alive" else one for one in pack.decision.inputs)
    changed = replace(pack, decision=replace(pack.decision, inputs=inputs))
    monkeypatch.setattr(catalog, "folder_pack", lambda actor, code: changed)
    return "alive"


def test_a_case_that_holds_another_kind_of_value_is_named_as_one_that_cannot_be_judged(
    demo: Any, examples: Any, dated: str
) -> None:
    judged(demo, 2, codes=("approve",), inputs=examples["approve"])
    judged(demo, 1, codes=("approve",), inputs={**examples["approve"], dated: "2026-11-01"})
    editor = demo.actor("wuqian")
    asked = ask_rehearsal(actor=editor, item=ITEM, at=demo.at)
    rehearse(rehearsal=asked, at=demo.at)
    page = get_rehearsal(editor, ITEM, asked)
    assert (page.row.state, page.row.total, page.unjudged) == ("done", 3, 2)
    assert [(words.zh, n) for words, n in page.unfit] == [("在世", 2)]
    unjudged = get_rehearsal(editor, ITEM, asked, way="approve-unjudged").cases.items
    assert [(one.after, [words.zh for words in one.unfit]) for one in unjudged] == [("unjudged", ["在世"])] * 2
    lines = [line for line in rehearsal_lines(editor, ITEM, asked) if "不能判断" in str(line)]
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("kind", "kept", "fits"),
    [
        ("date", "yes", False),
        ("date", "2026-02-30", False),
        ("date", "2026-02-28", True),
        ("number", "twelve", False),
        ("number", "12.50", True),
        ("number", True, False),
        ("boolean", "yes", False),
        ("boolean", False, True),
        ("string", 12, False),
        ("string", "12", True),
        ("date", None, True),
    ],
)
def test_a_kept_value_fits_a_column_or_not(demo: Any, kind: str, kept: object, fits: bool) -> None:
    pack = catalog.get_pack(ITEM, at=demo.at)
    assert pack.decision is not None
    column = replace(pack.decision.inputs[0], kind=kind)
    changed = replace(pack, decision=replace(pack.decision, inputs=(column,)))
    assert (catalog.misfits(changed, {column.name: kept}) == ()) is fits


def test_one_that_breaks_says_so_with_a_number_and_can_be_asked_for_again(
    demo: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    editor = demo.actor("wuqian")
    judged(demo, 1)
    asked = ask_rehearsal(actor=editor, item=ITEM, at=demo.at)
    with monkeypatch.context() as broken:
        broken.setattr(catalog, "decide_again", lambda *args, **more: 1 / 0)
        rehearse(rehearsal=asked, at=demo.at)
    (row,) = list_rehearsals(editor, ITEM)
    assert row.state == "failed"
    number = caplog.records[-1].args[0]  # type: ignore[index]  # of the log's own words
    assert str(number) in row.why.zh
    assert any("没有重放成" in told.body for told in list_inbox(editor.id))
    again = ask_rehearsal(actor=editor, item=ITEM, at=demo.at)
    assert again != asked
    rehearse(rehearsal=again, at=demo.at)
    assert get_rehearsal(editor, ITEM, again).row.state == "done"


def test_one_that_died_with_its_worker_is_found_by_the_worker_that_takes_its_job_up(demo: Any) -> None:
    editor = demo.actor("wuqian")
    asked = ask_rehearsal(actor=editor, item=ITEM, at=demo.at)
    Rehearsal.objects.filter(id=asked).update(begun_at=demo.at)  # all that a worker that was killed left behind
    rehearse(rehearsal=asked, at=demo.at)
    (row,) = list_rehearsals(editor, ITEM)
    assert (row.state, "中途停止" in row.why.zh) == ("failed", True)
    assert ask_rehearsal(actor=editor, item=ITEM, at=demo.at) != asked


def test_one_whose_job_is_nowhere_any_more_is_ended_and_one_that_waits_is_not(demo: Any) -> None:
    editor, later = demo.actor("wuqian"), demo.at + timedelta(hours=2)
    asked = ask_rehearsal(actor=editor, item=ITEM, at=demo.at)
    assert watch_rehearsals(at=later) == 0, "its job waits"
    sql.run("UPDATE procrastinate_jobs SET status = 'failed' WHERE task_name = 'cases.rehearse'")
    assert watch_rehearsals(at=demo.at) == 0, "too early to say"
    assert watch_rehearsals(at=later) == 1
    assert get_rehearsal(editor, ITEM, asked).row.state == "failed"
    assert watch_rehearsals(at=later) == 0
