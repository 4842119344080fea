"""全城通办: filed at a community, checked by the district hall, decided, sent back, and handed out at the community."""

from tests.demo import Demo
from tests.journeys.filings import DOG, dog
from tests.journeys.people import Hall, check_all, open_case

from yichuang.people.queries import get_party


def test_filed_at_a_community_checked_by_the_district_and_handed_out_at_the_community(hall: Hall) -> None:
    demo = Demo()
    owner = demo.actor("wangxiuying")
    papers = ("application_form", "owner_id", "property_certificate", "immunity_certificate", "dog_photos")
    number = demo.file(demo.actor("wenhui"), DOG, applicant=owner.id, form=dog(83), materials=papers).number

    worker = hall.person("wenhui", to="/counter/")
    worker.sees("代收", "区政务服务中心")
    open_case(worker, number)
    assert worker.page.locator("[data-check-all]").count() == 0, "the community judges nothing"
    worker.shot("elsewhere-01-community")

    clerk = hall.person("lina", to="/counter/")
    open_case(clerk, number)
    clerk.sees("代收")
    check_all(clerk)
    clerk.page.keyboard.press("F8")
    clerk.sees("已受理，受理通知书已生成")

    chief = hall.person("chengang", to=f"/counter/cases/{number}/")
    chief.press("准予", exact=True)
    chief.sees("已作出决定")
    hall.work()

    issuer = hall.person("zhoujie", to="/counter/ready/")
    issuer.sees("代收件的结果，送往收件地点")
    issuer.follow(number)
    issuer.page.fill("#f-carrier", "机要交换 0007")
    issuer.press("登记送出")
    issuer.sees("已登记送出", "正在送往")
    issuer.shot("elsewhere-02-sent")

    citizen = hall.person("wangxiuying", phone=True, to=f"/my/cases/{number}")
    citizen.sees("结果正在送往")
    citizen.shot("elsewhere-03-portal")

    worker.go("/counter/ready/")
    worker.sees("正在送来，等待签收")
    worker.follow(number)
    worker.press("签收并通知领取")
    worker.sees("已签收，已通知领取人")
    worker.follow("核验身份并出件")
    worker.page.fill('[name="identity"]', get_identity(owner.id))
    worker.page.fill('[name="receiver_name"]', "王秀英")
    worker.onward()
    worker.sees("已出件")
    citizen.reload()
    citizen.sees("已办结送达")


def get_identity(party) -> str:
    return get_party(party).id_no
