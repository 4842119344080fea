"""The closed edge: what is mistyped, missing or doubtful never decides; and why, row by row, from a small record."""

import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.decisions import literal, model, table

from yichuang.engine.dmn.decision import compile_model
from yichuang.engine.dmn.read import read_model
from yichuang.engine.values import DecisionFaults, ready_decision

AGE = {"年龄": "number"}
APPROVE = [("< 16", '"不予"'), ("-", '"准予"')]


def ready(rows: list[Any], inputs: dict[str, str] | None = None, **more: Any) -> Any:
    return ready_decision(table(rows, inputs or AGE, policy=more.pop("policy", "FIRST"), **more), "准入")


@pytest.mark.parametrize("cell", ["< < 16", "< 16,", "", "< 年纪", '< "16"', "16 <", "年齢 < 16", "< 16 and"])
def test_a_mistyped_cell_is_refused_and_decides_nobody(cell: str) -> None:
    with pytest.raises(DecisionFaults) as caught:
        ready([(cell, '"不予"'), ("-", '"准予"')])
    fault = caught.value.faults[0]
    assert (fault.row, fault.column) == (1, 1)
    assert fault.words.zh != fault.words.en


@pytest.mark.parametrize(
    "inputs",
    [
        {"年龄": "15"},
        {"年龄": "20"},
        {},
        {"年纪": 20},
        {"年龄": None},
        {"年龄": True},
        {"年龄": [20]},
        {"年龄": {"a": 1}},
        {"年龄": float("nan")},
    ],
)
def test_an_input_of_another_kind_or_missing_is_for_a_person(inputs: Mapping[str, object]) -> None:
    outcome = ready(APPROVE).decide(inputs)
    assert not outcome.decided
    assert outcome.value is None
    assert "年龄" in outcome.doubts[0].zh
    assert "年龄" in outcome.doubts[0].en


def test_what_is_known_decides() -> None:
    decision = ready(APPROVE)
    assert [decision.decide({"年龄": age}).value for age in (15, 16, Decimal("15.9"), 15.9)] == [
        "不予",
        "准予",
        "不予",
        "不予",
    ]
    assert len(decision.version) == 64


@pytest.mark.parametrize("number", [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("-Infinity")])
@pytest.mark.parametrize("rows", [APPROVE, [("-", '"准予"')], [("-", 'if 年龄 < 18 then "不予" else "准予"')]])
def test_a_number_that_is_none_is_for_a_person(number: Decimal, rows: Any) -> None:
    outcome = ready(rows).decide({"年龄": number})
    assert not outcome.decided
    assert "年龄" in outcome.doubts[0].zh


def test_inputs_too_large_to_judge_are_for_a_person() -> None:
    kinds = (
        '<itemDefinition name="tList" isCollection="true"><typeRef>string</typeRef></itemDefinition>'
        '<itemDefinition name="tFew"><typeRef>tList</typeRef><allowedValues><text>every x in ? satisfies x = "a"</text>'
        "</allowedValues></itemDefinition>"
    )
    xml = literal("count(p)", {"p": "tFew"}).replace(b"<inputData", kinds.encode() + b"<inputData", 1)
    decision = ready_decision(xml, "准入")
    assert decision.decide({"p": ["a"]}).value == 1
    assert not decision.decide({"p": ["a"] * 20_000}).decided
    deep: Any = "a"
    for _ in range(5000):
        deep = [deep]
    for one in (decision, ready(APPROVE)):
        assert not one.decide({"p": deep, "年龄": deep}).decided


@pytest.mark.parametrize("text", ["[null, 1 / 0]", "{a: null}", "[{a: [null]}]", "[1, null]"])
def test_null_at_any_depth_of_a_result_is_for_a_person(text: str) -> None:
    assert not ready_decision(literal(text, AGE), "准入").decide({"年龄": 1}).decided
    assert not ready([("-", text)], outputs={"x": ""}).decide({"年龄": 1}).decided


@pytest.mark.parametrize("policy", ["COLLECT", "RULE ORDER", "OUTPUT ORDER"])
def test_null_among_what_is_collected_is_for_a_person(policy: str) -> None:
    rows = [("-", "null"), ("-", '"x"')]
    assert not ready(rows, policy=policy, values={"结果": '"x"'}).decide({"年龄": 1}).decided


LAUGH = "a0: [1, 1], " + ", ".join(f"a{at}: [a{at - 1}, a{at - 1}]" for at in range(1, 40))


