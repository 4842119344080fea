"""The drop folder: only finished and proved files are loaded, once, and the giver finds a report."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from yichuang.gateways.drop import config
from yichuang.gateways.drop.config import Giver
from yichuang.gateways.drop.reading import SIGNED, forget, signature, take
from yichuang.gateways.jobs import take_files
from yichuang.registry.models import Holding, SharedRecord

SECRET = "a-secret-of-civil-affairs-of-32-c"
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
    file = leave(giver, "population.20261124.csv")
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
    leave(giver, "population.csv", signed=False)
    assert take(giver, at=AT) == 0
    assert not SharedRecord.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "secret", "code"),
    [
        ("population.csv", ROWS, "another-secret-that-is-32-long-xx", "SIGNATURE"),
        ("entities.csv", ROWS, SECRET, "BASE"),
        ("population.csv", b"no table", SECRET, "COLUMN_UNKNOWN"),
        ("population.xlsx", b"PK no workbook", SECRET, "FILE_UNREADABLE"),
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
    leave(giver, "population.csv")
    (giver.folder / "population.csv").rename(giver.folder / "credit.csv")
    (giver.folder / f"population.csv{SIGNED}").rename(giver.folder / f"credit.csv{SIGNED}")
    take(giver, at=AT)
    assert report(giver, "credit.csv", "refused")["refused"][0]["code"] == "SIGNATURE"


def test_links_are_left_alone(db: None, giver: Giver, tmp_path: Path):
    outside = tmp_path / "secret.csv"
    outside.write_bytes(ROWS)
    (giver.folder / "population.csv").symlink_to(outside)
    (giver.folder / f"population.csv{SIGNED}").write_text(signature(SECRET, "population.csv", ROWS))
    assert take(giver, at=AT) == 0


def test_a_crash_after_the_load_loads_nothing_twice(db: None, giver: Giver, monkeypatch: pytest.MonkeyPatch):
    file = leave(giver, "population.whole.1.csv", b"key,name\n44030319900101901X,\xe5\xbc\xa0\n")
    with monkeypatch.context() as patch:
        patch.setattr(
            "yichuang.gateways.drop.reading._put_aside", lambda *told: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        with pytest.raises(KeyboardInterrupt):
            take(giver, at=AT)
    assert Holding.objects.get().whole_at == AT
    take(giver, at=AT)
    assert report(giver, file.name, "refused")["refused"][0]["code"] == "LOADED_BEFORE"
    assert SharedRecord.objects.count() == 1


def test_files_do_not_lie_about_for_ever(db: None, giver: Giver):
    leave(giver, "population.csv")
    take(giver, at=AT)
    old = giver.folder / "done" / "population.csv"
    os.utime(old, (AT.timestamp(),) * 2)
    forget(giver, at=AT + timedelta(days=29))
    assert old.exists()
    forget(giver, at=AT + timedelta(days=31))
    assert not old.exists()


def test_the_job_takes_what_lies_there(db: None, giver: Giver, settings: Any):
    settings.YICHUANG_DROP_FOLDER = str(giver.folder.parent)
    settings.YICHUANG_DROP_GIVERS = {"civil": {"secret": SECRET, "bases": ["population"]}}
    leave(giver, "population.csv")
    take_files()
    assert SharedRecord.objects.exists()


def test_what_is_wrong_with_the_settings_is_said(settings: Any):
    settings.YICHUANG_DROP_GIVERS = {"Civil": {"secret": "short", "bases": []}}
    assert "YICHUANG_DROP_FOLDER" in config.check_config()[0]
    settings.YICHUANG_DROP_FOLDER = "somewhere"
    faults = "\n".join(config.check_config())
    for part in ("not a name", "at least 32", "_BASES"):
        assert part in faults
