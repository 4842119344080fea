"""The queue at the window, on the wall and on the phone: one ticket through all of them."""

import re

import pytest
from django.test import Client

from yichuang.network.models import Place
from yichuang.visits.models import Queue, Ticket


@pytest.fixture
def lina(as_user):
    return as_user("李娜")


def page_of(client, address="/counter/queue/"):
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:1500]
    return answer.content.decode()


def press(client, step, **given):
    """A key of the page as it stands: with whom it shows."""
    shown = dict(re.findall(r'name="(ticket|calls)" value="([^"]+)"', page_of(client)))
    return sent(client, step, **shown, **given)


def sent(client, step, **given):
    answer = client.post(f"/counter/queue/{step}/", given, follow=True)
    return answer.status_code, answer.content.decode()


def hall(demo):
    return Place.objects.get(id=demo.actor("lina").place)


def queue(demo, letter="A"):
    return str(Queue.objects.get(place=hall(demo), letter=letter).id)


def test_a_number_is_taken_called_served_and_seen_on_the_wall(lina, demo):
    assert "开窗" in page_of(lina)
    status, page = press(lina, "take", queue=queue(demo), key="once", companions="1")
    assert status == 200
    assert "号票 A001 已取" in page
    press(lina, "take", queue=queue(demo), key="once", companions="1")  # pressed twice
    assert Ticket.objects.count() == 1
    window = re.search(r'<option value="(\d+)"', page.split('name="window"')[1])[1]
    status, page = press(lina, "open", window=window)
    assert "现在没有人等候" not in page
    assert 'data-key="Space"' in page  # as webkit's app.js names the key
    status, page = press(lina, "next")
    assert f"请 A001 到 {window} 号窗口" in page
    wall = page_of(Client(), f"/wall/{hall(demo).code}/")
    assert 'data-number="A001"' in wall
    assert "请前往" in wall
    assert "A001" in page_of(Client(), f"/wall/{hall(demo).code}/{window}/")
    status, page = press(lina, "start")
    assert "办理结束" in page
    status, page = press(lina, "next")
    assert status == 409
    assert "A001 还没有办理结束" in page
    status, page = press(lina, "finish", outcome="consulted")
    assert "办理结束" in page
    assert Ticket.objects.get().outcome == "consulted"
    assert "A001" not in page_of(Client(), f"/wall/{hall(demo).code}/rows")
    assert "现在没有人等候" in press(lina, "next")[1]


def test_a_key_of_an_old_tab_ends_nobody_elses_service(lina, demo):
    for n in range(2):
        press(lina, "take", queue=queue(demo), key=f"k{n}")
    press(lina, "open", window="1")
    press(lina, "next")
    press(lina, "start")
    tab = dict(re.findall(r'name="(ticket|calls)" value="([^"]+)"', page_of(lina)))
    press(lina, "finish", outcome="consulted")
    press(lina, "next")
    press(lina, "start")
    status, page = sent(lina, "finish", outcome="filed", **tab)
    assert status == 409
    assert "窗口现在是 A002，不是 A001：没有改动" in page
    assert sent(lina, "finish", outcome="filed")[0] == 409  # a page that does not say whom it shows
    assert Ticket.objects.get(number="A002").state == "SERVING"


def test_every_fault_of_a_number_at_the_door_leads_to_its_field(lina, demo):
    Queue.objects.filter(place=hall(demo), letter="E").update(priority_only=True)
    status, page = press(lina, "take", queue=queue(demo, "E"), key="green", companions="99")
    assert status == 422
    for field in ("reason", "companions"):
        assert f'href="#f-{field}"' in page
        assert f'id="f-{field}"' in page
        assert f'id="f-{field}-error"' in page
    assert "绿色通道的号请登记优先的类别" in page
    assert press(lina, "take", queue=queue(demo, "E"), key="green", reason="pregnant")[0] == 200
    assert Ticket.objects.get().of == "priority"


