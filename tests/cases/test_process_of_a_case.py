"""The whole of BPMN in a real case: timers by working days, joint review, sub-process, called process, messages, work."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.cases.processes import WHOLE, publish

from yichuang.cases import queries
from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.review import claim_review, complete_review
from yichuang.cases.commands.special import resume_case, suspend_case
from yichuang.cases.commands.supplement import supplement_case
from yichuang.cases.commands.work import WORK, do_work, watch_work
from yichuang.cases.models import Case
from yichuang.cases.processes import TENANT
from yichuang.cases.states import State
from yichuang.catalog.values import OPERATIONS
from yichuang.core import clock, faults, jobs, ledger
from yichuang.core.refusals import Conflict, NotFound
from yichuang.engine import commands, ports
from yichuang.engine import queries as engine
from yichuang.engine.jobs import due_timers_job
from yichuang.notices.queries import list_inbox

STREET, REVIEW, MARKET = "CGZF.street_review", "CGZF.review", "SCJG.review"


class Run:
    """One accepted case under the test's process."""

    def __init__(self, demo: Any) -> None:
        self.demo, self.at = demo, demo.at
        self.zhang = demo.actor("zhangxiao")
        receipt = demo.file(self.zhang)
        self.id, self.number = receipt.case_id, receipt.number
        accept_case(actor=demo.actor("lina"), number=self.number, version=1, findings={}, at=self.at)

    @property
    def case(self) -> Case:
        return Case.objects.get(id=self.id)

    @property
    def held(self) -> dict[str, str]:
        return {task.node: task.post for task in engine.holders_of(("case", self.id))}

    @property
    def waits(self) -> dict[str, Any]:
        return {wait.event: wait for wait in engine.waits_of(("case", self.id))}

    def review(self, who: str, outcome: str = "agree") -> None:
        (task,) = [one for one in engine.holders_of(("case", self.id)) if one.state == "open"]
        actor, version = self.demo.actor(who), self.case.version
        claim_review(actor=actor, task=task.id, version=version, at=self.at)
        complete_review(actor=actor, task=task.id, version=version + 1, outcome=outcome, opinion="意见", at=self.at)

    def later(self, **time: float) -> None:
        """Time passes: the timers that are due fire, and what they ask for is done."""
        self.at += timedelta(**time)
        with clock.fixed(self.at):
            due_timers_job()
            jobs.run_waiting()

    def acts(self) -> list[str]:
        return [entry.act for entry in ledger.list_entries(ledger.Subject("case", self.id))]

    def told(self, who: str, template: str) -> list[str]:
        return [one.body for one in list_inbox(self.demo.actor(who).id) if one.template == template]


def begin(demo: Any, tmp_path: Any, monkeypatch: Any, need: str = "2") -> Run:
    publish(tmp_path, monkeypatch, demo.at, WHOLE.replace("NEED", need))
    return Run(demo)


def test_a_case_runs_through_every_kind_of_step(demo: Any, tmp_path: Any, monkeypatch: Any) -> None:
    notes = list(ledger.read_checkpoints())
    run = begin(demo, tmp_path, monkeypatch)
    assert run.held == {"street": STREET}
    # three working days after Tuesday end with Friday: 催办 is due as Saturday begins in the halls
    assert run.waits["late"].due_at == datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
    run.later(days=2)
    assert run.told("wangqiang", "process_reminds") == []
    run.later(days=2)
    assert run.held == {"street": STREET}  # it interrupts nothing
    assert run.waits == {}
    (reminder,) = run.told("wangqiang", "process_reminds")
    assert "街道审查已三个工作日" in reminder
    assert run.acts()[-2:] == ["process-timer", "process-work"]
    page = queries.get_case_for(demo.actor("wangqiang"), run.number, at=run.at)
    assert page.timeline[-2].words.zh == "流程定时到：三个工作日未办"
    assert page.timeline[-1].words.en == "done by the process: Three working days with the sub-district"
    run.review("wangqiang")
    assert run.held == {"joint": REVIEW}  # in the sub-process, one after the other
    run.review("wangqiang")
    assert run.held == {"joint": STREET}
    with pytest.raises(Conflict):  # another person each
        run.review("wangqiang")
    run.review("hejing")
    assert run.held == {}  # two of three agree: the third is not asked; the called process tells the applicant
    assert {wait.kind for wait in run.waits.values()} == {"send"}
    assert len(run.told("zhangxiao", "process_news")) == 0
    run.later(minutes=1)
    assert len(run.told("zhangxiao", "process_news")) == 1
    assert {event: wait.kind for event, wait in run.waits.items()} == {"papers": "message", "over": "timer"}
    run.later(days=7)
    assert run.held == {"decide": "CGZF.decide"}
    decide_case(
        actor=demo.actor("linfang"), number=run.number, version=run.case.version, outcome="grant", reasons="", at=run.at
    )
    assert State(run.case.state) is State.GRANTED
    assert run.held == run.waits == {}
    assert ledger.verify_ledger(notes) == []


