"""上岗资格 on the console: the manager qualifies the clerks of the hall, the editor says which items ask for it."""

import re

import pytest

from yichuang.people.models import Qualification
from yichuang.visits.models import QualifiedItem

PAGE = "/console/qualifications/"
FOOD = "shipin-jingying-xuke"


@pytest.fixture
def manager(desk):
    return desk("mali")


def test_the_manager_sees_who_is_qualified_until_when_and_what_ends_soon_stands_first(manager):
    page = manager.get(PAGE)
    assert "李娜" in page
    assert "赵敏" not in page  # of another hall
    assert "快到期" in page
    assert page.index("食品经营专项考核") < page.index("综窗考核")


def test_a_clerk_is_qualified_once_for_a_press_and_all_that_is_wrong_is_said_at_once(manager, key_on, demo):
    zhou = str(demo.actor("zhoujie").id)
    wrong = manager.post(
        PAGE, act="grant", staff=zhou, scope=f"item:{FOOD}", evidence="", valid_from="2026-01-02", valid_to="2026-01-01"
    )
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert "请写明依据" in page
    assert re.search(r'href="#[^"]*evidence', page)
    given = {"act": "grant", "staff": zhou, "scope": f"item:{FOOD}", "evidence": "补训 07", "key": key_on(page)}
    for _ in "twice":
        assert manager.post(PAGE, **given).status_code == 302
    assert Qualification.objects.filter(staff=zhou).count() == 1
    assert "补训 07" in manager.get(PAGE)


def test_one_is_withdrawn_with_a_reason_and_not_without(manager, demo):
    row = Qualification.objects.filter(staff=demo.actor("lina").id).order_by("id").first()
    wrong = manager.post(PAGE, act="withdraw", qualification=str(row.id), reason="")
    assert (wrong.status_code, "请写明收回的原因" in wrong.content.decode()) == (422, True)
    assert manager.post(PAGE, act="withdraw", qualification=str(row.id), reason="转岗").status_code == 302
    assert "已收回" in manager.get(PAGE)


def test_the_editor_asks_for_it_and_lifts_it_and_the_manager_does_not(desk, manager):
    editor = desk("wuqian")
    assert "登记资格" not in editor.get(PAGE)
    assert editor.post(PAGE, act="ask", item="yangquan-dengji").status_code == 302
    assert QualifiedItem.objects.filter(item="yangquan-dengji", lifted_at=None).exists()
    assert editor.post(PAGE, act="lift", item="yangquan-dengji").status_code == 302
    assert not QualifiedItem.objects.filter(item="yangquan-dengji", lifted_at=None).exists()
    assert manager.post(PAGE, act="ask", item="yangquan-dengji").status_code == 403
    assert editor.post(PAGE, act="grant", staff="", scope="*", evidence="x").status_code == 403


def test_with_nothing_set_up_the_page_says_what_would_be_here(manager, demo):
    QualifiedItem.objects.all().delete()
    Qualification.objects.all().delete()
    page = manager.get(PAGE)
    assert "没有事项要求资格" in page
    assert "还没有登记资格" in page
