"""Services that are over: to be rated, rated already, too late; and enough ratings for the sums of a hall."""

from datetime import datetime, timedelta
from uuid import UUID

from tests.demo import Demo
from tests.feedback.ratings import NOBODY, press, token_of

from yichuang.cases.events import ServiceKind, ServiceOver
from yichuang.core.ids import new_id
from yichuang.core.words import W
from yichuang.feedback.commands.invite import invite
from yichuang.feedback.models import Invitation

SAID = "窗口说得很清楚，一次就办好了；就是等了四十分钟，电话 13800001234 也没有人接。"
SENT = (
    (5, "polite"),
    (5, "clear"),
    (4, "quick"),
    (3, "long-wait"),
    (2, "long-wait"),
    (1, "sent-around"),
    (5, "skilled"),
)


def rated(demo: Demo) -> dict[str, str]:
    """The addresses of ratings, one in each state."""
    day = timedelta(days=1)
    for n, (level, tag) in enumerate(SENT):
        over = _over(demo, demo.at - day - timedelta(minutes=n))
        press(over, NOBODY, demo.at - day, level, tags=[tag], words=SAID if n % 3 == 0 else "")
    done = _over(demo, demo.at - 2 * day)
    press(done, NOBODY, demo.at - day)
    late = _over(demo, demo.at - 31 * day)
    long = _over(demo, demo.at - timedelta(minutes=5), demo.actor("maimaiti").id)
    fresh = _over(demo, demo.at - timedelta(minutes=2), demo.actor("zhangxiao").id)
    states = {"rating": fresh, "rating_done": done, "rating_over": late, "rating_long": long}
    return {"invitation": str(fresh.id), **{name: token_of(row) for name, row in states.items()}}


def _over(demo: Demo, at: datetime, person: UUID | None = None) -> Invitation:
    """A stay at 李娜's window has ended."""
    li, stay = demo.actor("lina"), new_id()
    invite(
        over=ServiceOver(
            kind=ServiceKind.STAY, subject=stay, number="", name=W("罗湖区政务服务中心", "Luohu District Government Service Centre"),
            person=person, place=li.place, window="1", department=None, staff=li.id, items=("yangquan-dengji",),
            channel="counter", told=False, at=at,
        )
    )  # fmt: skip
    return Invitation.objects.get(subject=stay)