@pytest.mark.parametrize(
    "last",
    [
        "a39",
        "string(a39)",
        "a39 = a39",
        "a39 != [a39]",
        "a39 in (a39)",
        "a39 in [a39, a39]",
        "count(flatten(a39))",
        "list contains([a39], a39)",
        "count(distinct values([a39, a39]))",
        "index of([a39, a39], a39)",
        "a39.x",
        "(function(x: list) count(x))(a39)",
        "count(a39[item = a39])",
        "is(a39, a39)",
        'get value({b: a39}, "b")',
        "count([{k: a39}].k)",
        "a39 instance of list<list<number>>",
        "S(a39)",
    ],
)
def test_lists_of_lists_twice_over_hang_nobody(last: str) -> None:
    service = (
        '<inputData id="q" name="q"><variable name="q" typeRef="list"/></inputData><decision id="in" name="inner"><variable '
        'name="inner"/><informationRequirement><requiredInput href="#q"/></informationRequirement><literalExpression>'
        '<text>q</text></literalExpression></decision><decisionService id="s" name="S"><variable name="S"/>'
        '<outputDecision href="#in"/><inputData href="#q"/></decisionService>'
    )
    xml = literal(f"{{{LAUGH}, last: {last}}}.last", AGE).decode()
    needs = '<knowledgeRequirement><requiredKnowledge href="#s"/></knowledgeRequirement><literalExpression><text>{'
    xml = xml.replace("<inputData", service + "<inputData", 1).replace("<literalExpression><text>{", needs)
    began = time.process_time()
    outcome = ready_decision(xml.encode(), "准入").decide({"年龄": 1})
    assert not outcome.decided or isinstance(outcome.value, bool | Decimal)
    assert time.process_time() - began < 5
    assert compile_model(read_model(xml.encode())).evaluate("准入", {"年龄": 1}) is not NotImplemented
    assert time.process_time() - began < 10


def test_a_large_list_read_many_times_costs_what_it_weighs() -> None:
    text = "{big: for x in 1..20000 return x, all: for y in 1..20000 return big[1], n: count(all)}.n"
    began = time.process_time()
    ready_decision(literal(text, AGE), "准入").decide({"年龄": 1})
    assert time.process_time() - began < 5


def test_a_long_text_of_a_list_is_for_a_person() -> None:
    text = "string length(string(for x in 1..{n} return 1000000))"
    assert ready_decision(literal(text.format(n=1000), AGE), "准入").decide({"年龄": 1}).value == 9000
    assert not ready_decision(literal(text.format(n=15000), AGE), "准入").decide({"年龄": 1}).decided


def test_no_hit_two_hits_and_null_are_for_a_person() -> None:
    assert "没有一行" in ready([("< 16", '"不予"')]).decide({"年龄": 20}).doubts[0].zh
    two = ready([("< 16", '"不予"'), ("> 10", '"准予"')], policy="UNIQUE").decide({"年龄": 12})
    assert (two.value, "1, 2" in two.doubts[0].zh) == (None, True)
    assert not ready([("-", "null")]).decide({"年龄": 1}).decided
    assert not ready([("-", "年龄 / 0")], outputs={"n": "number"}).decide({"年龄": 1}).decided
    disagree = ready([("< 16", '"不予"'), ("> 10", '"准予"')], policy="ANY")
    assert not disagree.decide({"年龄": 12}).decided
    assert disagree.decide({"年龄": 20}).value == "准予"
    assert not ready([("< 1", '"x"')], policy="COLLECT").decide({"年龄": 5}).decided


def test_a_cell_that_cannot_be_judged_is_for_a_person_unless_another_cell_fails() -> None:
    rows = [('contains(string join(split(地址, "["), ""), "x")', "< 16", '"不予"'), ("-", "-", '"准予"')]
    decision = ready(rows, {"地址": "string", "年龄": "number"})
    assert not decision.decide({"地址": "a", "年龄": 15}).decided
    assert decision.decide({"地址": "a", "年龄": 20}).value == "准予"


def test_values_that_are_not_allowed_are_for_a_person() -> None:
    kinds = '<itemDefinition name="tKind"><typeRef>string</typeRef><allowedValues><text>"甲","乙"</text></allowedValues></itemDefinition>'
    decision = ready([('"甲"', '"准予"'), ("-", '"不予"')], {"类型": "tKind"}, items=kinds)
    assert decision.decide({"类型": "乙"}).value == "不予"
    assert "不能是" in decision.decide({"类型": "丙"}).doubts[0].zh


