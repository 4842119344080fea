"""The guide at the door (导办): a number by what somebody says they came for, shown large, with the way to follow it on a phone."""

import pytest
from django.test import Client
from tests.visits.booked import BookedHall

from yichuang.cases.commands.help import ask_help, take_help
from yichuang.core.clock import fixed
from yichuang.visits.models import Booking, Queue, Ticket
from yichuang.web.counter import door

DOG, LEASE = "yangquan-dengji", "fangwu-zulin-beian"


@pytest.fixture
def lina(as_user):
    return as_user("李娜")


def page_of(client, address="/counter/door/"):
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:1500]
    return answer.content.decode()


def give(client, **given):
    answer = client.post("/counter/door/give/", {"key": "once", **given})
    return answer.status_code, answer.content.decode()


def test_somebody_is_found_what_they_came_for_and_given_one_number_for_both(lina, demo):
    found = page_of(lina, "/counter/door/?q=办狗证")
    assert f"?item={DOG}" in found
    both = page_of(lina, f"/counter/door/?q=房东&item={DOG}")
    assert f'name="item" value="{DOG}"' in both
    status, page = give(lina, item=[DOG, LEASE], companions="2")
    assert status == 200
    ticket = Ticket.objects.get()
    assert ticket.number in page
    assert (ticket.items, ticket.companions, ticket.source) == ([DOG, LEASE], 2, "guide")
    assert "data:image/svg+xml" in page  # the way to follow it on a phone
    again = give(lina, item=[DOG, LEASE], companions="2")
    assert again[0] == 200
    assert ticket.number in again[1]
    assert Ticket.objects.count() == 1, "pressed twice it is one number"


def test_the_category_of_a_priority_is_on_record_and_never_on_the_page(lina):
    status, page = give(lina, item=DOG, reason="pregnant")
    assert status == 200
    assert "优先" in page
    assert "孕" not in page
    assert Ticket.objects.get().of == "priority"


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_lost(lina):
    status, page = give(lina, item="no-such-item", companions="99", reason="friend")
    assert status == 422
    assert 'value="99"' in page
    assert page.count("field-error") >= 2
    assert Ticket.objects.count() == 0


def test_who_comes_to_an_appointment_is_checked_in_with_one_press(demo, as_user):
    hall = BookedHall.open_to(demo)
    slot = hall.slot(0, 14)
    booked = hall.book("maimaiti", slot)
    with fixed(slot.starts_at):
        lina = as_user("李娜")
        assert booked.number in page_of(lina)
        for _ in range(2):  # pressed twice
            answer = lina.post(f"/counter/door/arrive/{booked.id}/", {"key": "x"})
            assert answer.status_code == 200
            assert Ticket.objects.get().number in answer.content.decode()
        assert Booking.objects.get(id=booked.id).ticket_id == Ticket.objects.get().id
        assert booked.number not in page_of(lina)


def test_the_waits_of_all_queues_and_open_requests_for_help_stand_beside(lina, demo):
    asked = {"text": "第一次来", "item_code": DOG, "consents": [], "at": demo.at}
    help = ask_help(actor=demo.actor("lina"), asker=demo.actor("zhangxiao").id, kind="lead", **asked)
    page = page_of(lina)
    for queue in Queue.objects.filter(place=demo.actor("lina").place, active=True):
        assert queue.name_zh in page
    assert f"/counter/help/{help}/take/" in page
    lina.post(f"/counter/help/{help}/take/")
    assert f"/counter/help/{help}/take/" not in page_of(lina)


def test_what_is_cut_off_is_counted_and_those_who_still_come_stand_first(demo, as_user, monkeypatch):
    monkeypatch.setattr(door, "COMING", 1)
    hall = BookedHall.open_to(demo)
    early, late = hall.slot(0, 10.5), hall.slot(0, 15)
    missed, booked = hall.book("maimaiti", early), hall.book("jiye", late)
    with fixed(late.starts_at):
        page = page_of(as_user("李娜"))
    assert booked.number in page, "who should have been here hours ago hides nobody"
    assert missed.number not in page
    assert "还有 1 人没有列出" in page
    assert "/counter/bookings/" in page


def test_requests_that_colleagues_have_hide_none_that_wait(lina, demo, monkeypatch):
    monkeypatch.setattr(door, "ASKING", 1)
    given = {"text": "第一次来", "item_code": DOG, "consents": [], "at": demo.at}
    taken, waits = (
        ask_help(actor=demo.actor("lina"), asker=demo.actor(who).id, kind="lead", **given)
        for who in ("zhangxiao", "jiye")
    )
    take_help(actor=demo.actor("mali"), request=taken, at=demo.at)
    page = page_of(lina)
    assert f"/counter/help/{waits}/take/" in page
    assert f"/counter/help/{taken}/" not in page


def test_who_hands_out_results_reads_nothing_of_requests_that_are_not_theirs(as_user):
    assert "帮办求助" not in page_of(as_user("周洁"))


def test_after_a_refusal_the_page_is_refreshed_where_it_can_be_read(lina):
    answer = lina.post(
        "/counter/door/give/", {"companions": "99", "key": "x"}, headers={"referer": "http://testserver/counter/door/"}
    )
    assert answer.status_code == 422
    assert 'data-here="/counter/door/"' in answer.content.decode()


def test_the_door_is_of_ones_own_hall_and_of_nobody_else(as_user, demo):
    assert Client().get("/counter/door/").status_code in {302, 401}
    assert as_user("张晓").get("/counter/door/").status_code in {403, 404}
    there = page_of(as_user("赵敏"))
    lina = demo.actor("lina").place
    for queue in Queue.objects.filter(place=lina):
        assert str(queue.id) not in there
    status, _ = give(as_user("赵敏"), queue=str(Queue.objects.filter(place=lina).order_by("id")[0].id))
    assert status in {404, 422}
    assert Ticket.objects.count() == 0
