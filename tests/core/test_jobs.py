import contextlib
import gc
import threading
import warnings
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from unittest import mock
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.periodic import PeriodicRegistry

from yichuang.core import clock, jobs

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


@pytest.mark.django_db
def test_put_queues_what_enqueue_queues():
    case = uuid4()
    jobs.enqueue(note, lock="l", case=case, word="x")
    jobs.put(note, lock="l", case=case, word="x")
    one, other = ProcrastinateJob.objects.order_by("id").values()
    assert {**one, "id": 0} == {**other, "id": 0}


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
    jobs.periodic("* * * * * */10")(tidy)
    assert app.tasks["tests.tidy.tick"].queueing_lock == "tests.tidy.tick"
    app.tasks["tests.tidy.tick"].func(timestamp=0)
    assert ran == [(UUID(int=0), "tidy")]


@pytest.mark.django_db
def test_on_a_clock_of_its_own_what_comes_by_the_minute_comes_by_that_clock(monkeypatch):
    monkeypatch.setattr(clock, "runs_apart", lambda: True)
    monkeypatch.setattr(jobs, "_by_our_clock", PeriodicRegistry())

    @jobs.periodic("*/10 * * * *")
    @jobs.job(name="tests.apart")
    def apart() -> None:
        ran.append((UUID(int=0), "apart"))

    nine = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    assert ("tests.apart.tick", "") not in app.periodic_registry.periodic_tasks
    assert jobs.tick(nine, nine + timedelta(minutes=9)) == 0
    assert jobs.tick(nine + timedelta(minutes=9), nine + timedelta(hours=1)) == 1
    assert jobs.tick(nine + timedelta(hours=1), nine + timedelta(hours=2)) == 1  # one waits already
    assert jobs.run_waiting() == 1
    assert ran == [(UUID(int=0), "apart")]


@pytest.mark.parametrize(
    ("task", "seconds"),
    [
        ("core.sequence_ledger", 15),
        ("core.free_dead_jobs", 20),
        ("cases.watch_clocks", 60),
        ("core.clear_jobs", 3600),
    ],
)
def test_periodic_jobs_tick_as_often_as_they_say(task, seconds):
    [declared] = [p for (name, _), p in app.periodic_registry.periodic_tasks.items() if name == f"{task}.tick"]
    ticks = declared.croniter
    first = ticks.get_next(ret_type=float, start_time=1_795_332_001)
    assert [ticks.get_next(ret_type=float) - first for _ in range(3)] == [seconds, 2 * seconds, 3 * seconds]


@pytest.mark.parametrize(
    ("cron", "utc"),
    [
        ("23 3 * * *", "23 19 * * *"),
        ("10 9-17 * * *", "10 1,2,3,4,5,6,7,8,9 * * *"),
        ("0 7-8 * * *", "0 0,23 * * *"),
        ("17 * * * *", "17 * * * *"),
        ("*/5 * * 2 1", "*/5 * * 2 1"),
    ],
)
def test_the_hours_of_periodic_jobs_are_those_of_the_halls(cron, utc):
    assert jobs._in_utc(cron) == utc


def test_an_hour_on_some_days_cannot_be_said_in_utc():
    with pytest.raises(ValueError, match="some days"):
        jobs._in_utc("0 3 * * 1")


@pytest.mark.parametrize(
    ("task", "hour"),
    [
        ("core.check_ledger_nightly", 3),
        ("people.forget_codes", 4),
        ("issuing.archive_nightly", 2),
        ("cases.watch_terms", 9),
    ],
)
def test_what_runs_by_the_hour_runs_at_that_hour_of_the_halls(task, hour):
    [declared] = [p for (name, _), p in app.periodic_registry.periodic_tasks.items() if name == f"{task}.tick"]
    tick = declared.croniter.get_next(ret_type=float, start_time=1_795_332_001)
    assert datetime.fromtimestamp(tick, clock.SHANGHAI).hour == hour


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


@jobs.job(name="tests.once", queue="poison", retries=1)
def once() -> None:
    ran.append((UUID(int=3), "once"))
    raise RuntimeError("once")


