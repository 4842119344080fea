"""The interpreter at its edges: who hears what, what several see of each other, where errors stop, and how far one act goes."""

from typing import Any

import pytest
from tests.engine.processes import EVENTS, boundary, bpmn, catch, finish, several, sub, throw, work
from tests.engine.test_process_whole import Game, instances

from yichuang.engine.bpmn.back import way_back
from yichuang.engine.bpmn.play import MAX_MOVES, MOVE, BadCount, Place, Play, events_at, is_held, places
from yichuang.engine.feel.budget import OutOfSteps, one_budget


def seats(need: str, marks: str = "") -> bytes:
    task = (
        '<bpmn:userTask id="a" name="会签" yc:nameEn="Review">'
        + several(f'yc:posts="A.b C.d E.f" yc:need="{need}" {marks}')
        + "</bpmn:userTask>"
    )
    return bpmn("start s", task, "task b", "end e", "s a", "a b", "b e")


def repeated(inside: str, *, marks: str = "", tag: str = "service") -> bytes:
    """Work for each of several, and a task behind it."""
    return bpmn("start s", work(tag, "v", inside=several(marks, inside)), "task b", "end e", "s v", "v b", "b e")


def count(n: str) -> str:
    return f"<bpmn:loopCardinality>{n}</bpmn:loopCardinality>"


def until(condition: str) -> str:
    text = condition.replace("<", "&lt;").replace(">", "&gt;")
    return f"<bpmn:completionCondition>{text}</bpmn:completionCondition>"


# ── how far one act goes ──────────────────────────────────────────────────────────────────────────────────────────
def test_one_act_makes_at_most_five_thousand_moves() -> None:
    game = Game(bpmn("start s", "task a", "task b", "end e", "s a", "a b", "b e"))
    assert MAX_MOVES == 5_000
    for made, stopped in ((4_999, False), (5_000, True)):
        play = Play(game.model, game.marking, game.memory)
        play.moves = made
        if stopped:
            with pytest.raises(OutOfSteps):
                play.complete(game.at["a"])
        else:
            play.complete(game.at["a"])
            assert play.moves == 5_000


def test_each_move_costs_twenty_steps_of_the_budget_of_a_call() -> None:
    game = Game(bpmn("start s", "task a", "task b", "end e", "s a", "a b", "b e"))
    assert MOVE == 20
    for steps, enough in ((20, True), (19, False)):
        play = Play(game.model, game.marking, game.memory)
        with one_budget(steps):
            if enough:
                play.complete(game.at["a"])
            else:
                with pytest.raises(OutOfSteps):
                    play.complete(game.at["a"])


def test_a_process_that_answers_its_own_signal_for_ever_is_heard_a_hundred_times() -> None:
    game = Game(
        bpmn(
            "start s", "and f", "task a", throw("g", "g1"), "end e1", "xor m", catch("k", "g1"), throw("h", "g1"),
            'xor x default="x_m"', "end e2", "s f", "f a", "a g", "g e1", "f m", "m k", "k h", "h x", "x m", "x e2 stop = true", top=EVENTS,
        ),
        stop=False,
    )  # fmt: skip
    assert game.do("a") == {"k"}
    assert len(game.play.thrown) == 101  # the first, and one for each time that it was heard


# ── who hears what ────────────────────────────────────────────────────────────────────────────────────────────────
def test_what_is_thrown_at_the_start_is_heard_by_who_waits_already() -> None:
    game = Game(
        bpmn(
            "start s", "and f", catch("k", "g1"), throw("g", "g1"), "task a", "task b", "end e1", "end e2",
            "s f", "f k", "f g", "k a", "a e1", "g b", "b e2", top=EVENTS,
        )
    )  # fmt: skip
    assert game.open == {"a", "b"}


