"""Words that people say, added beside the pack: found at once, kept for later versions, on record; the searches in vain."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from tests.catalog.conftest import AT
from tests.catalog.dog import FOLDER, copy_of_pack, spoil

from yichuang.catalog import commands, queries
from yichuang.catalog.commands.words import LONGEST, MOST
from yichuang.catalog.models import ItemVersion
from yichuang.core import roles
from yichuang.core.actors import SYSTEM, Actor, Grant
from yichuang.core.ids import new_id
from yichuang.core.models import Entry
from yichuang.core.refusals import NotFound, Refused

CODE = FOLDER.name
EDITOR = Actor(kind="staff", id=new_id(), grants=frozenset({Grant(roles.ITEM_EDITOR)}))
CLERK = Actor(kind="staff", id=new_id(), grants=frozenset({Grant(roles.INTAKE_CLERK)}))
NEW = "毛孩子身份卡"


def save(*words: str, actor: Actor = EDITOR, item: str = CODE) -> tuple[str, ...]:
    return commands.save_spoken_words(actor=actor, item=item, words=words, at=AT)


def found(q: str, days: int = 0) -> set[str]:
    return {row.code for row in queries.search_items(q, at=AT + timedelta(days=days))}


@pytest.fixture
def dog(network: None) -> None:
    commands.publish_pack(folder=FOLDER, actor=SYSTEM, at=AT)


@pytest.mark.usefixtures("dog")
def test_words_are_found_at_once_and_gone_when_taken_back():
    assert CODE not in found("maohaizi")
    assert save(NEW, f" {NEW} ", "ＭＨＺ", "") == (NEW, "mhz")
    assert queries.spoken_words(CODE) == (NEW, "mhz")
    for q in (NEW, "maohaizishenfenka", "mhzsfk", "毛孩子身分卡", "mhz"):
        assert CODE in found(q), q
    assert CODE in found("养狗")
    save()
    assert CODE not in found("mhz")
    acts = Entry.objects.filter(subject_kind="spoken_words")
    assert acts.count() == 2
    save()
    assert acts.count() == 2


@pytest.mark.usefixtures("dog")
def test_a_later_version_keeps_them(tmp_path: Path):
    save(NEW)
    folder = copy_of_pack(tmp_path)
    newest = queries.list_versions(CODE)[0][0]
    spoil(folder, "item.yaml", "version: 1\n", f"version: {newest + 1}\n")
    commands.publish_pack(folder=folder, actor=SYSTEM, at=AT, effective_at=AT + timedelta(days=30))
    assert CODE in found(NEW, days=31)
    save("狗子户口")
    assert CODE in found("gouzihukou")
    assert CODE in found("gouzihukou", days=31)


@pytest.mark.usefixtures("dog")
def test_what_cannot_be_kept_is_said_all_at_once():
    with pytest.raises(Refused) as refused:
        save("好", "x" * (LONGEST + 1), "电话 13911112222", "a@b.cn", "？！")
    assert [(r.code, r.field) for r in refused.value.reasons] == [
        ("WORD_TOO_LONG", "1"),
        ("WORD_OF_PEOPLE", "2"),
        ("WORD_OF_PEOPLE", "3"),
        ("WORD_EMPTY", "4"),
    ]
    with pytest.raises(Refused) as refused:
        save(*(f"说法{n}" for n in range(MOST + 1)))
    assert refused.value.reasons[0].code == "TOO_MANY_WORDS"
    with pytest.raises(NotFound):
        save(NEW, item="nothing")


@pytest.mark.usefixtures("dog")
def test_only_item_editors_change_words_and_read_searches_in_vain():
    for act in (lambda: save(NEW, actor=CLERK), lambda: queries.list_unanswered(CLERK)):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.kind == "forbidden"
    assert save(NEW) == (NEW,)


@pytest.mark.usefixtures("dog")
def test_the_rest_of_a_version_stays_frozen():
    save(NEW)
    for change in ({"name_zh": "别的"}, {"files": {}}, {"version": 9}, {"visits": 7}):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            ItemVersion.objects.filter(code=CODE).update(**change)


def test_searches_in_vain_since_a_day(db: None):
    for days in (0, 0, 3):
        commands.record_unanswered(query="怎么修飞船", at=AT + timedelta(days=days))
    commands.record_unanswered(query="月球房产", at=AT)
    assert queries.list_unanswered(EDITOR) == (("怎么修飞船", 3), ("月球房产", 1))
    assert queries.list_unanswered(EDITOR, since=(AT + timedelta(days=1)).date()) == (("怎么修飞船", 1),)
    assert queries.list_unanswered(EDITOR, 1) == (("怎么修飞船", 3),)
