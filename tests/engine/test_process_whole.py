"""The whole subset in memory: events, sub-processes, several instances, inclusive joins, errors."""

from datetime import date, datetime
from typing import Any

import pytest
from tests.engine.processes import EVENTS, boundary, bpmn, catch, finish, several, sub, throw, work

from yichuang.core.clock import SHANGHAI
from yichuang.core.workdays import Calendar
from yichuang.engine.bpmn.graph import Timer
from yichuang.engine.bpmn.play import BadCount, Memory, Place, Play, events_at, is_held
from yichuang.engine.bpmn.run import Stuck
from yichuang.engine.bpmn.timers import NoTime, due
from yichuang.engine.feel.expression import compile_expression
from yichuang.engine.values import ProcessFaults, parse_process


class Game:
    """A process played in memory; places are named `node`, or `scope/node` inside."""

    def __init__(self, xml: bytes, **variables: Any) -> None:
        self.model = parse_process(xml)
        self.memory = Memory(dict(variables), {})
        self.marking: dict[str, Any] = {}
        self.ended: list[str] = []
        play = Play(self.model, self.marking, self.memory)
        play.begin()
        self._after(play)

    def _after(self, play: Play) -> None:
        self.play, self.marking = play, play.marking
        self.ended += play.ended

    @property
    def at(self) -> dict[str, Place]:
        """Where it waits for somebody or something; joins that wait are left out."""
        kinds = {"task", "work", "receive", "catch", "event"}
        return {
            f"{scope}/{mark.node}".removeprefix("/"): Place(scope, mark)
            for scope, marks in self.marking.items()
            for mark in marks
            if self.model.nodes[mark.node].kind in kinds and not is_held(self.model, Place(scope, mark))
        }

    @property
    def open(self) -> set[str]:
        return set(self.at)

    def _new(self) -> Play:
        return Play(self.model, self.marking, self.memory)

    def do(self, name: str, said: str = "agree", **values: Any) -> set[str]:
        play = self._new()
        play.complete(self.at[name], said, values)
        self._after(play)
        return self.open

    def come(self, event: str) -> set[str] | None:
        """An event comes to whoever waits for it; None when it is not heard."""
        play = self._new()
        place = next(
            Place(scope, mark)
            for scope, marks in self.marking.items()
            for mark in marks
            if event in events_at(self.model, Place(scope, mark))
        )
        if not play.fire(place, event):
            return None
        self._after(play)
        return self.open

    def fail(self, name: str, code: str) -> set[str] | None:
        play = self._new()
        if not play.fail(self.at[name], code):
            return None
        self._after(play)
        return self.open


def test_work_outside_is_waited_for_and_what_it_found_decides() -> None:
    game = Game(
        bpmn(
            "start s", work("service", "v"), 'xor x default="x_b"', "task a", "task b", "end e",
            "s v", "v x", "x a hits > 0", "x b", "a e", "b e",
        )
    )  # fmt: skip
    assert game.open == {"v"}
    assert game.do("v", hits=2) == {"a"}
    assert game.do("a") == set()
    assert game.play.finished
    assert game.ended == ["e"]


def inclusive() -> bytes:
    return bpmn(
        "start s", 'or f default="f_c"', "task a", "task b", "task c", "or j", "task d", "end e",
        "s f", "f a pick > 0", "f b pick > 1", "f c", "a j", "b j", "c j", "j d", "d e",
    )  # fmt: skip


@pytest.mark.parametrize(("pick", "chosen"), [(0, "c"), (1, "a"), (2, "ab")])
def test_an_inclusive_gateway_opens_what_holds_and_its_join_waits_for_just_those(pick: int, chosen: str) -> None:
    game = Game(inclusive(), pick=pick)
    assert game.open == set(chosen)
    for one in chosen:
        assert game.open >= {one}
        game.do(one)
    assert game.open == {"d"}
    game.do("d")
    assert game.play.finished


