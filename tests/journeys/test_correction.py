"""更正: the applicant finds a slip in what was filed, and one on the certificate; who decides mends it with a paper."""

from tests.demo import Demo
from tests.journeys.filings import DOG, dog
from tests.journeys.people import Hall

from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.decide import decide_case


def test_a_slip_in_what_was_filed_is_mended_by_who_decides(hall: Hall) -> None:
    demo = Demo()
    number = demo.file(demo.actor("jiye"), DOG, form=dog(73)).number
    accept_case(actor=demo.actor("lina"), number=number, version=1, findings={}, at=demo.at)
    owner = hall.person("jiye", phone=True, to=f"/my/cases/{number}")
    owner.follow("发现写错了：更正笔误")
    owner.page.select_option("#f-target", "form:/dog/colour")
    owner.page.fill("[name=new]", "黑白")
    owner.turn_page()
    owner.sees("请写明错在哪里")
    owner.page.fill("[name=reason]", "填写时选错了颜色。")
    owner.shot("correction-01-portal")
    owner.turn_page()
    owner.sees("已提出更正申请", "等待批准")
    decider = hall.person("linfang", to="/office/corrections/")
    decider.follow(number)
    decider.shot("correction-02-office")
    decider.press("同意更正，出具通知书")
    decider.sees("已更正，更正通知书已生成")
    owner.reload()
    owner.sees("更正通知书", "黑白")
    owner.shot("correction-03-done")


def test_a_slip_on_a_certificate_brings_a_new_version(hall: Hall) -> None:
    demo = Demo()
    number = demo.file(demo.actor("zhangjie"), DOG, form=dog(74)).number
    head = accept_case(actor=demo.actor("lina"), number=number, version=1, findings={}, at=demo.at)
    chief = demo.actor("chengang")
    decide_case(actor=chief, number=number, version=head.version, outcome="grant", reasons="", at=demo.at)
    clerk = hall.person("lina", to=f"/counter/cases/{number}/correct/")
    clerk.page.select_option("#f-target", "form:/dog/name")
    clerk.page.fill("[name=new]", "豆腐")
    clerk.page.fill("[name=reason]", "录入时写错。")
    clerk.shot("correction-04-counter")
    clerk.onward()
    clerk.sees("已提出更正申请")
    decider = hall.person("linfang", to=f"/office/cases/{number}/")
    decider.press("同意更正，出具通知书")
    decider.sees("已更正")
    owner = hall.person("zhangjie", to="/my/certificates")
    owner.sees("养犬登记证", "已被新版本替换")
    owner.shot("correction-05-certificates")
