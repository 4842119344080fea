"""到期提醒: three months before a licence ends its holder is written to, and renews it from the page that the message names."""

from datetime import UTC, datetime

from tests.journeys.people import Hall
from tests.journeys.test_after_the_result import granted

from yichuang.cases.jobs import watch_terms
from yichuang.core.jobs import enqueue

ENDS_IN_60_DAYS = datetime(2027, 9, 24, 2, 0, tzinfo=UTC)


def test_a_holder_is_reminded_in_time_and_finds_the_renewal(hall: Hall) -> None:
    _, number = granted(159, "sunyan")
    hall.work()
    owner = hall.person("sunyan", phone=True, to="/my/messages")
    assert "您的证照快到期了" not in owner.text

    hall.set_clock(ENDS_IN_60_DAYS)
    for _ in range(2):  # the worker looks every morning; a step is told once
        enqueue(watch_terms)
        hall.work()
    owner = hall.person("sunyan", phone=True, to="/my/messages")
    told = owner.page.locator("li", has_text="您的证照快到期了").filter(has_text="有效期至")
    told.first.wait_for()
    assert told.count() == 1
    owner.sees("养犬登记证", "2027年11月23日")
    owner.shot("reminder-01-message")
    owner.go("/my/certificates")
    owner.sees(number)
    owner.page.locator("li, tr", has_text=number).first.get_by_role("link").first.click()
    owner.follow("申请延续")
    owner.sees("养犬登记证延续")
    owner.shot("reminder-02-renewal")
