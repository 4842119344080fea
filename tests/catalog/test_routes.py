"""分派规则: tables that a process asks which way to go, and what keeps them honest."""

import re
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from yichuang.catalog.comparison.rule import compare
from yichuang.catalog.packs.folder import load_folder
from yichuang.catalog.packs.mutate import mutations
from yichuang.catalog.packs.trial import run_examples
from yichuang.catalog.routes import PERSON, way, ways_of
from yichuang.catalog.values import Pack
from yichuang.core.workdays import Calendar
from yichuang.engine.values import ready_decision

FOLDER = Path(__file__).parents[2] / "packs/gongjijin/gongjijin-tiqu"
CALENDAR = Calendar({}, frozenset({2026, 2027}))
COLUMN = '<inputData id="input_reason" name="reason"><variable id="variable_reason" name="reason" typeRef="reason_values"/></inputData>'


def pack_of(folder: Path = FOLDER) -> Pack:
    loaded = load_folder(folder)
    assert loaded.pack is not None, loaded.faults
    return loaded.pack


def spoilt(tmp_path: Path, file: str, old: str, new: str) -> Path:
    folder = Path(copytree(FOLDER, tmp_path / FOLDER.name))
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("reason", "expected", "row"),
    [("rent", "data", 1), ("purchase", "papers", 2), ("loan", "papers", 2), ("retire", "papers", 3)],
)
def test_a_table_says_the_way_and_which_row_said_so(reason: str, expected: str, row: int) -> None:
    said, why = way(pack_of().routes["提取审核方式"], {"answers": {"reason": reason}})
    assert why is not None
    assert (said, why.row) == (expected, row)


@pytest.mark.parametrize("answers", [{}, {"reason": None}, {"reason": "gift"}, {"reason": 3}])
def test_what_the_table_does_not_know_is_left_to_a_person(answers: dict[str, Any]) -> None:
    assert way(pack_of().routes["提取审核方式"], {"answers": answers}) == ("", None)
    assert ways_of(pack_of(), answers, "portal", "full") == {"route": PERSON}


def test_a_question_that_was_not_asked_is_unknown_only_where_the_column_knows_the_word() -> None:
    xml = (
        (FOLDER / "route.dmn")
        .read_text("utf-8")
        .replace('"leave"</text></allowed', '"leave","unknown"</text></allowed')
    )
    xml = xml.replace('<text>"retire","leave"</text>', '<text>"retire","leave","unknown"</text>')
    assert way(ready_decision(xml.encode(), "提取审核方式"), {"answers": {"reason": None}})[0] == "papers"


def test_an_earlier_step_and_the_acceptance_can_be_asked() -> None:
    xml = (FOLDER / "route.dmn").read_text("utf-8").replace("reason", "first")
    xml = re.sub(r'(<text>)"rent".*?(</text></allowedValues>)', r'\1"agree","disagree","unknown"\2', xml)
    xml = xml.replace('<text>"rent"</text>', '<text>"agree"</text>').replace('"purchase","loan"', '"disagree"')
    xml = xml.replace('"retire","leave"', '"unknown"')
    decision = ready_decision(xml.encode(), "提取审核方式")
    assert way(decision, {"outcomes": {"first": "agree"}})[0] == "data"
    assert way(decision, {"outcomes": {}})[0] == "papers"


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("process.bpmn", 'yc:decision="提取审核方式"', 'yc:decision="别的"', "ROUTE_NO_DECISION"),
        ("process.bpmn", 'errorCode="undecided"', 'errorCode="tired"', "ROUTE_PERSON"),
        ("process.bpmn", 'businessRuleTask id="route"', 'serviceTask yc:operation="remind" id="route"', "ROUTE_UNUSED"),
        ("route.dmn", '"retire","leave"</text></allowed', '"retire"</text></allowed', "ROUTE_VALUES"),
        ("route.dmn", COLUMN, COLUMN.replace('typeRef="reason_values"', 'typeRef="number"'), "ROUTE_INPUT"),
        ("route.dmn", 'name="reason"', 'name="colour"', "ROUTE_INPUT"),
        ("route.dmn", '<text>"data"</text>', '<text>"Data, please"</text>', "ROUTE_RESULT"),
        ("route.dmn", 'hitPolicy="UNIQUE"', 'hitPolicy="COLLECT"', "ROUTE_RESULT"),
        ("route.dmn", '<text>"purchase","loan"</text>', '<text>"rent","loan"</text>', "ROUTE_OVERLAP"),
        ("route.dmn", "</definitions>", "", "ROUTE_NO_XML"),
    ],
)
def test_each_fault_of_a_table_and_its_step_is_named(tmp_path: Path, file: str, old: str, new: str, code: str) -> None:
    folder = spoilt(tmp_path, file, old, new)
    if file == "route.dmn" and new == 'name="colour"':
        text = (folder / file).read_text("utf-8").replace("<text>reason</text>", "<text>colour</text>")
        (folder / file).write_text(text, "utf-8")
    faults = load_folder(folder).faults
    assert code in {fault.code for fault in faults}, [str(fault) for fault in faults]
    fault = next(fault for fault in faults if fault.code == code)
    assert fault.message.zh != ""
    assert fault.message.en != ""
    assert "{" not in fault.message.zh + fault.message.en


def test_a_step_that_asks_a_table_needs_its_file(tmp_path: Path) -> None:
    folder = Path(copytree(FOLDER, tmp_path / FOLDER.name))
    (folder / "route.dmn").unlink()
    (fault,) = [one for one in load_folder(folder).faults if one.code == "ROUTE_MISSING"]
    assert (fault.file, fault.line > 1) == ("process.bpmn", True)


def test_examples_say_the_way_and_notice_every_change_of_a_row(tmp_path: Path) -> None:
    assert all(result.ok for result in run_examples(pack_of(), CALENDAR))
    wrong = pack_of(spoilt(tmp_path, "examples/06-purchase.yaml", "route: papers", "route: data"))
    assert [result.file for result in run_examples(wrong, CALENDAR) if not result.ok] == ["examples/06-purchase.yaml"]
    found = {one.what: one.noticed_by for one in mutations(pack_of(), CALENDAR) if one.what.startswith("routing: ")}
    assert len(found) == 9
    assert all(found.values()), found


def test_a_changed_row_is_told_to_who_publishes(tmp_path: Path) -> None:
    old = pack_of()
    new = replace(pack_of(spoilt(tmp_path, "route.dmn", "要看退休、离职证明", "要看退休、离职证明原件")), version=2)
    changes = [change for change in compare(old, new).changes if "第 3 行" in change.name.zh]
    assert [(one.before.zh, one.after.zh) for one in changes if one.before and one.after] == [
        ("要看退休、离职证明", "要看退休、离职证明原件")
    ]
