"""Lists of items by batch, target and date; the numbers of marks and visits; filters by area and visits."""

from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from tests.catalog.conftest import AT
from tests.catalog.dog import FOLDER
from tests.catalog.test_search import item

from yichuang.catalog import commands, figures, queries
from yichuang.catalog.lists import rule
from yichuang.catalog.lists.file import read_lists
from yichuang.catalog.models import ItemVersion, ListedItems
from yichuang.catalog.values import AREAS, ItemFilters, ItemList, ListRule, Mark
from yichuang.core import roles
from yichuang.core.actors import SYSTEM, Actor, Grant
from yichuang.core.ids import new_id
from yichuang.core.models import Entry
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W

ROOT = Path(__file__).parents[2]
LIST = """format = 1

[[list]]
code = "no-visit"
name = { zh = "零跑动", en = "No visit" }
batch = 1
target = 2
target_on = 2026-12-31
visits = 0
marks = ["online"]
"""


def faults(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.code) for fault in read_lists(text.encode())[1]]


def a_list(**changes: object) -> ItemList:
    facts = {"rule": ListRule(visits=0), "target": 3, "target_on": date(2026, 12, 1), **changes}
    return ItemList("a", W("甲", "A"), 1, **facts)  # type: ignore[arg-type]  # a test gives what it changes


# --- the rule


def test_wider_areas_count_for_narrower_ones():
    assert rule.at_least("city") == ("city", "province", "state")
    assert rule.at_least("hall") == tuple(AREAS)
    with pytest.raises(ValueError, match="not in"):
        rule.at_least("moon")


@pytest.mark.parametrize(
    ("done", "today", "percent", "reached", "late"),
    [
        (0, date(2026, 11, 30), 0, False, False),
        (2, date(2026, 12, 1), 66, False, False),
        (2, date(2026, 12, 2), 66, False, True),
        (3, date(2026, 12, 2), 100, True, False),
        (9, date(2026, 12, 2), 100, True, False),
    ],
)
def test_progress_counts_to_the_target_and_to_its_day(done: int, today: date, percent: int, reached: bool, late: bool):
    found = rule.progress(a_list(), done, today)
    assert (found.percent, found.reached, found.late) == (percent, reached, late)
    assert found.days_left == (date(2026, 12, 1) - today).days


def test_named_items_that_do_not_count_yet_are_waiting():
    found = rule.progress(a_list(rule=ListRule(items=("x", "y", "z"))), 1, date(2026, 12, 1), {"y"})
    assert found.waiting == ("x", "z")


def test_figures_over_nothing_and_over_something():
    assert {share.percent for share in rule.figures({}, [], {}).marks} == {0}
    found = rule.figures({"online": 2}, [(0, 1), (1, 1), (2, 2), (7, 4)], {"hall": 8})
    assert found.total == 8
    assert [share.count for share in found.visits] == [1, 1, 6]
    assert [share.percent for share in found.visits] == [13, 13, 75]
    assert next(share for share in found.marks if share.code == "online").percent == 25
    assert [share.code for share in found.marks] == list(Mark)


# --- the file


def test_the_list_of_the_repository_is_sound():
    assert commands.check_lists(ROOT / "packs/lists.toml") == []


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("format = 1", "format = 2", 1, "FORMAT"),
        ("format = 1", "formt = 1", 1, "UNKNOWN_KEY"),
        ('code = "no-visit"', 'code = "No visit"', 4, "FORMAT"),
        ('en = "No visit"', 'en = "零跑动"', 5, "FORMAT"),
        ("batch = 1", "batch = 0", 6, "FORMAT"),
        ("batch = 1\n", "", 3, "KEY_MISSING"),
        ("target = 2", "target = 0", 7, "FORMAT"),
        ("target = 2", "target = true", 7, "FORMAT"),
        ("2026-12-31", '"2026-12-31"', 8, "FORMAT"),
        ("2026-12-31", "2026-13-31", 8, "NOT_TOML"),
        ("visits = 0", "visit = 0", 9, "UNKNOWN_KEY"),
        ("visits = 0", 'area = "moon"', 9, "FORMAT"),
        ('["online"]', '["fast"]', 10, "FORMAT"),
        ('visits = 0\nmarks = ["online"]', "", 4, "NO_RULE"),
        ('marks = ["online"]', 'items = ["a"]', 7, "TARGET"),
        ('marks = ["online"]', 'items = [\n "a", "b",\n "a",\n]', 11, "TWICE"),
        ("visits = 0", "visits = 0\n[[list]]", 10, "KEY_MISSING"),
        ("[[list]]", "[list]", 3, "FORMAT"),
    ],
)
def test_each_fault_of_a_list_has_its_line(old: str, new: str, line: int, code: str):
    assert old in LIST
    assert (line, code) in faults(LIST.replace(old, new, 1))


def test_two_lists_of_one_code_and_bytes_that_are_no_text():
    twice = LIST + LIST.partition("\n\n")[2]
    assert (12, "TWICE") in faults(twice)
    assert [fault.code for fault in read_lists(b"a = '\xff'")[1]] == ["NOT_UTF8"]


# --- the database


def publish(tmp_path: Path, text: str, actor: Actor = SYSTEM) -> None:
    file = tmp_path / "lists.toml"
    file.write_text(text, "utf-8")
    commands.publish_lists(file=file, actor=actor, at=AT)


def acts() -> list[str]:
    found = Entry.objects.filter(subject_kind="item_list", at=AT).order_by("at", "id")
    return list(found.values_list("act", flat=True))


