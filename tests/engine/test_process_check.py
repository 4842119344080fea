"""The checker names every fault at once, with its line and what to do."""

from typing import Any

import pytest
from tests.engine.processes import CHOICE, HEAD, LOOP, SEQUENCE, TAIL, TWO_DEPARTMENTS, bpmn

from yichuang.engine.values import ProcessFaults, parse_process


def faults(xml: bytes, **more: Any) -> set[tuple[str, str]]:
    with pytest.raises(ProcessFaults) as caught:
        parse_process(xml, **more)
    for fault in caught.value.faults:
        assert fault.line >= 1
        assert fault.words.zh
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in fault.words.en)
    return {(fault.code, fault.element) for fault in caught.value.faults}


@pytest.mark.parametrize("xml", [SEQUENCE, TWO_DEPARTMENTS, CHOICE, LOOP])
def test_sound_processes_are_read(xml: bytes) -> None:
    model = parse_process(xml)
    assert model.name.en == "Sample"
    assert parse_process(xml) is model  # compiled once


def test_tasks_come_in_the_order_of_the_process_with_post_act_and_department() -> None:
    tasks = parse_process(TWO_DEPARTMENTS).tasks
    assert [(task.id, task.post, task.act, task.department) for task in tasks] == [
        ("a", "CGZF.review", "review", "CGZF"),
        ("b", "GAFJ.review", "review", "GAFJ"),
        ("d", "CGZF.decide", "decide", "CGZF"),
    ]


def test_every_fault_is_named_at_once_in_the_order_of_lines() -> None:
    xml = bpmn(
        "start s",
        '<bpmn:userTask id="a" name="初审"/>',
        "task b CGZF.review approve",
        '<bpmn:scriptTask id="v" name="自动核验"/>',
        "xor x",
        "end e",
        "s a",
        "a b",
        "a x",
        "b v",
        "v e",
        "x e amount < < 3",
        "x gone",
        "task lost",
    )
    with pytest.raises(ProcessFaults) as caught:
        parse_process(xml)
    found = [(fault.line, fault.code, fault.element) for fault in caught.value.faults]
    assert found == sorted(found, key=lambda one: (one[0], one[2]))
    assert {(code, element) for _, code, element in found} == {
        ("NO_ENGLISH", "a"),
        ("NO_POST", "a"),
        ("IMPLICIT_FORK", "a"),
        ("ACT", "b"),
        ("CANNOT_EXECUTE", "v"),
        ("NO_DEFAULT", "x"),
        ("CONDITION", "x_e"),
        ("LOOSE_FLOW", "x_gone"),
        ("UNREACHABLE", "lost"),
        ("DEAD_END", "lost"),
    }
    by_code = {fault.code: fault for fault in caught.value.faults}
    assert by_code["CANNOT_EXECUTE"].words.zh == "还不能执行脚本任务“自动核验”"
    assert by_code["CANNOT_EXECUTE"].line == 7
    assert "并行网关" in by_code["IMPLICIT_FORK"].words.zh  # said with the others; alone it is a warning
    assert "第 10 列" in by_code["CONDITION"].words.zh


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["start s", "task a", "s a"], {("DEAD_END", "a"), ("NO_END", "p")}),
        (["start s", "start t", "task a", "end e", "s a", "t a", "a e"], {("ONE_START", "p")}),
        (["task a", "end e", "a e"], {("ONE_START", "p"), ("UNREACHABLE", "a")}),
        (["start s", "end e", "s e", "task a", "task b", "a b", "b a"], {("UNREACHABLE", "a"), ("UNREACHABLE", "b")}),
        (["start s", "task a", "end e", "s a", "a e x = 1"], {("CONDITION_PLACE", "a_e")}),
        (
            ["start s", 'xor x default="x_e"', "task a", "end e", "s x", "x a", "x e", "a e"],
            {("NO_CONDITION", "x_a")},
        ),
        (
            ["start s", 'xor x default="x_e"', "end e", "end f", "s x", "x e a = 1", "x f a = 2"],
            {("DEFAULT_CONDITION", "x_e")},
        ),
        (["start s", 'xor x default="s_x"', "end e", "s x", "x e"], {("DEFAULT", "x")}),
        (
            ["start s", "task a", 'xor x default="x_e"', "end e", "end f", "s a", "a x", "x e", "x f outcomes.b = 1"],
            {("NO_SUCH_TASK", "x_f")},
        ),
        (
            ["start s", "xor m", 'xor x default="x_e"', "end e", "s m", "m x", "x m a = 1", "x e"],
            {("LOOP", "m"), ("LOOP", "x")},
        ),
        (["start s", "task a", "task a", "end e", "s a", "a e"], {("ID", "a")}),
        (["start s", "end e", "s e", "e s"], {("START", "s"), ("END", "e")}),
    ],
)
def test_faults_of_form(lines: list[str], expected: set[tuple[str, str]]) -> None:
    assert faults(bpmn(*lines)) == expected


def test_a_join_that_an_exclusive_split_never_fills_is_found() -> None:
    xml = bpmn(
        "start s",
        'xor x default="x_b"',
        "task a",
        "task b",
        "and j",
        "end e",
        "s x",
        "x a v = 1",
        "x b",
        "a j",
        "b j",
        "j e",
    )
    assert faults(xml) == {("WAITS_FOR_EVER", "j")}


