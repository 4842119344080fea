"""The drill: an installation with a case is backed up, restored elsewhere, and is the same there, key by key."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from tests.cases.test_life_of_a_case import accepted, review_all
from tests.demo import Demo
from tests.settings.installed import pages, told

from yichuang.cases.commands.decide import decide_case
from yichuang.cases.queries import get_case_for
from yichuang.core import ledger
from yichuang.core.clock import fixed
from yichuang.core.jobs import run_waiting
from yichuang.issuing.commands import archive_case, hand_over, render_certificate
from yichuang.people.queries import get_party
from yichuang.registry.models import Certificate
from yichuang.settings.env import plain
from yichuang.settings.processes import archive, backup, children, embedded
from yichuang.settings.processes.installation import CannotStart

FILES = ("uploads/aa/1", "papers/2", "archive/3", "packs/drafts/gift/item.yaml")
ROOT = Path(__file__).resolve().parents[2]
BACKUP = "yichuang.settings.processes.backup"
SECRETS = ("SECRET_KEY", "YICHUANG_FIELD_KEYS", "YICHUANG_INDEX_KEY")


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not `tmp_path`: as root that lies in a folder which the system user may not enter."""
    try:
        made = children.give(Path(tempfile.mkdtemp(prefix="yc-test-")))
    except children.NoSystemUser as trouble:
        pytest.skip(str(trouble))
    yield made
    shutil.rmtree(made)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of these tests, as an installation's is: with its keys in files."""
    data = Path(settings.YICHUANG_DATA)
    for name in SECRETS:
        file = data / "keys" / name.removeprefix("YICHUANG_").lower()
        file.parent.mkdir(exist_ok=True)
        file.write_text(getattr(settings, name), encoding="ascii")
    (data / ".yichuang").touch()
    return data


def address() -> str:
    of = connection.settings_dict
    there = {"host": of["HOST"], "port": of["PORT"], "user": of["USER"], "password": of["PASSWORD"]}
    return f"postgresql:///{of['NAME']}?" + "&".join(f"{name}={value}" for name, value in there.items() if value)


def run(module: str, *arguments: object, url: str = "") -> str:
    """What a command prints, run as `./run` runs it."""
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env |= {"PYTHONPATH": f"{ROOT}/src:{ROOT}"} | ({"DATABASE_URL": url} if url else {})
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


def granted(demo: Demo, at: datetime) -> bytes:
    """A case from filing to its archive, and its certificate's file."""
    receipt, head = accepted(demo)
    version = review_all(demo, receipt.case_id, head.version, "wangqiang")
    decide_case(actor=demo.actor("linfang"), number=receipt.number, version=version, outcome="grant", reasons="", at=at)
    run_waiting()
    issuer, receiver = demo.actor("zhoujie"), get_party(demo.actor("zhangxiao").id).id_no
    version = get_case_for(issuer, receipt.number, at=at).version
    hand_over(
        actor=issuer, number=receipt.number, version=version, identity=receiver, receiver_name="", at=at
    )  # fmt: skip
    ledger.sequence(at=at)
    ledger.checkpoint(at=at)
    assert archive_case(case=receipt.case_id, at=at)
    ledger.checkpoint(at=at)
    return render_certificate(Certificate.objects.get().id)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_backup_restored_elsewhere_is_the_same_installation(
    demo: Demo, installed: Path, folder: Path, at: datetime
) -> None:
    certificate = folder / "certificate.pdf"
    certificate.write_bytes(granted(demo, at))
    with fixed(at):
        pages("zhangxiao")  # she fetches her papers
    kept, there = folder / "kept.tar", folder / "elsewhere"
    said = run(BACKUP, "save", kept, "--data", installed, url=address())
    assert f"{kept}.keys" in said
    secrets = [getattr(settings, name).encode() for name in SECRETS] + [b"PRIVATE KEY"]
    assert not [secret for secret in secrets if secret in kept.read_bytes()], "keys lie apart"
    run(BACKUP, "restore", kept, "--data", there)

    here = told(certificate.read_bytes())
    assert here["ledger"] == []
    assert here["certificate"][0] == "valid"
    assert here["files"] > 0
    assert here["packages"] == [[]], "taken out, and without a fault"
    assert any("/my/documents/" in page for page in here["pages"])
    assert {status for status, _ in here["pages"].values()} == {200}
    server = embedded.Server(there)
    server.start()
    try:
        assert json.loads(run("tests.settings.installed", there, certificate, url=server.url)) == here
    finally:
        server.stop()


