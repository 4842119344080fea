"""重演: on the morning after, the manager sees how well waits were told and plays the day again with other windows."""

from datetime import timedelta

from tests.demo import TUESDAY, Demo
from tests.journeys.people import Hall

from yichuang.core.jobs import enqueue
from yichuang.insight.jobs import learn, measure
from yichuang.insight.models import ForecastDay
from yichuang.visits.commands.calling import call_next
from yichuang.visits.commands.desks import close_desk, open_desk
from yichuang.visits.commands.serving import finish, start
from yichuang.visits.commands.tickets import take_ticket
from yichuang.visits.models import Queue
from yichuang.visits.values import Source

MINUTE = timedelta(minutes=1)


def test_the_manager_sees_how_waits_were_told_and_plays_yesterday_again(hall: Hall) -> None:
    li = Demo().actor("lina")
    place = li.place
    assert place is not None
    queue = Queue.objects.get(place=place, letter="A").id
    open_desk(actor=li, place=place, window="1", at=TUESDAY)
    for n in range(3):
        take_ticket(
            actor=li, place=place, source=Source.GUIDE, queue=queue, key=f"replayed-{n}", at=TUESDAY + n * MINUTE
        )
    now = TUESDAY + 5 * MINUTE
    while call_next(actor=li, at=now) is not None:  # whoever other journeys left waiting too
        start(actor=li, at=now + MINUTE)
        finish(actor=li, outcome="consulted", at=now + 9 * MINUTE)
        now += 10 * MINUTE
    close_desk(actor=li, at=now)

    hall.set_clock(TUESDAY + timedelta(days=1))
    enqueue(measure)
    enqueue(learn)
    hall.work()
    assert sum(ForecastDay.objects.order_by("id").values_list("told", flat=True)) >= 3
    manager = hall.person("mali", to="/counter/hall/")
    manager.sees("等候预测准不准", "简单估计（记录不够）")
    manager.shot("replay-01-told")
    manager.follow("重演一天，试排窗口")
    manager.sees("当天记录", "照当天的窗口重演")
    manager.page.select_option("#windows", "2")
    manager.page.select_option("#target", "30")
    manager.press("重演", exact=True)
    manager.sees("2 个窗口，每个窗口办全部队列，中午不休", "达到目标的安排", "最省")
    manager.shot("replay-02-plan")
