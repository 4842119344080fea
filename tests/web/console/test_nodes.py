"""大厅节点 on a page: what waits, whose record holds, days asked for and taken back."""

import re
from datetime import timedelta

import pytest
from tests.visits.nodes import a_node_with_conflicts

from yichuang.core.clock import local_date
from yichuang.visits.models import HallDay, NodeConflict

pytestmark = pytest.mark.django_db
PAGE = "/console/nodes/"


@pytest.fixture
def manager(desk, demo):
    a_node_with_conflicts(demo)
    return desk("mali")


def test_both_versions_stand_side_by_side_in_both_languages(manager, desk):
    page = manager.get(PAGE)
    assert "同一个号，大厅和中心都动过" in page
    assert "A017" in page
    assert re.search(r"大厅的记录.*叫号.*开始办理.*办理结束.*中心的记录.*办理中", page, re.S)
    english = desk("mali", "en").get(PAGE)
    assert "One number was moved on in the hall and at the centre" in english
    assert "The centre&#39;s record holds" in english or "The centre's record holds" in english


def test_a_conflict_is_settled_with_a_reason_and_not_without(manager):
    row = NodeConflict.objects.get(name="A017")
    wrong = manager.post(PAGE, act="settle", conflict=str(row.id), note="")
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert "请选择以哪一方的记录为准" in page
    assert "请写明处理的理由" in page
    given = {"act": "settle", "conflict": str(row.id), "held": "centre", "note": "窗口五办的", "key": "once"}
    for _ in "twice":
        assert manager.post(PAGE, **given).status_code == 302
    page = manager.get(PAGE)
    assert "窗口五办的" in page
    assert page.index("处理过的") < page.index("窗口五办的")


def test_a_day_is_asked_for_and_taken_back_only_when_the_node_is_off(manager, demo):
    place, day = demo.actor("mali").place, local_date(demo.at) + timedelta(days=1)
    told = {"place": str(place), "day": day.isoformat()}
    assert manager.post(PAGE, act="ask", **told).status_code == 302
    assert "已请求交还" in manager.get(PAGE)
    refused = manager.post(PAGE, act="take", **told)
    assert (refused.status_code, "请先到大厅确认节点已经关机" in refused.content.decode()) == (409, True)
    assert manager.post(PAGE, act="take", switched_off="true", **told).status_code == 302
    assert HallDay.objects.get(place=place, day=day).keeper_id is None
    missing = manager.post(PAGE, act="ask")
    assert missing.status_code == 422


def test_nobody_but_the_manager_opens_it(desk, demo):
    for who in ("lina", "wuqian"):
        desk(who).get(PAGE, 404)


def test_with_no_node_the_page_says_what_would_be_here(desk, demo):
    page = desk("mali").get(PAGE)
    assert "您的大厅还没有节点" in page
    assert "没有冲突" in page


def test_the_counter_says_that_the_node_keeps_the_hall(manager, desk, demo):
    lent = HallDay.objects.get(keeper__isnull=False)
    HallDay.objects.filter(place=lent.place_id, day=local_date(demo.at)).update(keeper=lent.keeper_id)
    assert "本厅今天的号由大厅节点掌管" in desk("lina").get("/counter/queue/")
