"""The command that holds both forecasts against what came."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command


def test_the_command_prints_both_forecasts_side_by_side() -> None:
    out = StringIO()
    call_command("backtest", "--made-up", "--weeks", "4", "--days", "3", "--seed", "5", stdout=out)
    header, naive, learned = out.getvalue().splitlines()[:3]
    assert "pinball" in header
    assert "naive" in naive
    assert "learned" in learned


@pytest.mark.django_db
def test_the_command_says_when_there_is_nothing_to_judge_by() -> None:
    with pytest.raises(CommandError, match="no history"):
        call_command("backtest", stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("backtest", "NOWHERE", stdout=StringIO())
