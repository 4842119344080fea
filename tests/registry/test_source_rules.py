"""Several sources and one question: what they agree on, what contradicts, what a person settled, what is too old. No database."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from yichuang.registry.rules.sources import (
    PRESENCE,
    Settled,
    after_settling,
    contradictions,
    fresh,
    judged,
    merged,
    sure,
    unknown,
)
from yichuang.registry.values import FRESH_FOR, Answer, Base, Clash, Question

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
PERSON = Question("person", Base.POPULATION, "44030319900101901X", ("name", "alive", "residence_address"))
HELD = Question("held", Base.CERTIFICATES, "44030319900101901X", ("types",))
HOME, SPELT = "罗湖区桂园街道演示路8号2栋501", "深圳市罗湖区桂园街道演示路 8 号 2 栋 501 室"


def found(source: str, *, of: Question = PERSON, days: int = 0, **fields: Any) -> Answer:
    return Answer(of.name, of.base, "found", fields, source, NOW - timedelta(days=days))


def none(source: str, *, days: int = 0) -> Answer:
    return Answer(PERSON.name, PERSON.base, "none", source=source, as_of=NOW - timedelta(days=days))


def silent(source: str, fault: Any = "down") -> Answer:
    return unknown(PERSON, fault, source)


def said(clashes: tuple[Clash, ...]) -> dict[str, Mapping[str, Any]]:
    return {clash.field: dict(clash.said) for clash in clashes}


# ── contradictions ────────────────────────────────────────────────────────────────────────────────────────────────
def test_sources_that_say_the_same_contradict_each_other_in_nothing() -> None:
    both = [found("police", name="张晓", alive=True), found("civil", name="张晓", alive=True)]
    assert contradictions(PERSON, both) == ()
    assert contradictions(PERSON, []) == contradictions(PERSON, both[:1]) == ()


def test_another_value_is_a_contradiction_of_that_field_alone_with_what_each_said() -> None:
    both = [found("police", name="张晓", alive=True), found("civil", name="张晓", alive=False)]
    assert said(contradictions(PERSON, both)) == {"alive": {"police": True, "civil": False}}
    third = [found("tax", name="张晓"), *both]
    assert said(contradictions(PERSON, third)) == {"alive": {"police": True, "civil": False}}
    last = [found("police", name="张晓"), found("civil", name="张晓"), found("tax", name="李晓")]
    assert said(contradictions(PERSON, last)) == {"name": {"police": "张晓", "civil": "张晓", "tax": "李晓"}}


def test_two_spellings_of_an_address_are_no_contradiction_and_a_part_that_one_names_is() -> None:
    assert contradictions(PERSON, [found("a", residence_address=HOME), found("b", residence_address=SPELT)]) == ()
    part = [found("a", residence_address=HOME), found("b", residence_address=HOME.removesuffix("501"))]
    assert set(said(contradictions(PERSON, part))) == {"residence_address"}


def test_one_finds_what_another_does_not_have() -> None:
    clashes = contradictions(PERSON, [found("police", name="张晓"), none("civil"), silent("tax")])
    assert said(clashes) == {PRESENCE: {"police": "found", "civil": "none"}}


def test_who_is_silent_contradicts_nobody() -> None:
    assert contradictions(PERSON, [found("police", name="张晓"), silent("civil")]) == ()
    assert contradictions(PERSON, [none("police"), silent("civil")]) == ()


def test_a_field_that_nobody_asked_for_contradicts_nothing() -> None:
    assert contradictions(PERSON, [found("a", name="张晓", sex="male"), found("b", name="张晓", sex="female")]) == ()


def test_what_organs_know_of_certificates_adds_up() -> None:
    both = [found("police", of=HELD, types=("身份证", "驾驶证")), found("civil", of=HELD, types=("结婚证", "身份证"))]
    assert contradictions(HELD, both) == ()
    answer, clashes = judged(HELD, both)
    assert (answer.fields["types"], clashes) == (("身份证", "驾驶证", "结婚证"), ())
    nothing = Answer(HELD.name, HELD.base, "none", source="tax", as_of=NOW)
    assert judged(HELD, [both[0], nothing])[0].state == "found"


# ── one answer ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_of_those_who_agree_the_first_spelling_counts_with_all_names_and_the_oldest_day() -> None:
    answer = merged(
        PERSON,
        [
            found("police", name="张晓", residence_address=HOME, days=2),
            found("civil", residence_address=SPELT, alive=True, days=9, sex="female"),
        ],
    )
    assert answer.state == "found"
    assert dict(answer.fields) == {"name": "张晓", "alive": True, "residence_address": HOME}, "and nothing unasked"
    assert (answer.source, answer.as_of) == ("civil+police", NOW - timedelta(days=9))


def test_nothing_is_on_record_only_where_every_source_says_so() -> None:
    answer = merged(PERSON, [none("police"), none("civil", days=3)])
    assert (answer.state, answer.source, answer.as_of) == ("none", "civil+police", NOW - timedelta(days=3))
    assert (merged(PERSON, [none("police"), silent("civil", "slow")]).fault) == "slow"
    assert (merged(PERSON, [found("police", name="张晓"), silent("civil")]).source) == "civil"
    assert merged(PERSON, []).fault == "not_held"


def test_a_contradiction_is_no_answer_and_names_who_contradict() -> None:
    answer, clashes = judged(PERSON, [found("police", alive=True), found("civil", alive=False)])
    assert (answer.state, answer.fault, answer.source) == ("unknown", "contradictory", "civil+police")
    assert [clash.field for clash in clashes] == ["alive"]


def test_an_unnamed_fault_is_a_source_that_is_down() -> None:
    strange = Answer(PERSON.name, PERSON.base, "unknown", source="police")
    assert merged(PERSON, [strange]).fault == "down"


# ── what people settled ───────────────────────────────────────────────────────────────────────────────────────────
ALIVE = Settled("alive", {"police": True, "civil": False}, "police")


def test_what_a_person_settled_holds_while_the_sources_say_the_same() -> None:
    both = [found("police", name="张晓", alive=True), found("civil", name="张晓", alive=False)]
    answer, open_ = judged(PERSON, both, [ALIVE])
    assert open_ == ()
    assert (answer.state, answer.fields["alive"], answer.settled) == ("found", True, ("alive",))
    other = Settled("alive", {"police": True, "civil": False}, "civil")
    assert judged(PERSON, both, [ALIVE, other])[0].fields["alive"] is False, "the last word counts"
    changed = [found("police", alive=False), found("civil", alive=True)]
    assert judged(PERSON, changed, [ALIVE])[0].fault == "contradictory"
    elsewhere = Settled("name", {"police": True, "civil": False}, "police")
    assert judged(PERSON, both, [elsewhere])[0].fault == "contradictory"


def test_what_is_settled_of_one_field_leaves_the_others_open_and_untouched() -> None:
    both = [found("police", name="张晓", alive=True), found("civil", name="李晓", alive=False)]
    answer, open_ = judged(PERSON, both, [ALIVE])
    assert [clash.field for clash in open_] == ["name"]
    assert (answer.state, answer.settled) == ("unknown", ())
    kept = after_settling(both, Clash("alive", {"police": True, "civil": False}), [ALIVE])
    assert kept is not None
    assert [dict(one.fields) for one in kept] == [{"name": "张晓", "alive": True}, {"name": "李晓"}]
    assert after_settling(both, Clash("name", {"police": "张晓", "civil": "李晓"}), [ALIVE]) is None


def test_whether_there_is_a_record_is_settled_and_those_who_found_one_are_then_compared() -> None:
    three = [found("police", alive=True), found("civil", alive=False), none("tax"), silent("court")]
    presence = {"police": "found", "civil": "found", "tax": "none"}
    there = Settled(PRESENCE, presence, "police")
    answer, open_ = judged(PERSON, three, [there])
    assert [clash.field for clash in open_] == ["alive"]
    assert answer.fault == "contradictory"
    both = judged(PERSON, three[:3], [there, ALIVE])
    assert (both[0].fields["alive"], both[0].settled, both[1]) == (True, (PRESENCE, "alive"), ())
    nothing = Settled(PRESENCE, presence, "tax")
    assert judged(PERSON, three[:3], [nothing])[0].state == "none"
    assert judged(PERSON, three, [nothing])[0].fault == "down", "who did not answer stays silent"


def test_no_machine_goes_by_what_a_person_chose() -> None:
    both = [found("police", alive=True), found("civil", alive=False)]
    chosen = judged(PERSON, both, [ALIVE])[0]
    told = sure(chosen)
    assert (told.state, told.fault, told.settled, dict(told.fields)) == ("unknown", "settled", ("alive",), {})
    agreed = judged(PERSON, [both[0]])[0]
    assert sure(agreed) is agreed
    down = silent("police")
    assert sure(down) is down


# ── how old ───────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("base", list(Base))
def test_an_answer_counts_to_the_last_moment_that_the_catalogue_lets_it(base: Base) -> None:
    key = {Base.ENTITIES: "11320982741330162E", Base.ADDRESSES: HOME}.get(base, PERSON.key)
    field = {Base.ADDRESSES: "use", Base.CREDIT: "restricted", Base.CERTIFICATES: "types"}.get(base, "name")
    question = Question("q", base, key, (field,))
    for state in ("found", "none"):
        answer = Answer("q", base, state, source="a", as_of=NOW - FRESH_FOR[base])
        assert fresh(question, answer, NOW) is answer
        assert fresh(question, answer, NOW + timedelta(seconds=1)).fault == "stale"
        assert fresh(question, Answer("q", base, state, source="a"), NOW).fault == "stale", "of no day at all"
    down = unknown(question, "down", "a")
    assert fresh(question, down, NOW + timedelta(days=9_999)) is down
