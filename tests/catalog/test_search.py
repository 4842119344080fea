"""Search understands how people talk: spoken words, pinyin, initials, typing errors; lists and filters."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.catalog.conftest import AT
from tests.catalog.dog import FOLDER, dog_pack

from yichuang.catalog import commands, everyday, index, queries, search
from yichuang.catalog.models import ItemVersion, SearchMiss
from yichuang.catalog.store import row_of
from yichuang.catalog.values import ItemFilters
from yichuang.core.actors import SYSTEM
from yichuang.core.refusals import Refused
from yichuang.core.words import W

DATA = Path(__file__).parent / "data"
QUERIES, UNSEEN, EVERYDAY = (
    [line.split("\t") for line in (DATA / name).read_text("utf-8").splitlines()[1:]]
    for name in ("queries.tsv", "unseen.tsv", "everyday.tsv")
)


def item(code: str, name: str, spoken: list[str], **columns: Any) -> ItemVersion:
    """A published item that has only what lists and search look at."""
    data = msgspec.to_builtins(row_of(dog_pack()))
    data.update(code=code, name=msgspec.to_builtins(W(name, code)), spoken=spoken, letter=search.letter(name))
    terms = search.document(name, spoken, [code], [])
    plain = {
        "version": 1,
        "digest": "0" * 64,
        "files": {},
        "effective_at": AT,
        "published_at": AT,
        "name_zh": name,
        "department": "CGZF",
        "kind": "PERMIT",
        "audience": ["person"],
        "marks": [],
        "ways": ["online"],
        "themes": [],
        "letter": search.letter(name),
        "sort_key": search.sort_key(name),
        "row": data,
        "spoken": " | ".join([*map(search.normal, [name, *spoken]), *(search.pinyin(s) for s in [name, *spoken])]),
        "search": search.vector(terms),
    }
    made = ItemVersion.objects.create(code=code, **{**plain, **columns})
    index.put([made.id])
    return made


@pytest.fixture
def sixty(db: None) -> None:
    """The sixty items of the try set."""
    for n, line in enumerate((DATA / "items.tsv").read_text("utf-8").splitlines()[1:]):
        name, _, spoken = line.partition("\t")
        item(f"item-{n:02}", name, spoken.split())


def names(q: str, limit: int = 5, **filters: str) -> list[str]:
    return [row.name.zh for row in queries.search_items(q, limit, at=AT, filters=ItemFilters(**filters))]


@pytest.mark.usefixtures("sixty")
def test_recall_at_five_over_the_try_set():
    missed = [q for q, right in QUERIES if not set(names(q)) & {name.strip() for name in right.split(";")}]
    assert len(missed) <= 0.1 * len(QUERIES), missed


@pytest.mark.usefixtures("sixty")
def test_recall_at_five_over_unseen_queries():
    """Own spoken queries about the same items, none of which search was made for: typing errors, pinyin, initials."""
    missed = [q for q, right in UNSEEN if not set(names(q)) & {name.strip() for name in right.split(";")}]
    assert len(UNSEEN) >= 60
    assert len(missed) <= 0.1 * len(UNSEEN), missed


@pytest.mark.usefixtures("sixty")
def test_recall_at_five_over_what_people_say_otherwise():
    """Found by asking in words that no item is written with: 0.79 of the first ninety were answered. The last seventy-two
    were written after the everyday words, and not looked at before: 0.93."""
    missed = [q for q, right in EVERYDAY if not set(names(q)) & {name.strip() for name in right.split(";")}]
    assert len(EVERYDAY) >= 160
    assert len(missed) <= 0.1 * len(EVERYDAY), missed


def test_what_is_meant_is_said_once_and_never_what_was_said():
    assert everyday.meant_by("遛狗要不要证") == ("养犬", "养狗", "犬")
    assert everyday.meant_by("养狗养狗") == ("养犬", "犬")
    assert everyday.meant_by("公司开户") == ()
    assert "老年人" in everyday.meant_by("给八十岁的爷爷办")
    assert everyday.meant_by("") == ()


def test_words_said_count_more_than_words_meant_and_left_over_signs_hardly():
    asked = search.query_of("遛狗要什么证")
    assert asked is not None
    assert asked.terms["遛狗"] == 1.0 > asked.terms["养犬"] > asked.terms["证"] > 0
    alone = search.query_of("证")
    assert alone is not None
    assert alone.terms["证"] == 1.0


@pytest.mark.usefixtures("sixty")
@pytest.mark.parametrize(
    ("q", "right"),
    [
        ("怎么办居住证？", "居住证申领"),
        ("我要提取公积金租房子", "住房公积金提取（租房）"),
        ("二手房过户怎么弄", "二手房转移登记"),
        ("yangquandengji", "养犬登记"),
        ("shebaoka", "社保卡申领"),
        ("狗", "养犬登记"),
        ("养犬登计", "养犬登记"),
        ("护照办理流程", "普通护照签发"),
        ("ＹＹＺＺ", "个体工商户设立登记"),
    ],
)
def test_people_say_it_in_their_own_way(q: str, right: str):
    assert right in names(q)


@pytest.mark.usefixtures("sixty")
@pytest.mark.parametrize(
    "q", ["", "   ", "?!", "'", "\\", "a' | 'b", "养狗' & !'x", "\0", "😀", "<script>", "%", "的", "办", "x" * 5000]
)
def test_odd_queries_get_an_answer_and_break_nothing(q: str):
    names(q)


@pytest.mark.usefixtures("sixty")
def test_the_exact_phrase_comes_first():
    assert names("养犬登记")[0] == "养犬登记"
    assert names("注销公司")[0] == "企业注销登记"


@pytest.mark.usefixtures("sixty")
def test_search_is_two_statements_and_one_more_for_filters(django_assert_num_queries: Any):
    with django_assert_num_queries(2):
        assert names("养狗")
    with django_assert_num_queries(3):
        assert names("养狗", department="CGZF")


def test_nothing_found_is_kept_without_people(db: None):
    for q in (
        "怎么修飞船 4403",
        "怎么修飞船 123456",
        "找 a.b@example.com",
        "  ",
        "金丝雀 13911112222",
        "金丝雀 44030319910713926X",
    ):
        assert queries.search_items(q, at=AT) == ()
        commands.record_unanswered(query=q, at=AT)
    assert queries.list_unanswered(SYSTEM) == (("怎么修飞船 #", 2), ("找 @", 1))
    assert SearchMiss.objects.count() == 2


def test_a_character_without_a_sound_on_record_can_be_asked_for(db: None):
    """Found by bad input: the missing sound became an empty lexeme, and the page broke."""
    for q in ("𠮷" * 20, "䶮㛃𠮷", "😀", "\\", "'; DROP TABLE catalog_itemversion;--"):
        assert queries.search_items(q, at=AT) == ()


def test_filters_narrow_lists_and_search(db: None):
    item("a-dog", "养犬登记", ["养狗"], marks=["online", "once"], themes=["养宠物"])
    item("b-shop", "开店登记", ["开店"], department="SCJG", audience=["company"], kind="OTHER", ways=["window"])

    def listed(**filters: Any) -> list[str]:
        return [row.code for row in queries.list_items(ItemFilters(**filters), at=AT).items]

    assert listed() == ["b-shop", "a-dog"]  # kaidian before yangquan
    assert listed(department="SCJG") == listed(audience="company") == listed(letter="k") == ["b-shop"]
    assert listed(kind="OTHER") == listed(way="window") == ["b-shop"]
    assert listed(marks=("online", "once")) == listed(theme="养宠物") == ["a-dog"]
    assert listed(marks=("online", "at_home")) == []
    assert names("登记", department="CGZF") == ["养犬登记"]
    assert queries.list_departments(at=AT) == ("CGZF", "SCJG")
    assert queries.list_themes(at=AT) == ("养宠物",)


def test_pages_follow_each_other_without_gap_or_repeat(sixty: None):
    seen: list[str] = []
    cursor = None
    while True:
        page = queries.list_items(cursor=cursor, limit=7, at=AT)
        seen += [row.code for row in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == ItemVersion.objects.count()
    assert seen == [row.code for row in queries.list_items(limit=100, at=AT).items]


@pytest.mark.parametrize("cursor", ["x", "!!!", "W10", "bnVsbA", "WyJhIiwgMV0", "é"])
def test_a_foreign_cursor_is_refused(db: None, cursor: str):
    with pytest.raises(Refused) as caught:
        queries.list_items(cursor=cursor, at=AT)
    assert caught.value.reasons[0].code == "BAD_CURSOR"


def test_what_is_not_yet_or_no_longer_in_effect_is_not_listed(db: None):
    item("a-past", "养犬登记", ["养狗"], effective_at=AT - timedelta(days=2), retired_at=AT)
    item("b-future", "养犬年检", ["养狗"], effective_at=AT + timedelta(days=1))
    assert names("养狗") == []
    assert queries.list_items(at=AT).items == ()


def test_the_dog_pack_is_found_in_both_languages(network: None):
    commands.publish_pack(folder=FOLDER, actor=SYSTEM, at=AT)
    for q in ("养狗", "办狗证", "yanggou", "yqdj", "dog licence", "register my dogs", "犬牌"):
        assert [row.code for row in queries.search_items(q, at=AT)] == ["yangquan-dengji"], q
