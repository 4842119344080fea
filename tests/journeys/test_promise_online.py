"""容缺 without a second trip: the clerk offers, the applicant reads and signs on her phone, the case is accepted."""

from pathlib import Path

from tests.journeys.filings import DOG, DOG_ANSWERS, dog
from tests.journeys.people import Hall, check_all, file_online, open_case

from yichuang.people import cast

PAPERS = ("owner_id", "property_certificate", "immunity_certificate")


def test_a_promise_is_offered_at_the_counter_and_signed_on_the_phone(hall: Hall, photo: Path) -> None:
    zhang = hall.person("zhangxiao", phone=True)
    number = file_online(zhang, DOG, DOG_ANSWERS, dog(91), dict.fromkeys(PAPERS, photo))

    lina = hall.person("lina", to="/counter/")
    open_case(lina, number)
    check_all(lina)
    lina.press("请申请人网上签署")
    lina.sees("已请申请人在")
    lina.shot("promise-01-offered")

    zhang.go("/my/cases")
    zhang.sees("待签署容缺承诺")
    zhang.go(f"/my/cases/{number}")
    zhang.shot("promise-02-case")
    zhang.onward()
    zhang.arrives(f"**/my/cases/{number}/promise")
    zhang.sees("犬只照片", "决定不送达，证照不发放")
    zhang.shot("promise-03-letter")
    zhang.page.get_by_label("我已阅读并作出以上承诺").check()
    zhang.onward()
    zhang.sees("请输入登录密码或短信验证码")
    zhang.shot("promise-04-who")
    assert zhang.page.get_by_label("我已阅读并作出以上承诺").is_checked()
    zhang.page.get_by_label("登录密码").fill(cast.PASSWORD)
    zhang.onward()
    zhang.arrives(f"**/my/cases/{number}")
    zhang.sees("已签署", "容缺受理", "上传 犬只照片")
    zhang.shot("promise-05-accepted")

    lina.reload()
    lina.sees("签署容缺承诺书，容缺受理")
