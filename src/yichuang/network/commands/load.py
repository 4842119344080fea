"""Load a network from a folder: what is missing is created, what exists stays as the district has changed it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import connection, transaction

from yichuang.core import ledger
from yichuang.core.actors import SYSTEM, Actor
from yichuang.network.commands.calendar import seed_calendar
from yichuang.network.folder import Folder, PlaceFile, read_folder
from yichuang.network.models import (
    Authorisation,
    Department,
    ItemAssignment,
    OpeningHours,
    Place,
    Post,
    Terminal,
    Window,
    WindowItem,
    Zone,
)
from yichuang.network.permissions import check_can_change_network
from yichuang.network.values import DepartmentData, PlaceData

DEMO_FOLDER = Path(__file__).resolve().parents[1] / "demo"
DEMO_YEARS = (2024, 2025, 2026, 2027)  # the last one unpublished, so that the "provisional" mark is seen at work
NETWORK_SUBJECT = uuid5(NAMESPACE_OID, "yichuang.network")


@dataclass(frozen=True, slots=True)
class LoadReport:
    """How many rows were created; all zero when everything was there."""

    places: int
    departments: int
    posts: int
    assignments: int
    authorisations: int
    calendar_days: int

    @property
    def changed(self) -> bool:
        return any((self.places, self.departments, self.posts, self.assignments, self.authorisations))


def load_demo_network(*, at: datetime, actor: Actor = SYSTEM) -> LoadReport:
    """The demo network ("1+4+10+83" and more) and its calendar; quick and silent when it is there already."""
    return load_network(actor=actor, folder=DEMO_FOLDER, years=DEMO_YEARS, at=at)


@transaction.atomic
def load_network(*, actor: Actor, folder: Path, at: datetime, years: tuple[int, ...] = ()) -> LoadReport:
    """Create what the folder names and the database lacks, and seed the calendar of the years.

    `Refused` with every fault of the folder, each with file and entry; then nothing is written.
    """
    check_can_change_network(actor)
    with connection.cursor() as cursor:
        # Two loads at once (two processes of a first start) must not both find the tables empty.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('yichuang.network.load'))")
    read = read_folder(folder)
    departments, new_departments = _load_departments(read)
    places, new_places = _load_places(read, departments)
    report = LoadReport(
        places=new_places,
        departments=new_departments,
        posts=_load_posts(read, departments),
        assignments=_load_assignments(read, departments, places),
        authorisations=_load_authorisations(read, departments, places),
        calendar_days=seed_calendar(actor=actor, years=years, at=at),
    )
    if report.changed:
        ledger.append(
            act="network.loaded",
            actor=actor,
            at=at,
            subject=ledger.Subject("network", NETWORK_SUBJECT),
            detail={
                "folder": folder.name,
                "places": report.places,
                "departments": report.departments,
                "posts": report.posts,
                "assignments": report.assignments,
                "authorisations": report.authorisations,
            },
        )
    return report


def _load_departments(read: Folder) -> tuple[dict[str, UUID], int]:
    ids = dict(Department.objects.order_by("code").values_list("code", "id"))
    new = Department.objects.bulk_create(_department(data) for data in read.departments if data.code not in ids)
    return ids | {row.code: row.id for row in new}, len(new)


def _department(data: DepartmentData) -> Department:
    return Department(
        code=data.code,
        uscc=data.uscc,
        kind=data.kind.value,
        name_zh=data.name.zh,
        name_en=data.name.en,
        organ_seal=data.organ_seal,
        address_zh=data.address.zh,
        address_en=data.address.en,
        review_organ_zh=data.review_organ.zh,
        review_organ_en=data.review_organ.en,
        court_zh=data.court.zh,
        court_en=data.court.en,
        phone=data.phone,
        complaint_phone=data.complaint_phone,
        demo=data.demo,
    )


def _load_places(read: Folder, departments: dict[str, UUID]) -> tuple[dict[str, UUID], int]:
    ids = dict(Place.objects.order_by("code").values_list("code", "id"))
    fresh = [entry for entry in read.places if entry.place.code not in ids]
    rows = []
    for entry in fresh:  # the place above stands before: its id is known by now
        row = _place(entry.place, ids)
        ids[row.code] = row.id
        rows.append(row)
    Place.objects.bulk_create(rows)
    _load_belongings(fresh, ids, departments)
    return ids, len(rows)


def _place(data: PlaceData, ids: dict[str, UUID]) -> Place:
    return Place(
        code=data.code,
        parent_id=ids[data.parent] if data.parent else None,
        kind=data.kind.value,
        name_zh=data.name.zh,
        name_en=data.name.en,
        address_zh=data.address.zh,
        address_en=data.address.en,
        phone=data.phone,
        region_code=data.region_code,
        street_code=data.street_code,
        community_code=data.community_code,
        takes_filings=data.takes_filings,
        always_open=data.always_open,
        active=data.active,
        demo=data.demo,
    )


def _load_belongings(fresh: list[PlaceFile], ids: dict[str, UUID], departments: dict[str, UUID]) -> None:
    hours, zones, windows, scopes, terminals = [], [], [], [], []
    for entry in fresh:
        place = ids[entry.place.code]
        for weekday, spans in enumerate(entry.place.week):
            hours += [OpeningHours(place_id=place, weekday=weekday, opens=s.opens, closes=s.closes) for s in spans]
        zones += [
            Zone(
                place_id=place,
                kind=z.kind.value,
                name_zh=z.name.zh,
                name_en=z.name.en,
                capacity=z.capacity,
                always_open=z.always,
            )
            for z in entry.zones
        ]
        terminals += [
            Terminal(code=t.code, place_id=place, name_zh=t.name.zh, name_en=t.name.en, always_open=t.always)
            for t in entry.terminals
        ]
        for w in entry.windows:
            row = Window(place_id=place, number=w.number, kind=w.kind.value, name_zh=w.name.zh, name_en=w.name.en)
            windows.append(row)
            scopes += [WindowItem(window=row, department_id=departments[code]) for code in w.departments]
    OpeningHours.objects.bulk_create(hours)
    Zone.objects.bulk_create(zones)
    Window.objects.bulk_create(windows)
    WindowItem.objects.bulk_create(scopes)
    Terminal.objects.bulk_create(terminals)


def _load_posts(read: Folder, departments: dict[str, UUID]) -> int:
    known = set(Post.objects.order_by("code").values_list("code", flat=True))
    new = Post.objects.bulk_create(
        Post(
            code=post.code,
            department_id=departments[post.department] if post.department else None,
            name_zh=post.name.zh,
            name_en=post.name.en,
            act=post.act.value,
        )
        for post in read.posts
        if post.code not in known
    )
    return len(new)


def _load_assignments(read: Folder, departments: dict[str, UUID], places: dict[str, UUID]) -> int:
    known = set(ItemAssignment.objects.order_by("item_code").values_list("item_code", flat=True))
    new = ItemAssignment.objects.bulk_create(
        ItemAssignment(
            item_code=a.item_code,
            department_id=departments[a.department],
            rule=a.rule.value,
            place_id=places[a.place] if a.place else None,
        )
        for a in read.assignments
        if a.item_code not in known
    )
    return len(new)


def _load_authorisations(read: Folder, departments: dict[str, UUID], places: dict[str, UUID]) -> int:
    # An authorisation that was ended stays ended: one that existed once is never granted anew by a load.
    known = set(Authorisation.objects.order_by("id").values_list("department_id", "place_id", "item_code"))
    new = Authorisation.objects.bulk_create(
        Authorisation(
            department_id=departments[a.department],
            place_id=places[a.place],
            item_code=a.item_code,
            valid_from=a.valid_from,
            valid_to=a.valid_to,
            seal_name=a.seal_name,
            number=a.number,
        )
        for a in read.authorisations
        if (departments[a.department], places[a.place], a.item_code) not in known
    )
    return len(new)
