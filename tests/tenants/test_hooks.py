"""Telling a tenant's programs (回调): signed, tried again, once for who takes it, and never in another's turn."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from tests.tenants.things import PROCESS, WAITS, Tenant, add, publish, start, with_table

from yichuang.core import jobs, ledger
from yichuang.core.clock import fixed
from yichuang.core.refusals import NotFound, Refused
from yichuang.tenants import commands, queries, wall
from yichuang.tenants.commands import hooks
from yichuang.tenants.models import Delivery, Hook
from yichuang.tenants.ports import PostFailed
from yichuang.tenants.rules import AGAIN, MOST_HOOKS, NEWS_BYTES
from yichuang.tenants.values import NEWS

URL = "http://127.0.0.1:8400/told"


class Post:
    """Takes what is posted; refuses as it is told."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.faults: list[PostFailed] = []
        self.tried = 0

    def __call__(self) -> "Post":
        return self

    def fault_of(self, url: str) -> str:
        return "" if url.startswith("http") else "SCHEME"

    def post(self, **sent: Any) -> None:
        self.tried += 1
        if self.faults:
            raise self.faults.pop(0)
        self.taken.append(sent)

    @property
    def kinds(self) -> list[str]:
        return [one["kind"] for one in self.taken]


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    found = Post()
    monkeypatch.setattr(hooks, "poster", found)
    return found


def hooked(tenant: Tenant, at: Any, *kinds: str, url: str = URL) -> Any:
    return commands.make_hook(actor=tenant.program, url=url, kinds=kinds or list(NEWS), at=at)[0]


