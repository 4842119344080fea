"""上门办 at the door of a home: papers are photographed, originals go along against a receipt, a fingerprint only with the person's
own consent. All by who was assigned to go, from the day of the visit on.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.cases.commands.relay import begin_for
from yichuang.catalog import queries as catalog
from yichuang.core import ledger, numbers
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.said import moment_said
from yichuang.network import queries as network
from yichuang.visits import messages
from yichuang.visits.booking_states import BookingState
from yichuang.visits.models import Booking, HomeConsent, HomeOriginal, HomePhoto
from yichuang.visits.permissions import can_guide, can_hold, goes_there
from yichuang.visits.places import lock_booking
from yichuang.visits.telling import tell
from yichuang.visits.values.booking import BookingKind
from yichuang.visits.values.home import FINGERPRINT_VERSION, Alternative, DraftMade, ReturnWay

MOST_NAME = 60
PIECES = range(1, 100)


@transaction.atomic
def keep_photos(
    *, actor: Actor, booking: UUID, material: str, uploads: Sequence[tuple[UUID, str]], at: datetime
) -> None:
    """Photographs (files of the actor's, with their names) of one of the materials of what the visit is for.

    A file that is kept already stays once. Refused with every reason; NotFound for who does not go there.
    """
    row = _visit(actor, booking, at)
    found = [] if uploads else [Reason("NO_PHOTO", messages.HOME_PHOTO, f"/materials/{material}")]
    if material not in materials_of(row, at):
        found.append(Reason("MATERIAL_UNKNOWN", messages.HOME_MATERIAL, "/material"))
    refuse_all(found)
    known = set(HomePhoto.objects.filter(upload__in=[id for id, _ in uploads]).values_list("upload", flat=True))
    new = [HomePhoto(booking=row, material=material, upload=id, name=name[:200], by_id=_clerk(actor), at=at)
           for id, name in uploads if id not in known]  # fmt: skip
    HomePhoto.objects.bulk_create(new)
    _noted(row, actor, "home-photos", at, material=material, files=len(new))


@transaction.atomic
def drop_photo(*, actor: Actor, booking: UUID, photo: UUID, at: datetime) -> None:
    """A photograph that came out badly goes, as long as no draft has it. One that is gone stays gone."""
    row = _visit(actor, booking, at)
    deleted, _ = HomePhoto.objects.filter(id=photo, booking=row, used_at=None).delete()
    if deleted:
        _noted(row, actor, "home-photo-dropped", at)


@transaction.atomic
def begin_application(*, actor: Actor, booking: UUID, at: datetime) -> DraftMade:
    """What was photographed becomes a draft of the person for the item of the visit, with a code (接力码) by which they, or the
    clerk together with them, go on with it. Refused NOTHING_NEW while nothing new was photographed."""
    row = _visit(actor, booking, at)
    photos = list(HomePhoto.objects.filter(booking=row, used_at=None, by=actor.id).order_by("at", "id"))
    if not photos or not row.item:
        raise Refused(Reason("NOTHING_NEW", messages.HOME_NOTHING))
    files: dict[str, list[UUID]] = defaultdict(list)
    for photo in photos:
        files[photo.material].append(photo.upload)
    made = begin_for(
        actor=actor, person=row.booker_id, applicant=row.booker_id, item_code=row.item,
        item_version=catalog.get_pack(row.item, at=at).version, answers={}, form={}, materials=files, at=at,
    )  # fmt: skip
    HomePhoto.objects.filter(id__in=[photo.id for photo in photos]).update(used_at=at)
    _noted(row, actor, "home-draft", at, files=len(photos))
    return DraftMade(made.code, made.until)


@transaction.atomic
def take_original(*, actor: Actor, booking: UUID, name: str, pieces: int, key: str, at: datetime) -> str:
    """取件: an original goes along; the number of its receipt, which the person is told. The same key is the same receipt."""
    row = _visit(actor, booking, at)
    known = HomeOriginal.objects.filter(booking=row, key=key[:80]).first()
    if known is not None:
        return known.receipt
    found = [] if 1 <= len(name.strip()) <= MOST_NAME else [Reason("NAME", messages.ORIGINAL_NAME, "/name")]
    found += [] if pieces in PIECES else [Reason("PIECES", messages.ORIGINAL_PIECES, "/pieces")]
    refuse_all(found)
    place, day = network.get_place_by_id(row.place_id).code, local_date(at)
    receipt = f"YJ{day:%Y%m%d}{numbers.next_number(kind='home-original', place='', day=day):04d}"
    HomeOriginal.objects.create(
        booking=row,
        receipt=receipt,
        name=name.strip(),
        pieces=pieces,
        key=key[:80],
        taken_at=at,
        taken_by_id=_clerk(actor),
    )
    _noted(row, actor, "home-original-taken", at, receipt=receipt, pieces=pieces, place=place)
    tell(row, "original_taken", at=at, mark=receipt, receipt=receipt, name=name.strip(), pieces=pieces)
    return receipt


@transaction.atomic
def return_original(*, actor: Actor, original: UUID, way: str, visit: UUID | None = None, at: datetime) -> None:
    """The original (of this `visit`, where it is named) is back with its person, and how; by any staff of the hall. Put down
    twice it stays as it was first."""
    booking = HomeOriginal.objects.filter(id=original).values_list("booking_id", flat=True).first()
    if booking is None or visit not in {None, booking}:
        raise NotFound(messages.BOOKING)
    _, row = lock_booking(booking)
    if not can_guide(actor, row.place_id):
        raise NotFound(messages.BOOKING)
    if way not in {one.value for one in ReturnWay}:
        raise Refused(Reason("RETURN_WAY", messages.RETURN_WAY, "/way"))
    thing = HomeOriginal.objects.get(id=original)
    if thing.returned_at is not None:
        return
    thing.returned_at, thing.returned_by_id, thing.returned_way = at, actor.id, way
    thing.save(update_fields=["returned_at", "returned_by", "returned_way"])
    _noted(row, actor, "home-original-returned", at, receipt=thing.receipt, way=way)
    tell(row, "original_returned", at=at, mark=thing.receipt, receipt=thing.receipt, name=thing.name)


@transaction.atomic
def answer_fingerprint(*, actor: Actor, booking: UUID, agreed: bool, alternative: str = "", at: datetime) -> None:
    """单独同意 (PIPL art. 29): what the person said to giving a fingerprint at this visit, before who is there. Without
    consent: how else they prove who they are. The same answer again changes nothing; a no ends a consent that was given."""
    row = _visit(actor, booking, at)
    if not agreed and alternative not in {one.value for one in Alternative}:
        raise Refused(Reason("CONSENT_CHOICE", messages.CONSENT_CHOICE, "/alternative"))
    last = HomeConsent.objects.filter(booking=row).order_by("-at", "-id").first()
    wanted = (agreed, "" if agreed else alternative)
    if last is not None and last.withdrawn_at is None and (last.agreed, last.alternative) == wanted:
        return
    HomeConsent.objects.filter(booking=row, agreed=True, withdrawn_at=None).update(withdrawn_at=at)
    HomeConsent.objects.create(
        booking=row,
        version=FINGERPRINT_VERSION,
        agreed=wanted[0],
        alternative=wanted[1],
        at=at,
        witness_id=_clerk(actor),
    )
    _noted(row, actor, "fingerprint-agreed" if agreed else "fingerprint-declined", at, version=FINGERPRINT_VERSION)


@transaction.atomic
def withdraw_fingerprint(*, actor: Actor, booking: UUID, at: datetime) -> None:
    """The person takes the consent back, by themselves or through who is there. Taken back twice it is once."""
    _, row = lock_booking(booking)
    if row.slot.kind != BookingKind.HOME.value or not (
        goes_there(actor, row.place_id, row.helper_id)
        or (not actor.is_staff and can_hold(actor, row.booker_id, row.place_id, row.items))
    ):
        raise NotFound(messages.BOOKING)
    if HomeConsent.objects.filter(booking=row, agreed=True, withdrawn_at=None).update(withdrawn_at=at):
        _noted(row, actor, "fingerprint-withdrawn", at)


def materials_of(row: Booking, at: datetime) -> dict[str, object]:
    """The materials of what the visit is for, by code."""
    return {one.code: one.name for one in catalog.get_pack(row.item, at=at).materials} if row.item else {}


def _visit(actor: Actor, booking: UUID, at: datetime) -> Booking:
    """The home visit, locked, for who goes there, on its day or later, until a week has gone by."""
    _, row = lock_booking(booking)
    if row.slot.kind != BookingKind.HOME.value or not goes_there(actor, row.place_id, row.helper_id):
        raise NotFound(messages.BOOKING)
    if row.state not in {BookingState.BOOKED.value, BookingState.DONE.value}:
        raise Refused(Reason("VISIT_OVER", messages.HOME_OVER), kind="conflict")
    if local_date(at) < row.day:
        words = messages.HOME_NOT_TODAY.format(at=moment_said(row.slot.starts_at))
        raise Refused(Reason("NOT_TODAY", words), kind="conflict")
    return row


def _clerk(actor: Actor) -> UUID:
    assert actor.id is not None  # who goes there is somebody (`goes_there`)
    return actor.id


def _noted(row: Booking, actor: Actor, act: str, at: datetime, **more: str | int) -> None:
    detail: dict[str, str | int | bool | None] = {"number": row.number, **more}
    ledger.append(act=act, actor=actor, at=at, subject=Subject("booking", row.id), behalf=row.booker_id, detail=detail)
