"""What is read of a decision file, part by part, and where each of its faults is said to stand: line, element, row, column."""

from typing import Any

import pytest
from tests.engine.decisions import MODEL, literal, model, table

from yichuang.engine.dmn import model as m
from yichuang.engine.dmn.decision import compile_model
from yichuang.engine.dmn.model import DecisionFaults, Fault
from yichuang.engine.dmn.read import MAX_BYTES, read_model
from yichuang.engine.values import check_decision


def refused(xml: bytes) -> tuple[int, str, str, int, int, bool]:
    with pytest.raises(DecisionFaults) as caught:
        read_model(xml)
    (one,) = caught.value.faults
    assert str(caught.value) == f"第 {one.line} 行：{one.words.zh}"
    return one.line, one.element, one.code, one.row, one.column, one.warns


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("xml", "line", "code"),
    [
        (b" " * (MAX_BYTES + 1), 1, "TOO_LARGE"),
        (b"<a>\n\n<b></a>", 3, "NO_XML"),
        (b"", 1, "NO_XML"),
        (f'<!DOCTYPE definitions>\n<definitions xmlns="{MODEL}"/>'.encode(), 1, "DOCTYPE"),
        (f'<decision xmlns="{MODEL}"/>'.encode(), 1, "NO_DMN"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', 1, "NO_DMN"),
    ],
)
def test_a_file_that_is_no_model_is_refused_as_a_whole(xml: bytes, line: int, code: str) -> None:
    assert refused(xml) == (line, "definitions", code, 0, 0, False)


def test_two_megabytes_are_not_too_much() -> None:
    assert MAX_BYTES == 2_000_000
    xml = model(literal_decision("1"))
    assert read_model(xml + b" " * (MAX_BYTES - len(xml))).elements
    assert refused(xml + b" " * (MAX_BYTES - len(xml) + 1))[2] == "TOO_LARGE"


def literal_decision(text: str, name: str = "d") -> str:
    return f'<decision id="{name}" name="{name}"><variable name="{name}"/><literalExpression><text>{text}</text></literalExpression></decision>'


def test_the_head_of_a_file() -> None:
    bare = read_model(f'<definitions xmlns="{MODEL}"/>'.encode())
    assert (bare.name, bare.namespace, bare.items, dict(bare.elements), bare.imports) == ("", "", (), {}, ())
    head = f'<definitions xmlns="{MODEL}" name="准入" namespace="here">\n<import name="o" namespace="there"/>\n<import/></definitions>'
    found = read_model(head.encode())
    assert (found.name, found.namespace) == ("准入", "here")
    assert found.imports == (m.Import("o", "there", 2), m.Import("", "", 3))


def test_comments_and_instructions_are_no_part_of_it() -> None:
    inside = "<?word x?><!-- no -->" + literal_decision("<!-- no -->1") + "<!-- no -->"
    assert compile_model(read_model(model(inside))).evaluate("d", {}) == 1


# ── types ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_type_is_read_with_its_parts_limits_and_functions() -> None:
    xml = model(
        '<itemDefinition name=" t  A "><typeRef>number</typeRef><allowedValues><text> [1..2] </text></allowedValues></itemDefinition>\n'
        '<itemDefinition name="tB" isCollection="true" typeRef="tA"><typeConstraint><text>count(?) &lt; 3</text></typeConstraint></itemDefinition>\n'
        '<itemDefinition name="tC" isCollection="false"><itemComponent name="x"><typeRef>string</typeRef></itemComponent>\n'
        '<itemComponent name="y"><itemComponent name="z"><typeRef>tA</typeRef></itemComponent></itemComponent></itemDefinition>\n'
        '<itemDefinition name="tF"><functionItem outputTypeRef="number"><parameters name="a" typeRef="string"/><parameters name="b"/></functionItem></itemDefinition>\n'
        '<itemDefinition name="tG"><functionItem/><allowedValues/></itemDefinition>'
    )
    found = read_model(xml)
    a, b, c, f, g = found.items
    assert a == m.ItemDefinition("t A", "number", False, m.Text("[1..2]", 1), (), 1)
    assert b == m.ItemDefinition("tB", "tA", True, m.Text("count(?) < 3", 2), (), 2)
    inner = m.ItemDefinition("z", "tA", False, None, (), 4)
    assert c == m.ItemDefinition(
        "tC",
        "",
        False,
        None,
        (m.ItemDefinition("x", "string", False, None, (), 3), m.ItemDefinition("y", "", False, None, (inner,), 4)),
        3,
    )
    assert (f.function, f.line) == ((("string", ""), "number"), 5)
    assert (g.function, g.allowed) == (((), ""), m.Text("", 6))
    assert found.names == {"x", "y", "z"}


