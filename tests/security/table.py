"""Reading the hand-kept access table."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TABLE = Path(__file__).resolve().parents[2] / "docs/reference/access-table.toml"
CLASSES = ("sees", "in", "login", "forbidden", "missing")
NOT_ROWS = frozenset({"callers", "groups"})


def read_table() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def rows_of(table: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """ "METHOD /path" -> caller -> class. Raises AssertionError when a row does not say exactly one thing of each caller."""
    rows = {}
    for section, content in table.items():
        if section in NOT_ROWS:
            continue
        for route, row in content.items():
            assert route not in rows, f"{route} stands twice in the table"
            rows[route] = _expand(route, row, table)
    return rows


def _expand(route: str, row: Mapping[str, str], table: Mapping[str, Any]) -> dict[str, str]:
    """Of a group, only those count of whom nothing was said before in the row; single callers may stand only once."""
    assert set(row) <= set(CLASSES), f"{route}: {set(row) - set(CLASSES)} is none of {CLASSES}"
    callers, groups = table["callers"], {**table["groups"], "*": " ".join(table["callers"])}
    said: dict[str, str] = {}
    for answer, names in row.items():
        for name in names.split():
            assert name in callers or name in groups, f"{route}: nobody is called {name!r}"
            assert name in groups or name not in said, f"{route}: {name} stands there twice"
            for caller in groups.get(name, name).split():
                said.setdefault(caller, answer)
    assert set(said) == set(callers), f"{route}: nothing is said of {set(callers) - set(said)}"
    return {caller: said[caller] for caller in callers}


def differences(expected: Mapping[str, Mapping[str, str]], found: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What was answered otherwise than the table says, one line per route and answer; routes missing on either side."""
    faults = [f"{route}: not in the table" for route in found if route not in expected]
    faults += [f"{route}: in the table, but there is no such route" for route in expected if route not in found]
    for route, row in found.items():
        wanted = expected.get(route, {})
        for caller, answer in row.items():
            if wanted and wanted[caller] != answer:
                faults.append(f"{route}: {caller} got “{answer}”, the table says “{wanted[caller]}”")
    return faults
