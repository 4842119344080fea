"""Everything in which a process can wait, step by step, and the ways back to an earlier step."""

from typing import Any

import pytest
from tests.engine.processes import CHOICE, EVENTS, LOOP, SEQUENCE, TWO_DEPARTMENTS, boundary, bpmn, catch, sub

from yichuang.engine.bpmn.back import way_back
from yichuang.engine.bpmn.explore import explore
from yichuang.engine.bpmn.graph import ProcessModel
from yichuang.engine.bpmn.process import read_process
from yichuang.engine.bpmn.run import Mark, any_choice
from yichuang.engine.values import parse_process


def names(marks: Any) -> str:
    return "+".join(sorted(mark.node for mark in marks)) or "end"


def moves(xml: bytes, start: str = "s", limit: int = 100) -> dict[str, list[str]]:
    """Each marking → who moves and what comes then."""
    found = explore(read_process(xml).net, start, limit)
    assert not found.endless
    told: dict[str, list[str]] = {}
    for marks, nexts in found.markings.items():
        told.setdefault(names(marks), []).extend(sorted(f"{who}>{names(after)}" for who, after in nexts))
    return told


def test_one_after_the_other() -> None:
    assert moves(SEQUENCE) == {"a": ["a>b"], "b": ["b>end"], "end": []}


def test_both_branches_in_any_order_and_the_join_waits() -> None:
    assert moves(TWO_DEPARTMENTS) == {
        "a+b": ["a>b+join", "b>a+join"], "b+join": ["b>d"], "a+join": ["a>d"], "d": ["d>end"], "end": [],
    }  # fmt: skip


def test_every_way_that_a_gateway_could_choose() -> None:
    assert moves(CHOICE) == {"a": ["a>d", "a>end", "a>site"], "site": ["site>d"], "d": ["d>end"], "end": []}
    assert moves(LOOP) == {"a": ["a>a", "a>end"], "end": []}
    either = bpmn(
        "start s",
        'or o default="o_c"',
        "task a",
        "task b",
        "task c",
        "or j",
        "end e",
        "s o",
        "o a x = 1",
        "o b x = 2",
        "o c",
        "a j",
        "b j",
        "c j",
        "j e",
    )
    assert moves(either) == {
        "c": ["c>end"],
        "a": ["a>end"],
        "b": ["b>end"],
        "a+b": ["a>b+j", "b>a+j"],
        "b+j": ["b>end"],
        "a+j": ["a>end"],
        "end": [],
    }


def test_events_come_or_do_not() -> None:
    taken = bpmn(
        "start s", "task a", boundary("b", "a", "m1"), "task c", "end e", "s a", "a e", "b c", "c e", top=EVENTS
    )
    assert moves(taken) == {"a": ["a>end", "b>c"], "c": ["c>end"], "end": []}
    beside = bpmn(
        "start s",
        "task a",
        boundary("b", "a", "m1", interrupting=False),
        "task c",
        "end e",
        "end f",
        "s a",
        "a e",
        "b c",
        "c f",
        top=EVENTS,
    )
    assert moves(beside) == {"a": ["a>end", "b>a+c"], "a+c": ["a>c", "c>a"], "c": ["c>end"], "end": []}
    first = bpmn(
        "start s",
        "event v",
        catch("x", "m1"),
        catch("y", "PT1H"),
        "task a",
        "end e",
        "s v",
        "v x",
        "v y",
        "x a",
        "y e",
        "a e",
        top=EVENTS,
    )
    assert moves(first) == {"v": ["x>a", "y>end"], "a": ["a>end"], "end": []}


def test_a_sub_process_is_one_step_and_has_steps_of_its_own() -> None:
    xml = bpmn("start s", *sub("u", "start us", "task a", "end ue", "us a", "a ue"), "end e", "s u", "u e")
    assert moves(xml) == {"u": ["u>end"], "end": []}
    assert moves(xml, "us") == {"a": ["a>end"], "end": []}


