"""One department refuses: what stops, what goes on, and that it is said in words before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.bundles.sample import PACKAGE, RESTS

from yichuang.bundles.rules.clock import behind
from yichuang.bundles.rules.refusal import (
    ENDED,
    Fate,
    Outcome,
    consequences,
    leaving,
    leaving_all,
    outcome_for_others,
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


def stand(licence: Fate, seal: Fate, bank: Fate) -> dict[str, Fate]:
    return {"licence": licence, "seal": seal, "bank": bank}


W, A, O = Fate.WAITING, Fate.ASKING, Fate.OPEN  # noqa: E741  (as short as the table)
G, R, L, S = Fate.GRANTED, Fate.REFUSED, Fate.LEFT, Fate.STOPPED


@pytest.mark.parametrize(
    ("fates", "outcome"),
    [
        ((G, G, G), Outcome.WHOLE),
        ((G, G, R), Outcome.PARTLY),
        ((G, L, S), Outcome.PARTLY),
        ((R, S, S), Outcome.NONE),
        ((L, S, S), Outcome.LEFT),  # nobody refused anything
        ((L, L, L), Outcome.LEFT),
        ((L, R, S), Outcome.NONE),  # given up in part, refused in part
        ((S, S, S), Outcome.NONE),  # ended by nobody's wish
        ((G, G, O), None),
        ((G, A, S), None),
        ((R, S, W), None),
    ],
)
def test_how_a_package_ended(fates: tuple[Fate, Fate, Fate], outcome: Outcome | None) -> None:
    assert outcome_of(stand(*fates)) is outcome


@pytest.mark.parametrize(
    ("slot", "fates", "zh", "en"),
    [
        ("licence", (O, O, O), None, None),  # it goes on
        ("licence", (G, O, O), None, None),  # granted: nothing follows
        ("licence", (R, S, S), "其余各项都以它为前提，随之终止", "Everything else rested on it"),
        ("licence", (L, S, S), "其余各项都以它为前提，随之终止", "Everything else rested on it"),
        ("licence", (R, S, G), "以它为前提的“刻章”随之终止", "stopped with it: “Seals”"),  # the bank was quicker
        ("seal", (G, R, S), "以它为前提的“银行”随之终止", "stopped with it: “Bank”"),
        ("seal", (G, L, S), "以它为前提的“银行”随之终止", "stopped with it: “Bank”"),
        ("seal", (G, R, G), "只停这一项，其余照常", "Only this stopped"),
        ("bank", (G, G, R), "只停这一项，其余照常", "Only this stopped"),
        ("seal", (R, S, S), "“营业执照”没有办成，本项以它为前提", "“Licence” came to nothing"),
        ("bank", (L, S, S), "“营业执照”没有办成，本项以它为前提", "“Licence” came to nothing"),
        ("bank", (G, R, S), "“刻章”没有办成，本项以它为前提", "“Seals” came to nothing"),
        ("bank", (G, G, S), None, None),  # nothing that it rests on fell: nothing to name
        ("licence", (S, R, O), None, None),  # what rests on it is no reason why it stopped
    ],
)
def test_the_end_of_an_item_says_what_it_means_for_the_others(
    slot: str, fates: tuple[Fate, Fate, Fate], zh: str | None, en: str | None
) -> None:
    words = outcome_for_others(PACKAGE, slot, stand(*fates))
    if zh is None or en is None:
        assert words is None
    else:
        assert words is not None
        assert words.zh.startswith(zh)
        assert en in words.en


@pytest.mark.parametrize(
    ("slot", "fates", "stops", "zh"),
    [
        ("licence", (O, O, W), ("seal", "bank"), "退出“营业执照”，以它为前提的“刻章”、“银行”也随之终止"),
        ("licence", (O, G, W), ("bank",), "退出“营业执照”，以它为前提的“银行”也随之终止"),
        ("licence", (O, G, G), (), "退出“营业执照”只影响这一项"),
        ("seal", (G, A, W), ("bank",), "退出“刻章”，以它为前提的“银行”也随之终止"),
        ("bank", (G, G, O), (), "退出“银行”只影响这一项"),
    ],
)
def test_before_an_item_is_given_up_it_is_said_what_follows(
    slot: str, fates: tuple[Fate, Fate, Fate], stops: tuple[str, ...], zh: str
) -> None:
    found = leaving(PACKAGE, slot, stand(*fates))
    assert (found.slot, found.stops) == (slot, stops)
    assert found.words.zh.startswith(zh)


def test_before_the_whole_is_taken_back_it_is_said_what_ends_and_what_stays() -> None:
    nothing_yet = leaving_all(PACKAGE, stand(O, A, W))
    assert (nothing_yet.slot, nothing_yet.stops) == ("", ("licence", "seal", "bank"))
    assert nothing_yet.words.zh.startswith("撤回以后，“营业执照”、“刻章”、“银行”都不再办理")
    assert "已办成" not in nothing_yet.words.zh
    in_part = leaving_all(PACKAGE, stand(G, R, W))
    assert in_part.stops == ("bank",)
    assert in_part.words.zh.startswith("撤回以后，“银行”都不再办理")
    assert in_part.words.zh.endswith("已办成的“营业执照”不受影响，照常领取。")
    assert in_part.words.en.endswith("What was granted stays yours: “Licence”.")