def test_types_of_the_first_version_have_a_prefix() -> None:
    xml = (
        '<definitions xmlns="http://www.omg.org/spec/DMN/20151101/dmn.xsd" xmlns:feel="f" namespace="n">'
        '<itemDefinition name="t"><typeRef>feel:number</typeRef></itemDefinition>'
        '<itemDefinition name="u"><typeRef>other:number</typeRef></itemDefinition>'
        '<inputData id="i" name="i"><variable name="i" typeRef="feel:string"/></inputData>'
        '<inputData id="j" name="j"><variable name="j" typeRef=" years  and months duration "/></inputData></definitions>'
    )
    found = read_model(xml.encode())
    assert [one.type_ref for one in found.items] == ["number", "other:number"]
    assert [one.variable.type_ref for one in found.elements.values()] == ["string", "years and months duration"]


def test_a_collection_that_says_that_it_is_none_is_none() -> None:
    xml = literal("i0", {"i0": "tX"}).replace(
        b"<inputData",
        b'<itemDefinition name="tX" isCollection="false"><typeRef>number</typeRef></itemDefinition><inputData',
        1,
    )
    assert compile_model(read_model(xml)).evaluate("准入", {"i0": 3}) == 3


# ── elements ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_elements_know_what_they_need_and_where_they_stand() -> None:
    xml = model(
        '<inputData name="a  b"/>\n'
        '<decision id="d" name="d"><variable name="d" typeRef="number"/>\n'
        '<informationRequirement><requiredInput href="#a b"/></informationRequirement>'
        '<informationRequirement><requiredDecision href="test#e"/></informationRequirement>'
        '<knowledgeRequirement><requiredKnowledge href="other#k"/></knowledgeRequirement>'
        '<authorityRequirement><requiredAuthority href="#law"/></authorityRequirement>'
        '<informationRequirement><wrong href="#x"/></informationRequirement></decision>\n'
        '<businessKnowledgeModel id="k" name="k"/>'
        '<knowledgeSource id="law" name="law"/>\n'
        '<decisionService id="s" name="s"><outputDecision href="#d"/><encapsulatedDecision href="#e"/><inputDecision href="#f"/>'
        '<inputData href="#i"/><inputData/></decisionService>'
    )
    found = read_model(xml).elements
    assert list(found) == ["a b", "d", "k", "s"]
    assert found["a b"] == m.Element("input", "a b", "a b", m.Variable("a b"), 1)
    assert found["d"] == m.Element("decision", "d", "d", m.Variable("d", "number"), 2, needs=("a b", "e", "other#k"))
    assert found["k"] == m.Element("bkm", "k", "k", m.Variable("k"), 4)
    assert found["s"] == m.Element(
        "service", "s", "s", m.Variable("s"), 5, outputs=("d",), encapsulated=("e",), given=("f",), inputs=("i", "")
    )
    whole = read_model(xml)
    assert whole.find("d", "decision", "bkm") is whole.elements["d"]
    assert whole.find("d", "bkm") is None
    assert whole.find("k", "decision", "bkm") is whole.elements["k"]


# ── boxes ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def box(body: str) -> Any:
    return read_model(model(f'<decision id="d" name="d"><variable name="d"/>{body}</decision>')).elements["d"].body


