"""Where tokens stand in a new version of a process, or why they cannot: the plan alone, without a database."""

import pytest
from tests.engine.processes import bpmn, several, sub

from yichuang.engine.bpmn.play import Place
from yichuang.engine.bpmn.run import Mark
from yichuang.engine.bpmn.versions import plan
from yichuang.engine.values import ProcessModel, parse_process

OLD = parse_process(
    bpmn(
        "start s", "and f", "task a", "task b", "and j", *sub("u", "start us", "task i", "end ue", "us i", "i ue"), "end e",
        "s f", "f a", "f b", "a j", "b j", "j u", "u e",
    )
)  # fmt: skip
SAME = {"a": "a", "b": "b", "j": "j", "u": "u", "i": "i"}
A, B = Mark("a", "f_a"), Mark("b", "f_b")


def new(*lines: str) -> ProcessModel:
    return parse_process(bpmn(*lines))


def codes(model: ProcessModel, marking: dict[str, frozenset[Mark]], names: dict[str, str]) -> list[tuple[str, str]]:
    found = plan(OLD, model, marking, names)
    assert (found.places == {}) == bool(found.obstacles)
    assert all(one.words.zh and one.words.en for one in found.obstacles)
    return [(one.node, one.code) for one in found.obstacles]


def test_the_same_process_takes_every_token_where_it_stands() -> None:
    for marking in (
        {"": frozenset({A, B})},
        {"": frozenset({A, Mark("j", "b_j")})},
        {"": frozenset({Mark("u", "j_u")}), "/u": frozenset({Mark("i", "us_i")})},
    ):
        found = plan(OLD, OLD, marking, SAME)
        assert found.obstacles == ()
        here = {Place(scope, mark) for scope, marks in marking.items() for mark in marks}
        assert found.places == {one: one for one in here}


RENAMED = new(
    "start s", "and f", "task one", "task two", "and meet",
    *sub("inside", "start us", "task deep", "end ue", "us deep", "deep ue"), "end e",
    "s f", "f one", "f two", "one meet", "two meet", "meet inside", "inside e",
)  # fmt: skip


def test_names_scopes_and_flows_are_those_of_the_new_version() -> None:
    names = {"a": "one", "b": "two", "j": "meet", "u": "inside", "i": "deep", "b_j": "two_meet"}
    found = plan(OLD, RENAMED, {"": frozenset({A, Mark("j", "b_j")})}, names)
    assert found.places == {
        Place("", A): Place("", Mark("one", "f_one")),
        Place("", Mark("j", "b_j")): Place("", Mark("meet", "two_meet")),
    }
    inner = {"": frozenset({Mark("u", "j_u")}), "/u": frozenset({Mark("i", "us_i")})}
    assert plan(OLD, RENAMED, inner, names).places == {
        Place("", Mark("u", "j_u")): Place("", Mark("inside", "meet_inside")),
        Place("/u", Mark("i", "us_i")): Place("/inside", Mark("deep", "us_deep")),
    }
    join = {"": frozenset({A, Mark("j", "b_j")})}
    assert codes(RENAMED, join, {key: names[key] for key in ("a", "j")}) == [("j", "FLOW")]


def test_each_token_without_a_place_is_named() -> None:
    both = {"": frozenset({A, B})}
    assert codes(OLD, both, {}) == [("a", "NOT_MAPPED"), ("b", "NOT_MAPPED")]
    assert codes(OLD, both, {"a": "gone", "b": "b"}) == [("a", "NO_NODE")]
    assert codes(OLD, both, {"a": "j", "b": "b"}) == [("a", "KIND")]
    assert codes(OLD, both, {"a": "i", "b": "b"}) == [("a", "CONTAINER")]
    inside = {"": frozenset({Mark("u", "j_u")}), "/u": frozenset({Mark("i", "us_i")})}
    assert codes(OLD, inside, {"u": "u", "i": "a"}) == [("i", "CONTAINER")]
    assert codes(OLD, inside, {"i": "i"}) == [("u", "NOT_MAPPED"), ("i", "NOT_MAPPED")]


