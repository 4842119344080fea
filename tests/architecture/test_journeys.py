"""What the browser journeys share: one world for each worker, in any order."""

import re
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
