"""Tables of devices: machines, and the slips that they printed. No decisions here."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yichuang.core.ids import new_id
from yichuang.devices.values import AT_A_KIOSK, BROWSERS, DeviceKind, Printing


def _fk(to: str, **options: Any) -> Any:
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name="+", **options)


class Device(models.Model):
    """A machine (设备) of a place. Revoked, it stays in the books."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = _fk("network.Place")
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=40)
    window = models.CharField(max_length=8, blank=True, default="")  # which one a display or printer belongs to
    kiosk = _fk("devices.Device", null=True, blank=True)  # at which a printer or reader stands
    address = models.CharField(max_length=60, blank=True, default="")
    code_hash = models.CharField(max_length=64, blank=True, default="")
    code_until = models.DateTimeField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, blank=True, default="")
    made_at = models.DateTimeField()
    enrolled_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    parts = models.JSONField(default=dict, blank=True)  # name of a part → code of its fault, "" for none
    wanted = ArrayField(models.CharField(max_length=40), default=list, blank=True)  # what a display is to show, by line
    wanted_at = models.DateTimeField(null=True, blank=True)  # since when
    shown = ArrayField(models.CharField(max_length=40), default=list, blank=True)  # what it last said that it shows
    shown_at = models.DateTimeField(null=True, blank=True)  # when it said so

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in DeviceKind]), name="devices_kind_known"
            ),
            models.CheckConstraint(condition=Q(kiosk=None) | Q(kind__in=sorted(AT_A_KIOSK)), name="devices_at_a_kiosk"),
            models.CheckConstraint(
                condition=~Q(kind__in=sorted(BROWSERS)) | Q(address=""), name="devices_browser_address"
            ),
            models.UniqueConstraint(
                fields=["place", "name"], condition=Q(revoked_at=None), name="devices_name_once_at_a_place"
            ),
            models.UniqueConstraint(fields=["code_hash"], condition=~Q(code_hash=""), name="devices_code_once"),
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="devices_token_once"),
        ]


class SlipJob(models.Model):
    """A slip that was to be printed, by the key of the press: what is printed is known, its words are not kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = _fk("devices.Device")
    key = models.CharField(max_length=80)
    state = models.CharField(max_length=10, default=Printing.SENDING.value)
    fault = models.CharField(max_length=20, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="devices_slip_once"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in Printing]), name="devices_slip_state"
            ),
        ]
