"""Silence has consequences by law, with no page open: a permit that nobody answered counts as accepted."""

from datetime import timedelta

from tests.demo import TUESDAY, Demo
from tests.journeys.filings import LEASE, SHOP
from tests.journeys.people import Hall

from yichuang.cases.jobs import watch_clocks
from yichuang.core.jobs import enqueue


def test_a_permit_that_nobody_answers_for_five_working_days_counts_as_accepted(hall: Hall) -> None:
    demo = Demo()
    permit = demo.file(demo.actor("zhangjie"), SHOP).number
    house = demo.example(LEASE).form["house"] | {
        "certificate_no": "粤（2020）深圳市不动产权第0000505号"
    }  # nobody else's
    other = demo.file(demo.actor("zhangjie"), LEASE, form={"house": house}).number
    hall.set_clock(TUESDAY + timedelta(days=7, hours=3))  # Tuesday again: the fifth working day still runs
    enqueue(watch_clocks)
    hall.work()
    owner = hall.person("zhangjie", phone=True, to=f"/my/cases/{permit}")
    owner.sees("已提交，等待受理")

    hall.set_clock(TUESDAY + timedelta(days=8))
    enqueue(watch_clocks)
    hall.work()
    owner = hall.person("zhangjie", phone=True, to=f"/my/cases/{permit}")
    owner.sees("视为受理", "审查中")
    owner.shot("silence-01-permit")
    owner.go(f"/my/cases/{permit}/clock")
    owner.sees("2026年11月24日")
    owner.shot("silence-02-clock")
    owner.go(f"/my/cases/{other}")
    owner.sees("已提交，等待受理")
    assert "视为受理" not in owner.text, "only permits are deemed accepted (行政许可法 art. 32)"
