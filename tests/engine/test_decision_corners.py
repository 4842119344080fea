"""Corners of decisions: limits that are no lists, tables that need more than inputs, knowledge, imports, and what is refused."""

from datetime import date
from typing import Any

import pytest
from tests.engine.decisions import model, table

from yichuang.engine.dmn.decision import compile_model
from yichuang.engine.dmn.model import DecisionFaults
from yichuang.engine.dmn.read import read_model
from yichuang.engine.values import check_decision, ready_decision

ROWS = [("< 18", '"minor"'), (">= 18", '"adult"')]


def item(name: str, base: str, allowed: str = "", more: str = "") -> str:
    limits = f"<allowedValues><text>{allowed}</text></allowedValues>" if allowed else ""
    return f'<itemDefinition name="{name}"{more}><typeRef>{base}</typeRef>{limits}</itemDefinition>'


def literal(text: str) -> str:
    escaped = text.replace("<", "&lt;").replace(">", "&gt;")
    return f"<literalExpression><text>{escaped}</text></literalExpression>"


def needs(*hrefs: str) -> str:
    kinds = {"i": "Input", "d": "Decision"}
    return "".join(
        f'<informationRequirement><required{kinds[one[0]]} href="#{one}"/></informationRequirement>' for one in hrefs
    )


def data(id: str, name: str, kind: str) -> str:
    return f'<inputData id="{id}" name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>'


def decided(xml: bytes, name: str = "准入", **inputs: Any) -> Any:
    found = ready_decision(xml, name).decide(inputs)
    return found.value if found.decided else None


# ── inputs and what is allowed of them ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("age", "said"), [(0, "minor"), (17, "minor"), (150, "adult"), (151, None), (-1, None)])
def test_a_limit_that_is_no_list_of_values_holds_too(age: int, said: str | None) -> None:
    xml = table(ROWS, {"年龄": "tAge"}, items=item("tAge", "number", "[0..150]"))
    assert decided(xml, 年龄=age) == said


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "ANY", "PRIORITY"])
def test_the_first_of_several_or_the_only_one_decides(policy: str) -> None:
    rows = [("< 5", '"a"'), ("< 9", '"a"'), (">= 9", '"b"')]
    xml = table(rows, {"n": "number"}, policy=policy, values={"结果": '"b","a"'})
    assert decided(xml, n=10) == "b"
    assert decided(xml, n=7) == "a"
    assert decided(xml, n=1) == (None if policy == "UNIQUE" else "a")


def test_of_rows_that_exclude_each_other_nobody_chooses() -> None:
    xml = table([("< 5", '"a"'), ("< 9", '"b"')], {"n": "number"}, policy="ANY")
    found = ready_decision(xml, "准入").decide({"n": 1})
    assert not found.decided
    assert "第 1, 2 行同时符合" in found.doubts[0].zh
    assert (
        decided(
            table([("< 5", "n + 1"), ("< 9", "1 + n")], {"n": "number"}, policy="ANY", outputs={"m": "number"}), n=1
        )
        == 2
    )


@pytest.mark.parametrize("kind", ["string", "number", "boolean"])
@pytest.mark.parametrize("wrong", [None, date(2026, 11, 24), ()])
def test_a_table_that_does_not_care_for_a_value_still_wants_one_of_its_kind(kind: str, wrong: Any) -> None:
    given = {"string": "甲", "number": 1, "boolean": True}
    xml = table([("-", '"a"')], {"x": kind})
    assert decided(xml, x=given[kind]) == "a"
    assert decided(xml, x=wrong) is None


def test_a_column_has_limits_of_its_own() -> None:
    xml = table(ROWS, {"年龄": "number"}).replace(
        b"</inputExpression>", b"</inputExpression><inputValues><text>[0..99]</text></inputValues>"
    )
    assert decided(xml, 年龄=99) == "adult"
    found = ready_decision(xml, "准入").decide({"年龄": 100})
    assert "不能是 100" in found.doubts[0].zh


@pytest.mark.parametrize(
    ("value", "allowed", "said"),
    [
        ("甲", '"甲","乙"', "甲"),
        ("丙", '"甲","乙"', None),
        ("甲", '"甲",null', "甲"),
        (None, '"甲",null', None),
        (None, '"甲","乙"', None),
    ],
)
def test_an_input_is_one_of_what_its_type_allows_and_never_missing(value: Any, allowed: str, said: str | None) -> None:
    text = literal('if k = null then "none" else k')
    xml = model(
        item("tKind", "string", allowed) + data("i", "k", "tKind")
        + f'<decision id="d" name="准入"><variable name="准入"/>{needs("i")}{text}</decision>'
    )  # fmt: skip
    assert decided(xml, k=value) == said


