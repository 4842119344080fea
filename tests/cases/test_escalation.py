"""督办: a limit that runs out is put on record with no page open, once for each step, and a supervisor's words reach the holder."""

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from tests.cases.test_life_of_a_case import accepted, review_all
from tests.demo import TUESDAY

from yichuang.cases import jobs, queries
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.end import withdraw_case
from yichuang.cases.commands.escalate import escalate_case, urge_case
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.commands.review import claim_review
from yichuang.cases.commands.special import suspend_case
from yichuang.cases.models import Case, Escalation
from yichuang.cases.rules.clock import end_of
from yichuang.cases.rules.escalation import days_ago, days_late, horizon, step_of
from yichuang.cases.values import Light, Step
from yichuang.core import clock, ledger
from yichuang.core.jobs import run_waiting
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.workdays import Calendar
from yichuang.engine.queries import tasks_of
from yichuang.notices.queries import list_inbox

DAY = timedelta(days=1)
WEEK = Calendar({}, frozenset({2026}))
FRIDAY_NIGHT = TUESDAY + 3 * DAY + timedelta(hours=8)


@pytest.mark.parametrize("light", list(Light))
def test_red_reminds_and_overdue_escalates(light):
    assert step_of(light) == {Light.RED: Step.DUE_SOON, Light.OVERDUE: Step.OVERDUE}.get(light)


def test_days_late_are_working_days_begun_since_the_end():
    due = end_of(TUESDAY.date())
    late = [days_late(due, TUESDAY + n * DAY, WEEK) for n in range(8)]
    assert late == [0, 1, 2, 3, 3, 3, 4, 5]
    friday = end_of(FRIDAY_NIGHT.date())
    assert days_late(friday, FRIDAY_NIGHT + DAY, WEEK) == 1, "past is past, on a Saturday too"


def test_the_horizon_is_the_end_of_this_or_the_next_working_day():
    assert horizon(TUESDAY, WEEK) == end_of(TUESDAY.date())
    assert horizon(TUESDAY + 4 * DAY, WEEK) == end_of((TUESDAY + 6 * DAY).date())
    assert days_ago(TUESDAY, 10, WEEK) == (TUESDAY - 14 * DAY).date()


def look(at):
    """The job's look at all limits, and what it queues."""
    with clock.fixed(at):
        jobs.watch_limits()
        with connection.cursor() as cursor:  # only what this look queued: other jobs have their own tests
            cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name <> 'cases.escalate' AND status = 'todo'")
        return run_waiting()


def steps(number):
    rows = Escalation.objects.filter(case__number=number).order_by("at", "id")
    return list(rows.values_list("step", "limit"))


def test_a_limit_is_escalated_on_its_last_day_and_once_it_has_passed_each_once(demo):
    receipt, _ = accepted(demo)
    due = Case.objects.get(number=receipt.number).due_at
    look(due - 2 * DAY)
    assert steps(receipt.number) == []
    for _ in range(2):
        look(due - timedelta(hours=10))
    assert steps(receipt.number) == [("due_soon", "decision")]
    for later in (timedelta(minutes=1), DAY, 2 * DAY):
        look(due + later)
    assert steps(receipt.number) == [("due_soon", "decision"), ("overdue", "decision")]
    acts = [entry.act for entry in ledger.list_entries(ledger.Subject("case", receipt.case_id))]
    assert acts.count("escalate") == 2
    assert Case.objects.get(number=receipt.number).version == 2, "nobody acted on the case"
    row = queries.get_case_for(demo.actor("zhangxiao"), receipt.number, at=due).timeline[-1]
    assert "超过期限" in row.words.zh, "the applicant reads it too"


def test_an_unanswered_filing_is_escalated_by_its_five_days(demo):
    receipt = demo.file(demo.actor("zhangxiao"), "fangwu-zulin-beian")
    look(Case.objects.get(number=receipt.number).due_at + timedelta(minutes=1))
    assert steps(receipt.number) == [("overdue", "answer")]


def test_an_extension_moves_the_limit_and_what_follows_it(demo):
    receipt, head = accepted(demo)
    due = Case.objects.get(number=receipt.number).due_at
    look(due - timedelta(hours=10))
    demo.extended(number=receipt.number, version=head.version, days=5, at=due - timedelta(hours=9))
    look(due + timedelta(hours=1))
    assert steps(receipt.number) == [("due_soon", "decision")]
    look(Case.objects.get(number=receipt.number).due_at + timedelta(hours=1))
    assert steps(receipt.number) == [("due_soon", "decision"), ("overdue", "decision")]


def test_a_clock_that_stands_still_or_waits_for_the_applicant_escalates_nothing(demo):
    stopped, head = accepted(demo)
    far = Case.objects.get(number=stopped.number).due_at + 30 * DAY
    suspend_case(
        actor=demo.actor("wangqiang"), number=stopped.number, version=head.version, ground="testing", days=5,
        reason="送检", at=demo.at,
    )  # fmt: skip
    waiting = demo.file(demo.actor("zhangxiao"), number=2, materials=())
    notify_gaps(actor=demo.actor("lina"), number=waiting.number, version=1, findings={}, at=demo.at)
    ended = demo.file(demo.actor("zhangxiao"), "shiye-dengji")
    withdraw_case(actor=demo.actor("zhangxiao"), number=ended.number, version=1, reason="", at=demo.at)
    look(far)
    for receipt in (stopped, waiting, ended):
        assert steps(receipt.number) == []
        assert escalate_case(case=receipt.case_id, at=far) is None