@pytest.fixture
def bare(db: None) -> None:
    """Nothing of the demo applies."""
    ListedItems.objects.all().delete()
    ItemVersion.objects.update(retired_at=F("effective_at"))


@pytest.fixture
def three(bare: None) -> None:
    item("a", "甲事", [], marks=["online", "once"], visits=0, area="city")
    item("b", "乙事", [], marks=["online"], visits=1, area="district")
    item("c", "丙事", [], marks=["online"], visits=0, area="hall", effective_at=AT + timedelta(days=1))


@pytest.mark.usefixtures("three")
def test_a_list_counts_what_is_published_and_satisfies_it(tmp_path: Path):
    publish(tmp_path, LIST)
    [found] = figures.list_progress(at=AT)
    assert (found.done, found.list.target, found.percent) == (1, 2, 50)
    assert [row.code for row in figures.listed("no-visit", at=AT).items] == ["a"]
    assert figures.get_progress("no-visit", at=AT + timedelta(days=2)).reached
    with pytest.raises(NotFound):
        figures.get_progress("nothing", at=AT)


@pytest.mark.usefixtures("three")
def test_named_items_count_when_they_satisfy_the_rule_too(tmp_path: Path):
    publish(tmp_path, LIST.replace('["online"]', '["online"]\nitems = ["a", "b", "z"]'))
    found = figures.get_progress("no-visit", at=AT)
    assert (found.done, found.waiting) == (1, ("b", "z"))
    assert set(figures.waiting_names(found, at=AT)) == {"b"}


@pytest.mark.usefixtures("three")
def test_filters_by_area_and_visits():
    def codes(**filters: object) -> list[str]:
        return sorted(row.code for row in queries.list_items(ItemFilters(**filters), at=AT).items)  # type: ignore[arg-type]  # a test gives what it changes

    assert codes(area="district") == ["a", "b"]
    assert codes(area="city") == ["a"]
    assert codes(visits=0) == ["a"]
    assert codes(visits=1) == ["a", "b"]
    assert [row.code for row in queries.search_items("乙事", at=AT, filters=ItemFilters(visits=0))] == []


@pytest.mark.usefixtures("three")
def test_the_numbers_of_marks_visits_and_areas():
    found = figures.item_figures(at=AT)
    counts = {share.code: share.count for share in found.marks}
    assert (found.total, counts["online"], counts["once"], counts["at_home"]) == (2, 2, 1, 0)
    assert [share.count for share in found.visits] == [1, 1, 0]
    assert {share.code: share.count for share in found.areas if share.count} == {"city": 1, "district": 1}


def test_the_file_is_the_whole_truth_and_the_ledger_has_each_change(bare: None, tmp_path: Path):
    publish(tmp_path, LIST)
    publish(tmp_path, LIST)
    assert acts() == ["publish_list"]
    publish(tmp_path, LIST.replace("target = 2", "target = 5"))
    assert ListedItems.objects.get().target == 5
    publish(tmp_path, "format = 1\n")
    assert not ListedItems.objects.exists()
    assert acts() == ["publish_list", "publish_list", "withdraw_list"]
    with pytest.raises(Refused) as refused:
        publish(tmp_path, LIST.replace("batch = 1", "batch = 0"))
    assert refused.value.reasons[0].field == "lists.toml:6"


def test_only_item_editors_publish_lists(bare: None, tmp_path: Path):
    clerk = Actor(kind="staff", id=new_id(), grants=frozenset({Grant(roles.INTAKE_CLERK)}))
    with pytest.raises(Refused) as refused:
        publish(tmp_path, LIST, clerk)
    assert refused.value.kind == "forbidden"
    publish(tmp_path, LIST, Actor(kind="staff", id=new_id(), grants=frozenset({Grant(roles.ITEM_EDITOR)})))


def test_the_command_takes_a_folder_of_packs_or_the_file(
    network: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "lists.toml").write_text(LIST, "utf-8")
    call_command("packs", "publish", str(tmp_path / "lists.toml"), skip_checks=True)
    assert ListedItems.objects.get().code == "no-visit"
    (tmp_path / "lists.toml").write_text(LIST.replace("batch = 1", "batch = 0"), "utf-8")
    with pytest.raises(SystemExit):
        call_command("packs", "check", str(tmp_path / "lists.toml"), skip_checks=True)
    assert "lists.toml:6: [FORMAT]" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("packs", "check", str(tmp_path / "none" / "lists.toml"), skip_checks=True)
    with pytest.raises(CommandError):
        call_command("packs", "check", str(tmp_path / "none"), skip_checks=True)


def test_published_items_carry_area_and_visits(network: None):
    commands.publish_pack(folder=FOLDER, actor=SYSTEM, at=AT)
    for filters, found in ((ItemFilters(area="district", visits=1), True), (ItemFilters(visits=0), False)):
        assert (FOLDER.name in {row.code for row in queries.list_items(filters, at=AT).items}) is found


def test_what_was_published_before_gets_its_area_and_visits(db: None):
    """The migration reads them from the files; the version stays frozen afterwards."""
    fill = import_module("yichuang.catalog.migrations.0002_lists_of_items").fill
    item("a", "甲事", [], files={"item.yaml": (FOLDER / "item.yaml").read_text("utf-8")})
    item("b", "乙事", [], files={})
    fill(apps, connection.schema_editor())
    assert sorted(ItemVersion.objects.filter(code__in=("a", "b")).values_list("code", "area", "visits")) == [
        ("a", "district", 1),
        ("b", "", 0),
    ]
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        ItemVersion.objects.update(visits=3)