@pytest.mark.parametrize("how", ["an event", "an error"])
def test_what_is_thrown_behind_an_event_or_an_error_is_heard_too(how: str) -> None:
    kind = "m1" if how == "an event" else "e1"
    game = Game(
        bpmn(
            "start s", "and f", catch("k", "g1"), "task a", "end e1", work("service", "v"), boundary("c", "v", kind),
            throw("g", "g1"), "end e2", "end e3", "s f", "f k", "k a", "a e1", "f v", "v e2", "c g", "g e3", top=EVENTS,
        )
    )  # fmt: skip
    assert game.open == {"k", "v"}
    assert (game.come("c") if how == "an event" else game.fail("v", "E1")) == {"a"}


def test_each_of_several_signals_is_heard() -> None:
    more = EVENTS + '<bpmn:signal id="g2" name="开工"/>'
    second = throw("h", "g1").replace('signalRef="g1"', 'signalRef="g2"')
    other = catch("l", "g1").replace('signalRef="g1"', 'signalRef="g2"')
    game = Game(
        bpmn(
            "start s", "and f", "task a", throw("g", "g1"), second, "end e1", catch("k", "g1"), "task b", "end e2", other,
            "task c", "end e3", "s f", "f a", "f k", "f l", "a g", "g h", "h e1", "k b", "b e2", "l c", "c e3", top=more,
        )
    )  # fmt: skip
    assert game.do("a") == {"b", "c"}


def test_a_signal_is_no_message_of_the_same_name() -> None:
    alike = EVENTS + '<bpmn:signal id="g2" name="补正"/>'
    asked = throw("g", "g1").replace('signalRef="g1"', 'signalRef="g2"')
    game = Game(
        bpmn(
            "start s", "and f", "task a", asked, "end e1", catch("k", "m1"), "end e2",
            "s f", "f a", "f k", "a g", "g e1", "k e2", top=alike,
        )
    )  # fmt: skip
    assert game.do("a") == {"k"}
    play = Play(game.model, game.marking, game.memory)
    assert [event for _, event in play.listening("message", "补正")] == ["k"]
    assert list(play.listening("signal", "补正")) == list(play.listening("message", "放假")) == []


def test_a_signal_that_ends_a_sub_process_is_not_heard_inside_it_any_more() -> None:
    game = Game(
        bpmn(
            "start s", "and f", "task a", throw("g", "g1"), "end e1",
            *sub("u", "start us", catch("k", "g1"), "task b", "end ue", "us k", "k b", "b ue"), boundary("t", "u", "g1"),
            "task c", "end e2", "end e3", "s f", "f a", "a g", "g e1", "f u", "u e2", "t c", "c e3", top=EVENTS,
        )
    )  # fmt: skip
    assert game.do("a") == {"c"}
    assert set(game.marking) == {""}


def test_a_signal_is_not_heard_again_while_what_it_began_goes_on() -> None:
    game = Game(
        bpmn(
            "start s", "and f", "task a", throw("g", "g1"), "task b", throw("h", "g1"), "end e1", "task w",
            boundary("t", "w", "g1", interrupting=False), "task x", "end e2", "end e3",
            "s f", "f a", "a g", "g b", "b h", "h e1", "f w", "w e2", "t x", "x e3", top=EVENTS,
        )
    )  # fmt: skip
    assert game.do("a") == {"b", "w", "x"}
    assert game.do("b") == {"w", "x"}
    assert sum(place.mark.node == "x" for place in places(game.marking)) == 1


def test_an_event_brings_values_and_a_step_may_bring_none() -> None:
    xml = bpmn(
        "start s", "task a", catch("k", "m1"), 'xor x default="x_c"', "task b", "task c", "end e",
        "s a", "a k", "k x", "x b found > 2", "x c", "b e", "c e", top=EVENTS,
    )  # fmt: skip
    for found, then in ((3, {"b"}), (1, {"c"})):
        game = Game(xml)
        play = Play(game.model, game.marking, game.memory)
        play.complete(game.at["a"])
        assert play.fire(Place("", next(iter(play.marking[""]))), "k", {"found": found})
        game._after(play)
        assert game.open == then
        assert game.memory.outcomes == {}, "nobody said anything"


