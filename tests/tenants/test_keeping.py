"""Tenants in the house's books: made, stopped and deleted by system administrators, and the tokens by which they come."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.tenants.things import PROCESS, Tenant, add, publish, start, with_table

from yichuang.core import ledger, second
from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.network import queries as network
from yichuang.tenants import commands, queries, wall
from yichuang.tenants.models import Credential
from yichuang.tenants.values import Quotas

pytestmark = pytest.mark.django_db


def code_of(attempt: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        attempt()
    return refused.value.reasons[0].code


@pytest.mark.parametrize("username", ["zhangxiao", "lina", "wangqiang", "anning", "shenjing", "wuqian", "mali"])
def test_nobody_but_a_system_administrator_keeps_tenants(demo: Any, jiefang: Tenant, username: str) -> None:
    who, of = demo.actor(username), {"code": "jiefang", "at": demo.at}
    department = network.get_department("CGZF").id
    acts: tuple[Callable[[], object], ...] = (
        lambda: commands.make_tenant(
            actor=who, code="new", name=W("新", "New"), department=department, quotas=Quotas(), at=demo.at
        ),
        lambda: commands.change_tenant(actor=who, name=W("新", "New"), department=department, quotas=Quotas(), **of),
        lambda: commands.suspend_tenant(actor=who, **of),
        lambda: commands.resume_tenant(actor=who, **of),
        lambda: commands.delete_tenant(actor=who, **of),
        lambda: commands.make_credential(actor=who, tenant="jiefang", label="x", scopes=["read"], days=1, at=demo.at),
        lambda: commands.rotate_credential(actor=who, tenant="jiefang", credential=jiefang.credential, at=demo.at),
        lambda: commands.revoke_credential(actor=who, tenant="jiefang", credential=jiefang.credential, at=demo.at),
        lambda: queries.list_tenants(who, at=demo.at),
        lambda: queries.usage_of(who, "jiefang", at=demo.at),
    )
    assert {code_of(act) for act in acts} == {"NOT_ALLOWED"}
    assert code_of(lambda: queries.list_parts(who, "process")) == "SIGNED_OUT"


def test_everything_wrong_with_a_tenant_is_told_at_once(demo: Any, keeper: Actor, jiefang: Tenant) -> None:
    department = network.get_department("CGZF").id
    with pytest.raises(Refused) as refused:
        commands.make_tenant(
            actor=keeper, code="A", name=W("", ""), department=department, quotas=Quotas(rows=0), at=demo.at
        )
    assert [reason.field for reason in refused.value.reasons] == ["/code", "/name", "/rows"]
    make = {"actor": keeper, "name": W("甲", "A"), "department": department, "quotas": Quotas(), "at": demo.at}
    assert code_of(lambda: commands.make_tenant(code="jiefang", **make)) == "CODE_TAKEN"


def test_of_a_token_only_the_hash_and_its_last_letters_are_kept(jiefang: Tenant, keeper: Actor, demo: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM tenants_credential c")
        [(stored,)] = cursor.fetchall()
    assert jiefang.bearer.startswith("yct_")
    assert jiefang.bearer not in stored
    assert jiefang.bearer[4:20] not in stored
    [row] = queries.list_credentials(keeper, "jiefang", at=demo.at)
    assert (row.tail, row.live, row.used_at is not None) == (jiefang.bearer[-4:], True, True)
    told = str([entry.detail for entry in ledger.list_entries(ledger.Subject("tenant", jiefang.id))])
    assert jiefang.bearer[4:20] not in told


def test_a_replaced_token_opens_for_a_day_more_and_a_revoked_one_for_no_moment(
    jiefang: Tenant, keeper: Actor, demo: Any
) -> None:
    of = {"actor": keeper, "tenant": "jiefang", "at": demo.at}
    made, bearer = commands.rotate_credential(credential=jiefang.credential, **of)
    day = timedelta(hours=24)
    assert commands.admit(jiefang.bearer, at=demo.at + day - timedelta(seconds=1)).tenant == jiefang.id
    assert code_of(lambda: commands.admit(jiefang.bearer, at=demo.at + day)) == "SIGNED_OUT"
    assert commands.admit(bearer, at=demo.at + timedelta(days=29)).tenant == jiefang.id
    assert code_of(lambda: commands.admit(bearer, at=demo.at + timedelta(days=30))) == "SIGNED_OUT"
    commands.revoke_credential(credential=made, **of)
    assert code_of(lambda: commands.admit(bearer, at=demo.at)) == "SIGNED_OUT"
    with pytest.raises(NotFound):
        commands.rotate_credential(credential=made, **of)


def test_nobody_touches_a_token_by_way_of_another_tenant(
    jiefang: Tenant, linli: Tenant, keeper: Actor, demo: Any
) -> None:
    with pytest.raises(NotFound):
        commands.revoke_credential(actor=keeper, tenant="linli", credential=jiefang.credential, at=demo.at)


def test_a_suspended_tenant_is_told_so_until_it_is_resumed(jiefang: Tenant, keeper: Actor, demo: Any) -> None:
    of = {"actor": keeper, "code": "jiefang", "at": demo.at}
    commands.suspend_tenant(**of)
    assert code_of(lambda: commands.admit(jiefang.bearer, at=demo.at)) == "TENANT_SUSPENDED"
    commands.resume_tenant(**of)
    assert commands.admit(jiefang.bearer, at=demo.at).tenant == jiefang.id


def test_calls_of_a_minute_end_at_the_quota_and_the_next_minute_begins_anew(
    make: Callable[..., Tenant], demo: Any
) -> None:
    busy = make("busy", calls=3)  # the fixture itself called once
    for _ in range(2):
        commands.admit(busy.bearer, at=demo.at)
    with pytest.raises(Refused) as refused:
        commands.admit(busy.bearer, at=demo.at)
    assert (refused.value.kind, refused.value.reasons[0].code) == ("too_many", "QUOTA_CALLS")
    commands.admit(busy.bearer, at=demo.at + timedelta(minutes=1))


def test_the_list_of_tenants_is_paged_with_three_statements_however_many_there_are(
    make: Callable[..., Tenant], keeper: Actor, demo: Any
) -> None:
    for n in range(5):
        make(f"t{n}")
    commands.suspend_tenant(actor=keeper, code="t1", at=demo.at)
    with_table(make("us"), demo.at)
    with CaptureQueriesContext(connection) as sent:
        first = queries.list_tenants(keeper, limit=4, at=demo.at)
    assert len(sent) == 3
    second = queries.list_tenants(keeper, limit=4, cursor=first.next, at=demo.at)
    assert [line.row.code for line in (*first.items, *second.items)] == ["t0", "t1", "t2", "t3", "t4", "us"]
    assert (second.next, second.items[1].used.bytes > 0, second.items[0].used.calls) == (None, True, 1)
    assert [line.row.code for line in queries.list_tenants(keeper, "T3", at=demo.at).items] == ["t3"]


def test_deleting_takes_two_and_leaves_the_others_alone(
    jiefang: Tenant, linli: Tenant, keeper: Actor, demo: Any
) -> None:
    for tenant in (jiefang, linli):
        with_table(tenant, demo.at)
        add(tenant, demo.at)
        publish(tenant, "process", "book", PROCESS, demo.at)
        start(tenant, demo.at)
    assert code_of(lambda: commands.delete_tenant(actor=keeper, code="jiefang", at=demo.at)) == "SECOND_NEEDED"
    act, args = commands.DELETE, {"code": "jiefang"}
    proposal = second.propose(actor=keeper, act=act, args=args, reason="应用下线", at=demo.at)
    other = demo.actor("chengyuan")
    lines = second.preview(other, act, args, at=demo.at)
    assert [line.value.zh for line in lines[1:3]] == ["1", "1"]
    second.confirm(actor=other, proposal=proposal, mark=second.mark_of(lines), at=demo.at)
    assert code_of(lambda: commands.admit(jiefang.bearer, at=demo.at)) == "SIGNED_OUT"
    left = {}
    for tenant in (jiefang, linli):
        with wall.inside(tenant.id), connection.cursor() as cursor:
            for table in (
                *(one for one in wall.OWNED if one != "tenants_usage"),
                "engine_task",
                "engine_instance",
                "engine_token",
            ):
                cursor.execute(f"SELECT count(*) FROM {table}")
                left.setdefault(tenant.code, []).append(cursor.fetchone()[0])
    assert left == {"jiefang": [0] * 10, "linli": [2, 1, 3, 0, 1, 0, 0, 1, 1, 1]}
    with connection.cursor() as cursor:
        cursor.execute("SELECT right(scope, 36) FROM core_idempotency_key WHERE scope LIKE 'tenants.%'")
        assert {name for (name,) in cursor.fetchall()} == {str(linli.id)}
    assert [line.row.state for line in queries.list_tenants(keeper, at=demo.at).items] == ["active", "deleted"]
    assert not Credential.objects.filter(tenant=jiefang.id, revoked_at=None).exists()