def test_the_phone_shows_where_the_number_stands_and_why_others_came_first(lina, demo, as_user):
    zhang = as_user("张晓")
    place = page_of(zhang, f"/places/{hall(demo).code}")
    assert "现在的等候情况" in place
    press(lina, "take", queue=queue(demo), key="before", reason="seventy")
    answer = zhang.post(f"/places/{hall(demo).code}/ticket", {"queue": queue(demo), "key": "mine"}, follow=True)
    mine = answer.content.decode()
    address = answer.redirect_chain[-1][0]
    assert "A002" in mine
    assert "您取号以后还没有叫过别的号" in mine
    press(lina, "open", window="1")
    press(lina, "next")
    mine = page_of(Client(), address)  # by its address alone
    assert "A001" in mine
    assert "优先号（每叫三个号最多一个；" in mine
    assert "七十岁" not in mine
    assert "我回来了" in Client().post(address, {"step": "away"}, follow=True).content.decode()
    assert Client().get(f"{address}x").status_code == 404
    assert "您今天在这里已经有号" in zhang.post(
        f"/places/{hall(demo).code}/ticket", {"queue": queue(demo), "key": "again"}, follow=True
    ).content.decode()  # fmt: skip


def test_who_is_sent_on_missed_or_set_aside_is_on_the_page(lina, demo):
    for n in range(3):
        press(lina, "take", queue=queue(demo), key=f"k{n}")
    press(lina, "open", window="1")
    press(lina, "next")
    assert "重新排队" in press(lina, "pass")[1]
    missed = Ticket.objects.get(number="A001")
    answer = lina.post(f"/counter/tickets/{missed.id}/return/", follow=True)
    assert "已重新排队" in answer.content.decode()
    press(lina, "next")
    press(lina, "start")
    assert "挂起的号" in press(lina, "park")[1]
    set_aside = Ticket.objects.get(number="A002")
    page = lina.post(f"/counter/tickets/{set_aside.id}/take-up/", follow=True).content.decode()
    assert "办理中" in page
    there = queue(demo, "B")
    page = lina.post(f"/counter/tickets/{set_aside.id}/transfer/", {"queue": there}, follow=True).content.decode()
    assert "已转到其他队列" in page
    assert str(Ticket.objects.get(number="A002").queue_id) == there
    third = Ticket.objects.get(number="A003")
    assert "请 A003 到" in lina.post(f"/counter/tickets/{third.id}/call/", follow=True).content.decode()


def test_english_pages_are_english_and_other_halls_are_closed(as_user, demo):
    english = as_user("李娜", language="en")
    page = page_of(english)
    assert "Call" in page or "Open the window" in page
    zhao = as_user("赵敏")
    press(zhao, "take", queue=queue(demo), key="x")
    assert not Ticket.objects.exists()
    assert Client().get("/wall/NOWHERE/").status_code == 404


def test_a_place_without_queues_says_so(as_user, demo, lina):
    Queue.objects.update(active=False)
    assert "还没有设置排队队列" in page_of(lina)
    assert Client().get(f"/wall/{hall(demo).code}/").status_code == 404


def test_a_number_of_another_windows_clerk_says_so_and_has_no_button(as_user, demo):
    from yichuang.core import clock
    from yichuang.visits.commands.tickets import take_ticket
    from yichuang.visits.models import Queue, Ticket
    from yichuang.visits.values import Source

    li, zhou, place = as_user("李娜"), as_user("周洁"), demo.actor("lina").place
    queue = Queue.objects.get(place=place, letter="A")
    given = {"place": place, "source": Source.GUIDE, "queue": queue.id, "items": ["shipin-jingying-xuke"]}
    mine = take_ticket(actor=demo.actor("lina"), key="food", **given, at=clock.now())
    assert "没有上岗资格" in as_user("马丽").get("/counter/hall/").content.decode()
    zhou.post("/counter/queue/open/", {"window": "2"})
    press = f"/counter/tickets/{mine.ticket}/call/"
    page = zhou.get("/counter/queue/").content.decode()
    assert "没有有资格的人在岗" in page
    li.post("/counter/queue/open/", {"window": "1"})
    page = zhou.get("/counter/queue/").content.decode()
    assert "由有资格的窗口叫号" in page
    assert press not in page
    assert "现在没有人等候" in zhou.post("/counter/queue/next/", follow=True).content.decode()
    li.post("/counter/queue/close/")
    page = zhou.post("/counter/queue/next/", follow=True).content.decode()
    assert "的上岗资格，现在也没有有资格的人在岗" in page
    assert Ticket.objects.get(id=mine.ticket).state == "CALLED"