def test_what_would_be_done_twice_is_named_and_what_is_too_much_is_said() -> None:
    twice = bpmn(
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
    assert explore(read_process(twice).net, "s", 100).crowded == {"c"}
    net = read_process(TWO_DEPARTMENTS).net
    assert [explore(net, "s", limit).endless for limit in (1, 2, 3, 4, 5)] == [True, True, True, True, False]
    assert explore(net, "s", 5).crowded == set()


def test_a_choice_of_conditions_is_all_of_their_combinations() -> None:
    def ways(*lines: str, node: str = "o") -> list[str]:
        model = read_process(bpmn("start s", *lines))
        return sorted(
            "+".join(one.rpartition("_")[2] for one in way) for way in any_choice(model.net)(model.nodes[node])
        )

    ends = ("end a", "end b", "end c")
    assert ways("xor o", *ends, "s o", "o a x = 1", "o b x = 2", "o c") == ["a", "b", "c"]
    assert ways('or o default="o_c"', *ends, "s o", "o a x = 1", "o b x = 2", "o c") == ["a", "a+b", "b", "c"]
    assert ways("or o", "end a", "end b", "s o", "o a x = 1", "o b x = 2") == ["a", "a+b", "b"]
    assert ways("and o", *ends, "s o", "o a", "o b", "o c") == ["a+b+c"]
    assert ways(
        '<bpmn:userTask id="o" name="审" yc:nameEn="R" yc:post="A.b" default="o_c"/>',
        *ends,
        "s o",
        "o a",
        "o b x = 2",
        "o c",
    ) == ["a", "a+b"]
    assert ways("end e", "s e", node="e") == [""]
    assert ways("and o", "end a", "s o", "o a x = 1") == ["a"]


# ── ways back ─────────────────────────────────────────────────────────────────────────────────────────────────────
def back(model: ProcessModel, now: str, current: str, target: str) -> str | None:
    marks = frozenset(mark for one in now.split() for mark in [Mark(*one.split("<"))])
    (mark,) = [one for one in marks if one.node == current]
    found = way_back(model, marks, mark, target)
    return None if found is None else " ".join(sorted(f"{one.node}<{one.flow}" for one in found))


THREE = bpmn(
    "start s", "task a", "and f", "task b", "task c", "task d", "and j", "task g", "end e",
    "s a", "a f", "f b", "f c", "c d", "b j", "d j", "j g", "g e",
)  # fmt: skip


@pytest.mark.parametrize(
    ("now", "current", "target", "then"),
    [
        ("b<f_b d<c_d", "d", "c", "b<f_b c<f_c"), ("b<f_b d<c_d", "d", "a", "a<s_a"), ("b<f_b d<c_d", "b", "a", "a<s_a"), ("b<f_b d<c_d", "b", "c", None), ("b<f_b c<f_c", "c", "d", None), ("b<f_b d<c_d", "d", "g", None), ("b<f_b d<c_d", "d", "nobody", None),
        ("j<b_j d<c_d", "d", "c", "c<f_c j<b_j"), ("j<b_j d<c_d", "d", "b", None), ("g<j_g", "g", "b", "b<f_b j<d_j"), ("g<j_g", "g", "d", "d<c_d j<b_j"), ("g<j_g", "g", "c", "c<f_c j<b_j"), ("g<j_g", "g", "a", "a<s_a"), ("g<j_g", "g", "g", None),
    ],
)  # fmt: skip
def test_work_goes_back_and_as_much_as_possible_is_left_alone(
    now: str, current: str, target: str, then: str | None
) -> None:
    assert back(parse_process(THREE), now, current, target) == then


def test_in_a_loop_a_step_may_come_before_itself() -> None:
    xml = bpmn(
        "start s",
        "xor m",
        "task a",
        'xor x default="x_b"',
        "task b",
        "end e",
        "s m",
        "m a",
        "a x",
        "x m v = 1",
        "x b",
        "b e",
    )
    model = parse_process(xml)
    assert back(model, "b<x_b", "b", "a") == "a<m_a"
    assert back(model, "a<m_a", "a", "a") == "a<m_a"
    assert back(model, "a<m_a", "a", "b") is None


def test_where_a_step_has_to_be_done_twice_there_is_no_way_back_to_it() -> None:
    """Each time that `t` is done it may come again beside `p`: `p` and `r` at once means that it was done twice."""
    xml = bpmn("start s", "task t", "task p", "task r", "end e", "s t", "t p", "t t x = 1", "p r", "r e")
    model = read_process(xml)
    assert back(model, "r<p_r t<t_t", "r", "p") == "p<t_p t<t_t"
    assert back(model, "p<t_p r<p_r", "r", "t") is None


def test_a_loop_that_lies_ahead_does_not_keep_it_looking_for_ever() -> None:
    xml = bpmn(
        "start s", "task a", "task c", "xor m", "task b", 'xor x default="x_e"', "end e",
        "s a", "a c", "c m", "m b", "b x", "x m v = 1", "x e",
    )  # fmt: skip
    model = parse_process(xml)
    assert back(model, "a<s_a", "a", "c") is None
    assert back(model, "b<m_b", "b", "c") == "c<a_c"
