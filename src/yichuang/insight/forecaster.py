"""The learned forecaster of waits (`visits.ports.WaitForecaster`); where history is too short, the naive one answers."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from yichuang.insight.models import WaitModel
from yichuang.insight.rules.line import LineModel, from_json
from yichuang.visits.ports import WaitForecaster
from yichuang.visits.values import LineSeen, Wait


class Learned:
    """Answers from what was learned at night, read anew once an hour: one statement for all queues that are asked for."""

    def __init__(self, otherwise: WaitForecaster) -> None:
        self.otherwise = otherwise
        self.known: dict[UUID, tuple[datetime, LineModel | None]] = {}

    def waits(self, seen: Sequence[LineSeen]) -> Sequence[Wait | None]:
        """One answer for each, in their order."""
        if not seen:
            return []
        hour = seen[0].at.replace(minute=0, second=0, microsecond=0)
        self._read({one.queue for one in seen if self.known.get(one.queue, (None,))[0] != hour}, hour)
        learned = [self.known[one.queue][1] for one in seen]
        rest = iter(self.otherwise.waits([one for one, model in zip(seen, learned, strict=True) if model is None]))
        return [next(rest) if model is None else model.wait(one) for one, model in zip(seen, learned, strict=True)]

    def _read(self, queues: Collection[UUID], hour: datetime) -> None:
        if not queues:
            return
        rows = WaitModel.objects.filter(queue__in=queues).order_by("id").values_list("queue", "line")
        kept = {queue: from_json(line) for queue, line in rows}
        self.known.update({queue: (hour, kept.get(queue)) for queue in queues})
