"""The index of words (倒排索引): each term with the list of the items it stands in, kept by publishing, read by search.

A version gets a number when it is put in, larger than all before it, so that it is appended to its terms' lists; what
changes is taken out and put in anew. Writers take turns (one lock until their transaction ends), readers wait for nobody.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from yichuang.catalog import postings
from yichuang.catalog.models import SearchedItem, SearchTerm
from yichuang.catalog.search import WEIGHTS, Query
from yichuang.core import sql

TOTAL = ""  # no term is empty: the row of all items, counted only
_MOST_BEGINNINGS = 40  # terms that begin like one typed word
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('catalog:search', 0))"
_PUT = """
    INSERT INTO catalog_searchterm (term, count, items)
    SELECT word.lexeme || word.weights[1], count(*), string_agg(int4send(item.number), '' ORDER BY item.number)
    FROM catalog_searcheditem item JOIN catalog_itemversion version ON version.id = item.version_id,
        unnest(version.search) word
    WHERE item.number > %s GROUP BY 1
    UNION ALL SELECT '', count(*), '' FROM catalog_searcheditem WHERE number > %s
    ORDER BY 1
    ON CONFLICT (term) DO UPDATE SET
        count = catalog_searchterm.count + EXCLUDED.count, items = catalog_searchterm.items || EXCLUDED.items
"""
_TERMS_OF = """
    SELECT term, items FROM catalog_searchterm WHERE term IN (
        SELECT word.lexeme || word.weights[1] FROM catalog_itemversion version, unnest(version.search) word
        WHERE version.id = %s)
"""
_LISTS = """
    SELECT term, count, items FROM catalog_searchterm WHERE term = ANY($1::text[])
    UNION ALL
    SELECT found.* FROM unnest($2::text[]) beginning, LATERAL (
        SELECT term, count, items FROM catalog_searchterm
        WHERE term > beginning AND term < beginning || '~' ORDER BY term LIMIT $3) found
"""


def put(versions: Iterable[UUID]) -> None:
    """Let searches find these versions by the terms that their rows hold."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        cursor.execute("SELECT coalesce(max(number), 0) FROM catalog_searcheditem")
        last = cursor.fetchone()[0]
        SearchedItem.objects.bulk_create(
            [SearchedItem(number=number, version_id=id) for number, id in enumerate(versions, last + 1)]
        )
        cursor.execute(_PUT, [last, last])


def drop(version: UUID) -> bool:
    """Take a version out, as long as its row holds the terms that it was put in with; False when it was not in."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        item = SearchedItem.objects.filter(version=version).first()
        if item is None:
            return False
        cursor.execute(_TERMS_OF, [version])
        for term, raw in cursor.fetchall():
            numbers = [number for number in postings.read(bytes(raw)) if number != item.number]
            row = SearchTerm.objects.filter(term=term)
            row.update(count=len(numbers), items=postings.write(numbers)) if numbers else row.delete()
        cursor.execute("UPDATE catalog_searchterm SET count = count - 1 WHERE term = ''")
        item.delete()
    return True


def find(query: Query, count: int | None) -> list[tuple[int, float]]:
    """The `count` best (number, score), or all of them, best first. One statement."""
    asked = [f"{term}{weight}" for term in query.terms for weight in WEIGHTS]
    rows = sql.rows(_LISTS, [[TOTAL, *asked], list(query.beginnings), _MOST_BEGINNINGS])
    total, hits = 0, list[postings.Hit]()
    for key, standing, raw in rows:
        if key == TOTAL:
            total = standing
        else:
            term, weight = key[:-1], key[-1]
            hits.append(postings.Hit(term, query.terms.get(term, 1.0) * WEIGHTS[weight], postings.read(raw)))
    return postings.best(hits, query.exact, total, count)
