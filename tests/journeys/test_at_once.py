"""秒批 in one sitting: a shop owner gets the licence and reads why; a doubtful one lies with a reviewer, the doubt beside its field."""

from typing import Any

from tests.cases.at_once import let
from tests.demo import Demo
from tests.journeys.filings import SHOP
from tests.journeys.people import Hall, Visitor, begin, fill_form

from yichuang.cases.instant import Mode
from yichuang.people import cast

ANSWERS = {"operation": "individual", "has_name": "yes", "place": "rent", "scope": "general", "agent": "no"}
KNOWN, UNKNOWN = "深圳市罗湖区桂园街道桂园路1号101", "深圳市罗湖区桂园街道没有这条路9号101"


def shop(place: str, trade: str) -> dict[str, Any]:
    """A general store; without the operator, whom the account knows, but for where she lives."""
    return {
        "operator": {"home": "桂园社区演示路 8 号 501"},
        "name": {"region": "深圳市罗湖区", "trade": trade, "industry": "百货", "form": "店"},
        "place": {"street": "440303001", "detail": place, "area": 40},
        "business": {
            "scope": ["日用百货销售", "服装服饰零售"],
            "industry_code": "F5211",
            "employees": 2,
            "capital": 5,
        },
        "promise": True,
    }


def at_the_check(hall: Hall, place: str, trade: str) -> Visitor:
    let(SHOP, Mode.ALONE, Demo().at)
    zhang = hall.person("zhangxiao", phone=True)
    begin(zhang, SHOP, ANSWERS)
    fill_form(zhang, shop(place, trade))
    zhang.arrives("**/step/materials*")
    zhang.onward()  # no papers: data stand for them
    zhang.arrives("**/step/check")
    zhang.sees("想当场办结，请确认是您本人", "不会自动拒绝")
    return zhang


def test_a_shop_owner_gets_a_licence_in_one_sitting_and_sees_why(hall: Hall) -> None:
    zhang = at_the_check(hall, KNOWN, "晨露")
    zhang.shot("at-once-01-check")
    zhang.page.get_by_label("登录密码").fill(cast.PASSWORD)
    zhang.onward()
    zhang.arrives("**/receipt")
    zhang.sees("已当场办结", "数据都一致，系统已当场办结")
    zhang.shot("at-once-02-receipt")
    zhang.follow("为什么自动通过")
    zhang.sees("试过的每一条规则", "各项都能由数据确认，当场登记", "人口库", "地址库", "请人看一看")
    zhang.shot("at-once-03-why")


def test_a_doubtful_filing_lies_with_a_reviewer_who_sees_the_doubt(hall: Hall) -> None:
    zhang = at_the_check(hall, UNKNOWN, "晨曦")
    zhang.page.get_by_label("登录密码").fill(cast.PASSWORD)
    zhang.onward()
    zhang.arrives("**/receipt")
    zhang.sees("需要由工作人员办理，因为", "地址库没有这个地址", "这不是拒绝")
    zhang.shot("at-once-04-doubtful")
    number = zhang.address.split("/")[-2]

    for desk, who in (("office", "luobin"), ("counter", "lina")):
        staff = hall.person(who, to=f"/{desk}/cases/{number}/")
        staff.sees("自动核对", "需要人工", "地址库没有这个地址")
        assert staff.text.count("地址库没有这个地址") >= 2
        staff.shot(f"at-once-05-{desk}")
