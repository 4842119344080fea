"""免证办 in one sitting: the papers' page says what is fetched, consent is one press, and nothing has to be brought."""

from tests.cases.held import BIRTH, born
from tests.demo import Demo
from tests.journeys.people import Hall, begin, fill_form

from yichuang.notices.queries import list_inbox

FORM = {
    "employer": {"name": "深圳演示小店餐饮有限公司", "uscc": "91440303YC00000950"},
    "event": {"on": "2026-01-20", "children": 1, "leave_from": "2026-01-05"},
    "payment": {"bank": "示例银行罗湖支行", "card": "9900000000000000010"},
    "promise": True,
}


def test_who_agrees_hands_in_nothing_and_reads_where_each_paper_came_from(hall: Hall) -> None:
    certificate = born(Demo())
    zhang = hall.person("zhangxiao", phone=True)
    begin(zhang, BIRTH, {"event": "birth", "delivery": "normal"})
    fill_form(zhang, FORM)
    zhang.arrives("**/step/materials*")
    zhang.sees("您提交后，系统从“证照库”取得您的居民身份证", "不同意也不影响办事，自己交就行")
    zhang.shot("held-01-papers")
    zhang.press("同意由系统取得")
    zhang.sees("不同意了，我自己交")
    zhang.onward()
    zhang.arrives("**/step/check")
    assert "还缺" not in zhang.text
    zhang.onward()
    zhang.arrives("**/receipt")
    zhang.sees("系统替您取的材料", "出生医学证明，由系统从“罗湖区妇幼保健院（示例）”取得", certificate.number)
    zhang.shot("held-02-receipt")
    number = zhang.address.split("/")[-2]
    hall.work()
    zhang.go("/my/looks")
    zhang.sees("谁用过我的证照", "本人同意", number)
    told = [
        one.body for one in list_inbox(Demo().actor("zhangxiao").id)
    ]  # other journeys' news may fill the first page
    assert any("证照库" in body and number in body for body in told)
    zhang.go("/my/messages")
    zhang.sees("我的消息")
    zhang.shot("held-03-told")

    lina = hall.person("lina", to=f"/counter/cases/{number}/")
    lina.sees("出生医学证明，由系统从", "免提交")
    assert certificate.number not in lina.text, "whole for its holder alone"
    lina.shot("held-04-counter")
