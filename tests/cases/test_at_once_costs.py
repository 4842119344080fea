"""How many statements a judgement and its grant send, and in how many exchanges with the database.

The limits are what is sent today; whoever sends fewer lowers them. `./run bench miaopi` says what they cost.
"""

from typing import Any

import pytest
from django.db import connection
from tests.cases.at_once import SHOP, SHOP_PLACE, let
from tests.cases.test_alike import ELSEWHERE, shop

from yichuang.cases.commands.at_once import decide_at_once
from yichuang.cases.instant import Mode
from yichuang.core.database.base import _Cursor

STATEMENTS, EXCHANGES = 41, 8  # in the test's transaction: one more than of its own, whose end goes out with the rows


@pytest.fixture
def sent(demo: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Counts what goes to the server from here on."""
    found, prepared = {"statements": 0, "exchanges": 0}, connection._prepared  # type: ignore[attr-defined]  # ours, in core.database
    exchange, read, execute = prepared._exchange, prepared._read, _Cursor._execute

    def exchanges(messages: Any) -> Any:
        found["exchanges"] += 1 - len(messages)  # each of them is read below
        return exchange(messages)

    def reads(*said: Any) -> Any:
        found["statements"] += 1
        found["exchanges"] += 1
        return read(*said)

    def executes(cursor: Any, *told: Any) -> Any:
        found["statements"] += 1
        found["exchanges"] += 1
        return execute(cursor, *told)

    monkeypatch.setattr(prepared, "_exchange", exchanges)
    monkeypatch.setattr(prepared, "_read", reads)
    monkeypatch.setattr(_Cursor, "_execute", executes)
    return found


def test_a_shop_is_judged_and_granted_in_few_statements_and_fewer_exchanges(demo: Any, sent: dict[str, int]) -> None:
    let(SHOP, Mode.ALONE, demo.at)
    first = shop(demo, "zhangxiao", "晓安", SHOP_PLACE)
    assert decide_at_once(case=first.case_id, at=demo.at)
    second = shop(demo, "sunyan", "宝恩", ELSEWHERE)
    sent |= {"statements": 0, "exchanges": 0}
    became = decide_at_once(case=second.case_id, at=demo.at)
    assert became is not None
    assert became.alone, became.why
    assert sent["statements"] <= STATEMENTS
    assert sent["exchanges"] <= EXCHANGES
