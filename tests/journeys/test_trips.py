"""跑动账: who was sent home for a paper comes once more, and everybody reads how often, why, and what was promised."""

from datetime import timedelta

from tests.demo import TUESDAY, Demo
from tests.journeys.filings import DOG, dog
from tests.journeys.people import Hall, Visitor, open_case


def book(visitor: Visitor) -> str:
    return visitor.page.locator('section[aria-labelledby="h-trips"]').inner_text()


def test_a_second_and_a_third_visit_stand_with_their_causes_beside_the_declared_number(hall: Hall) -> None:
    demo = Demo()
    lina, owner = demo.actor("lina"), demo.actor("zhangjie")
    papers = ("application_form", "property_certificate", "immunity_certificate", "dog_photos")
    number = demo.file(lina, DOG, applicant=owner.id, form=dog(157), materials=papers).number
    clerk = hall.person("lina", to="/counter/")
    open_case(clerk, number)
    clerk.page.keyboard.press("F9")
    clerk.sees("已一次性告知", "承诺到现场 1 次 · 实际 1 次")
    assert "多跑的一次" not in book(clerk)

    hall.set_clock(TUESDAY + timedelta(days=1))  # 张㛃 is back with the paper
    clerk = hall.person("lina", to=f"/counter/cases/{number}/")
    clerk.page.locator('form[action$="/supplement/"] [name="original:owner_id"]').check()
    clerk.press("登记补交")
    clerk.sees("已登记补交的材料", "承诺到现场 1 次 · 实际 2 次")
    for words in ("多跑的一次", "缺少材料", "1 号窗口", "办事指南的要求"):
        assert words in book(clerk)
    clerk.shot("trips-01-second")

    hall.set_clock(TUESDAY + timedelta(days=2))  # and comes to ask how it goes
    clerk = hall.person("lina", to=f"/counter/cases/{number}/")
    clerk.page.get_by_text("为这个办件来了，没有办别的").click()
    clerk.press("咨询、问进度", within='section[aria-labelledby="h-trips"]')
    clerk.sees("已登记到现场的原因", "承诺到现场 1 次 · 实际 3 次")

    citizen = hall.person("zhangjie", phone=True, to=f"/my/cases/{number}")
    citizen.sees("承诺到现场 1 次 · 实际 3 次")
    assert book(citizen).count("多跑的一次") == 2
    assert "咨询、问进度" in book(citizen)
    citizen.shot("trips-02-portal")


def test_a_cause_that_only_the_clerk_knows_is_named_by_one_key_and_hinders_nothing(hall: Hall) -> None:
    demo = Demo()
    item = "shiye-dengji"  # declared: nobody needs to come
    number = demo.file(demo.actor("lina"), item, applicant=demo.actor("wangxiuying").id).number
    clerk = hall.person("lina", to="/counter/")
    open_case(clerk, number)
    clerk.sees("承诺到现场 0 次 · 实际 1 次", "这一次超出了承诺，请选一个原因")
    assert clerk.page.locator(".sticky-do [data-key=F8]").is_enabled(), "serving goes on without it"
    clerk.page.keyboard.press("3")
    clerk.sees("已登记到现场的原因")
    assert "可网上办，本人愿意到窗口" in book(clerk)
    assert "请选一个原因" not in book(clerk)