@pytest.mark.django_db(transaction=True)
def test_a_job_that_is_tried_once_is_parked_at_once():
    jobs.enqueue(once)
    work()
    assert (ran[-1], ProcrastinateJob.objects.get(task_name="tests.once").status) == ((UUID(int=3), "once"), "failed")


def work() -> None:
    """One run of the worker as the supervisor starts it, until nothing is due."""
    worker = app.with_connector(app.connector.get_worker_connector())
    with mock.patch.dict(connections.settings["default"], {"CONN_MAX_AGE": 0}):  # its threads leave no session behind
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, queues=["poison"])
    with connection.cursor() as cursor:  # its own pool's sessions would keep the test database from being dropped
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with warnings.catch_warnings():  # and their Python ends would complain in whichever test runs next
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def begin(number: int, *, seconds_ago: int) -> None:
    """What is left of a job when its worker is killed or loses it: it runs on paper."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")  # alive, by its heartbeat
        worker = cursor.fetchone()[0]
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [worker, number])
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - %s * interval '1 second' WHERE job_id = %s",
            [seconds_ago, number],
        )


@pytest.mark.django_db
def test_what_nobody_runs_any_more_is_queued_again_also_when_its_worker_lives():
    lost, just_taken, long_runner = (jobs.enqueue(note, case=uuid4(), word=w) for w in ("lost", "taken", "long"))
    begin(lost, seconds_ago=11)
    begin(just_taken, seconds_ago=5)
    begin(long_runner, seconds_ago=600)
    with running(long_runner):
        assert jobs.free_dead() == 1
    states = dict(ProcrastinateJob.objects.order_by("id").values_list("id", "status"))
    assert states == {lost: "todo", just_taken: "doing", long_runner: "doing"}
    assert jobs.run_waiting() == 1
    assert [word for _, word in ran] == ["lost"]


@contextlib.contextmanager
def running(number: int):
    """The worker's own way of running a job, stopped in its middle."""
    context, held = SimpleNamespace(job=SimpleNamespace(id=number)), jobs._held
    inside, done = threading.Event(), threading.Event()

    def work_on() -> None:
        try:
            held(lambda: inside.set() or done.wait(30), context, None)
        finally:
            connection.close()

    thread = threading.Thread(target=work_on)
    thread.start()
    assert inside.wait(30)
    try:
        yield
    finally:
        done.set()
        thread.join()


@pytest.mark.django_db
def test_a_job_that_lost_its_session_in_the_middle_tells_its_own_trouble():
    def lose() -> None:
        raise RuntimeError("the job's own")

    context = SimpleNamespace(job=SimpleNamespace(id=7))
    with pytest.raises(RuntimeError, match="the job's own"):
        jobs._held(lose, context, None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database AND d.datname = current_database() "
            "WHERE l.locktype = 'advisory' AND l.classid = %s",
            [jobs._OURS],
        )  # of this database: the next worker's jobs hold theirs
        assert cursor.fetchone()[0] == 0


@pytest.mark.django_db
def test_a_dead_tick_goes_when_the_next_one_waits_and_a_job_that_kills_workers_is_parked():
    for _ in range(2):  # the worker died twice
        begin(jobs.enqueue_once(tidy, key="tests.tidy"), seconds_ago=60)
        begin(jobs.enqueue_once(tidy, key="tests.other"), seconds_ago=60)
    waits = jobs.enqueue_once(tidy, key="tests.tidy")
    killer = jobs.enqueue(note, case=uuid4(), word="kills")
    begin(killer, seconds_ago=60)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = %s WHERE id = %s", [jobs.TRIES - 1, killer])
    assert jobs.free_dead() == 5
    rows = list(ProcrastinateJob.objects.order_by("queueing_lock").values_list("queueing_lock", "status"))
    assert rows == [("tests.other", "todo"), ("tests.tidy", "todo"), (None, "failed")]
    assert ProcrastinateJob.objects.get(queueing_lock="tests.tidy").id == waits
