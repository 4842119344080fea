"""One person's values, each unlike anything else: after her whole case they are nowhere but where this page allows.

Looked at: every column of every table, every file, what the log would say (DEBUG off, errors included), jobs, the
ledger, live events, addresses and redirects, and what everybody else gets from every page that can be read.
"""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from tests.demo import Demo, load
from tests.security import probes
from tests.security.canaries import SECRETS, Bird, live_through
from tests.security.table import read_table, rows_of
from tests.security.world import CALLERS, World, sign_in_all
from tests.snapshots import taken_back

from yichuang.core import live
from yichuang.core.clock import fixed
from yichuang.settings.logs import Json, Plain

pytestmark = pytest.mark.django_db

# (table, what of hers may stand there in the clear). Nothing may.
IN_THE_CLEAR: frozenset[tuple[str, str]] = frozenset()
# (caller, address, what of hers they get): each with the reason that makes it right.
ON_THE_CASE = ("clerk", "issuer", "chief", "manager", "reviewer", "decider")
PAGES = ("GET /counter/cases/<str:number>/", "GET /office/cases/<str:number>/", "GET /api/v1/cases/<number>")
SHOWN = {
    # who works on the case reads what was filed (personal fields are masked) and may open its files, by their names
    *((caller, page, what) for caller in ON_THE_CASE for page in PAGES for what in ("form text", "file name")),
    *(("supervisor", page, "form text") for page in PAGES),
    # who may end a certificate reads what it certifies, as on the case that it came from
    *((caller, "GET /office/certificates/<uuid:id>/", "form text") for caller in ("reviewer", "decider", "supervisor")),
    # an opinion is written for those who decide on it, and for supervision
    *((caller, "GET /office/cases/<str:number>/", "opinion") for caller in ("reviewer", "decider", "chief", "supervisor")),
    # who may ask for a correction sees the value that is to be corrected
    *((caller, "GET /counter/cases/<str:number>/correct/", "form text") for caller in ("clerk", "chief")),
    *((caller, "GET /office/cases/<str:number>/correct/", "form text") for caller in ("chief", "decider", "reviewer")),
    # the clerk hands out the receipt that carries it
    ("clerk", "GET /counter/cases/<str:number>/", "query code 1"),
}  # fmt: skip
BYSTANDERS = (
    "nobody", "other", "clerk", "other_clerk", "community", "issuer", "chief", "manager", "reviewer", "other_reviewer", "decider",
    "supervisor", "editor", "system", "security", "auditor",
)  # fmt: skip


class Log:
    """What the installation's own log would hold."""

    def __init__(self) -> None:
        self.text = StringIO()
        self.handlers = [logging.StreamHandler(self.text), logging.StreamHandler(self.text)]
        for handler, formatter in zip(self.handlers, (Plain(), Json()), strict=True):
            handler.setFormatter(formatter)
        self.before: list[tuple[logging.Logger, int]] = []

    def open(self) -> None:
        for name in ("", "django", "yichuang", "django.request", "procrastinate", "django.security.csrf"):
            logger = logging.getLogger(name)
            self.before.append((logger, logger.level))
            logger.setLevel(logging.INFO)
        for handler in self.handlers:
            logging.getLogger().addHandler(handler)

    def close(self) -> None:
        for handler in self.handlers:
            logging.getLogger().removeHandler(handler)
        for logger, level in self.before:
            logger.setLevel(level)


@pytest.fixture(scope="module")
def scene(_demo_once: None, django_db_blocker: Any) -> Iterator[tuple[Bird, World, str, list[str]]]:
    """Her life, the callers, the log of it, and the topics of all live events."""
    log, topics, patch = Log(), [], pytest.MonkeyPatch()
    with django_db_blocker.unblock():
        load()
        demo = Demo()
        with taken_back(), fixed(demo.at):
            world = World(demo.at, {})
            sign_in_all(world)
            patch.setattr(live, "tell", lambda *told: topics.extend(told))
            log.open()
            began = _asked("SELECT pg_current_wal_insert_lsn()")
            try:
                bird = live_through(demo, world.tokens)
                bird.wal_from = began
                _break(patch)
            finally:
                log.close()
                patch.undo()
            world.things["own"] = world.things["child"] = world.things["company"] = bird.things
            yield bird, world, log.text.getvalue(), topics