@pytest.mark.parametrize(
    ("need", "said", "agreed"),
    [
        ("all", ["agree", "agree", "agree"], True),
        ("all", ["agree", "disagree", "agree"], False),
        ("any", ["disagree", "agree"], True),
        ("2", ["agree", "agree"], True),
        ("2", ["disagree", "disagree"], False),
    ],
)
def test_a_joint_review_ends_as_its_number_says(
    demo: Any, tmp_path: Any, monkeypatch: Any, need: str, said: list[str], agreed: bool
) -> None:
    run = begin(demo, tmp_path, monkeypatch, need)
    run.review("wangqiang")
    for who, outcome in zip(("wangqiang", "hejing", "luobin"), said, strict=False):
        run.review(who, outcome)
    assert run.held == ({} if agreed else {"decide": "CGZF.decide"})


def test_a_message_comes_before_the_time_is_over(demo: Any, tmp_path: Any, monkeypatch: Any) -> None:
    run = begin(demo, tmp_path, monkeypatch, "any")
    run.review("wangqiang")
    run.review("wangqiang")
    run.later(minutes=1)
    assert set(run.waits) == {"papers", "over"}
    given = {"owner_id": [demo.upload(run.zhang)]}
    supplement_case(actor=run.zhang, number=run.number, version=run.case.version, materials=given, at=run.at)
    assert (run.held, run.waits) == ({"decide": "CGZF.decide"}, {})


def test_papers_are_taken_when_the_process_cannot_go_on_by_them(demo: Any, tmp_path: Any, monkeypatch: Any) -> None:
    """Nobody may be kept from handing in papers by a gateway that cannot decide: it is put on record, holders are told."""
    asks = """<sequenceFlow id="p5" sourceRef="papers" targetRef="p_which"/>
    <exclusiveGateway id="p_which" name="资金来源" yc:nameEn="Funds" default="p5b"/>
    <sequenceFlow id="p5a" sourceRef="p_which" targetRef="p_meet"><conditionExpression>x.y = 1</conditionExpression></sequenceFlow>
    <sequenceFlow id="p5b" sourceRef="p_which" targetRef="p_meet"/>"""
    stuck = WHOLE.replace("NEED", "any").replace('<sequenceFlow id="p5" sourceRef="papers" targetRef="p_meet"/>', asks)
    publish(tmp_path, monkeypatch, demo.at, stuck)
    run = Run(demo)
    run.review("wangqiang")
    run.review("wangqiang")
    run.later(minutes=1)
    given = {"owner_id": [demo.upload(run.zhang)]}
    supplement_case(actor=run.zhang, number=run.number, version=run.case.version, materials=given, at=run.at)
    assert set(run.waits) == {"papers", "over"}
    assert "process-deaf" in run.acts()
    page = queries.get_case_for(demo.actor("linfang"), run.number, at=run.at)
    (line,) = [entry.words for entry in page.timeline if "没有能够因此继续" in entry.words.zh]
    assert "资金来源" in line.zh
    assert "Funds" in line.en


