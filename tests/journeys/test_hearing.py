"""A neighbour is told, answers from the phone by a code, the hearing is called, served and held: the clock stands still in between."""

from datetime import timedelta
from pathlib import Path

from tests.demo import Demo
from tests.journeys.filings import DOG, dog
from tests.journeys.people import Hall

from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.answer_notice import open_notice
from yichuang.cases.models import ToldParty


def test_an_interested_party_is_told_and_heard_before_the_decision(hall: Hall, photo: Path) -> None:
    demo = Demo()
    demo.agrees("jiye")
    number = demo.file(demo.actor("jiye"), DOG, form=dog(90)).number
    accept_case(actor=demo.actor("lina"), number=number, version=1, findings={}, at=demo.at)
    case = f"/office/cases/{number}/"
    wang = hall.person("wangqiang", to=case)
    wang.page.locator("summary", has_text="告知利害关系人").click()
    wang.page.fill("#f-matter", "犬舍与相邻住户共用出入口。")
    wang.page.fill("#f-name1", "邻居王某")
    wang.page.fill("#f-contact1", "13800000000")
    wang.press("告知并出具告知书")
    wang.sees("告知书已生成", "未送达")

    def applicant_opens() -> None:
        told = ToldParty.objects.get(case__number=number, is_applicant=True)
        assert open_notice(actor=demo.actor("jiye"), party=told.id, at=demo.at)
        wang.go(case)

    applicant_opens()
    wang.page.locator("summary", has_text="记录送达：邻居王某（告知书）").click()
    wang.page.fill("#f-on1", "2026-11-24")
    wang.press("记录送达", exact=True)
    wang.sees("已记录送达，期限从送达之日起算", "直接送达", "2026年12月1日")
    wang.press("为邻居王某出具新的答复码")
    code = wang.page.locator("p.num.big").inner_text()
    wang.shot("hearing-00-code")

    neighbour = hall.visitor(phone=True)
    neighbour.go("/h/")
    neighbour.page.fill("input[name=code]", code)
    neighbour.press("继续")
    neighbour.sees("犬舍与相邻住户共用出入口。", "2026年12月1日")
    assert number not in neighbour.text
    neighbour.page.fill("textarea[name=words]", "影响通行，要求听证。")
    neighbour.page.set_input_files("input[name=files]", photo)
    neighbour.page.check("input[name=asks]")
    neighbour.shot("hearing-01-answering")
    neighbour.press("提交")
    neighbour.sees("已提交，并已要求举行听证", "附件 1 个")

    wang.go(case)
    wang.sees("影响通行，要求听证。", "网上提交", "附件 1")
    wang.shot("hearing-01-asked")
    wang.sees("通知听证并暂停计时")
    wang.page.fill("#f-day", "2026-12-04")
    wang.page.fill("#f-hearing-place", "区政务中心 301")
    wang.page.locator("#f-chair").select_option(label="何静")
    wang.press("通知听证并暂停计时")
    wang.sees("已通知听证，计时暂停", "听证通知书")
    wang.shot("hearing-02-called")
    applicant_opens()

    wang.page.locator("summary", has_text="记录送达：邻居王某（听证通知书）").click()
    wang.page.fill("#f-on1", "2026-11-24")
    wang.press("记录送达", exact=True)
    wang.page.locator("summary", has_text="听证改期").click()
    wang.page.locator("summary", has_text="听证不再举行").click()
    wang.page.fill("#f-day-new", "2026-12-07")
    wang.page.fill("#f-hearing-place-new", "区政务中心 302")
    wang.page.locator("#f-chair-new").select_option(label="何静")
    wang.page.fill("#f-reason-new", "主持人生病")
    wang.shot("hearing-02-moving")
    wang.press("改期并重新通知")
    wang.sees("听证已改期，已重新通知", "区政务中心 302", "主持人生病")
    applicant_opens()
    wang.page.locator("summary", has_text="记录送达：邻居王某（听证通知书）").click()
    wang.page.fill("#f-on1", "2026-11-24")
    wang.press("记录送达", exact=True)

    hall.set_clock(demo.at + timedelta(days=13))
    later = hall.person("wangqiang", to=case)
    later.page.fill("#f-present-h", "申请人、邻居王某")
    later.page.fill("#f-record", "各方陈述了意见，出示了证据。")
    later.page.locator("input[name=signed][value=yes]").check()
    later.press("保存笔录并恢复计时")
    later.sees("听证笔录已生成，恢复计时")
    later.shot("hearing-03-held")
