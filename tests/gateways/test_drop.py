"""The drop folder: only finished and proved files are loaded, once, and the giver finds a report."""

import json
import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from yichuang.gateways.drop import config
from yichuang.gateways.drop.config import Giver
from yichuang.gateways.drop.reading import SIGNED, forget, signature, take
from yichuang.gateways.jobs import take_files
from yichuang.registry.commands import load_batch
from yichuang.registry.models import Holding, SharedBatch, SharedRecord

SECRET = "a-secret-of-civil-affairs-of-32-c"
NAME = "population.20261124T010000Z.csv"
AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
ROWS = "key,name,alive\n44030319900101901X,张晓,是\n440303199001019990,假的,是\n".encode()


@pytest.fixture
def giver(tmp_path: Path) -> Giver:
    folder = tmp_path / "civil"
    folder.mkdir()
    return Giver("civil", folder, SECRET, frozenset({"population", "credit"}))


def leave(giver: Giver, name: str, content: bytes = ROWS, *, secret: str = SECRET, signed: bool = True) -> Path:
    file = giver.folder / name
    file.write_bytes(content)
    if signed:
        (giver.folder / f"{name}{SIGNED}").write_text(signature(secret, name, content))
    return file


def report(giver: Giver, name: str, where: str = "done") -> dict[str, Any]:
    told: dict[str, Any] = json.loads((giver.folder / where / f"{name}.report.json").read_text(encoding="utf-8"))
    return told


def test_a_signed_file_is_loaded_and_put_aside_with_a_report(db: None, giver: Giver):
    file = leave(giver, NAME)
    assert take(giver, at=AT) == 1
    told = report(giver, file.name)
    assert (told["loaded"], told["faults"]) == (1, 1)
    assert told["first_faults"][0] | {"zh": "", "en": ""} == {
        "row": 3,
        "column": "key",
        "code": "KEY_WRONG",
        "zh": "",
        "en": "",
    }
    assert "假的" not in json.dumps(told, ensure_ascii=False)
    assert SharedRecord.objects.get().source == "civil"
    assert not file.exists()
    assert take(giver, at=AT) == 0


def test_a_file_without_its_signature_is_not_finished(db: None, giver: Giver):
    leave(giver, NAME, signed=False)
    assert take(giver, at=AT) == 0
    assert not SharedRecord.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "secret", "code"),
    [
        (NAME, ROWS, "another-secret-that-is-32-long-xx", "SIGNATURE"),
        ("entities.20261124T010000Z.csv", ROWS, SECRET, "BASE"),
        (NAME, b"no table", SECRET, "COLUMN_UNKNOWN"),
        ("population.csv", ROWS, SECRET, "NAME"),
        ("population.20261399T010000Z.csv", ROWS, SECRET, "NAME"),
        ("population.20261124T010000Z.csv.csv", ROWS, SECRET, "NAME"),
        ("population.20261124T030000Z.csv", ROWS, SECRET, "NOT_YET"),
        ("population.20261124T010000Z.gb18030.csv", ROWS, SECRET, "ENCODING"),
        (NAME, "key,name\n44030319900101901X,张晓\n".encode("gb18030"), SECRET, "ENCODING"),
        ("population.20261124T010000Z.xlsx", b"PK no workbook", SECRET, "FILE_UNREADABLE"),
    ],
)
def test_what_is_not_proved_or_no_table_is_refused_with_words(
    db: None, giver: Giver, name: str, content: bytes, secret: str, code: str
):
    leave(giver, name, content, secret=secret)
    assert take(giver, at=AT) == 1
    assert code in {one["code"] for one in report(giver, name, "refused")["refused"]}
    assert not SharedRecord.objects.exists()


def test_a_signature_is_for_one_name(db: None, giver: Giver):
    leave(giver, NAME)
    other = NAME.replace("population", "credit")
    (giver.folder / NAME).rename(giver.folder / other)
    (giver.folder / f"{NAME}{SIGNED}").rename(giver.folder / f"{other}{SIGNED}")
    take(giver, at=AT)
    assert report(giver, other, "refused")["refused"][0]["code"] == "SIGNATURE"


def test_an_old_signed_file_is_not_taken_again(db: None, giver: Giver):
    for hour, alive in ((0, "是"), (1, "否")):
        leave(giver, f"population.20261124T0{hour}0000Z.csv", f"key,alive\n44030319900101901X,{alive}\n".encode())
        take(giver, at=AT)
    old = "population.20261124T000000Z.csv"
    for name in (old, f"{old}{SIGNED}"):  # somebody puts yesterday's file back
        (giver.folder / "done" / name).rename(giver.folder / name)
    assert take(giver, at=AT) == 1
    assert report(giver, old, "refused")["refused"][0]["code"] == "OLDER_THAN_LAST"
    assert SharedRecord.objects.get().data == {"alive": False}
    assert SharedBatch.objects.order_by("-id")[0].as_of == datetime(2026, 11, 24, 1, tzinfo=UTC)


