"""A hall with two queues for the tests of visits, and people who press its buttons."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.visits.nodes import a_node_with_conflicts

from yichuang.network.models import Window
from yichuang.visits.commands.calling import call_next, pass_over
from yichuang.visits.commands.desks import open_desk
from yichuang.visits.commands.serving import finish, start
from yichuang.visits.commands.tickets import take_ticket
from yichuang.visits.models import Booker, Booking, BookingGroup, Queue, Slot, Ticket
from yichuang.visits.values import Called, Source, Taken

FILLED = "filed"


@dataclass
class Hall:
    """The hall of 李娜, its queues by letter, the clock of the test."""

    demo: Any
    at: datetime
    queues: dict[str, UUID] = field(default_factory=dict)

    @classmethod
    def of(cls, demo: Any) -> "Hall":
        hall = cls(demo, demo.at)
        for table in (Booking, Slot, BookingGroup):  # the demo's own
            table.objects.filter(**{"queue__place" if table is BookingGroup else "place": hall.place}).delete()
        Booker.objects.update(open=0)
        Queue.objects.filter(place=hall.place).delete()
        windows = list(Window.objects.filter(place=hall.place).order_by("number").values_list("id", flat=True))
        for letter, name, items, aim in (("A", "综合业务", [], 15), ("B", "出件", ["shebao-chaxun"], 5)):
            row = Queue.objects.create(
                place_id=hall.place, letter=letter, name_zh=name, name_en=name, items=items, aim_minutes=aim,
                windows=windows, order=1 if items else 2,
            )  # fmt: skip
            hall.queues[letter] = row.id
        return hall

    @property
    def clerk(self) -> Any:
        return self.demo.actor("lina")

    @property
    def place(self) -> UUID:
        place: UUID = self.clerk.place
        return place

    def none(self) -> None:
        """As before anybody set up a queue, or took a number."""
        Queue.objects.filter(place=self.place).delete()
        self.queues.clear()

    def later(self, minutes: float = 1) -> None:
        self.at += timedelta(minutes=minutes)

    def take(self, letter: str = "A", *, key: str = "", **more: Any) -> Taken:
        self.later(0.1)
        given = {"source": Source.GUIDE, "queue": self.queues[letter], **more}
        return take_ticket(actor=self.clerk, place=self.place, key=key or uuid4().hex, at=self.at, **given)

    def open(self, actor: Any = None, window: str = "1") -> UUID:
        return open_desk(actor=actor or self.clerk, place=self.place, window=window, at=self.at)

    def call(self, actor: Any = None) -> Called | None:
        self.later(0.1)
        return call_next(actor=actor or self.clerk, at=self.at)

    def serve(self, actor: Any = None) -> str:
        """Call, serve and finish: the number."""
        who = actor or self.clerk
        called = self.call(who)
        assert called is not None
        start(actor=who, at=self.at)
        self.later(5)
        finish(actor=who, outcome=FILLED, at=self.at)
        return called.number

    def miss(self) -> str:
        """Call and let it pass: the number."""
        called = self.call()
        assert called is not None
        pass_over(actor=self.clerk, at=self.at)
        return called.number

    def state(self, taken: Taken) -> str:
        return Ticket.objects.get(id=taken.ticket).state

    def colleague(self, staff: Any) -> Any:
        """The clerk as another member of staff of the same hall."""
        return replace(self.clerk, id=staff.id, name=staff.name)


def waiting_in_the_hall(demo: Any) -> dict[str, str]:
    """Numbers that wait, one that is called and one that missed its call; the window of 李娜 is open."""
    li, people = demo.actor("lina"), [demo.actor(name).id for name in ("maimaiti", "zhangxiao", "moshengren")]
    given = {"actor": li, "place": li.place, "source": Source.GUIDE}
    taken = []
    for n in range(6):
        who = {"person": people[n % 3], "reason": "seventy" if n == 4 else "", "companions": n % 2}
        taken.append(take_ticket(**given, **who, key=f"screen-{n}", at=demo.at - timedelta(minutes=20 - n)))
    open_desk(actor=li, place=li.place, window="1", at=demo.at)
    call_next(actor=li, at=demo.at - timedelta(minutes=3))
    pass_over(actor=li, at=demo.at - timedelta(minutes=2))
    call_next(actor=li, at=demo.at)
    queue = str(Queue.objects.filter(place=li.place, active=True).order_by("order").first().id)
    conflicts = a_node_with_conflicts(demo)  # its node keeps tomorrow
    return {"queue": queue, "token": taken[-1].token, "token_called": taken[0].token, **conflicts}