def test_an_inclusive_join_waits_for_tokens_that_come_by_way_of_a_boundary_event() -> None:
    game = Game(
        bpmn(
            "start s", "and f", "task a", boundary("late", "a", "PT1H"), "task b", "task c", "or j", "end e",
            "s f", "f a", "f b", "late c", "a j", "b j", "c j", "j e",
        )
    )  # fmt: skip
    game.do("b")
    assert game.open == {"a"}
    assert game.come("late") == {"c"}
    assert game.do("c") == set()
    assert game.play.finished


def test_several_flows_out_of_a_task_are_all_taken_and_it_is_said() -> None:
    xml = bpmn("start s", "task a", "task b", "task c", "and j", "end e", "s a", "a b", "a c", "b j", "c j", "j e")
    assert [fault.code for fault in parse_process(xml).warnings] == ["IMPLICIT_FORK"]
    game = Game(xml)
    assert game.do("a") == {"b", "c"}


def test_conditions_on_the_flows_of_a_task_with_a_default() -> None:
    task = '<bpmn:userTask id="a" name="审" yc:nameEn="Review" yc:post="A.b" default="a_d"/>'
    lines = [
        "start s",
        task,
        "task b",
        "task c",
        "task d",
        "or j",
        "end e",
        "s a",
        "a b pick > 0",
        "a c pick > 1",
        "a d",
    ]
    xml = bpmn(*lines, "b j", "c j", "d j", "j e")
    assert [Game(xml, pick=pick).do("a") for pick in (0, 1, 2)] == [{"d"}, {"b"}, {"b", "c"}]


def test_the_first_of_several_events_decides() -> None:
    xml = bpmn(
        "start s", "event w", catch("m", "m1"), catch("t", "P3D"), "task a", "task b", "end e",
        "s w", "w m", "w t", "m a", "t b", "a e", "b e", top=EVENTS,
    )  # fmt: skip
    assert Game(xml).come("m") == {"a"}
    assert Game(xml).come("t") == {"b"}


def test_a_boundary_event_takes_the_work_away_or_adds_to_it() -> None:
    def game(interrupting: bool) -> Game:
        return Game(
            bpmn(
                "start s", "task a", boundary("t", "a", "5d", interrupting=interrupting), "task b", "end e", "end f",
                "s a", "a e", "t b", "b f",
            )
        )  # fmt: skip

    assert game(True).come("t") == {"b"}
    added = game(False)
    assert added.come("t") == {"a", "b"}
    assert added.come("t") is None  # what it began still goes on
    assert added.do("b") == {"a"}
    assert added.come("t") == {"a", "b"}


SUB = bpmn(
    "start s", *sub("u", "start us", "task a", "task b", "end ue", "us a", "a b", "b ue"), boundary("t", "u", "m2"),
    "task c", "task d", "end e", "end f", "s u", "u c", "c e", "t d", "d f", top=EVENTS,
)  # fmt: skip


def test_a_sub_process_runs_in_its_own_scope_and_goes_on_when_it_is_empty() -> None:
    game = Game(SUB)
    assert game.open == {"u/a"}
    assert game.do("u/a") == {"u/b"}
    assert game.do("u/b") == {"c"}


def test_a_boundary_event_ends_all_that_runs_inside() -> None:
    game = Game(SUB)
    game.do("u/a")
    assert game.come("t") == {"d"}
    assert set(game.marking) == {""}


def called() -> bytes:
    more = (
        '<bpmn:process id="q"><bpmn:startEvent id="qs"/><bpmn:userTask id="qa" name="审" yc:nameEn="R" yc:post="A.b"/>'
        '<bpmn:endEvent id="qe"/><bpmn:sequenceFlow id="q1" sourceRef="qs" targetRef="qa"/>'
        '<bpmn:sequenceFlow id="q2" sourceRef="qa" targetRef="qe"/></bpmn:process>'
    )
    call = '<bpmn:callActivity id="{}" calledElement="q"/>'
    return bpmn(
        "start s", "and f", call.format("k"), call.format("l"), "and j", "end e",
        "s f", "f k", "f l", "k j", "l j", "j e", more=more,
    )  # fmt: skip


