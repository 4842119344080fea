import gc
import warnings
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from yichuang.core import jobs

ran: list[tuple[UUID, str]] = []


@jobs.job(name="tests.note", queue="tests")
def note(case: UUID, word: str) -> None:
    ran.append((case, word))


@jobs.job(name="tests.tidy")
def tidy() -> None:
    ran.append((UUID(int=0), "tidy"))


@pytest.fixture(autouse=True)
def clean():
    ran.clear()


@pytest.fixture(autouse=True)
def _empty_queue(request: pytest.FixtureRequest, _django_db_marker: None) -> None:
    """Whatever an earlier test of this database left waiting is no business of these."""
    if request.node.get_closest_marker("django_db"):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.mark.django_db
def test_a_job_is_one_statement_in_the_same_transaction_and_gets_its_ids_back(django_assert_num_queries):
    case = uuid4()
    with django_assert_num_queries(1):
        jobs.enqueue(note, case=case, word="到期")
    row = ProcrastinateJob.objects.get()
    assert (row.task_name, row.queue_name, row.args) == ("tests.note", "tests", {"case": str(case), "word": "到期"})
    assert jobs.run_waiting() == 1
    assert ran == [(case, "到期")]
    assert jobs.run_waiting() == 0


@pytest.mark.django_db(transaction=True)
def test_what_rolls_back_was_never_queued():
    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.enqueue(note, case=uuid4(), word="x")
        raise RuntimeError
    assert not ProcrastinateJob.objects.exists()


@pytest.mark.django_db
def test_later_means_later_also_on_a_moved_clock(monkeypatch):
    from yichuang.core import clock

    at = datetime.now(UTC) + timedelta(hours=1)
    jobs.enqueue(note, run_at=at, case=uuid4(), word="x")
    assert jobs.run_waiting() == 0
    monkeypatch.setattr(clock, "_OFFSET", timedelta(days=1))
    jobs.enqueue(note, run_at=at, case=uuid4(), word="y")
    assert jobs.run_waiting() == 1
    assert ran[0][1] == "y"


@pytest.mark.django_db
def test_once_means_one_waiting_job_per_key():
    assert jobs.enqueue_once(tidy, key="a") is not None
    assert jobs.enqueue_once(tidy, key="a") is None
    assert jobs.enqueue_once(tidy, key="b") is not None
    assert jobs.run_waiting() == 2


@pytest.mark.django_db
def test_our_short_way_queues_what_the_library_would():
    at = datetime(2026, 3, 2, tzinfo=UTC)
    jobs.enqueue(note, run_at=at, lock="case-1", case=uuid4(), word="x")
    task = app.tasks["tests.note"]
    task.configure(lock="case-1", schedule_at=at).defer(**ProcrastinateJob.objects.get().args)
    ours, theirs = ProcrastinateJob.objects.order_by("id").values()
    assert {**ours, "id": 0} == {**theirs, "id": 0}
    events = [
        [e.type for e in job.procrastinateevent_set.order_by("id")] for job in ProcrastinateJob.objects.order_by("id")
    ]
    assert events[0] == events[1]


def test_a_poison_message_is_parked_after_eight_tries():
    strategy = app.tasks["tests.note"].retry_strategy
    decisions = [
        strategy.get_retry_decision(exception=RuntimeError(), job=type("Job", (), {"attempts": tries}))
        for tries in range(jobs.TRIES)
    ]
    assert [decision is not None for decision in decisions] == [True] * 7 + [False]


def test_a_periodic_job_is_registered_once_with_its_lock():
    jobs.periodic("*/10 * * * * *")(tidy)
    assert app.tasks["tests.tidy.tick"].queueing_lock == "tests.tidy.tick"
    app.tasks["tests.tidy.tick"].func(timestamp=0)
    assert ran == [(UUID(int=0), "tidy")]


@jobs.job(name="tests.poison", queue="poison")  # a queue of its own: periodic jobs, due or not, wait in others
def poison() -> None:
    ran.append((UUID(int=1), "tried"))
    raise RuntimeError("poison")


@jobs.job(name="tests.next", queue="poison")
def next_one() -> None:
    ran.append((UUID(int=2), "next"))


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_tries_eight_times_then_parks_and_goes_on():
    jobs.enqueue(poison)
    waiting = ProcrastinateJob.objects.filter(task_name="tests.poison")
    while waiting.get().status == "todo" and len(ran) < 20:
        work()
        with connection.cursor() as cursor:  # do not wait for the pause between two tries
            cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    assert (len(ran), waiting.get().status) == (jobs.TRIES, "failed")
    jobs.enqueue(next_one)
    work()
    assert ran[-1] == (UUID(int=2), "next")


def work() -> None:
    """One run of the worker as the supervisor starts it, until nothing is due."""
    worker = app.with_connector(app.connector.get_worker_connector())
    worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, queues=["poison"])
    with connection.cursor() as cursor:  # its threads' sessions would keep the test database from being dropped
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with warnings.catch_warnings():  # and their Python ends would complain in whichever test runs next
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def begin_and_die(number: int, *, seconds_ago: int) -> None:
    """What is left when the worker that runs a job is killed: the job runs on paper, the heartbeat grows old."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 second') RETURNING id",
            [seconds_ago],
        )
        worker = cursor.fetchone()[0]
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [worker, number])


@pytest.mark.django_db
def test_what_a_killed_worker_had_begun_is_done_by_another():
    mine, other = (jobs.enqueue(note, case=uuid4(), word=word) for word in ("dead", "alive"))
    begin_and_die(mine, seconds_ago=60)
    begin_and_die(other, seconds_ago=5)
    assert jobs.free_dead() == 1
    states = dict(ProcrastinateJob.objects.order_by("id").values_list("id", "status"))
    assert (states[mine], states[other]) == ("todo", "doing")
    assert jobs.run_waiting() == 1
    assert [word for _, word in ran] == ["dead"]


@pytest.mark.django_db
def test_a_dead_tick_goes_when_the_next_one_waits_and_a_job_that_kills_workers_is_parked():
    dead = jobs.enqueue_once(tidy, key="tests.tidy")
    begin_and_die(dead, seconds_ago=60)
    waits = jobs.enqueue_once(tidy, key="tests.tidy")
    killer = jobs.enqueue(note, case=uuid4(), word="kills")
    begin_and_die(killer, seconds_ago=60)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = %s WHERE id = %s", [jobs.TRIES - 1, killer])
    assert jobs.free_dead() == 2
    states = dict(ProcrastinateJob.objects.order_by("id").values_list("id", "status"))
    assert states == {waits: "todo", killer: "failed"}
