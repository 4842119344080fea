"""Reads of home visits (上门办): for who goes there, for the hall that gives originals back, for the person."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from yichuang.cases import queries as cases
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Material, RequiredMaterial
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.refusals import NotFound
from yichuang.core.words import Words
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.visits import messages
from yichuang.visits.booking_states import BookingState
from yichuang.visits.models import Booking, HomeConsent, HomeOriginal, HomePhoto
from yichuang.visits.permissions import check_can_guide, goes_there
from yichuang.visits.queries.booking import booking_page
from yichuang.visits.values.booking import BookingKind, BookingRow
from yichuang.visits.values.home import (
    ALTERNATIVE_WORDS,
    RETURN_WORDS,
    SPARED_WORDS,
    Alternative,
    ConsentRow,
    GivenAtHome,
    HomePage,
    OriginalRow,
    PaperRow,
    PhotoRow,
    ReceiptPage,
    ReturnWay,
    Spared,
)

LISTED = 200
GOING = frozenset({BookingState.BOOKED.value, BookingState.DONE.value})


def home_page(actor: Actor, booking: UUID, *, at: datetime) -> HomePage:
    """The visit for who was assigned to it: where to, what for, what was photographed and taken along. NotFound else."""
    row = Booking.objects.select_related("slot").filter(id=booking, slot__kind=BookingKind.HOME.value).first()
    if row is None or not goes_there(actor, row.place_id, row.helper_id):
        raise NotFound(messages.BOOKING)
    page = booking_page(actor, booking, at=at)
    photos = list(HomePhoto.objects.filter(booking=row).order_by("at", "id"))
    mine = [photo for photo in photos if photo.used_at is None and photo.by_id == actor.id]
    item = catalog.published_name(row.item) if row.item else None
    return HomePage(
        page.row,
        page.address,
        people.get_party(row.booker_id).mobile,
        row.booker_id,
        item or Words(row.item, row.item),
        _papers(row, photos, at),
        _originals([row.id]).get(row.id, ()),
        consent_of(row.id),
        row.state in GOING and row.day <= local_date(at),
        len(mine),
    )


def goes_home(actor: Actor, booking: UUID) -> bool:
    """Whether it is a home visit to which this actor was assigned."""
    row = Booking.objects.select_related("slot").filter(id=booking, slot__kind=BookingKind.HOME.value).first()
    return row is not None and goes_there(actor, row.place_id, row.helper_id)


def _papers(row: Booking, photos: Iterable[HomePhoto], at: datetime) -> tuple[PaperRow, ...]:
    taken: dict[str, list[PhotoRow]] = defaultdict(list)
    for one in photos:
        taken[one.material].append(PhotoRow(one.id, one.upload, one.name, one.at, one.used_at is not None))
    if not row.item:
        return ()
    needs, given = cases.papers_of_draft(row.booker_id, row.item, at=at)
    asked = {one.code: one for one in needs.materials}
    materials = catalog.get_pack(row.item, at=at).materials
    return tuple(_paper(one, asked.get(one.code), tuple(taken[one.code]), one.code in given) for one in materials)


def _paper(material: Material, asked: RequiredMaterial | None, photos: tuple[PhotoRow, ...], given: bool) -> PaperRow:
    spared = _spared(asked, given)
    optional = asked is not None and asked.necessity == "optional"
    return PaperRow(material.code, material.name, photos, SPARED_WORDS[spared] if spared else None, optional)


def _spared(asked: RequiredMaterial | None, given: bool) -> Spared | None:
    if asked is None:
        return Spared.NOT_ASKED
    if asked.held:
        return Spared.HELD
    return Spared.GIVEN if given else None


def consent_of(booking: UUID) -> ConsentRow | None:
    """What was said to a fingerprint the last time it was asked at this visit. No gate: the booking's page is its gate."""
    row = HomeConsent.objects.filter(booking=booking).order_by("-at", "-id").first()
    if row is None:
        return None
    other = ALTERNATIVE_WORDS[Alternative(row.alternative)] if row.alternative else None
    return ConsentRow(row.id, row.agreed, other, row.at, row.withdrawn_at)


def receipt_page(actor: Actor, booking: UUID, *, at: datetime) -> ReceiptPage:
    """What went along from a home, with its receipts: for the person, who stands for them, and staff of the hall. NotFound
    for everybody else, and where nothing went along."""
    page = booking_page(actor, booking, at=at)
    originals = _originals([booking]).get(booking, ())
    if not originals:
        raise NotFound(messages.BOOKING)
    return ReceiptPage(page.row, network.get_place_by_id(page.row.place).name, originals)


def given_at_home(actor: Actor, booking: UUID, *, at: datetime) -> GivenAtHome:
    """What went along from a home, and what was said to a fingerprint, for who may read the appointment. NotFound else."""
    booking_page(actor, booking, at=at)
    said = consent_of(booking)
    agreed = said is not None and said.agreed and said.withdrawn_at is None
    return GivenAtHome(_originals([booking]).get(booking, ()), agreed)


def originals_out(actor: Actor, place: UUID, *, at: datetime) -> tuple[tuple[BookingRow, tuple[OriginalRow, ...]], ...]:
    """The originals that went along to this hall and are not back, by visit, the oldest first. Refused (403) for staff of elsewhere."""
    check_can_guide(actor, place)
    out = HomeOriginal.objects.filter(booking__place=place, returned_at=None).order_by("taken_at", "id")
    bookings = list(dict.fromkeys(out.values_list("booking", flat=True)[:LISTED]))
    rows = _originals(bookings)
    return tuple(
        (booking_page(actor, one, at=at).row, tuple(thing for thing in rows[one] if thing.returned_at is None))
        for one in bookings
    )


def _originals(bookings: Iterable[UUID]) -> dict[UUID, tuple[OriginalRow, ...]]:
    found: dict[UUID, list[OriginalRow]] = defaultdict(list)
    rows = HomeOriginal.objects.filter(booking__in=list(bookings)).select_related("taken_by").order_by("taken_at", "id")
    for row in rows:
        returned = RETURN_WORDS[ReturnWay(row.returned_way)] if row.returned_way else None
        found[row.booking_id].append(
            OriginalRow(
                row.id, row.receipt, row.name, row.pieces, row.taken_at, row.taken_by.name, row.returned_at, returned
            )
        )
    return {booking: tuple(rows) for booking, rows in found.items()}