def test_several_that_wait_each_hear_for_themselves_and_the_boundary_belongs_to_all() -> None:
    receive = f'<bpmn:receiveTask id="r" messageRef="m1">{several("", count("2"))}</bpmn:receiveTask>'
    game = Game(
        bpmn("start s", receive, boundary("t", "r", "m2"), "task b", "task c", "end e", "s r", "r b", "b e", "t c", "c e", top=EVENTS)
    )  # fmt: skip
    whole = next(place for place in places(game.marking) if is_held(game.model, place))
    assert events_at(game.model, whole) == ("t",)
    assert {events_at(game.model, game.at[f"r:{n}/r"]) for n in (1, 2)} == {("r",)}
    assert game.come("r") in ({"r:1/r"}, {"r:2/r"})
    assert game.come("r") == {"b"}
    assert Game(
        bpmn("start s", receive, boundary("t", "r", "m2"), "task b", "task c", "end e", "s r", "r b", "b e", "t c", "c e", top=EVENTS)
    ).come("t") == {"c"}  # fmt: skip


def test_work_for_several_is_ended_as_a_whole_by_its_boundary_and_leaves_nothing() -> None:
    xml = bpmn(
        "start s", work("service", "v", inside=several("", count("3"))), boundary("t", "v", "m1"), "task b", "task c",
        "end e", "s v", "v b", "b e", "t c", "c e", top=EVENTS,
    )  # fmt: skip
    game = Game(xml)
    assert events_at(game.model, game.at["v:1/v"]) == ()
    assert game.come("t") == {"c"}
    assert set(game.marking) == {""}
    assert game.memory.local == {}


# ── several ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_each_instance_goes_by_what_was_said_in_it_also_when_another_spoke_later() -> None:
    marker = several('yc:items="places" yc:item="place"')
    game = Game(
        bpmn(
            "start s",
            *sub("u", "start us", "task a", "task b", 'xor x default="x_ue"', "task c", "end ue", "end uf", "us a", "a b", "b x",
                 'x c outcomes.a = "look"', "x ue", "c uf", marker=marker),
            "end e", "s u", "u e",
        ),
        places=["北", "南"],
    )  # fmt: skip
    game.do("u:1/a", "look")
    game.do("u:2/a", "fine")
    assert game.do("u:1/b", "seen") == {"u:1/c", "u:2/b"}
    assert game.do("u:2/b", "seen") == {"u:1/c"}


def test_what_an_instance_found_is_seen_in_it_and_in_what_stands_inside_it() -> None:
    inner = sub("v", "start vs", "task b", "end ve", "vs b", "b ve")
    marker = several("", count("2"))
    game = Game(
        bpmn(
            "start s", *sub("u", "start us", "task a", *inner, "end ue", "us a", "a v", "v ue", marker=marker),
            "end e", "s u", "u e",
        )
    )  # fmt: skip
    game.do("u:1/a", size=1)
    game.do("u:2/a", size=2)
    assert [game.memory.values(scope)["size"] for scope in ("/u:1", "/u:1/v", "/u:2", "/u:2/v")] == [1, 1, 2, 2]
    assert [game.memory.values(f"/u:{n}/v")["loopCounter"] for n in (1, 2)] == [1, 2]


def test_what_several_are_for_is_what_the_list_holds() -> None:
    held = [1, -20, 2.5, "北", "007", True, None, [1, 2.5], {"area": 3}]
    game = Game(instances('yc:items="places" yc:item="place"', ""), places=held)
    assert [game.memory.values(f"/u:{n}")["place"] for n in range(1, len(held) + 1)] == held
    assert isinstance(game.memory.values("/u:1")["place"], int)


def test_an_instance_decides_by_a_number_with_a_fraction() -> None:
    marker = several('yc:items="areas" yc:item="area"')
    game = Game(
        bpmn(
            "start s",
            *sub("u", "start us", 'xor x default="x_b"', "task a", "task b", "end ue", "us x", "x a area > 2", "x b", "a ue",
                 "b ue", marker=marker),
            "end e", "s u", "u e",
        ),
        areas=[2.5, 1.5],
    )  # fmt: skip
    assert game.open == {"u:1/a", "u:2/b"}


