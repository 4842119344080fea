"""/halls/…/queue-settings: how the queues of a hall are set up (排队队列), for its manager and system administrators."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from yichuang.core.clock import now
from yichuang.core.words import Words
from yichuang.network import queries as network
from yichuang.visits import queries as visits
from yichuang.visits.commands.queues import retire_queue, save_queue, start_queues
from yichuang.visits.values import QueueData, QueueScope
from yichuang.web.api import translate
from yichuang.web.api.hall import REFUSALS
from yichuang.web.api.schemas import DoneOut, In, Label
from yichuang.webkit.actor import actor_of

router = Router(tags=["hall"])
Number = Annotated[str, StringConstraints(max_length=8)]
Code = Annotated[str, StringConstraints(max_length=60)]


class QueueSettingOut(Schema):
    id: UUID
    letter: str
    name: Label
    aim_minutes: int = Field(description="that people should wait at most")
    scope: QueueScope = Field(description="what leads there")
    windows: list[str] = Field(description="numbers of the windows that serve it")
    items: list[str]
    departments: list[str]
    order: int
    active: bool = Field(description="else it was retired")


class QueueSettingsOut(Schema):
    queues: list[QueueSettingOut]


class QueueSettingIn(In):
    letter: Annotated[str, StringConstraints(max_length=1)] = Field(description="its key: a queue with it is changed")
    name: Annotated[str, StringConstraints(max_length=60)]
    name_en: Annotated[str, StringConstraints(max_length=100)]
    aim_minutes: int = Field(ge=1, le=240)
    scope: QueueScope
    windows: list[Number] = Field(min_length=1, max_length=200)
    items: list[Code] = Field([], max_length=200, description="with the scope `named` only")
    departments: list[Code] = Field([], max_length=100, description="with the scope `named` only")
    order: int = Field(0, ge=0, le=99)


class QueueIdOut(Schema):
    id: UUID


class StartedOut(Schema):
    queues: int


@router.get("/{place}/queue-settings", response={200: QueueSettingsOut, **REFUSALS}, url_name="queue_settings", summary="The queues of a place as they are set up, retired ones too")  # fmt: skip
def listed(request: HttpRequest, place: str) -> dict[str, Any]:
    rows = visits.queue_settings(actor_of(request), network.get_place(place).id)
    names = ("letter", "aim_minutes", "scope", "windows", "items", "departments", "order")
    return {
        "queues": [
            {"id": row.id, "active": row.active, "name": translate.label(row.data.name)}
            | {name: getattr(row.data, name) for name in names}
            for row in rows
        ]
    }


@router.post("/{place}/queue-settings", response={200: QueueIdOut, **REFUSALS}, url_name="save_queue", summary="Make the queue with this letter, change it, or put it back in use; open windows follow at once")  # fmt: skip
def saved(request: HttpRequest, place: str, body: QueueSettingIn) -> dict[str, Any]:
    data = QueueData(
        letter=body.letter,
        name=Words(body.name, body.name_en),
        aim_minutes=body.aim_minutes,
        scope=body.scope,
        windows=tuple(body.windows),
        items=tuple(body.items),
        departments=tuple(body.departments),
        order=body.order,
    )
    return {"id": save_queue(actor=actor_of(request), place=network.get_place(place).id, queue=data, at=now())}


@router.post("/{place}/queue-settings/standard", response={200: StartedOut, **REFUSALS}, url_name="start_queues", summary="The standard queues of a place that has none: one for each kind of window")  # fmt: skip
def started(request: HttpRequest, place: str) -> dict[str, Any]:
    return {"queues": start_queues(actor=actor_of(request), place=network.get_place(place).id, at=now())}


@router.post("/{place}/queue-settings/{letter}/retire", response={200: DoneOut, **REFUSALS}, url_name="retire_queue", summary="Give no more numbers for a queue; refused while somebody still waits or has an appointment")  # fmt: skip
def retired(request: HttpRequest, place: str, letter: str) -> dict[str, Any]:
    retire_queue(actor=actor_of(request), place=network.get_place(place).id, letter=letter, at=now())
    return {"done": True}
