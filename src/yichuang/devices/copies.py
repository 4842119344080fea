"""A hall node's own row as it travels to it; the kiosks and boards of its hall are named and let in at the node itself."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from yichuang.core.copies import Row, row_of, take
from yichuang.devices.models import Device

AT_HOME = (
    "code_hash",
    "code_until",
    "token_hash",
    "seen_at",
    "parts",
    "kiosk_id",
    "wanted",
    "wanted_at",
    "shown",
    "shown_at",
)


def copied(node: UUID) -> dict[str, list[Row]]:
    """The machine that the node is, as the centre knows it."""
    return {"Device": [row_of(row, but=AT_HOME) for row in Device.objects.filter(id=node)]}


@transaction.atomic
def take_copied(copy: Mapping[str, Sequence[Row]]) -> None:
    """The same row at the node."""
    take(Device, copy["Device"])