@pytest.mark.parametrize("n", [0, 1, 100])
def test_there_may_be_none_one_or_a_hundred(n: int) -> None:
    game = Game(repeated(count("n")), n=n)
    assert len(game.open) == (n or 1)
    assert game.open == ({f"v:{one}/v" for one in range(1, n + 1)} or {"b"})
    assert len(Game(instances('yc:items="places"', ""), places=["北"] * n).open) == (n or 1)


@pytest.mark.parametrize("n", [-1, 101, 1.5, "two", None])
def test_a_number_that_is_none_or_too_large_stops(n: Any) -> None:
    with pytest.raises(BadCount):
        Game(repeated(count("n")), n=n)


@pytest.mark.parametrize("marks", ["", 'isSequential="true"'])
@pytest.mark.parametrize(
    ("need", "said", "then"),
    [
        ("all", ["agree", "agree", "agree"], "agree"),
        ("all", ["disagree", "agree", "agree"], "disagree"),  # everybody is heard before it fails
        ("2", ["agree", "agree"], "agree"),
        ("2", ["disagree", "agree", "agree"], "agree"),
        ("2", ["disagree", "disagree"], "disagree"),
        ("any", ["agree"], "agree"),
        ("any", ["disagree", "disagree", "disagree"], "disagree"),
    ],
)
def test_enough_that_agree_are_enough(need: str, said: list[str], then: str, marks: str) -> None:
    sequential = bool(marks)
    game = Game(seats(need, 'isSequential="true"'))
    if not sequential:  # seats side by side are several rows of one step: the general marker plays them
        condition = {
            "all": "nrOfCompletedInstances = 3",
            "2": "nrOfAgreed >= 2 or nrOfCompletedInstances - nrOfAgreed >= 2",
        }
        done = condition.get(need, "nrOfAgreed >= 1")
        game = Game(repeated(count("3") + until(done)))
    step = "a" if sequential else "v"
    for index, one in enumerate(said, start=1):
        assert "b" not in game.open, (index, said)
        game.do(f"{step}:{index}/{step}", one)
    assert game.open == {"b"}
    assert not sequential or game.memory.outcomes["a"] == then


def test_only_seats_have_an_outcome_of_their_own() -> None:
    game = Game(repeated(count("2")))
    game.do("v:1/v", "agree")
    game.do("v:2/v", "agree")
    assert game.open == {"b"}
    assert game.memory.outcomes == {"v": "agree"}, "what the last one said, and nothing counted"
    silent = Game(repeated(count("1")))
    play = Play(silent.model, silent.marking, silent.memory)
    play.complete(silent.at["v:1/v"])
    assert silent.memory.outcomes == {}


def test_a_condition_reads_how_many_still_work() -> None:
    side_by_side = Game(repeated(count("3") + until("nrOfActiveInstances <= 1")))
    assert side_by_side.do("v:1/v") == {"v:2/v", "v:3/v"}
    assert side_by_side.do("v:3/v") == {"b"}
    in_turn = Game(repeated(count("3") + until("nrOfActiveInstances = 1"), marks='isSequential="true"'))
    assert in_turn.do("v:1/v") == {"b"}
    never = Game(repeated(count("3") + until("nrOfActiveInstances > 1"), marks='isSequential="true"'))
    assert [never.do(f"v:{n}/v") for n in (1, 2, 3)] == [{"v:2/v"}, {"v:3/v"}, {"b"}]


def test_a_condition_reads_how_many_there_are_and_how_many_are_done() -> None:
    game = Game(repeated(count("4") + until("nrOfCompletedInstances * 2 >= nrOfInstances")))
    assert game.do("v:4/v") == {"v:1/v", "v:2/v", "v:3/v"}
    assert game.do("v:1/v") == {"b"}


