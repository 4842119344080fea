"""延时办理 on the manager's page; everybody else reads it on the hall's page, the board, the kiosk and their number."""

import re

import pytest

from yichuang.core.clock import fixed
from yichuang.network.models import ExtendedHours, Place
from yichuang.visits.models import Queue, Ticket

PAGE = "/counter/hall/hours/"


@pytest.fixture
def mali(as_user):
    return as_user("马丽")


def press(client, step, **given):
    answer = client.post(f"{PAGE}{step}/", given, follow=True)
    return answer.status_code, answer.content.decode()


def queue(demo, letter):
    return str(Queue.objects.get(place=demo.actor("lina").place, letter=letter).id)


def evening(demo, *letters, **more):
    today = demo.at.date().isoformat()
    given = {"first": today, "last": today, "opens": "18:00", "closes": "20:00", "reason_zh": "夜间办理"}
    return {**given, "reason_en": "Evening", "queues": [queue(demo, one) for one in letters], **more}


def test_the_manager_opens_longer_and_serves_to_the_last_one(mali, client):
    assert "今天 18:00 关门" in mali.get(PAGE).content.decode()
    for _ in "twice":
        status, page = press(mali, "longer", until="19:00")
        assert (status, "今天 19:00 关门" in page) == (200, True)
    assert ExtendedHours.objects.count() == 1
    status, page = press(mali, "last")
    assert "今天服务到最后一位" in page
    assert "今天服务到最后一位" in client.get("/places/LH").content.decode()
    assert "今天服务到最后一位" in client.get("/wall/LH/").content.decode()
    assert "今天服务到最后一位" not in press(mali, "usual")[1]


def test_everybody_reads_what_extended_hours_serve(mali, as_user, client, demo):
    assert press(mali, "add", **evening(demo, "B", windows=["2"]))[0] == 200
    with fixed(demo.at.replace(hour=11)):  # 19:00 in the hall
        zhang = as_user("张晓")
        page = client.get("/places/LH").content.decode()
        assert "只办：B" in page
        assert "延时办理时段不办" in page
        assert "延时不办" in client.get("/wall/LH/").content.decode()
        answer = zhang.post("/places/LH/ticket", {"queue": queue(demo, "A"), "key": "a"}, follow=True)
        assert "现在是延时办理，只办：B" in answer.content.decode()
        answer = zhang.post("/places/LH/ticket", {"queue": queue(demo, "B"), "key": "b"}, follow=True)
        assert "现在是延时办理，到 20:00" in answer.content.decode()
    assert Ticket.objects.get().number == "B001"


def test_all_that_is_wrong_is_said_at_once_and_what_was_typed_stays(mali, demo):
    status, page = press(
        mali, "add", **evening(demo, "A", first="2026-11-20", opens="20:00", closes="18:00", reason_en="")
    )
    assert status == 422
    for words in ("开始时间须早于结束时间", "不能更改过去的日子", "请写明原因"):
        assert words in page
    assert 'value="20:00"' in page
    assert re.search(rf'value="{queue(demo, "A")}" checked', page)
    assert press(mali, "add", first="", opens="noon", closes="")[0] == 422
    assert press(mali, "longer", until="")[0] == 422
    assert mali.post(f"{PAGE}nothing/").status_code == 404


def test_arranged_hours_stand_on_the_page_in_english_and_are_taken_back(as_user, client, demo):
    mali = as_user("马丽", language="en")
    assert "Arranged" in press(mali, "add", **evening(demo))[1]
    page = client.get("/places/LH", headers={"accept-language": "en"}).content.decode()
    assert "Evening" in page
    assert "18:00–20:00" in page
    row = ExtendedHours.objects.get(place=Place.objects.get(code="LH"))
    assert "taken back" in press(mali, "end", hours=row.id)[1]
    assert "No extended hours arranged" in mali.get(PAGE).content.decode()
