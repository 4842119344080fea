"""What the office reads of a notice of the right to be heard: the days of each who was told, from their own service."""

from tests.web.test_office import case, office  # noqa: F401  (fixtures)

from yichuang.cases.commands.answer_notice import open_notice
from yichuang.cases.commands.hearing import tell_interested
from yichuang.cases.models import ToldParty


def test_no_last_day_stands_on_the_page_before_the_party_was_served(office, demo, case):  # noqa: F811  (the fixtures of those names)
    tell_interested(
        actor=demo.actor("wangqiang"), number=case.number, version=2, matter="共用出入口",
        parties=[("邻居王某", "13800000000")], at=demo.at,
    )  # fmt: skip
    wang, path = office("wangqiang"), f"/office/cases/{case.number}/"
    page = wang.get(path).content.decode()
    assert "要求听证截止" not in page
    assert page.count("送达后才起算") == 2, "one for the applicant, one for the neighbour"
    assert "要求听证到" not in page
    applicant = ToldParty.objects.get(is_applicant=True)
    actor = demo.actor("zhangxiao")
    assert not open_notice(actor=actor, party=applicant.id, at=demo.at), "nobody asked whether that is a service"
    page = wang.get(path).content.decode()
    assert page.count("送达后才起算") == 2
    assert page.count("没有同意电子送达，须书面送达") == 2
    assert "网上已阅知，不算送达" in page
    demo.agrees("zhangxiao")
    assert "已同意电子送达，本人登录打开即送达" in wang.get(path).content.decode()
    open_notice(actor=demo.actor("zhangxiao"), party=applicant.id, at=demo.at)
    page = wang.get(path).content.decode()
    assert page.count("送达后才起算") == 1
    assert '要求听证到 <span class="num">2026年12月1日' in page