# ── errors ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_only_an_error_event_catches_an_error_whatever_else_is_called_so() -> None:
    alike = EVENTS + '<bpmn:signal id="g2" name="E1"/>'
    heard = boundary("t", "u", "g1").replace('signalRef="g1"', 'signalRef="g2"')
    game = Game(
        bpmn(
            "start s", *sub("u", "start us", "task a", finish("bad", "e1"), "us a", "a bad"), heard, "task b", "end e", "end f",
            "s u", "u e", "t b", "b f", top=alike,
        )
    )  # fmt: skip
    assert game.do("u/a") == set()
    assert game.play.error == "E1"


def test_an_error_inside_what_has_just_begun_ends_all_of_it() -> None:
    """The inner one errs before anybody could work in it: neither it nor what holds it is left, and nothing was opened there."""
    inner = sub("v", "start vs", finish("bad", "e1"), "vs bad")
    game = Game(
        bpmn(
            "start s", "task a", *sub("u", "start us", "and f", "task x", *inner, "and j", "end ue", "us f", "f x", "f v", "x j",
                                      "v j", "j ue"),
            boundary("c", "u", "e1"), "task b", "end e", "end f2", "s a", "a u", "u e", "c b", "b f2", top=EVENTS,
        )
    )  # fmt: skip
    assert game.do("a") == {"b"}
    assert set(game.marking) == {""}
    assert {place.mark.node for place in game.play.opened} == {"b"}


def test_an_error_in_one_of_several_is_caught_where_they_stand_and_ends_them_all() -> None:
    marker = several("", count("3"))
    game = Game(
        bpmn(
            "start s", *sub("u", "start us", "task a", 'xor x default="x_ue"', "end ue", finish("bad", "e1"), "us a", "a x",
                            'x bad outcomes.a = "no"', "x ue", marker=marker),
            boundary("c", "u", "e1"), "task b", "end e", "end f", "s u", "u e", "c b", "b f", top=EVENTS,
        )
    )  # fmt: skip
    assert game.do("u:1/a", "fine") == {"u:2/a", "u:3/a"}
    assert game.do("u:2/a", "no") == {"b"}
    assert game.memory.local == {}
    assert Game(repeated(count("2"))).fail("v:1/v", "E1") is None


# ── back to an earlier step ───────────────────────────────────────────────────────────────────────────────────────
BRANCHES = bpmn(
    "start s", "task a", "and f", "task b", *sub("u", "start us", "task c", "end ue", "us c", "c ue"), "task d", "and j", "task g",
    "end e", "s a", "a f", "f b", "f u", "u d", "b j", "d j", "j g", "g e",
)  # fmt: skip


def back(game: Game, now: str, target: str) -> set[str] | None:
    """The work goes from a step back to an earlier one."""
    place = game.at[now]
    marks = way_back(game.model, game.marking[place.scope], place.mark, target)
    if marks is None:
        return None
    play = Play(game.model, game.marking, game.memory)
    play.put_back(place.scope, marks, target)
    game._after(play)
    return game.open


def test_work_goes_back_inside_its_branch_and_the_other_goes_on() -> None:
    game = Game(BRANCHES)
    game.do("a")
    game.do("u/c")
    assert game.open == {"b", "d"}
    assert back(game, "d", "u") == {"b", "u/c"}, "the sub-process begins anew"
    assert [place.mark.node for place in game.play.opened] == ["u", "c"]
    assert game.do("u/c") == {"b", "d"}


def test_back_before_the_fork_gives_up_all_branches_with_what_runs_in_them() -> None:
    game = Game(BRANCHES)
    game.do("a")
    assert back(game, "b", "a") == {"a"}
    assert set(game.marking) == {""}
    assert game.do("a") == {"b", "u/c"}


def test_back_behind_the_join_keeps_what_the_other_branch_did() -> None:
    game = Game(BRANCHES)
    for step in ("a", "b", "u/c", "d"):
        game.do(step)
    assert game.open == {"g"}
    assert back(game, "g", "b") == {"b"}
    assert game.do("b") == {"g"}


def test_there_is_no_way_back_to_what_comes_later_or_into_another_branch() -> None:
    game = Game(BRANCHES)
    game.do("a")
    game.do("u/c")
    for target in ("g", "b", "nothing"):
        assert back(game, "d", target) is None