def test_one_called_process_runs_twice_at_once_in_scopes_of_its_own() -> None:
    game = Game(called())
    assert game.open == {"k/qa", "l/qa"}
    assert game.do("l/qa") == {"k/qa"}
    assert game.do("k/qa") == set()
    assert game.play.finished


def test_a_process_that_calls_itself_or_what_is_not_there_is_none() -> None:
    for wanted, code in (("p", "CALLS_ITSELF"), ("gone", "NO_PROCESS")):
        with pytest.raises(ProcessFaults) as caught:
            parse_process(
                bpmn("start s", f'<bpmn:callActivity id="k" calledElement="{wanted}"/>', "end e", "s k", "k e")
            )
        assert code in {fault.code for fault in caught.value.faults}


def instances(marks: str, inside: str) -> bytes:
    marker = several(marks, inside)
    return bpmn(
        "start s",
        *sub("u", "start us", "task a", 'xor x default="x_b"', "task b", "end ue", "end uf", "us a", "a x",
             'x ue outcomes.a = "fine"', "x b", "b uf", marker=marker),
        "task c", "end e", "s u", "u c", "c e",
    )  # fmt: skip


def test_a_sub_process_for_each_of_a_list_each_with_its_own_outcomes() -> None:
    game = Game(instances('yc:items="places" yc:item="place"', ""), places=["北", "南"])
    assert game.open == {"u:1/a", "u:2/a"}
    assert game.memory.values("/u:2")["place"] == "南"
    assert game.do("u:2/a", "fine") == {"u:1/a"}
    assert game.do("u:1/a", "no") == {"u:1/b"}
    assert game.do("u:1/b") == {"c"}
    assert not game.memory.local


def test_one_after_the_other_until_the_condition_holds() -> None:
    until = "<bpmn:completionCondition>nrOfCompletedInstances >= 2</bpmn:completionCondition>".replace(">=", "&gt;=")
    game = Game(instances('isSequential="true"', f"<bpmn:loopCardinality>n</bpmn:loopCardinality>{until}"), n=3)
    assert game.open == {"u:1/a"}
    assert game.do("u:1/a", "fine") == {"u:2/a"}
    assert game.do("u:2/a", "fine") == {"c"}


def test_nobody_to_ask_means_nothing_to_do_and_a_count_that_is_not_known_stops() -> None:
    xml = instances('yc:items="places"', "")
    assert Game(xml, places=[]).open == {"c"}
    for places in (None, "北", list(range(101))):
        with pytest.raises(BadCount):
            Game(xml, places=places)


@pytest.mark.parametrize(
    ("need", "said", "then"),
    [
        ("all", ["agree", "agree", "agree"], "agree"),
        ("any", ["disagree", "agree"], "agree"),
        ("2", ["disagree", "disagree"], "disagree"),
        ("2", ["agree", "disagree", "agree"], "agree"),
    ],
)
def test_seats_one_after_the_other(need: str, said: list[str], then: str) -> None:
    task = (
        '<bpmn:userTask id="a" name="会签" yc:nameEn="Review">'
        + several(f'yc:posts="A.b C.d E.f" yc:need="{need}" isSequential="true"')
        + "</bpmn:userTask>"
    )
    game = Game(bpmn("start s", task, "task b", "end e", "s a", "a b", "b e"))
    for index, one in enumerate(said, start=1):
        assert game.open == {f"a:{index}/a"}
        game.do(f"a:{index}/a", one)
    assert game.open == {"b"}
    assert game.memory.outcomes["a"] == then


