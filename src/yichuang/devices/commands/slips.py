"""小票: each is printed once for its key, and never again by itself where it may have come out."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound
from yichuang.devices import messages
from yichuang.devices.machines import machine
from yichuang.devices.models import Device, SlipJob
from yichuang.devices.permissions import is_device_of
from yichuang.devices.ports import MachineFailed, OutcomeUnknown, TicketPrinter
from yichuang.devices.values import DeviceKind, Printed, Printing, Slip

NO_PRINTER = Printed(Printing.FAILED, "NOT_CONFIGURED")


def print_slip(*, actor: Actor, key: str, slip: Slip, at: datetime) -> Printed:
    """Print at the kiosk that asks. What came out for this key, or may have, is not printed again; what surely did not
    may be. Not inside a transaction: a printer takes its time. NotFound for whoever is no kiosk."""
    if actor.kind != "device" or actor.place is None or not is_device_of(actor, actor.place):
        raise NotFound(messages.DEVICE)
    printers = Device.objects.filter(kiosk=actor.id, kind=DeviceKind.PRINTER.value, revoked_at=None)
    row = printers.order_by("made_at", "id").first()
    if row is None:
        return NO_PRINTER
    before = _begin(row.id, key, at)
    if before is not None:
        return before
    found = _print(row, slip)
    SlipJob.objects.filter(key=key).update(state=found.state.value, fault=found.fault)
    if found.fault:
        Device.objects.filter(id=row.id).update(parts={"printer": found.fault})
    return found


@transaction.atomic
def _begin(device: UUID, key: str, at: datetime) -> Printed | None:
    """None: it is ours to print now. Else what became of it, or that another request is at it."""
    made = SlipJob.objects.bulk_create([SlipJob(device_id=device, key=key, at=at)], ignore_conflicts=True)
    row = SlipJob.objects.select_for_update(of=("self",)).get(key=key)
    if row.id == made[0].id:
        return None
    if row.state != Printing.FAILED.value:
        state = Printing.UNKNOWN if row.state == Printing.SENDING.value else Printing(row.state)
        return Printed(state, row.fault)
    row.state, row.fault, row.tries, row.device_id, row.at = Printing.SENDING.value, "", row.tries + 1, device, at
    row.save(update_fields=["state", "fault", "tries", "device", "at"])
    return None


def _print(row: Device, slip: Slip) -> Printed:
    try:
        printer: TicketPrinter = machine(row)
        printer.print(slip)
    except OutcomeUnknown as unknown:
        return Printed(Printing.UNKNOWN, unknown.fault)
    except MachineFailed as failed:
        return Printed(Printing.FAILED, failed.fault)
    return Printed(Printing.DONE)