def delivered(at: Any) -> None:
    """Every job that is queued, and those that these queue for now."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
    with fixed(at):
        jobs.run_waiting()


def deliver(tenant: Tenant, at: Any) -> int:
    return hooks.deliver_news(tenant=tenant.id, now=lambda: at)


def used(tenant: Tenant, at: Any) -> int:
    return int(queries.whoami(tenant.program, at=at)[1].bytes)


# ── with rows ─────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_what_happens_is_told_with_ids_and_no_data(jiefang: Tenant, demo: Any, post: Post) -> None:
    hook = hooked(jiefang, demo.at)
    with_table(jiefang, demo.at)
    publish(jiefang, "process", "book", PROCESS, demo.at)
    publish(jiefang, "process", "waits", WAITS, demo.at)
    row = add(jiefang, demo.at)
    commands.change_row(actor=jiefang.program, table="bookings", row=row, version=1, data={"venue": "二楼", "name": "张晓"}, at=demo.at)  # fmt: skip
    commands.remove_row(actor=jiefang.program, table="bookings", row=row, version=2, at=demo.at)
    run, waiting = start(jiefang, demo.at, variables={"who": "张晓"}), start(jiefang, demo.at, "waits")
    commands.send_message(actor=jiefang.program, run=waiting, name="补正", variables={}, key="m", at=demo.at)
    task = queries.get_run(jiefang.program, run).tasks[0].id
    of: dict[str, Any] = {"actor": jiefang.program, "task": task, "by": "w", "at": demo.at}
    commands.claim_task(**of)
    commands.complete_task(outcome="agree", opinion="", variables={}, **of)
    commands.cancel_run(actor=jiefang.program, run=waiting, reason="", at=demo.at)
    while deliver(jiefang, demo.at):
        pass
    assert sorted(post.kinds) == sorted([*NEWS, "run_ended"])
    assert {one["key"] for one in post.taken} == {str(hook)}
    assert all(one["secret"].startswith("ycs_") for one in post.taken)
    assert "张晓" not in b"".join(one["body"] for one in post.taken).decode()
    ended = [one["body"].decode() for one in post.taken if one["kind"] == "run_ended"]
    assert str(run) in ended[0] or str(run) in ended[1]
    [told] = queries.list_hooks(jiefang.program)
    assert (told.waiting, told.dead, told.told_at, told.fault) == (0, 0, demo.at, "")


@pytest.mark.django_db
def test_only_what_is_wanted_is_told_and_nothing_of_another_tenant(
    jiefang: Tenant, linli: Tenant, demo: Any, post: Post
) -> None:
    hooked(jiefang, demo.at, "row_added")
    for tenant in (jiefang, linli):
        with_table(tenant, demo.at)
        row = add(tenant, demo.at)
        commands.remove_row(actor=tenant.program, table="bookings", row=row, version=1, at=demo.at)
    assert (deliver(jiefang, demo.at), deliver(linli, demo.at), post.kinds) == (1, 0, ["row_added"])


@pytest.mark.django_db
def test_what_was_rolled_back_was_never_told_and_a_job_tells_the_rest(jiefang: Tenant, demo: Any, post: Post) -> None:
    hooked(jiefang, demo.at, "row_added")
    with_table(jiefang, demo.at)
    with pytest.raises(Refused):
        add(jiefang, demo.at, people=0)
    add(jiefang, demo.at)
    delivered(demo.at)
    assert post.kinds == ["row_added"]


@pytest.mark.django_db
def test_what_is_not_taken_is_tried_again_with_the_same_id_until_nobody_will(
    jiefang: Tenant, demo: Any, post: Post
) -> None:
    hook, before = hooked(jiefang, demo.at, "row_added"), used(jiefang, demo.at)
    commands.ping_hook(actor=jiefang.program, hook=hook, at=demo.at)
    assert used(jiefang, demo.at) == before + NEWS_BYTES
    post.faults = [PostFailed("HTTP_500") for _ in range(len(AGAIN) + 1)]
    at = demo.at
    for seconds in AGAIN:
        assert deliver(jiefang, at) == 0
        assert deliver(jiefang, at + timedelta(seconds=seconds - 1)) == 0
        at += timedelta(seconds=seconds)
    assert (post.tried, queries.list_hooks(jiefang.program)[0].dead) == (len(AGAIN), 0)
    deliver(jiefang, at)
    [told] = queries.list_hooks(jiefang.program)
    assert (told.dead, told.waiting, told.fault) == (1, 0, "HTTP_500")
    assert commands.retry_hook(actor=jiefang.program, hook=hook, at=at) == 1
    assert deliver(jiefang, at) == 1
    assert used(jiefang, demo.at) == before
    assert len({one["delivery"] for one in post.taken}) == 1


@pytest.mark.django_db
def test_one_that_is_gone_for_good_is_told_no_more_until_it_is_turned_on(
    jiefang: Tenant, demo: Any, post: Post
) -> None:
    hook = hooked(jiefang, demo.at, "row_added")
    with_table(jiefang, demo.at)
    add(jiefang, demo.at)
    post.faults = [PostFailed("HTTP_410", final=True)]
    deliver(jiefang, demo.at)
    add(jiefang, demo.at, day="2026-12-02")
    [told] = queries.list_hooks(jiefang.program)
    assert (told.on, told.dead, told.waiting) == (False, 1, 0)
    commands.retry_hook(actor=jiefang.program, hook=hook, at=demo.at)
    add(jiefang, demo.at, day="2026-12-03")
    assert deliver(jiefang, demo.at) == 2


@pytest.mark.django_db
def test_one_that_is_down_is_asked_once_in_a_turn_and_holds_up_no_other(jiefang: Tenant, demo: Any, post: Post) -> None:
    hooked(jiefang, demo.at, "row_added")
    hooked(jiefang, demo.at, "row_added", url=URL + "/2")
    with_table(jiefang, demo.at)
    for day in range(1, 4):
        add(jiefang, demo.at, day=f"2026-12-0{day}")
    post.faults = [PostFailed("NO_ANSWER")]
    assert deliver(jiefang, demo.at) == 3
    assert {one["url"] for one in post.taken} == {URL + "/2"}
    assert post.tried == 4


@pytest.mark.django_db
def test_a_turn_is_short_and_the_next_stands_behind_others(jiefang: Tenant, demo: Any, post: Post) -> None:
    hook = hooked(jiefang, demo.at, "row_added")
    for _ in range(hooks.AT_ONCE + 3):
        commands.ping_hook(actor=jiefang.program, hook=hook, at=demo.at)
    assert deliver(jiefang, demo.at) == hooks.AT_ONCE
    delivered(demo.at)
    assert len(post.taken) == hooks.AT_ONCE + 3


@pytest.mark.django_db
def test_what_a_killed_job_had_claimed_is_sent_by_the_next(
    jiefang: Tenant, demo: Any, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands.ping_hook(actor=jiefang.program, hook=hooked(jiefang, demo.at), at=demo.at)
    hooks._claim(jiefang.id, demo.at)
    assert deliver(jiefang, demo.at + timedelta(minutes=1)) == 0
    assert deliver(jiefang, demo.at + timedelta(minutes=2)) == 1


@pytest.mark.django_db
def test_more_than_a_thousand_waiting_are_lost_and_counted(
    jiefang: Tenant, demo: Any, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "MOST_WAITING", 2)
    hooked(jiefang, demo.at, "row_added")
    with_table(jiefang, demo.at)
    for day in range(1, 5):
        add(jiefang, demo.at, day=f"2026-12-0{day}")
    [told] = queries.list_hooks(jiefang.program)
    assert (told.waiting, told.lost) == (2, 2)


@pytest.mark.django_db
def test_a_suspended_tenant_is_told_when_it_is_resumed(jiefang: Tenant, demo: Any, post: Post, keeper: Any) -> None:
    commands.ping_hook(actor=jiefang.program, hook=hooked(jiefang, demo.at), at=demo.at)
    commands.suspend_tenant(actor=keeper, code="jiefang", at=demo.at)
    delivered(demo.at)
    assert post.taken == []
    commands.resume_tenant(actor=keeper, code="jiefang", at=demo.at)
    delivered(demo.at)
    assert post.kinds == ["ping"]


@pytest.mark.django_db
def test_hooks_are_the_tenants_own_and_ten_at_most(
    jiefang: Tenant, linli: Tenant, demo: Any, post: Post, keeper: Any
) -> None:
    hook, before = hooked(jiefang, demo.at), used(jiefang, demo.at)

    def code_of(attempt: Callable[[], object]) -> str:
        with pytest.raises(Refused) as refused:
            attempt()
        return refused.value.reasons[0].code

    for act in (commands.ping_hook, commands.retry_hook, commands.remove_hook):
        with pytest.raises(NotFound):
            act(actor=linli.program, hook=hook, at=demo.at)
    assert queries.list_hooks(linli.program) == ()
    assert [row.url for row in queries.hooks_of(keeper, "jiefang")] == [URL]
    assert code_of(lambda: hooked(jiefang, demo.at)) == "HOOK_THERE"
    assert code_of(lambda: hooked(jiefang, demo.at, url="ftp://x.example")) == "BAD_ADDRESS"
    for n in range(MOST_HOOKS - 1):
        hooked(jiefang, demo.at, url=f"{URL}/{n}")
    assert code_of(lambda: hooked(jiefang, demo.at, url=URL + "/more")) == "TOO_MANY_HOOKS"
    for row in queries.list_hooks(jiefang.program)[1:]:
        commands.remove_hook(actor=jiefang.program, hook=row.id, at=demo.at)
    commands.ping_hook(actor=jiefang.program, hook=hook, at=demo.at)
    commands.remove_hook(actor=jiefang.program, hook=hook, at=demo.at)
    assert used(jiefang, demo.at) == before - NEWS_BYTES
    with wall.inside(jiefang.id):
        assert (Hook.objects.count(), Delivery.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_the_secret_lies_sealed_and_in_no_record(jiefang: Tenant, demo: Any, post: Post) -> None:
    hook, secret = commands.make_hook(actor=jiefang.program, url=URL, kinds=["run_ended"], at=demo.at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(h)::text FROM tenants_hook h")
        [(stored,)] = cursor.fetchall()
    assert secret[4:] not in stored
    assert secret[4:] not in str([entry.detail for entry in ledger.list_entries(ledger.Subject("hook", hook))])


@pytest.mark.django_db
def test_news_that_nobody_took_are_dropped_after_a_week(jiefang: Tenant, demo: Any, post: Post) -> None:
    hook, before = hooked(jiefang, demo.at), used(jiefang, demo.at)
    commands.ping_hook(actor=jiefang.program, hook=hook, at=demo.at)
    post.faults = [PostFailed("ADDRESS", final=True)]
    deliver(jiefang, demo.at)
    assert hooks.forget_news(before=demo.at) == 0
    assert hooks.forget_news(before=demo.at + timedelta(seconds=1)) == 1
    assert used(jiefang, demo.at) == before
