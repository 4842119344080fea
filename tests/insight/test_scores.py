"""How good a forecast is, by hand."""

from datetime import timedelta

import pytest

from yichuang.insight.rules.scores import pinball, score
from yichuang.visits.values import Wait


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


def test_of_nothing_there_is_nothing_to_say() -> None:
    assert score([]).numbers == 0