# ── more than inputs ──────────────────────────────────────────────────────────────────────────────────────────────
def graph(result: str, cell: str = "< 18") -> bytes:
    """A table of one input that also needs another decision of the same input."""
    return model(
        data("i", "n", "number")
        + f'<decision id="d1" name="double"><variable name="double" typeRef="number"/>{needs("i")}{literal("n * 2")}</decision>'
        + f'<decision id="d2" name="准入"><variable name="准入"/>{needs("i", "d1")}<decisionTable><input label="n">'
        '<inputExpression typeRef="number"><text>n</text></inputExpression></input><output name="o" typeRef="number"/>'
        f"<rule><inputEntry><text>{cell.replace('<', '&lt;')}</text></inputEntry><outputEntry><text>{result}</text></outputEntry></rule>"
        "</decisionTable></decision>"
    )  # fmt: skip


def test_a_result_may_name_a_decision_that_the_table_needs() -> None:
    assert decided(graph("double + 1"), n=5) == 11
    assert decided(graph("7"), n=5) == 7
    assert decided(graph("double + 1"), n=50) is None


def test_a_cell_may_name_a_decision_that_the_table_needs() -> None:
    assert decided(graph("1", "< double"), n=5) == 1
    assert decided(graph("1", "< double"), n=-5) is None


def test_what_a_decision_needs_of_others_is_needed_of_whoever_asks() -> None:
    assert [name for name, _ in ready_decision(graph("double"), "准入").needs] == ["n"]
    missing = graph("double").replace(b'href="#d1"', b'href="#d9"')
    with pytest.raises(DecisionFaults) as caught:
        ready_decision(missing, "准入")
    assert "NO_ELEMENT" in {fault.code for fault in caught.value.faults}


# ── knowledge ─────────────────────────────────────────────────────────────────────────────────────────────────────
def knowledge(name: str, body: str, *params: str) -> str:
    formal = "".join(f'<formalParameter name="{one}" typeRef="number"/>' for one in params)
    return (
        f'<businessKnowledgeModel id="b" name="{name}"><variable name="{name}"/><encapsulatedLogic>{formal}{body}'
        "</encapsulatedLogic></businessKnowledgeModel>"
    )


def asking(body: str, known: bool = True) -> str:
    know = '<knowledgeRequirement><requiredKnowledge href="#b"/></knowledgeRequirement>' if known else ""
    return f'<decision id="d" name="准入"><variable name="准入"/>{needs("i")}{know}{body}</decision>'


def invoked(function: str, **given: str) -> str:
    bindings = "".join(f'<binding><parameter name="{name}"/>{literal(text)}</binding>' for name, text in given.items())
    return f"<invocation>{literal(function)}{bindings}</invocation>"


N = data("i", "n", "number")


def test_knowledge_that_calls_itself_ends() -> None:
    body = literal("if k <= 1 then 1 else k * faculty(k - 1)")
    assert decided(model(N + knowledge("faculty", body, "k") + asking(literal("faculty(n)"))), n=5) == 120
    assert decided(model(N + knowledge("faculty", body, "k") + asking(invoked("faculty", k="n"))), n=5) == 120
    endless = knowledge("faculty", literal("faculty(k + 1)"), "k")
    assert decided(model(N + endless + asking(literal("faculty(n)"))), n=5) is None


def test_a_function_of_the_library_may_be_invoked_by_a_box_and_hidden_by_ones_own() -> None:
    library = asking(invoked("abs", n="n"), known=False)
    assert decided(model(N + library), n=-4) == 4
    own = knowledge("abs", literal("n * 100"), "n")
    assert decided(model(N + own + asking(invoked("abs", n="n"))), n=-4) == -400


def test_null_is_not_counted_silently_where_a_box_invokes() -> None:
    context = item("tBag", "context") + data("i", "bag", "tBag")
    lost = f'<decision id="d" name="准入"><variable name="准入"/>{needs("i")}{invoked("count", list="bag.missing")}</decision>'
    raw = model(
        context.replace(
            "<typeRef>context</typeRef>", '<itemComponent name="there"><typeRef>number</typeRef></itemComponent>'
        )
        + lost
    )
    with pytest.raises(DecisionFaults):
        ready_decision(raw, "准入")
    shown = asking(invoked("string", **{"from": "if n > 3 then null else n"}), known=False)
    assert decided(model(N + shown), n=2) == "2"
    assert decided(model(N + shown), n=9) is None


