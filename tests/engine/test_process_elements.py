"""Steps, work and events of a process element by element: what each may say, and which fault each mistake is."""

from typing import Any

import pytest
from tests.engine.processes import EVENTS, boundary, bpmn, catch, finish, several, sub, throw, work

from yichuang.engine.bpmn.graph import Joint, ProcessFaults, Several, Timer, Trigger
from yichuang.engine.bpmn.read import read
from yichuang.engine.bpmn.triggers import DURATION, MOMENT
from yichuang.engine.bpmn.xml import MAX_SEATS, Draft
from yichuang.engine.values import parse_process

FLOWS = ("start s", "end e")


def draft(*lines: str, top: str = EVENTS, more: str = "", names: Any = None) -> Draft:
    return read(bpmn(*lines, top=top, more=more), names)


def codes(*lines: str, top: str = EVENTS, more: str = "", names: Any = None) -> list[tuple[str, str]]:
    """Every fault of reading and of checking; warnings too."""
    try:
        model = parse_process(bpmn(*lines, top=top, more=more), names=names)
    except ProcessFaults as caught:
        return [(fault.code, fault.element) for fault in caught.faults]
    return [(fault.code, fault.element) for fault in model.warnings]


def one(element: str, after: str = "") -> list[tuple[str, str]]:
    """The faults of a process of a single step `x`."""
    return codes(*FLOWS, element, "s x", "x e", *([after] if after else []))


# ── people's steps ────────────────────────────────────────────────────────────────────────────────────────────────
TASK = '<bpmn:userTask id="x" name="审" yc:nameEn="Review" {}/>'


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        ('yc:post="A.b"', []), ('yc:post="A.b" yc:act="review"', []), ('yc:post="A.b" yc:act="decide"', []), ('yc:post="A.b" yc:act="inspect"', []), ('yc:post="A.b" yc:act="countersign"', [("ACT", "x")]),
        ("", [("NO_POST", "x")]), ('yc:post="A"', [("NO_POST", "x")]), ('yc:post="A.b.c"', [("NO_POST", "x")]), ('yc:post="1A.b"', [("NO_POST", "x")]), ('yc:post="部.岗"', [("NO_POST", "x")]),
    ],
)  # fmt: skip
def test_a_persons_step_names_its_post_and_act(marks: str, found: list[tuple[str, str]]) -> None:
    assert one(TASK.format(marks)) == found
    bare = TASK.format(marks).replace('name="审" yc:nameEn="Review" ', "")
    assert one(bare) == [("NO_NAME", "x"), *found]


LANES = (
    '<bpmn:laneSet><bpmn:documentation/><bpmn:lane name="A.b"><bpmn:flowNodeRef> x </bpmn:flowNodeRef><bpmn:childLaneSet>'
    '<bpmn:lane name="里"><bpmn:flowNodeRef>y</bpmn:flowNodeRef></bpmn:lane><bpmn:lane name="C.d" yc:post="E.f"><bpmn:flowNodeRef>z</bpmn:flowNodeRef>'
    "<bpmn:flowNodeRef>u</bpmn:flowNodeRef></bpmn:lane></bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>"
)


def test_a_step_without_a_post_has_that_of_its_lane_or_of_the_sub_process_it_stands_in() -> None:
    step = '<bpmn:userTask id="{}" name="审" yc:nameEn="Review" {}/>'
    found = draft(
        LANES, step.format("x", ""), step.format("y", ""), step.format("z", ""), step.format("w", 'yc:post="G.h"'),
        *sub("u", step.format("v", ""), *sub("uu", step.format("vv", ""))),
    )  # fmt: skip
    assert found.faults == []
    assert {id: node.post for id, node in found.nodes.items() if node.kind == "task"} == {
        "x": "A.b",
        "y": "A.b",
        "z": "E.f",
        "w": "G.h",
        "v": "E.f",
        "vv": "E.f",
    }


