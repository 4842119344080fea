"""/halls/…/forecast: how long people wait now (an interval), the best hour to come, and how often the forecast came true.

For everybody, as on the page of the place: a hit rate that is kept to oneself proves nothing.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from yichuang.core.clock import now
from yichuang.insight import queries as insight
from yichuang.insight.values import HalfHour, QueueHits
from yichuang.network import queries as network
from yichuang.visits import queries as visits
from yichuang.visits.values import QueueRow
from yichuang.web.api import translate
from yichuang.web.api.hall import ASKED
from yichuang.web.api.schemas import Label

router = Router(tags=["hall"])


class HalfHourOut(Schema):
    starts_at: datetime
    usual: int = Field(description="minutes that half of those who come then wait at most")
    most: int = Field(description="minutes that nine of ten wait at most")


class HitsOut(Schema):
    days: int
    told: int = Field(description="waits that were told and are known")
    percent: int | None = Field(description="of them within the interval; eight of ten should be")
    sooner: int
    later: int
    error: float = Field(description="minutes by which the likely wait was off, on average")


class QueueForecastOut(Schema):
    id: UUID
    letter: str
    name: Label
    waiting: int
    least: int | None = Field(
        description="minutes; eight of ten waits lie within; none: no window calls from the queue"
    )
    most: int | None
    learned_at: datetime | None = Field(description="none: its history is too short, a simple estimate is told")
    hits: HitsOut | None = Field(description="of the last thirty days; none: nothing was told")
    hours: list[HalfHourOut] = Field(description="the half hours to come today, else of the next day of opening")
    best: HalfHourOut | None = Field(description="of them the one with the shortest wait")


class ForecastOut(Schema):
    open: bool
    queues: list[QueueForecastOut]


@router.get("/{place}/forecast", response={200: ForecastOut, **ASKED}, url_name="hall_forecast", summary="How long people wait, the best hour to come, and how often that came true")  # fmt: skip
def forecast(request: HttpRequest, place: str) -> dict[str, Any]:
    at, hall = now(), network.get_place(place).id
    queues = visits.queues_of(hall, at=at)
    hours = insight.coming_hours({row.id: hall for row in queues}, at=at)
    hits = {row.letter: row for row in insight.hall_hits(hall, at=at)}
    rows = [_queue(row, hits.get(row.letter), hours.get(row.id, ())) for row in queues]
    return {"open": visits.hall_hours(hall, at=at).open, "queues": rows}


def _queue(row: QueueRow, hits: QueueHits | None, hours: tuple[HalfHour, ...]) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("id", "letter", "waiting", "least", "most")}
    rate = hits.rate if hits else None
    told = ("days", "told", "percent", "sooner", "later", "error")
    return plain | {
        "name": translate.label(row.name),
        "learned_at": hits.learned_at if hits else None,
        "hits": {name: getattr(rate, name) for name in told} if rate else None,
        "hours": [_half(one) for one in hours],
        "best": _half(min(hours, key=lambda one: (one.usual, one.most, one.starts_at))) if hours else None,
    }


def _half(row: HalfHour) -> dict[str, Any]:
    return {"starts_at": row.starts_at, "usual": row.usual, "most": row.most}
