"""Decisions at their edges: hit policies with several outputs, services and knowledge asked from outside, words and records of the
guarded reading, what a value may weigh, and the bench on which somebody tries a table."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.engine.decisions import literal, model, table

from yichuang.engine.dmn.compile import compile_box, fitted
from yichuang.engine.dmn.decision import Node, compile_model
from yichuang.engine.dmn.read import read_model
from yichuang.engine.feel.types import ANY, Basic
from yichuang.engine.values import ready_decision

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
    + '<decisionService id="s6" name="both"><variable name="both" typeRef="string"/><outputDecision href="#d1"/><outputDecision href="#d2"/><inputData href="#i"/><inputData href="#j"/></decisionService>'
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
        ("both", {"i": 4, "j": "a"}, None),  # two results are no text
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
    asked = model(
        node("decision", "d1", text("if d2 = null then 1 else 2"), "", need("d2")) + node("decision", "d2", text("d1"), "", need("d1"))
    )  # fmt: skip
    assert plain(asked, "d1") == 1


def test_calling_a_service_costs_three_steps() -> None:
    from yichuang.engine.dmn.decision import Evaluation
    from yichuang.engine.feel.budget import Budget

    xml = model(
        data("i", "number") + node("decision", "d1", text("i"), "number", need("i"))
        + '<decisionService id="b1" name="S"><variable name="S"/><outputDecision href="#d1"/><inputData href="#i"/></decisionService>'
        + node("decision", "d2", text("S(1)"), "", need("b1"))
    )  # fmt: skip
    budget = Budget(100)
    assert Evaluation(compile_model(read_model(xml)), {}, {}, budget, None).value("d2") == 1
    assert budget.left == 97


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
        (f'<invocation>{text("substring")}<binding><parameter name="string"/>{text(chr(34) + "abc" + chr(34))}</binding><binding><parameter name="start position"/>{text("2")}</binding></invocation>', "bc", "bc"),
        (f'<invocation><functionDefinition><formalParameter name="a"/>{text("a + 1")}</functionDefinition><binding><parameter name="a"/>{text("2")}</binding></invocation>', 3, 3),
        (f'<invocation>{text("list contains")}<binding><parameter name="list"/>{text("[1, 2]")}</binding><binding><parameter name="element"/>{text("1 / i")}</binding></invocation>', False, "doubt"),
        ('<relation><column name="a"/><row>' + text("1") + text("2") + "</row><row/></relation>", ({"a": 1}, {}), ({"a": 1}, {})),
    ],
)  # fmt: skip
def test_boxes_as_the_standard_has_them_and_guarded(body: str, standard: Any, guarded: Any) -> None:
    assert boxed(body) == standard
    assert boxed(body, guarded=True) == guarded


def test_a_box_that_is_not_there_is_null_and_one_of_any_type_is_left_as_it_is() -> None:
    assert compile_box(None, None)({}) is None  # type: ignore[arg-type]  # it is never asked

    def run(scope: Any) -> Any:
        return "x"

    assert fitted(run, ANY) is run
    assert fitted(run, Basic("string"))({}) == "x"
    assert fitted(run, Basic("number"))({}) is None
