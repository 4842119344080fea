"""`packs check|test|mutate|publish DIR` on folders anywhere, with exit codes a script can use."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from tests.catalog.conftest import AT
from tests.catalog.dog import FOLDER, copy_of_pack, spoil

from yichuang.catalog import queries
from yichuang.core import clock
from yichuang.core.refusals import NotFound

pytestmark = pytest.mark.usefixtures("network")


def run(*args: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("packs", *args, stdout=out, skip_checks=True)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def run_json(*args: str) -> tuple[int, dict[str, Any]]:
    code, out = run(*args, "--json")
    data: dict[str, Any] = json.loads(out)
    return code, data


def test_a_sound_pack_outside_the_repository(tmp_path: Path):
    folder = str(copy_of_pack(tmp_path))
    assert run("check", folder) == (0, f"{folder}: 没有问题 / sound\n")
    code, data = run_json("test", folder)
    assert (code, data["ok"], len(data["packs"][0]["examples"])) == (0, True, 15)
    code, data = run_json("mutate", folder)
    assert (code, data["ok"]) == (0, True)


def test_faults_name_file_and_line_and_end_with_one(tmp_path: Path):
    folder = copy_of_pack(tmp_path)
    line = spoil(folder, "materials.yaml", "code: owner_id", "kode: owner_id")
    code, out = run("check", str(folder))
    assert code == 1
    assert f"materials.yaml:{line}: [UNKNOWN_KEY]" in out
    code, data = run_json("publish", str(folder))
    assert (code, data["ok"], data["packs"][0]["published"]) == (1, False, None)
    assert data["packs"][0]["faults"][0]["line"] > 0


def test_a_red_example_ends_with_one_and_says_the_difference(tmp_path: Path):
    folder = copy_of_pack(tmp_path)
    spoil(folder, "examples/06-minor.yaml", "blocked: [ADULT]", "blocked: [BANNED_BREED]")
    code, out = run("test", str(folder))
    assert code == 1
    assert "06-minor.yaml: ✗" in out
    assert "ADULT" in out


def test_weak_examples_are_told(tmp_path: Path):
    folder = copy_of_pack(tmp_path)
    for name in ("05-banned-breed-and-limit", "06-minor"):
        (folder / f"examples/{name}.yaml").unlink()
    code, out = run("mutate", str(folder))
    assert code == 1
    assert "condition BANNED_BREED: removed" in out


def test_publish_at_a_set_time(tmp_path: Path):
    folder = copy_of_pack(tmp_path)
    with clock.fixed(AT):
        code, data = run_json("publish", str(folder), "--effective-at", "2026-11-23T00:00")
    assert (code, data["packs"][0]["published"]) == (0, {"code": "yangquan-dengji", "version": 1})
    (found,) = queries.list_versions("yangquan-dengji")
    assert found[1].isoformat() == "2026-11-22T16:00:00+00:00"


def test_wrong_calls_end_with_two(tmp_path: Path):
    with pytest.raises(CommandError) as caught:
        run("check", str(tmp_path / "nowhere"))
    assert caught.value.returncode == 2
    with pytest.raises(CommandError):
        run("publish", str(copy_of_pack(tmp_path)), "--effective-at", "tomorrow")


def test_compare_with_what_is_published(tmp_path: Path):
    """0: compared; 1: they differ under one number; 2: nothing to compare with."""
    folder = copy_of_pack(tmp_path)
    with pytest.raises(CommandError) as unknown:
        run("compare", str(folder))
    assert unknown.value.returncode == 2
    with clock.fixed(AT):
        run("publish", str(folder))
    code, out = run("compare", str(folder))
    assert (code, "两个版本的内容完全相同" in out) == (0, True)
    spoil(folder, "item.yaml", "express: true", "express: false")
    code, data = run_json("compare", str(folder))
    assert (code, data["packs"][0]["faults"][0]["code"]) == (1, "VERSION_TOO_LOW")
    spoil(folder, "item.yaml", "version: 1", "version: 2")
    code, out = run("compare", str(folder), "--with", "1", "--english")
    assert code == 0
    assert "| The item | changed | By post |" in out
    code, data = run_json("compare", str(folder))
    (change,) = data["packs"][0]["comparison"]["changes"]
    assert (change["kind"], change["weight"], change["name"]["en"]) == ("changed", "harder", "By post")
    with pytest.raises(CommandError):
        run("compare", str(folder), "--with", "7")
    with clock.fixed(AT):
        run("publish", str(folder), "--effective-at", "2026-11-23T00:00")
    assert [c.name.en for c in queries.compare("yangquan-dengji", 1, 2).changes] == ["By post"]
    with pytest.raises(NotFound):
        queries.compare("yangquan-dengji", 1, 3)


def test_compare_two_folders(tmp_path: Path):
    old = copy_of_pack(tmp_path / "old").rename(tmp_path / "before")  # whatever it is called
    new = copy_of_pack(tmp_path)
    spoil(new, "item.yaml", "version: 1", "version: 2")
    spoil(new, "materials.yaml", "code: owner_id", "code: owner_ids")
    code, out = run("compare", str(new), "--with", str(old))
    assert code == 1  # the examples and the form still name the old code
    code, out = run("compare", str(copy_of_pack(tmp_path / "same")), "--with", str(old))
    assert (code, "完全相同" in out) == (0, True)
    with pytest.raises(CommandError) as other:
        run("compare", str(FOLDER), "--with", str(FOLDER.parents[1] / "renshe/shiye-dengji"))
    assert other.value.returncode == 2
    with pytest.raises(CommandError):
        run("compare", str(FOLDER), "--with", str(tmp_path / "nothing"))
