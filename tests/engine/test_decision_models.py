"""DMN models as the standard means them: every hit policy, every box, every version, and files that are refused."""

from decimal import Decimal
from typing import Any

import pytest
from tests.engine.decisions import model, table

from yichuang.engine.dmn.decision import compile_model
from yichuang.engine.dmn.model import DecisionFaults
from yichuang.engine.dmn.read import NAMESPACES, read_model

AGES = {"年龄": "number"}
ROWS = [("< 18", '"甲"'), ("< 60", '"乙"'), (">= 60", '"丙"')]


def decide(xml: bytes, name: str = "准入", **inputs: object) -> Any:
    return compile_model(read_model(xml)).evaluate(name, inputs)


@pytest.mark.parametrize(
    ("policy", "collect", "age", "expected"),
    [
        ("UNIQUE", "", 30, "乙"),
        ("UNIQUE", "", 10, None),
        ("FIRST", "", 10, "甲"),
        ("PRIORITY", "", 10, "乙"),
        ("RULE ORDER", "", 10, ("甲", "乙")),
        ("OUTPUT ORDER", "", 10, ("乙", "甲")),
        ("COLLECT", "", 10, ("甲", "乙")),
        ("COLLECT", "COUNT", 10, Decimal(2)),
        ("ANY", "", 10, None),
        ("ANY", "", 70, "丙"),
    ],
)
def test_hit_policies(policy: str, collect: str, age: int, expected: object) -> None:
    xml = table(ROWS, AGES, policy=policy, collect=collect, values={"结果": '"丙","乙","甲"'})
    assert decide(xml, 年龄=age) == expected


@pytest.mark.parametrize(("collect", "expected"), [("SUM", 6), ("MIN", 1), ("MAX", 3), ("COUNT", 3)])
def test_what_is_collected_is_added_up(collect: str, expected: int) -> None:
    xml = table([("-", "1"), ("-", "2"), ("-", "3")], AGES, policy="COLLECT", collect=collect, outputs={"n": "number"})
    assert decide(xml, 年龄=1) == expected


def test_rules_that_say_the_same_agree_and_several_outputs_are_a_context() -> None:
    rows = [("< 9", '"甲"', "1"), ("< 5", '"甲"', "1")]
    xml = table(rows, AGES, policy="ANY", outputs={"a": "string", "b": "number"})
    assert decide(xml, 年龄=1) == {"a": "甲", "b": Decimal(1)}


def test_no_hit_is_null_or_the_default_of_the_author() -> None:
    assert decide(table(ROWS[:1], AGES), 年龄=30) is None
    assert decide(table(ROWS[:1], AGES, default='"别的"'), 年龄=30) == "别的"


@pytest.mark.parametrize("namespace", sorted(NAMESPACES))
def test_every_version_is_read(namespace: str) -> None:
    assert decide(table(ROWS, AGES, namespace=namespace), 年龄=70) == "丙"


