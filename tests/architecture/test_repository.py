"""Habits of the repository: files that can be read in one sitting, dependencies with a reason, locks without addresses."""

import re
import subprocess
from pathlib import Path

import pytest

from yichuang.settings.tools import lock, where

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 500  # lines
# A longer file needs its reason here.
LONGER: dict[str, str] = {}


def python_files() -> list[Path]:
    files = [path for folder in ("src", "tests", "bench") for path in (ROOT / folder).rglob("*.py")]
    return [path for path in files if "migrations" not in path.parts]


def test_files_can_be_read_in_one_sitting():
    lengths = {str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines()) for p in python_files()}
    too_long = {name: length for name, length in lengths.items() if length > LONGEST and name not in LONGER}
    assert too_long == {}, "split them, or give the reason in LONGER"
    assert [name for name in LONGER if lengths.get(name, 0) <= LONGEST] == [], "these need no reason any more"


def test_each_check_that_is_switched_off_has_a_reason_beside_it():
    bare = re.compile(r"#\s*(?:type:\s*ignore(?:\[[^\]]*\])?|noqa(?::[ A-Z0-9,]+)?)\s*$")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in python_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line)
    ]
    assert found == []


def test_each_dependency_has_a_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text.split("dependencies = [", 1)[1].split("\n]", 1)[0]
    lines = [line.strip() for line in block.splitlines() if line.strip().startswith('"')]
    assert len(lines) > 10
    assert [line for line in lines if not re.search(r"#\s*\w{2,}", line)] == []


@pytest.mark.parametrize("name", lock.LOCKS)
def test_locks_have_hashes_and_no_addresses(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    pinned = re.findall(r"^[\w.\[\]-]+==\S+", text, re.MULTILINE)
    assert len(pinned) > 40
    assert len(re.findall(r"^[\w.\[\]-]+==[^\n]*\\\n    --hash=sha256:", text, re.MULTILINE)) == len(pinned)
    assert re.findall(r"https?://|--(?:extra-)?index-url|--find-links|--trusted-host", text) == []


def test_locks_are_those_of_pyproject():
    assert lock.stale() == [], "./run lock"


def test_the_runner_is_portable_shell():
    subprocess.run(["sh", "-n", str(ROOT / "run")], check=True)
    subprocess.run(["bash", "-n", str(ROOT / ".ci/run")], check=True)


@pytest.mark.parametrize("term", where.terms(), ids=lambda term: term.zh)
def test_each_place_of_the_glossary_exists(term):
    assert term.places, "a term without a place helps nobody"
    for places in term.places.values():
        for place in places:
            where.locate(place)