ONE = "<literalExpression><text>1</text></literalExpression>"
L1 = m.Literal(m.Text("1", 1))


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (ONE, L1),
        ('<literalExpression typeRef="number"><text> 1 </text></literalExpression>', m.Literal(m.Text("1", 1), "number")),
        ("<literalExpression/>", m.Literal(m.Text("", 1))),
        ("<literalExpression><text/></literalExpression>", m.Literal(m.Text("", 1))),
        ('<literalExpression expressionLanguage="python"><text>1</text></literalExpression>', m.FunctionBox((), None, True)),
        ('<literalExpression expressionLanguage=""><text>1</text></literalExpression>', L1),
        (f'<list typeRef="t">{ONE}<unknown/>{ONE}</list>', m.ListBox((L1, L1), "t")),
        (
            f'<context typeRef="t"><contextEntry><variable name="a" typeRef="number"/>{ONE}</contextEntry><contextEntry>{ONE}</contextEntry>'
            '<contextEntry><variable name="b"/></contextEntry></context>',
            m.ContextBox((m.Entry(m.Variable("a", "number"), L1), m.Entry(None, L1), m.Entry(m.Variable("b"), None)), "t"),
        ),
        (
            f'<invocation typeRef="t">{ONE}<binding><parameter name="a"/>{ONE}</binding><binding/></invocation>',
            m.InvocationBox(L1, (m.Entry(m.Variable("a"), L1), m.Entry(None, None)), "t"),
        ),
        ("<invocation/>", m.InvocationBox(None, ())),
        (
            f'<functionDefinition><formalParameter name="a" typeRef="number"/>{ONE}</functionDefinition>',
            m.FunctionBox((m.Variable("a", "number"),), L1),
        ),
        (f'<functionDefinition kind="FEEL">{ONE}</functionDefinition>', m.FunctionBox((), L1)),
        (f'<functionDefinition kind="PMML">{ONE}</functionDefinition>', m.FunctionBox((), None, True)),
        (
            f'<relation typeRef="t"><column name="a" typeRef="number"/><column name="b"/><row>{ONE}<unknown/>{ONE}</row><row/></relation>',
            m.RelationBox((m.Variable("a", "number"), m.Variable("b")), ((L1, L1), ()), "t"),
        ),
        (
            f'<conditional typeRef="t"><if>{ONE}</if><then>{ONE}</then></conditional>',
            m.ConditionalBox(L1, L1, None, "t"),
        ),
        (
            f'<for iteratorVariable=" a  b " typeRef="t"><in>{ONE}</in><return>{ONE}</return></for>',
            m.LoopBox("for", "a b", L1, L1, "t"),
        ),
        (f"<some><in>{ONE}</in><satisfies>{ONE}</satisfies></some>", m.LoopBox("some", "", L1, L1)),
        ("<every/>", m.LoopBox("every", "", None, None)),
        (f'<filter typeRef="t"><in>{ONE}</in><match>{ONE}</match></filter>', m.FilterBox(L1, L1, "t")),
        ("<unknown/>", None),
    ],
)  # fmt: skip
def test_each_box_is_read_as_it_stands(body: str, read: Any) -> None:
    assert box(body) == read


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("UNIQUE", "U"), ("ANY", "A"), ("PRIORITY", "P"), ("FIRST", "F"), ("RULE ORDER", "R"), ("OUTPUT ORDER", "O"), ("COLLECT", "C"), ("LAST", "?"),
    ],
)  # fmt: skip
def test_hit_policies_by_their_letters(name: str, letter: str) -> None:
    assert box(f'<decisionTable hitPolicy="{name}"/>').policy == letter
    assert box("<decisionTable/>").policy == "U"


