"""Words that people say for an item, added without publishing it anew: searches find it by them from now on."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction

from yichuang.catalog import index, search
from yichuang.catalog.models import ItemVersion, SpokenWords
from yichuang.catalog.permissions import check_can_publish
from yichuang.catalog.store import pack_of
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound, Reason, refuse_all
from yichuang.core.words import W

MOST, LONGEST = 50, 40
_ITEM = W("事项", "item")
_MANY = W("一个事项最多 50 个说法", "At most 50 sayings for an item")
_LONG = W("“{word}”太长，一个说法最多 40 个字", "“{word}” is too long: at most 40 characters")
_PEOPLE = W("“{word}”像是号码或邮箱，不能作为说法", "“{word}” looks like a number or an address of somebody")
_EMPTY = W("“{word}”里没有文字", "There are no words in “{word}”")


@transaction.atomic
def save_spoken_words(*, actor: Actor, item: str, words: Sequence[str], at: datetime) -> tuple[str, ...]:
    """Put these words in the place of those kept beside the item's pack; returns them as kept (one way of writing, once).

    In force at once, for every version that is open or to come. The same words again change nothing. Refused with every
    word that cannot be kept (`field` is its place in `words`), NotFound for an item that was never published.
    """
    check_can_publish(actor)
    refuse_all(list(_faults(words)))
    kept = tuple(dict.fromkeys(filter(None, (search.normal(word) for word in words))))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"catalog:{item}"])
    versions = list(ItemVersion.objects.filter(code=item).order_by("version").values_list("id", "version"))
    if not versions:
        raise NotFound(_ITEM)
    row, _ = SpokenWords.objects.get_or_create(item=item, defaults={"words": [], "saved_at": at})
    if tuple(row.words) == kept:
        return kept
    before, row.words, row.saved_at = row.words, list(kept), at
    row.save()
    for id, version in versions:
        pack = pack_of(item, version)
        terms = search.vector(search.document_of(pack, kept))
        searched = index.drop(id)
        ItemVersion.objects.filter(id=id).update(search=terms, spoken=search.spoken_text(pack, kept))
        if searched:
            index.put([id])
    ledger.append(
        act="save_spoken_words",
        actor=actor,
        at=at,
        subject=ledger.Subject("spoken_words", row.id),
        detail={"item": item, "words": "、".join(kept), "before": "、".join(before)},
    )
    return kept


def _faults(words: Sequence[str]) -> Iterable[Reason]:
    if len(words) > MOST:
        yield Reason("TOO_MANY_WORDS", _MANY)
    for n, word in enumerate(words):
        said = " ".join(word.split())
        if len(said) > LONGEST:
            yield Reason("WORD_TOO_LONG", _LONG.format(word=said[:LONGEST] + "…"), str(n))
        elif said and search.without_people(said) != search.normal(said):
            yield Reason("WORD_OF_PEOPLE", _PEOPLE.format(word=said), str(n))
        elif said and search.query_of(said) is None:
            yield Reason("WORD_EMPTY", _EMPTY.format(word=said), str(n))
