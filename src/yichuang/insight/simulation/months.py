"""Months of made-up days as the room of visits would remember them: what a back-test learns from and is judged by."""

from collections.abc import Sequence
from datetime import date, tzinfo

from yichuang.insight.simulation.hall import Stay, play
from yichuang.insight.simulation.patterns import MadeDay, Pattern, days_of
from yichuang.visits.values import PastTicket


def months_of(pattern: Pattern, first: date, weeks: int, seed: int, zone: tzinfo) -> Sequence[PastTicket]:
    """The numbers of so many weeks, in their order; the same seed gives the same."""
    return [row for made in days_of(pattern, first, weeks, seed, zone) for row in past_of(pattern, made)]


def past_of(pattern: Pattern, made: MadeDay) -> Sequence[PastTicket]:
    """What is remembered of one day."""
    played = play(made.comers, made.shifts, {pattern.queue: pattern.aim})
    return [_row(made.day, stay) for stay in played.stays]


def _row(day: date, stay: Stay) -> PastTicket:
    served = (stay.ended_at - stay.called_at).total_seconds() if stay.ended_at and stay.called_at else None
    return PastTicket(
        stay.comer.queue, day, stay.comer.at, stay.comer.of, stay.comer.item, stay.waiting, stay.desks, stay.taken,
        stay.waited, served, stay.ended_at, stay.window, None,
    )  # fmt: skip
