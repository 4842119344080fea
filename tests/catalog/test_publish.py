"""Publishing: whole, immutable, at a set time, by an item editor only."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from tests.catalog.conftest import AT
from tests.catalog.dog import copy_of_pack, first_version, spoil

from yichuang.catalog import commands, queries
from yichuang.catalog.events import PackPublished
from yichuang.catalog.models import ItemVersion
from yichuang.core import ledger, roles
from yichuang.core.actors import SYSTEM, Actor, Grant
from yichuang.core.asked import stands_for
from yichuang.core.citations import english_of
from yichuang.core.events import _handlers, subscribe
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Refused

pytestmark = pytest.mark.usefixtures("network")
CODE = "yangquan-dengji"
DAY = timedelta(days=1)
EDITOR = Actor(kind="staff", id=new_id(), name="周敏", grants=frozenset({Grant(roles.ITEM_EDITOR)}))


def publish(folder: Path | None = None, *, actor: Actor = EDITOR, at=AT, effective_at=None):
    with stands_for(commands.PUBLISH):  # as after a second editor confirmed
        return commands.publish_pack(folder=folder or first_version(), actor=actor, at=at, effective_at=effective_at)


def refusal(**given) -> set[str]:
    with pytest.raises(Refused) as caught:
        publish(**given)
    return {reason.code for reason in caught.value.reasons}


def version_two(tmp_path: Path) -> Path:
    folder = copy_of_pack(tmp_path)
    spoil(folder, "item.yaml", "version: 1", "version: 2")
    return folder


def test_a_published_pack_is_read_back_whole():
    row = publish()
    pack = queries.get_pack(CODE, at=AT)
    assert (row.code, row.version, pack.version) == (CODE, 1, 1)
    assert queries.get_item(CODE, at=AT) == row
    assert [m.code for m in pack.materials][:2] == ["application_form", "owner_id"]
    assert pack.process_xml.startswith(b"<?xml")
    (english,) = {law.title_en for law in pack.legal_basis if law.title == "深圳市养犬管理条例"}
    assert english_of("《深圳市养犬管理条例》第七条") == f"{english}, art. 7"


def test_the_act_stands_in_the_ledger_and_is_told():
    told: list[PackPublished] = []
    handler = subscribe(PackPublished)(told.append)
    try:
        publish()
    finally:
        _handlers[PackPublished].remove(handler)
    (row,) = ItemVersion.objects.filter(code=CODE)
    (entry,) = ledger.list_entries(ledger.Subject("item_version", row.id))
    assert (entry.act, entry.detail["version"], row.published_by) == ("publish_pack", 1, EDITOR.id)
    assert [event.version for event in told] == [1]


@pytest.mark.parametrize("role", sorted(roles.ALL - {roles.ITEM_EDITOR}))
def test_only_an_item_editor_publishes_and_withdraws(role: str):
    other = Actor(kind="staff", id=new_id(), grants=frozenset({Grant(role)}))
    assert refusal(actor=other) == {"NOT_ALLOWED"}
    publish(actor=SYSTEM)
    with pytest.raises(Refused):
        commands.withdraw_pack(code=CODE, actor=other, at=AT)


def test_the_same_content_again_changes_nothing_and_other_content_is_refused(tmp_path: Path):
    publish()
    publish(at=AT + DAY)
    assert ItemVersion.objects.filter(code=CODE).count() == 1
    folder = copy_of_pack(tmp_path)
    spoil(folder, "faqs.yaml", "一家能养几只", "一户能养几只")
    assert refusal(folder=folder) == {"VERSION_TAKEN"}


def test_the_database_itself_refuses_to_change_what_is_published():
    publish()
    for change in ({"digest": "x" * 64}, {"files": {}}, {"effective_at": AT + DAY}):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            ItemVersion.objects.filter(code=CODE).update(**change)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        ItemVersion.objects.filter(code=CODE).delete()


def test_a_new_version_applies_from_its_time_and_cases_keep_the_old_one(tmp_path: Path):
    publish()
    publish(version_two(tmp_path), effective_at=AT + 3 * DAY)
    assert queries.get_pack(CODE, at=AT + DAY).version == 1
    assert queries.get_pack(CODE, at=AT + 3 * DAY).version == 2
    assert queries.get_pack(CODE, version=1, at=AT + 9 * DAY).version == 1
    assert queries.is_open(CODE, 1, at=AT + 2 * DAY)
    assert not queries.is_open(CODE, 1, at=AT + 3 * DAY)
    assert [version for version, _, _ in queries.list_versions(CODE)] == [2, 1]


def test_what_probably_applies_is_what_applied_last_whatever_else_was_read(tmp_path: Path):
    """A version to come is read by whoever rehearses or compares it; filings go by the one that is in force."""
    publish()
    publish(version_two(tmp_path), effective_at=AT + 3 * DAY)
    one = queries.get_pack(CODE, at=AT)
    queries.compare(CODE, 1, 2)
    queries.get_pack(CODE, version=2, at=AT + 4 * DAY)
    assert queries.likely_pack(CODE) is one
    assert queries.is_open(CODE, 2, at=AT + 3 * DAY)
    likely = queries.likely_pack(CODE)
    assert likely is not None
    assert likely.version == 2


def test_a_version_below_the_highest_or_before_one_to_come_is_refused(tmp_path: Path):
    folder = version_two(tmp_path)
    publish(folder, effective_at=AT + 3 * DAY)
    assert refusal() == {"VERSION_TOO_LOW", "VERSION_TO_COME"}
    spoil(folder, "item.yaml", "version: 2", "version: 3")
    assert refusal(folder=folder) == {"VERSION_TO_COME"}
    assert refusal(folder=folder, effective_at=AT - DAY) == {"VERSION_TO_COME", "EFFECTIVE_IN_PAST"}


def test_withdrawn_items_cannot_be_found_but_cases_still_read_them():
    publish()
    commands.withdraw_pack(code=CODE, actor=EDITOR, at=AT, effective_at=AT + DAY)
    assert queries.get_item(CODE, at=AT).code == CODE
    for ask in (
        lambda: queries.get_item(CODE, at=AT + DAY),
        lambda: queries.get_pack(CODE, at=AT + DAY),
        lambda: queries.get_guide(CODE, at=AT + DAY),
        lambda: commands.withdraw_pack(code=CODE, actor=EDITOR, at=AT + DAY),
    ):
        with pytest.raises(NotFound):
            ask()
    assert queries.search_items("养狗", at=AT + DAY) == ()
    assert queries.get_pack(CODE, version=1, at=AT + DAY).version == 1


def test_a_withdrawn_version_to_come_makes_room_for_another(tmp_path: Path):
    publish()
    folder = version_two(tmp_path)
    publish(folder, effective_at=AT + 9 * DAY)
    commands.withdraw_pack(code=CODE, actor=EDITOR, at=AT)
    spoil(folder, "item.yaml", "version: 2", "version: 3")
    assert refusal(folder=folder, at=AT + DAY) == {"VERSION_TO_COME"}  # version 1 goes on until the planned day
    publish(folder, at=AT + DAY, effective_at=AT + 9 * DAY)
    assert queries.get_pack(CODE, at=AT + 10 * DAY).version == 3


def test_a_pack_with_faults_red_examples_or_unknown_organs_is_refused(tmp_path: Path):
    folder = copy_of_pack(tmp_path)
    spoil(folder, "item.yaml", "department: CGZF", "department: NOPE")
    spoil(folder, "process.bpmn", 'yc:post="CGZF.decide"', 'yc:post="NOPE.decide"')
    assert refusal(folder=folder) == {"UNKNOWN_DEPARTMENT", "UNKNOWN_POST"}
    spoil(folder, "examples/01-own-home-complete.yaml", "legal_due: 2026-03-05", "legal_due: 2026-03-06")
    assert "EXAMPLE_FAILS" in refusal(folder=folder)
    spoil(folder, "item.yaml", "amount: 10", "amount: 3")
    assert refusal(folder=folder) == {"PACK_PROMISE_OVER_LEGAL"}
    assert ItemVersion.objects.count() == 0


@pytest.mark.parametrize("version", [0, -1, 2, 2**40])
def test_unknown_versions_are_not_found(version: int):
    publish()
    with pytest.raises(NotFound):
        queries.get_pack(CODE, version=version, at=AT)


def test_reading_a_known_version_again_asks_the_database_nothing(django_assert_num_queries):
    publish()
    queries.get_pack(CODE, version=1, at=AT)
    with django_assert_num_queries(0):
        queries.get_pack(CODE, version=1, at=AT)
    with django_assert_num_queries(1):
        queries.get_pack(CODE, at=AT)
