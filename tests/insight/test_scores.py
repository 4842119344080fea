"""How good a forecast is, by hand; and what a day's numbers were told beside what came."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from yichuang.insight.rules.hits import Tally, tally
from yichuang.insight.rules.scores import pinball, score
from yichuang.insight.values import Score
from yichuang.visits.values import PastTicket, TicketClass, Told, Wait


def told(least: int, likely: int, most: int) -> Wait:
    return Wait(*(timedelta(minutes=one) for one in (least, likely, most)))


def test_the_loss_of_a_quantile_weighs_too_low_and_too_high_apart() -> None:
    assert pinball(0.9, 10, 20) == pytest.approx(9)  # said too little of the upper end: dear
    assert pinball(0.9, 20, 10) == pytest.approx(1)
    assert pinball(0.1, 10, 20) == pytest.approx(1)
    assert pinball(0.5, 7, 7) == 0


def test_a_score_by_hand() -> None:
    found = score([(told(5, 10, 20), 600.0), (told(0, 2, 4), 600.0)])
    assert (found.numbers, found.covered) == (2, 50.0)
    assert found.error == pytest.approx((0 + 8) / 2)
    assert found.width == pytest.approx((15 + 4) / 2)
    first = (0.1 * 5 + 0 + 0.1 * 10) / 3
    second = (0.1 * 10 + 0.5 * 8 + 0.9 * 6) / 3
    assert found.pinball == pytest.approx((first + second) / 2)


def test_a_wait_at_an_end_of_the_interval_lies_within() -> None:
    assert score([(told(5, 8, 10), minutes * 60.0) for minutes in (5, 10, 8)]).covered == 100
    assert score([(told(5, 8, 10), minutes * 60.0) for minutes in (4, 7, 11)]).covered == pytest.approx(100 / 3)


def test_of_nothing_there_is_nothing_to_say() -> None:
    assert score([]) == Score(0, 0.0, 0.0, 0.0, 0.0)


NINE = datetime(2026, 11, 24, 1, tzinfo=UTC)


def number(said: Told | None, minutes: float | None) -> PastTicket:
    waited = None if minutes is None else minutes * 60
    ticket: dict[str, Any] = {"item": "", "ahead": (), "desks": 1, "taken": 0, "served": None, "ended_at": None}
    return PastTicket(
        UUID(int=1), NINE.date(), NINE, TicketClass.ORDINARY, **ticket, waited=waited, window="", told=said
    )


@pytest.mark.parametrize(
    ("came", "found"),
    [
        (5, Tally(1, 1, 0, 0, 0, 3.0)), (10, Tally(1, 1, 0, 0, 0, 2.0)), (8, Tally(1, 1, 0, 0, 0, 0.0)), (4.5, Tally(1, 0, 1, 0, 0, 3.5)), (10.5, Tally(1, 0, 0, 1, 0, 2.5)), (None, Tally()),
    ],
)  # fmt: skip
def test_a_wait_lies_within_what_was_told_or_was_shorter_or_longer(came: float | None, found: Tally) -> None:
    assert tally([number(Told(5, 8, 10, False), came)]) == found


def test_a_day_is_added_up_and_whom_nobody_told_anything_does_not_count() -> None:
    day = [
        number(Told(5, 8, 10, True), 9),
        number(Told(5, 8, 10, True), 20),
        number(None, 9),
        number(Told(0, 2, 4, False), 1),
    ]
    assert tally(day) == Tally(told=3, hits=2, sooner=0, later=1, learned=2, error=1 + 12 + 1)
    assert tally([]) == Tally(0, 0, 0, 0, 0, 0.0)
