"""`docs/promises.toml` is honest: every test it leans on exists, and nothing is kept without one."""

import ast
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PROMISES: dict[str, dict[str, Any]] = tomllib.loads((ROOT / "docs/promises.toml").read_text(encoding="utf-8"))
# the lines of the feature list that the first slice delivers, wholly or in part
FIRST_SLICE = [
    "I1",
    "I2",
    "I3",
    "I4",
    "I6",
    "X12",
    "N1",
    "N2",
    "N3",
    "N4",
    "N5",
    "C1",
    "C2",
    "C3",
    "C4",
    "C5",
    "C6",
    "C7",
    "C9",
    "C10",
    "C11",
    "C15",
    "C19",
    "C20",
    "X1",
    "X2",
    "X3",
    "X6",
    "X16",
    "D1",
    "D2",
    "D3",
    "A1",
    "A2",
    "A3",
    "A4",
    "A7",
]
NAMED = [(number, test) for number, row in PROMISES.items() for test in row["tests"]]


@lru_cache
def known_in(file: Path) -> frozenset[str]:
    """The names of the test functions of a file, those of its classes as `Class::test`."""
    if not file.is_file():
        return frozenset()
    body = ast.parse(file.read_text(encoding="utf-8")).body
    classes = [node for node in body if isinstance(node, ast.ClassDef)]
    functions = {node.name for node in body if isinstance(node, ast.FunctionDef)}
    methods = {f"{c.name}::{m.name}" for c in classes for m in c.body if isinstance(m, ast.FunctionDef)}
    return frozenset(functions | methods)


def test_every_promise_of_the_first_slice_is_told() -> None:
    assert set(FIRST_SLICE) <= set(PROMISES)


@pytest.mark.parametrize("number", PROMISES)
def test_a_promise_says_how_far_it_is_kept(number: str) -> None:
    row = PROMISES[number]
    assert row["promise"]
    assert row["state"] in {"kept", "partly", "not yet"}
    assert (row["state"] == "partly") == bool(row.get("missing")), "what is partly kept says what is missing"
    assert row["tests"] or row["state"] == "not yet", "nothing is kept without a test"
    assert set(row) <= {"promise", "state", "missing", "tests", "docs"}
    for page in row.get("docs", ()):
        assert (ROOT / page).exists(), page


@pytest.mark.parametrize(("number", "test"), NAMED, ids=str)
def test_every_named_test_exists(number: str, test: str) -> None:
    path, _, name = test.partition("::")
    assert name.rpartition("::")[2].startswith("test_")
    assert name in known_in(ROOT / path), f"{number} leans on a test that is not there: {test}"
