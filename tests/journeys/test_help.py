"""帮办: asked online from the item's page, taken by one helper, done step by step; the person files it alone."""

from datetime import timedelta

from tests.demo import TUESDAY, Demo
from tests.journeys.filings import DOG, dog
from tests.journeys.people import Hall

from yichuang.core import clock


def test_help_is_asked_online_taken_and_becomes_a_case(hall: Hall) -> None:
    citizen = hall.person("wangxiuying", phone=True, to=f"/my/help/new?item={DOG}")
    citizen.page.select_option("[name=place]", "LH")
    citizen.page.get_by_label("行动不便的").check()
    citizen.page.fill("[name=text]", "眼睛不好，不会上传材料。")
    citizen.onward()
    citizen.sees("上门办请写明地址", "这种帮助需要您同意")
    citizen.page.fill("[name=address]", "南湖街道演示路 5 号")
    citizen.page.get_by_label("可以看到地址并上门").check()
    citizen.page.get_by_label("可以查看由此产生的办件").check()
    citizen.shot("help-01-ask")
    citizen.onward()
    citizen.sees("求助已收到", "会尽快接单")

    helper = hall.person("lina", to="/counter/help/")
    helper.shot("help-02-list")
    helper.page.get_by_role("row", name="王").first.get_by_role("link").click()
    helper.press("接单")
    helper.sees("已接单", "南湖街道演示路 5 号")
    helper.page.fill("#f-text", "上门拍了材料照片。")
    helper.press("记下这一步")
    helper.sees("已记录", "上门拍了材料照片。")

    later = Demo(at=TUESDAY + timedelta(hours=1))
    number = later.file(later.actor("wangxiuying"), DOG, form=dog(75)).number
    helper.reload()
    helper.sees(number)
    helper.page.fill("#f-done", "已由本人提交。")
    helper.shot("help-03-helper")
    helper.press("办结并告知求助人")
    helper.sees("已办结")
    citizen.reload()
    citizen.sees("上门拍了材料照片。", "已由本人提交。", number)
    citizen.shot("help-04-done")


def test_errands_are_done_for_somebody_who_files_alone(hall: Hall) -> None:
    """代办: papers are taken there and back with the person's consent, which ends with the request."""
    citizen = hall.person("zhangjie", phone=True, to=f"/my/help/new?item={DOG}")
    citizen.page.locator("[name=kind][value=errand]").check()
    citizen.page.select_option("[name=place]", "LH")
    citizen.page.fill("[name=text]", "白天上班，请代为递交材料、领证。")
    citizen.onward()
    citizen.sees("这种帮助需要您同意")
    citizen.page.get_by_label("可以代为递交、领取材料").check()
    citizen.page.get_by_label("可以查看由此产生的办件").check()
    citizen.onward()
    citizen.sees("求助已收到", "可以代为递交、领取材料")

    helper = hall.person("lina", to="/counter/help/")
    helper.page.get_by_role("row", name="代办").first.get_by_role("link").click()
    helper.sees("请代为递交材料、领证", "可以代为递交、领取材料")
    helper.press("接单")
    helper.sees("已接单")
    helper.page.fill("#f-text", "到单位取了免疫证明原件。")
    helper.press("记下这一步")
    helper.sees("已记录")
    with clock.fixed(TUESDAY + timedelta(hours=1)):
        later = Demo(at=TUESDAY + timedelta(hours=1))
        number = later.file(later.actor("zhangjie"), DOG, form=dog(76)).number
    helper.reload()
    helper.sees(number)
    helper.page.fill("#f-done", "材料已递交，证已送到本人手里。")
    helper.press("办结并告知求助人")
    helper.sees("已办结")
    assert number not in helper.text, "what was consented to ends with the request"
    helper.shot("help-05-errand-done")
    citizen.reload()
    citizen.sees("到单位取了免疫证明原件。", "证已送到本人手里。", number)
    citizen.shot("help-06-errand-mine")