def test_files_are_taken_in_the_order_in_which_they_were_made(db: None, giver: Giver):
    leave(giver, "population.20261124T013000Z.csv", b"key,alive\n44030319900101901X,yes\n")
    leave(giver, "population.whole.20261124T010000Z.csv", b"key,alive\n44030319900101901X,no\n")
    assert take(giver, at=AT) == 2
    assert SharedRecord.objects.get().data == {"alive": True}
    assert not (giver.folder / "refused").exists() or not list((giver.folder / "refused").iterdir())


def test_an_empty_whole_file_wipes_nothing(db: None, giver: Giver):
    leave(giver, "population.whole.20261124T000000Z.csv", ROWS.splitlines(True)[0] + ROWS.splitlines(True)[1])
    leave(giver, "population.whole.20261124T010000Z.csv", b"key,name\n")
    take(giver, at=AT)
    (told,) = report(giver, "population.whole.20261124T010000Z.csv", "refused")["refused"]
    assert told["code"] == "LOSS_TOO_LARGE"
    assert "1 条记录中的 1 条" in told["zh"]
    assert SharedRecord.objects.exists()


def _symlink(place: Path, outside: Path) -> None:
    place.symlink_to(outside)


def _hard_link(place: Path, outside: Path) -> None:
    os.link(outside, place)


def _pipe(place: Path, outside: Path) -> None:
    os.mkfifo(place)


def _folder(place: Path, outside: Path) -> None:
    place.mkdir()


def _socket(place: Path, outside: Path) -> None:
    os.chdir(place.parent)  # the path of a socket may be no longer than 100 bytes
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(place.name)


@pytest.mark.enable_socket
@pytest.mark.parametrize("make", [_symlink, _hard_link, _pipe, _folder, _socket])
@pytest.mark.parametrize("what", ["file", "mark"])
def test_only_plain_files_are_read(
    db: None, giver: Giver, tmp_path: Path, make: Any, what: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    secret = tmp_path / "secret.csv"
    secret.write_bytes(ROWS)
    proof = tmp_path / "proof"
    proof.write_text(signature(SECRET, NAME, ROWS))
    leave(giver, NAME)
    place = giver.folder / (NAME if what == "file" else f"{NAME}{SIGNED}")
    place.unlink()
    make(place, secret if what == "file" else proof)
    assert take(giver, at=AT) == 1
    assert report(giver, NAME, "refused")["refused"][0]["code"] == "NOT_A_FILE"
    assert not SharedRecord.objects.exists()
    assert secret.read_bytes() == ROWS
    assert take(giver, at=AT) == 0  # it is put aside, and not met again


@pytest.mark.parametrize("where", ["done", "refused"])
def test_a_link_in_the_place_of_our_own_folders_leads_nowhere(db: None, giver: Giver, tmp_path: Path, where: str):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "old").write_text("x")
    (giver.folder / where).symlink_to(elsewhere)
    leave(giver, NAME)
    assert take(giver, at=AT) == 0
    forget(giver, at=datetime.now(UTC) + timedelta(days=90))
    assert [file.name for file in elsewhere.iterdir()] == ["old"]
    assert not SharedRecord.objects.exists()  # nothing is loaded that could not be put aside


def test_a_report_is_not_written_through_a_link(db: None, giver: Giver, tmp_path: Path):
    target = tmp_path / "target"
    target.write_text("mine")
    (giver.folder / "done").mkdir()
    (giver.folder / "done" / f"{NAME}.report.json").symlink_to(target)
    leave(giver, NAME)
    assert take(giver, at=AT) == 1
    assert target.read_text() == "mine"
    assert report(giver, NAME)["loaded"] == 1


def test_names_that_are_no_text_stop_nobody(db: None, giver: Giver):
    odd = os.fsencode(giver.folder) + b"/population.\xd5\xc5.csv"
    long = "population." + "x" * 235 + ".csv"
    for name in (odd, os.fsencode(giver.folder / long)):
        Path(os.fsdecode(name)).write_bytes(ROWS)
        Path(os.fsdecode(name + SIGNED.encode())).write_bytes(b"0" * 64)
    leave(giver, NAME)
    assert take(giver, at=AT) == 3
    assert SharedRecord.objects.count() == 1
    told = [json.loads(file.read_text()) for file in (giver.folder / "refused").glob("unnamed-*.report.json")]
    assert [one["refused"][0]["code"] for one in told] == ["NAME", "NAME"]
    assert take(giver, at=AT) == 0


