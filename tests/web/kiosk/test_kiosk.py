"""The kiosk over HTTP: a number on paper and on the screen, once; nothing left of who took it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from tests.machines import HALL, enrolled, kiosk_with

from yichuang.core.clock import fixed
from yichuang.devices.commands import add_device, revoke_device
from yichuang.devices.models import Device, SlipJob
from yichuang.network.queries import get_place
from yichuang.visits.commands.calling import call_next, pass_over
from yichuang.visits.commands.desks import open_desk
from yichuang.visits.models import Queue, Ticket
from yichuang.webkit.actor import TOKEN_COOKIE
from yichuang.webkit.languages import ELDER_COOKIE

HOME = "/kiosk/"


def page(browser, address=HOME, status=200):
    answer = browser.get(address)
    assert answer.status_code == status, answer.content.decode()[:1500]
    return answer.content.decode()


def queue(letter="A"):
    return str(Queue.objects.get(place=get_place(HALL).id, letter=letter).id)


def take(browser, key="once", letter="A"):
    return browser.post("/kiosk/take/", {"queue": queue(letter), "key": key})


def test_a_browser_becomes_a_kiosk_by_its_code(demo, tuesday):
    browser = Client()
    assert browser.get(HOME)["Location"] == "/kiosk/enrol/"
    assert browser.post("/kiosk/enrol/", {"code": "AAAAA-AAAAA"}).status_code == 422
    code = add_device(actor=demo.actor("dengjie"), place=get_place(HALL).id, kind="kiosk", name="机", at=demo.at)
    answer = browser.post("/kiosk/enrol/", {"code": code.code.lower()})
    assert answer["Location"] == HOME
    cookie = answer.cookies[TOKEN_COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    assert "我要取号" in page(browser)
    assert browser.get(HOME)["Cache-Control"] == "no-store"
    assert browser.post("/kiosk/beat/").status_code == 204
    revoke_device(actor=demo.actor("dengjie"), device=code.device, at=demo.at)
    assert browser.get(HOME)["Location"] == "/kiosk/enrol/"
    assert take(browser).status_code == 302
    assert Ticket.objects.count() == 0


def test_wrong_codes_end(demo, tuesday):
    browser = Client()
    tried = [browser.post("/kiosk/enrol/", {"code": f"WRONG{n}"}).status_code for n in range(21)]
    assert tried == [422] * 20 + [429]


def test_a_number_comes_out_once_however_often_it_is_pressed(kiosk):
    browser, machine = kiosk()
    assert "综合业务" in page(browser, "/kiosk/take/")
    for _ in range(3):
        assert take(browser)["Location"] == "/kiosk/ticket/"
    row = Ticket.objects.get()
    assert (row.number, row.source, row.person_id) == ("A001", "kiosk", None)
    [slip] = machine.slips
    assert "A001" in slip.lines
    assert slip.codes[0].rsplit("/t/")[1]
    assert (SlipJob.objects.get().state, SlipJob.objects.get().tries) == ("done", 1)
    shown = page(browser, "/kiosk/ticket/")
    assert "小票已打印" in shown
    assert "<svg" in shown
    assert Client().get("/t/" + slip.codes[0].rsplit("/t/")[1]).status_code == 200


def test_the_green_channel_is_given_by_staff_and_the_kiosk_says_so(kiosk):
    browser, _ = kiosk()
    Queue.objects.filter(place=get_place(HALL).id, letter="E").update(priority_only=True)
    shown = page(browser, "/kiosk/take/")
    assert queue("A") in shown
    assert queue("E") not in shown
    assert "可以优先，请找导办人员取号" in shown
    answer = take(browser, letter="E")
    assert answer.status_code == 422
    assert "绿色通道由工作人员取号" in answer.content.decode()
    assert not Ticket.objects.exists()


def test_without_paper_the_number_is_given_and_printed_when_there_is_paper(kiosk):
    browser, machine = kiosk(printer="simulator:paper-out")
    take(browser)
    shown = page(browser, "/kiosk/ticket/")
    assert "缺纸" in shown
    assert "A001" in shown
    Device.objects.filter(id=machine.printer_id).update(address="simulator")
    assert browser.post("/kiosk/ticket/print/").status_code == 302
    assert "小票已打印" in page(browser, "/kiosk/ticket/")
    browser.post("/kiosk/ticket/print/")
    assert len(machine.slips) == 1


def test_what_may_have_come_out_is_not_printed_again(kiosk):
    browser, machine = kiosk(printer="simulator:mute")
    take(browser)
    assert "可能没有打印完整" in page(browser, "/kiosk/ticket/")
    assert "再打印一次" not in page(browser, "/kiosk/ticket/")
    browser.post("/kiosk/ticket/print/")
    assert len(machine.slips) == 1


def test_nothing_of_a_visit_is_left_after_it(kiosk):
    browser, _ = kiosk()
    browser.post("/kiosk/look/", {"language": "en", "elder": "1", "next": HOME})
    assert "Take a number" in page(browser)
    assert 'class="kiosk elder"' in page(browser)
    take(browser)
    answer = browser.post("/kiosk/wipe/")
    assert answer["Location"] == HOME
    assert browser.cookies[ELDER_COOKIE].value == ""
    assert "我要取号" in page(browser)
    assert browser.get("/kiosk/ticket/")["Location"] == HOME


def test_a_visit_that_was_left_counts_as_wiped_whatever_the_browser_does(kiosk, tuesday):
    browser, _ = kiosk(reader="simulator:zhangxiao")
    browser.post("/kiosk/card/")
    with fixed(tuesday + timedelta(seconds=90)):
        assert "名下" in page(browser, "/kiosk/take/")
    with fixed(tuesday + timedelta(seconds=150)):
        assert browser.post("/kiosk/stay/").status_code == 204
    with fixed(tuesday + timedelta(seconds=241)):
        assert browser.get("/kiosk/take/")["Location"] == HOME
        assert "名下" not in page(browser, "/kiosk/take/")
        take(browser)
    assert Ticket.objects.get().person_id is None


def test_a_card_puts_the_number_into_its_holders_name(kiosk, demo):
    browser, _ = kiosk(reader="simulator:zhangxiao")
    assert "可以先刷身份证" in page(browser, "/kiosk/take/")
    assert browser.post("/kiosk/card/")["Location"] == "/kiosk/take/"
    shown = page(browser, "/kiosk/take/")
    assert "张*" in shown
    assert "张晓" not in shown
    take(browser)
    assert Ticket.objects.get().person_id == demo.actor("zhangxiao").id


@pytest.mark.parametrize(
    ("reader", "status", "words"),
    [("simulator", 422, "没有读到证件"), ("simulator:offline", 503, "读卡器暂时不能用")],
)
def test_without_a_card_a_number_is_given_all_the_same(kiosk, reader, status, words):
    browser, _ = kiosk(reader=reader)
    answer = browser.post("/kiosk/card/")
    assert answer.status_code == status
    assert words in answer.content.decode()
    take(browser)
    assert Ticket.objects.count() == 1


def test_a_number_is_looked_at_by_its_letters_and_by_the_code_on_the_slip(kiosk):
    browser, machine = kiosk()
    take(browser)
    browser.post("/kiosk/wipe/")
    answer = browser.post("/kiosk/find/", {"number": " a001 "})
    assert "下一个就是您" in answer.content.decode()
    assert "重新排队" not in answer.content.decode()
    assert browser.get("/kiosk/ticket/")["Location"] == HOME  # whoever knows a number is not its holder
    assert browser.post("/kiosk/find/", {"number": "Z999"}).status_code == 422
    assert browser.post("/kiosk/find/", {"number": "https://x/t/nothing"}).status_code == 422
    assert browser.post("/kiosk/find/", {"number": machine.slips[0].codes[0]})["Location"] == "/kiosk/ticket/"
    assert "A001" in page(browser, "/kiosk/ticket/")


def test_who_missed_the_call_queues_again_at_the_kiosk_once(kiosk, demo, tuesday):
    browser, _ = kiosk()
    take(browser)
    lina = demo.actor("lina")
    open_desk(actor=lina, place=lina.place, window="1", at=tuesday)
    for left in (True, False):
        call_next(actor=lina, at=tuesday)
        assert "请到 1 号窗口" in page(browser, "/kiosk/ticket/")
        pass_over(actor=lina, at=tuesday)
        assert ("/kiosk/ticket/return/" in page(browser, "/kiosk/ticket/")) is left
        answer = browser.post("/kiosk/ticket/return/")
        assert answer.status_code == (302 if left else 409)
    assert Ticket.objects.get().state == "PASSED"
    assert "请重新取号" in page(browser, "/kiosk/ticket/")


def test_a_closed_hall_gives_no_number_and_says_when_it_opens(kiosk, tuesday):
    browser, machine = kiosk()
    with fixed(tuesday + timedelta(hours=12)):
        answer = take(browser)
    assert answer.status_code == 422
    assert re.search(r"\d+月\d+日 \d\d:\d\d", answer.content.decode())
    assert machine.slips == []


def test_a_board_is_led_to_its_wall_and_gives_no_number(demo, tuesday):
    browser = Client()
    browser.cookies[TOKEN_COOKIE] = enrolled(demo, "board", "大屏").bearer
    assert browser.get(HOME)["Location"] == f"/wall/{HALL}/"
    assert take(browser)["Location"] == f"/wall/{HALL}/"
    assert Ticket.objects.count() == 0


def test_a_kiosk_is_nobody_at_other_doors_and_who_is_signed_in_is_nobody_at_a_kiosk(demo, tuesday):
    browser = Client()
    browser.cookies[TOKEN_COOKIE] = kiosk_with(demo, name="机").bearer
    assert browser.get("/my/cases").status_code == 302
    assert browser.get("/console/devices/").status_code == 302
    other = Client()
    other.post("/sign-in", {"username": "dengjie", "password": "wrong"})
    assert other.get("/kiosk/take/")["Location"] == "/kiosk/enrol/"


def test_htmx_gets_whole_pages_at_the_kiosk(kiosk):
    browser, _ = kiosk()
    moved = browser.get("/kiosk/take/", headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert "<html" in moved.content.decode()


def test_what_was_begun_on_a_phone_gets_a_number_for_a_window_and_shows_nothing_that_was_typed(kiosk, demo):
    from tests.cases.test_relay import Begun

    browser, _ = kiosk()
    begun = Begun(demo)
    wrong = browser.post("/kiosk/relay/", {"code": begun.code(), "tail": "0000"})
    assert (wrong.status_code, "还可以试 4 次" in wrong.content.decode()) == (422, True)
    shown = browser.post("/kiosk/relay/", {"code": begun.code(), "tail": begun.tail}).content.decode()
    assert "养犬登记" in shown
    assert "豆豆" not in shown
    assert "张晓" not in shown
    for _ in "twice":
        assert browser.post("/kiosk/relay/take/", {"key": "once"})["Location"] == "/kiosk/ticket/"
    assert Ticket.objects.get().person_id == begun.zhang.id
    browser.post("/kiosk/wipe/")
    assert browser.post("/kiosk/relay/take/", {"key": "more"})["Location"] == "/kiosk/relay/"


def test_who_was_served_rates_with_one_press_at_the_kiosk_and_once(kiosk, demo):
    from yichuang.core import clock
    from yichuang.feedback.models import Rating
    from yichuang.visits.commands.serving import finish, start

    browser, _ = kiosk()
    take(browser)
    assert "请您评价" not in page(browser, "/kiosk/ticket/")
    li, at = demo.actor("lina"), clock.now()
    open_desk(actor=li, place=get_place(HALL).id, window="1", at=at)
    call_next(actor=li, at=at)
    start(actor=li, at=at)
    finish(actor=li, outcome="consulted", at=at + timedelta(seconds=5))
    typed = browser.post("/kiosk/find/", {"number": "A001"}).content.decode()
    assert "扫小票上的码" in typed, "a number that anybody can read off a board rates nothing, and says what does"
    shown = page(browser, "/kiosk/ticket/")
    key = re.search(r'name="key" value="([0-9a-f]{32})"', shown[shown.index("请您评价") :])[1]
    for _ in "twice":
        browser.post("/kiosk/ticket/rate/", {"level": "5", "key": key})
    assert Rating.objects.get().level == 5
    shown = page(browser, "/kiosk/ticket/")
    assert "这次服务已评价" in shown
    assert browser.post("/kiosk/ticket/rate/", {"level": "1", "key": "other"}).status_code == 409
    assert Rating.objects.get().level == 5
