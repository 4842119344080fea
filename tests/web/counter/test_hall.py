"""The desk of the hall's manager: what the page shows, and what its buttons do at once."""

import pytest

from yichuang.network.models import Place
from yichuang.visits.models import Desk, Queue, Ticket


@pytest.fixture
def mali(as_user):
    return as_user("马丽")


def place_of(demo):
    return Place.objects.get(id=demo.actor("lina").place)


def queue(demo, letter):
    return str(Queue.objects.get(place=place_of(demo), letter=letter).id)


def page_of(client):
    answer = client.get("/counter/hall/")
    assert answer.status_code == 200, answer.content.decode()[:1500]
    return answer.content.decode()


def press(client, address, **given):
    answer = client.post(f"/counter/hall/{address}/", given, follow=True)
    return answer.status_code, answer.content.decode()


def counter(client, step, **given):
    assert client.post(f"/counter/queue/{step}/", given, follow=True).status_code == 200


def test_the_manager_sees_the_window_hands_it_over_and_closes_it(mali, as_user, demo):
    li, zhou = as_user("李娜"), demo.actor("zhoujie")
    assert "现在没有窗口开着" in page_of(mali)
    counter(li, "take", queue=queue(demo, "A"), key="once")
    assert "有人等，没有窗口" in page_of(mali)
    counter(li, "open", window="1")
    counter(li, "next")
    page = page_of(mali)
    assert "李娜" in page
    assert "A001" in page
    assert "已叫号" in page
    status, page = press(mali, "windows/hand-over", window="1", staff=zhou.id)
    assert (status, "已换人" in page) == (200, True)
    assert Desk.objects.get(closed_at=None).staff_id == zhou.id
    assert Ticket.objects.get().state == "CALLED"
    assert "窗口已暂停" in press(mali, "windows/pause", window="1")[1]
    assert "窗口已恢复叫号" in press(mali, "windows/resume", window="1")[1]
    assert "已关窗" in press(mali, "windows/close", window="1")[1]
    assert Ticket.objects.get().state == "WAITING"
    assert "已开窗" in press(mali, "windows/open", window="1", staff=demo.actor("lina").id)[1]


def test_queues_and_items_move_and_a_refusal_says_why_at_the_window(mali, as_user, demo):
    li, a, b = as_user("李娜"), queue(demo, "A"), queue(demo, "B")
    counter(li, "take", queue=a, key="once")
    counter(li, "open", window="1")
    status, page = press(mali, "windows/queues", window="1", queues=[b])
    assert (status, "队列 A 有 1 人等候" in page) == (409, True)
    assert f'value="{b}" checked' in page  # what was chosen is still there
    status, page = press(mali, "windows/queues", window="1", queues=[a, b])
    assert (status, "下一次叫号起生效" in page) == (200, True)
    assert {str(one) for one in Desk.objects.get().queues} == {a, b}
    status, page = press(mali, "items", item="yangquan-dengji", queue=b)
    assert (status, "下一个号起生效" in page) == (200, True)
    assert Queue.objects.get(id=b).items == ["yangquan-dengji"]


def test_what_is_none_is_not_found_and_clerks_have_no_such_page(mali, as_user, demo):
    assert press(mali, "windows/dance", window="1")[0] == 404
    assert press(mali, "windows/pause", window="999")[0] == 404
    assert press(mali, "windows/open", window="1", staff="nobody")[0] == 404
    assert press(mali, "items", item="yangquan-dengji", queue="none")[0] == 404
    li = as_user("李娜")
    assert li.get("/counter/hall/").status_code == 404
    assert "大厅调度" not in li.get("/counter/queue/").content.decode()


def test_a_place_without_queues_says_so(mali, demo):
    Queue.objects.update(active=False)
    assert "还没有设置排队队列" in page_of(mali)
