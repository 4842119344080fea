"""How good a forecast was: pure. Quantile losses as by Koenker and Bassett; an interval told in whole minutes."""

from collections.abc import Sequence
from datetime import timedelta

from yichuang.insight.values import Score
from yichuang.visits.values import Wait

LEVELS = (0.1, 0.5, 0.9)  # least, likely, most: eight of ten lie between the outer ones
MINUTE = timedelta(minutes=1)


def score(pairs: Sequence[tuple[Wait, float]]) -> Score:
    """Of what was told and what came (seconds)."""
    n = len(pairs)
    if not n:
        return Score(0, 0.0, 0.0, 0.0, 0.0)
    loss = error = width = 0.0
    covered = 0
    for wait, seconds in pairs:
        came = seconds / 60
        told = [one / MINUTE for one in (wait.least, wait.likely, wait.most)]
        loss += sum(pinball(level, guess, came) for level, guess in zip(LEVELS, told, strict=True)) / len(LEVELS)
        error += abs(told[1] - came)
        width += told[2] - told[0]
        covered += told[0] <= came <= told[2]
    return Score(n, loss / n, 100 * covered / n, error / n, width / n)


def pinball(level: float, guess: float, came: float) -> float:
    """The loss of a guess of that quantile: smallest on average for the true one."""
    return (came - guess) * level if came >= guess else (guess - came) * (1 - level)
