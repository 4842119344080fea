"""The wall between tenants: PostgreSQL itself shows, takes and keeps one tenant's rows only (docs/adr/0025)."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import Error, connection, transaction
from tests.tenants.things import PROCESS, TABLE, Tenant, add, publish, start

from yichuang.engine.models import Task
from yichuang.tenants import commands, queries, wall
from yichuang.tenants.models import Row

pytestmark = pytest.mark.django_db
OWNED = sorted(wall.OWNED)
OF_ENGINE = ("engine_instance", "engine_task", "engine_token")


@pytest.fixture
def filled(jiefang: Tenant, linli: Tenant, demo: Any) -> tuple[Tenant, Tenant]:
    """Both tenants have something in every table."""
    for tenant in (jiefang, linli):
        publish(tenant, "table", "bookings", {**TABLE, "ranges": [["day"]]}, demo.at)
        url = "http://127.0.0.1:8400/told"
        commands.make_hook(actor=tenant.program, url=url, kinds=["row_added"], at=demo.at)
        add(tenant, demo.at)
        publish(tenant, "process", "book", PROCESS, demo.at)
        start(tenant, demo.at)
    return jiefang, linli


def ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else [(cursor.rowcount,)]


def counted(table: str) -> int:
    return int(ask(f"SELECT count(*) FROM {table}")[0][0])


@pytest.mark.parametrize("table", [*OWNED, *OF_ENGINE])
def test_one_tenant_sees_its_own_rows_and_no_others(filled: tuple[Tenant, Tenant], table: str) -> None:
    jiefang, linli = filled
    seen = []
    for tenant in (jiefang, linli):
        with wall.inside(tenant.id):
            seen.append({str(row) for row in ask(f"SELECT * FROM {table}")})
    assert seen[0]
    assert seen[1]
    assert not seen[0] & seen[1]
    assert counted(table) >= len(seen[0]) + len(seen[1])  # the house's own superuser, outside: the control


@pytest.mark.parametrize("table", [*OWNED, *OF_ENGINE])
def test_without_a_tenant_its_role_sees_nothing(filled: tuple[Tenant, Tenant], table: str) -> None:
    with transaction.atomic():
        ask("SELECT set_config('role', 'yichuang_tenant', true)")
        assert counted(table) == 0
        ask("SELECT set_config('role', 'none', true)")


@pytest.mark.parametrize("table", OWNED)
def test_another_tenants_rows_cannot_be_written_moved_or_deleted(filled: tuple[Tenant, Tenant], table: str) -> None:
    jiefang, linli = filled
    with wall.inside(jiefang.id):
        assert ask(f"UPDATE {table} SET tenant_id = tenant_id WHERE tenant_id = %s", linli.id) == [(0,)]
        assert ask(f"DELETE FROM {table} WHERE tenant_id = %s", linli.id) == [(0,)]
        with pytest.raises(Error, match="row-level security"), transaction.atomic():
            ask(f"UPDATE {table} SET tenant_id = %s", linli.id)


def test_a_row_cannot_be_made_for_another_tenant(filled: tuple[Tenant, Tenant], demo: Any) -> None:
    jiefang, linli = filled
    with (
        wall.inside(jiefang.id),
        pytest.raises(Error, match="row-level security"),
        transaction.atomic(),
    ):
        Row.objects.create(tenant_id=linli.id, table="bookings", data={}, size=2, made_at=demo.at, changed_at=demo.at)


def test_a_task_of_another_tenants_process_is_not_there_for_the_engine(filled: tuple[Tenant, Tenant]) -> None:
    jiefang, linli = filled
    theirs = Task.objects.filter(tenant=str(linli.id)).order_by("id")[0]
    with wall.inside(jiefang.id):
        assert Task.objects.filter(id=theirs.id).first() is None
        assert Task.objects.filter(tenant=str(jiefang.id)).count() == 1


@pytest.mark.parametrize(
    "table", ["people_party", "cases_case", "tenants_tenant", "tenants_credential", "core_entry", "catalog_itemversion"]
)
def test_the_role_of_tenants_may_read_no_other_table_of_the_house(jiefang: Tenant, table: str) -> None:
    with wall.inside(jiefang.id), pytest.raises(Error, match="permission denied"), transaction.atomic():
        counted(table)


def test_the_models_refuse_to_be_asked_outside_the_wall() -> None:
    with pytest.raises(RuntimeError, match="inside"):
        Row.objects.all()


def test_what_fails_inside_leaves_the_wall(filled: tuple[Tenant, Tenant]) -> None:
    before = ask("SELECT current_user, current_setting('yichuang.tenant', true)")[0][0]
    with pytest.raises(Error), wall.inside(filled[0].id):
        ask("SELECT 1/0")
    assert ask("SELECT current_user")[0][0] == before
    assert wall.current() is None


def test_inside_another_the_first_tenant_comes_back(filled: tuple[Tenant, Tenant]) -> None:
    jiefang, linli = filled
    with wall.inside(jiefang.id):
        with wall.inside(linli.id):
            assert {row.tenant_id for row in Row.objects.order_by("id")} == {linli.id}
        assert {row.tenant_id for row in Row.objects.order_by("id")} == {jiefang.id}


def test_every_table_of_a_tenant_has_forced_policies_and_an_owner_who_is_held_to_them(
    filled: tuple[Tenant, Tenant],
) -> None:
    """The house's login may be a superuser, whom no policy holds; a plain owner is held by FORCE."""
    jiefang, _ = filled
    found = ask(
        "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        "WHERE a.attname = 'tenant_id' AND c.relkind = 'r' AND c.relname LIKE 'tenants\\_%%' AND c.relnamespace = 'public'::regnamespace "
        "AND c.relname NOT IN ('tenants_credential', 'tenants_pace') ORDER BY 1"
    )
    assert found == [(table, True, True) for table in OWNED]
    probe = f"probe_{uuid4().hex[:8]}"  # roles are the server's: another worker may do the same
    ask(f"SET CONSTRAINTS ALL IMMEDIATE; CREATE ROLE {probe} NOLOGIN; ALTER TABLE tenants_row OWNER TO {probe}")
    ask(f"SET LOCAL ROLE {probe}")
    assert counted("tenants_row") == 0
    ask("SELECT set_config('yichuang.tenant', %s, true)", str(jiefang.id))
    assert counted("tenants_row") == 1
    ask("SELECT set_config('yichuang.tenant', '', true), set_config('yichuang.whole', 'on', true)")  # the backup
    assert counted("tenants_row") == 2
    ask("RESET ROLE")


def test_whoever_reads_by_token_reads_their_own(filled: tuple[Tenant, Tenant]) -> None:
    jiefang, linli = filled
    mine = queries.list_rows(jiefang.program, "bookings").items
    theirs = queries.list_rows(linli.program, "bookings").items
    assert len(mine) == len(theirs) == 1
    assert mine[0].id != theirs[0].id
