"""The floors of the house, held by tools and not by promise."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest
from django.apps import apps
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src/yichuang"
PUBLIC = {"values", "queries", "commands", "events", "permissions", "ports", "figures"}
FACES = {  # what a room shows besides, and why
    # the tables of the law, that doors draw and name (before and after the result); the frozen rows of its queries
    "cases": {
        "states",
        "aftermath",
        "pages",
        "turns",
        "helping",
        "instant",
        "fetched",
        "rulesets",
        "commitments",
        "confirming",
        "cosigning",
    },
    # how it is called and how a wait is reckoned: pure functions, which a day that is played again has to go by
    "visits": {"rules"},
}
OPEN = {"core", "webkit"}  # the ground everybody stands on; and what doors share is made of many small faces
ROOMS = sorted(p.name for p in SRC.iterdir() if (p / "__init__.py").exists() and p.name != "settings")


def test_the_contracts_of_pyproject_hold():
    """In a process of its own: import-linter sets up logging anew and silences every logger that there is."""
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_rooms_meet_only_through_public_faces():
    graph = grimp.build_graph("yichuang", exclude_type_checking_imports=True, cache_dir=None)
    strangers = []
    for importer in sorted(graph.modules):
        for imported in graph.find_modules_directly_imported_by(importer):
            own, (room, *rest) = [*importer.split("."), ""][1], [*imported.split(".")[1:], ""]
            within = rest[0] == "queries" and rest[1:2] != [""]  # behind the gates of `queries` itself
            if own in {room, "settings"} or room in OPEN:
                continue
            if within or rest[0] not in PUBLIC | FACES.get(room, set()):
                strangers.append(f"{importer} -> {imported}")
    assert strangers == []


@pytest.mark.parametrize("room", ROOMS)
def test_the_sentence_of_a_room_is_on_the_map(room):
    sentence = (SRC / room / "__init__.py").read_text(encoding="utf-8").split('"""')[1].strip()
    assert sentence in (ROOT / "docs/architecture.md").read_text(encoding="utf-8")


def floors() -> dict[str, int]:
    """room -> its floor, the ground is 0; from the contract that import-linter holds."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {room: floor for floor, layer in enumerate(reversed(layers)) for room in re.findall(r"\w+", layer)}


def test_no_foreign_key_points_upward_or_to_a_stranger():
    """Foreign keys into other rooms are strings, so import-linter cannot see them."""
    floor, wrong = floors(), []
    for model in apps.get_models():
        own = model.__module__.split(".")
        if own[0] != "yichuang":
            continue
        for field in model._meta.get_fields():
            target = field.related_model if field.concrete and field.is_relation else None
            if target is None or not target.__module__.startswith("yichuang."):
                continue
            room = target.__module__.split(".")[1]
            if floor[room] > floor[own[1]]:
                wrong.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    assert wrong == []


@pytest.mark.django_db
def test_every_foreign_key_has_an_index():
    """The catalogue knows: the key's columns must lead some index, or deleting and joining reads the whole table."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.conrelid::regclass::text || '.' || c.conname
            FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
            WHERE c.contype = 'f' AND t.relname NOT LIKE 'procrastinate%%' AND NOT EXISTS (
                SELECT 1 FROM pg_index i
                WHERE i.indrelid = c.conrelid AND i.indpred IS NULL
                AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey
            )
            ORDER BY 1
            """
        )
        assert [row[0] for row in cursor.fetchall()] == []
