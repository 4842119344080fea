"""`docs/reference/asvs.toml` is whole and honest: each requirement of levels 1 and 2 has its answer, each named test is there."""

import ast
import tomllib
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
ROWS: dict[str, dict[str, Any]] = tomllib.loads((ROOT / "docs/reference/asvs.toml").read_text(encoding="utf-8"))
# requirements of levels 1 and 2 in each chapter of version 5.0.0
CHAPTERS = {
    "1": 27, "2": 11, "3": 19, "4": 10, "5": 9, "6": 35, "7": 18, "8": 7, "9": 7, "10": 29, "11": 14, "12": 9, "13": 13, "14": 9,
    "15": 13, "16": 16, "17": 7,
}  # fmt: skip


@lru_cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_every_requirement_has_its_line() -> None:
    assert Counter(number.partition(".")[0] for number in ROWS) == CHAPTERS
    assert Counter(row["level"] for row in ROWS.values()) == {1: 70, 2: 183}


@pytest.mark.parametrize("number", ROWS)
def test_a_line_says_what_proves_it_or_why_nothing_does(number: str) -> None:
    row = ROWS[number]
    answers = row.keys() - {"level", "says"}
    assert answers in ({"tests"}, {"tests", "open"}, {"kept"}, {"na"}, {"open"}), answers
    assert all(row[answer] for answer in answers)
    for test in row.get("tests", ()):
        path, _, name = test.partition("::")
        assert name.startswith("test_")
        assert name in names_in(path), f"{number} leans on a test that is not there: {test}"
