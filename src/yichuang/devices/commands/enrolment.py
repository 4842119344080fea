"""Machines are named by who keeps them, come in once by a code, and are shut out again at once."""

import secrets
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from yichuang.core import ledger
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.bearers import bearer_hash, new_bearer
from yichuang.core.crypto import blind_index
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused, refuse_all
from yichuang.devices import messages
from yichuang.devices.models import Device
from yichuang.devices.permissions import can_keep_devices, check_can_keep_devices
from yichuang.devices.rules import CODE_LENGTH, CODE_LIVES, LETTERS, belongs_to_a_kiosk, device_faults, normal_code
from yichuang.devices.values import COMES_BY_CODE, Code, DeviceKind, Enrolled
from yichuang.network import queries as network

PREFIX = "ycd_"


@transaction.atomic
def add_device(
    *,
    actor: Actor,
    place: UUID,
    kind: str,
    name: str,
    window: str = "",
    kiosk: UUID | None = None,
    address: str = "",
    at: datetime,
) -> Code:
    """Name a machine of a place; the code brings it in, once, within 24 hours (none for what has only an address). Refused
    with every fault."""
    check_can_keep_devices(actor, place)
    name, address = " ".join(name.split()), address.strip()
    faults = device_faults(kind, name, address, networks=settings.YICHUANG_DEVICE_NETWORKS, demo=settings.YICHUANG_DEMO)
    if window and network.find_window(place, window) is None:
        faults.append(Reason("WINDOW_UNKNOWN", messages.NO_WINDOW, "/window"))
    if kiosk is not None and not _is_kiosk_for(kiosk, place, kind):
        faults.append(Reason("KIOSK_UNKNOWN", messages.NO_KIOSK, "/kiosk"))
    taken = Reason("NAME_TAKEN", messages.NAME_TAKEN.format(name=name), "/name")
    if Device.objects.filter(place=place, name=name, revoked_at=None).exists():
        faults.append(taken)
    refuse_all(faults)
    row = Device(place_id=place, kind=kind, name=name, window=window, kiosk_id=kiosk, address=address, made_at=at)
    code = _with_code(row, at) if kind in COMES_BY_CODE else Code(row.id, "", None)
    Device.objects.bulk_create([row], ignore_conflicts=True)
    if not Device.objects.filter(id=row.id).exists():
        raise Refused(taken)  # somebody named one so at the same moment
    _record("device_named", actor, row, at)
    return code


def _is_kiosk_for(kiosk: UUID, place: UUID, kind: str) -> bool:
    return (
        kind in set(DeviceKind)
        and belongs_to_a_kiosk(DeviceKind(kind))
        and Device.objects.filter(id=kiosk, place=place, kind=DeviceKind.KIOSK.value, revoked_at=None).exists()
    )


@transaction.atomic
def new_code(*, actor: Actor, device: UUID, at: datetime) -> Code:
    """Another code for a machine: it was not used in time, or the machine was replaced. What it traded before opens on
    until the new code is used. Conflict: revoked. NotFound for one that comes without a code."""
    row = _kept(actor, device)
    if row.kind not in COMES_BY_CODE:
        raise NotFound(messages.DEVICE)
    if row.revoked_at is not None:
        raise Conflict(Reason("DEVICE_REVOKED", messages.REVOKED))
    code = _with_code(row, at)
    row.save(update_fields=["code_hash", "code_until"])
    _record("device_code_made", actor, row, at)
    return code


@transaction.atomic
def revoke_device(*, actor: Actor, device: UUID, at: datetime) -> None:
    """It opens nothing and is spoken to no more, from this moment. Revoked twice it stays so."""
    row = _kept(actor, device)
    if row.revoked_at is None:
        row.revoked_at, row.code_hash, row.token_hash = at, "", ""
        row.save(update_fields=["revoked_at", "code_hash", "token_hash"])
        _record("device_revoked", actor, row, at)


@transaction.atomic
def enrol(*, code: str, kinds: Collection[DeviceKind] = COMES_BY_CODE - {DeviceKind.NODE}, at: datetime) -> Enrolled:
    """A machine of one of these kinds trades its code for its token; an older token of it ends. Refused CODE_UNKNOWN: wrong,
    used, too old, or of another kind."""
    hashed = blind_index("devices.code", normal_code(code))
    row = Device.objects.select_for_update(of=("self",)).filter(code_hash=hashed, revoked_at=None).first()
    if row is None or row.code_until is None or row.code_until <= at or row.kind not in kinds:
        raise Refused(Reason("CODE_UNKNOWN", messages.CODE_UNKNOWN, "/code"))
    bearer = new_bearer(PREFIX)
    row.token_hash, row.code_hash, row.code_until = bearer_hash(bearer), "", None
    row.enrolled_at = row.seen_at = at
    row.save(update_fields=["token_hash", "code_hash", "code_until", "enrolled_at", "seen_at"])
    _record("device_enrolled", SYSTEM, row, at)
    return Enrolled(row.id, DeviceKind(row.kind), row.place_id, row.window, bearer)


def _kept(actor: Actor, device: UUID) -> Device:
    """The machine, locked; for everybody who does not keep it there is none."""
    row = Device.objects.select_for_update(of=("self",)).filter(id=device).first()
    if row is None or not can_keep_devices(actor, row.place_id):
        raise NotFound(messages.DEVICE)
    return row


def _with_code(row: Device, at: datetime) -> Code:
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    row.code_hash, row.code_until = blind_index("devices.code", code), at + CODE_LIVES
    half = CODE_LENGTH // 2
    return Code(row.id, f"{code[:half]}-{code[half:]}", row.code_until)


def _record(act: str, actor: Actor, row: Device, at: datetime) -> None:
    detail = {"kind": row.kind, "window": row.window}
    ledger.append(act=act, actor=actor, at=at, subject=Subject("device", row.id), detail=detail)