def _break(patch: pytest.MonkeyPatch) -> None:
    """An error of the house whose message quotes her, as those of the database do."""
    from yichuang.web.portal import views_items

    def fails(*_: Any, **__: Any) -> Any:
        raise RuntimeError(f"Key (id_no)=({SECRETS['id_no']}) already exists: {SECRETS['name']}")

    patch.setattr(views_items.catalog, "search_items", fails)
    answer = probes.BROWSER.get("/items", {"q": "狗"})
    assert answer.status_code == 500
    assert SECRETS["id_no"] not in answer.content.decode()


def test_the_birds_are_where_they_belong(scene: Any) -> None:
    """Without this, the other tests would find nothing because there is nothing."""
    bird, world, log, _ = scene
    from yichuang.cases.models import Case, Upload
    from yichuang.cases.storage import read_file

    upload = Upload.objects.get(id=bird.things.upload)
    assert SECRETS["file content"].encode() in read_file(upload.id, upload.path)
    assert SECRETS["file name"] in upload.name
    assert Case.objects.get(number=bird.things.granted).state == "DELIVERED"
    assert {Case.objects.get(number=n).state for n in (bird.things.granted, bird.things.waiting)} == {
        "DELIVERED",
        "SUBMITTED",
    }
    assert "error" in log
    assert "RuntimeError" in log
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    told = [line for line in lines if line["logger"] == "yichuang.access"]
    assert {line["actor"] for line in told} >= {"person", "staff"}
    assert {line["route"] for line in told} >= {"portal:items"}
    assert not [line for line in told if bird.things.granted in json.dumps(line)], "no address, so no number of a case"


def test_no_table_holds_her_in_the_clear(scene: Any) -> None:
    bird, *_ = scene
    found = {(table, what) for table, what in _in_tables(bird.secrets) if (table, what) not in IN_THE_CLEAR}
    assert found == set()


def test_the_search_of_tables_does_find_what_is_there() -> None:
    with connection.cursor() as cursor:
        said = json.dumps({"deep": [SECRETS["id_no"]]})
        cursor.execute("CREATE TEMP TABLE leak ON COMMIT DROP AS SELECT %s::jsonb AS said", [said])
        cursor.execute(
            "CREATE TEMP TABLE bytes ON COMMIT DROP AS SELECT %s::bytea AS said", [SECRETS["mobile"].encode()]
        )
    told = set(_in_tables({what: SECRETS[what] for what in ("id_no", "mobile")}, temporary=True))
    assert {("leak", "id_no"), ("bytes", "mobile")} <= told


def _asked(query: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()[0]


def test_the_write_ahead_log_does_not_hold_her(scene: Any) -> None:
    """What is written there goes to every standby and archive, and stays when the row is long gone."""
    bird, *_ = scene
    assert _asked("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"), "only a superuser reads these files"
    control = "KANARIE-IM-PROTOKOLL"
    _asked("SELECT pg_logical_emit_message(true, 'test', %s)", control)
    _asked("SELECT pg_switch_wal()")  # writes everything out
    found = {what for what, secret in (*bird.secrets.items(), ("control", control)) if _in_log(bird.wal_from, secret)}
    assert found == {"control"}


def _in_log(start: str, secret: str) -> bool:
    """Whether the write-ahead log holds the text, from the segment in which `start` lies."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(position(%s IN pg_read_binary_file('pg_wal/' || name)) > 0) FROM pg_ls_waldir()"
            " WHERE name ~ '^[0-9A-F]{24}$' AND name BETWEEN pg_walfile_name(%s) AND pg_walfile_name(pg_current_wal_lsn())",
            [secret.encode(), start],
        )
        return bool(cursor.fetchone()[0])


def _in_tables(secrets: dict[str, str], *, temporary: bool = False) -> Iterator[tuple[str, str]]:
    """(table, secret) of each table with a row whose text, as a dump would write it, holds the secret."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'p', 'm') AND (n.nspname = 'public' OR %s AND n.nspname LIKE 'pg_temp%%')"
            " ORDER BY 1",
            [temporary],
        )
        tables = [name for (name,) in cursor.fetchall()]
        assert len(tables) > 40
        for table in tables:
            for what, secret in secrets.items():
                hidden = secret.encode().hex()  # how a dump writes bytes
                cursor.execute(
                    f"SELECT EXISTS (SELECT 1 FROM {table} AS r WHERE strpos(r::text, %s) > 0 OR strpos(r::text, %s) > 0)",
                    [secret, hidden],
                )
                if cursor.fetchone()[0]:
                    yield table.removeprefix("pg_temp."), what


