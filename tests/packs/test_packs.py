"""Every pack of the repository is sound, its examples are green, and they are able to fail."""

from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from tests.catalog.calendars import CALENDAR

from yichuang.catalog import rules
from yichuang.catalog.commands.trials import working_calendar
from yichuang.catalog.packs.folder import Loaded, load_folder
from yichuang.catalog.packs.mutate import mutations
from yichuang.catalog.packs.trial import run_examples
from yichuang.catalog.values import Limit

ROOT = Path(__file__).parents[2] / "packs"
PACKS = sorted(path.parent for path in ROOT.rglob("item.yaml"))


@cache
def loaded(folder: Path) -> Loaded:
    """Read and compiled once for all questions about the pack: that is most of their time."""
    return load_folder(folder)


@pytest.fixture(params=PACKS, ids=lambda path: path.name)
def folder(request: pytest.FixtureRequest) -> Path:
    path = request.param
    assert isinstance(path, Path)
    return path


def test_there_are_packs_of_every_kind_that_counters_meet():
    kinds = Counter(pack.kind.value for path in PACKS if (pack := loaded(path).pack) is not None)
    assert len(PACKS) >= 24
    assert {"PERMIT", "BENEFIT", "CONFIRMATION", "OTHER", "SERVICE"} <= set(kinds)


def test_a_pack_is_sound(folder: Path):
    assert [str(fault) for fault in loaded(folder).faults] == []


def test_its_area_is_its_folder(folder: Path):
    pack = loaded(folder).pack
    assert pack is not None
    assert pack.area == folder.parent.name


def test_its_examples_are_green(folder: Path):
    pack = loaded(folder).pack
    assert pack is not None
    red = {r.file: [d.en for d in r.differences] for r in run_examples(pack, CALENDAR) if not r.ok}
    assert red == {}


def test_each_changed_material_limit_condition_and_rule_turns_an_example_red(folder: Path):
    pack = loaded(folder).pack
    assert pack is not None
    changed = mutations(pack, CALENDAR)
    assert len(changed) > 10
    assert [m.what for m in changed if m.noticed_by is None] == []


def test_it_has_enough_examples_and_answers(folder: Path):
    pack = loaded(folder).pack
    assert pack is not None
    assert len(pack.examples) >= 6
    assert len(pack.faqs) >= 5


def test_packs_can_be_tried_where_no_calendar_is_kept_yet(db: None):
    calendar = working_calendar()
    assert rules.due_date(Limit(5, "workday"), date(2026, 2, 13), calendar) == date(2026, 2, 27)
    assert calendar.is_certain(date(2026, 1, 1), date(2026, 12, 31))
