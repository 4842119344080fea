"""The index of words: what the lists hold, how hits are scored, that writing and searching agree, what it costs."""

import math
from collections import defaultdict
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from tests.catalog.conftest import AT
from tests.catalog.test_search import item, names

from yichuang.catalog import index
from yichuang.catalog.models import ItemVersion, SearchedItem, SearchTerm
from yichuang.catalog.postings import ENOUGH, EXACT, Hit, best, read, write
from yichuang.catalog.search import query_of

NUMBERS = st.sets(st.integers(1, 300), min_size=1)
HITS = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from([1.0, 0.6, 0.1]), NUMBERS), max_size=8)


def hits_of(given: list[tuple[str, float, set[int]]]) -> list[Hit]:
    return [Hit(term, says, read(write(numbers))) for term, says, numbers in given]


@given(NUMBERS)
def test_a_list_is_read_as_it_was_written(numbers: set[int]):
    assert list(read(write(numbers))) == sorted(numbers)


def test_a_list_is_what_the_database_writes(db: None):
    with connection.cursor() as cursor:
        cursor.execute("SELECT int4send(7) || int4send(70000)")
        assert list(read(bytes(cursor.fetchone()[0]))) == [7, 70_000]


@given(HITS)
def test_scores_are_the_sum_over_the_terms_that_hit(given: list[tuple[str, float, set[int]]]):
    standing: dict[str, int] = defaultdict(int)
    for term, _, numbers in given:
        standing[term] += len(numbers)
    wanted: dict[int, float] = defaultdict(float)
    for term, says, numbers in given:
        for number in numbers:
            wanted[number] += EXACT if term == "a" else says * math.log(1 + 300 / standing[term])
    found = best(hits_of(given), "a", 300, None)
    assert dict(found) == pytest.approx(wanted)
    assert found == sorted(found, key=lambda pair: (-pair[1], pair[0]))
    assert best(hits_of(given), "a", 300, 3) == found[:3]


def test_rare_terms_choose_and_common_ones_order():
    common, rare = range(1, ENOUGH + 900), (5, 6, ENOUGH + 5000)
    found = best([Hit("登记", 1.0, read(write(common))), Hit("养犬", 1.0, read(write(rare)))], "=", 10_000, None)
    assert [number for number, _ in found] == [5, 6, ENOUGH + 5000]
    assert len(best([Hit("登记", 1.0, read(write(common)))], "=", 10_000, None)) == ENOUGH


def lists() -> dict[str, list[int]]:
    rows = SearchTerm.objects.exclude(term=index.TOTAL).values_list("term", "count", "items")
    found = {term: (count, list(read(bytes(items)))) for term, count, items in rows}
    assert all(count == len(numbers) > 0 for count, numbers in found.values())
    return {term: numbers for term, (_, numbers) in found.items()}


def terms_of(version: ItemVersion) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lexeme || weights[1] FROM catalog_itemversion v, unnest(v.search) WHERE v.id = %s", [version.id]
        )
        return {term for (term,) in cursor.fetchall()}


def test_what_is_put_in_can_be_taken_out(db: None):
    dog, shop = item("a-dog", "养犬登记", ["养狗"]), item("b-shop", "开店登记", ["开店"])
    assert lists()["登记A"] == [1, 2]
    assert {term for term, numbers in lists().items() if 2 in numbers} == terms_of(shop)
    assert index.drop(dog.id)
    assert not index.drop(dog.id)
    assert set(lists()) == terms_of(shop)
    assert lists()["登记A"] == [2]
    said = query_of("养狗")
    assert said is not None
    assert index.find(said, None) == []
    index.put([dog.id])
    assert lists()["登记A"] == [2, 3]
    assert SearchTerm.objects.get(term=index.TOTAL).count == SearchedItem.objects.count() == 2
    assert [number for number, _ in index.find(said, None)] == [3]


def test_hits_that_do_not_pass_make_room_for_those_that_do(db: None):
    """More than the spare hits are retired or of another department: the whole list is looked at then."""
    for n in range(40):
        item(f"past-{n}", "养犬登记", ["养狗"], effective_at=AT - timedelta(days=2), retired_at=AT)
    item("other", "养犬年检", ["养狗"], department="SCJG")
    assert names("养犬登记", limit=1) == ["养犬年检"]
    assert names("养犬登记", limit=1, department="SCJG") == ["养犬年检"]
    assert names("养犬登记", limit=1, department="CGZF") == []


def test_lists_are_read_by_key(db: None):
    item("a-dog", "养犬登记", ["养狗"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("PREPARE lists AS " + index._LISTS)
        cursor.execute("EXPLAIN EXECUTE lists(ARRAY['养狗A'], ARRAY['shebao'], 40)")
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("DEALLOCATE lists")
    assert plan.count("Index Cond: ((term") + plan.count("Index Cond: (term") == 2, plan
