"""移送: a clerk sends a filing to the place that answers for it; a decider sends a case to another department."""

from tests.demo import Demo
from tests.journeys.filings import DOG, dog
from tests.journeys.people import Hall, open_case

from yichuang.cases.commands.accept import accept_case


def test_a_case_goes_where_it_belongs(hall: Hall) -> None:
    demo = Demo()
    filed = demo.file(demo.actor("jiye"), DOG, form=dog(71)).number
    clerk = hall.person("lina", to="/counter/")
    open_case(clerk, filed)
    clerk.follow("不归我们办：移送")
    clerk.page.select_option("[name=to]", "place:LH-S01")
    clerk.press("移送并出具告知书")
    clerk.sees("请选择移送的事由", "请写明移送的理由")
    clerk.page.get_by_text("属地不符").check()
    clerk.page.fill('[name="reason"]', "犬只饲养在另一街道。")
    clerk.shot("transfer-01-counter")
    clerk.press("移送并出具告知书")
    clerk.sees("已移送，告知书已生成", "办件移送告知书")

    accepted = demo.file(demo.actor("zhangjie"), DOG, form=dog(72)).number
    accept_case(actor=demo.actor("lina"), number=accepted, version=1, findings={}, at=demo.at)
    decider = hall.person("linfang", to=f"/office/cases/{accepted}/transfer/")
    decider.page.select_option("[name=to]", "department:ZFJS")
    decider.page.get_by_text("机构或者职责调整").check()
    decider.page.fill('[name="reason"]', "犬只管理职责已划入住建部门。")
    decider.shot("transfer-02-office")
    decider.press("移送并出具告知书")
    decider.arrives("**/office/")
    other = hall.person("jinhui", to=f"/office/cases/{accepted}/")
    other.press("领取任务")
    other.sees("已领取任务", "移送本部门")
    owner = hall.person("zhangjie", phone=True, to=f"/my/cases/{accepted}")
    owner.sees("办件移送告知书")
    owner.shot("transfer-03-portal")
