"""A task changes hands in the office: another post is asked, a colleague takes over, the decider sends the work back."""

from tests.demo import Demo
from tests.journeys.filings import DOG, dog
from tests.journeys.people import Hall, Visitor

from yichuang.cases.commands.accept import accept_case


def opened(visitor: Visitor, words: str) -> None:
    visitor.page.locator("summary", has_text=words).first.click()


def test_a_task_is_asked_about_handed_on_and_sent_back_before_the_decision(hall: Hall) -> None:
    demo = Demo()
    number = demo.file(demo.actor("jiye"), DOG, form=dog(89)).number
    accept_case(actor=demo.actor("lina"), number=number, version=1, findings={}, at=demo.at)
    case = f"/office/cases/{number}/"

    wang = hall.person("wangqiang", to=case)
    wang.press("领取任务")
    opened(wang, "请其他岗位加签")
    wang.page.locator("select[name=post]").select_option("SCJG.review")
    wang.page.locator("textarea[name=question]").fill("该处是否登记为宠物店？")
    wang.press("请求加签", exact=True)
    wang.sees("已请求加签", "等待答复")
    wang.press("同意", exact=True)
    wang.sees("还有加签意见没有答复")

    luo = hall.person("luobin", to="/office/")
    luo.follow(number)
    luo.follow("打开办理")
    luo.press("领取任务")
    luo.sees("该处是否登记为宠物店？")
    luo.page.fill("#f-answer", "没有登记。")
    luo.shot("hands-01-answer")
    luo.press("同意", exact=True)
    luo.sees("已答复加签")

    wang.go(case)
    wang.sees("没有登记。")
    opened(wang, "转办给同岗位的同事")
    wang.page.locator("select[name=to]").first.select_option(label="何静")
    wang.page.locator("textarea[name=reason]").first.fill("出差")
    wang.shot("hands-02-delegate")
    wang.press("转办", exact=True)
    wang.sees("已转办", "收回转办的任务")

    he = hall.person("hejing", to=case)
    he.sees("王强转办给您")
    he.press("同意", exact=True)
    he.sees("已提交审查意见")

    lin = hall.person("linfang", to=case)
    opened(lin, "退回前一环节补查")
    lin.page.locator("select[name=to]:has(option[value=street_review])").select_option("street_review")
    lin.page.locator("details[open] textarea[name=reason]").fill("照片与犬只不符，请补查。")
    lin.shot("hands-03-back")
    lin.press("退回补查", exact=True)
    lin.sees("已退回补查", "照片与犬只不符")

    he.go(case)
    he.sees("照片与犬只不符")
    he.press("领取任务")
    he.press("同意", exact=True)
    lin.go(case)
    lin.press("准予", exact=True)
    lin.sees("已作出决定")