@pytest.mark.parametrize(
    ("marker", "joint"),
    [
        (several('yc:posts="A.b C.d"'), Joint(("A.b", "C.d"), 2)), (several('yc:posts="A.b C.d E.f" yc:need="2"'), Joint(("A.b", "C.d", "E.f"), 2)), (several('yc:posts="A.b C.d" yc:need="any"'), Joint(("A.b", "C.d"), 1)),
        (several('yc:posts="A.b C.d" yc:need="all"'), Joint(("A.b", "C.d"), 2)), (several('yc:count="3"'), Joint(("P.q",) * 3, 3)), (several("", "<bpmn:loopCardinality> 2 </bpmn:loopCardinality>"), Joint(("P.q",) * 2, 2)),
        (several('yc:count="9" yc:need="1"'), Joint(("P.q",) * 9, 1)), (several('yc:count="2" yc:need="2" id="m" isSequential="false"', "<bpmn:documentation/>"), Joint(("P.q",) * 2, 2)),
    ],
)  # fmt: skip
def test_seats_side_by_side(marker: str, joint: Joint) -> None:
    found = draft(f'<bpmn:userTask id="x" name="审" yc:nameEn="R" yc:post="P.q">{marker}</bpmn:userTask>')
    assert found.faults == []
    assert found.nodes["x"].joint == joint
    assert found.nodes["x"].seats == joint.posts
    assert MAX_SEATS == 9


@pytest.mark.parametrize(
    "marker",
    [
        several('yc:count="1"'), several('yc:count="10"'), several('yc:count="0"'), several('yc:count="x"'), several('yc:count="100"'), several('yc:posts="A.b"'), several('yc:posts="A.b A.b"'), several('yc:posts="A.b C"'),
        several('yc:posts="A.b C.d" yc:count="2"'), several(), several('yc:count="2" yc:need="3"'), several('yc:count="2" yc:need="0"'), several('yc:count="2" yc:need="x"'), several('yc:count="2" yc:what="x"'), several('yc:count="2" behavior="All"'),
        several('yc:count="2"', "<bpmn:loopDataInputRef/>"), several('yc:count="2"', "<bpmn:loopCardinality>2</bpmn:loopCardinality>"),
    ],
)  # fmt: skip
def test_seats_that_are_not_understood_are_a_fault(marker: str) -> None:
    found = one(f'<bpmn:userTask id="x" name="审" yc:nameEn="R" yc:post="P.q">{marker}</bpmn:userTask>')
    assert set(found) == {("JOINT", "x")}


def test_several_may_only_review() -> None:
    assert one(
        f'<bpmn:userTask id="x" name="审" yc:nameEn="R" yc:post="P.q" yc:act="decide">{several("yc:count=" + chr(34) + "2" + chr(34))}</bpmn:userTask>'
    ) == [("JOINT", "x")]


CARDINALITY, UNTIL = (
    "<bpmn:loopCardinality>{}</bpmn:loopCardinality>",
    "<bpmn:completionCondition>{}</bpmn:completionCondition>",
)


def told(found: Several | None) -> Any:
    if found is None:
        return None
    return (
        found.sequential,
        *(one and one.text for one in (found.count, found.items, found.until)),
        found.item,
        found.posts,
        found.need,
    )


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        (several('isSequential="true"', CARDINALITY.format("3")), (True, "3", None, None, "item", (), 0)), (several('yc:items="rows" yc:item="row"'), (False, None, "rows", None, "row", (), 0)), (several("", CARDINALITY.format("count(rows)")), (False, "count(rows)", None, None, "item", (), 0)),
        (several('yc:items="rows"', UNTIL.format("nrOfAgreed > 1")), (False, None, "rows", "nrOfAgreed > 1", "item", (), 0)), (several('isSequential="true" yc:posts="A.b C.d"'), (True, None, None, None, "item", ("A.b", "C.d"), 2)),
        (several('isSequential="true" yc:count="2" yc:need="1"'), (True, None, None, None, "item", ("P.q", "P.q"), 1)), (several('yc:count="2"', UNTIL.format("nrOfAgreed > 0")), (False, None, None, "nrOfAgreed > 0", "item", ("P.q", "P.q"), 0)),
        (several('yc:items="=rows"'), (False, None, "rows", None, "item", (), 0)),
    ],
)  # fmt: skip
def test_several_one_after_the_other_or_as_many_as_there_are(marker: str, expected: Any) -> None:
    found = draft(f'<bpmn:userTask id="x" name="审" yc:nameEn="R" yc:post="P.q">{marker}</bpmn:userTask>')
    assert found.faults == []
    assert (told(found.nodes["x"].several), found.nodes["x"].joint) == (expected, None)


