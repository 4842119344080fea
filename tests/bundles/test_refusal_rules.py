"""One department refuses: what stops, what goes on, and that it is said in words before."""

from hypothesis import given
from hypothesis import strategies as st
from tests.bundles.sample import PACKAGE, RESTS

from yichuang.bundles.rules.clock import behind
from yichuang.bundles.rules.refusal import (
    ENDED,
    Fate,
    Outcome,
    consequences,
    outcome_of,
    rests_of,
    still_needed,
    stops_with,
    to_stop,
)

fates = st.fixed_dictionaries({slot: st.sampled_from(list(Fate)) for slot in RESTS})


def test_what_rests_on_it_stops_also_through_others_and_nothing_else() -> None:
    assert stops_with("licence", RESTS) == ("seal", "bank")
    assert stops_with("seal", RESTS) == ("bank",)
    assert stops_with("bank", RESTS) == ()


@given(st.sampled_from(list(RESTS)), fates)
def test_what_has_ended_is_left_alone(refused: str, given: dict[str, Fate]) -> None:
    stopped = to_stop(refused, given, RESTS)
    assert all(given[slot] not in ENDED for slot in stopped)
    assert all(refused in behind(slot, RESTS) for slot in stopped)


@given(st.sampled_from(list(RESTS)), fates)
def test_an_item_waits_for_everything_it_rests_on(slot: str, given: dict[str, Fate]) -> None:
    needed = still_needed(slot, given, RESTS)
    assert set(needed) == {one for one in behind(slot, RESTS) if given[one] is not Fate.GRANTED}


@given(fates)
def test_a_package_has_ended_when_all_its_items_have(given: dict[str, Fate]) -> None:
    outcome = outcome_of(given)
    assert (outcome is None) == any(fate not in ENDED for fate in given.values())
    if outcome is Outcome.WHOLE:
        assert set(given.values()) == {Fate.GRANTED}
    if outcome is Outcome.NONE:
        assert Fate.GRANTED not in given.values()


def test_it_is_said_of_every_item_what_its_refusal_means() -> None:
    licence, seal, bank = consequences(PACKAGE)
    assert rests_of(PACKAGE) == RESTS
    assert "其余各项都以它为前提" in licence.words.zh
    assert "以它为前提的“银行”随之终止" in seal.words.zh
    assert seal.stops == ("bank",)
    assert "只停这一项" in bank.words.zh
    assert "if “bank” is refused, only that stops" in bank.words.en.lower()
