"""办理流程: the applicant, the counter and the department see one drawing of where the case is: done, current, and late."""

from datetime import timedelta

from tests.demo import TUESDAY, Demo
from tests.journeys.filings import DOG, dog
from tests.journeys.people import Hall, Visitor

from yichuang.cases.commands.accept import accept_case


def step(visitor: Visitor, state: str) -> str:
    """What stands in the one step of the drawing that is in this state."""
    drawn = visitor.page.locator(f"svg.bpmn .bpmn-task.is-{state}")
    drawn.first.wait_for()
    assert drawn.count() == 1
    return "".join(drawn.locator("text").first.locator("tspan").all_text_contents())


def test_everybody_sees_the_same_step_done_current_and_late(hall: Hall) -> None:
    demo = Demo()
    number = demo.file(demo.actor("jiye"), DOG, form=dog(158)).number
    owner = hall.person("jiye", phone=True, to=f"/my/cases/{number}")
    owner.follow("办理流程和各环节")
    owner.sees("受理以后，按这个流程审查", "街道审查", "罗湖区城市管理和综合执法局")
    assert owner.page.locator("svg.bpmn [aria-current=step]").count() == 0

    accept_case(actor=demo.actor("lina"), number=number, version=1, findings={}, at=demo.at)
    owner.reload()
    owner.sees("您看到的和工作人员看到的是同一张图")
    assert step(owner, "current") == "街道审查"
    reviewer = hall.person("wangqiang", to=f"/office/cases/{number}/")
    assert step(reviewer, "current") == "街道审查"
    reviewer.press("领取任务")
    reviewer.press("同意", exact=True)
    reviewer.sees("已提交审查意见")
    owner.reload()
    assert (step(owner, "done"), step(owner, "current")) == ("街道审查", "作出决定")
    owner.shot("way-01-phone")

    hall.set_clock(TUESDAY + timedelta(days=30))
    for who, address in (
        ("lina", "/counter/cases/{}/"),
        ("linfang", "/office/cases/{}/"),
        ("jiye", "/my/cases/{}/process"),
    ):
        visitor = hall.person(who, phone=who == "jiye", to=address.format(number))
        assert step(visitor, "late") == "作出决定"
        visitor.sees("办理中，已超期")
    visitor.shot("way-02-late")
