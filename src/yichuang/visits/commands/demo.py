"""The queues of the demo's halls: one for each kind of window that people wait for."""

from datetime import datetime
from typing import Final

from django.db import transaction

from yichuang.network import queries as network
from yichuang.network.values import PlaceKind, WindowKind
from yichuang.visits.models import LoanItem, QualifiedItem, Queue

# letter, names, minutes that people should wait at most, whether items lead there
QUEUES: Final = {
    WindowKind.INTEGRATED: ("A", "综合业务", "All matters", 15, True),
    WindowKind.ISSUING: ("B", "领取结果", "Results to fetch", 5, False),
    WindowKind.CONSULT: ("C", "咨询", "Questions", 10, False),
    WindowKind.TAX: ("D", "税费", "Taxes and fees", 15, False),
    WindowKind.GREEN: ("E", "绿色通道", "Green channel", 5, False),
    WindowKind.COORDINATION: ("F", "协调帮办", "Help with what got stuck", 15, False),
}
HALLS: Final = frozenset({PlaceKind.DISTRICT_HALL, PlaceKind.SPECIAL_HALL, PlaceKind.SUBDISTRICT_HALL})


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
def load_demo_queues() -> int:
    """How many were new. A second run writes nothing."""
    known = {(place, letter) for place, letter in Queue.objects.order_by("id").values_list("place_id", "letter")}
    new = []
    for place in network.list_places(kinds=HALLS):
        windows = [one for one in network.list_windows(place.id) if one.active]
        for order, (kind, (letter, zh, en, aim, by_item)) in enumerate(QUEUES.items()):
            serving = [one.id for one in windows if one.kind is kind]
            if serving and (place.id, letter) not in known:
                new.append(
                    Queue(
                        place_id=place.id, letter=letter, name_zh=zh, name_en=en, aim_minutes=aim, by_item=by_item,
                        windows=serving, order=order, priority_only=kind is WindowKind.GREEN,
                    )
                )  # fmt: skip
    Queue.objects.bulk_create(new)
    return len(new)
