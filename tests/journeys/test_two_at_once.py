"""Two people on one thing at once: the second is told who did what, and nothing that anybody typed is lost."""

from pathlib import Path

import pytest
from tests.demo import TUESDAY, Demo
from tests.journeys.filings import DOG, DOG_ANSWERS, dog
from tests.journeys.people import Hall, begin, fill_form, open_case

from yichuang.cases.models import Case
from yichuang.core import roles
from yichuang.core.actors import SYSTEM
from yichuang.core.clock import local_date
from yichuang.network.queries import get_place
from yichuang.people import cast
from yichuang.people.commands.accounts import open_staff_account
from yichuang.people.commands.grants import assign_post, grant_role


@pytest.fixture
def colleague(hall: Hall) -> str:
    """韩梅, at the window beside 李娜's."""
    place, day = get_place(cast.HALL).id, local_date(TUESDAY)
    staff = open_staff_account(
        actor=SYSTEM,
        username="hanmei",
        name="韩梅",
        staff_no="LH0777",
        password=cast.PASSWORD,
        phone="13800000777",
        place=place,
        department=None,
        window="2",
        must_change=False,
        demo=True,
        at=TUESDAY,
    )
    grant_role(
        actor=SYSTEM, staff=staff, role=roles.INTAKE_CLERK, place=place, department=None, valid_from=day, at=TUESDAY
    )
    assign_post(actor=SYSTEM, staff=staff, post="WINDOW.receive", valid_from=day, at=TUESDAY)
    return "hanmei"


def test_the_second_of_two_clerks_is_told_who_was_first_and_keeps_what_she_typed(hall: Hall, colleague: str) -> None:
    number = Demo().file(Demo().actor("jiye"), DOG, form=dog(41)).number
    li, han = hall.person("lina", to="/counter/"), hall.person(colleague, to="/counter/")
    open_case(li, number)
    open_case(han, number)
    fault = "犬只照片看不清，请重拍"
    for clerk in (li, han):
        clerk.page.fill("#fault-dog_photos", fault if clerk is li else "正面照缺一张")
    han.press("记录预审")
    han.sees("已记录预审意见")
    li.press("一次性告知", within=".sticky-do")
    li.sees("这个办件刚刚被别人更新", "韩*")
    li.shot("two-01-stale")
    assert Case.objects.get(number=number).state == "SUBMITTED", "the second act did nothing"
    assert li.page.input_value("#fault-dog_photos") == fault
    li.press("一次性告知", within=".sticky-do")  # she has read it, and means it
    li.sees("已一次性告知")
    han.press("受理", within=".sticky-do")
    han.sees("李*", "一次性告知")
    han.shot("two-02-state")
    han.go(f"/counter/cases/{number}/")
    han.sees("待补正", fault)
    assert [n.round for n in Case.objects.get(number=number).notices.all()] == [1]


def test_however_often_submit_is_pressed_one_case_comes_of_it(hall: Hall, photo: Path) -> None:
    owner = hall.person("moshengren")
    begin(owner, DOG, DOG_ANSWERS)
    fill_form(owner, dog(42))
    for paper in ("owner_id", "property_certificate", "immunity_certificate", "dog_photos"):
        owner.upload(paper, photo)
    owner.onward()
    owner.arrives("**/step/check")
    other = hall.visitor()  # the same draft in a second window
    other.page.context.add_cookies(owner.page.context.cookies())
    other.go(owner.address)
    other.arrives("**/step/check")
    before = Case.objects.count()
    owner.page.locator("main .btn-main").dblclick(no_wait_after=True)
    other.page.locator("main .btn-main").click(no_wait_after=True)
    for window in (owner, other):
        window.arrives("**/receipt")
    assert owner.address == other.address
    assert Case.objects.count() == before + 1
    owner.shot("two-03-receipt")
