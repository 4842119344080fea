"""How long somebody will wait, as an interval: people ahead × time of a service ÷ desks, with what is not known of it.

The naive forecast (ports.WaitForecaster): a sum of n service times that c desks share has the mean n·m/c and, for times
that do not depend on each other, the deviation √n·s/c. Eight of ten waits shall lie within.
"""

from dataclasses import dataclass
from datetime import timedelta
from math import sqrt

from yichuang.visits.values import Wait

WITHIN = 1.2816  # standard normal: 80 % lie within as many deviations
LEAST = timedelta(minutes=2)  # nobody knows it better than that
MINUTE = timedelta(minutes=1)
LONGEST = timedelta(hours=2)  # longer: nobody pressed the end, which tells nothing of services
DAYS = timedelta(days=30)  # that services are looked for
SERVICES = 400  # of a queue, the newest ones


@dataclass(frozen=True, slots=True)
class ServiceTimes:
    """What is known of how long a service takes in a queue: mean and deviation, of so many."""

    mean: timedelta
    deviation: timedelta
    count: int


ASSUMED = ServiceTimes(timedelta(minutes=8), timedelta(minutes=6), 0)  # until the hall has its own history


def expected(ahead: int, desks: int, times: ServiceTimes = ASSUMED, *, busy: bool = True) -> Wait | None:
    """The wait of who stands behind `ahead` others; None while no desk serves the queue: then nobody can know.

    `busy`: every desk has somebody, so the first of them has to end too (renewal theory: what is left of a service is on
    average m(1 + cv²)/2).
    """
    if desks < 1:
        return None
    before = ahead + ((1 + (times.deviation / times.mean) ** 2) / 2 if busy else 0)
    likely = times.mean * before / desks
    spread = max(LEAST, times.deviation * (WITHIN * sqrt(max(1.0, before)) / desks))
    return in_minutes(likely - spread, likely, likely + spread)


def in_minutes(least: timedelta, likely: timedelta, most: timedelta, *, learned: bool = False) -> Wait:
    """What is told: whole minutes, from never less than nothing, the ends rounded outwards."""
    return Wait(_down(max(timedelta(0), least)), _down(likely + MINUTE / 2), _up(most), learned)


def learned(seconds: list[float]) -> ServiceTimes:
    """From the services of the last days; few of them are mixed with what is assumed, as if that were twenty services."""
    weight, mean, variance = 20, ASSUMED.mean.total_seconds(), ASSUMED.deviation.total_seconds() ** 2
    n = len(seconds)
    total = n + weight
    own = sum(seconds) / n if n else mean
    middle = (own * n + mean * weight) / total
    spread = sum((one - middle) ** 2 for one in seconds) + weight * (variance + (mean - middle) ** 2)
    return ServiceTimes(timedelta(seconds=middle), timedelta(seconds=sqrt(spread / total)), n)


def _down(time: timedelta) -> timedelta:
    return time // MINUTE * MINUTE


def _up(time: timedelta) -> timedelta:
    return -(-time // MINUTE) * MINUTE
