"""Data of the first slice (commit 4165f2e) is brought up to date by today's migrations and goes on working.

`first-slice/` keeps a small installation as that commit left it: the database's dump, the data folder, and how both
were made. It is loaded beside the test database; a process of its own upgrades it and looks (`look.py`).
"""

import json
import lzma
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
import yaml
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from tests.migrated import layout

pytestmark = pytest.mark.long
HERE = Path(__file__).parent
KEPT = HERE / "first-slice"
ROOT = HERE.parents[1]
CASES, UPLOADS = 18, 64  # in the kept world
TRUSTED: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # Debian 12 has Python 3.11.2


@pytest.fixture(scope="module")
def seen(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a process saw that upgraded the old installation."""
    folder = tmp_path_factory.mktemp("first-slice")
    with tarfile.open(KEPT / "data.tar.xz") as archive:
        archive.extractall(folder, **TRUSTED)
    with _loaded(lzma.decompress((KEPT / "database.sql.xz").read_bytes()).decode()) as url:
        looked = subprocess.run(
            [sys.executable, "-m", "tests.upgrade.look", str(folder)],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": url, "PYTHONPATH": f"{ROOT}/src:{ROOT}"},
            capture_output=True,
            text=True,
        )
    assert looked.returncode == 0, looked.stderr[-4000:]
    said: dict[str, Any] = json.loads(looked.stdout)
    return said


@contextmanager
def _loaded(dump: str) -> Iterator[str]:
    """A database of its own with the dump in it; its address."""
    of = connection.settings_dict
    name = f"{of['NAME']}_first"
    there = {"host": of["HOST"], "port": of["PORT"], "user": of["USER"], "password": of["PASSWORD"]}
    there = {key: str(value) for key, value in there.items() if value}
    with psycopg.connect(dbname="postgres", autocommit=True, **there) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            with psycopg.connect(dbname=name, autocommit=True, **there) as database:
                # `\restrict` and its like are words to psql alone; nothing else of the dump begins a line like that
                database.execute("\n".join(line for line in dump.split("\n") if not line.startswith("\\")).encode())
            yield f"postgresql:///{name}?" + "&".join(f"{key}={quote(there[key], safe='')}" for key in there)
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


SINCE = {
    "bundles",
    "devices",
    "feedback",
    "insight",
    "tenants",
    "visits",
}  # rooms with tables that were built after the first slice


def test_it_begins_with_the_first_migrations_and_comes_to_todays(seen: dict[str, Any]) -> None:
    ours = {label for label, _ in MigrationLoader(None).disk_migrations if (ROOT / "src/yichuang" / label).is_dir()}
    before = {line for line in seen["before"] if line.split()[0] in ours}
    assert before == {f"{room} 0001_initial" for room in ours - SINCE}
    assert set(seen["after"]) >= {
        f"{room} {name}" for room, name in MigrationLoader(None).disk_migrations if room in ours
    }


@pytest.mark.django_db
def test_its_tables_become_those_of_a_new_installation(seen: dict[str, Any]) -> None:
    """Constraints, indexes and triggers too; and the tests' own tables, made in a shorter way, are those of Django's."""
    with connection.cursor() as cursor:
        ours = layout(cursor)
    assert len(ours) > 1000
    assert ours == seen["layout"]


def test_the_ledger_is_whole_by_the_checkpoints_of_then(seen: dict[str, Any]) -> None:
    assert seen["ledger"] == []


LAY_OPEN = {
    "cases_gapnotice.items", "cases_gapnotice.supervisor_reason", "cases_material.fault_zh", "cases_material.fault_en",
    "cases_promiselapse.repaired_reason", "people_representation.basis", "registry_certificate_status.reason",
    "registry_use.purpose",
}  # fmt: skip


def test_words_that_lay_open_are_sealed(seen: dict[str, Any]) -> None:
    """That they say the same as before is told by the ledger's fingerprints (above): they are of what is said."""
    assert set(seen["plain before"]) >= LAY_OPEN
    assert seen["plain after"] == []
    assert seen["written over"] == "refused", "what may only be added to is so again after the upgrade"


def test_every_case_still_has_its_pages(seen: dict[str, Any]) -> None:
    assert {"SUBMITTED", "CORRECTING", "IN_REVIEW", "SUSPENDED", "DELIVERED", "TERMINATED"} <= set(seen["states"])
    mine, window, office = (seen["pages"][name] for name in ("zhangxiao", "lina", "linfang"))
    assert [page for page in mine if page[1] != 200] == []
    assert [status for _, status in window if status != 200] == [404], "one item is taken at the streets, not here"
    assert {status for _, status in office} == {200, 404}, "a department sees the cases of its own items"
    assert len(window) == CASES
    assert any(path.startswith("/my/documents/") for path, _ in mine)


def test_what_was_given_out_still_verifies_and_what_was_handed_in_still_opens(seen: dict[str, Any]) -> None:
    assert seen["verified"] == {"by number": "revoked", "by file": "revoked"}
    assert seen["files"] == UPLOADS


def test_items_edited_since_come_as_new_versions_and_open_cases_keep_theirs(seen: dict[str, Any]) -> None:
    raised = {"yangquan-dengji", "getihu-sheli", "fangwu-zulin-beian"}
    decided = {"shiye-dengji"}
    assert {code for code, versions in seen["items"].items() if len(versions) == 2} == raised | decided
    assert seen["running under"]["yangquan-dengji"] == [1]
    today = yaml.safe_load((ROOT / "packs/shichang/getihu-sheli/item.yaml").read_text(encoding="utf-8"))["version"]
    assert seen["running under"]["getihu-sheli"] == [1, today], "what is filed today is filed under today's"


def test_what_was_begun_then_is_ended_now(seen: dict[str, Any]) -> None:
    assert seen["acts"] == {
        "accept": "IN_REVIEW",
        "supplement": "SUBMITTED",
        "resume": "IN_REVIEW",
        "deny": "DENIED",
        "file": "SUBMITTED",
    }
    assert seen["ledger at last"] == []