def test_a_step_that_would_run_twice_is_found() -> None:
    xml = bpmn(
        "start s",
        "and f",
        "task a",
        "task b",
        "xor m",
        "task c",
        "end e",
        "s f",
        "f a",
        "f b",
        "a m",
        "b m",
        "m c",
        "c e",
    )
    assert faults(xml) == {("TWICE", "c")}


def test_unknown_variables_are_found_when_the_names_are_given() -> None:
    assert faults(CHOICE, names={"answers"}) == {("CONDITION", "x_site")}
    assert parse_process(CHOICE, names={"risk"}).tasks


def test_lanes_give_posts() -> None:
    lane = (
        '<bpmn:laneSet id="l"><bpmn:lane id="l1" name="RLZY.review"><bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane>'
        '<bpmn:lane id="l2" name="城管" yc:post="CGZF.review"><bpmn:flowNodeRef>b</bpmn:flowNodeRef>'
        "<bpmn:flowNodeRef>gone</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )
    tasks = '<bpmn:userTask id="{0}" name="审" yc:nameEn="Review"/>'
    xml = bpmn(lane, "start s", tasks.format("a"), tasks.format("b"), "end e", "s a", "a b", "b e")
    assert faults(xml) == {("LANE", "gone")}
    model = parse_process(xml.replace(b"<bpmn:flowNodeRef>gone</bpmn:flowNodeRef>", b""))
    assert [task.post for task in model.tasks] == ["RLZY.review", "CGZF.review"]


@pytest.mark.parametrize(
    "element",
    [
        '<bpmn:boundaryEvent id="w" attachedToRef="a"><bpmn:escalationEventDefinition id="v"/></bpmn:boundaryEvent>',
        '<bpmn:complexGateway id="v"/>',
        '<bpmn:subProcess id="v" triggeredByEvent="true"><bpmn:startEvent id="i"/></bpmn:subProcess>',
        '<bpmn:boundaryEvent id="w" attachedToRef="a"><bpmn:timerEventDefinition><bpmn:timeCycle id="timeCycle">R3/PT1H'
        "</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:boundaryEvent>",
        '<bpmn:transaction id="v"/>',
        '<bpmn:dataObject id="v"/>',
        '<bpmn:somethingNew id="v"/>',
    ],
)
def test_what_cannot_be_executed_is_listed(element: str) -> None:
    found = faults(bpmn("start s", "task a", "end e", "s a", "a e", element))
    assert ("CANNOT_EXECUTE", "v") in found or ("CANNOT_EXECUTE", "timeCycle") in found


def test_markers_inside_a_known_element_are_listed_too() -> None:
    xml = bpmn(
        '<bpmn:startEvent id="s"><bpmn:timerEventDefinition id="t"/></bpmn:startEvent>',
        '<bpmn:userTask id="a" name="审" yc:nameEn="Review" yc:post="A.b"><bpmn:standardLoopCharacteristics id="m"/>'
        "</bpmn:userTask>",
        "end e",
        "s a",
        "a e",
    )
    assert faults(xml) == {("CANNOT_EXECUTE", "t"), ("CANNOT_EXECUTE", "m")}


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"", "NO_XML"),
        (b"<a>", "NO_XML"),
        (b"<html/>", "NO_BPMN"),
        (SEQUENCE.replace(b'encoding="UTF-8"?>', b'encoding="UTF-8"?><!DOCTYPE x [<!ENTITY a "b">]>'), "DOCTYPE"),
        (
            SEQUENCE.replace(b'encoding="UTF-8"?>', b'encoding="UTF-8"?><!DOCTYPE x SYSTEM "file:///etc/passwd">'),
            "DOCTYPE",
        ),
        (b" " * 1_000_001, "TOO_LARGE"),
        ((HEAD.split("<bpmn:process")[0] + "</bpmn:definitions>").encode(), "ONE_PROCESS"),
        (bpmn(*(f"task t{n}" for n in range(301))), "TOO_MANY"),
    ],
)
def test_files_that_are_no_process(xml: bytes, code: str) -> None:
    assert code in {one for one, _ in faults(xml)}


def test_a_pool_is_fine_and_message_flows_are_not() -> None:
    pool = (
        b'<bpmn:collaboration id="c"><bpmn:participant id="pool" processRef="p"/>%s</bpmn:collaboration><bpmn:process'
    )
    assert parse_process(SEQUENCE.replace(b"<bpmn:process", pool % b"", 1)).tasks
    flow = b'<bpmn:messageFlow id="mf" sourceRef="a" targetRef="b"/>'
    assert faults(SEQUENCE.replace(b"<bpmn:process", pool % flow, 1)) == {("CANNOT_EXECUTE", "mf")}


def test_too_many_parallel_combinations_are_refused_rather_than_believed() -> None:
    lines = ["start s", "and f", "and j", "end e", "s f", "j e"]
    for n in range(17):
        lines += [f"task t{n}", f"f t{n}", f"t{n} j"]
    assert faults(bpmn(*lines)) == {("TOO_COMPLEX", "p")}


def test_comments_annotations_and_other_tools_marks_are_no_fault() -> None:
    extra = (
        '<!-- 说明 --><bpmn:documentation>说明</bpmn:documentation><bpmn:textAnnotation id="n"/>'
        '<x:tool xmlns:x="https://other.example"/><bpmn:extensionElements/>'
    )
    assert parse_process((HEAD + extra + SEQUENCE.decode().removeprefix(HEAD).removesuffix(TAIL) + TAIL).encode()).tasks
