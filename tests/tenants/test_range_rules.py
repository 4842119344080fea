"""What is asked of a data table, what can be told of, and how often: pure."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.core.ids import new_id
from yichuang.core.refusals import Refused
from yichuang.tenants.ranges import asked, orders_of, range_name, read_cursor, sort_key, write_cursor
from yichuang.tenants.rules import AGAIN, hook_reasons, kept_reasons, next_try, row_bytes, table_of, table_reasons
from yichuang.tenants.values import TableSpec

TEXT = {"type": "string", "maxLength": 9}


def spec(ranges: Any, **columns: Any) -> TableSpec:
    found = table_of({"form": {"properties": columns, "required": []}, "ranges": ranges})
    assert found is not None
    return found


def code_of(attempt: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        attempt()
    return refused.value.reasons[0].code


@given(
    st.lists(st.one_of(st.integers(-(10**15), 10**15), st.floats(allow_nan=False, allow_infinity=False)), min_size=2)
)
def test_keys_of_numbers_stand_as_the_numbers_do(numbers: list[float]) -> None:
    keys = [sort_key(number).encode() for number in numbers]
    for one, key in zip(numbers, keys, strict=True):
        for other, beside in zip(numbers, keys, strict=True):
            assert (key < beside) == (float(one) < float(other)), (one, other)


def test_numbers_beyond_all_doubles_stand_at_the_ends_and_equal_ones_together() -> None:
    assert (
        sort_key(-(10**400))
        < sort_key(-1.7e308)
        < sort_key(0)
        == sort_key(-0.0)
        < sort_key(1.7e308)
        < sort_key(10**400)
    )
    assert sort_key(1) == sort_key(1.0)
    assert sort_key("2026-12-01") == "2026-12-01"
    assert sort_key("长" * 300) == "长" * 200


@pytest.mark.parametrize(
    ("number", "key"),
    [
        (-(10**400), "000fffffffffffff"), (-1, "400fffffffffffff"), (0, "8000000000000000"), (0.5, "bfe0000000000000"), (1, "bff0000000000000"), (10**400, "fff0000000000000"),
    ],
)  # fmt: skip
def test_the_key_of_a_number_stays_what_the_rows_of_older_versions_were_written_with(number: float, key: str) -> None:
    assert sort_key(number) == key


def test_only_numbers_and_short_open_texts_can_be_sorted_by() -> None:
    columns = {
        "a": {"type": "integer"}, "b": {"type": "number"}, "c": TEXT, "d": {"type": "string", "format": "date"},
        "e": {"type": "string", "maxLength": 200}, "f": {"type": "string", "enum": ["x"]},
    }  # fmt: skip
    assert list(table_reasons(spec([[name] for name in columns], **columns))) == []
    wrong = {
        "a": {"type": "integer", "x-personal": True}, "b": {"type": "boolean"}, "c": {"type": "string", "maxLength": 201},
        "d": {"type": "string"},
    }  # fmt: skip
    found = list(table_reasons(spec([[name] for name in wrong], **wrong)))
    assert [(reason.code, reason.field) for reason in found] == [("NOT_SORTED", f"/ranges/{n}") for n in range(4)]
    assert [one.code for one in table_reasons(spec([["z"], [], ["a", "z"]], a=TEXT))] == [
        "NO_COLUMN",
        "NO_GROUP",
        "NO_COLUMN",
    ]
    many = {f"c{n}": TEXT for n in range(11)}
    assert [one.code for one in table_reasons(spec([[name] for name in many], **many))] == ["TOO_MANY_COLUMNS"]
    before = {"p": {**TEXT, "x-personal": True}, "a": TEXT}
    assert list(table_reasons(spec([["p", "a"]], **before))) == [], "equal values are found by a blind index"


def test_a_table_with_rows_keeps_what_it_is_sorted_by() -> None:
    old, new = spec([["a"]], a=TEXT), spec([], a=TEXT)
    assert [one.code for one in kept_reasons(old, new)] == ["KEYS_CHANGED"]
    assert list(kept_reasons(old, old)) == []


def test_a_row_stands_in_the_orders_of_which_it_has_every_column_and_counts_for_them() -> None:
    table = spec([["v", "d"], ["n"]], v=TEXT, d=TEXT, n={"type": "integer"})
    assert list(orders_of(table, {"v": "A", "d": "x"})) == [("v<d", '["A"]', "x")]
    assert list(orders_of(table, {"n": 0})) == [("<n", "[]", sort_key(0))]
    assert row_bytes(table, {"n": 1}) - row_bytes(table, {}) == len('"n":1') + 150
    assert range_name(("v", "w", "d")) == "v+w<d"


def test_what_is_asked_is_held_against_what_is_declared() -> None:
    table = spec([["v", "d"]], v=TEXT, d=TEXT, n={"type": "integer"})
    found = asked(table, {"v": "A", "d": {"from": "a", "before": "c"}}, "-d")
    assert (found.group, found.value, dict(found.bounds), found.down, found.ordered) == (
        "v<d", '["A"]', {"gte": "a", "lt": "c"}, True, True,
    )  # fmt: skip
    assert dict(asked(table, {"v": "A", "d": {"to": "a", "after": "c"}}).bounds) == {"lte": "a", "gt": "c"}
    upwards = asked(table, {"v": "A"}, "d")
    assert (upwards.ordered, upwards.down) == (True, False)
    assert not asked(table, {}).ordered
    for where, sort in (
        ({"d": {"from": "a"}}, ""), ({}, "d"), ({"v": "A"}, "v"), ({"v": {"from": "a"}, "d": "x"}, ""),
        ({"v": "A", "d": {"from": "a"}}, "v"), ({"v": "A", "n": 1}, "d"), ({"v": {"from": "a"}, "d": {"from": "b"}}, ""),
    ):  # fmt: skip
        assert code_of(lambda where=where, sort=sort: asked(table, where, sort)) == "NOT_BETWEEN"  # type: ignore[misc]  # a loop's value as a default
    assert code_of(lambda: asked(table, {"v": "A"})) == "NOT_FOUND_BY"
    numbers = spec([["n"]], n={"type": "integer"})
    for wrong in ("1", True, None):
        assert code_of(lambda wrong=wrong: asked(numbers, {"n": {"from": wrong}})) == "BAD_BOUND"  # type: ignore[misc]  # a loop's value as a default
    assert code_of(lambda: asked(table, {"v": "A", "d": {"from": 1}})) == "BAD_BOUND"


def test_two_columns_cannot_be_bounded_at_once() -> None:
    alone = spec([["d"], ["n"]], d=TEXT, n={"type": "integer"})
    assert asked(alone, {"d": {"from": "a"}}).ordered
    assert code_of(lambda: asked(alone, {"d": {"from": "a"}, "n": {"from": 1}})) == "NOT_BETWEEN"


def test_who_asks_by_the_wrong_columns_is_told_which_ones_the_table_has() -> None:
    def words(table: TableSpec, where: dict[str, Any], sort: str = "") -> str:
        with pytest.raises(Refused) as refused:
            asked(table, where, sort)
        return refused.value.reasons[0].words.en

    table = spec([["v", "d"], ["d"]], v=TEXT, d=TEXT)
    assert words(table, {"v": "A"}, "v").endswith(
        "this table has: v+d, d (the last is bounded or sorted, the others have values)"
    )
    assert words(table, {"v": "A"}).endswith("this table has: none declared")


def marked(told: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode()


def test_a_page_mark_whose_key_no_database_takes_is_refused() -> None:
    row = str(new_id())
    assert read_cursor(marked(["a", row]), ordered=True)[0] == "a"
    for key in (1, None, "a\x00b", "\ud800"):
        assert code_of(lambda key=key: read_cursor(marked([key, row]), ordered=True)) == "BAD_CURSOR"  # type: ignore[misc]  # a loop's value as a default


@pytest.mark.parametrize("cursor", ["x", "W10=", "WzEsMl0=", "WyJhIiwiYiJd", "e30=", "bnVsbA=="])
def test_a_page_mark_that_is_none_is_refused(cursor: str) -> None:
    for ordered in (True, False):
        assert code_of(lambda ordered=ordered: read_cursor(cursor, ordered=ordered)) == "BAD_CURSOR"  # type: ignore[misc]  # a loop's value as a default


def test_a_page_mark_is_read_as_it_was_written() -> None:
    row = new_id()
    assert read_cursor(write_cursor("长,", row), ordered=True) == ("长,", row)
    assert read_cursor(str(row), ordered=False) == ("", row)


def test_everything_wrong_with_a_hook_is_told_at_once() -> None:
    assert [one.code for one in hook_reasons("SCHEME", [])] == ["BAD_ADDRESS", "NO_NEWS"]
    assert [one.code for one in hook_reasons("", ["run_ended", "ping", "all"])] == ["UNKNOWN_NEWS", "UNKNOWN_NEWS"]
    assert hook_reasons("", ["run_ended"]) == []


def test_tries_come_less_and_less_often_and_end() -> None:
    waits = [next_try(n, final=False) for n in range(1, len(AGAIN) + 2)]
    assert waits[0] == timedelta(seconds=10)
    assert waits[-2] == timedelta(days=1)
    assert waits[-1] is None
    assert [one for one in waits if one] == sorted(one for one in waits if one)
    assert next_try(1, final=True) is None