def test_a_table_is_read_with_its_columns_and_rules() -> None:
    body = (
        '<decisionTable aggregation="SUM" typeRef="number">\n<input label="年 龄"><inputExpression typeRef="number"><text>age</text></inputExpression>'
        "<inputValues><text>[0..9]</text></inputValues></input>\n<input><inputExpression><text>b</text></inputExpression></input>\n<input/>\n"
        '<output name="o" label="结果" typeRef="string"><outputValues><text>"x"</text></outputValues><defaultOutputEntry><text>"y"</text></defaultOutputEntry></output>\n<output name="p"/>\n'
        '<rule id="r1"><inputEntry><text>1</text></inputEntry><inputEntry/>\n<outputEntry><text>2</text></outputEntry><description> why </description><annotationEntry><text>not</text></annotationEntry></rule>\n'
        "<rule><annotationEntry><text> note </text></annotationEntry></rule>\n<rule><annotationEntry/></rule></decisionTable>"
    )
    found = box(body)
    assert (found.policy, found.collect, found.type_ref, found.line) == ("U", "SUM", "number", 1)
    a, b, c = found.inputs
    assert a == m.Column("年 龄", "age", "number", m.Text("[0..9]", 2), 2, m.Text("age", 2))
    assert b == m.Column("b", "b", "", None, 3, m.Text("b", 3))
    assert c == m.Column("", "", "", None, 4)
    o, p = found.outputs
    assert o == m.Column("结果", "o", "string", m.Text('"x"', 5), 5, default=m.Text('"y"', 5))
    assert p == m.Column("p", "p", "", None, 6)
    assert found.rules == (
        m.Rule("r1", (m.Text("1", 7), m.Text("", 7)), (m.Text("2", 8),), "why", 7),
        m.Rule("", (), (), "note", 9),
        m.Rule("", (), (), "", 10),
    )


# ── where faults stand ────────────────────────────────────────────────────────────────────────────────────────────
def places(xml: bytes, code: str) -> list[tuple[int, str, int, int]]:
    return [
        (one.line, one.element, one.row, one.column) for one in check_decision(xml, "准入").faults if one.code == code
    ]


def wide(**more: str) -> bytes:
    """A table of two inputs and two outputs, each cell and text on a line of its own."""
    text = {
        "one": "a", "other": "b", "limits": "-", "cell": "-", "cell2": "-", "out": '"x"', "out2": "1", "default": '"y"', "values": '"x","y"', **more,
    }  # fmt: skip
    return model(
        '<inputData id="a" name="a"><variable name="a" typeRef="number"/></inputData><inputData id="b" name="b"><variable name="b" typeRef="string"/></inputData>'
        '<decision id="d" name="准入"><variable name="准入"/><informationRequirement><requiredInput href="#a"/></informationRequirement>'
        '<informationRequirement><requiredInput href="#b"/></informationRequirement>\n<decisionTable hitPolicy="FIRST">'
        f'<input label="a"><inputExpression typeRef="number">\n<text>{text["one"]}</text></inputExpression>\n<inputValues>\n<text>{text["limits"]}</text></inputValues></input>'
        f'<input label="b"><inputExpression typeRef="string">\n<text>{text["other"]}</text></inputExpression></input>'
        f'<output name="x" typeRef="string"><outputValues>\n<text>{text["values"]}</text></outputValues><defaultOutputEntry>\n<text>{text["default"]}</text></defaultOutputEntry></output>'
        '<output name="y" typeRef="number"><defaultOutputEntry><text>0</text></defaultOutputEntry></output>'
        '\n<rule><inputEntry><text>1</text></inputEntry><inputEntry><text>-</text></inputEntry><outputEntry><text>"x"</text></outputEntry><outputEntry><text>1</text></outputEntry></rule>'
        f"\n<rule><inputEntry><text>{text['cell']}</text></inputEntry><inputEntry>\n<text>{text['cell2']}</text></inputEntry>"
        f"<outputEntry>\n<text>{text['out']}</text></outputEntry><outputEntry>\n<text>{text['out2']}</text></outputEntry></rule></decisionTable></decision>"
    )


def test_a_sound_table_has_no_faults() -> None:
    assert check_decision(wide(), "准入").faults == ()


