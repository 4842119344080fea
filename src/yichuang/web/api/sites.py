"""/places and /lists for everybody: where to go, open now or not, and what was promised by when; /administration/places for
who keeps the network."""

from datetime import date, datetime, time
from typing import Any

from django.http import HttpRequest
from ninja import Field, P, QueryEx, Router, Schema

from yichuang.catalog import figures
from yichuang.catalog.values import ListProgress
from yichuang.core.clock import now
from yichuang.core.words import Words
from yichuang.network import commands
from yichuang.network import queries as network
from yichuang.network.values import OpeningRow, PlaceData, PlaceKind, PlaceRow, Span
from yichuang.web.api import translate
from yichuang.web.api.administration import SpanIn, span_of
from yichuang.web.api.organs import AddressIn, BothIn, WindowOut
from yichuang.web.api.schemas import DoneOut, In, ItemOut, Label, Problem
from yichuang.webkit.actor import actor_of

places = Router(tags=["places"])
lists = Router(tags=["lists"])
keeping = Router(tags=["administration"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class PlaceOut(Schema):
    code: str
    parent: str | None
    kind: str
    kind_words: Label
    name: Label
    address: Label
    phone: str
    takes_filings: bool
    active: bool
    open: bool
    open_words: Label
    changes_at: datetime | None = Field(description="when it opens or closes next; none within 60 days")
    certain: bool = Field(description="false: it rests on a year whose holidays are not published yet")


class PlacesOut(Schema):
    items: list[PlaceOut]


class SpanOut(Schema):
    opens: str
    closes: str = Field(description="24:00 for midnight")


class ZoneOut(Schema):
    kind: str
    name: Label
    capacity: int


class PlaceDetailOut(PlaceOut):
    week: list[list[SpanOut]] = Field(description="Monday first")
    always: bool = Field(description="day and night")
    zones: list[ZoneOut]
    windows: list[WindowOut]
    children: list[str] = Field(description="codes of the places below it")


class PlaceIn(In):
    kind: PlaceKind
    name: BothIn
    region_code: str = Field(max_length=12)
    parent: str | None = Field(None, max_length=40)
    address: AddressIn | None = None
    phone: str = Field("", max_length=40)
    street_code: str = Field("", max_length=12)
    community_code: str = Field("", max_length=14)
    takes_filings: bool = True
    always_open: bool = False
    active: bool = True
    week: list[list[SpanIn]] = Field([], max_length=7, description="Monday first; days that are left out are closed")


class ListOut(Schema):
    code: str
    name: Label
    batch: int
    target: int
    target_on: date
    done: int
    reached: bool
    days_left: int = Field(description="calendar days; negative once the day is past")
    waiting: list[str] = Field(description="named items that do not satisfy it yet")


class ListsProgressOut(Schema):
    items: list[ListOut]


class ListItemsOut(ListOut):
    found: list[ItemOut] = Field(description="the items that satisfy it")
    next: str | None = None


def _place(row: PlaceRow, opening: OpeningRow) -> dict[str, Any]:
    parents = {one.id: one.code for one in network.list_places()}
    return {
        "code": row.code,
        "parent": parents.get(row.parent) if row.parent else None,
        "kind": row.kind.value,
        "kind_words": translate.label(row.kind_words),
        "name": translate.label(row.name),
        "address": translate.label(row.address),
        "phone": row.phone,
        "takes_filings": row.takes_filings,
        "active": row.active,
        "open": opening.open,
        "open_words": translate.label(opening.reason),
        "changes_at": opening.changes_at,
        "certain": opening.certain,
    }


def _closing(at: time) -> str:
    return "24:00" if at == time.max else f"{at:%H:%M}"


@places.get(
    "", response={200: PlacesOut}, url_name="places", summary="网点: every place of the network, open now or not"
)
@network.one_look()
def list_places(request: HttpRequest) -> dict[str, Any]:
    """In the order of the tree."""
    return {"items": [_place(row.place, row.opening) for row in network.overview(now())]}


@places.get(
    "/{code}",
    response={200: PlaceDetailOut, 404: Problem},
    url_name="place",
    summary="One place: hours, windows, facilities",
)
@network.one_look()
def get_place(request: HttpRequest, code: str) -> dict[str, Any]:
    page = network.place_page(code, now())
    timetable = page.place.timetable
    return {
        **_place(page.place, page.opening),
        "week": [
            [{"opens": f"{span.opens:%H:%M}", "closes": _closing(span.closes)} for span in day]
            for day in timetable.week
        ],
        "always": timetable.always,
        "zones": [
            {"kind": zone.kind.value, "name": translate.label(zone.name), "capacity": zone.capacity}
            for zone in page.zones
        ],
        "windows": [
            {
                "number": row.number,
                "kind": row.kind.value,
                "name": translate.label(row.name),
                "departments": list(row.departments),
                "items": list(row.items),
                "active": row.active,
            }
            for row in page.windows
        ],
        "children": [row.code for row in page.children],
    }


@keeping.post(
    "/places/{code}",
    response={200: DoneOut, **REFUSALS},
    url_name="save_place",
    summary="网点: make a place, or change its particulars and its week",
)
def save_place(request: HttpRequest, code: str, body: PlaceIn) -> dict[str, Any]:
    """The system administrator's; every fault at once. The same again changes nothing."""
    told = body.dict(exclude={"kind", "name", "address", "week"})
    address = body.address or AddressIn(zh="", en="")
    known = {row.code: row for row in network.list_places()}
    days: list[tuple[Span, ...]] = [tuple(span_of(span) for span in day) for day in body.week]
    data = PlaceData(
        code=code,
        kind=body.kind,
        name=Words(body.name.zh, body.name.en),
        address=Words(address.zh, address.en),
        demo=code in known and known[code].demo,
        week=(*days, *[()] * (7 - len(days))),
        **told,
    )
    commands.save_place(actor=actor_of(request), place=data, at=now())
    return {}


def _list(row: ListProgress) -> dict[str, Any]:
    return {
        "code": row.list.code,
        "name": translate.label(row.list.name),
        "batch": row.list.batch,
        "target": row.list.target,
        "target_on": row.list.target_on,
        "done": row.done,
        "reached": row.reached,
        "days_left": row.days_left,
        "waiting": list(row.waiting),
    }


@lists.get(
    "",
    response={200: ListsProgressOut},
    url_name="lists",
    summary="事项清单: what was promised by when, and how far it is",
)
def list_lists(request: HttpRequest) -> dict[str, Any]:
    return {"items": [_list(row) for row in figures.list_progress(at=now())]}


@lists.get(
    "/{code}",
    response={200: ListItemsOut, 404: Problem, 422: Problem},
    url_name="list",
    summary="One list with the items that satisfy it",
)
def get_list(request: HttpRequest, code: str, cursor: QueryEx[str | None, P(max_length=200)] = None) -> dict[str, Any]:
    at = now()
    page = figures.listed(code, cursor, at=at)
    return {
        **_list(figures.get_progress(code, at=at)),
        "found": [translate.item(row) for row in page.items],
        "next": page.next,
    }
