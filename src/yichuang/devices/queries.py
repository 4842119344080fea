"""Every read of machines: who comes with a token, and how the machines of a place are."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from yichuang.core.actors import Actor, Channel
from yichuang.core.bearers import bearer_hash
from yichuang.core.refusals import NotFound
from yichuang.devices import messages
from yichuang.devices.copies import copied as copied
from yichuang.devices.models import Device, SlipJob
from yichuang.devices.permissions import can_see_devices
from yichuang.devices.rules import health
from yichuang.devices.values import DeviceKind, DeviceRow, Health, Picture, Printed, Printing


def actor_for_device(bearer: str, *, locale: str = "zh-hans") -> Actor | None:
    """The machine that comes with a token, acting for nobody; None when it is unknown, replaced or revoked."""
    if not bearer:
        return None
    row = Device.objects.filter(token_hash=bearer_hash(bearer), revoked_at=None).first()
    if row is None:
        return None
    channel = Channel.KIOSK
    return Actor(
        kind="device", id=row.id, name=row.name, channel=channel, place=row.place_id, window=row.window,
        device=f"{row.kind}:{row.id}", locale=locale,
    )  # fmt: skip


def node_and_secret(node: UUID) -> tuple[Actor, str] | None:
    """A hall node that is paired, as who it acts, and the secret that it shares with us; None when there is no such node."""
    row = Device.objects.filter(id=node, kind=DeviceKind.NODE.value, revoked_at=None).exclude(token_hash="").first()
    if row is None:
        return None
    actor = Actor(
        kind="device",
        id=row.id,
        name=row.name,
        channel=Channel.KIOSK,
        place=row.place_id,
        device=f"{row.kind}:{row.id}",
    )
    return actor, row.token_hash


def kind_of(actor: Actor) -> DeviceKind | None:
    """What kind of machine acts; None for whoever is none."""
    return DeviceKind(actor.device.partition(":")[0]) if actor.kind == "device" else None


def list_devices(actor: Actor, place: UUID, *, at: datetime) -> tuple[DeviceRow, ...]:
    """The machines of a place, kiosks with what stands at them first, those revoked at the end. NotFound for others."""
    if not can_see_devices(actor, place):
        raise NotFound(messages.PLACE)
    rows = [_row(row, at) for row in Device.objects.filter(place=place).order_by("made_at", "id")]
    order = list(DeviceKind)
    return tuple(sorted(rows, key=lambda row: (row.health is Health.REVOKED, order.index(row.kind))))


def count_devices(actor: Actor, places: Collection[UUID], *, at: datetime) -> Mapping[UUID, tuple[int, int]]:
    """For each of these places that the actor may see: how many machines it has in use, and how many want somebody."""
    found: dict[UUID, tuple[int, int]] = {}
    for row in Device.objects.filter(place__in=list(places), revoked_at=None).order_by("id"):
        if can_see_devices(actor, row.place_id):
            all_of, wrong = found.get(row.place_id, (0, 0))
            found[row.place_id] = (all_of + 1, wrong + (_row(row, at).health in {Health.FAULT, Health.SILENT}))
    return found


def get_device(actor: Actor, device: UUID, *, at: datetime) -> DeviceRow:
    """One machine, for who may see it; NotFound for others."""
    row = Device.objects.filter(id=device).first()
    if row is None or not can_see_devices(actor, row.place_id):
        raise NotFound(messages.DEVICE)
    return _row(row, at)


def has_at(actor: Actor, kind: DeviceKind) -> bool:
    """Whether a machine of the kind stands at the kiosk that asks."""
    return Device.objects.filter(kiosk=actor.id, kind=kind.value, revoked_at=None).exists()


def find_printed(actor: Actor, key: str) -> Printed | None:
    """What became of the slip of this key at the kiosk that asks; None when none was to be printed."""
    row = SlipJob.objects.filter(key=key, device__kiosk=actor.id).first()
    if row is None:
        return None
    state = Printing(row.state)
    return Printed(Printing.UNKNOWN if state is Printing.SENDING else state, row.fault)


def has_display(place: UUID, window: str) -> bool:
    """Whether a display belongs to the window."""
    return _displays().filter(place=place, window=window).exists()


def list_displays() -> tuple[tuple[UUID, str], ...]:
    """Every window that has a display: its place and its number."""
    return tuple(_displays().order_by("place", "window").values_list("place", "window").distinct())


def _displays() -> QuerySet[Device]:
    return Device.objects.filter(kind=DeviceKind.DISPLAY.value, revoked_at=None).exclude(window="")


def list_spoken_to() -> tuple[UUID, ...]:
    """Every machine with an address that is to be asked how it is."""
    rows = Device.objects.filter(revoked_at=None).exclude(address="").order_by("id")
    return tuple(rows.values_list("id", flat=True))


def _row(row: Device, at: datetime) -> DeviceRow:
    enrolled = row.enrolled_at is not None or bool(row.address)  # what we speak to needs no token to be spoken to
    revoked = row.revoked_at is not None
    return DeviceRow(
        row.id,
        row.place_id,
        DeviceKind(row.kind),
        row.name,
        row.window,
        row.kiosk_id,
        row.address,
        health(enrolled=enrolled, revoked=revoked, seen_at=row.seen_at, parts=row.parts, at=at),
        row.seen_at,
        dict(row.parts),
        row.code_until,
        None if row.wanted_at is None else Picture(tuple(row.wanted), row.wanted_at, tuple(row.shown), row.shown_at),
    )