@pytest.mark.parametrize(
    ("part", "text", "code", "line", "row", "column"),
    [
        ("one", "a +", "FEEL", 3, 0, 1),
        ("one", "nobody", "NAMES", 3, 0, 1),
        ("other", "b +", "FEEL", 6, 0, 2),
        ("limits", "[1..", "CELL", 5, 0, 1),
        ("limits", "> nobody", "NAMES", 5, 0, 1),
        ("values", "[1..", "CELL", 7, 0, 3),
        ("default", "1 +", "FEEL", 8, 0, 3),
        ("default", "nobody", "NAMES", 8, 0, 3),
        ("cell", "", "CELL", 10, 2, 1),
        ("cell", "&lt; nobody", "NAMES", 10, 2, 1),
        ("cell2", "(", "CELL", 11, 2, 2),
        ("out", '"x', "FEEL", 12, 2, 3),
        ("out", "nobody", "NAMES", 12, 2, 3),
        ("out2", "1 1", "FEEL", 13, 2, 4),
    ],
)
def test_a_fault_of_a_table_is_told_by_line_row_and_column(
    part: str, text: str, code: str, line: int, row: int, column: int
) -> None:
    assert places(wide(**{part: text}), code) == [(line, "准入", row, column)]


@pytest.mark.parametrize(
    ("part", "text", "place"),
    [
        ("cell", '"x"', (2, 1)),
        ("cell2", "5", (2, 2)),
        ("out", "5", (2, 3)),
        ("out2", '"x"', (2, 4)),
        ("default", "5", (0, 3)),
    ],
)
def test_a_value_of_another_kind_is_told_by_row_and_column(part: str, text: str, place: tuple[int, int]) -> None:
    assert place in {(one.row, one.column) for one in check_decision(wide(**{part: text}), "准入").faults}


def test_a_column_without_a_type_has_that_of_its_expression() -> None:
    untyped = wide(cell='"x"').replace(b'<inputExpression typeRef="number">', b"<inputExpression>")
    assert (2, 1) in {(one.row, one.column) for one in check_decision(untyped, "准入").faults}
    anything = wide(cell='"x"').replace(b'<inputExpression typeRef="number">', b'<inputExpression typeRef="Any">')
    assert (2, 1) in {(one.row, one.column) for one in check_decision(anything, "准入").faults}


def test_a_column_of_a_part_with_a_name_of_several_words_has_the_type_of_that_part() -> None:
    part = '<itemComponent name="home town"><typeRef>string</typeRef></itemComponent>'
    person = f'<itemDefinition name="tPerson">{part}</itemDefinition>'
    xml = table([("1", '"a"')], {"who": "tPerson"}, items=person)
    untyped = xml.replace(
        b'<inputExpression typeRef="tPerson"><text>who</text>', b"<inputExpression><text>who.home town</text>"
    )
    assert (1, 1) in {(one.row, one.column) for one in check_decision(untyped, "准入").faults}
    sound = untyped.replace(b"<inputEntry><text>1</text>", b'<inputEntry><text>"x"</text>')
    assert [one for one in check_decision(sound, "准入").faults if not one.warns] == []


def test_the_character_at_which_a_text_is_wrong_is_told() -> None:
    (fault,) = [one for one in check_decision(wide(out="1 + nobody"), "准入").faults if one.code == "NAMES"]
    assert fault.words.zh.startswith("第 5 个字符：")
    assert fault.words.en.startswith("at character 5: ")


def whole(body: str) -> list[tuple[str, int, str, int, int, bool]]:
    return [
        (one.code, one.line, one.element, one.row, one.column, one.warns)
        for one in check_decision(model(body), "准入").faults
    ]


def decision(body: str, needs: str = "", kind: str = "", id: str = "d", name: str = "准入") -> str:
    return f'<decision id="{id}" name="{name}"><variable name="{name}" typeRef="{kind}"/>{needs}{body}</decision>'


