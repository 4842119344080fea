"""/administration/places/…/devices: machines of a place: how they are, named, let in by a code that is shown once, revoked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from yichuang.core.clock import now
from yichuang.core.refusals import NotFound
from yichuang.core.words import W
from yichuang.devices import queries
from yichuang.devices.commands import add_device, new_code, revoke_device
from yichuang.devices.values import Code, DeviceRow
from yichuang.network import queries as network
from yichuang.web.api.hall import REFUSALS
from yichuang.web.api.schemas import DoneOut, In
from yichuang.webkit.actor import actor_of

router = Router(tags=["administration"])
A_DEVICE = W("设备", "machine")
Kind = Literal["kiosk", "board", "printer", "reader", "display", "node"]


class PictureOut(Schema):
    wanted: list[str]
    wanted_at: datetime
    shown: list[str] = Field(description="what it last said that it shows")
    shown_at: datetime | None


class DeviceOut(Schema):
    id: UUID
    kind: Kind
    name: str
    window: str
    kiosk: UUID | None = Field(description="at which it stands")
    address: str
    health: Literal["new", "fine", "fault", "silent", "revoked"]
    seen_at: datetime | None
    parts: Mapping[str, str] = Field(description="name of a part: code of its fault, empty for none")
    code_until: datetime | None
    picture: PictureOut | None = Field(description="of a window's display that was told what to show")


class DevicesOut(Schema):
    devices: list[DeviceOut]


class DeviceIn(In):
    kind: Kind
    name: Annotated[str, StringConstraints(max_length=80)]
    window: Annotated[str, StringConstraints(max_length=8)] = ""
    kiosk: UUID | None = None
    address: Annotated[str, StringConstraints(max_length=80)] = ""


class DeviceCodeOut(Schema):
    device: UUID
    code: str = Field(description="shown this once; empty for one that needs none")
    until: datetime | None


@router.get("/places/{code}/devices", response={200: DevicesOut, **REFUSALS}, url_name="devices", summary="The machines of a place and how they are")  # fmt: skip
def listed(request: HttpRequest, code: str) -> dict[str, Any]:
    rows = queries.list_devices(actor_of(request), network.get_place(code).id, at=now())
    return {"devices": [_row(row) for row in rows]}


@router.post("/places/{code}/devices", response={200: DeviceCodeOut, **REFUSALS}, url_name="add_device", summary="Name a machine; its code lets it in once")  # fmt: skip
def add(request: HttpRequest, code: str, body: DeviceIn) -> dict[str, Any]:
    return _code(add_device(actor=actor_of(request), place=network.get_place(code).id, at=now(), **body.dict()))


@router.post("/places/{code}/devices/{device}/code", response={200: DeviceCodeOut, **REFUSALS}, url_name="device_code", summary="Another code: it was not used in time, or the machine was replaced")  # fmt: skip
def another(request: HttpRequest, code: str, device: UUID) -> dict[str, Any]:
    _at(request, code, device)
    return _code(new_code(actor=actor_of(request), device=device, at=now()))


@router.post("/places/{code}/devices/{device}/revoke", response={200: DoneOut, **REFUSALS}, url_name="revoke_device", summary="It opens nothing from now on, for good")  # fmt: skip
def revoke(request: HttpRequest, code: str, device: UUID) -> dict[str, Any]:
    _at(request, code, device)
    revoke_device(actor=actor_of(request), device=device, at=now())
    return {"done": True}


def _at(request: HttpRequest, code: str, device: UUID) -> None:
    """A machine of another place is not there."""
    if queries.get_device(actor_of(request), device, at=now()).place != network.get_place(code).id:
        raise NotFound(A_DEVICE)


def _code(made: Code) -> dict[str, Any]:
    return {"device": made.device, "code": made.code, "until": made.until}


def _row(row: DeviceRow) -> dict[str, Any]:
    plain = ("id", "name", "window", "kiosk", "address", "seen_at", "code_until")
    known = {name: getattr(row, name) for name in plain}
    return {
        **known,
        "kind": row.kind.value,
        "health": row.health.value,
        "parts": dict(row.parts),
        "picture": {
            "wanted": list(row.picture.wanted),
            "wanted_at": row.picture.wanted_at,
            "shown": list(row.picture.shown),
            "shown_at": row.picture.shown_at,
        }
        if row.picture
        else None,
    }