def test_two_tokens_never_come_to_one_place_and_only_where_the_new_process_could_have_them() -> None:
    row = new("start s", "task a", "task b", "end e", "s a", "a b", "b e")
    assert codes(row, {"": frozenset({A, B})}, {"a": "a", "b": "b"}) == [("a", "UNREACHABLE"), ("b", "UNREACHABLE")]
    assert ("b", "TWICE") in codes(row, {"": frozenset({A, B})}, {"a": "a", "b": "a"})
    assert codes(row, {"": frozenset({A})}, {"a": "b"}) == []


JOINT = (
    '<bpmn:userTask id="a" name="会签" yc:nameEn="Review" yc:post="A.b">'
    + several('yc:posts="{}"{}')
    + "</bpmn:userTask>"
)


def joint(posts: str, more: str = "") -> ProcessModel:
    return new("start s", JOINT.format(posts, more), "end e", "s a", "a e")


@pytest.mark.parametrize(
    ("posts", "more", "expected"),
    [
        ("A.b C.d", "", []),
        ("A.b E.f", "", []),
        ("A.b C.d E.f", "", ["SEATS"]),
        ("A.b C.d", ' isSequential="true"', ["SEATS"]),
    ],
)
def test_seats_side_by_side_stay_as_many(posts: str, more: str, expected: list[str]) -> None:
    found = plan(joint("A.b C.d"), joint(posts, more), {"": frozenset({Mark("a", "s_a")})}, {"a": "a"})
    assert [one.code for one in found.obstacles] == expected


@pytest.mark.parametrize(
    ("posts", "more", "expected"),
    [
        ("A.b C.d", ' isSequential="true"', []),
        ("A.b C.d E.f", ' isSequential="true"', ["SEVERAL"]),
        ("A.b C.d", "", ["SEATS", "SEATS"]),
    ],
)
def test_one_after_the_other_stay_as_many(posts: str, more: str, expected: list[str]) -> None:
    old = joint("A.b C.d", ' isSequential="true"')
    marking = {"": frozenset({Mark("a", "s_a")}), "/a:1": frozenset({Mark("a", "s_a")})}
    found = plan(old, joint(posts, more), marking, {"a": "a"})
    assert [one.code for one in found.obstacles] == expected
    if not expected:
        assert set(found.places) == {Place(scope, mark) for scope, marks in marking.items() for mark in marks}


def test_a_step_of_several_inside_a_sub_process_goes_over_with_its_scope() -> None:
    task = JOINT.format("A.b C.d", ' isSequential="true"')
    inside = sub("u", "start us", task, "end ue", "us a", "a ue")
    model = new("start s", *inside, "end e", "s u", "u e")
    held = Mark("a", "us_a")
    marking = {"": frozenset({Mark("u", "s_u")}), "/u": frozenset({held}), "/u/a:1": frozenset({held})}
    found = plan(model, model, marking, {"u": "u", "a": "a"})
    assert found.obstacles == ()
    assert {place.scope for place in found.places.values()} == {"", "/u", "/u/a:1"}


def test_a_step_with_several_ways_in_takes_the_first_where_its_own_is_gone() -> None:
    many = new(
        "start s", 'xor x default="x_a"', "task b", "xor m", "task a", "end e",
        "s x", "x b 1 > 2", "x a", "b m", "m a", "a e",
    )  # fmt: skip
    row = new("start s", "task a", "end e", "s a", "a e")
    found = plan(row, many, {"": frozenset({Mark("a", "s_a")})}, {"a": "a"})
    assert found.places == {Place("", Mark("a", "s_a")): Place("", Mark("a", "x_a"))}
    back = plan(many, row, {"": frozenset({Mark("a", "m_a")})}, {"a": "a"})
    assert back.places == {Place("", Mark("a", "m_a")): Place("", Mark("a", "s_a"))}