def save(target: Path, data: Path, *more: str) -> int:
    return backup.main(["save", str(target), "--data", str(data), *more])


def restore(source: Path, data: Path, *more: str) -> int:
    return backup.main(["restore", str(source), "--data", str(data), *more])


@pytest.fixture
def small(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with one of each, whose database is a word."""
    monkeypatch.setattr(backup, "_dump", lambda url, file: file if file.write_bytes(b"rows") else file)
    monkeypatch.setenv("DATABASE_URL", "postgresql:///nowhere")
    data = folder / "data"
    for name in (
        ".yichuang",
        "checkpoints.log",
        *FILES,
        "keys/field_keys",
        "ca/root.pem",
        "logs/web.log",
        "packs/.coming-1/gift/item.yaml",  # still being written
    ):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(name)
    return data


def test_keys_lie_apart_unless_they_are_asked_for(small: Path, folder: Path, capsys: Any) -> None:
    assert save(folder / "a.tar", small) == save(folder / "b.tar", small, "--with-keys") == 0
    content = {"checkpoints.log", *FILES, "database.dump"}
    assert archive.members(archive.check(folder / "a.tar")) == content
    assert archive.members(archive.check(folder / "a.tar.keys")) == {"keys/field_keys", "ca/root.pem"}
    assert archive.members(archive.check(folder / "b.tar")) == {*content, "keys/field_keys", "ca/root.pem"}
    assert not (folder / "b.tar.keys").exists()
    said = capsys.readouterr().out
    assert "keep that file apart" in said
    assert "whoever has" in said
    assert {path.name for path in folder.iterdir()} == {"a.tar", "a.tar.keys", "b.tar", "data"}, "no scratch is left"


def test_nothing_is_overwritten(small: Path, folder: Path, capsys: Any) -> None:
    (folder / "a.tar.keys").write_text("the only keys")
    assert save(folder / "a.tar", small) == 1
    assert "a.tar.keys is there already" in capsys.readouterr().err
    assert not (folder / "a.tar").exists()
    assert save(folder / "b.tar", small) == 0
    assert save(folder / "b.tar", small, "--with-keys") == 1
    assert restore(folder / "b.tar", small) == 1
    assert "is not empty" in capsys.readouterr().err
    assert save(folder / "no/such/folder.tar", small) == 1
    assert "no/such is no folder" in capsys.readouterr().err


def test_somebody_elses_folder_is_not_backed_up(folder: Path, capsys: Any) -> None:
    assert save(folder / "a.tar", folder) == 1
    assert "no data folder of yichuang" in capsys.readouterr().err


def test_what_is_altered_or_lacks_its_keys_is_refused_before_anything_is_written(
    small: Path, folder: Path, capsys: Any
) -> None:
    kept = folder / "a.tar"
    assert save(kept, small) == 0
    kept.with_name("a.tar.keys").rename(folder / "elsewhere.keys")
    assert restore(kept, folder / "new") == 1
    assert "holds no keys: name their file with --keys (it was made as a.tar.keys)" in capsys.readouterr().err
    kept.write_bytes(kept.read_bytes().replace(b"rows", b"cows"))
    assert restore(kept, folder / "new", "--keys", str(folder / "elsewhere.keys")) == 1
    assert "database.dump" in capsys.readouterr().err
    assert not (folder / "new").exists()


def test_a_restore_that_breaks_off_leaves_an_empty_folder_and_can_be_tried_again(
    small: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    assert save(folder / "a.tar", small) == 0
    monkeypatch.setattr(backup, "_load", lambda url, data: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        restore(folder / "a.tar", folder / "new")
    assert list((folder / "new").iterdir()) == []
    monkeypatch.setattr(backup, "_load", lambda url, data: None)
    monkeypatch.setattr(backup, "_bring_up_to_date", lambda url, data: "ENTRY_ALTERED 7")
    assert restore(folder / "a.tar", folder / "new") == 1, "all is there, and the operator is told"
    assert "ENTRY_ALTERED 7" in capsys.readouterr().err
    names = {str(path.relative_to(folder / "new")) for path in (folder / "new").rglob("*") if path.is_file()}
    assert names == {".yichuang", "checkpoints.log", *FILES, "keys/field_keys", "ca/root.pem"}
    assert {path.stat().st_mode & 0o077 for path in (folder / "new").rglob("uploads/*/*")} == {0}


@pytest.mark.parametrize(
    ("fails", "why"),
    [(lambda: 1 / 0, "ZeroDivisionError"), (lambda: backup._run(["false"], env={}), "false failed")],
)
def test_a_failure_behind_the_load_says_that_the_database_stays_filled_and_what_to_do(
    small: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, fails: Any, why: str
) -> None:
    assert save(folder / "a.tar", small) == 0
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:s3cret@db.example:6432/ours")
    monkeypatch.setattr(backup, "_load", lambda url, data: None)
    monkeypatch.setattr(backup, "_bring_up_to_date", lambda url, data: fails())
    assert restore(folder / "a.tar", folder / "new") == 1
    said = capsys.readouterr().err
    assert why in said
    assert "the database ours on db.example holds" in said
    assert "dropdb --host=db.example --port=6432 ours && createdb" in said
    assert "s3cret" not in said
    assert list((folder / "new").iterdir()) == []


def test_a_full_database_is_never_restored_over(
    small: Path, folder: Path, db: None, monkeypatch: Any, capsys: Any
) -> None:
    assert save(folder / "a.tar", small) == 0
    monkeypatch.setenv("DATABASE_URL", address() + "&prepared=off")
    assert restore(folder / "a.tar", folder / "new") == 1
    assert "holds tables" in capsys.readouterr().err
    assert list((folder / "new").iterdir()) == []


def test_a_backup_of_a_newer_version_is_left_to_that_one(db: None) -> None:
    backup._refuse_what_is_newer()
    MigrationRecorder(connection).record_applied("cases", "9999_from_the_future")
    with pytest.raises(CannotStart, match=r"newer version \(cases.9999_from_the_future\)"):
        backup._refuse_what_is_newer()


def test_a_database_that_is_not_there_is_said(small: Path, folder: Path, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("DATABASE_URL", f"postgresql:///x?host={folder}")
    assert save(folder / "a.tar", small) == 1
    assert "does not answer" in capsys.readouterr().err
    assert not (folder / "a.tar").exists()


def test_passwords_travel_in_the_environment_of_the_programs_only() -> None:
    told = backup._address("postgresql://me:s3cret@db.example:6432/one?sslmode=require")
    assert told["PGPASSWORD"] == "s3cret"
    assert (told["PGHOST"], told["PGPORT"], told["PGDATABASE"], told["PGSSLMODE"]) == (
        "db.example",
        "6432",
        "one",
        "require",
    )


def test_programs_of_the_server_s_own_version_or_newer_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = [embedded.Binaries(Path(f"/{major}"), major) for major in (18, 15, 17)]
    monkeypatch.setattr(embedded, "_installed", lambda: iter(installed))
    assert [embedded.binaries_for(major).major for major in (15, 16, 18)] == [15, 17, 18]
    with pytest.raises(embedded.DatabaseTrouble, match="apt-get install postgresql-19"):
        embedded.binaries_for(19)


def test_an_address_without_what_only_we_understand() -> None:
    assert plain("postgresql:///one?host=/run&prepared=off") == "postgresql:///one?host=/run"
    assert plain("postgresql://u:p@h:1/one?prepared=off") == "postgresql://u:p@h:1/one"
    assert plain("postgresql:///one") == "postgresql:///one"
