"""The guarded reading of decisions: words and records, what is missing inside, constants, and stretches of an axis."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.engine.decisions import literal, model, table

from yichuang.core.words import W
from yichuang.engine.dmn.axes import Listed, Ordered, Piece, constant, example, is_empty, names_nothing
from yichuang.engine.dmn.decision import compile_model, deep
from yichuang.engine.dmn.edge import HIT, TOO_COSTLY, UNJUDGED, Outcome, Tried, frozen, whole
from yichuang.engine.dmn.guard import bits
from yichuang.engine.dmn.read import read_model
from yichuang.engine.feel.kinds import Months, Unknown
from yichuang.engine.feel.types import ANY, Basic, ContextType, Limited, ListType
from yichuang.engine.feel.wide import parse_decision
from yichuang.engine.values import ready_decision

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
N = {"n": "number"}


# ── the guarded edge ──────────────────────────────────────────────────────────────────────────────────────────────
def test_words_of_one_rule() -> None:
    hit = Tried("准入", 3, 0, "", "", None, True)
    failed = Tried("准入", 3, 2, "年龄", "< 16", Decimal(20), True)
    unsure = failed._replace(judged=False)
    assert (hit.hit, failed.hit, unsure.hit) == (True, False, False)
    assert hit.words == W("第 3 行符合", "Row 3 fits")
    assert failed.words == W("第 3 行：“年龄”为 20，应符合 < 16", "Row 3: “年龄” is 20, needed < 16")
    assert unsure.words == W(
        "第 3 行：“年龄”为 20，无法判断是否符合 < 16", "Row 3: “年龄” is 20; whether < 16 holds cannot be judged"
    )


UNSURE = [('contains(string join(split(a, "["), ""), "x")', "< 16", '"x"'), ("-", "-", '"y"'), ("-", "> 30", '"z"')]


def test_a_cell_that_could_not_be_judged_is_told_row_by_row() -> None:
    decision = ready_decision(table(UNSURE, {"a": "string", "n": "number"}, policy="FIRST"), "准入")
    said = decision.decide({"a": "q", "n": 3})
    assert said.doubts == (W("“准入”第 1 行有无法判断的格子", "“准入”: a cell of row 1 cannot be judged"),)
    assert said.record[8:] == bytes([UNJUDGED, HIT, 1])
    one, two, three = decision.explain({"a": "q", "n": 3}, said.record)
    assert (one.row, one.column, one.label, one.seen, one.judged) == (1, 1, "a", "q", False)
    assert (two.row, two.hit, two.judged) == (2, True, True)
    assert (three.row, three.column, three.cell, three.seen, three.judged) == (3, 2, "> 30", 3, True)
    late = decision.decide({"a": "q", "n": 20})
    assert late.value == "y"
    assert late.record[8:] == bytes([1, HIT, 1])


def test_the_second_column_may_be_the_one_that_could_not_be_judged() -> None:
    rows = [("< 16", 'contains(string join(split(a, "["), ""), "x")', '"x"')]
    decision = ready_decision(table(rows, {"n": "number", "a": "string"}), "准入")
    said = decision.decide({"a": "q", "n": 3})
    (one,) = decision.explain({"a": "q", "n": 3}, said.record)
    assert (one.row, one.column, one.label, one.cell) == (1, 2, "a", rows[0][1])


def test_what_was_not_decided_by_a_table_has_the_version_alone_as_its_record() -> None:
    decision = ready_decision(literal("n + 1", N), "准入")
    said = decision.decide({"n": 1})
    assert (said.value, said.decided, said.trace) == (2, True, None)
    assert said.record == bytes.fromhex(decision.version)[:8]
    assert decision.explain({"n": 1}, said.record) == ()
    assert Outcome(None, (TOO_COSTLY,), None, b"12345678").record == b"12345678"
    with pytest.raises(ValueError, match="another version"):
        decision.explain({"n": 1}, b"12345678")


def test_a_table_of_a_graph_whose_inputs_cannot_be_worked_out_again_explains_nothing() -> None:
    decision = ready_decision(table(UNSURE, {"a": "string", "n": "number"}, policy="FIRST"), "准入")
    record = decision.decide({"a": "q", "n": 3}).record
    assert decision.explain({"a": None, "n": 3}, record) == ()


@pytest.mark.parametrize(
    ("inputs", "doubts"),
    [
        ({}, [W("缺少“n”", "“n” is missing"), W("缺少“s”", "“s” is missing")]),
        ({"n": "1", "s": "甲"}, [W("“n”的值 \"1\" 类型不对", "“n”: \"1\" is of the wrong kind")]),
        ({"n": 1, "s": "丙"}, [W("“s”不能是 \"丙\"", "“s” cannot be \"丙\"")]),
        ({"n": 1, "s": 5}, [W("“s”的值 5 类型不对", "“s”: 5 is of the wrong kind")]),
        ({"n": Decimal("Infinity"), "s": "丙"}, [W("“n”的值 未知 类型不对", ""), W("“s”不能是 \"丙\"", "“s” cannot be \"丙\"")]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("extra", [False, True])
def test_each_wrong_input_is_named_with_what_is_wrong(inputs: Any, doubts: list[Any], extra: bool) -> None:
    kinds = '<itemDefinition name="tS"><typeRef>string</typeRef><allowedValues><text>"甲","乙"</text></allowedValues></itemDefinition>'
    rows = [("< 5", '"甲"', "n" if extra else "1")]
    said = ready_decision(table(rows, {"n": "number", "s": "tS"}, items=kinds, outputs={"o": "number"}), "准入").decide(
        inputs
    )
    assert not said.decided
    assert len(said.doubts) == len(doubts)
    for one, wanted in zip(said.doubts, doubts, strict=True):
        assert one == wanted or (not wanted.en and "“n”" in one.zh)


def test_part_of_an_input_that_is_missing_is_told_without_the_rest() -> None:
    items = (
        '<itemDefinition name="tP"><itemComponent name="age"><typeRef>number</typeRef></itemComponent></itemDefinition>'
    )
    xml = literal("p.age + 1", {"p": "tP"}).replace(b"<inputData", items.encode() + b"<inputData", 1)
    decision = ready_decision(xml, "准入")
    assert decision.decide({"p": {"age": None}}).doubts == (W("“p”里缺少内容", "Something inside “p” is missing"),)
    assert decision.decide({"p": {}}).doubts == (W("“p”的值 {…} 类型不对", "“p”: {…} is of the wrong kind"),)
    assert decision.decide({"p": None}).doubts == (W("缺少“p”", "“p” is missing"),)


def test_a_result_of_nothing_is_told() -> None:
    said = ready_decision(literal("if n > 3 then null else n", N), "准入").decide({"n": 9})
    assert said.doubts == (W("“准入”没有得出结果", "“准入” gives no result"),)
    row = ready_decision(table([("-", "if n > 3 then null else 1")], N, outputs={"o": "number"}), "准入")
    assert row.decide({"n": 9}).doubts == (W("“准入”没有得出结果", "“准入” gives no result"),)
    assert row.decide({"n": 1}).value == 1
    missed = ready_decision(table([("> 5", '"a"')], N), "准入").decide({"n": 1})
    assert missed.doubts == (W("“准入”没有一行符合", "No row of “准入” fits"),)
    rows = [("-", f'"{at}"') for at in range(7)]
    both = ready_decision(table(rows, N), "准入").decide({"n": 1})
    assert both.doubts == (W("“准入”第 1, 2, 3, 4, 5 行同时符合", "Rows 1, 2, 3, 4, 5 of “准入” fit at the same time"),)


def test_a_column_without_a_value_is_told_and_so_is_one_that_is_not_allowed() -> None:
    xml = table([("-", '"a"')], N).replace(b"<text>n</text>", b"<text>if n > 3 then null else n</text>")
    assert ready_decision(xml, "准入").decide({"n": 9}).doubts == (W("“n”没有值", "“n” has no value"),)
    assert ready_decision(xml, "准入").decide({"n": 1}).value == "a"


@pytest.mark.parametrize(
    ("value", "kind", "answer"),
    [
        (None, Basic("number"), False),
        (None, Basic("null"), True),
        (Unknown("kinds"), Basic("number"), False),
        (Unknown("kinds"), Basic("null"), True),
        (Decimal(1), Basic("number"), True),
        ((Decimal(1), None), ListType(Basic("number")), False),
        ((Decimal(1),), ListType(Basic("number")), True),
        ((), ListType(Basic("number")), True),
        ({"a": Decimal(1)}, ContextType((("a", Basic("number")),)), True),
        ({"a": None}, ContextType((("a", Basic("number")),)), False),
        ({}, ContextType((("a", Basic("number")),)), False),
        ({"a": Decimal(1), "b": None}, ContextType((("a", Basic("number")),)), True),  # nobody asks for b
        ((None,), ANY, False),
        ({"a": None}, ANY, False),
        (None, Limited(Basic("string"), lambda one: True, '"a", null'), True),
        (None, Limited(Basic("string"), lambda one: True, '"a"'), False),
        (None, Limited(Basic("string"), lambda one: True, 'not("a", null)'), False),
        (None, Limited(Basic("string"), lambda one: True, "!= null"), False),
        (None, Limited(Basic("string"), lambda one: True, "[1.."), False),
        ("a", Limited(Basic("string"), lambda one: True, '"a", null'), True),
    ],
)
def test_nothing_is_missing_inside_but_where_the_type_says_so(value: Any, kind: Any, answer: bool) -> None:
    assert whole(value, kind) is answer


def test_a_result_is_frozen_at_every_depth() -> None:
    value = frozen({"a": ({"b": Decimal(1)},), "c": "x"})
    with pytest.raises(TypeError):
        value["a"][0]["b"] = 2
    with pytest.raises(TypeError):
        value["c"] = 2
    assert value == {"a": ({"b": 1},), "c": "x"}


def test_the_places_of_bits() -> None:
    assert [bits(mask) for mask in (0, 1, 2, 5, 1 << 40)] == [[], [0], [1], [0, 2], [40]]


def test_a_value_of_the_caller_is_read_at_every_depth() -> None:
    assert deep({"a": [1, {"b": 2.5}], 3: "x", "t": (True, None)}) == {
        "a": (1, {"b": Decimal("2.5")}),
        "3": "x",
        "t": (True, None),
    }
    assert deep(float("nan")) is None
    assert deep("x") == "x"


def test_the_moment_is_that_of_who_asks() -> None:
    decision = ready_decision(literal('if today() = @"2026-11-23" and now().hour = 9 then 1 else n', N), "准入")
    assert decision.decide({"n": 2}, at=AT).value == 1
    assert decision.decide({"n": 2}, at=AT + timedelta(hours=1)).value == 2
    xml = table([("= today()", "1"), ("-", "2")], {"d": "date"}, policy="FIRST", outputs={"o": "number"})
    assert [
        ready_decision(xml, "准入").decide({"d": day}, at=AT).value for day in (date(2026, 11, 23), date(2026, 11, 22))
    ] == [1, 2]
    assert compile_model(read_model(xml)).evaluate("准入", {"d": date(2026, 11, 23)}, at=AT) == 1
    said = ready_decision(xml, "准入").decide({"d": date(2026, 11, 23)}, at=AT)
    assert [one.hit for one in ready_decision(xml, "准入").explain({"d": date(2026, 11, 23)}, said.record, at=AT)] == [
        True,
        True,
    ]


def test_types_rest_on_each_other_thirty_deep() -> None:
    def chain(count: int) -> list[str]:
        items = "".join(
            f'<itemDefinition name="t{n}"><typeRef>t{n + 1}</typeRef></itemDefinition>' for n in range(count)
        )
        last = f'<itemDefinition name="t{count}"><typeRef>number</typeRef></itemDefinition>'
        xml = model(items + last + '<decision id="d" name="d"><variable name="d"/></decision>')
        return [one.code for one in compile_model(read_model(xml)).faults]

    assert chain(30) == []
    assert set(chain(31)) == {"NO_TYPE"}


# ── stretches and constants ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("feel", "value"),
    [
        ("1 + 2", 3),
        ("abs(-3)", 3),
        ('"a"', "a"),
        ("a", None),
        ("now()", None),
        ("today()", None),
        ("abs.x", None),
        ("max", "f"),
    ],
)
def test_what_names_nothing_is_constant(feel: str, value: Any) -> None:
    found = constant(parse_decision(feel, {"a"}))
    if value == "f":
        assert not isinstance(found, Unknown)
    elif value is None:
        assert isinstance(found, Unknown)
    else:
        assert found == value


def test_a_name_in_sight_hides_a_function() -> None:
    tree = parse_decision("abs(-3)", {"abs"})
    assert names_nothing(tree)
    assert not names_nothing(tree, frozenset({"abs"}))
    assert isinstance(constant(tree, frozenset({"abs"})), Unknown)


def test_a_piece_is_a_point_when_both_ends_are_one() -> None:
    one = Decimal(1)
    assert Piece(one, one).is_point
    assert not Piece(one, Decimal(2)).is_point
    assert not Piece(None, None).is_point
    assert not Piece(one, None).is_point


def test_a_text_may_be_any_other_or_one_of_those_listed() -> None:
    listed = Listed({"甲": 1}, 2)
    assert [listed.mask("甲"), listed.mask("乙"), listed.lookup()("乙")] == [1, 2, 2]
    closed = Listed({"甲": 1}, None)
    assert [closed.mask("甲"), closed.mask("乙"), closed.lookup()("乙")] == [1, 0, 0]
    assert [piece for piece, _ in closed.pieces()] == [Piece("甲", "甲")]
    assert [(piece.low, mask) for piece, mask in listed.pieces()] == [("甲", 1), (None, 2)]


def test_infinity_is_told_only_beyond_the_bounds_and_only_of_numbers() -> None:
    axis = Ordered((Decimal(1), Decimal(5)), (1, 2, 4, 8, 16), (Decimal(1), Decimal(5)))
    assert [axis.mask(Decimal(n)) for n in (0, 1, 3, 5, 9)] == [1, 2, 4, 8, 16]
    for wrong in ("Infinity", "-Infinity"):
        with pytest.raises(TypeError):
            axis.mask(Decimal(wrong))
    nothing = Ordered((), (7,), ())
    assert nothing.mask(Decimal(3)) == 7
    assert nothing.mask(date(2026, 1, 1)) == 7
    with pytest.raises(TypeError):
        nothing.mask(Decimal("Infinity"))


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (time(22), None, time.max), (None, time(3, tzinfo=UTC), time.min.replace(tzinfo=UTC)), (Months(5), Months(9), Months(7)),
        (Decimal("0.2"), Decimal("0.4"), Decimal("0.3")), (Decimal("0.2"), Decimal("1"), Decimal("0.6")), (Decimal("0.2"), Decimal("1.5"), Decimal(1)),
        (None, "甲", "甲"), (time(23, 59, 50, tzinfo=UTC), time(23, 59, 59, tzinfo=UTC), time(23, 59, 54, tzinfo=UTC)), (time(1, 1, 1), time(3, 3, 3), time(2, 2, 2)),
    ],
)  # fmt: skip
def test_an_example_of_a_stretch(low: Any, high: Any, expected: Any) -> None:
    assert example(Piece(low, high)) == expected


def test_stretches_of_months_and_days_that_hold_nothing() -> None:
    assert [is_empty(Piece(Months(1), Months(n))) for n in (2, 3)] == [True, False]
    assert [is_empty(Piece(date(2026, 1, 1), date(2026, 1, n))) for n in (2, 3)] == [True, False]
    assert not is_empty(Piece(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)))
    assert not is_empty(Piece(Decimal(1), Decimal("1.01")))