def test_no_session_holds_her(scene: Any) -> None:
    """Sessions are encoded, so a search of the table does not see into them."""
    bird, *_ = scene
    sessions = [str(SessionStore().decode(row.session_data)) for row in Session.objects.order_by("pk")]
    assert sessions
    assert [what for what, secret in bird.secrets.items() if any(secret in text for text in sessions)] == []


def test_no_file_holds_her_in_the_clear(scene: Any) -> None:
    bird, *_ = scene
    files = [path for path in Path(settings.YICHUANG_DATA).rglob("*") if path.is_file()]
    assert any(path.suffix == ".sealed" for path in files)
    found = {
        (path.suffix, what)
        for path in files
        for what, secret in bird.secrets.items()
        for coded in (secret.encode(), secret.encode("utf-16-le"), secret.encode().hex().encode())
        if coded in path.read_bytes()
    }
    assert found == set()


def test_no_line_of_the_log_holds_her(scene: Any) -> None:
    bird, _, log, _ = scene
    assert [what for what, secret in bird.secrets.items() if secret in log] == []


def test_live_events_name_objects_and_nothing_else(scene: Any) -> None:
    bird, _, _, topics = scene
    assert topics
    assert all(topic.split(":")[0] in {"case", "post", "place"} for topic in topics)
    assert [what for what, secret in bird.secrets.items() if any(secret in topic for topic in topics)] == []


def test_no_address_leads_to_her(scene: Any) -> None:
    """Addresses end up in histories, logs of proxies and referrers."""
    bird, *_ = scene
    addresses = [answer.headers.get("Location", "") for answer in bird.answers]
    addresses += [answer.headers.get("HX-Redirect", "") for answer in bird.answers]
    assert any(addresses)
    assert [what for what, secret in bird.secrets.items() if any(secret in address for address in addresses)] == []


@pytest.mark.slow
def test_nobody_else_is_shown_more_than_this_page_allows(scene: Any) -> None:
    bird, world, *_ = scene
    found, read, rows = set(), 0, rows_of(read_table())
    for route, row in rows.items():
        method, pattern = route.split()
        if method != "GET" or len(set(row.values())) == 1:  # what everybody gets is the same page for everybody
            continue
        for caller in (name for name in BYSTANDERS if row[name] in {"in", "sees"}):
            answer = probes.ask(world, "GET", pattern, caller, bird.things)
            if answer.status_code != 200 or "pdf" in answer.headers["Content-Type"]:
                continue
            read += 1
            json_body = "json" in answer.headers["Content-Type"]  # where Chinese may stand as escapes
            text = str(answer.json()) if json_body else answer.content.decode(errors="replace")
            found |= {(caller, f"GET {pattern}", what) for what, secret in bird.secrets.items() if secret in text}
    assert read > 60
    assert sorted(found - SHOWN) == [], "\n".join(map(str, sorted(found - SHOWN)))
    unused = {row for row in SHOWN - found if rows[row[1]].get(row[0]) == "in"}
    assert sorted(unused) == [], "allowed above, but they do not get it"


def test_the_callers_are_those_of_the_matrix() -> None:
    assert set(BYSTANDERS) <= set(CALLERS)