BOXES = """
<inputData id="i" name="xs"><variable name="xs" typeRef="tNumbers"/></inputData>
<itemDefinition name="tNumbers" isCollection="true"><typeRef>number</typeRef></itemDefinition>
<itemDefinition name="tPart"><itemComponent name="full name"><typeRef>string</typeRef></itemComponent>
  <itemComponent name="n"><typeRef>number</typeRef></itemComponent></itemDefinition>
<businessKnowledgeModel id="b" name="add up"><variable name="add up"/><encapsulatedLogic>
  <formalParameter name="a b" typeRef="number"/><formalParameter name="c" typeRef="number"/>
  <literalExpression><text>a b + c</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
<decision id="inv" name="inv"><variable name="inv"/><knowledgeRequirement><requiredKnowledge href="#b"/></knowledgeRequirement>
  <invocation><literalExpression><text>add up</text></literalExpression>
  <binding><parameter name="a b"/><literalExpression><text>1</text></literalExpression></binding>
  <binding><parameter name="c"/><literalExpression><text>2</text></literalExpression></binding></invocation></decision>
<decision id="call" name="call"><variable name="call"/><knowledgeRequirement><requiredKnowledge href="#b"/></knowledgeRequirement>
  <literalExpression><text>add up(c: 2, a b: 5)</text></literalExpression></decision>
<decision id="ctx" name="ctx"><variable name="ctx"/><context>
  <contextEntry><variable name="first one"/><literalExpression><text>2</text></literalExpression></contextEntry>
  <contextEntry><variable name="f"/><functionDefinition><formalParameter name="n"/><literalExpression><text>n * 2</text></literalExpression></functionDefinition></contextEntry>
  <contextEntry><literalExpression><text>f(first one) + 1</text></literalExpression></contextEntry></context></decision>
<decision id="rel" name="rel"><variable name="rel"/><relation><column name="full name" typeRef="string"/><column name="n" typeRef="number"/>
  <row><literalExpression><text>"x"</text></literalExpression><literalExpression><text>1</text></literalExpression></row></relation></decision>
<decision id="part" name="part"><variable name="part"/><informationRequirement><requiredDecision href="#rel"/></informationRequirement>
  <literalExpression><text>rel[n = 1].full name</text></literalExpression></decision>
<decision id="lst" name="lst"><variable name="lst"/><list><literalExpression><text>1</text></literalExpression><literalExpression><text>2</text></literalExpression></list></decision>
<decision id="cond" name="cond"><variable name="cond"/><conditional><if><literalExpression><text>1 &gt; 2</text></literalExpression></if>
  <then><literalExpression><text>1</text></literalExpression></then><else><literalExpression><text>2</text></literalExpression></else></conditional></decision>
<decision id="loop" name="loop"><variable name="loop"/><informationRequirement><requiredInput href="#i"/></informationRequirement>
  <for iteratorVariable="x"><in><literalExpression><text>xs</text></literalExpression></in><return><literalExpression><text>x * 2 + count(partial)</text></literalExpression></return></for></decision>
<decision id="any" name="any"><variable name="any"/><informationRequirement><requiredInput href="#i"/></informationRequirement>
  <some iteratorVariable="x"><in><literalExpression><text>xs</text></literalExpression></in><satisfies><literalExpression><text>x &gt; 2</text></literalExpression></satisfies></some></decision>
<decision id="all" name="all xs"><variable name="all xs"/><informationRequirement><requiredInput href="#i"/></informationRequirement>
  <every iteratorVariable="x"><in><literalExpression><text>xs</text></literalExpression></in><satisfies><literalExpression><text>x &gt; 2</text></literalExpression></satisfies></every></decision>
<decision id="flt" name="flt"><variable name="flt"/><informationRequirement><requiredInput href="#i"/></informationRequirement>
  <filter><in><literalExpression><text>xs</text></literalExpression></in><match><literalExpression><text>item &gt; 1</text></literalExpression></match></filter></decision>
<decisionService id="s" name="svc"><variable name="svc"/><outputDecision href="#loop"/><inputData href="#i"/></decisionService>
<decision id="use" name="use"><variable name="use"/><knowledgeRequirement><requiredKnowledge href="#s"/></knowledgeRequirement>
  <literalExpression><text>svc([7])</text></literalExpression></decision>
<decision id="typ" name="typ"><variable name="typ" typeRef="number"/><literalExpression><text>"x"</text></literalExpression></decision>
<decision id="java" name="java"><variable name="java"/><context><contextEntry><variable name="f"/>
  <functionDefinition kind="Java"><literalExpression><text>1</text></literalExpression></functionDefinition></contextEntry>
  <contextEntry><literalExpression><text>f()</text></literalExpression></contextEntry></context></decision>
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("inv", 3),
        ("call", 7),
        ("ctx", 5),
        ("rel", ({"full name": "x", "n": 1},)),
        ("part", ("x",)),
        ("lst", (1, 2)),
        ("cond", 2),
        ("loop", (2, 5, 8)),
        ("any", True),
        ("all xs", False),
        ("flt", (2, 3)),
        ("svc", (2, 5, 8)),
        ("use", (14,)),
        ("typ", None),
        ("java", None),
        ("nobody", None),
    ],
)
def test_boxes(name: str, expected: object) -> None:
    assert decide(model(BOXES), name, xs=[1, 2, 3]) == expected


def test_a_model_may_use_another_one() -> None:
    other = model(
        '<itemDefinition name="tAge"><typeRef>number</typeRef></itemDefinition><inputData id="i" name="age"><variable name="age" '
        'typeRef="tAge"/></inputData><decision id="d" name="older"><variable name="older"/><informationRequirement>'
        '<requiredInput href="#i"/></informationRequirement><literalExpression><text>age + 1</text></literalExpression></decision>'
    ).replace(b'namespace="test"', b'namespace="other"')
    mine = model(
        '<import name="o" namespace="other" importType="x"/><decision id="d" name="准入"><variable name="准入" typeRef="o.tAge"/>'
        '<informationRequirement><requiredDecision href="other#d"/></informationRequirement>'
        "<literalExpression><text>o.older * 2</text></literalExpression></decision>"
    )
    compiled = compile_model(read_model(mine), {"other": read_model(other)})
    assert compiled.faults == ()
    assert compiled.evaluate("准入", {"age": 4}) == 10


def test_a_decision_that_needs_itself_is_null() -> None:
    xml = model(
        '<decision id="a" name="a"><variable name="a"/><informationRequirement><requiredDecision href="#a"/></informationRequirement>'
        "<literalExpression><text>a</text></literalExpression></decision>"
    )
    assert decide(xml, "a") is None


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"<a", "NO_XML"),
        (b"<definitions/>", "NO_DMN"),
        (b'<!DOCTYPE definitions [<!ENTITY x "y">]><definitions/>', "DOCTYPE"),
        (b"x" * 2_000_001, "TOO_LARGE"),
        (model("<decision>" + "<list>" * 70 + "</list>" * 70 + "</decision>"), "TOO_DEEP"),
    ],
)
def test_files_that_are_no_models_are_refused(xml: bytes, code: str) -> None:
    with pytest.raises(DecisionFaults) as caught:
        read_model(xml)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_prefixes_and_limits_of_types() -> None:
    xml = model(
        '<itemDefinition name="tKind"><typeRef>string</typeRef><allowedValues><text>"甲","乙"</text></allowedValues></itemDefinition>'
        '<inputData id="i" name="k"><variable name="k" typeRef="tKind"/></inputData><decision id="d" name="准入"><variable name="准入"/>'
        '<informationRequirement><requiredInput href="#i"/></informationRequirement><literalExpression><text>k</text></literalExpression></decision>'
    )
    assert decide(xml, k="甲") == "甲"
    assert decide(xml, k="丙") is None
