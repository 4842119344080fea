"""Machines of a place: how they are now, named by who keeps them, let in by a code that is shown once, shut out at once."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.idempotency import body_hash, run_once, scope_of
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W, Words
from yichuang.devices import queries
from yichuang.devices.commands import add_device, new_code, revoke_device
from yichuang.devices.permissions import can_keep_devices, can_see_devices
from yichuang.devices.values import (
    AT_A_KIOSK,
    COMES_BY_CODE,
    FAULT_WORDS,
    HEALTH_WORDS,
    KIND_WORDS,
    Code,
    DeviceKind,
    Health,
)
from yichuang.network import queries as network
from yichuang.network.values import PlaceRow
from yichuang.web.console.pages import JsonDict, chosen, render
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import note

A_PLACE, A_DEVICE = W("网点", "place"), W("设备", "machine")
ADDED = W("设备已登记", "The machine is named")
REVOKED = W("设备已停用，立即失效", "The machine is revoked and opens nothing")
COLOURS = {Health.NEW: "amber", Health.FINE: "green", Health.FAULT: "red", Health.SILENT: "red", Health.REVOKED: ""}


def place_list(request: HttpRequest) -> HttpResponse:
    """The places whose machines the actor may see, those with a machine that wants somebody first."""
    actor, text = actor_of(request), params.text(request, "q", longest=40)
    places = [row for row in network.list_places() if can_see_devices(actor, row.id) and _fits(row, text)]
    counts = queries.count_devices(actor, [row.id for row in places], at=now())
    rows = [(row, *counts.get(row.id, (0, 0))) for row in places]
    rows.sort(key=lambda row: (-row[2], -row[1], row[0].code))
    return render(request, "console/devices.html", {"rows": rows, "text": text})


def _fits(row: PlaceRow, text: str) -> bool:
    return not text or text.casefold() in f"{row.code} {row.name.zh} {row.name.en}".casefold()


def of_place(request: HttpRequest, code: str) -> HttpResponse:
    """The machines of one place; a form names one, makes a code, or revokes one."""
    actor, place = actor_of(request), network.get_place(code)
    if not can_see_devices(actor, place.id):
        raise NotFound(A_PLACE)
    if request.method != "POST":
        return _page(request, place)
    act = {"add": _add, "code": _code, "revoke": _revoke}.get(params.text(request, "act"))
    if act is None:
        raise NotFound(W("页面", "page"))
    try:
        return act(request, place, actor, now())
    except NotFound:
        raise
    except Refused as refused:
        return _page(request, place, refused)


def _add(request: HttpRequest, place: PlaceRow, actor: Actor, at: datetime) -> HttpResponse:
    """Once for its key; the code is on the answer to the first press and kept nowhere."""
    made: list[Code] = []
    wanted = {name: params.text(request, name, longest=80) for name in ("kind", "name", "window", "address")}

    def do() -> JsonDict:
        made.append(add_device(actor=actor, place=place.id, kiosk=chosen(request, "kiosk"), at=at, **wanted))
        return {"device": str(made[0].device)}

    run_once(
        key=params.text(request, "key") or str(new_id()),
        scope=scope_of(actor, "console.add_device"),
        body_hash=body_hash({**wanted, "place": place.code, "kiosk": params.text(request, "kiosk")}),
        at=at,
        do=do,
    )
    if made and made[0].code:
        return _page(request, place, code=made[0])
    note(request, ADDED)
    return HttpResponseRedirect(reverse("console:devices-of", args=[place.code]))


def _code(request: HttpRequest, place: PlaceRow, actor: Actor, at: datetime) -> HttpResponse:
    return _page(request, place, code=new_code(actor=actor, device=params.uuid(params.text(request, "device")), at=at))


def _revoke(request: HttpRequest, place: PlaceRow, actor: Actor, at: datetime) -> HttpResponse:
    revoke_device(actor=actor, device=params.uuid(params.text(request, "device")), at=at)
    note(request, REVOKED)
    return HttpResponseRedirect(reverse("console:devices-of", args=[place.code]))


def _page(
    request: HttpRequest, place: PlaceRow, refused: Refused | None = None, *, code: Code | None = None
) -> HttpResponse:
    actor, at = actor_of(request), now()
    rows = queries.list_devices(actor, place.id, at=at)
    kind = next((row.kind for row in rows if code is not None and row.id == code.device), None)
    context: dict[str, Any] = {
        "place": place,
        "rows": rows,
        "names": {row.id: row.name for row in rows},
        "kinds": [(kind.value, words) for kind, words in KIND_WORDS.items()],
        "kind_words": KIND_WORDS,
        "health_words": HEALTH_WORDS,
        "colours": COLOURS,
        "by_code": COMES_BY_CODE,
        "kiosks": [(str(r.id), r.name) for r in rows if r.kind is DeviceKind.KIOSK and r.health is not Health.REVOKED],
        "at_a_kiosk": AT_A_KIOSK,
        "windows": [(window.number, window.number) for window in network.list_windows(place.id)],
        "may_keep": can_keep_devices(actor, place.id),
        "code": code,
        "code_kind": kind.value if kind else "",
        "enrol": _how(request, kind, code.code) if code else (),
        "fault": fault_words,
    }
    return render(request, "console/devices_of.html", context, refused)


def _how(request: HttpRequest, kind: DeviceKind | None, code: str) -> tuple[str, ...]:
    """What whoever stands at the machine opens or types."""
    if kind is not DeviceKind.NODE:
        return (request.build_absolute_uri("/kiosk/enrol/"),)
    return (f"./run serve --centre {request.build_absolute_uri('/').rstrip('/')}", f"./run manage pair_node {code}")


def fault_words(fault: str) -> Words:
    """What is wrong in words; a code that nobody put into words stands as it is."""
    return FAULT_WORDS.get(fault, Words(fault, fault))
