"""Decisions at their edges: hit policies with several outputs, services and knowledge asked from outside, words and records of the
guarded reading, what a value may weigh, and the bench on which somebody tries a table."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.engine.decisions import literal, model, table

from yichuang.core.refusals import Refused
from yichuang.core.words import W
from yichuang.engine.dmn.axes import Listed, Ordered, Piece, constant, example, is_empty, names_nothing
from yichuang.engine.dmn.bench import tried, typed_inputs
from yichuang.engine.dmn.check import TOO_COSTLY as CHECK_TOO_COSTLY
from yichuang.engine.dmn.compile import compile_box, fitted
from yichuang.engine.dmn.decision import Node, compile_model, deep
from yichuang.engine.dmn.edge import HIT, TOO_COSTLY, UNJUDGED, Outcome, Tried, frozen, whole
from yichuang.engine.dmn.editing import with_ids
from yichuang.engine.dmn.guard import bits
from yichuang.engine.dmn.kinds import MAX_DEPTH
from yichuang.engine.dmn.model import DecisionFaults, Fault, Literal, Text
from yichuang.engine.dmn.read import read_model
from yichuang.engine.feel.kinds import Months, Unknown
from yichuang.engine.feel.types import ANY, Basic, ContextType, Limited, ListType
from yichuang.engine.feel.wide import parse_decision
from yichuang.engine.values import Example, check_decision, ready_decision

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
N = {"n": "number"}
ONE = "<literalExpression><text>1</text></literalExpression>"


def plain(xml: bytes, name: str = "准入", **inputs: object) -> Any:
    return compile_model(read_model(xml)).evaluate(name, inputs)


def text(feel: str, kind: str = "") -> str:
    escaped = feel.replace("<", "&lt;").replace(">", "&gt;")
    typed = f' typeRef="{kind}"' if kind else ""
    return f"<literalExpression{typed}><text>{escaped}</text></literalExpression>"


def node(tag: str, id: str, body: str, kind: str = "", needs: str = "") -> str:
    return f'<{tag} id="{id}" name="{id}"><variable name="{id}" typeRef="{kind}"/>{needs}{body}</{tag}>'


def need(*ids: str) -> str:
    names = {
        "i": ("information", "Input"),
        "j": ("information", "Input"),
        "d": ("information", "Decision"),
        "b": ("knowledge", "Knowledge"),
    }
    return "".join(
        f'<{kind}Requirement><required{what} href="#{id}"/></{kind}Requirement>'
        for id in ids
        for kind, what in (names[id[0]],)
    )


def data(id: str, kind: str) -> str:
    return f'<inputData id="{id}" name="{id}"><variable name="{id}" typeRef="{kind}"/></inputData>'


# ── hit policies ──────────────────────────────────────────────────────────────────────────────────────────────────
TWO = {"grade": "string", "rate": "number"}
RANKED = {"grade": '"high","low"', "rate": "1,2,3"}


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("PRIORITY", {"grade": "high", "rate": 2}),  # the first output counts first (8.2.10)
        ("OUTPUT ORDER", ({"grade": "high", "rate": 2}, {"grade": "high", "rate": 3}, {"grade": "low", "rate": 1})),
        ("RULE ORDER", ({"grade": "low", "rate": 1}, {"grade": "high", "rate": 3}, {"grade": "high", "rate": 2})),
        ("FIRST", {"grade": "low", "rate": 1}),
    ],
)
def test_of_several_outputs_the_first_orders_first(policy: str, expected: Any) -> None:
    rows = [("-", '"low"', "1"), ("> 0", '"high"', "3"), ("< 9", '"high"', "2")]
    xml = table(rows, N, policy=policy, outputs=TWO, values=RANKED)
    assert plain(xml, n=5) == expected
    assert ready_decision(xml, "准入").decide({"n": 5}).value == expected


def test_a_value_that_is_not_ranked_comes_last() -> None:
    rows = [("-", '"c"'), ("-", '"b"'), ("-", '"a"')]
    ranked = table(rows, N, policy="OUTPUT ORDER", values={"结果": '"a","b"'})
    assert plain(ranked, n=1) == ("a", "b", None)


def test_an_output_that_is_not_allowed_is_null_and_null_is_not_asked() -> None:
    rows = [("< 0", '"a"'), ("[0..5]", '"c"'), ("> 5", "null")]
    xml = table(rows, N, values={"结果": '"a","b"'})
    assert [plain(xml, n=n) for n in (-1, 1, 9)] == ["a", None, None]
    loose = table([("< 0", '"a"', "1"), (">= 0", "null", "2")], N, outputs=TWO, values={"grade": '"a"'})
    assert plain(loose, n=-1) == {"grade": "a", "rate": 1}
    assert plain(loose, n=1) == {"grade": None, "rate": 2}


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("UNIQUE", "z"),
        ("FIRST", "z"),
        ("PRIORITY", "z"),
        ("ANY", "z"),
        ("RULE ORDER", ("z",)),
        ("OUTPUT ORDER", ("z",)),
    ],
)
def test_a_default_is_a_list_where_the_results_are(policy: str, expected: Any) -> None:
    xml = table([("< 0", '"a"')], N, policy=policy, default='"z"', values={"结果": '"a","z"'})
    assert plain(xml, n=1) == expected
    assert ready_decision(xml, "准入").decide({"n": 1}).value == expected


def test_of_several_outputs_one_default_is_enough() -> None:
    xml = table([("< 0", '"a"', "1")], N, outputs=TWO).replace(
        b'<output name="rate" typeRef="number">',
        b'<output name="rate" typeRef="number"><defaultOutputEntry><text>7</text></defaultOutputEntry>',
    )
    assert plain(xml, n=1) == {"grade": None, "rate": 7}
    assert plain(table([("< 0", '"a"', "1")], N, outputs=TWO), n=1) is None


def test_a_policy_that_is_none_decides_nothing() -> None:
    xml = table([("-", '"a"')], N, policy="LAST")
    assert plain(xml, n=1) is None
    assert not ready_decision(xml, "准入").decide({"n": 1}).decided


@pytest.mark.parametrize(
    ("collect", "one", "two"), [("SUM", 1, 3), ("MIN", 1, 1), ("MAX", 1, 2), ("COUNT", 1, 2), ("", (1,), (1, 2))]
)
def test_what_is_collected_by_one_rule_and_by_two(collect: str, one: Any, two: Any) -> None:
    xml = table([("-", "1"), ("> 5", "2")], N, policy="COLLECT", collect=collect, outputs={"m": "number"})
    ready = ready_decision(xml, "准入")
    for n, expected in ((1, one), (9, two)):
        assert plain(xml, n=n) == expected
        assert ready.decide({"n": n}).value == expected


def test_a_cell_sees_the_input_of_its_own_column() -> None:
    xml = table([("? > 3", "? < 3", '"a"'), ("-", "-", '"b"')], {"a": "number", "b": "number"}, policy="FIRST")
    assert [plain(xml, a=a, b=b) for a, b in ((4, 2), (2, 2), (4, 4))] == ["a", "b", "b"]


# ── asked from outside ────────────────────────────────────────────────────────────────────────────────────────────
GRAPH = model(
    data("i", "number") + data("j", "string")
    + node("decision", "d1", text("i + 1"), "number", need("i"))
    + node("decision", "d2", text('j + "!"'), "string", need("j"))
    + node("decision", "d3", text("d1 * 10"), "number", need("d1"))
    + '<decisionService id="s1" name="one"><variable name="one"/><outputDecision href="#d1"/><inputData href="#i"/></decisionService>'
    + '<decisionService id="s2" name="two"><variable name="two"/><outputDecision href="#d1"/><outputDecision href="#d2"/><inputData href="#i"/><inputData href="#j"/></decisionService>'
    + '<decisionService id="s3" name="inner"><variable name="inner" typeRef="number"/><outputDecision href="#d3"/><inputDecision href="#d1"/></decisionService>'
    + '<decisionService id="s4" name="typed"><variable name="typed" typeRef="string"/><outputDecision href="#d1"/><inputData href="#i"/></decisionService>'
    + '<decisionService id="s5" name="lost"><variable name="lost"/><outputDecision href="#d1"/><outputDecision href="#d9"/><inputData href="#i"/><inputData href="#i9"/></decisionService>'
    + '<businessKnowledgeModel id="b" name="b"><variable name="b" typeRef="number"/><encapsulatedLogic><formalParameter name="x" typeRef="number"/>'
    '<formalParameter name="y" typeRef="number"/><literalExpression><text>x - y</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>'
    + '<businessKnowledgeModel id="b0" name="b0"><variable name="b0"/></businessKnowledgeModel>'
    + node("decision", "d4", text("b(5)"), "", need("b")) + node("decision", "d5", "", "")
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("one", {"i": 4}, 5),
        ("one", {"i": [4]}, 5),  # a list of one is its item
        ("one", {"i": "4"}, None),
        ("one", {}, None),
        ("two", {"i": 4, "j": "a"}, {"d1": 5, "d2": "a!"}),
        ("two", {"i": 4, "j": 1}, None),
        ("inner", {"d1": 7}, 70),  # an input decision is given, not worked out
        ("inner", {"i": 4}, None),
        ("typed", {"i": 4}, None),
        ("lost", {"i": 4}, 5),
        ("b", {"x": 5, "y": 3}, 2),
        ("b", {"x": "5", "y": 3}, None),
        ("b0", {}, None),
        ("d4", {}, None),
        ("d5", {}, None),
        ("d3", {"i": 1}, 20),
        ("i", {"i": 1}, None),  # an input is no decision
    ],
)
def test_services_and_knowledge_answer_whoever_asks(name: str, given: dict[str, Any], expected: Any) -> None:
    assert compile_model(read_model(GRAPH)).evaluate(name, given) == expected


def test_two_services_in_one_text_do_not_see_each_others_values() -> None:
    xml = model(
        data("i", "number") + node("decision", "d1", text("i + 1"), "number", need("i"))
        + '<decisionService id="b1" name="S"><variable name="S"/><outputDecision href="#d1"/><inputData href="#i"/></decisionService>'
        + node("decision", "d2", text("[S(1), S(2), d1, S(1, 2)]"), "", need("b1", "d1"))
    )  # fmt: skip
    assert plain(xml, "d2", i=10) == (2, 3, 11, None)


def test_every_element_is_worked_out_once_and_watched_never_in_a_service() -> None:
    compiled = compile_model(read_model(GRAPH))
    seen: list[str] = []
    from yichuang.engine.dmn.decision import Evaluation
    from yichuang.engine.feel.budget import Budget

    def watch(one: Node, value: Any) -> None:
        seen.append(f"{one.element.id}={value}")

    work = Evaluation(compiled, {"i": 1}, {}, Budget(), None, watch=watch)
    assert (work.value("d3"), work.value("d3"), work.value("nobody")) == (20, 20, None)
    assert seen == ["i=1", "d1=2", "d3=20"]


def test_what_asks_for_more_than_the_budget_is_null() -> None:
    xml = literal("count(for a in 1..9999, b in 1..9999 return n)", N)
    assert plain(xml, n=1) is None


def test_a_model_does_without_an_import_that_nobody_has() -> None:
    xml = model('<import name="o" namespace="nowhere" importType="x"/>' + node("decision", "d", ONE))
    assert plain(xml, "d") == 1
    assert compile_model(read_model(xml)).faults == ()


def test_an_import_without_a_prefix_is_seen_by_its_bare_name() -> None:
    other = model(
        '<itemDefinition name="tA"><typeRef>number</typeRef></itemDefinition>' + data("i", "tA")
        + node("decision", "d", text("i + 1"), "tA", need("i"))
        + '<decisionService id="s" name="S"><variable name="S"/><outputDecision href="#d"/><inputData href="#i"/></decisionService>'
    ).replace(b'namespace="test"', b'namespace="other"')  # fmt: skip
    for prefix, dot in (("", ""), ("o", "o.")):
        mine = model(
            f'<import name="{prefix}" namespace="other" importType="x"/><decision id="m" name="m"><variable name="m" typeRef="{dot}tA"/>'
            '<informationRequirement><requiredDecision href="other#d"/></informationRequirement>'
            '<knowledgeRequirement><requiredKnowledge href="other#s"/></knowledgeRequirement>'
            + text(f"{dot}d * 2 + {dot}S(100)") + "</decision>"
        )  # fmt: skip
        compiled = compile_model(read_model(mine), {"other": read_model(other)})
        assert compiled.faults == ()
        assert compiled.evaluate("m", {"i": 4}) == 111


def test_a_model_may_use_one_that_uses_another() -> None:
    third = model(data("i", "number") + node("decision", "d", text("i + 1"), "number", need("i"))).replace(
        b'"test"', b'"third"'
    )
    second = model(
        '<import name="t" namespace="third" importType="x"/>'
        + node("decision", "d", text("t.d * 2"), "number", '<informationRequirement><requiredDecision href="third#d"/></informationRequirement>')
    ).replace(b'namespace="test"', b'namespace="second"')  # fmt: skip
    first = model(
        '<import name="s" namespace="second" importType="x"/>'
        + node("decision", "d", text("s.d + 100"), "number", '<informationRequirement><requiredDecision href="second#d"/></informationRequirement>')
    )  # fmt: skip
    models = {name: read_model(xml) for name, xml in (("third", third), ("second", second))}
    assert compile_model(read_model(first), models).evaluate("d", {"i": 4}) == 110


def test_a_decision_that_needs_itself_over_another_is_null_and_not_endless() -> None:
    xml = model(node("decision", "d1", text("d2"), "", need("d2")) + node("decision", "d2", text("d1"), "", need("d1")))
    assert plain(xml, "d1") is None


# ── boxes ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def boxed(body: str, guarded: bool = False, **inputs: Any) -> Any:
    xml = model(data("i", "number") + data("xs", "list") + node("decision", "d", body, "", need("i") + (
        '<informationRequirement><requiredInput href="#xs"/></informationRequirement>')))  # fmt: skip
    if guarded:
        found = ready_decision(xml, "d").decide({"i": 0, "xs": [1], **inputs})
        return found.value if found.decided else "doubt"
    return plain(xml, "d", **{"i": 0, "xs": [1], **inputs})


@pytest.mark.parametrize(
    ("body", "standard", "guarded"),
    [
        (f"<list>{text('1')}{text('1 / i')}</list>", (1, None), "doubt"),
        (f"<list>{text('1')}{text('2')}</list>", (1, 2), (1, 2)),
        (f"<conditional><if>{text('1 / i > 0')}</if><then>{ONE}</then><else>{text('2')}</else></conditional>", 2, "doubt"),
        (f"<conditional><if>{text('i = 0')}</if><then>{ONE}</then><else>{text('2')}</else></conditional>", 1, 1),
        (f"<conditional><if>{text('i')}</if><then>{ONE}</then><else>{text('2')}</else></conditional>", None, "doubt"),
        (f'<for iteratorVariable="x"><in>{text("[1, 0]")}</in><return>{text("1 / x")}</return></for>', (1, None), "doubt"),
        (f'<for iteratorVariable="x"><in>{text("5")}</in><return>{text("x")}</return></for>', (5,), (5,)),
        (f'<for iteratorVariable="x"><in>{text("1 / i")}</in><return>{text("x")}</return></for>', None, "doubt"),
        (f'<some iteratorVariable="x"><in>{text("[1, 0]")}</in><satisfies>{text("1 / x > 5")}</satisfies></some>', None, "doubt"),
        (f'<some iteratorVariable="x"><in>{text("[1, 0]")}</in><satisfies>{text("1 / x > 0")}</satisfies></some>', True, True),
        (f'<every iteratorVariable="x"><in>{text("[1, 0]")}</in><satisfies>{text("1 / x > 5")}</satisfies></every>', False, False),
        (f'<every iteratorVariable="x"><in>{text("[1, 2]")}</in><satisfies>{text("x")}</satisfies></every>', None, "doubt"),
        (f"<filter><in>{text('[1, 2, 3]')}</in><match>{text('item > 1')}</match></filter>", (2, 3), (2, 3)),
        (f"<filter><in>{text('5')}</in><match>{text('item > 1')}</match></filter>", (5,), (5,)),
        (f"<filter><in>{text('1 / i')}</in><match>{text('item > 1')}</match></filter>", None, "doubt"),
        (f"<filter><in>{text('[1, 0]')}</in><match>{text('1 / item > 0')}</match></filter>", (1,), "doubt"),
        ('<relation><column name="a" typeRef="number"/><row>' + text('"x"') + "</row></relation>", ({"a": None},), "doubt"),
        ('<context><contextEntry><variable name="a"/>' + text("1") + '</contextEntry><contextEntry><variable name="b"/>' + text("a + 1")
         + "</contextEntry></context>", {"a": 1, "b": 2}, {"a": 1, "b": 2}),
        ('<context><contextEntry><variable name="a" typeRef="number"/>' + text('"x"') + "</contextEntry></context>", {"a": None}, "doubt"),
        (f'<invocation>{text("sum")}<binding><parameter name="list"/>{text("[1, 2]")}</binding></invocation>', 3, 3),
        (f'<invocation>{text("abs")}<binding><parameter name="n" typeRef="number"/>{text("-3")}</binding></invocation>', 3, 3),
        (f'<invocation>{text("abs")}<binding><parameter name="n" typeRef="string"/>{text("-3")}</binding></invocation>', None, "doubt"),
        (f'<invocation>{text("all")}<binding><parameter name="list"/>{text("[true, 1 / i = 1]")}</binding></invocation>', False, "doubt"),
    ],
)  # fmt: skip
def test_boxes_as_the_standard_has_them_and_guarded(body: str, standard: Any, guarded: Any) -> None:
    assert boxed(body) == standard
    assert boxed(body, guarded=True) == guarded


def test_a_box_that_is_not_there_is_null_and_one_of_any_type_is_left_as_it_is() -> None:
    assert compile_box(None, None)({}) is None  # type: ignore[arg-type]  # never asked

    def run(scope: Any) -> Any:
        return "x"

    assert fitted(run, ANY) is run
    assert fitted(run, Basic("string"))({}) == "x"
    assert fitted(run, Basic("number"))({}) is None


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
        xml = model(items + last + node("decision", "d", ONE))
        return [one.code for one in compile_model(read_model(xml)).faults]

    assert chain(MAX_DEPTH) == []
    assert set(chain(MAX_DEPTH + 1)) == {"NO_TYPE"}


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
    assert [rule.id for rule in root.elements["d"].body.rules] == ["rule_9", "inputEntry_1"]  # type: ignore[union-attr]
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
    decision = ready_decision(table([("< 16", '"a"', "1"), ("-", '"b"', "2")], N, policy="FIRST", outputs=TWO), "准入")
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
