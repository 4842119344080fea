"""What follows a result: an organ intends to revoke, the holder answers, another decides, and anybody sees what it is worth."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from tests.demo import TUESDAY, Demo
from tests.journeys.filings import DOG, DOG_ANSWERS, dog
from tests.journeys.people import Hall, answer, fill_form, submit

from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.proceedings import open_proceeding
from yichuang.registry.queries import certificate_of_subject


def granted(number: int, owner: str = "jiye") -> tuple[str, str]:
    """A dog licence of the owner: its id and its printed number."""
    demo = Demo()
    receipt = demo.file(demo.actor(owner), DOG, form=dog(number))
    head = accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    chief = demo.actor("chengang")
    decide_case(actor=chief, number=receipt.number, version=head.version, outcome="grant", reasons="", at=demo.at)
    row = certificate_of_subject("case", receipt.case_id)
    assert row is not None
    return str(row.id), row.number


def test_a_revocation_is_told_answered_decided_and_seen_by_anybody(hall: Hall) -> None:
    id, number = granted(86)
    hall.work()
    clerk = hall.person("wangqiang", to="/office/certificates/")
    clerk.page.fill("#q", number)
    clerk.press("查找")
    clerk.follow("养犬登记证")
    clerk.page.select_option("#f-ground", "fraud")
    clerk.page.fill("#f-facts", "经核查，所交狂犬病免疫证明系伪造。")
    clerk.press("启动程序")
    clerk.sees("已告知，听取陈述申辩", "拟撤销行政许可告知书")
    clerk.shot("after-01-opened")

    owner = hall.person("jiye", phone=True, to="/my/certificates")
    owner.sees("机关拟对这份证照作出处理")
    owner.shot("after-02-list")
    owner.go(f"/my/certificates/{id}/about")
    owner.shot("after-03-told")
    owner.page.fill("#f-statement", "免疫证明是正规诊所出具的，请复核。")
    owner.press("提交陈述申辩")
    owner.sees("陈述申辩已提交", "免疫证明是正规诊所出具的")

    hall.set_clock(TUESDAY + timedelta(days=9))
    decider = hall.person("linfang", to=f"/office/certificates/{id}/")
    decider.sees("免疫证明是正规诊所出具的")
    decider.page.fill("#f-reasons", "经向诊所核实，未开具过该证明，申辩不予采纳。")
    decider.press("撤销", exact=True)
    decider.sees("已撤销", "撤销行政许可决定书")
    decider.shot("after-04-decided")

    anybody = hall.visitor()
    anybody.go(f"/verify?number={number}")
    anybody.sees("已失效", "已撤销")
    anybody.shot("after-05-verified")
    english = hall.person("jiye", to=f"/my/certificates/{id}/about", locale="en-GB")
    english.shot("after-06-english")


def open_to_end(id: str, ground: str, facts: str) -> None:
    """The organ opens a proceeding (on its page: the journeys above and below)."""
    wang = Demo().actor("wangqiang")
    open_proceeding(actor=wang, certificate=UUID(id), ground=ground, facts=facts, at=TUESDAY)


def test_a_licence_is_withdrawn_because_the_facts_have_changed(hall: Hall) -> None:
    """撤回 (行政许可法 art. 8): nobody did wrong; the holder says nothing more, and another decides."""
    id, number = granted(155, "sunyan")
    hall.work()
    open_to_end(id, "facts_changed", "所在片区划为自然保护区，不再允许养犬。")
    owner = hall.person("sunyan", phone=True, to=f"/my/certificates/{id}/about")
    owner.sees("拟撤回行政许可告知书")
    owner.press("我没有意见，不陈述")
    owner.sees("已记录：您不陈述、申辩")
    decider = hall.person("linfang", to=f"/office/certificates/{id}/")
    decider.page.fill("#f-reasons", "客观情况发生重大变化，依法补偿损失。")
    decider.press("撤回", exact=True)
    decider.sees("已撤回", "撤回行政许可决定书")
    decider.shot("after-14-withdrawn")
    anybody = hall.visitor()
    anybody.go(f"/verify?number={number}")
    anybody.sees("已失效", "已撤回")


def test_a_licence_is_forfeited_after_the_hearing_that_its_holder_asked_for(hall: Hall) -> None:
    """吊销 (行政处罚法 arts. 44, 63–65): told, heard on the day called, the record written, and another decides."""
    id, number = granted(156, "zhangjie")
    hall.work()
    open_to_end(id, "traded", "经核查，证件已转让他人使用。")
    owner = hall.person("zhangjie", phone=True, to=f"/my/certificates/{id}/about")
    owner.page.fill("#f-statement", "没有转让，请当面听我说明。")
    owner.page.locator("[name=hearing][type=checkbox]").check()
    owner.press("提交陈述申辩")
    owner.sees("陈述申辩已提交")
    clerk = hall.person("wangqiang", to=f"/office/certificates/{id}/")
    clerk.page.fill("#f-hearing_on", "2026-12-10")
    clerk.page.fill("#f-place", "三楼听证室")
    clerk.page.fill("#f-chair", "周正")
    clerk.press("发出听证通知书")
    clerk.sees("听证通知书", "三楼听证室")
    owner.go(f"/my/certificates/{id}/about")
    owner.sees("三楼听证室")
    owner.shot("after-15-called")

    hall.set_clock(TUESDAY + timedelta(days=16))
    clerk = hall.person("wangqiang", to=f"/office/certificates/{id}/")
    clerk.page.fill("#f-record", "双方到场质证，持证人承认出借证件。")
    clerk.press("记入笔录")
    clerk.sees("听证笔录", "双方到场质证")
    decider = hall.person("linfang", to=f"/office/certificates/{id}/")
    decider.page.fill("#f-reasons", "转让属实，陈述申辩不予采纳。")
    decider.press("吊销", exact=True)
    decider.sees("已吊销", "吊销")
    decider.shot("after-16-forfeited")
    anybody = hall.visitor()
    anybody.go(f"/verify?number={number}")
    anybody.sees("已失效", "已吊销")


def test_the_organ_writes_down_what_the_holder_said_at_the_window(hall: Hall) -> None:
    id, _ = granted(87)
    hall.work()
    clerk = hall.person("wangqiang", to=f"/office/certificates/{id}/")
    clerk.page.select_option("#f-ground", "traded")
    clerk.page.fill("#f-facts", "经核查，证件已转让他人使用。")
    clerk.press("启动程序")
    clerk.page.get_by_text("记录持证人在窗口或者书面提出的意见").click()
    clerk.shot("after-07-writing-down")
    clerk.press("记录：持证人不陈述")
    clerk.sees("请写明是谁提出的", "请选择口头或者书面", "请选择提出的日期")
    clerk.page.fill("#f-who", "季烨")
    clerk.page.select_option("#f-how", "oral")
    clerk.page.fill("#f-said_on", f"{TUESDAY:%Y-%m-%d}")
    clerk.page.fill("#f-statement", "没有转让，是家人代为遛狗。")
    clerk.page.locator("[name=hearing]").check()
    clerk.press("记录陈述、申辩")
    clerk.sees("口头提出", "没有转让，是家人代为遛狗", "持证人要求听证，还没有通知日期")
    clerk.shot("after-08-written-down")
    english = hall.person("wangqiang", phone=True, to=f"/office/certificates/{id}/", locale="en-GB")
    english.page.locator("details summary").first.click()
    english.shot("after-09-english")
    clerk.page.get_by_text("终止程序，证照继续有效").click()
    clerk.page.fill("#f-drop-reasons", "经核实没有转让。")
    clerk.press("终止程序", exact=True)
    clerk.sees("程序已终止")


def test_a_licence_is_renewed_from_my_certificates_with_what_was_filled_in_before(hall: Hall, photo: Path) -> None:
    id, number = granted(88, "zhangjie")
    hall.work()
    hall.set_clock(datetime(2027, 10, 8, 2, 0, tzinfo=UTC))
    owner = hall.person("zhangjie", phone=True, to="/my/certificates")
    owner.sees(number)
    owner.shot("after-11-may-renew")
    owner.go(f"/my/certificates/{id}/about")
    owner.follow("申请延续")
    owner.sees("养犬登记证延续")
    owner.shot("after-12-begins")
    owner.onward()
    owner.arrives("**/step/situation")
    assert owner.page.locator('[name="/housing"][value=own]').is_checked(), "what was said then is brought along"
    answer(owner, DOG_ANSWERS)
    immunity = dog(88)["immunity"] | {"date": "2027-09-10", "next_due": "2028-09-09"}
    fill_form(owner, {"immunity": immunity})
    papers = dict.fromkeys(("owner_id", "property_certificate", "immunity_certificate"), photo)
    owner.arrives("**/step/materials*")
    owner.upload("dog_photos", photo, photo)
    case = submit(owner, papers)
    owner.go(f"/my/cases/{case}")
    owner.sees("养犬登记证延续", "接着哪个办件的证照办理")
    demo = Demo(at=datetime(2027, 10, 8, 3, 0, tzinfo=UTC))
    head = accept_case(actor=demo.actor("lina"), number=case, version=1, findings={}, at=demo.at)
    chief = demo.actor("chengang")
    decide_case(actor=chief, number=case, version=head.version, outcome="grant", reasons="", at=demo.at)
    owner.go("/my/certificates")
    owner.sees("2028年11月23日", "已被新版本替换")
    owner.shot("after-13-renewed")