def test_a_result_that_is_not_made_in_ten_days_is_escalated(demo):
    receipt, head = accepted(demo)
    version = review_all(demo, receipt.case_id, head.version, "wangqiang")
    lin = demo.actor("linfang")
    decide_case(actor=lin, number=receipt.number, version=version, outcome="grant", reasons="", at=demo.at)
    look(demo.at + 13 * DAY)
    assert steps(receipt.number) == []
    look(demo.at + 14 * DAY)
    look(demo.at + 15 * DAY)
    look(demo.at + 16 * DAY)
    assert steps(receipt.number) == [("due_soon", "delivery"), ("overdue", "delivery")]


@pytest.fixture
def late(demo):
    """An overdue case in review, and the instant."""
    receipt, _ = accepted(demo)
    at = Case.objects.get(number=receipt.number).due_at + DAY
    look(at)
    return receipt, at


def test_the_list_says_which_case_who_holds_it_and_how_late(demo, late):
    receipt, at = late
    for who in ("huanghai", "mali", "wangqiang"):
        [row] = queries.list_escalated(demo.actor(who), at=at)
        assert (row.case.number, row.days_late, row.orders) == (receipt.number, 2, 0)
        assert row.holders[0].post == "CGZF.review" or row.holders[0].post.startswith("CGZF.")
    for who in ("zhaomin", "sunli", "zhangxiao"):
        assert queries.list_escalated(demo.actor(who), at=at) == ()


def test_a_supervisors_words_reach_the_holder_and_are_counted(demo, late):
    receipt, at = late
    urge_case(actor=demo.actor("huanghai"), number=receipt.number, words="请今日内办结", at=at)
    urge_case(actor=demo.actor("mali"), number=receipt.number, words="申请人已来电两次", at=at)
    page = queries.get_case_for(demo.actor("wangqiang"), receipt.number, at=at)
    assert [row.note for row in page.escalations if row.by] == ["请今日内办结", "申请人已来电两次"]
    assert queries.get_case_for(demo.actor("zhangxiao"), receipt.number, at=at).escalations == ()
    [row] = queries.list_escalated(demo.actor("huanghai"), at=at)
    assert row.orders == 2


def test_an_order_pressed_twice_is_one_order(demo, late):
    receipt, at = late
    order = {"actor": demo.actor("huanghai"), "number": receipt.number, "words": "请今日内办结"}
    assert urge_case(**order, at=at) == urge_case(**order, at=at + timedelta(seconds=20))
    urge_case(**order, at=at + timedelta(hours=1))
    [row] = queries.list_escalated(demo.actor("huanghai"), at=at + timedelta(hours=1))
    assert row.orders == 2


@pytest.mark.parametrize("who", ["lina", "wangqiang", "zhangxiao", "zhaomin", "moshengren"])
def test_only_supervisors_and_the_halls_manager_urge(demo, late, who):
    receipt, at = late
    with pytest.raises((Refused, NotFound)):
        urge_case(actor=demo.actor(who), number=receipt.number, words="快", at=at)


def test_urging_needs_words_and_an_open_case(demo, late):
    receipt, at = late
    huang = demo.actor("huanghai")
    with pytest.raises(Refused):
        urge_case(actor=huang, number=receipt.number, words="  ", at=at)
    zhang, version = demo.actor("zhangxiao"), Case.objects.get(number=receipt.number).version
    withdraw_case(actor=zhang, number=receipt.number, version=version, reason="", at=at)
    with pytest.raises(Refused):
        urge_case(actor=huang, number=receipt.number, words="快", at=at)


def test_escalations_cannot_be_changed_and_the_ledger_vouches_for_them(demo, late, settings, tmp_path):
    settings.YICHUANG_DATA = tmp_path
    receipt, at = late
    urge_case(actor=demo.actor("huanghai"), number=receipt.number, words="请今日内办结", at=at)
    ledger.sequence(at=at)
    notes = [ledger.checkpoint(at=at).note]
    assert ledger.verify_ledger(notes) == []
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_escalation")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM cases_escalation WHERE step = 'overdue'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert {fault.kind for fault in ledger.verify_ledger(notes)} == {"FACT_MISSING"}


def told(demo, who, template="case_urged"):
    return [message.body for message in list_inbox(demo.actor(who).id) if message.template == template]


def test_an_order_lies_in_the_inbox_of_who_has_the_case_and_of_nobody_else(demo):
    """Of all who sit at the post first; once it is taken, of who took it."""
    receipt, head = accepted(demo)
    order = {"actor": demo.actor("huanghai"), "number": receipt.number, "at": demo.at}
    urge_case(**order, words="请今天办结")
    [body] = told(demo, "wangqiang")
    assert receipt.number in body
    assert "请今天办结" in body
    assert not told(demo, "linfang")
    assert not told(demo, "zhangxiao")
    task = tasks_of(("case", receipt.case_id))[0]
    claim_review(actor=demo.actor("wangqiang"), task=task.id, version=head.version, at=demo.at)
    urge_case(**order, words="请马上办结")
    assert len(told(demo, "wangqiang")) == 2


def test_a_limit_that_runs_out_is_told_once_for_each_step(demo):
    receipt, _ = accepted(demo)
    due = Case.objects.get(id=receipt.case_id).due_at
    for late in (-timedelta(hours=1), -timedelta(minutes=50), timedelta(hours=1)):
        look(due + late)
    soon, past = reversed(told(demo, "wangqiang", "limit_running_out"))
    assert "期限最后一天" in soon
    assert "超过期限" in past
