"""Pure rules of tenants: what they may be called and declare, and how much they may use."""

from typing import Any

import pytest

from yichuang.core.words import W
from yichuang.tenants.rules import (
    code_reasons,
    credential_reasons,
    filled,
    group_for,
    kept_reasons,
    mark_value,
    marks_of,
    name_reasons,
    over_quota,
    part_bytes,
    parted,
    quota_reasons,
    row_bytes,
    size_of,
    table_of,
    table_reasons,
)
from yichuang.tenants.values import Quotas, TableSpec, Usage

TEXT = {"type": "string", "maxLength": 9}


def spec(unique: Any = (), indexes: Any = (), required: Any = (), **columns: Any) -> TableSpec:
    form = {"properties": columns or {"a": TEXT, "b": TEXT, "c": {"type": "array"}}, "required": list(required)}
    found = table_of({"form": form, "unique": list(unique), "indexes": list(indexes)})
    assert found is not None
    return found


def codes(reasons: Any) -> list[str]:
    return [reason.code for reason in reasons]


@pytest.mark.parametrize("code", ["", "a", "A-b", "1ab", "a b", "场地", "a" * 41, "a_b", "-ab", "ab\n"])
def test_a_code_that_is_none_is_refused(code: str) -> None:
    assert codes(code_reasons(code)) == ["CODE_FORM"]


@pytest.mark.parametrize("code", ["ab", "venues-2026", "a" * 40])
def test_a_plain_code_is_taken(code: str) -> None:
    assert code_reasons(code) == []


@pytest.mark.parametrize(("zh", "en"), [("", "Name"), ("名称", " "), ("名" * 101, "Name")])
def test_a_name_needs_both_languages_in_100_characters(zh: str, en: str) -> None:
    assert codes(name_reasons(W(zh, en))) == ["NAME_MISSING"]


def test_all_that_is_wrong_with_a_token_is_told_at_once() -> None:
    assert codes(credential_reasons(" ", [], 0)) == ["LABEL", "NO_SCOPE", "LIFE"]
    assert codes(credential_reasons("程序", ["read", "root"], 401)) == ["UNKNOWN_SCOPE", "LIFE"]
    assert credential_reasons("程序", ["read"], 400) == []


def test_each_quota_has_a_floor_and_a_ceiling() -> None:
    wrong = quota_reasons(Quotas(rows=0, bytes=-1, runs=10**9, calls=600))
    assert [reason.field for reason in wrong] == ["/rows", "/megabytes", "/runs"]
    assert quota_reasons(Quotas()) == []


def test_a_quota_may_be_used_up_but_not_passed() -> None:
    quotas = Quotas(rows=10, bytes=100, runs=1, calls=5)
    assert over_quota(Usage(10, 100, 1, 5, 20_000), quotas) == []
    assert codes(over_quota(Usage(cpu=20_001), quotas)) == ["QUOTA_CPU"]
    assert codes(over_quota(Usage(11, 101, 2, 0), quotas)) == ["QUOTA_ROWS", "QUOTA_BYTES", "QUOTA_RUNS"]


@pytest.mark.parametrize(
    "body", [[], {}, {"form": 1}, {"form": {}, "unique": "a"}, {"form": {}, "unique": [1]}, {"form": {}, "indexes": [[1]]}, {"form": {}, "rows": []}]
)  # fmt: skip
def test_what_is_no_declaration_of_a_table_is_none(body: object) -> None:
    assert table_of(body) is None


def test_groups_name_columns_that_are_there_once_and_can_be_compared() -> None:
    wrong = table_reasons(spec(unique=[["a", "a"], []], indexes=[["z"], ["c"]]))
    assert [(reason.code, reason.field) for reason in wrong] == [
        ("NO_GROUP", "/unique/0"), ("NO_GROUP", "/unique/1"), ("NO_COLUMN", "/indexes/0"), ("NOT_PLAIN", "/indexes/1"),
    ]  # fmt: skip
    assert list(table_reasons(spec(unique=[["a", "b"]], indexes=[["a"]]))) == []


def test_a_table_has_at_most_60_columns_and_10_groups() -> None:
    many = {f"c{n}": TEXT for n in range(61)}
    assert codes(table_reasons(spec(**many))) == ["TOO_MANY_COLUMNS"]
    assert codes(table_reasons(spec(indexes=[[f"c{n}"] for n in range(11)], **dict(list(many.items())[:60])))) == [
        "TOO_MANY_COLUMNS"
    ]


def test_a_table_with_rows_keeps_what_makes_them_readable_unique_and_findable() -> None:
    old = spec(unique=[["a"]], a=TEXT, b=TEXT, c=TEXT)
    new = spec(unique=[["a"], ["b"]], required=["d"], a={"type": "integer"}, b={**TEXT, "x-personal": True}, d=TEXT)
    assert codes(kept_reasons(old, new)) == [
        "COLUMN_CHANGED", "COLUMN_CHANGED", "COLUMN_GONE", "NOW_REQUIRED", "KEYS_CHANGED",
    ]  # fmt: skip
    assert list(kept_reasons(old, spec(unique=[["a"]], a={**TEXT, "maxLength": 99}, b=TEXT, c=TEXT, d=TEXT))) == []


def test_a_row_is_found_by_the_groups_of_which_it_has_every_column() -> None:
    table = spec(unique=[["a", "b"]], indexes=[["a"], ["a", "b"]])
    assert list(marks_of(table, {"a": "x", "b": 1})) == [("a+b", '["x",1]', True), ("a", '["x"]', False)]
    assert list(marks_of(table, {"a": "x", "b": None})) == [("a", '["x"]', False)]


