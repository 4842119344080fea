"""What the browser journeys share: one world for each worker, in any order."""

import re
import tomllib
from collections import defaultdict
from pathlib import Path

JOURNEYS = Path(__file__).resolve().parents[1] / "journeys"


def test_each_dog_of_the_journeys_belongs_to_one_journey_file() -> None:
    """A chip is registered once: of two journeys with one dog, the second is refused whenever the first one came before."""
    files = defaultdict(set)
    for file in JOURNEYS.glob("test_*.py"):
        for number in re.findall(r"\b(?:dog|granted)\((\d+)", file.read_text(encoding="utf-8")):
            files[number].add(file.name)
    assert files
    assert {number: found for number, found in files.items() if len(found) > 1} == {}


def test_each_turn_of_a_case_names_journeys_that_exist() -> None:
    """`docs/reference/journeys.toml`: what a case can go through, and the browser journeys that go through it."""
    turns = tomllib.loads((JOURNEYS.parents[1] / "docs/reference/journeys.toml").read_text(encoding="utf-8"))
    there = {
        f"{file.name}::{name}"
        for file in JOURNEYS.glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    named = {turn: set(journeys) for part in turns.values() for turn, journeys in part.items()}
    assert len(named) > 30
    assert [turn for turn, journeys in named.items() if not journeys] == []
    assert {turn: sorted(journeys - there) for turn, journeys in named.items() if journeys - there} == {}