def test_a_special_procedure_stops_the_timers_and_the_work(demo: Any, tmp_path: Any, monkeypatch: Any) -> None:
    run = begin(demo, tmp_path, monkeypatch, "any")
    boss = demo.actor("linfang")
    due = run.waits["late"].due_at
    suspend_case(actor=boss, number=run.number, version=2, ground="expert_review", days=30, reason="鉴定", at=run.at)
    run.later(days=14)
    assert run.told("wangqiang", "process_reminds") == []
    resume_case(actor=boss, number=run.number, version=run.case.version, at=run.at)
    assert run.waits["late"].due_at == due + timedelta(days=14)
    run.review("wangqiang")
    run.review("wangqiang")
    assert {wait.kind for wait in run.waits.values()} == {"send"}
    suspend_case(
        actor=boss,
        number=run.number,
        version=run.case.version,
        ground="expert_review",
        days=30,
        reason="鉴定",
        at=run.at,
    )
    run.later(minutes=1)
    assert run.told("zhangxiao", "process_news") == []
    resume_case(actor=boss, number=run.number, version=run.case.version, at=run.at)
    run.later(minutes=1)
    assert len(run.told("zhangxiao", "process_news")) == 1


def test_work_is_done_once_and_all_of_it_or_nothing(demo: Any, tmp_path: Any, monkeypatch: Any) -> None:
    run = begin(demo, tmp_path, monkeypatch, "any")
    run.review("wangqiang")
    run.review("wangqiang")
    wait = run.waits["tell"]
    with faults.armed("do_work.after_answer", "raise", 1), pytest.raises(faults.Fault):
        do_work(wait=wait.id, at=run.at)
    assert set(run.waits) == {"tell"}
    assert do_work(wait=wait.id, at=run.at)
    assert not do_work(wait=wait.id, at=run.at)
    assert run.acts().count("process-work") == 1


def test_a_process_that_cannot_go_on_by_its_work_is_told_of_and_tried_again(
    demo: Any, tmp_path: Any, monkeypatch: Any
) -> None:
    """Nobody holds a task then: without a word to the supervisor the case would lie until its limit turns red."""
    wide = """<sequenceFlow id="p_w" sourceRef="tell" targetRef="w_which"/>
    <exclusiveGateway id="w_which" name="资金来源" yc:nameEn="Funds" default="w_b"/>
    <sequenceFlow id="w_a" sourceRef="w_which" targetRef="NEXT"><conditionExpression>x.y = 1</conditionExpression></sequenceFlow>
    <sequenceFlow id="w_b" sourceRef="w_which" targetRef="NEXT"/>"""
    (flow,) = re.findall(r'<sequenceFlow id="[^"]*" sourceRef="tell" targetRef="[^"]*"/>', WHOLE)
    after = flow.split('targetRef="')[1].rstrip('"/>')
    publish(tmp_path, monkeypatch, demo.at, WHOLE.replace("NEED", "any").replace(flow, wide.replace("NEXT", after)))
    run = Run(demo)
    run.review("wangqiang")
    run.review("wangqiang")
    run.later(minutes=1)
    assert set(run.waits) == {"tell"}
    assert run.acts().count("process-stuck") == 1
    (told,) = run.told("huanghai", "process_stuck")
    assert "资金来源" in told
    run.at += timedelta(hours=2)
    with clock.fixed(run.at):
        watch_work()
        jobs.run_waiting()
    assert run.waits["tell"].failures == 2
    assert (run.acts().count("process-stuck"), len(run.told("huanghai", "process_stuck"))) == (1, 1)


def test_the_end_of_a_case_ends_what_its_process_waits_for(demo: Any, tmp_path: Any, monkeypatch: Any) -> None:
    from yichuang.cases.commands.end import withdraw_case

    run = begin(demo, tmp_path, monkeypatch)
    withdraw_case(actor=run.zhang, number=run.number, version=run.case.version, reason="不办了", at=run.at)
    run.later(days=10)
    assert (run.held, run.waits) == ({}, {})
    assert run.told("wangqiang", "process_reminds") == []


def test_no_other_tenant_has_a_case(demo: Any, tmp_path: Any, monkeypatch: Any) -> None:
    run = begin(demo, tmp_path, monkeypatch)
    (task,) = engine.holders_of(("case", run.id))
    with pytest.raises(NotFound):
        engine.get_task(task.id, tenant="community")
    assert engine.list_tasks(tenant="community", posts=[STREET]).items == ()
    assert ports.OWNERS["case"].tenant == TENANT
    with pytest.raises(ValueError, match="belongs to"):
        commands.start_process(xml=b"<x/>", subject=("case", run.id), tenant="community", variables={}, at=run.at)


def test_every_operation_that_a_pack_may_name_is_there() -> None:
    assert set(WORK) == set(OPERATIONS)