def test_equal_numbers_are_one_value_and_their_text_is_another() -> None:
    assert mark_value([1]) == mark_value([1.0])
    assert len({mark_value([one]) for one in (1, "1", True, 1.5)}) == 4
    assert mark_value(["a,b", "c"]) != mark_value(["a", "b,c"])


def test_a_group_is_found_whatever_the_order_of_its_columns() -> None:
    table = spec(unique=[["a", "b"]])
    assert group_for(table, ["b", "a"]) == ("a", "b")
    assert group_for(table, ["a"]) is None


def test_personal_columns_are_kept_apart() -> None:
    table = spec(a=TEXT, b={**TEXT, "x-personal": True})
    assert parted(table, {"a": "open", "b": "sealed"}) == ({"a": "open"}, {"b": "sealed"})


def test_the_limits_are_those_that_people_are_told() -> None:
    from yichuang.tenants import rules

    told = (
        rules.MOST_COLUMNS,
        rules.MOST_GROUPS,
        rules.MOST_IN_GROUP,
        rules.MOST_PARTS,
        rules.LONGEST_LIFE,
        rules.GRACE,
    )
    assert told == (60, 10, 4, 500, 400, 24)
    assert (rules.LARGEST_PART, rules.LARGEST_ROW) == (300_000, 100_000)
    assert (rules.KEY_DAYS, rules.KEY_BYTES, rules.SIGNALS_AT_ONCE) == (30, 400, 50)
    assert Quotas(10_000_000, 107_374_182_400, 1_000_000, 60_000, 600_000) == rules.MOST


def test_names_labels_and_lives_may_be_as_short_and_as_long_as_is_said() -> None:
    assert name_reasons(W("名", "N")) == []
    assert name_reasons(W("名" * 100, "N" * 100)) == []
    assert credential_reasons("程", ["read"], 1) == []
    assert credential_reasons("程" * 60, ["read"], 1) == []
    assert codes(credential_reasons("程" * 61, ["read"], 1)) == ["LABEL"]
    assert quota_reasons(Quotas(1, 1, 1, 1)) == []


def test_a_table_of_60_columns_and_10_groups_of_4_is_taken() -> None:
    many = {f"c{n}": TEXT for n in range(60)}
    groups = [[f"c{n}", "c20", "c21", "c22"] for n in range(10)]
    assert list(table_reasons(spec(indexes=groups, **many))) == []
    assert codes(table_reasons(spec(indexes=[["c1", "c2", "c3", "c4", "c5"]], **many))) == ["NO_GROUP"]


@pytest.mark.parametrize("groups", [{"a": 1}, "ab", 3, [["a"], "b"], [["a"], [1]], None])
def test_groups_that_are_no_lists_of_columns_make_no_table(groups: object) -> None:
    for name in ("unique", "indexes"):
        assert table_of({"form": {"properties": {}}, name: groups}) is None


def test_a_group_is_not_found_by_more_fewer_or_doubled_columns() -> None:
    table = spec(unique=[["a", "b"]])
    for names in (["a"], ["a", "b", "c"], ["a", "a"], ["a", "b", "b"], []):
        assert group_for(table, names) is None


def test_what_is_empty_is_missing_and_nothing_else_is() -> None:
    assert filled({"a": None, "b": "", "c": 0, "d": False, "e": [], "f": " "}) == {
        "c": 0,
        "d": False,
        "e": [],
        "f": " ",
    }


def test_a_row_counts_for_its_bytes() -> None:
    assert size_of({"a": "张"}) == len('{"a":"张"}'.encode()) == 11
    table = spec(unique=[["a"]], indexes=[["b"]])
    assert row_bytes(table, {"a": "张"}) == 100 + 11 + 150
    assert row_bytes(table, {}) == 100 + 2
    assert (part_bytes("process", "张"), part_bytes("form", "张")) == (6, 3)


def test_values_are_kept_in_the_spelling_in_which_they_are_read() -> None:
    assert mark_value(["张晓", 1.5]) == '["张晓",1.5]'


def test_the_fault_of_a_quota_names_what_is_counted() -> None:
    (told,) = quota_reasons(Quotas(rows=0))
    assert (told.words.zh, told.field) == ("数据行数应为 1 至 10,000,000 的整数", "/rows")
    assert told.words.en == "A whole number from 1 to 10,000,000 is needed: rows of data"


def test_the_fault_of_a_quota_is_told_in_the_unit_in_which_it_is_set() -> None:
    space, time = quota_reasons(Quotas.of(rows=1, megabytes=0, runs=1, calls=1, seconds=601))
    assert (space.words.zh, space.field) == ("存储空间（MB）应为 1 至 102,400 的整数", "/megabytes")
    assert (time.words.zh, time.field) == ("每分钟计算时间（秒）应为 1 至 600 的整数", "/seconds")
    assert time.words.en == "A whole number from 1 to 600 is needed: seconds of the processor a minute"


def test_what_passes_a_quota_by_a_byte_reads_as_more_than_it() -> None:
    quotas = Quotas.of(rows=1000, megabytes=50, runs=1, calls=1, seconds=2)
    space, time = over_quota(Usage(bytes=50 * 1024 * 1024 + 1, cpu=2_250), quotas)
    assert space.words.zh == "超过配额：存储空间（MB）最多 50，这次之后是 50.001"
    assert time.words.zh == "超过配额：每分钟计算时间（秒）最多 2，这次之后是 2.25"
    [rows] = over_quota(Usage(rows=1001), quotas)
    assert rows.words.zh == "超过配额：数据行数最多 1,000，这次之后是 1,001"