def test_all_doubts_are_told_at_once() -> None:
    decision = ready([("< 16", "-", '"不予"')], {"年龄": "number", "姓名": "string"})
    assert len(decision.decide({"年龄": "x"}).doubts) == 2


def test_a_result_cannot_be_changed() -> None:
    value = ready([("-", '"a"', "1")], outputs={"x": "string", "y": "number"}).decide({"年龄": 1}).value
    with pytest.raises(TypeError):
        value["x"] = "b"


def test_other_kinds_are_decided_too() -> None:
    days = ready([('< @"2026-01-01"', '"旧"'), ("-", '"新"')], {"日期": "date"})
    assert [days.decide({"日期": date(2025, 12, 31)}).value, days.decide({"日期": date(2026, 1, 1)}).value] == [
        "旧",
        "新",
    ]
    assert not days.decide({"日期": "2026-01-01"}).decided
    assert not days.decide({"日期": datetime(2026, 1, 1, tzinfo=UTC)}).decided
    moments = ready([('< @"2026-01-01T00:00:00Z"', '"旧"'), ("-", '"新"')], {"时间": "date and time"})
    assert moments.decide({"时间": datetime(2026, 1, 1, tzinfo=UTC)}).value == "新"
    assert not moments.decide({"时间": datetime(2026, 1, 1)}).decided  # noqa: DTZ001  (without a zone nobody knows)


def test_why_row_by_row_from_the_record() -> None:
    rows = [("< 16", "-", '"不予"'), (">= 16", '"甲"', '"准予"'), (">= 16", 'not("甲")', '"待查"')]
    decision = ready(rows, {"年龄": "number", "类型": "string"}, policy="UNIQUE")
    inputs = {"年龄": 35, "类型": "乙"}
    outcome = decision.decide(inputs)
    first, second, third = decision.explain(inputs, outcome.record)
    assert (first.row, first.column, first.cell, first.seen, first.hit) == (1, 1, "< 16", Decimal(35), False)
    assert (second.column, second.label, second.seen) == (2, "类型", "乙")
    assert third.hit
    assert first.words.zh == "第 1 行：“年龄”为 35，应符合 < 16"
    assert first.words.en == "Row 1: “年龄” is 35, needed < 16"
    assert len(outcome.record) == 8 + 3
    with pytest.raises(ValueError, match="another version"):
        ready(APPROVE).explain(inputs, outcome.record)


def test_the_record_stays_small() -> None:
    decision = ready([(f"{at}", '"x"') for at in range(900)], policy="UNIQUE")
    assert len(decision.decide({"年龄": 3}).record) == 400


def test_a_graph_is_guarded_at_every_table_and_explains_its_own() -> None:
    inner = (
        '<decision id="e" name="等级"><variable name="等级" typeRef="string"/><informationRequirement><requiredInput href="#i0"/>'
        '</informationRequirement><decisionTable hitPolicy="UNIQUE"><input><inputExpression typeRef="number"><text>年龄</text>'
        '</inputExpression></input><output typeRef="string"/><rule><inputEntry><text>&lt; 16</text></inputEntry><outputEntry>'
        '<text>"少年"</text></outputEntry></rule></decisionTable></decision>'
    )
    xml = table([('"少年"', '"不予"'), ("-", '"准予"')], AGE, policy="FIRST", extra=inner)
    xml = xml.replace(
        b'<requiredInput href="#i0"/></informationRequirement><decisionTable hitPolicy="FIRST"',
        b'<requiredDecision href="#e"/></informationRequirement><decisionTable hitPolicy="FIRST"',
    )
    xml = xml.replace(
        '<input label="年龄"><inputExpression typeRef="number"><text>年龄</text>'.encode(),
        '<input label="等级"><inputExpression typeRef="string"><text>等级</text>'.encode(),
    )
    decision = ready_decision(xml, "准入")
    young = decision.decide({"年龄": 10})
    assert young.value == "不予"
    assert [one.hit for one in decision.explain({"年龄": 10}, young.record)] == [True, True]
    assert "等级" in decision.decide({"年龄": 40}).doubts[0].zh


