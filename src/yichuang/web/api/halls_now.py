"""/items/{code}/halls: where an item can be handed in now, and how long the wait is there."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from yichuang.catalog import queries as catalog
from yichuang.core.clock import now
from yichuang.network import queries as network
from yichuang.visits import queries as visits
from yichuang.visits.values import HallNow
from yichuang.web.api import translate
from yichuang.web.api.schemas import Label, Problem

router = Router(tags=["hall"])


class QueueNowOut(Schema):
    letter: str
    name: Label
    waiting: int
    windows: int = Field(description="open and not paused")
    least: int | None = Field(description="minutes that who joins now will wait at least; none: no window serves it")
    most: int | None


class HallNowOut(Schema):
    place: str
    name: Label
    open: bool
    changes_at: datetime | None = Field(description="until when it is open, or when it opens next")
    responsible: bool = Field(description="it also answers for the item")
    queue: QueueNowOut | None = Field(description="none: no numbers are given there")


class HallsNowOut(Schema):
    items: list[HallNowOut]


@router.get("/{code}/halls", response={200: HallsNowOut, 404: Problem}, url_name="halls_now", summary="Every hall that takes the item, as it stands now")  # fmt: skip
def halls(request: HttpRequest, code: str) -> dict[str, Any]:
    at = now()
    pack = catalog.get_pack(code, at=at)
    rows = network.places_taking(code, pack.scope.area, at)
    known = visits.halls_now([row.place.id for row in rows], item=code, department=pack.department, at=at)
    items = [
        {
            "place": row.place.code,
            "name": translate.label(row.place.name),
            "open": row.opening.open,
            "changes_at": row.opening.changes_at,
            "responsible": row.responsible,
            "queue": _queue(known[row.place.id]) if row.place.id in known else None,
        }
        for row in rows
    ]
    return {"items": items}


def _queue(row: HallNow) -> dict[str, Any]:
    plain = ("letter", "waiting", "least", "most")
    return {**{name: getattr(row, name) for name in plain}, "name": translate.label(row.name), "windows": row.desks}
