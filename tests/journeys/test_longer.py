"""延时办理: in the afternoon the manager stays open longer, then serves to the last one; a phone, a board and a clerk see it."""

from datetime import timedelta

from tests.demo import TUESDAY
from tests.journeys.people import Hall

WEEK = timedelta(days=14)


def test_the_manager_stays_open_longer_and_serves_to_the_last_one(hall: Hall) -> None:
    evening = TUESDAY + WEEK + timedelta(hours=8, minutes=20)  # 18:20 in the hall, closed since 18:00
    hall.set_clock(evening)
    phone = hall.person("zhangxiao", to="/places/LH", phone=True)
    phone.sees("未开放")
    manager = hall.person("mali", to="/counter/hall/")
    manager.sees("大厅现在没有开门")
    manager.follow("延时办理")
    manager.sees("今天 18:00 关门", "还没有安排延时")
    manager.page.select_option("#f-until", "19:00")
    manager.press("延长开放", exact=True)
    manager.sees("今天 19:00 关门", "现在是延时办理，到 19:00。")
    manager.shot("longer-01-open")

    phone.go("/places/LH")
    phone.sees("延时办理", "现在是延时办理，到 19:00。")
    phone.press("手机取号", exact=True)
    phone.sees("前面还有", "现在是延时办理，到 19:00。")
    number = phone.page.locator(".ticket-mine").inner_text()
    phone.shot("longer-02-number")

    manager.press("服务到最后一位", exact=True)
    manager.sees("今天服务到最后一位：关门前取号的，都会办完。")
    hall.set_clock(evening + timedelta(minutes=45))  # 19:05
    board = hall.visitor()
    board.go("/wall/LH/")
    board.sees("今天已停止取号，已经取号的都会办完。")
    clerk = hall.person("lina", to="/counter/queue/")
    clerk.press("开窗", exact=True)
    clerk.press("叫下一个")
    clerk.sees(number)
    clerk.press("开始服务")
    clerk.press("办理结束")
    clerk.sees("窗口空着")
