"""What the supervisor promises before anything runs: whose folder, which port, which clock, which secrets."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from yichuang.core.clock import SHANGHAI
from yichuang.settings.processes import keys, playing, supervisor
from yichuang.settings.processes.installation import CannotStart, Child, Installation


def options(folder: Path, *more: str):
    return supervisor._options(["--data", str(folder), *more])


def test_a_new_folder_is_made_for_its_owner_only(tmp_path):
    folder = supervisor.open_folder(tmp_path / "a/b")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert supervisor.open_folder(folder) == folder


def test_a_folder_with_other_files_is_never_touched(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(CannotStart, match="other files"):
        supervisor.open_folder(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_reset_empties_the_folder_but_keeps_its_lock(tmp_path):
    folder = supervisor.open_folder(tmp_path / "data")
    (folder / "postgres/base").mkdir(parents=True)
    (folder / "postgres/base/1").touch()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    (folder / "link").symlink_to(outside)
    (folder / "lock").touch()
    supervisor.empty(folder)
    assert sorted(path.name for path in folder.iterdir()) == [".yichuang", "lock", "logs"]
    assert (outside / "kept").exists()


def test_the_clock_is_the_hall_s():
    assert supervisor._moment("2026-02-13T09:00").astimezone(UTC) == datetime(2026, 2, 13, 1, 0, tzinfo=UTC)
    assert supervisor._moment("2026-02-13T09:00Z").astimezone(UTC) == datetime(2026, 2, 13, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["yesterday", "2026-02-30T09:00", ""])
def test_a_moment_that_is_none_is_refused(tmp_path, text, capsys):
    with pytest.raises(SystemExit):
        options(tmp_path, "--now", text)
    assert "not a moment" in capsys.readouterr().err


def test_every_process_gets_the_same_moved_clock_and_secrets_by_file(tmp_path):
    folder = supervisor.open_folder(tmp_path / "data")
    env = supervisor.environment(folder, options(folder, "--now", "2026-02-13T09:00", "--demo"))
    moved = datetime.now(UTC).timestamp() + float(env["YICHUANG_CLOCK_OFFSET"])
    assert abs(moved - datetime(2026, 2, 13, 1, 0, tzinfo=UTC).timestamp()) < 2
    assert env["YICHUANG_DEMO"] == "True"
    secret = Path(env["YICHUANG_SECRET_KEY_FILE"])
    assert secret.stat().st_mode & 0o777 == 0o600
    assert len(secret.read_text()) >= 50
    assert secret.read_text() not in env.values()


def test_keys_are_made_once(tmp_path):
    first = {name: Path(path).read_text() for name, path in keys.ensure(tmp_path / "keys").items()}
    assert {name: Path(path).read_text() for name, path in keys.ensure(tmp_path / "keys").items()} == first
    assert len(set(first.values())) == len(first)
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("port", [70000, None])
def test_a_port_that_cannot_be_had_is_said_at_once(port):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        with pytest.raises(CannotStart, match="--port"):
            supervisor._check_free(port or busy.getsockname()[1])


def test_pauses_double_and_a_steady_run_forgives():
    child = Child("web", [], started=0.0)
    assert [child.crashed(1.0) for _ in range(8)] == [0.5, 1, 2, 4, 8, 10, 10, 10]
    assert child.crashed(100.0) == 0.5


def test_a_crashed_child_is_started_again_and_everything_stops_on_demand(tmp_path, capsys):
    (tmp_path / "logs").mkdir()
    mark = tmp_path / "starts"
    script = f"import sys, time; open({str(mark)!r}, 'a').write('x'); time.sleep(0 if len(open({str(mark)!r}).read()) < 2 else 60)"
    installation = Installation(tmp_path, 0, dict(os.environ))
    installation.children = [Child("web", [sys.executable, "-c", script])]
    signal.signal(
        signal.SIGALRM, lambda *_: setattr(installation, "stopping", mark.exists() and len(mark.read_text()) > 1)
    )
    signal.setitimer(signal.ITIMER_REAL, 0.2, 0.2)
    try:
        began = time.monotonic()
        installation.watch()
        assert time.monotonic() - began < 20
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        installation.stop()
    assert mark.read_text() == "xx"
    assert all(child.process.poll() is not None for child in installation.children)
    assert "web ended with 0" in capsys.readouterr().out


def test_the_welcome_says_where_to_go(tmp_path):
    installation = Installation(tmp_path, 8123, {})
    text = supervisor.welcome(installation, options(tmp_path, "--demo", "--now", "2026-02-13T09:00"), "accounts: none")
    for part in ("http://127.0.0.1:8123/counter/", "2026-02-13 09:00", "accounts: none", "Ctrl-C", str(tmp_path)):
        assert part in text


def test_the_welcome_of_a_day_that_is_played_says_where_it_is_told(tmp_path):
    installation = Installation(tmp_path, 8123, {})
    text = supervisor.welcome(installation, options(tmp_path, "--demo", "--live", "--hall", "LH-S01"), "")
    assert f"{tmp_path}/logs/day.log" in text
    assert "/wall/LH-S01/" in text
    assert "day.log" not in supervisor.welcome(installation, options(tmp_path, "--demo"), "")


def test_what_manages_a_running_installation_knows_its_database_mode_and_clock(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql:///hall")
    folder = supervisor.open_folder(tmp_path / "data")
    env = supervisor.environment(folder, options(folder, "--now", "2026-02-13T09:00"))
    installation = Installation(folder, 8123, env)
    installation.start_database()
    files = {name: (folder / name).read_text() for name in ("database_url", "demo", "clock_offset")}
    assert files == {
        "database_url": "postgresql:///hall",
        "demo": "False",
        "clock_offset": env["YICHUANG_CLOCK_OFFSET"],
    }
    installation.stop()
    assert not [name for name in files if (folder / name).exists()]


def test_the_welcome_of_a_clean_installation_says_how_to_begin(tmp_path):
    text = supervisor.welcome(Installation(tmp_path, 8123, {}), options(tmp_path), "")
    assert f"YICHUANG_DATA={tmp_path}" in text
    assert "first_administrators" in text


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_understands_the_unit(tmp_path):
    root = Path(__file__).parents[2]
    unit = (root / "deploy/yichuang.service").read_text().replace("/opt/yichuang/run", "/bin/true")
    (tmp_path / "yichuang.service").write_text(unit)
    check = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / "yichuang.service")], capture_output=True, text=True, check=False
    )
    complaints = [line for line in check.stderr.splitlines() if "yichuang.service:" in line]
    assert complaints == []


def test_a_secret_of_the_environment_is_used_and_not_made(tmp_path, monkeypatch):
    monkeypatch.setenv("YICHUANG_FIELD_KEYS", "k1:mine")
    found = keys.ensure(tmp_path / "keys")
    assert set(found) == {"YICHUANG_SECRET_KEY_FILE", "YICHUANG_INDEX_KEY_FILE"}
    assert not (tmp_path / "keys/field_keys").exists()
    assert keys.found(tmp_path / "keys") == found


def test_another_secret_than_the_folder_s_stops_the_start(tmp_path, monkeypatch):
    keys.ensure(tmp_path / "keys")
    same = (tmp_path / "keys/index_key").read_text()
    monkeypatch.setenv("YICHUANG_INDEX_KEY", same)
    keys.ensure(tmp_path / "keys")
    monkeypatch.setenv("YICHUANG_INDEX_KEY", "other")
    with pytest.raises(CannotStart, match="YICHUANG_INDEX_KEY is not what"):
        keys.ensure(tmp_path / "keys")


def test_a_day_that_is_played_begins_in_the_morning_and_goes_on_where_the_data_came_to(tmp_path):
    friday, told = date(2026, 11, 27), options(tmp_path, "--demo", "--live")
    morning = datetime(2026, 11, 27, 8, 30, tzinfo=SHANGHAI)
    assert playing.begins(told, tmp_path, friday) == morning
    assert playing.begins(told, tmp_path, friday + timedelta(days=1)) == morning + timedelta(days=3)
    (tmp_path / playing.REACHED).write_text("2026-12-02")
    assert playing.begins(told, tmp_path, friday) == datetime(2026, 12, 3, 8, 30, tzinfo=SHANGHAI)
    assert playing.begins(options(tmp_path, "--demo"), tmp_path, friday) is None
    stated = options(tmp_path, "--demo", "--live", "--now", "2026-02-13T10:00")
    assert playing.begins(stated, tmp_path, friday) == datetime(2026, 2, 13, 10, 0, tzinfo=SHANGHAI)


def test_every_process_of_a_played_day_is_told_the_same_pace_once_all_is_prepared(tmp_path):
    folder = supervisor.open_folder(tmp_path / "data")
    told = options(folder, "--demo", "--once", "--people", "40", "--seed", "7", "--leave-window", "3", "--json")
    told.now = playing.begins(told, folder, date(2026, 11, 27))
    env = supervisor.environment(folder, told)
    assert (env["YICHUANG_CLOCK_SPEED"], env["YICHUANG_CLOCK_HOURS"]) == ("60", playing.HOURS)
    assert float(env["YICHUANG_CLOCK_SINCE"]) > time.time() + 10**9  # not before everything is prepared
    installation = Installation(folder, 8123, env)
    before = time.time()
    playing.quicken(installation, told)
    ahead = float(installation.env["YICHUANG_CLOCK_SINCE"]) - before - playing.HEAD_START
    assert -0.001 <= ahead < 60  # told in milliseconds; a busy machine takes its time
    assert (folder / "clock_since").read_text() == installation.env["YICHUANG_CLOCK_SINCE"]
    assert [child.name for child in installation.more] == ["ticking"]
    assert playing.command(told)[-4:] == ["--people=40", "--seed=7", "--leave-window=3", "--json"]
    playing.note_reached(folder, installation.env)
    assert not (folder / playing.REACHED).exists()  # it has not begun
    playing.note_reached(folder, installation.env | {"YICHUANG_CLOCK_SINCE": f"{time.time() - 1:.3f}"})
    assert (folder / playing.REACHED).read_text() == "2026-11-27"


@pytest.mark.parametrize(
    "told", [("--live",), ("--demo", "--speed", "5"), ("--once",)], ids=["no demo", "nothing played", "no demo once"]
)
def test_nothing_but_a_demo_is_played(tmp_path, told, capsys):
    with pytest.raises(SystemExit):
        options(tmp_path, *told)
    assert "--live" in capsys.readouterr().err or told[0] != "--demo"


def test_a_hall_node_is_told_its_centre_and_nobody_else(tmp_path, monkeypatch):
    monkeypatch.delenv("YICHUANG_CENTRE", raising=False)
    node = supervisor.environment(tmp_path, options(tmp_path, "--centre", "https://centre.example"))
    assert node["YICHUANG_CENTRE"] == "https://centre.example"
    assert "YICHUANG_CENTRE" not in supervisor.environment(tmp_path, options(tmp_path))
