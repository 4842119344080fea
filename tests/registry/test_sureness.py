"""Only what is sure reads as found or none: what is old, partly silent, in doubt or chosen by a person says so."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.registry.sources import Scripted

from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.identifiers import synthetic
from yichuang.core.words import W
from yichuang.registry import outside
from yichuang.registry.commands import ask, ask_local, load_batch, settle_contradiction
from yichuang.registry.models import CachedAnswer, Contradiction, RegistryLook, SharedRecord
from yichuang.registry.ports import SourceDown, connected
from yichuang.registry.queries import list_contradictions, sure
from yichuang.registry.rules.sources import PRESENCE, Settled, judged
from yichuang.registry.values import FRESH_FOR, Answer, Base, Ground, Purpose, Question

BORN = date(1990, 1, 1)
ONE, TWO, THREE = (synthetic.cn_id(BORN, "female", region="440303", nth=nth) for nth in range(3))
HOME, TWIN = "罗湖区桂园街道演示路8号501", "罗湖区黄贝街道演示路8号501"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    outside.forget()
    yield
    outside.forget()


def load(
    at: datetime, *rows: dict[str, object], source: str = "court", base: Base = Base.CREDIT, whole: bool = True
) -> None:
    load_batch(base=base, source=source, actor=SYSTEM, at=at, rows=rows, whole=whole)


def answer(
    key: str, *fields: str, at: datetime, base: Base = Base.CREDIT, how: Callable[..., Any] = ask_local
) -> Answer:
    question = Question("q", base, key, fields or ("restricted",))
    (told,) = how([question], actor=SYSTEM, ground=Ground("duty", "x"), purpose=Purpose("x", "", W("", "")), at=at)
    assert isinstance(told, Answer)
    return told


def said(told: Answer) -> tuple[str, str | None]:
    return told.state, told.fault


# ── age ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_local_record_and_a_local_none_grow_old(db: None, at: datetime):
    load(at, {"key": ONE, "restricted": True})
    last = at + FRESH_FOR[Base.CREDIT]
    assert said(answer(ONE, at=last)) == ("found", None)
    assert said(answer(TWO, at=last)) == ("none", None)
    for key in (ONE, TWO):
        assert said(answer(key, at=last + timedelta(seconds=1))) == ("unknown", "stale")
    assert RegistryLook.objects.order_by("-id")[0].sources[0][:2] == ["court", "stale"]


def test_what_a_giver_says_again_is_fresh_again(db: None, at: datetime):
    load(at, {"key": ONE, "restricted": True}, {"key": TWO, "restricted": True})
    later = at + FRESH_FOR[Base.CREDIT] + DAY
    load(later, {"key": ONE, "restricted": True}, whole=False)
    assert said(answer(ONE, at=later)) == ("found", None)  # unchanged, but said today
    assert said(answer(TWO, at=later)) == ("unknown", "stale")
    assert said(answer(THREE, at=later)) == ("unknown", "stale")  # nobody said "none" since


def test_what_a_whole_delivery_confirmed_before_ages_were_kept_is_as_fresh_as_that(db: None, at: datetime):
    load(at, {"key": ONE, "restricted": True})
    SharedRecord.objects.update(as_of=at - timedelta(days=300))  # as an installation of before has it
    told = answer(ONE, at=at + DAY)
    assert (told.state, told.as_of) == ("found", at)


def test_an_old_answer_of_an_outside_source_is_stale_and_is_not_kept(db: None, at: datetime):
    with connected(Scripted("credit_api", {}, at - FRESH_FOR[Base.CREDIT] - DAY, bases=frozenset({Base.CREDIT}))):
        for _ in range(4):  # it answers: nobody cuts it off for what it says
            assert said(answer(ONE, at=at, how=ask)) == ("unknown", "stale")
        assert not outside.is_open("credit_api")
    assert not CachedAnswer.objects.exists()


def test_every_base_says_how_old_it_may_be():
    assert set(FRESH_FOR) == set(Base)
    assert FRESH_FOR[Base.CREDIT] < FRESH_FOR[Base.POPULATION]


# ── silence ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("key", [ONE, TWO])
def test_a_silent_source_might_know_better_than_who_answered(db: None, at: datetime, key: str):
    load(at, {"key": ONE, "restricted": False})
    silent = Scripted("credit_api", {}, at, bases=frozenset({Base.CREDIT}), fails=SourceDown("X"))
    with connected(silent):
        assert said(answer(key, at=at, how=ask)) == ("unknown", "down")


def test_a_whole_delivery_with_faults_leaves_its_giver_silent_not_absent(db: None, at: datetime):
    load(at, {"key": ONE, "restricted": True}, {"key": TWO, "restricted": True})
    load(at, source="registry_b", base=Base.CREDIT)  # another one has nobody, and gave all it has
    load(at, {"key": TWO, "restricted": True}, source="registry_b", whole=False)
    later = at + DAY
    load(later, {"key": TWO, "restricted": True}, {"key": "44030319900101000?", "restricted": True})
    assert said(answer(THREE, at=later)) == ("unknown", "incomplete")  # theirs may be the row that stayed out
    assert said(answer(ONE, at=later)) == ("unknown", "incomplete")  # nor was it said again
    assert said(answer(TWO, at=later)) == ("found", None)
    load(later + DAY, {"key": ONE, "restricted": True}, {"key": TWO, "restricted": True})
    assert said(answer(THREE, at=later + DAY)) == ("none", None)


def test_a_row_with_a_fault_casts_doubt_on_the_record_that_it_was_about(db: None, at: datetime):
    load(at, {"key": ONE, "restricted": False}, {"key": TWO, "restricted": False})
    load(at, {"key": ONE, "restricted": "也许"}, {"key": THREE, "until": "soon"}, whole=False)
    assert said(answer(ONE, at=at)) == ("unknown", "wrong")
    assert said(answer(THREE, at=at)) == ("unknown", "wrong")  # the giver said something, nobody knows what
    assert said(answer(TWO, at=at)) == ("found", None)
    load(at, {"key": ONE, "restricted": False}, whole=False)
    assert said(answer(ONE, at=at)) == ("found", None)


def test_of_two_rows_of_one_key_neither_is_believed(db: None, at: datetime):
    report = load_batch(
        base=Base.CREDIT, source="court", actor=SYSTEM, at=at, whole=True,
        rows=[{"key": ONE, "restricted": False}, {"key": TWO, "restricted": False}, {"key": ONE, "restricted": True}],
    )  # fmt: skip
    assert [(fault.row, fault.code) for fault in report.faults] == [(2, "KEY_TWICE"), (4, "KEY_TWICE")]
    assert report.loaded == 1
    assert said(answer(ONE, at=at)) == ("unknown", "wrong")


def test_an_address_that_fits_two_givers_addresses_points_to_neither(db: None, at: datetime):
    load(at, {"key": HOME, "registrable": True}, source="street_a", base=Base.ADDRESSES, whole=False)
    load(at, {"key": TWIN, "registrable": True}, source="street_b", base=Base.ADDRESSES, whole=False)
    assert said(answer("演示路8号501", "registrable", at=at, base=Base.ADDRESSES)) == ("unknown", "unclear")


def test_a_source_is_asked_under_the_one_spelling_of_a_number(db: None, at: datetime):
    number = next(
        cn for nth in range(60) if (cn := synthetic.cn_id(BORN, "male", region="440303", nth=nth)).endswith("X")
    )
    source = Scripted("credit_api", {number: {"restricted": True}}, at, bases=frozenset({Base.CREDIT}))
    with connected(source):
        assert answer(f" {number.lower()} ", at=at, how=ask).fields == {"restricted": True}


# ── what a person chose ──────────────────────────────────────────────────────────────────────────────────────────


def test_what_a_person_settled_says_so_and_is_not_sure(db: None, at: datetime, editor: Actor):
    load(at, {"key": ONE, "restricted": False})
    other = Scripted("credit_api", {ONE: {"restricted": True}}, at, bases=frozenset({Base.CREDIT}))
    with connected(other):
        assert said(answer(ONE, at=at, how=ask)) == ("unknown", "contradictory")
        (clash,) = list_contradictions(editor).items
        settle_contradiction(actor=editor, id=clash.id, seen=clash.found_at, keep="court", reason="已电话核实", at=at)
        told = answer(ONE, at=at, how=ask)
    assert (told.state, told.settled, dict(told.fields)) == ("found", ("restricted",), {"restricted": False})
    doubtful = sure(told)
    assert (said(doubtful), dict(doubtful.fields)) == (("unknown", "settled"), {})
    assert doubtful.why is not None
    clean = answer(ONE, at=at)
    assert sure(clean) is clean
    assert clean.settled == ()


def of(source: str, state: Any, at: datetime, **fields: Any) -> Answer:
    return Answer("q", Base.POPULATION, state, fields, source, at)


def test_settling_whether_there_is_a_record_silences_no_other_doubt(at: datetime):
    question = Question("q", Base.POPULATION, ONE, ("name", "alive"))
    here, there = of("a", "found", at, name="张晓"), of("b", "found", at, name="章晓")
    nothing = of("c", "none", at)
    past = Settled(PRESENCE, {"a": "found", "b": "found", "c": "none"}, "a")
    told, clashes = judged(question, [here, there, nothing], [past])
    assert (said(told), [clash.field for clash in clashes]) == (("unknown", "contradictory"), ["name"])
    silent = Answer("q", Base.POPULATION, "unknown", source="d", fault="slow")
    two = Settled(PRESENCE, {"a": "found", "c": "none"}, "a")
    told, clashes = judged(question, [here, nothing, silent], [two])
    assert (said(told), clashes) == (("unknown", "slow"), ())
    told, _ = judged(question, [here, nothing], [two])
    assert (told.state, told.settled) == ("found", (PRESENCE,))
    told, _ = judged(question, [here, nothing], [Settled(PRESENCE, {"a": "found", "c": "none"}, "c")])
    assert (told.state, told.settled, told.source) == ("none", (PRESENCE,), "c")


def test_what_is_in_doubt_contradicts_nobody(db: None, at: datetime):
    load(at, {"key": ONE, "restricted": "也许"}, whole=False)
    load(at, {"key": ONE, "restricted": True}, source="registry_b")
    assert not Contradiction.objects.exists()
