"""What happens in the rooms is told to the pages that show it."""

from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction

from yichuang.cases.events import CaseAccepted
from yichuang.cases.jobs import end_offer_job
from yichuang.core import jobs, live
from yichuang.engine.events import TaskOpened
from yichuang.settings import handlers

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
CASE = UUID("0190a000-0000-7000-8000-0000000000c1")


@pytest.fixture
def told(monkeypatch):
    topics: list[str] = []
    monkeypatch.setattr(live, "tell", lambda *names: topics.extend(names))
    return topics


def test_an_accepted_case_is_told_to_its_pages_only(told):
    handlers.tell_case(CaseAccepted(case_id=CASE, number="N", at=AT, accepted_as="normal"))
    assert told == [f"case:{CASE}"]


def test_an_open_task_is_told_to_its_post_and_its_case(told):
    task = TaskOpened(
        task=CASE,
        instance=CASE,
        subject_kind="case",
        subject_id=CASE,
        node="n",
        post="SGJ.review",
        act="review",
        due_at=None,
        at=AT,
    )
    handlers.tell_post(task)
    assert told == ["post:SGJ.review", f"case:{CASE}"]


def test_a_task_of_another_application_is_told_to_no_page_of_the_house(told):
    """Its post may be called as one of the house's is."""
    task = TaskOpened(
        task=CASE, instance=CASE, subject_kind="run", subject_id=CASE, node="n", post="SGJ.review", act="review",
        due_at=None, at=AT,
    )  # fmt: skip
    handlers.tell_post(task)
    assert told == []


@pytest.mark.django_db
def test_news_goes_out_after_the_commit_and_once_per_topic(
    django_capture_on_commit_callbacks, django_assert_num_queries
):
    with django_capture_on_commit_callbacks() as callbacks:
        live.tell("case:1", "case:1")
    with django_assert_num_queries(1):
        for callback in callbacks:
            callback()
    assert len(callbacks) == 1


@pytest.mark.django_db(transaction=True)
def test_news_travels_with_the_notify_of_a_job_where_there_is_one(django_capture_on_commit_callbacks):
    with psycopg.connect(**connection.get_connection_params()) as listening, transaction.atomic():
        listening.autocommit = True
        listening.execute(f"LISTEN {live.CHANNEL}")
        jobs.enqueue(end_offer_job, case=CASE)
        live.tell("case:1", "post:2")
        assert connection.run_on_commit == []
        assert list(listening.notifies(timeout=0.05)) == []
        transaction.on_commit(lambda: heard.extend(n.payload for n in listening.notifies(timeout=5, stop_after=2)))
        heard: list[str] = []
    assert sorted(heard) == ["case:1", "post:2"]
    with transaction.atomic():  # the next transaction carries none
        live.tell("case:1")
        assert len(connection.run_on_commit) == 1


def test_the_roof_is_wired():
    from yichuang.core import events

    assert handlers.tell_case in events._handlers[CaseAccepted]
    assert handlers.tell_post in events._handlers[TaskOpened]
