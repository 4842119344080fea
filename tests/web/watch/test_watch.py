"""What machines that watch over the installation are told: alive, ready, and numbers that hold nobody's data."""

import re
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yichuang.core import ledger, pulse
from yichuang.core.actors import SYSTEM
from yichuang.core.clock import fixed
from yichuang.core.ids import new_id
from yichuang.core.jobs import enqueue, run_waiting
from yichuang.core.upkeep import clear_jobs, sequence_ledger
from yichuang.web.watch import health

FAR = {"REMOTE_ADDR": "203.0.113.9"}
TOKEN = {"authorization": "Bearer a-long-token-of-the-watchers"}


@pytest.fixture(autouse=True)
def nothing_kept():
    health.KEPT.forget()


def told(client, path="/metrics", **more):
    answer = client.get(path, **more)
    assert answer.status_code == 200, answer.content
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.content.decode()


def value(text, sample):
    """The number of one sample, named with its labels."""
    return float(re.search(rf"^{re.escape(sample)} (\S+)$", text, re.M)[1])


def test_alive_asks_nothing_of_the_database(client):
    assert told(client, "/health/live") == "ok\n"


def test_every_line_is_one_that_prometheus_reads(client, db):
    client.get("/")
    text = told(client)
    assert text.endswith("\n")
    seen = []
    for line in text.splitlines():
        if line.startswith("# "):
            assert re.fullmatch(r"# (HELP [a-z_]+ .+|TYPE [a-z_]+ (counter|gauge|histogram))", line), line
            seen.append(line)
        else:
            assert re.fullmatch(r'[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? -?[0-9.e+-]+', line), line
    assert len(seen) == len(set(seen)), "each metric is declared once"


def test_requests_are_counted_by_route_and_never_by_address(client, db):
    before = told(client)
    client.get("/verify?number=4403&name=张晓")
    client.get("/no/such/address/440300199001010011")
    after = told(client)
    for sample in ('route="portal:verify",status="200"', 'route="unknown",status="404"'):
        name = f"yichuang_requests_total{{{sample}}}"
        assert value(after, name) == (value(before, name) if name in before else 0) + 1
    count = 'yichuang_request_seconds_count{route="portal:verify"}'
    assert value(after, count) == value(after, 'yichuang_request_seconds_bucket{route="portal:verify",le="+Inf"}')
    assert "4403" not in after
    assert "张晓" not in after


def test_work_that_waits_is_told(client, db, at):
    run_waiting()
    clean = told(client)
    enqueue(clear_jobs)
    enqueue(sequence_ledger, run_at=at + timedelta(days=400))
    with fixed(at):
        ledger.append(actor=SYSTEM, act="test", subject=ledger.Subject("case", new_id()), at=at - timedelta(seconds=90))
        text = told(client)
    assert value(text, 'yichuang_jobs_waiting{queue="default"}') == 1
    assert 'queue="ledger"' not in text, "not due yet"
    assert value(text, "yichuang_ledger_waiting") == value(clean, "yichuang_ledger_waiting") + 1
    assert value(text, "yichuang_ledger_oldest_seconds") >= 90
    assert 0 < value(text, "yichuang_database_connections") <= value(text, "yichuang_database_connections_most")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE task_name = 'core.clear_jobs'")
    assert value(told(client), "yichuang_jobs_failed") == 1


def test_cases_are_counted_by_state(client, demo):
    before = value(told(client), 'yichuang_cases{state="SUBMITTED"}')
    demo.file(demo.actor("zhangxiao"))
    assert value(told(client), 'yichuang_cases{state="SUBMITTED"}') == before + 1


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        (FAR, 404),
        ({"REMOTE_ADDR": ""}, 404),
        ({"headers": {"x-forwarded-for": "203.0.113.9"}}, 404),
        ({"headers": {"x-forwarded-for": "127.0.0.1"}}, 404),
        ({"headers": {"forwarded": "for=203.0.113.9"}}, 404),
        ({**FAR, "headers": TOKEN}, 200),
        ({"headers": {**TOKEN, "x-forwarded-for": "203.0.113.9"}}, 200),
        ({**FAR, "headers": {"authorization": "Bearer wrong"}}, 404),
    ],
)
def test_numbers_are_for_this_machine_and_for_the_token(client, db, settings, options, status):
    settings.YICHUANG_METRICS_TOKEN = "a-long-token-of-the-watchers"
    assert client.get("/metrics", **options).status_code == status
    ready = client.get("/health/ready", **options)
    assert ready.status_code == 200
    assert ("measured" in ready.json()) == (status == 200)


def test_no_token_opens_nothing(client, db, settings):
    settings.YICHUANG_METRICS_TOKEN = ""
    assert client.get("/metrics", **FAR, headers={"authorization": "Bearer "}).status_code == 404


def test_ready_names_what_it_looked_at(client, db):
    found = client.get("/health/ready").json()
    assert found["status"] == "ok"
    assert found["checks"] == dict.fromkeys(("database", "connections", "clock", "jobs", "ledger", "disk"), "ok")
    assert abs(found["measured"]["clock"]["skew_seconds"]) < 5


def test_asking_again_within_two_seconds_asks_nothing_of_the_database(client, db, monkeypatch):
    moments = iter((10.0, 11.9, 12.0, 12.0))
    monkeypatch.setattr(health, "monotonic", lambda: next(moments))
    first = client.get("/health/ready", **FAR)
    with CaptureQueriesContext(connection) as asked:
        again = client.get("/health/ready", **FAR)
    assert not [query for query in asked if "procrastinate" in query["sql"] or "core_" in query["sql"]]
    assert (again.content, set(again.json())) == (first.content, {"status", "checks"})
    health.KEPT.found = (10.0, health.Health((health.Check("database", False, vital=True),)))
    assert client.get("/health/ready", **FAR).status_code == 200, "two seconds later it is looked at anew"


def test_a_full_disk_and_late_work_are_degraded_and_still_ready(client, db, settings):
    settings.YICHUANG_DISK_FLOOR_MB = 10**9
    enqueue(clear_jobs)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '10 minutes'")
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    found = answer.json()
    assert found["status"] == "degraded"
    assert {name for name, state in found["checks"].items() if state == "bad"} == {"disk", "jobs"}
    assert 590 < found["measured"]["jobs"]["oldest_seconds"] < 700


def test_without_a_database_it_is_not_ready_and_tells_what_it_can(client, monkeypatch):
    def away():
        raise OperationalError("Key (id_no)=(440300199001010011)")

    monkeypatch.setattr(pulse, "database", away)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json() | {"measured": 0} == {
        "status": "down",
        "checks": {"database": "bad", "disk": "ok"},
        "measured": 0,
    }
    text = told(client)
    assert value(text, "yichuang_database_up") == 0
    assert value(text, "yichuang_disk_free_bytes") > 0


def test_watchers_are_not_sent_to_https(db, settings):
    settings.SECURE_SSL_REDIRECT = True
    for path in ("/health/live", "/metrics"):
        assert Client().get(path).status_code in {200, 404}
    assert Client().get("/items").status_code == 301