def test_a_model_uses_the_knowledge_and_the_parts_of_another() -> None:
    other = model(
        '<itemDefinition name="tHome"><itemComponent name="floor space"><typeRef>number</typeRef></itemComponent></itemDefinition>'
        + data("i", "home", "tHome")
        + knowledge("twice", literal("k * 2"), "k")
        + f'<decision id="d" name="space"><variable name="space" typeRef="number"/>{needs("i")}{literal("home.floor space")}</decision>'
    ).replace(b'namespace="test"', b'namespace="other"')
    mine = model(
        '<import name="o" namespace="other" importType="x"/><decision id="d" name="准入"><variable name="准入"/>'
        '<informationRequirement><requiredDecision href="other#d"/></informationRequirement>'
        '<informationRequirement><requiredInput href="other#i"/></informationRequirement>'
        '<knowledgeRequirement><requiredKnowledge href="other#b"/></knowledgeRequirement>'
        + literal("o.twice(o.space) + o.home.floor space") + "</decision>"
    )  # fmt: skip
    compiled = compile_model(read_model(mine), {"other": read_model(other)})
    assert compiled.faults == ()
    assert compiled.evaluate("准入", {"home": {"floor space": 7}}) == 21


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_model_may_have_two_thousand_elements_and_no_more() -> None:
    def whole(count: int) -> bytes:
        return model("".join(data(f"i{n}", f"n{n}", "number") for n in range(count)))

    assert len(read_model(whole(2_000)).elements) == 2_000
    with pytest.raises(DecisionFaults) as caught:
        read_model(whole(2_001))
    assert caught.value.faults[0].code == "TOO_LARGE"


def test_boxes_stand_in_each_other_sixty_deep_and_no_deeper() -> None:
    def nested(count: int) -> bytes:
        return model("<decision>" + "<list>" * count + "</list>" * count + "</decision>")

    read_model(nested(58))  # with the model and the decision around them
    with pytest.raises(DecisionFaults) as caught:
        read_model(nested(59))
    assert caught.value.faults[0].code == "TOO_DEEP"


def test_a_row_with_too_few_or_too_many_cells_is_told_by_its_number_and_line() -> None:
    sound = table([("1", "2", '"a"'), ("3", "4", '"b"')], {"a": "number", "b": "number"})
    cell, result = b"<inputEntry><text>3</text></inputEntry>", b'<outputEntry><text>"b"</text></outputEntry>'
    for broken in (
        sound.replace(cell, b""),
        sound.replace(cell, cell * 2),
        sound.replace(result, b""),
        sound.replace(result, result * 2),
    ):
        assert broken != sound
        told = [(fault.code, fault.row) for fault in check_decision(broken, "准入").faults]
        assert ("CELLS", 2) in told
        assert ("CELLS", 1) not in told


def test_the_line_of_a_fault_is_that_of_the_file() -> None:
    xml = table([("< 18", '"a"'), ("< < 18", '"b"')], {"n": "number"}).replace(b"<rule>", b"\n\n<rule>")
    (fault,) = [one for one in check_decision(xml, "准入").faults if one.code == "CELL"]
    assert (fault.line, fault.row, fault.column) == (5, 2, 1)


def test_what_is_no_feel_is_not_run() -> None:
    java = N + asking(
        literal("n").replace("<literalExpression>", '<literalExpression expressionLanguage="java">'), known=False
    )
    with pytest.raises(DecisionFaults) as caught:
        ready_decision(model(java), "准入")
    assert {fault.code for fault in caught.value.faults} == {"FOREIGN"}
    for feel in ("feel", "FEEL", "https://www.omg.org/spec/DMN/20230324/FEEL/"):
        said = asking(
            literal("n").replace("<literalExpression>", f'<literalExpression expressionLanguage="{feel}">'), known=False
        )
        assert decided(model(N + said), n=3) == 3


def test_a_label_is_what_people_read_and_else_the_expression_or_the_name() -> None:
    labelled = table(ROWS, {"年龄": "number"})
    bare = labelled.replace('label="年龄"'.encode(), b"")
    found = ready_decision(bare, "准入").table
    assert found is not None
    assert [column.label for column in found.inputs] == ["年龄"]
    named = labelled.replace('label="年龄"'.encode(), 'label="申请人的年龄"'.encode())
    doubt = ready_decision(named, "准入").decide({"年龄": "x"}).doubts[0]
    assert "申请人的年龄" in doubt.zh
    output = ready_decision(
        labelled.replace('<output name="结果"'.encode(), '<output label="分类" name="结果"'.encode()), "准入"
    ).table
    assert output is not None
    assert [(column.label, column.name) for column in output.outputs] == [("分类", "结果")]
