"""Comparing and keeping values: every kind of field against every kind of value, rows of a batch with all their faults, and names."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from yichuang.core.identifiers.synthetic import cn_id
from yichuang.core.words import W
from yichuang.registry.rules import names
from yichuang.registry.rules.coding import EXACT, LONGEST, MOST, decoded, encoded, exact, parsed
from yichuang.registry.rules.comparing import MOST_DIGITS, compare, day_of, number_of
from yichuang.registry.rules.quality import FAULTS, SOURCE, check_row, judge_source
from yichuang.registry.values import FIELDS, Base, FieldSpec

PEOPLE, FIRMS, PLACES, CREDIT = (FIELDS[base] for base in (Base.POPULATION, Base.ENTITIES, Base.ADDRESSES, Base.CREDIT))
DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = DAY
PERSON, FIRM = "44030319900101901X", "11320982741330162E"


def spec(kind: Any, how: Any = "exact", personal: bool = False) -> FieldSpec:
    return FieldSpec("f", W("栏目", "Field"), kind, personal, how)


# ── comparing ─────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("field", "claimed", "known", "state"),
    [
        (spec("text"), "a", "a", "same"), (spec("text"), " Ａ b", "aB", "same"), (spec("text"), "a", "b", "different"), (spec("text"), "a", 1, "unknown"), (spec("text"), 1, "a", "unknown"),
        (spec("text"), "", "a", "unknown"), (spec("text"), " ", "a", "unknown"), (spec("text"), "a", None, "unknown"), (spec("text"), None, None, "unknown"),
        (spec("flag"), True, True, "same"), (spec("flag"), True, False, "different"), (spec("flag"), "true", "true", "unknown"), (spec("flag"), 1, True, "unknown"),
        (spec("number"), 1, Decimal("1.0"), "same"), (spec("number"), "1", 2, "different"), (spec("number"), "one", "one", "unknown"), (spec("number"), 0, Decimal(0), "same"),
        (spec("list"), ["a", "b"], ("B", " a"), "same"), (spec("list"), ["a"], ["a", "b"], "different"), (spec("list"), "a", "a", "unknown"), (spec("list"), [], ["a"], "unknown"), (spec("list"), (), (), "unknown"),
        (spec("text", None), "a", "a", "unknown"),
        (spec("text", "name"), "张 晓", "张晓", "same"), (spec("text", "name"), 1, "张晓", "unknown"), (spec("text", "name"), "张晓", 1, "unknown"),
        (spec("text", "address"), "演示路8号", "演示路 8 号", "same"), (spec("text", "address"), 8, "演示路8号", "unknown"), (spec("text", "address"), "演示路8号", 8, "unknown"),
        (spec("date", "date"), DAY, "2026-11-23", "same"), (spec("date", "date"), DAY, "2026-11-24", "different"), (spec("date", "date"), "soon", DAY, "unknown"), (spec("date", "date"), DAY, "soon", "unknown"),
        (spec("date", "date"), NOON, DAY, "same"),
    ],
)  # fmt: skip
def test_values_are_compared_by_the_kind_of_their_field(field: FieldSpec, claimed: Any, known: Any, state: str) -> None:
    verdict = compare(field, claimed, known)
    assert (verdict.field, verdict.state) == ("f", state)
    assert (verdict.score is None) == (
        field.compare not in {"name", "address"} or not isinstance(claimed, str) or not isinstance(known, str)
    )


@pytest.mark.parametrize(
    ("field", "claimed", "known", "zh", "en"),
    [
        (spec("text"), "a", "a", "栏目与登记的一致", "Field: the same as on record"),
        (spec("text"), "a", "b", "栏目与登记的不一致", "Field: different from what is on record"),
        (spec("text"), "a", None, "栏目无法确认是否一致", "Field: could not be confirmed"),
        (spec("text", "name"), "张晓", "张晓", "栏目与登记的一致", "Field: the same as on record"),
        (spec("text", "name"), "张晓", "李晓", "栏目与登记的不一致", "Field: different from what is on record"),
        (spec("text", "name"), "张?", "张㛃", "栏目可能是同一人的不同写法（生僻字、异体字），请核对", "Field: may be two spellings of one name (rare or variant characters); please check"),
        (spec("text", "address"), "演示路8号2栋", "演示路9号1栋", "栏目与登记的不一致：门牌号、楼栋不同", "Field: different from what is on record (number, building)"),
        (spec("text", "address"), "演示路8号2栋", "演示路8号501", "栏目无法确认：楼栋、房号只有一方写明", "Field: could not be confirmed; only one side names building, room"),
        (spec("text", "address"), "罗湖区", "罗湖区", "栏目无法确认是否一致", "Field: could not be confirmed"),
    ],
)  # fmt: skip
def test_a_verdict_is_said_in_words(field: FieldSpec, claimed: Any, known: Any, zh: str, en: str) -> None:
    assert compare(field, claimed, known).words == W(zh, en)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (DAY, DAY), (NOON, DAY), ("2026-11-23", DAY), ("2026/11/23", DAY), ("2026.11.23", DAY), ("20261123", DAY), ("2026年11月23日", DAY), ("2026年11月23", DAY), (" 2026 - 1 - 3 ", date(2026, 1, 3)), ("２０２６-11-23", DAY),
        ("2026-02-30", None), ("2026-11", None), ("26-11-23", None), ("2026112", None), ("2026-11-23T00:00", None), (20261123, None), (None, None), ("", None),
    ],
)  # fmt: skip
def test_a_day_however_it_is_written(value: Any, day: date | None) -> None:
    assert day_of(value) == day


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("1", 1), (1, 1), (1.5, Decimal("1.5")), (Decimal("2.50"), Decimal("2.50")), ("0", 0), ("0E-999", 0), ("-3", -3), ("1" * 15, int("1" * 15)), ("1" * 16, None), ("1E-14", Decimal("1E-14")), ("1E-15", None),
        ("0." + "0" * 12 + "1" + "0" * 25, Decimal("1E-13")), ("0." + "0" * 12 + "1" + "0" * 26, None), (True, None), (None, None), ([], None), ("x", None), ("NaN", None), ("Infinity", None),
    ],
)  # fmt: skip
def test_a_number_that_somebody_could_have_written(value: Any, number: Any) -> None:
    assert number_of(value) == number
    assert MOST_DIGITS == 40


# ── keeping ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_values_go_to_json_and_come_back() -> None:
    fields = {
        "name": "甲",
        "kind": "company",
        "established_on": DAY,
        "capital": Decimal("12.50"),
        "scope": ("a", "b"),
        "abnormal": False,
    }
    told = encoded(fields)
    assert told == {
        "name": "甲",
        "kind": "company",
        "established_on": "2026-11-23",
        "capital": "12.50",
        "scope": ["a", "b"],
        "abnormal": False,
    }
    assert decoded(Base.ENTITIES, told) == fields
    assert decoded(Base.ENTITIES, {"name": None, "kind": "x"}) == {"kind": "x"}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"nobody": 1}, "no field nobody"), ({"x" * 60: 1}, f"no field {'x' * 40}$"), ({"name": 1}, "name is no text"), ({"name": "x" * (LONGEST + 1)}, "name is no text"), ({"established_on": DAY}, "established_on is no date"),
        ({"established_on": "soon"}, "established_on is no date"), ({"capital": "x"}, "capital is no number"), ({"capital": []}, "capital is no number"), ({"capital": True}, "capital is no number"), ({"scope": "a"}, "scope is no list"), ({"scope": [1]}, "scope is no list"),
        ({"scope": ["a"] * (MOST + 1)}, "scope is no list"), ({"scope": ["x" * (LONGEST + 1)]}, "scope is no list"), ({"abnormal": "true"}, "abnormal is no flag"), ({"abnormal": 1}, "abnormal is no flag"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_by_its_field_only(fields: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        decoded(Base.ENTITIES, fields)


def test_the_longest_text_and_the_longest_list_are_kept() -> None:
    fields = {"name": "x" * LONGEST, "scope": ("x" * LONGEST,) * MOST}
    assert decoded(Base.ENTITIES, fields) == fields
    assert (LONGEST, MOST) == (500, 200)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("text", None, None), ("text", "", None), ("text", "  ", None), ("list", [], None), ("text", " a ", "a"), ("text", 12, "12"), ("text", EXACT - 1, str(EXACT - 1)), ("text", True, "True"),
        ("flag", True, True), ("flag", False, False), ("flag", "是", True), ("flag", "有", True), ("flag", "Yes", True), ("flag", "Y", True), ("flag", "1", True), ("flag", 1, True), ("flag", "TRUE", True),
        ("flag", "否", False), ("flag", "无", False), ("flag", "No", False), ("flag", "N", False), ("flag", "0", False), ("flag", 0, False), ("flag", "false", False),
        ("number", "1.5", Decimal("1.5")), ("number", 2, Decimal(2)), ("number", 1.5, Decimal("1.5")), ("number", 0, Decimal(0)),
        ("date", "2026-11-23", DAY), ("date", "2026-11-23 00:00:00", DAY), ("date", DAY, DAY), ("date", NOON, DAY), ("date", "2026年11月23日", DAY), ("date", "20261123", DAY),
        ("list", "a;b；c、 d ;", ("a", "b", "c", "d")), ("list", "a", ("a",)), ("list", ["a", "b"], ("a", "b")), ("list", ("a",), ("a",)),
    ],
)  # fmt: skip
def test_a_cell_of_a_spreadsheet_means_what_was_typed(kind: Any, cell: Any, value: Any) -> None:
    found = parsed(spec(kind), cell)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "cell"),
    [("text", EXACT), ("text", -EXACT), ("text", 1.5), ("flag", "maybe"), ("flag", 2), ("number", "x"), ("date", "2026"), ("date", "2026-11-23x00:00"), ("list", [1])],
)  # fmt: skip
def test_a_cell_that_means_nothing_of_its_kind_is_refused(kind: Any, cell: Any) -> None:
    if cell == "2026-11-23x00:00":
        assert parsed(spec(kind), cell) == DAY  # what stands behind the day is the clock's
        return
    with pytest.raises(ValueError):  # noqa: PT011  (the sentence is checked elsewhere)
        parsed(spec(kind), cell)


def test_a_spreadsheet_keeps_fifteen_digits() -> None:
    assert [exact(cell) for cell in (EXACT - 1, EXACT, -EXACT, -EXACT + 1, 1.0, "1" * 18, True, None)] == [
        True,
        False,
        False,
        True,
        False,
        True,
        True,
        True,
    ]
    assert EXACT == 10**15


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def faults(base: Base, **cells: Any) -> list[tuple[str, str]]:
    return [(one.column, one.code) for one in check_row(base, cells, today=TODAY).faults]


def test_a_sound_row_is_kept_in_the_kinds_of_the_catalogue() -> None:
    found = check_row(
        Base.POPULATION,
        {"key": f" {PERSON.lower()} ", "name": "张晓", "birth_date": "1990-01-01", "sex": "male", "alive": "是"},
        today=TODAY,
    )
    assert found.faults == ()
    assert (found.key, found.parts) == (PERSON.lower(), ("full", PERSON))
    assert found.fields == {"name": "张晓", "birth_date": date(1990, 1, 1), "sex": "male", "alive": True}
    assert PERSON.lower() not in repr(found)
    place = check_row(Base.ADDRESSES, {"key": "罗湖区桂园街道演示路8号", "use": "shop"}, today=TODAY)
    assert (place.faults, place.parts) == ((), ("full", "罗湖区|桂园街道|演示路|8||||"))


@pytest.mark.parametrize(
    ("base", "cells", "found"),
    [
        (Base.POPULATION, {"name": "张晓"}, [("key", "KEY_MISSING")]), (Base.POPULATION, {"key": " ", "name": "张晓"}, [("key", "KEY_MISSING")]), (Base.POPULATION, {"key": "123", "name": "张晓"}, [("key", "KEY_WRONG")]),
        (Base.POPULATION, {"key": FIRM, "name": "张晓"}, [("key", "KEY_WRONG")]), (Base.ENTITIES, {"key": FIRM, "name": "店"}, []), (Base.ADDRESSES, {"key": "演示路8号", "use": "shop"}, [("key", "KEY_WRONG")]), (Base.ADDRESSES, {"key": "罗湖区", "use": "shop"}, [("key", "KEY_WRONG")]),
        (Base.ENTITIES, {"key": FIRM, "name": "店", "beyond": "x"}, [("key", "CELLS_BEYOND")]), (Base.ENTITIES, {"key": FIRM, "name": "店", "beyond": ""}, []), (Base.ENTITIES, {"key": FIRM}, [("key", "NO_FIELDS")]), (Base.ENTITIES, {}, [("key", "KEY_MISSING")]),
        (Base.ENTITIES, {"key": FIRM, "capital": "x"}, [("capital", "WRONG_KIND")]), (Base.ENTITIES, {"key": FIRM, "established_on": "2026-11-24"}, [("established_on", "NOT_YET")]), (Base.ENTITIES, {"key": FIRM, "established_on": "2026-11-23"}, []),
        (Base.CREDIT, {"key": PERSON, "until": "2030-01-01"}, []),  # a listing may end in the future
        (Base.POPULATION, {"key": PERSON, "birth_date": "1990-01-02"}, [("birth_date", "BIRTH_DIFFERS")]), (Base.POPULATION, {"key": PERSON, "sex": "female"}, [("sex", "SEX_DIFFERS")]),
        (Base.POPULATION, {"key": PERSON, "alive": "是", "death_date": "2020-01-01"}, [("alive", "DEAD_AND_ALIVE")]), (Base.POPULATION, {"key": PERSON, "alive": "否", "death_date": "2020-01-01"}, []), (Base.POPULATION, {"key": PERSON, "death_date": "2020-01-01"}, []),
        (Base.POPULATION, {"key": PERSON, "birth_date": "2030-01-01", "death_date": "2030-01-01"}, [("birth_date", "NOT_YET"), ("death_date", "NOT_YET")]),
        (Base.POPULATION, {"key": "123", "birth_date": "1990-01-02"}, [("key", "KEY_WRONG")]), (Base.CREDIT, {"key": PERSON, "restricted": "否"}, []),
    ],
)  # fmt: skip
def test_everything_that_is_wrong_with_a_row_is_told_at_once(base: Base, cells: Any, found: Any) -> None:
    assert faults(base, **cells) == found


def test_a_number_that_a_spreadsheet_rounded_is_no_key() -> None:
    number = next(one for nth in range(9) if (one := cn_id(date(1990, 1, 1), "male", nth=nth)).isdigit())
    assert faults(Base.POPULATION, key=number, name="张晓") == []
    assert faults(Base.POPULATION, key=int(number), name="张晓") == [("key", "KEY_WRONG")]


def test_a_fault_is_said_with_its_field_and_never_with_the_value() -> None:
    (fault,) = check_row(Base.ENTITIES, {"key": FIRM, "capital": "七百"}, today=TODAY).faults
    assert fault.words == W("“注册资本（万元）”的格式不正确", "“Registered capital (10,000 CNY)” has the wrong form")
    (fault,) = check_row(Base.ENTITIES, {"key": "七百", "capital": "7"}, today=TODAY).faults
    assert fault.words == FAULTS["KEY_WRONG"]


@pytest.mark.parametrize(
    ("source", "sound"),
    [("police", True), ("civil_affairs_2", True), ("a" * 40, True), ("a" * 41, False), ("", False), ("Police", False), ("police-a", False), ("公安", False), ("a b", False), ("_", False)],
)  # fmt: skip
def test_the_code_of_a_giver_of_rows(source: str, sound: bool) -> None:
    told = judge_source(source)
    assert (told == []) is sound
    assert sound or (told[0].code, told[0].words, told[0].field) == ("SOURCE_NAME", SOURCE, "/source")


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("one", "other", "state", "score"),
    [
        ("张晓", "张晓", "same", "1"), ("张晓", "张小", "different", "0.5"), ("张晓", "", "unknown", "0"), ("", "", "unknown", "1"), ("", "张晓", "unknown", "0"), ("张晓明", "张晓", "different", "0.8"),
        ("张晓", "張晓", "unknown", "0.5"), ("傅强", "付强", "unknown", "0.5"), ("肖伟", "萧偉", "unknown", "0"), ("洁", "㛃", "unknown", "0"), ("洁", "结", "different", "0"),
        ("张□", "张□", "unknown", "1"), ("张□", "张晓", "unknown", "0.5"), ("张\ue000", "张\ue000", "unknown", "1"), ("张\ue000", "李\ue000", "different", "0.5"),
        ("张JIE", "张㛃", "unknown", "0.33"), ("深圳ABC餐饮店", "深圳abc餐饮店", "same", "1"), ("张JIE", "张XIAO", "unknown", None), ("Alice", "alice", "same", "1"), ("Alice", "Alicia", "different", None), ("A张", "欧阳张", "unknown", None),
        ("A张", "一二三四张", "unknown", None), ("A张", "一二三四五张", "different", None), ("张A", "张", "different", None), ("张A李", "张王李", "unknown", None), ("张A李", "张李李", "unknown", None), ("张A李", "张王王", "different", None),
        ("陈A", "陳明", "unknown", None), ("王A", "陳明", "different", None),
        ("(张)晓", "【张】晓", "same", "1"), ("张晓", "张 晓", "same", "1"), ("张\ufe00晓", "张晓", "same", "1"), ("张\U000e01ef晓", "张晓", "same", "1"), ("张\ufe10晓", "张晓", "different", None),
    ],
)  # fmt: skip
def test_two_spellings_of_a_name(one: str, other: str, state: str, score: str | None) -> None:
    assert names.match(one, other)[0] == names.match(other, one)[0] == state
    if score is not None:
        assert names.match(one, other)[1] == Decimal(score)


def test_of_a_long_name_a_hundred_characters_are_looked_at_for_the_score() -> None:
    assert names.match("张" * 100 + "李", "张" * 100 + "王") == ("different", Decimal("1.0"))
    assert names.match("张" * 99 + "李", "张" * 99 + "王")[1] < 1


@pytest.mark.parametrize("group", names._GROUPS)
def test_characters_that_stand_for_each_other_in_registers(group: str) -> None:
    for character in group:
        assert names.match(f"王{group[0]}", f"王{character}")[0] == ("same" if character == group[0] else "unknown")
