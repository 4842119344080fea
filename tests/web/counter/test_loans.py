"""便民物品 on the page: lent, back, lost; what is wrong stands at its field."""

import re

from yichuang.visits.models import Loan, LoanItem

PAGE = "/counter/loans/"


def item_of(demo, name="轮椅"):
    return str(LoanItem.objects.get(place=demo.actor("lina").place, name_zh=name).id)


def test_a_wheelchair_goes_out_and_comes_back(as_user, demo):
    li, given = as_user("李娜"), {"item": item_of(demo), "name": "王秀英", "mobile": "13800000006", "key": "once"}
    for _ in "twice":
        page = li.post(f"{PAGE}lend/", given, follow=True).content.decode()
    assert Loan.objects.count() == 1
    assert "王秀英" not in page
    assert "记为遗失" in page
    page = li.post(f"{PAGE}back/", {"loan": str(Loan.objects.get().id)}, follow=True).content.decode()
    assert "没有借出的物品" in page
    assert "已归还" in page


def test_all_that_is_wrong_is_said_and_nothing_typed_is_lost(as_user, demo):
    li = as_user("李娜")
    answer = li.post(f"{PAGE}lend/", {"item": item_of(demo), "name": "", "mobile": "1380"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写借用人姓名" in page
    assert 'value="1380"' in page
    assert re.search(r'aria-invalid="true"', page)
    assert "增加一种物品" not in page


def test_the_manager_adds_a_kind_and_the_desk_speaks_english(as_user, demo):
    mali = as_user("马丽", language="en")
    page = mali.post(
        f"{PAGE}item/", {"name_zh": "放大镜", "name_en": "Magnifier", "owned": "3", "minutes": "30"}, follow=True
    ).content.decode()
    assert "Magnifier" in page
    assert "Things to lend" in page
