"""Around a decision: words of the check, ids for a drawing editor, and the bench on which somebody tries a table."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.engine.decisions import literal, model, table

from yichuang.core.refusals import Refused
from yichuang.core.words import W
from yichuang.engine.dmn.bench import tried, typed_inputs
from yichuang.engine.dmn.check import TOO_COSTLY as CHECK_TOO_COSTLY
from yichuang.engine.dmn.editing import with_ids
from yichuang.engine.dmn.model import DecisionFaults, Fault, Literal, Text
from yichuang.engine.dmn.read import read_model
from yichuang.engine.values import Example, check_decision, ready_decision

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
N = {"n": "number"}
ONE = "<literalExpression><text>1</text></literalExpression>"


# ── the check ─────────────────────────────────────────────────────────────────────────────────────────────────────
def gap(rows: list[Any], inputs: dict[str, str], **more: Any) -> tuple[str, str]:
    (fault,) = check_decision(table(rows, inputs, **more), "准入").faults
    assert (fault.code, fault.warns, fault.row, fault.column, fault.line) == ("GAP", True, 0, 0, 1)
    return fault.words.zh, fault.words.en


def test_a_gap_is_said_in_both_languages() -> None:
    assert gap([('"甲"', '"a"')], {"s": "string"}) == (
        "没有一行符合，例如 s 为别的文字",
        "No row fits, for example s is any other text",
    )
    assert gap([("< 5", "-", '"a"')], {"n": "number", "s": "string"}) == (
        "没有一行符合，例如 n 为 5", "No row fits, for example n is 5"
    )  # fmt: skip
    assert gap([("-", '"甲"', '"a"'), ("< 5", "-", '"b"')], {"n": "number", "s": "string"}, policy="FIRST") == (
        "没有一行符合，例如 n 为 5、s 为别的文字", "No row fits, for example n is 5, s is any other text"
    )  # fmt: skip
    assert gap([], {"n": "number"}) == ("没有一行符合，例如 任何值", "No row fits, for example anything")
    assert (
        gap([("-", "< 5", '"a"')], {"m": "number", "n": "number"})[1]
        == "No row fits, for example m is anything, n is 5"
    )


def overlaps(rows: list[Any], **more: Any) -> list[tuple[int, int, str]]:
    found = check_decision(table(rows, N, **more), "准入").faults
    return [(one.row, one.column, one.words.en) for one in found if one.code == "OVERLAP"]


def test_each_pair_of_rows_that_overlap_is_told_at_the_later_one() -> None:
    rows = [("< 5", '"a"'), ("[3..7]", '"b"'), ("> 6", '"c"'), ("> 100", '"d"')]
    assert overlaps(rows) == [
        (2, 0, "Rows 1 and 2 fit at the same time, for example n is 3"),
        (3, 0, "Rows 2 and 3 fit at the same time, for example n is 6.5"),
        (4, 0, "Rows 3 and 4 fit at the same time, for example n is 101"),
    ]


def test_ten_pairs_are_enough() -> None:
    assert len(overlaps([("-", f'"{n}"') for n in range(9)])) == 10


def test_of_rows_that_may_agree_only_those_that_differ_are_told() -> None:
    rows = [("< 5", '"a"'), ("< 6", '"a"'), ("< 7", '"b"')]
    assert [row for row, _, _ in overlaps(rows, policy="ANY")] == [3, 3]
    assert [row for row, _, _ in overlaps(rows)] == [2, 3, 3]


def test_a_table_that_is_too_large_to_walk_warns_at_its_line() -> None:
    inputs = {f"n{at}": "number" for at in range(17)}
    rows = [(*("not(0)" if at == row else "-" for at in range(17)), '"x"') for row in range(17)]
    faults = check_decision(table(rows, inputs, policy="FIRST"), "准入").faults
    (fault,) = [one for one in faults if one.code == "UNCHECKED"]
    assert (fault.line, fault.element, fault.row, fault.column, fault.warns) == (1, "准入", 0, 0, True)


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("b", W("示例“例”应为 \"b\"，却是 \"a\"", "Example “例”: expected \"b\", got \"a\"")),
        (None, W("示例“例”应为 由人决定，却是 \"a\"", "Example “例”: expected a person decides, got \"a\"")),
    ],
)  # fmt: skip
def test_an_example_that_is_red_says_what_was_wanted_and_what_came(expected: Any, said: Any) -> None:
    report = check_decision(table([("-", '"a"')], N), "准入", [Example("例", {"n": 1}, expected)])
    assert report.faults == (Fault(1, "准入", said, "EXAMPLE"),)
    assert (report.fine, report.decision) == (False, None)
    nobody = check_decision(table([("> 5", '"a"')], N, default='"z"'), "准入", [Example("例", {}, "a")])
    assert nobody.faults[0].words == W(
        "示例“例”应为 \"a\"，却是 由人决定（缺少“n”）", "Example “例”: expected \"a\", got a person decides (“n” is missing)"
    )  # fmt: skip
    assert "1000000" in CHECK_TOO_COSTLY.en


def test_an_example_may_depend_on_the_day() -> None:
    xml = literal('if today() = @"2026-11-23" then 1 else n', N)
    assert check_decision(xml, "准入", [Example("例", {"n": 2}, 1)], at=AT).fine
    assert not check_decision(xml, "准入", [Example("例", {"n": 2}, 1)], at=AT + timedelta(days=1)).fine


def test_only_tables_that_must_cover_everything_are_told_of_gaps() -> None:
    def codes(policy: str, **more: Any) -> list[str]:
        return [one.code for one in check_decision(table([("< 5", '"a"')], N, policy=policy, **more), "准入").faults]

    assert [codes(policy) for policy in ("UNIQUE", "ANY", "FIRST")] == [["GAP"]] * 3
    assert [codes(policy) for policy in ("COLLECT", "RULE ORDER")] == [[], []]
    assert codes("UNIQUE", default='"z"') == []


# ── drawn ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_ids_are_given_by_kind_and_number_and_never_twice() -> None:
    xml = table([("1", '"a"'), ("2", '"b"')], N).replace(b"<rule>", b'<rule id="rule_9">', 1)
    xml = (
        xml.replace(b"2023-04", b"")
        .replace(b"20230324", b"20191111")
        .replace(b"<rule>", b'<rule id="inputEntry_1">', 1)
    )
    drawn = with_ids(xml)
    assert drawn.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    for id in (b'id="definitions_1"', b'id="decisionTable_2"', b'id="inputEntry_'):
        assert drawn.count(id.split(b"_")[0]) >= 1
    root = read_model(drawn)
    assert [rule.id for rule in root.elements["d"].body.rules] == ["rule_9", "inputEntry_1"]  # type: ignore[union-attr]  # it is a table
    assert drawn.count(b'"inputEntry_1"') == 1
    assert with_ids(drawn) == drawn


@pytest.mark.parametrize("tag", ["conditional", "for", "every", "some", "filter"])
def test_boxes_of_a_later_version_keep_the_file_as_it_is(tag: str) -> None:
    xml = model(f"<decision><{tag}/></decision>")
    assert with_ids(xml) == xml


def test_a_file_with_entities_or_a_document_type_is_left_alone() -> None:
    xml = b'<!DOCTYPE definitions [<!ENTITY x "y">]>' + model("<decision/>")
    assert with_ids(xml) == xml


# ── the bench ─────────────────────────────────────────────────────────────────────────────────────────────────────
KINDS = {
    "age": (W("年龄", "Age"), "number"),
    "day": (W("日", "Day"), "date"),
    "yes": (W("有", "Has"), "boolean"),
    "s": (W("文", "Text"), "string"),
}


def test_what_is_typed_is_taken_by_its_kind() -> None:
    assert typed_inputs(KINDS, {"age": " 12.5 ", "day": "2026-11-23", "yes": "true", "s": " 甲 "}) == {
        "age": "12.5", "day": "2026-11-23", "yes": True, "s": "甲",
    }  # fmt: skip
    assert typed_inputs(KINDS, {"age": "", "yes": "false"}) == {"age": None, "day": None, "yes": False, "s": None}


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("age", "ten", W("“年龄”要填写数字", "“Age” takes a number")), ("age", "NaN", None), ("age", "Infinity", None), ("age", "1e35", None), ("age", "1e-35", None),
        ("day", "2026-02-30", W("“日”要填写日期，如 2026-12-31", "“Day” takes a date like 2026-12-31")), ("day", "soon", None),
        ("yes", "maybe", W("“有”要填写是或否", "“Has” takes yes or no")),
    ],
)  # fmt: skip
def test_what_is_typed_wrong_is_refused_at_its_field(name: str, typed: str, words: Any) -> None:
    with pytest.raises(Refused) as caught:
        typed_inputs(KINDS, {name: typed})
    (reason,) = caught.value.reasons
    assert (reason.code, reason.field) == ("WRONG_VALUE", f"/values/{name}")
    assert words is None or reason.words == words


def test_all_that_is_typed_wrong_is_refused_at_once() -> None:
    with pytest.raises(Refused) as caught:
        typed_inputs(KINDS, {"age": "x", "day": "x", "yes": "x"})
    assert [one.field for one in caught.value.reasons] == ["/values/age", "/values/day", "/values/yes"]
    assert typed_inputs(KINDS, {"age": "9e34"})["age"] == "9E+34"
    assert typed_inputs(KINDS, {"age": "1e-34"})["age"] == "1E-34"


def test_a_trial_says_the_value_and_row_by_row_why() -> None:
    decision = ready_decision(
        table(
            [("< 16", '"a"', "1"), ("-", '"b"', "2")], N, policy="FIRST", outputs={"grade": "string", "rate": "number"}
        ),
        "准入",
    )
    found = tried(decision, {"n": 20}, AT)
    assert "b" in found.value
    assert found.doubts == ()
    assert [(one.row, one.hit, one.result) for one in found.rows] == [(1, False, '"a"，1'), (2, True, '"b"，2')]
    assert found.rows[1].why == W("第 2 行符合", "Row 2 fits")
    doubt = tried(decision, {}, AT)
    assert (doubt.value, doubt.doubts, doubt.rows) == ("", (W("缺少“n”", "“n” is missing"),), ())
    text = tried(ready_decision(literal("n + 1", N), "准入"), {"n": 1}, AT)
    assert (text.value, text.rows) == ("2", ())


def test_a_file_without_the_decision_is_refused() -> None:
    with pytest.raises(DecisionFaults) as caught:
        ready_decision(literal("n", N), "别的")
    (fault,) = caught.value.faults
    assert (fault.line, fault.element, fault.code) == (1, "别的", "NO_DECISION")
    assert fault.words == W("文件里没有“别的”这个决策", "The file has no decision “别的”")
    assert Literal(Text("1", 1)).type_ref == ""
