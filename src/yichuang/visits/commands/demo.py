"""What the demo's halls start with: queues, things to lend, items that ask for qualified windows."""

from datetime import datetime
from typing import Final

from django.db import transaction

from yichuang.core.actors import SYSTEM
from yichuang.network import queries as network
from yichuang.visits.commands.queues import HALLS, start_queues
from yichuang.visits.models import LoanItem, QualifiedItem, Queue

ASKING: Final = ("shipin-jingying-xuke", "youxian-gongsi-sheli", "canji-zheng")  # items that ask for a qualification


LOANS: Final = (("轮椅", "Wheelchair", 4, 120), ("老花镜", "Reading glasses", 12, 60), ("雨伞", "Umbrella", 30, 480), ("充电宝", "Power bank", 10, 180), ("婴儿车", "Pushchair", 2, 120))  # fmt: skip


@transaction.atomic
def load_demo_loans() -> int:
    """What the demo's halls lend. How many kinds were new."""
    known = set(LoanItem.objects.order_by("id").values_list("place_id", "name_zh"))
    new = [
        LoanItem(place_id=place.id, name_zh=zh, name_en=en, owned=owned, minutes=minutes)
        for place in network.list_places(kinds=HALLS)
        for zh, en, owned, minutes in LOANS
        if (place.id, zh) not in known
    ]
    return len(LoanItem.objects.bulk_create(new))


@transaction.atomic
def load_demo_asking(*, at: datetime) -> int:
    """Some items ask for qualified windows (上岗资格). How many were new."""
    known = set(QualifiedItem.objects.order_by("id").values_list("item", flat=True))
    new = [QualifiedItem(item=item, set_at=at) for item in ASKING if item not in known]
    return len(QualifiedItem.objects.bulk_create(new))


@transaction.atomic
def load_demo_queues(*, at: datetime) -> int:
    """The standard queues of each hall that has none. How many were new."""
    has = set(Queue.objects.order_by("place").values_list("place", flat=True))
    halls = [place.id for place in network.list_places(kinds=HALLS) if place.id not in has]
    return sum(start_queues(actor=SYSTEM, place=place, at=at) for place in halls)
