"""The journal of a hall node (大厅日志): where an act stands, and that nothing in it can be changed, left out or put in."""

from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from yichuang.visits.rules.journal import START, Place, chained, hash_of, stands
from yichuang.visits.values.node import Head, NodeAct

NINE = datetime(2026, 11, 24, 1, tzinfo=UTC)
EMPTY = Head(0, START)


def act(seq: int, previous: str = START, **body: Any) -> NodeAct:
    bare = NodeAct(UUID(int=seq), seq, date(2026, 11, 24), "take", NINE, body, previous, "", "")
    return replace(bare, hash=hash_of(bare))


FIRST = act(1, number="A001")
SECOND = act(2, FIRST.hash, number="A002")
KNOWN = Head(2, SECOND.hash)


@pytest.mark.parametrize(
    ("come", "head", "known", "place"),
    [
        (FIRST, EMPTY, "", Place.NEXT), (SECOND, Head(1, FIRST.hash), "", Place.NEXT), (act(3, SECOND.hash), KNOWN, "", Place.NEXT),
        (SECOND, EMPTY, "", Place.AHEAD), (act(4, SECOND.hash), KNOWN, "", Place.AHEAD), (act(3, FIRST.hash), KNOWN, "", Place.BROKEN), (act(3), KNOWN, "", Place.BROKEN),
        (SECOND, KNOWN, SECOND.hash, Place.KNOWN), (FIRST, KNOWN, FIRST.hash, Place.KNOWN), (act(2, FIRST.hash, number="A009"), KNOWN, SECOND.hash, Place.BROKEN), (FIRST, KNOWN, "", Place.BROKEN),
    ],
)  # fmt: skip
def test_an_act_follows_is_known_comes_too_early_or_is_broken(
    come: NodeAct, head: Head, known: str, place: Place
) -> None:
    assert stands(come, head, known) is place


@pytest.mark.parametrize(
    "change",
    [
        {"id": UUID(int=9)}, {"seq": 2}, {"day": date(2026, 11, 25)}, {"kind": "move"}, {"at": NINE.replace(second=1)}, {"body": {"number": "A002"}}, {"previous": "1" * 64}, {"hash": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_an_act_of_which_anything_was_changed_is_broken(change: dict[str, Any]) -> None:
    assert stands(replace(FIRST, **change), EMPTY, "") is Place.BROKEN
    assert stands(replace(FIRST, **change), KNOWN, FIRST.hash) is Place.BROKEN


def test_the_hash_is_the_one_that_nodes_of_older_versions_wrote_whatever_the_order_of_the_body() -> None:
    given: dict[str, Any] = {"identity": UUID(int=1), "seq": 1, "day": date(2026, 11, 24), "kind": "take", "at": NINE}
    one = chained(START, **given, body={"number": "A001", "queue": "综合"})
    assert one == chained(START, **given, body={"queue": "综合", "number": "A001"})
    told = (
        f'["{START}","00000000-0000-0000-0000-000000000001",1,"2026-11-24","take","2026-11-24T01:00:00+00:00",'
        '{"number":"A001","queue":"综合"}]'
    )
    assert one == sha256(told.encode()).hexdigest()