def test_texts_are_guarded_too() -> None:
    assert ready_decision(literal("年龄 >= 16", AGE, "boolean"), "准入").decide({"年龄": 20}).value is True
    assert not ready_decision(literal("年龄 / 0", AGE), "准入").decide({"年龄": 20}).decided
    assert (
        not ready_decision(literal("for a in 1..9999, b in 1..9999 return 年龄", AGE), "准入")
        .decide({"年龄": 20})
        .decided
    )
    for wrong in ("年纪 + 1", '年龄 + "a"', '年龄 > "a"', "nobody(1)"):
        with pytest.raises(DecisionFaults):
            ready_decision(literal(wrong, AGE), "准入")


def test_a_file_that_is_not_whole_is_refused() -> None:
    circle = (
        '<decision id="a" name="a"><variable name="a"/><informationRequirement><requiredDecision href="#b"/></informationRequirement>'
        '<literalExpression><text>b</text></literalExpression></decision><decision id="b" name="b"><variable name="b"/>'
        '<informationRequirement><requiredDecision href="#a"/></informationRequirement><literalExpression><text>a</text></literalExpression></decision>'
    )
    for xml, name, code in (
        (model(circle), "a", "CIRCLE"),
        (table(APPROVE, {"年龄": ""}), "准入", "NO_TYPE"),
        (table(APPROVE, {"年龄": "tNothing"}), "准入", "NO_TYPE"),
        (table(APPROVE, AGE), "别的", "NO_DECISION"),
        (table([("< 16",)], AGE), "准入", "CELLS"),
        (table([("< 16", "准予")], AGE), "准入", "NAMES"),
        (table([("< 16", "5")], AGE), "准入", "KIND"),
    ):
        with pytest.raises(DecisionFaults) as caught:
            ready_decision(xml, name)
        assert code in {fault.code for fault in caught.value.faults}


@pytest.mark.parametrize("policy", ["FIRST", "UNIQUE", "ANY", "PRIORITY", "RULE ORDER", "COLLECT"])
def test_a_result_that_names_an_input_sees_it(policy: str) -> None:
    decision = ready([("-", 'if 年龄 < 16 then "不予" else "准予"')], policy=policy, values={"结果": '"准予","不予"'})
    wanted = {"不予", ("不予",)}
    assert decision.decide({"年龄": 3}).value in wanted
    assert decision.decide({"年龄": 20}).value not in wanted


def test_a_default_that_names_an_input_sees_it() -> None:
    decision = ready([("< 0", '"x"')], default='if 年龄 < 16 then "不予" else "准予"')
    assert decision.decide({"年龄": 3}).value == "不予"


def test_an_input_called_like_a_function_is_the_input() -> None:
    rows = [("-", 'if count < 16 then "不予" else "准予"')]
    assert ready(rows, {"count": "number"}).decide({"count": 3}).value == "不予"


def test_a_costly_result_is_for_a_person() -> None:
    rows = [("-", "string(count(for a in 1..1500, b in 1..1500 return 1))")]
    assert not ready(rows).decide({"年龄": 3}).decided


NULL_INSIDE = [
    ('if income / members < 5000 then "不予" else "准予"', {"income": 100, "members": 0}),
    ('if income / members = 0 then "不予" else "准予"', {"income": 100, "members": 0}),
    ('if income / members in (1, 2) then "不予" else "准予"', {"income": 100, "members": 0}),
    ('if 1 in (income / members) then "不予" else "准予"', {"income": 100, "members": 0}),
    ('if list contains([1, 2], income / members) then "不予" else "准予"', {"income": 100, "members": 0}),
    ('if list contains([1, income / members], 2) then "不予" else "准予"', {"income": 100, "members": 0}),
    ('if count(for one in [members] return income / one) > 1 then "不予" else "准予"', {"income": 100, "members": 0}),
    ('if {a: income / members} = {a: 1} then "不予" else "准予"', {"income": 100, "members": 0}),
    ('if (income / members) instance of number then "准予" else "不予"', {"income": 100, "members": 0}),
    ('if sort([1, 2], function(a, b) a / members < b)[1] = 1 then "不予" else "准予"', {"income": 1, "members": 0}),
    ('if count([1, 2][item / members > 2]) > 0 then "不予" else "准予"', {"income": 1, "members": 0}),
    ('if today() > @"2020-01-01" then "不予" else "准予"', {"income": 1, "members": 1}),
    ('if number("ten") > income then "不予" else "准予"', {"income": 1, "members": 1}),
    ('if matches("a", "(a+)+") then "不予" else "准予"', {"income": 1, "members": 1}),
    ('{r: if 1 / members > 0 then "不予" else "准予"}.r', {"income": 1, "members": 0}),
]