def test_faults_of_the_graph_stand_at_their_element() -> None:
    data = '\n<inputData id="i" name="n"><variable name="n" typeRef="{}"/></inputData>'
    need = '<informationRequirement><requiredInput href="#{}"/></informationRequirement>'
    circle = '<informationRequirement><requiredDecision href="#d"/></informationRequirement>'
    assert whole(decision(ONE, need.format("i9"))) == [("NO_ELEMENT", 1, "准入", 0, 0, False)]
    assert whole("\n\n" + decision(ONE, kind="tX")) == [("NO_TYPE", 3, "准入", 0, 0, False)]
    assert whole(data.format("") + decision(ONE, need.format("i"))) == [("NO_TYPE", 2, "n", 0, 0, False)]
    assert whole("\n" + decision(ONE, circle)) == [("CIRCLE", 2, "准入", 0, 0, False)]
    assert whole(decision(ONE, name="别的")) == [("NO_DECISION", 1, "准入", 0, 0, False)]
    item = '\n<itemDefinition name="tX"><typeRef>{}</typeRef>{}</itemDefinition>'
    assert whole(item.format("tNo", "") + decision(ONE)) == [("NO_TYPE", 2, "tX", 0, 0, False)]
    limits = "<allowedValues><text>[1..</text></allowedValues>"
    assert whole(item.format("number", limits) + decision(ONE)) == [("NO_TYPE", 2, "tX", 0, 0, False)]
    foreign = '<functionDefinition kind="Java"/>'
    assert ("FOREIGN", 1, "准入", 0, 0, False) in whole(decision(foreign))


def test_a_circle_over_others_is_told_once_and_two_ways_to_one_are_none() -> None:
    def need(*ids: str) -> str:
        return "".join(
            f'<informationRequirement><requiredDecision href="#{id}"/></informationRequirement>' for id in ids
        )

    three = (
        decision(ONE, need("e"))
        + decision(ONE, need("f"), id="e", name="e")
        + decision(ONE, need("d"), id="f", name="f")
    )
    assert [one[0] for one in whole(three)] == ["CIRCLE"]
    diamond = (
        decision(ONE, need("e", "f")) + decision(ONE, need("g"), id="e", name="e")
        + decision(ONE, need("g"), id="f", name="f") + decision(ONE, id="g", name="g")
    )  # fmt: skip
    assert whole(diamond) == []


def test_words_of_faults_of_types() -> None:
    assert [one.words.zh for one in check_decision(model(decision(ONE, kind="tX")), "准入").faults] == [
        "没有“tX”这个类型"
    ]
    limits = '<itemDefinition name="tX"><typeRef>number</typeRef><allowedValues><text>[1..</text></allowedValues></itemDefinition>'
    (fault,) = check_decision(model(limits + decision(ONE)), "准入").faults
    assert fault == Fault(1, "tX", fault.words, "NO_TYPE")
    assert fault.words.zh == "允许的值看不懂"


def test_a_type_may_be_used_before_it_is_defined_and_not_by_itself() -> None:
    order = (
        '<itemDefinition name="tA"><typeRef>tB</typeRef></itemDefinition><itemDefinition name="tB"><typeRef>string</typeRef></itemDefinition>'
        '<inputData id="i" name="n"><variable name="n" typeRef="tA"/></inputData>'
    )
    need = '<informationRequirement><requiredInput href="#i"/></informationRequirement>'
    xml = model(order + decision("<literalExpression><text>n</text></literalExpression>", need))
    assert compile_model(read_model(xml)).evaluate("准入", {"n": "x"}) == "x"
    assert compile_model(read_model(xml)).evaluate("准入", {"n": 5}) is None
    self = '<itemDefinition name="tA"><typeRef>tA</typeRef></itemDefinition>'
    assert [one[0] for one in whole(self + decision(ONE))] == ["NO_TYPE"]


def test_a_table_of_the_standard_is_not_hit_by_inputs_that_are_not_allowed() -> None:
    xml = table([("-", '"x"')], {"a": "number"}).replace(
        b"</inputExpression>", b"</inputExpression><inputValues><text>[0..9]</text></inputValues>"
    )
    compiled = compile_model(read_model(xml))
    assert [compiled.evaluate("准入", {"a": n}) for n in (-1, 0, 9, 10)] == [None, "x", "x", None]
