"""`docs/contracts.md` names what is there: every function that it promises is defined."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACT = (ROOT / "docs/contracts.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^## ([a-z_]+)\b.*$", re.M)
CALL = re.compile(r"(?<![\w.“])([a-z]\w+)\($")
WORDS = {"check_x", "bool", "marks"}  # every check_…; Python's own; a remark behind a field's name


def promised() -> Iterator[tuple[str, str]]:
    """(room, function) of the code blocks; what stands inside brackets is somebody's parameter."""
    parts = SECTION.split(CONTRACT)
    for room, text in zip(parts[1::2], parts[2::2], strict=True):
        if not (ROOT / "src/yichuang" / room).is_dir():
            continue
        for block in re.findall(r"^```python\n(.*?)^```", text, re.M | re.S):
            for line in block.splitlines():
                yield from ((room, name) for name in sorted(set(_called(line.split(" # ")[0])) - WORDS))


def _called(line: str) -> Iterator[str]:
    depth, outside = 0, ""
    for letter in line:
        if letter == "(" and depth == 0:
            found = CALL.search(f"{outside}(")
            if found:
                yield found[1]
        depth += (letter == "(") - (letter == ")")
        depth = max(depth, 0)
        outside += letter if depth == 0 else ""


@cache
def defined() -> frozenset[str]:
    """Every function, method and class of the house: a room's section also names what it asks of others."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    trees = (ast.parse(file.read_text(encoding="utf-8")) for file in (ROOT / "src/yichuang").rglob("*.py"))
    return frozenset(node.name for tree in trees for node in ast.walk(tree) if isinstance(node, kinds))


PROMISED = sorted(set(promised()))


def test_there_is_a_contract_to_hold() -> None:
    assert len(PROMISED) > 400
    assert {"core", "people", "network", "catalog", "registry", "engine", "notices", "cases", "issuing"} <= {
        room for room, _ in PROMISED
    }


@pytest.mark.parametrize("room", sorted({room for room, _ in PROMISED}))
def test_what_the_contract_names_is_there(room: str) -> None:
    assert [name for of, name in PROMISED if of == room and name not in defined()] == []
