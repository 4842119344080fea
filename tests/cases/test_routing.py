"""分派规则 in a real case: the process asks a table which way to go, the row stands on the record, doubt goes to a person."""

from datetime import timedelta
from typing import Any

import pytest
from tests.cases.processes import HEAD, TAIL, publish
from tests.cases.test_process_of_a_case import Run

from yichuang.cases import queries
from yichuang.cases.commands.move_process import move_process
from yichuang.cases.commands.work import do_work
from yichuang.core import faults, ledger
from yichuang.core.actors import SYSTEM

PROCESS = (
    HEAD
    + """
  <error id="undecided" errorCode="undecided"/>
  <process id="dog" name="养犬登记" yc:nameEn="Dog registration" isExecutable="true">
    <startEvent id="accepted"/>
    <sequenceFlow id="f1" sourceRef="accepted" targetRef="route"/>
    <businessRuleTask id="route" name="按渠道分派" yc:nameEn="Routing by channel" yc:decision="去向"/>
    <boundaryEvent id="unsure" attachedToRef="route"><errorEventDefinition errorRef="undecided"/></boundaryEvent>
    <sequenceFlow id="f2" sourceRef="unsure" targetRef="look"/>
    <sequenceFlow id="f3" sourceRef="route" targetRef="way"/>
    <exclusiveGateway id="way" default="f5"/>
    <sequenceFlow id="f4" sourceRef="way" targetRef="street"><conditionExpression>outcomes.route = "street"</conditionExpression></sequenceFlow>
    <sequenceFlow id="f5" sourceRef="way" targetRef="decide"/>
    <userTask id="street" name="街道审查" yc:nameEn="Review by the sub-district" yc:post="CGZF.street_review"/>
    <sequenceFlow id="f6" sourceRef="street" targetRef="decide"/>
    <userTask id="look" name="人工分派" yc:nameEn="Routing by a person" yc:post="CGZF.review"/>
    <sequenceFlow id="f7" sourceRef="look" targetRef="decide"/>
    <userTask id="decide" name="作出决定" yc:nameEn="Decision" yc:post="CGZF.decide" yc:act="decide"/>
    <sequenceFlow id="f8" sourceRef="decide" targetRef="end"/>
    <endEvent id="end"/>
  </process>
"""
    + TAIL
)


def table(*rows: tuple[str, str]) -> str:
    """route.dmn: by the channel of the filing."""
    body = "".join(
        f'<rule id="row_{n}"><inputEntry id="i_{n}"><text>{cell}</text></inputEntry>'
        f'<outputEntry id="o_{n}"><text>"{way}"</text></outputEntry></rule>'
        for n, (cell, way) in enumerate(rows, 1)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="去向" namespace="https://yichuang.example/packs/test">
  <inputData id="in" name="channel"><variable id="v" name="channel" typeRef="string"/></inputData>
  <decision id="decision" name="去向"><variable id="var" name="去向" typeRef="string"/>
    <informationRequirement id="need"><requiredInput href="#in"/></informationRequirement>
    <decisionTable id="table" hitPolicy="UNIQUE">
      <input id="column" label="渠道"><inputExpression id="e" typeRef="string"><text>channel</text></inputExpression></input>
      <output id="output" name="way" typeRef="string"/>{body}
    </decisionTable>
  </decision>
</definitions>
"""


def begin(demo: Any, tmp_path: Any, monkeypatch: Any, *rows: tuple[str, str]) -> Run:
    publish(tmp_path, monkeypatch, demo.at, PROCESS, table(*rows))
    return Run(demo)


def test_a_case_takes_the_way_that_the_table_says_and_the_row_is_on_record(
    demo: Any, tmp_path: Any, monkeypatch: Any
) -> None:
    notes = list(ledger.read_checkpoints())
    run = begin(demo, tmp_path, monkeypatch, ('"counter"', "decide"), ('"portal"', "street"))
    assert {wait.kind for wait in run.waits.values()} == {"rule"}
    run.later(seconds=1)
    assert run.held == {"street": "CGZF.street_review"}
    entry = ledger.list_entries(ledger.Subject("case", run.id))[-1]
    assert (entry.act, entry.detail["way"], entry.detail["table"]) == ("process-rule", "street", "去向")
    page = queries.get_case_for(demo.actor("wangqiang"), run.number, at=run.at)
    assert page.timeline[-1].words.zh == "流程按规则分派：按渠道分派：第 2 行"
    assert page.timeline[-1].words.en == "the process took its way by the rules: Routing by channel: row 2"
    assert ledger.verify_ledger(notes) == []


def test_where_no_row_fits_a_person_routes_it(demo: Any, tmp_path: Any, monkeypatch: Any) -> None:
    run = begin(demo, tmp_path, monkeypatch, ('"counter"', "decide"), ('"kiosk"', "street"))
    run.later(seconds=1)
    assert run.held == {"look": "CGZF.review"}
    entry = ledger.list_entries(ledger.Subject("case", run.id))[-1]
    assert (entry.act, entry.detail["way"]) == ("process-rule", "")
    page = queries.get_case_for(demo.actor("wangqiang"), run.number, at=run.at)
    assert page.timeline[-1].words.zh == "流程按规则分派：按渠道分派：规则判断不了，由人决定"


def test_a_table_is_asked_once_and_all_of_it_or_nothing(demo: Any, tmp_path: Any, monkeypatch: Any) -> None:
    run = begin(demo, tmp_path, monkeypatch, ('"portal"', "street"))
    (wait,) = run.waits.values()
    with faults.armed("take_way.after_answer", "raise", 1), pytest.raises(faults.Fault):
        do_work(wait=wait.id, at=run.at)
    assert run.held == {}
    assert {one.id for one in run.waits.values()} == {wait.id}
    assert do_work(wait=wait.id, at=run.at)
    assert not do_work(wait=wait.id, at=run.at)
    assert run.acts().count("process-rule") == 1


def test_a_review_that_was_moved_asks_the_newer_table(demo: Any, tmp_path: Any, monkeypatch: Any) -> None:
    old = publish(tmp_path, monkeypatch, demo.at, PROCESS, table(('"portal"', "street")))
    run = Run(demo)
    run.at += timedelta(minutes=1)
    newer = PROCESS.replace("按渠道分派", "按渠道和人员分派")  # another process, else there is nothing to move to
    new = publish(tmp_path, monkeypatch, run.at, newer, table(('"portal"', "decide")))
    names = {"route": "route", "unsure": "unsure", "look": "look", "street": "street", "decide": "decide"}
    assert move_process(actor=SYSTEM, number=run.number, old=old, new=new, names=names, at=run.at).moved
    run.later(seconds=1)
    assert run.held == {"decide": "CGZF.decide"}
    assert run.case.item_version == old
