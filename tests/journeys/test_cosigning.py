"""共同签署: 张晓 opens a company with 孙燕, who signs on her phone; the licence comes at once. A third refuses, and 张晓 sees why."""

from typing import Any
from uuid import UUID

from tests.cases.at_once import COMPANY, let
from tests.cases.cosigning import company, draft_of
from tests.demo import Demo
from tests.journeys.people import Hall

from yichuang.cases.instant import Mode
from yichuang.cases.models import Case
from yichuang.people import cast

WHERE = {"street": "440303001", "detail": "深圳市罗湖区桂园街道桂园路6号101"}


def draft(*others: str, trade: str) -> UUID:
    """As 张晓 typed it: name and place are no other journey's."""
    demo = Demo()
    let(COMPANY, Mode.ALONE, demo.at)
    form: dict[str, Any] = company(demo, *others)
    name, place = {**form["name"], "trade": trade}, {**form["place"], **WHERE}
    return draft_of(demo, *others, name=name, place=place)


def test_the_second_founder_signs_on_her_phone_and_the_licence_comes_at_once(hall: Hall) -> None:
    saved = draft("sunyan", trade="云帆")
    zhang = hall.person("zhangxiao", phone=True, to=f"/my/drafts/{saved}/step/check")
    zhang.sees("还要这些人签署", "孙燕", "我签署，并请他们签署")
    zhang.shot("cosign-01-check")
    zhang.page.get_by_label("登录密码").fill(cast.PASSWORD)
    zhang.page.get_by_role("button", name="我签署，并请他们签署").click()
    zhang.arrives("**/signing")
    zhang.sees("还差 1 人", "没有账号的人，可以带身份证到任何窗口签署")
    zhang.shot("cosign-02-waiting")

    sun = hall.person("sunyan", phone=True, to="/my/signatures")
    sun.sees("等您签署", "张晓发起")
    sun.page.locator("main ul.rows a").first.click()
    sun.arrives("**/my/signatures/*")
    sun.sees("同意公司章程、认缴的出资额和任职安排", "云帆", "内容编号")
    sun.shot("cosign-03-sign")
    sun.page.get_by_label("我已阅读全部内容，同意签署").check()
    sun.page.get_by_label("登录密码").fill(cast.PASSWORD)
    sun.page.get_by_role("button", name="签署", exact=True).click()
    sun.arrives("**/my/signatures")
    sun.sees("大家都签了，申请已经提交", "已签署")
    sun.shot("cosign-04-signed")

    zhang.go(f"/my/drafts/{saved}/signing")
    zhang.sees("已当场办结")
    zhang.shot("cosign-05-licence")


def test_a_third_who_refuses_stops_it_and_says_why(hall: Hall) -> None:
    before = Case.objects.count()
    saved = draft("sunyan", "qianjin", trade="禾瑞")
    zhang = hall.person("zhangxiao", phone=True, to=f"/my/drafts/{saved}/step/check")
    zhang.page.get_by_label("登录密码").fill(cast.PASSWORD)
    zhang.page.get_by_role("button", name="我签署，并请他们签署").click()
    zhang.arrives("**/signing")
    qian = hall.person("qianjin", phone=True, to="/my/signatures")
    qian.page.locator("main ul.rows a").first.click()
    qian.arrives("**/my/signatures/*")
    qian.page.get_by_text("我不同意").click()
    qian.page.get_by_label("理由").fill("出资比例和商量的不一样")
    qian.shot("cosign-06-refuse")
    qian.page.get_by_role("button", name="不同意签署").click()
    qian.arrives("**/my/signatures")
    zhang.go(f"/my/drafts/{saved}/signing")
    zhang.sees("有人不同意签署，没有提交", "出资比例和商量的不一样", "回到草稿，修改后重新发起")
    zhang.shot("cosign-07-refused")
    assert Case.objects.count() == before