@pytest.mark.parametrize(("text", "inputs"), NULL_INSIDE)
def test_null_inside_is_for_a_person(text: str, inputs: dict[str, Any]) -> None:
    kinds = {"income": "number", "members": "number"}
    assert not ready_decision(literal(text, kinds), "准入").decide(inputs).decided
    columns = ready([("-", "-", text)], kinds)
    assert not columns.decide(inputs).decided


@pytest.mark.parametrize(
    "text",
    [
        'if 1 / 0 > 5 then "不予" else "准予"',
        'if 0 ** -1 > 5 then "准予" else "不予"',  # not more than everything: nothing at all
        'if number("ten") = 5 then "不予" else "准予"',
    ],
)
def test_null_in_a_constant_result_is_for_a_person(text: str) -> None:
    assert not ready([("-", text)]).decide({"年龄": 3}).decided


def test_who_asks_for_null_is_answered() -> None:
    kinds = {"income": "number", "members": "number"}
    text = 'if income / members = null then "不予" else "准予"'
    decision = ready_decision(literal(text, kinds), "准入")
    assert decision.decide({"income": 1, "members": 0}).value == "不予"
    assert decision.decide({"income": 1, "members": 1}).value == "准予"
    guard = 'if members > 0 and income / members < 5 then "不予" else "准予"'
    assert ready_decision(literal(guard, kinds), "准入").decide({"income": 1, "members": 0}).value == "准予"
    empty = 'if count([1, 2][item > 9][item > members]) = 0 and count([][item > 2]) = 0 then "准予" else "不予"'
    assert ready_decision(literal(empty, kinds), "准入").decide({"income": 1, "members": 0}).value == "准予"


PERSON = (
    '<itemDefinition name="tPerson"><itemComponent name="age"><typeRef>number</typeRef></itemComponent></itemDefinition>'
    '<itemDefinition name="tAll" isCollection="true"><typeRef>tPerson</typeRef></itemDefinition>'
    '<itemDefinition name="tLevels" isCollection="true"><typeRef>number</typeRef></itemDefinition>'
    '<itemDefinition name="tMaybe"><typeRef>string</typeRef><allowedValues><text>"a", null</text></allowedValues></itemDefinition>'
    '<itemDefinition name="tLoose"><itemComponent name="kind"><typeRef>tMaybe</typeRef></itemComponent></itemDefinition>'
)


@pytest.mark.parametrize("age", [None, float("nan"), Decimal("NaN"), Decimal("Infinity")])
def test_null_inside_an_input_is_for_a_person(age: Any) -> None:
    cases: list[tuple[str, str, Any]] = [
        ("tPerson", 'if p.age < 18 then "不予" else "准予"', {"age": age}),
        ("tAll", 'if count(p[age < 18]) > 0 then "不予" else "准予"', [{"age": 20}, {"age": age}]),
        ("tLevels", 'if count(p[item > 2]) = 0 then "准予" else "不予"', [1, age]),
        ("tPerson", '"准予"', {"age": age}),
    ]
    for kind, text, value in cases:
        xml = literal(text, {"p": kind}).replace(b"<inputData", PERSON.encode() + b"<inputData", 1)
        outcome = ready_decision(xml, "准入").decide({"p": value})
        assert not outcome.decided
        assert "p" in outcome.doubts[0].en


def test_null_that_the_type_allows_is_a_value() -> None:
    text = 'if p.kind = null then "准予" else "不予"'
    xml = literal(text, {"p": "tLoose"}).replace(b"<inputData", PERSON.encode() + b"<inputData", 1)
    decision = ready_decision(xml, "准入")
    assert decision.decide({"p": {"kind": None}}).value == "准予"
    assert decision.decide({"p": {"kind": "a"}}).value == "不予"