def test_work_for_each_at_once_until_enough_are_done() -> None:
    until = "<bpmn:completionCondition>found = true</bpmn:completionCondition>"
    marker = several("", f"<bpmn:loopCardinality>3</bpmn:loopCardinality>{until}")
    game = Game(
        bpmn("start s", work("service", "v", inside=marker), "task b", "end e", "s v", "v b", "b e"), found=False
    )
    assert game.open == {"v:1/v", "v:2/v", "v:3/v"}
    assert game.do("v:2/v") == {"v:1/v", "v:3/v"}
    assert game.do("v:3/v", found=True) == {"b"}


def test_errors_go_outwards_until_somebody_catches_them() -> None:
    inner = sub("v", "start vs", "task a", 'xor x default="x_ve"', "end ve", finish("bad", "e1"), finish("worse", "e2"),
                "vs a", "a x", "x bad pick = 1", "x worse pick = 2", "x ve")  # fmt: skip
    lines = [
        "start s", *sub("u", "start us", *inner, boundary("c1", "v", "e1"), "task b", "end ue", "end uf", "us v", "v ue",
                        "c1 b", "b uf"),
        boundary("c2", "u", "error"), "task d", "end e", "end f", "s u", "u e", "c2 d", "d f",
    ]  # fmt: skip
    xml = bpmn(*lines, top=EVENTS)
    assert Game(xml, pick=1).do("u/v/a") == {"u/b"}
    assert Game(xml, pick=2).do("u/v/a") == {"d"}
    assert Game(xml, pick=0).do("u/v/a") == set()
    game = Game(bpmn("start s", "task a", finish("e", "e1"), "s a", "a e", top=EVENTS))
    game.do("a")
    assert game.play.finished
    assert game.play.error == "E1"


def test_an_error_that_nobody_catches_is_said_before_it_happens() -> None:
    xml = bpmn("start s", *sub("u", "start us", "task a", finish("bad", "e1"), "us a", "a bad"), "end e", "s u", "u e",
               top=EVENTS)  # fmt: skip
    assert [fault.code for fault in parse_process(xml).warnings] == ["UNCAUGHT"]


def test_failed_work_is_caught_by_its_code_or_stays() -> None:
    xml = bpmn("start s", work("service", "v"), boundary("c", "v", "e1"), "task a", "end e", "end f", "s v", "v e", "c a",
               "a f", top=EVENTS)  # fmt: skip
    assert Game(xml).fail("v", "E1") == {"a"}
    game = Game(xml)
    assert game.fail("v", "E2") is None
    assert game.open == {"v"}


def test_terminate_ends_all_of_its_scope() -> None:
    game = Game(
        bpmn(
            "start s", "and f", "task a", "task b", finish("e", "terminate"), "end g", "s f", "f a", "f b", "a e", "b g"
        )
    )
    assert game.do("a") == set()
    assert game.play.finished


def test_a_signal_is_heard_by_all_who_wait_for_it() -> None:
    game = Game(
        bpmn(
            "start s", "and f", "task a", throw("g", "g1"), "task b", boundary("h", "b", "g1"), "task c", catch("k", "g1"),
            "task d", "end e1", "end e2", "end e3", "end e4",
            "s f", "f a", "f b", "f k", "a g", "g e1", "b e2", "h c", "c e3", "k d", "d e4", top=EVENTS,
        )
    )  # fmt: skip
    assert game.open == {"a", "b", "k"}
    assert game.do("a") == {"c", "d"}
    assert game.play.thrown == ["放假"]


def test_a_message_end_is_sent_by_who_runs_us() -> None:
    game = Game(bpmn("start s", "task a", finish("e", "m1"), "s a", "a e", top=EVENTS))
    assert game.do("a") == {"e"}
    node = game.model.nodes["e"]
    assert (node.work, node.key) == ("send", "补正")
    game.do("e")
    assert game.play.finished
    assert game.ended == ["e"]


