"""The measure of the tests is tested: which changes it makes, what it draws, and that a change that never ends is noticed."""

import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest
from tests.mutants import (
    LOADING,
    MEMORY,
    Fate,
    Known,
    allow,
    drawn,
    fate,
    functions_at,
    interval,
    longest,
    swap_code,
    within,
)
from tests.mutations import mutants


def changed(source: str) -> list[str]:
    return [mutant.source for mutant in mutants(dedent(source))]


@pytest.mark.parametrize(
    ("source", "then"),
    [
        ("a < b", ["a <= b"]), ("a == b", ["a != b"]), ("a in b", ["a not in b"]), ("a < b < c", []), ("a + b", ["a - b"]), ("a // b", ["a * b"]), ("a | b", ["a & b"]), ("not a", ["a"]), ("True", ["False"]), ("2", ["3"]), ("0.5", ["1.5"]), ("'text'", []),
        ("a and b", ["a or b", "b", "a"]), ("a or b or c", ["a and b and c", "b or c", "a or c", "a or b"]), ("a if b else c", ["a if not b else c"]), ("{(a, b): c, (d, e): f}", ["{(d, e): f}", "{(a, b): c}"]), ("{a: b}", []),
    ],
)  # fmt: skip
def test_one_thing_is_changed_at_a_time(source: str, then: list[str]) -> None:
    assert changed(source) == then


def test_decorators_annotations_and_asserts_are_left_alone() -> None:
    assert changed("""
        @kept(1)
        def f(a: Is[2] = 3) -> Is[4]:
            assert a < 5
    """) == ["@kept(1)\ndef f(a: Is[2]=4) -> Is[4]:\n    assert a < 5"]


def test_a_change_knows_its_line_and_whether_it_lies_inside_a_function() -> None:
    found = [(one.line, one.inside, one.what) for one in mutants("LEAST = 1\ndef f(a=2):\n    return 3\n")]
    assert found == [(1, False, "1  →  2"), (2, False, "2  →  3"), (3, True, "3  →  4")]


def for_ever() -> int:
    allow(0.02)
    while True:
        pass


def too_much() -> int:
    return len(bytearray(MEMORY + 1)) * 0


@pytest.mark.parametrize(
    ("work", "found"),
    [(lambda: 0, Fate.SURVIVED), (lambda: 1, Fate.NOTICED), (lambda: int("red"), Fate.NOTICED), (for_ever, Fate.ENDLESS), (too_much, Fate.NOTICED)],
    ids=["green", "red", "raises", "endless", "memory"],
)  # fmt: skip
def test_what_turns_red_what_never_ends_and_what_survives_are_told_apart(work: Callable[[], int], found: Fate) -> None:
    assert fate(work) is found


def test_a_test_has_many_times_what_it_took_and_never_less_than_some_seconds() -> None:
    assert longest(0.0) >= 1
    assert longest(1.0) >= 10
    assert longest(0.0) < LOADING


def test_the_same_seed_draws_the_same_changes_and_without_a_sample_all_are_tried() -> None:
    modules = ["yichuang.visits.rules.order", "yichuang.visits.rules.queues"]
    every = [(module, change.made()) for module, change in drawn(modules, 0, 1)]
    some = [[(module, change.made()) for module, change in drawn(modules, 9, seed)] for seed in (1, 1, 2)]
    assert len(every) > len(some[0]) == 9
    assert some[0] == some[1] != some[2]
    assert all(one in every for one in some[2])
    assert len(drawn(modules, 10_000, 1)) == len(every)


def test_the_interval_of_a_share_by_hand() -> None:
    """8 of 10: (0.8 + 0.19207 ± 1.96 · √(0.016 + 0.009604)) / 1.38416, as in every table of Wilson's interval."""
    assert [round(end, 3) for end in interval(8, 10)] == [0.49, 0.943]


def test_of_the_tests_that_call_a_function_the_first_take_part_for_so_long() -> None:
    tests = [Known(name, lambda: None, cost, frozenset()) for name, cost in (("a", 1.0), ("b", 2.0), ("c", 4.0))]
    assert [one.name for one in within(3.0, tests)] == ["a", "b"]
    assert [one.name for one in within(0.5, tests)] == ["a"], "one at least"


def test_loaded_functions_get_the_changed_code_and_a_line_knows_its_function(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "class Rule:\n    def holds(self, n):\n        return n < 3\n"
    module = ModuleType("made_up")
    exec(compile(source, "made_up", "exec"), module.__dict__)
    monkeypatch.setitem(sys.modules, "made_up", module)
    rule = module.Rule()
    assert not rule.holds(3)
    swap_code("made_up", changed(source)[0])
    assert rule.holds(3)
    file = tmp_path / "made_up.py"
    file.write_text(source, encoding="utf-8")
    assert functions_at(file, 3) == {(str(file), 2, "holds")}
    assert functions_at(file, 1) == set()
