"""Somebody opens a notice on the phone, reads what electronic service is, agrees, and is served; the department sees each step."""

from tests.demo import Demo
from tests.journeys.filings import DOG, dog
from tests.journeys.people import Hall

from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.hearing import tell_interested
from yichuang.cases.models import ToldParty
from yichuang.people.commands import withdraw_service_consent


def test_a_notice_is_served_by_opening_it_only_after_consent(hall: Hall) -> None:
    demo = Demo()
    mine = demo.actor("jiye")
    withdraw_service_consent(actor=mine, party=mine.id, at=demo.at)  # another journey of this world may have agreed
    number = demo.file(demo.actor("jiye"), DOG, form=dog(58)).number
    accept_case(actor=demo.actor("lina"), number=number, version=1, findings={}, at=demo.at)
    parties = [("邻居王某", "13800000000")]
    tell_interested(
        actor=demo.actor("wangqiang"), number=number, version=2, matter="共用出入口", parties=parties, at=demo.at
    )
    notice = ToldParty.objects.get(case__number=number, is_applicant=True).id
    person = hall.person("jiye", phone=True, to=f"/my/notices/{notice}")
    person.sees("已阅知，还没有送达。", "送达之日起五个工作日内")
    person.shot("service-01-read")
    person.page.get_by_text("看看什么是电子送达，现在同意").click()
    person.sees("从哪天起算", "未同意，书面送达")
    person.shot("service-02-words")
    person.press("我已看过，同意电子送达")
    person.sees("已同意电子送达", "2026年12月1日")
    person.go("/my/service")
    person.sees("撤回同意", "网上")
    person.shot("service-03-agreed")