def test_inside_a_service_doubts_are_doubts() -> None:
    xml = model(
        '<inputData id="i" name="n"><variable name="n" typeRef="number"/></inputData>'
        '<decision id="in" name="inner"><variable name="inner" typeRef="string"/>'
        '<informationRequirement><requiredInput href="#i"/></informationRequirement>'
        '<literalExpression><text>if 1 / n &gt; 5 then "不予" else "准予"</text></literalExpression></decision>'
        '<decisionService id="s" name="S"><variable name="S"/><outputDecision href="#in"/><inputData href="#i"/></decisionService>'
        '<decision id="d" name="准入"><variable name="准入"/><informationRequirement><requiredInput href="#i"/></informationRequirement>'
        '<knowledgeRequirement><requiredKnowledge href="#s"/></knowledgeRequirement>'
        "<literalExpression><text>S(n)</text></literalExpression></decision>"
    )
    decision = ready_decision(xml, "准入")
    assert decision.decide({"n": 1}).value == "准予"
    assert not decision.decide({"n": 0}).decided


# -- against a naive reference: the standard's own reading, one cell after the other

cells = st.sampled_from(
    ["-", "< 5", "<= 5", "> 2", "[2..7]", "]2..7[", "3", "3, 5", "not(3)", "not(< 4, > 8)", "!= 4", "(2..5], 9"]
)
texts = st.sampled_from(["-", '"甲"', '"乙","丙"', 'not("甲")', 'not("乙","丙")'])


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.tuples(cells, texts, st.sampled_from(["true", "false", "-"])), min_size=1, max_size=6),
    st.sampled_from(["UNIQUE", "FIRST", "ANY", "PRIORITY", "COLLECT"]),
    st.lists(st.tuples(st.integers(0, 10), st.sampled_from("甲乙丙丁"), st.booleans()), min_size=1, max_size=6),
)
def test_the_quick_way_decides_as_the_standard_and_never_more(rows: Any, policy: str, cases: Any) -> None:
    kinds = {"数": "number", "文": "string", "否": "boolean"}
    rules = [(*row, f'"{at % 3}"') for at, row in enumerate(rows)]
    xml = table(rules, kinds, policy=policy, values={"结果": '"2","1","0"'})
    guarded, plain = ready_decision(xml, "准入"), compile_model(read_model(xml))
    for case in cases:
        inputs = dict(zip(kinds, case, strict=True))
        outcome = guarded.decide(inputs)
        assert outcome.value == plain.evaluate("准入", inputs)
        tried = guarded.explain(inputs, outcome.record)
        assert len(tried) == len(rows)
        for one, row in zip(tried, rows, strict=True):
            assert one.hit == (hits_alone(row, kinds, inputs) == 3)
            assert one.hit or one.column == hits_alone(row, kinds, inputs) + 1


def hits_alone(row: tuple[str, str, str], kinds: dict[str, str], inputs: dict[str, Any]) -> int:
    """How many cells of a row hold before the first that does not, each asked for itself."""
    from yichuang.engine.feel.budget import Budget
    from yichuang.engine.feel.decide import PLAIN, decide, run_with
    from yichuang.engine.feel.wide import parse_tests

    for at, (cell, name) in enumerate(zip(row, kinds, strict=True)):
        if run_with(decide(parse_tests(cell), PLAIN), {"?": inputs[name]}, at=None, budget=Budget()) is not True:
            return at
    return len(row)


def test_a_decision_says_what_it_takes_and_shows_its_table():
    items = '<itemDefinition name="three"><typeRef>string</typeRef><allowedValues><text>"yes","no","unknown"</text></allowedValues></itemDefinition>'
    xml = table([['"yes"', "> 3", '"a"']], {"r": "three", "n": "number"}, policy="COLLECT", items=items)
    decision = ready_decision(xml, "准入")
    assert decision.kinds == {"r": ("string", ("yes", "no", "unknown")), "n": ("number", ())}
    assert decision.table is not None
    assert [rule.results[0].text for rule in decision.table.rules] == ['"a"']
    assert ready_decision(literal("n + 1", {"n": "number"}), "准入").table is None


@pytest.mark.parametrize("policy", ["COLLECT", "RULE ORDER"])
def test_a_table_that_gathers_gives_all_results_in_order_even_of_one_row(policy: str):
    rows = [['"yes"', "-", '"a"'], ["-", "> 3", '"b"'], ['"no"', "<= 3", '"approve"']]
    decision = ready_decision(table(rows, {"r": "string", "n": "number"}, policy=policy), "准入")
    assert decision.decide({"r": "yes", "n": 4}).value == ("a", "b")
    assert decision.decide({"r": "no", "n": 3}).value == ("approve",)
    assert decision.decide({"r": "other", "n": 3}).doubts
    assert decision.decide({"r": "no"}).doubts