def test_a_file_in_gb18030_says_so_in_its_name(db: None, giver: Giver):
    leave(giver, "population.20261124T010000Z.gb18030.csv", "key,name\n44030319900101901X,张晓\n".encode("gb18030"))
    take(giver, at=AT)
    assert SharedRecord.objects.get().data == {"name": "张晓"}


def test_a_file_that_is_too_large_is_not_read_whole(db: None, giver: Giver, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("yichuang.gateways.drop.reading.LARGEST", len(ROWS) - 1)
    leave(giver, NAME)
    take(giver, at=AT)
    assert report(giver, NAME, "refused")["refused"][0]["code"] == "FILE_TOO_LARGE"


def test_one_file_that_breaks_us_holds_up_no_other(
    db: None, giver: Giver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def breaks(*, name: str, **more: Any) -> Any:
        if name == NAME:
            raise ZeroDivisionError("44030319900101901X")
        return load_batch(name=name, **more)

    monkeypatch.setattr("yichuang.gateways.drop.reading.load_batch", breaks)
    leave(giver, NAME)
    leave(giver, "population.20261124T011500Z.csv")
    assert take(giver, at=AT) == 1
    assert "ZeroDivisionError" in caplog.text
    assert "44030319900101901X" not in caplog.text
    assert (giver.folder / NAME).exists()


def test_two_at_once_do_not_take_the_same(db: None, giver: Giver):
    from yichuang.gateways.drop import folder

    leave(giver, NAME)
    with folder.opened(giver.folder) as held:
        assert held is not None
        assert take(giver, at=AT) == 0
    assert take(giver, at=AT) == 1


def test_a_folder_that_cannot_be_read_or_locked_holds_up_no_other(
    db: None, giver: Giver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def fails(*told: Any) -> Any:
        raise OSError(5, "Input/output error")

    leave(giver, NAME)
    with monkeypatch.context() as patch:
        patch.setattr("yichuang.gateways.drop.folder.os.scandir", fails)
        assert take(giver, at=AT) == 0
    assert "the folder of civil cannot be read" in caplog.text
    monkeypatch.setattr("yichuang.gateways.drop.folder.fcntl.flock", fails)
    assert take(giver, at=AT) == 1


def test_a_folder_that_is_a_link_is_left_alone(db: None, giver: Giver, tmp_path: Path):
    leave(giver, NAME)
    link = tmp_path / "link"
    link.symlink_to(giver.folder)
    assert take(Giver("civil", link, SECRET, giver.bases), at=AT) == 0


def test_a_crash_after_the_load_loads_nothing_twice(db: None, giver: Giver, monkeypatch: pytest.MonkeyPatch):
    file = leave(giver, "population.whole.20261124T010000Z.csv", b"key,name\n44030319900101901X,\xe5\xbc\xa0\n")
    with monkeypatch.context() as patch:
        patch.setattr("yichuang.gateways.drop.folder.write", lambda *told: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            take(giver, at=AT)
    assert Holding.objects.get().whole_at == datetime(2026, 11, 24, 1, tzinfo=UTC)
    take(giver, at=AT)
    assert report(giver, file.name, "refused")["refused"][0]["code"] == "LOADED_BEFORE"
    assert SharedRecord.objects.count() == 1


def test_files_do_not_lie_about_for_ever_whatever_date_they_carry(db: None, giver: Giver):
    leave(giver, NAME)
    take(giver, at=AT)
    old, today = giver.folder / "done" / NAME, datetime.now(UTC)
    os.utime(old, ((today + timedelta(days=900)).timestamp(),) * 2)
    forget(giver, at=today + timedelta(days=29))
    assert old.exists()
    forget(giver, at=today + timedelta(days=31))
    assert not old.exists()


def test_the_job_takes_what_lies_there(db: None, giver: Giver, settings: Any):
    settings.YICHUANG_DROP_FOLDER = str(giver.folder.parent)
    settings.YICHUANG_DROP_GIVERS = {"civil": {"secret": SECRET, "bases": ["population"]}}
    leave(giver, f"population.{datetime.now(UTC):%Y%m%dT%H%M%SZ}.csv")
    take_files()
    assert SharedRecord.objects.exists()


def test_what_is_wrong_with_the_settings_is_said(settings: Any):
    settings.YICHUANG_DROP_GIVERS = {"Civil": {"secret": "short", "bases": []}}
    assert "YICHUANG_DROP_FOLDER" in config.check_config()[0]
    settings.YICHUANG_DROP_FOLDER = "somewhere"
    faults = "\n".join(config.check_config())
    settings.YICHUANG_SHARE_SOURCES = {"Civil": {}}
    assert "Civil is a share platform, too" in "\n".join(config.check_config())
    for part in ("not a name", "at least 32", "_BASES"):
        assert part in faults