def test_a_sequence_of_seats_needs_no_post_of_its_own() -> None:
    for marks in ('isSequential="true" yc:posts="A.b C.d"', 'yc:posts="A.b C.d"'):
        found = draft(f'<bpmn:userTask id="x" name="审" yc:nameEn="R">{several(marks)}</bpmn:userTask>')
        assert found.faults == []
        assert found.nodes["x"].post == "A.b"


@pytest.mark.parametrize(
    ("marker", "code"),
    [
        (several('isSequential="true"'), "JOINT"), (several('yc:items="rows"', CARDINALITY.format("3")), "JOINT"), (several('yc:items="rows" yc:item="1x"'), "JOINT"), (several('yc:items="rows" yc:need="2"'), "JOINT"), (several('yc:items="rows ="'), "CONDITION"),
        (several("", CARDINALITY.format("count(")), "CONDITION"), (several('yc:items="rows"', UNTIL.format("x =")), "CONDITION"), (several('yc:count="2"', UNTIL.format("x =")), "CONDITION"), (several('yc:items="rows"', "<bpmn:loopDataInputRef/>"), "JOINT"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("tag", ["user", "service"])
def test_several_that_are_not_understood_are_a_fault(marker: str, code: str, tag: str) -> None:
    own = 'name="审" yc:nameEn="R" yc:post="P.q"' if tag == "user" else 'yc:operation="k"'
    xml = f'<bpmn:{tag}Task id="x" {own}>{marker}</bpmn:{tag}Task>'
    found = draft(xml)
    expected = "JOINT" if tag == "service" and "yc:count" in marker else code
    assert expected in {fault.code for fault in found.faults}
    assert found.nodes["x"].several is None


def test_work_outside_may_be_done_several_times() -> None:
    found = draft(work("service", "x", "k", several('isSequential="true" yc:items="rows"')), names={"rows"})
    assert found.faults == []
    assert told(found.nodes["x"].several) == (True, None, "rows", None, "item", (), 0)
    counted = draft(
        work("service", "x", "k", several("", CARDINALITY.format("2") + UNTIL.format("nrOfCompletedInstances > 0"))),
        names=set(),
    )
    assert counted.faults == []
    assert told(counted.nodes["x"].several) == (False, "2", None, "nrOfCompletedInstances > 0", "item", (), 0)
    assert [
        fault.code
        for fault in draft(
            work("service", "x", "k", several("", CARDINALITY.format("nrOfInstances"))), names=set()
        ).faults
    ] == ["CONDITION"]


# ── work, messages, events ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("element", "key"),
    [
        ('<bpmn:serviceTask id="x" yc:operation="k"/>', "k"), ('<bpmn:serviceTask id="x" yc:decision="d"/>', "d"), ('<bpmn:businessRuleTask id="x" yc:decision="d"/>', "d"), ('<bpmn:sendTask id="x" messageRef="m1"/>', "补正"), ('<bpmn:sendTask id="x" messageRef="here:m1"/>', "补正"),
        ('<bpmn:sendTask id="x" messageRef="m9" yc:operation="k"/>', "k"), ('<bpmn:sendTask id="x" yc:operation="k"/>', "k"), ('<bpmn:serviceTask id="x"/>', ""), ('<bpmn:sendTask id="x" messageRef="m9"/>', ""), ('<bpmn:serviceTask id="x" messageRef="m1"/>', ""),
    ],
)  # fmt: skip
def test_work_outside_says_what_is_to_be_done(element: str, key: str) -> None:
    found = draft(element)
    assert found.nodes["x"].key == key
    assert [(fault.code, fault.element) for fault in found.faults] == ([] if key else [("NO_OPERATION", "x")])


def test_a_receiving_step_waits_for_its_message() -> None:
    assert draft('<bpmn:receiveTask id="x" messageRef="m2"/>').nodes["x"].trigger == Trigger("message", "撤回")
    assert draft('<bpmn:receiveTask id="x" yc:operation="k"/>').nodes["x"].trigger == Trigger("message", "k")
    nothing = draft('<bpmn:receiveTask id="x"/>')
    assert nothing.nodes["x"].trigger is None
    assert [fault.code for fault in nothing.faults] == ["NO_OPERATION"]


@pytest.mark.parametrize(
    ("element", "trigger"),
    [
        (catch("x", "m1"), Trigger("message", "补正")), (catch("x", "g1"), Trigger("signal", "放假")), (throw("x", "g1"), Trigger("signal", "放假")), (throw("x", ""), None), (finish("x", ""), None), (finish("x", "g1"), Trigger("signal", "放假")), (finish("x", "e1"), Trigger("error", "E1")),
        (finish("x", "terminate"), Trigger("terminate")), (boundary("x", "t", "e2"), Trigger("error", "E2")), (boundary("x", "t", "error"), Trigger("error", "")), (boundary("x", "t", "m1"), Trigger("message", "补正")), (catch("x", "2026-12-01"), Trigger("timer", timer=Timer("date", "2026-12-01"))),
        (catch("x", "2026-12-01T09:00:00Z"), Trigger("timer", timer=Timer("date", "2026-12-01T09:00:00Z"))), (catch("x", "PT1H"), Trigger("timer", timer=Timer("duration", "PT1H"))), (catch("x", "P1DT2H"), Trigger("timer", timer=Timer("duration", "P1DT2H"))), (catch("x", "5d"), Trigger("timer", timer=Timer("workdays", "5"))),
        (boundary("x", "t", "10d"), Trigger("timer", timer=Timer("workdays", "10"))),
    ],
)  # fmt: skip
def test_what_an_event_waits_for_or_throws(element: str, trigger: Trigger | None) -> None:
    found = draft("task t", element)
    assert found.faults == []
    assert found.nodes["x"].trigger == trigger


def test_a_message_that_is_thrown_is_sent() -> None:
    thrown, ended = (draft(element).nodes["x"] for element in (throw("x", "m1"), finish("x", "m1")))
    assert [(one.kind, one.work, one.key, one.ends, one.trigger, one.circle) for one in (thrown, ended)] == [
        ("work", "send", "补正", ends, None, True) for ends in (False, True)
    ]


@pytest.mark.parametrize(
    ("element", "found"),
    [
        (catch("x", ""), [("NO_EVENT", "x")]), (boundary("x", "t", ""), [("NO_EVENT", "x")]), (catch("x", "e1"), [("CANNOT_EXECUTE", "errorEventDefinition")]), (catch("x", "terminate"), [("CANNOT_EXECUTE", "terminateEventDefinition")]), (throw("x", "e1"), [("CANNOT_EXECUTE", "errorEventDefinition")]),
        (throw("x", "PT1H"), [("CANNOT_EXECUTE", "timerEventDefinition")]), (finish("x", "PT1H"), [("CANNOT_EXECUTE", "timerEventDefinition")]), (boundary("x", "t", "terminate"), [("CANNOT_EXECUTE", "terminateEventDefinition")]), (finish("x", "error"), [("NO_EVENT", "x")]),
        ('<bpmn:intermediateCatchEvent id="x"><bpmn:messageEventDefinition/></bpmn:intermediateCatchEvent>', [("NO_EVENT", "x")]), ('<bpmn:intermediateCatchEvent id="x"><bpmn:messageEventDefinition messageRef="m9"/></bpmn:intermediateCatchEvent>', [("NO_EVENT", "x")]),
        ('<bpmn:intermediateThrowEvent id="x"><bpmn:signalEventDefinition/></bpmn:intermediateThrowEvent>', [("NO_EVENT", "x")]), ('<bpmn:intermediateCatchEvent id="x"><bpmn:linkEventDefinition/></bpmn:intermediateCatchEvent>', [("CANNOT_EXECUTE", "linkEventDefinition")]),
        ('<bpmn:intermediateCatchEvent id="x"><bpmn:messageEventDefinition messageRef="m1"/><bpmn:signalEventDefinition id="v" signalRef="g1"/></bpmn:intermediateCatchEvent>', [("CANNOT_EXECUTE", "v")]),
        ('<bpmn:startEvent id="x"><bpmn:messageEventDefinition messageRef="m1"/></bpmn:startEvent>', [("CANNOT_EXECUTE", "messageEventDefinition")]),
        ('<bpmn:intermediateCatchEvent id="x"><bpmn:timerEventDefinition/></bpmn:intermediateCatchEvent>', [("NO_TIME", "x")]),
        ('<bpmn:intermediateCatchEvent id="x"><bpmn:timerEventDefinition yc:workingDays="2"><bpmn:timeDate>2026-01-01</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>', [("NO_TIME", "x")]),
        ('<bpmn:intermediateCatchEvent id="x"><bpmn:timerEventDefinition><bpmn:timeCycle id="v">R/PT1H</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>', [("CANNOT_EXECUTE", "v")]),
        (catch("x", "P T"), [("CONDITION", "x")]), (catch("x", "= (1"), [("CONDITION", "x")]),
    ],
)  # fmt: skip
def test_an_event_that_is_not_understood_is_a_fault(element: str, found: list[tuple[str, str]]) -> None:
    read_ = draft("task t", element)
    assert [(fault.code, fault.element) for fault in read_.faults] == found
    assert "v" in dict(found).values() or read_.nodes["x"].trigger is None


def test_a_time_may_be_worked_out() -> None:
    node = draft(catch("x", "= due"), names={"due"}).nodes["x"]
    assert node.trigger
    assert node.trigger.timer
    assert (
        node.trigger.timer.kind,
        node.trigger.timer.text,
        node.trigger.timer.expression and node.trigger.timer.expression.text,
    ) == ("duration", "= due", " due")
    assert [fault.code for fault in draft(catch("x", "= due"), names={"other"}).faults] == ["CONDITION"]


@pytest.mark.parametrize("text", ["P1Y", "P2M", "P3W", "P4D", "PT5H", "PT6M", "PT7S", "P1Y2M3DT4H5M6S", "P10000D"])
def test_durations_of_timers(text: str) -> None:
    assert DURATION.fullmatch(text)


@pytest.mark.parametrize("text", ["P", "PT", "P1", "1D", "P1DT", "P10000Y", "-P1D", "P1.5D", "PT1D"])
def test_what_is_no_duration(text: str) -> None:
    assert not DURATION.fullmatch(text)
    assert not MOMENT.fullmatch(text)


def test_names_of_errors_are_their_codes_and_else_their_names_or_ids() -> None:
    top = '<bpmn:error id="a" errorCode="C" name="n"/><bpmn:error id="b" name=" n "/><bpmn:error id="c"/><bpmn:message id="d"/><bpmn:message name="x"/>'
    ends = [f'<bpmn:endEvent id="{id}x"><bpmn:errorEventDefinition errorRef="{id}"/></bpmn:endEvent>' for id in "abc"]
    found = draft(*ends, '<bpmn:sendTask id="dx" messageRef="d"/>', top=top)
    assert [node.trigger.name if node.trigger else node.key for node in found.nodes.values()] == ["C", "n", "c", "d"]


def test_boundary_events_are_attached_to_an_activity_of_the_same_process() -> None:
    found = draft(
        "task t",
        boundary("b", "t", "PT1H"),
        boundary("c", "t", "m1", interrupting=False),
        work("service", "w"),
        boundary("d", "w", "m1"),
    )
    assert (found.nodes["t"].boundaries, found.nodes["w"].boundaries) == (("b", "c"), ("d",))
    assert [(found.nodes[id].attached, found.nodes[id].interrupting) for id in "bcd"] == [
        ("t", True),
        ("t", False),
        ("w", True),
    ]
    for wrong in (
        boundary("b", "nobody", "m1"),
        boundary("b", "s", "m1"),
        boundary("b", "g", "m1"),
        boundary("b", "inner", "m1"),
    ):
        lines = ("start s", "and g", *sub("u", "task inner"), wrong)
        assert [(fault.code, fault.element) for fault in draft(*lines).faults] == [("ATTACHED", "b")]
    assert [fault.code for fault in draft('<bpmn:scriptTask id="v"/>', boundary("b", "v", "m1")).faults] == [
        "CANNOT_EXECUTE"
    ]
