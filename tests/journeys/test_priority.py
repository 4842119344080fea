"""优先办理: the clerk names the reason, the reviewer finds the case marked and does not learn why."""

from tests.demo import TUESDAY, Demo
from tests.journeys.filings import DOG, dog
from tests.journeys.people import Hall, open_case

from yichuang.cases.commands.accept import accept_case


def test_a_clerk_puts_a_case_forward_and_the_reviewer_sees_only_that_it_is(hall: Hall) -> None:
    demo = Demo()
    number = demo.file(demo.actor("jiye"), DOG, form=dog(84)).number
    accept_case(actor=demo.actor("lina"), number=number, version=1, findings={}, at=TUESDAY)

    clerk = hall.person("lina", to="/counter/")
    open_case(clerk, number)
    clerk.page.get_by_text("列为优先办理").click()
    clerk.page.select_option("#f-category", "ill")
    clerk.press("优先办理", exact=True)
    clerk.sees("已列为优先办理", "急病、重病")
    clerk.shot("priority-01-counter")

    reviewer = hall.person("wangqiang", to="/office/")
    row = reviewer.page.locator("tr", has_text=number)
    row.get_by_text("优先").wait_for()
    reviewer.shot("priority-02-tasks")
    reviewer.go(f"/office/cases/{number}/")
    reviewer.sees("优先")
    assert "重病" not in reviewer.text

    citizen = hall.person("jiye", phone=True, to=f"/my/cases/{number}")
    citizen.sees("优先", "急病、重病")
