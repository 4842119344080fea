"""The database that comes along: starts cold and warm, survives kills, leaves nothing, refuses what it cannot do."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from yichuang.settings.processes import children, embedded
from yichuang.settings.processes.embedded import DatabaseTrouble, Server, choose_binaries

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(monkeypatch) -> Iterator[Path]:
    """Not `tmp_path`: as root that lies in a folder which the system user may not enter."""
    try:
        made = children.give(Path(tempfile.mkdtemp(prefix="yc-test-")))
    except children.NoSystemUser as trouble:
        pytest.skip(str(trouble))
    yield made
    shutil.rmtree(made)


@pytest.fixture
def server(folder) -> Iterator[Server]:
    one = Server(folder, durable=False)
    yield one
    one.stop()


def ask(server: Server, sql: str) -> object:
    with psycopg.connect(server.url, autocommit=True) as connection:
        row = connection.execute(sql).fetchone()
        return row and row[0]


def test_starts_cold_and_warm_and_leaves_nothing(server):
    server.start()
    process = server.process
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    assert len(ask(server, "SELECT show_trgm('办营业执照')")) > 3, "under the locale C Chinese has no trigrams"
    assert ask(server, "SHOW listen_addresses") == ""
    sockets = Path(server.url.rpartition("host=")[2])
    assert sockets.stat().st_mode & 0o777 == 0o700
    assert len(str(sockets)) + len("/.s.PGSQL.5432") < 107
    server.stop()
    assert not psutil.pid_exists(process.pid) or process.poll() is not None
    assert not sockets.exists()

    server.start()
    assert ask(server, "SELECT answer FROM kept") == 42


def test_starts_again_after_a_kill(server):
    server.start()
    ask(server, "SELECT 1")
    server.process.kill()
    server.process.wait()
    server.start()
    assert ask(server, "SELECT 1") == 1


def test_a_pid_file_of_a_stranger_does_not_stop_the_start(server):
    server.start()
    server.stop()
    pid_file = server.data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{server.data}\n")
    children.give(pid_file)
    server.start()
    assert ask(server, "SELECT 1") == 1


def test_an_orphan_of_a_dead_supervisor_is_stopped_first(server, folder):
    server.start()
    orphan = server.process.pid
    second = Server(folder, durable=False)
    second.start()
    try:
        assert ask(second, "SELECT 1") == 1
        assert server.process.wait(5) is not None
        assert second.process.pid != orphan
    finally:
        second.stop()


def test_an_interrupted_initdb_leaves_nothing_that_looks_finished(server):
    unfinished = server.data.with_name("postgres.unfinished")
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18")
    server.start()
    assert not unfinished.exists()


def test_a_folder_of_a_version_that_is_not_here_is_refused_with_the_way_out(folder):
    data = folder / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(DatabaseTrouble, match=r"made by PostgreSQL 9.*--reset"):
        choose_binaries(data)


def test_binaries_of_the_folder_win_over_the_newest(folder, monkeypatch):
    old, new = embedded.Binaries(Path("/old"), 15), embedded.Binaries(Path("/new"), 18)
    monkeypatch.setattr(embedded, "_installed", lambda: iter([new, old]))
    assert choose_binaries(folder / "postgres") == new
    (folder / "postgres").mkdir()
    (folder / "postgres/PG_VERSION").write_text("15\n")
    assert choose_binaries(folder / "postgres") == old


def test_nothing_installed_is_said(folder, monkeypatch):
    monkeypatch.setattr(embedded, "_installed", lambda: iter([embedded.Binaries(Path("/ancient"), 14)]))
    with pytest.raises(DatabaseTrouble, match="DATABASE_URL"):
        choose_binaries(folder / "postgres")


def test_one_folder_has_one_master(tmp_path):
    def hold_it_again() -> None:
        with embedded.only_one(tmp_path):
            raise AssertionError("two masters")

    with embedded.only_one(tmp_path), pytest.raises(DatabaseTrouble, match=str(os.getpid())):
        hold_it_again()
    with embedded.only_one(tmp_path):
        pass


def test_a_long_data_path_does_not_break_the_socket(folder, monkeypatch):
    long = folder / ("x" * 120)
    long.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    sockets = embedded.socket_folder()
    assert len(str(sockets)) < embedded._SOCKET_ROOM
    sockets.rmdir()


def test_errors_are_written_down_without_values(server):
    server.start()
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE people (id_no text UNIQUE)")
        connection.execute("INSERT INTO people VALUES ('440300199001010011')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO people VALUES ('440300199001010011')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO people VALUES (%s)", ["440300199001010011"])
    log = (server.folder / "postgres.log").read_text()
    assert "people_id_no_key" in log
    assert "440300199001010011" not in log


def test_a_command_gets_a_database_of_its_own_and_its_exit_code_comes_back():
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    script = "import os, psycopg, sys; psycopg.connect(os.environ['DATABASE_URL']).execute('SELECT 1'); sys.exit(7)"
    command = [sys.executable, "-m", "yichuang.settings.processes.embedded", sys.executable, "-c", script]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert done.returncode == 7, done.stderr


def test_children_go_with_a_killed_parent(tmp_path):
    """The kernel tells them, so not even `kill -9` leaves orphans."""
    script = (
        "import os, sys, time\n"
        "from yichuang.settings.processes import children\n"
        "log = open(os.devnull, 'ab')\n"
        "child = children.start(['sleep', '60'], env=os.environ, log=log)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        child = psutil.Process(int(parent.stdout.readline()))
        assert child.is_running()
        parent.send_signal(signal.SIGKILL)
    for _ in range(100):
        if not child.is_running() or child.status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.05)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_a_child_that_does_not_listen_is_killed(tmp_path):
    with (tmp_path / "log").open("ab") as log:
        stubborn = [
            sys.executable,
            "-c",
            "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)",
        ]
        child = children.start(stubborn, env=os.environ, log=log)
    while not (tmp_path / "log").read_text():
        time.sleep(0.02)
    children.stop(child, signal.SIGTERM, patience=0.2)
    assert child.returncode == -signal.SIGKILL
