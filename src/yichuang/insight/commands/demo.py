"""A past for the district hall of the demo, so that its forecast has something to learn from and to be measured by."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from yichuang.core.clock import SHANGHAI, local_date
from yichuang.insight.commands.forecast import learn_queue, measure_waits
from yichuang.insight.rules.line import LineModel, learn, seen_by
from yichuang.insight.simulation.months import months_of
from yichuang.insight.simulation.patterns import a_usual_hall
from yichuang.network import queries as network
from yichuang.network.values import PlaceKind
from yichuang.visits import figures
from yichuang.visits.commands.demo_past import load_demo_past
from yichuang.visits.values import PastTicket, Told

WEEKS: Final = 4
TOLD_DAYS: Final = 7  # that were told a wait, so that there is a hit rate
SEED: Final = 42
LETTER: Final = "A"
A_DAY: Final = 105
WINDOWS: Final = 3


def load_demo_waits(*, at: datetime) -> int:
    """How many numbers of days gone by were written. A second run writes nothing."""
    today = local_date(at)
    known = set(figures.queues_with_history(today - timedelta(weeks=WEEKS), today - timedelta(days=1)))
    written = 0
    for place in network.list_places(kinds=frozenset({PlaceKind.DISTRICT_HALL})):
        for queue, (letter, _) in figures.queues_of(place.id).items():
            if letter == LETTER and queue not in known:
                written += load_demo_past(queue=queue, rows=_past(queue, today))
                learn_queue(queue, at=at)
    if written:
        measure_waits(at=at)
    return written


def _past(queue: UUID, today: date) -> Sequence[PastTicket]:
    """Four weeks before today, the last days told by what was learned of those before."""
    usual = a_usual_hall(queue)
    pattern = replace(usual, a_day=A_DAY, windows=usual.windows[:WINDOWS])
    rows = months_of(pattern, today - timedelta(weeks=WEEKS), WEEKS, SEED, SHANGHAI)
    told_from = today - timedelta(days=TOLD_DAYS)
    model = learn([row for row in rows if row.day < told_from], told_from)
    return [replace(row, told=_told(model, row)) if model and row.day >= told_from else row for row in rows]


def _told(model: LineModel, row: PastTicket) -> Told | None:
    wait = model.wait(seen_by(row))
    if wait is None:
        return None
    least, likely, most = (int(one.total_seconds() // 60) for one in (wait.least, wait.likely, wait.most))
    return Told(least, likely, most, learned=True)
