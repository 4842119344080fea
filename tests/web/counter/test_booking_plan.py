"""The plan of a hall's appointments at the counter: every fault at once, and nothing that was typed is lost."""

import re

import pytest

from yichuang.network.models import Place
from yichuang.visits.models import Queue

NUMBER = re.compile(r'name="([\w-]+)" value="([^"]*)"')


@pytest.fixture
def mali(as_user):
    return as_user("马丽")


def plan(client, step, **typed):
    answer = client.post(f"/counter/bookings/plan/{step}/", typed)
    assert answer.status_code == 422
    return answer.content.decode()


def test_every_fault_of_the_rules_is_named_at_once(mali):
    page = plan(mali, "rules", days_ahead="1", release="8", walk_in_percent="1")
    assert all(words in page for words in ("开放天数请填 7 至 15", "请填写放号的时间", "为现场取号保留 20% 至 90%"))
    assert dict(NUMBER.findall(page))["release"] == "8"


def test_the_time_of_the_release_is_shown_without_seconds_that_it_does_not_have(mali):
    assert 'value="08:30"' in mali.get("/counter/bookings/plan/").content.decode()


def test_the_plan_of_a_queue_keeps_what_was_typed_and_says_beside_it_what_is_wrong(mali, demo):
    queue = Queue.objects.get(place=Place.objects.get(id=demo.actor("lina").place), letter="B")
    typed = {f"{days}-{part}": "3" for days in ("weekday", "weekend") for part in ("morning", "noon", "afternoon")}
    page = plan(mali, "group", group=str(queue.id), **typed | {"weekday-noon": "999", "minutes": "4"})
    [mine] = [part for part in page.split("<section") if f'value="{queue.id}"' in part]
    kept = dict(NUMBER.findall(mine))
    assert (kept["weekday-morning"], kept["weekday-noon"], kept["minutes"]) == ("3", "999", "4")
    assert "<details open>" in mine
    assert all(words in mine for words in ("数量请填 0 至 100", "每人用时请填 5 至 120 分钟"))
    assert all(f'id="{place}"' in mine for place in re.findall(r'href="#(f-[^"]+)"', page))
