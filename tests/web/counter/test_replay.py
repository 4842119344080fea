"""重演 and the hit rate on the manager's pages, and what everybody sees of them."""

from typing import Any

import pytest
from tests.insight.months import give_a_past

from yichuang.core.clock import fixed
from yichuang.network.models import Place

PAGE = "/counter/hall/replay/"


@pytest.fixture
def past(demo: Any) -> Place:
    """The hall of 李娜, with five weeks behind it."""
    place = Place.objects.get(id=demo.actor("lina").place)
    give_a_past(place.id, demo.at)
    return place


def test_the_manager_plays_yesterday_with_other_windows(as_user: Any, demo: Any, past: Place) -> None:
    ma = as_user("马丽")
    first = ma.get(PAGE)
    assert first.status_code == 200
    assert "当天记录" in first.content.decode()
    assert "照当天的窗口重演" in first.content.decode()
    assert "试算：换一种安排</strong>" not in first.content.decode()
    page = ma.get(PAGE, {"windows": "3", "kind": "pooled", "noon": "shut", "target": "30"}).content.decode()
    assert "试算：换一种安排</strong>" in page
    assert "3 个窗口，每个窗口办全部队列，中午休息" in page
    assert "试算：达到目标的安排" in page


def test_nothing_that_is_typed_into_the_address_breaks_it(as_user: Any, demo: Any, past: Place) -> None:
    ma = as_user("马丽")
    wrong = {"windows": "9999", "kind": "x", "opens": "25:00", "closes": "soon", "day": "2026-13-45", "target": "-1"}
    assert ma.get(PAGE, wrong).status_code == 200
    assert ma.get(PAGE, {"day": "2001-01-01"}).status_code == 200
    assert "还没有可以重演的日子" in ma.get(PAGE, {"day": "2001-01-01"}).content.decode()
    back = ma.get(PAGE, {"windows": "2", "opens": "18:00", "closes": "08:00"}).content.decode()
    assert "试算：换一种安排</strong>" in back  # hours the wrong way round: those of the day


def test_the_hit_rate_is_shown_to_the_manager_on_the_console_and_to_everybody(
    as_user: Any, client: Any, demo: Any, past: Place
) -> None:
    desk = as_user("马丽").get("/counter/hall/").content.decode()
    assert "等候预测准不准" in desk
    assert "本大厅的记录" in desk
    assert "等候预测准不准" in as_user("马丽").get(f"/console/places/{past.code}/").content.decode()
    page = client.get(f"/places/{past.code}").content.decode()
    assert "100 次里说准" in page
    assert "等得少的时段" in page or "各时段等候差不多" in page
    assert "各时段要等多久" in page
    english = client.get(f"/places/{past.code}", headers={"accept-language": "en"}).content.decode()
    assert "Waits by half hour" in english


def test_the_halls_of_an_item_say_when_to_come(client: Any, demo: Any, past: Place) -> None:
    page = client.get("/items/yangquan-dengji/halls").content.decode()
    assert "等得少的时段" in page or "各时段等候差不多" in page


def test_a_hall_without_a_history_says_that_its_estimate_is_simple(client: Any, as_user: Any, demo: Any) -> None:
    place = Place.objects.get(id=demo.actor("lina").place)
    page = client.get(f"/places/{place.code}").content.decode()
    assert "记录还不够" in page
    assert "各时段要等多久" not in page
    with fixed(demo.at):
        assert "简单估计（记录不够）" in as_user("马丽").get("/counter/hall/").content.decode()