@pytest.mark.parametrize(
    ("lines", "code", "element"),
    [
        (("event w", "task a", "s w", "w a", "a e"), "EVENT_GATEWAY", "a"),
        (("task a", boundary("t", "gone", "PT1H"), "task b", "s a", "a e", "t b", "b e"), "ATTACHED", "t"),
        (("task a", boundary("t", "a", "soon!"), "task b", "s a", "a e", "t b", "b e"), "CONDITION", "t"),
        ((catch("c", ""), "s c", "c e"), "NO_EVENT", "c"),
        (('<bpmn:serviceTask id="v"/>', "s v", "v e"), "NO_OPERATION", "v"),
        ((*sub("u", "start us", "task a", "end ue", "us a", "a ue"), "s u", "u e", "a e"), "CROSSES", "a_e"),
        ((*sub("u", "task a", "end ue", "a ue"), "s u", "u e"), "ONE_START", "u"),
        ((*sub("u", "start us", "task a", "us a"), "s u", "u e"), "NO_END", "u"),
        (('or f default="f_a"', "task a", "task b", "and j", "s f", "f a", "f b x = 1", "a j", "b j", "j e"), "WAITS_FOR_EVER", "j"),
        (("task a", boundary("t", "a", "PT1H", interrupting=False), "task b", "s a", "a b", "t b", "b e"), "TWICE", "b"),
        (("or f", "task a", "s f", "f a x = 1", "a e"), "NO_DEFAULT", "f"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(lines: tuple[str, ...], code: str, element: str) -> None:
    with pytest.raises(ProcessFaults) as caught:
        parse_process(bpmn("start s", "end e", *lines, top=EVENTS))
    assert (code, element) in {(fault.code, fault.element) for fault in caught.value.faults}
    assert all(fault.line > 1 and fault.words.zh and fault.words.en for fault in caught.value.faults)


def test_an_unknown_completion_condition_stops_loudly() -> None:
    until = "<bpmn:completionCondition>nothing</bpmn:completionCondition>"
    with pytest.raises(Stuck):
        Game(instances("", f"<bpmn:loopCardinality>2</bpmn:loopCardinality>{until}")).do("u:1/a", "fine")


# ── timers ───────────────────────────────────────────────────────────────────────────────────────────────────────────
NOW = datetime(2026, 1, 30, 16, 30, tzinfo=SHANGHAI)  # a Friday
HOLIDAY = Calendar({date(2026, 2, 2): False}, frozenset({2026}))


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("duration", "PT90M", datetime(2026, 1, 30, 18, tzinfo=SHANGHAI)),
        ("duration", "P1M", datetime(2026, 2, 28, 16, 30, tzinfo=SHANGHAI)),
        ("duration", "P1Y1W", datetime(2027, 2, 6, 16, 30, tzinfo=SHANGHAI)),
        ("duration", 'duration("P2D")', datetime(2026, 2, 1, 16, 30, tzinfo=SHANGHAI)),
        ("duration", "wish", datetime(2026, 1, 30, 17, 30, tzinfo=SHANGHAI)),
        ("date", "2026-03-01", datetime(2026, 3, 1, tzinfo=SHANGHAI)),
        ("date", "2026-03-01T09:00:00Z", datetime(2026, 3, 1, 17, tzinfo=SHANGHAI)),
        ("workdays", "1", datetime(2026, 2, 4, tzinfo=SHANGHAI)),
        ("workdays", "days", datetime(2026, 2, 5, tzinfo=SHANGHAI)),
    ],
)
def test_timers(kind: Any, text: str, expected: datetime) -> None:
    plain = text[0] in "P21"
    timer = Timer(kind, text, None if plain else compile_expression(text))
    assert due(timer, {"wish": "PT1H", "days": 2}, NOW, HOLIDAY) == expected


@pytest.mark.parametrize(
    ("kind", "text"),
    [("workdays", "2"), ("duration", "missing"), ("duration", "P9999Y"), ("date", "count"), ("workdays", "word")],
)
def test_a_timer_without_a_moment_is_refused(kind: Any, text: str) -> None:
    timer = Timer(kind, text, None if text[0] in "P2" else compile_expression(text))
    with pytest.raises(NoTime):
        due(timer, {"count": 3, "word": "soon"}, NOW, None if text == "2" else HOLIDAY)
