"""What people are told of their appointments; part of `notices.texts`. No address, no name: a phone may lie on a table."""

from yichuang.core.words import W
from yichuang.notices.texts.template import Template

VISITS: dict[str, Template] = {
    "booking_made": Template(
        W("预约成功", "Appointment made"),
        W(
            "【一窗】已预约 {when} {place}（{kind}）：{what}，预约号 {number}。开始前 2 小时可在“我的预约”取消或改期。",
            "[Yichuang] Booked: {when}, {place} ({kind}), for {what}. Number {number}. Until two hours before you can cancel or "
            "move it under “My appointments”.",
        ),
    ),
    "booking_moved": Template(
        W("预约已改期", "Appointment moved"),
        W(
            "【一窗】预约 {number} 已改到 {when} {place}（{kind}）：{what}。",
            "[Yichuang] Appointment {number} is now {when}, {place} ({kind}), for {what}.",
        ),
    ),
    "booking_cancelled": Template(
        W("预约已取消", "Appointment cancelled"),
        W(
            "【一窗】预约 {number}（{when} {place}）已取消。",
            "[Yichuang] Appointment {number} ({when}, {place}) is cancelled.",
        ),
    ),
    "booking_cancelled_by_hall": Template(
        W("大厅取消了您的预约", "The hall cancelled your appointment"),
        W(
            "【一窗】很抱歉，{place}取消了 {when} 的预约 {number}，原因请见“我的预约”。请改约其他时间，给您添麻烦了。",
            "[Yichuang] We are sorry: {place} cancelled appointment {number} of {when}; “My appointments” says why. Please choose "
            "another time.",
        ),
    ),
    "booking_tomorrow": Template(
        W("明天有预约", "Your appointment tomorrow"),
        W(
            "【一窗】提醒：{when} {place}（{kind}）{what}，预约号 {number}。来不了请取消，让给其他人。",
            "[Yichuang] Reminder: {when}, {place} ({kind}), for {what}. Number {number}. If you cannot come, please cancel it for "
            "somebody else.",
        ),
    ),
    "booking_today": Template(
        W("今天有预约", "Your appointment today"),
        W(
            "【一窗】提醒：今天 {when} {place}（{kind}）{what}，预约号 {number}。到大厅的，提前 15 分钟起可以报到。",
            "[Yichuang] Reminder: today, {when}, {place} ({kind}), for {what}. Number {number}. At the hall, check in from 15 "
            "minutes before.",
        ),
    ),
    "booking_helper": Template(
        W("上门人员已安排", "Who will come is arranged"),
        W(
            "【一窗】预约 {number}（{when}）由{helper}负责，工作人员会出示工作证，不收取费用。",
            "[Yichuang] For appointment {number} ({when}), {helper} will be there, shows a work card and asks for no money.",
        ),
    ),
    "original_taken": Template(
        W("原件收据", "Receipt for an original"),
        W(
            "【一窗】上门预约 {number}：工作人员带走您的“{name}”{pieces} 份，收据号 {receipt}，归还时会再通知您。",
            "[Yichuang] Home visit {number}: {pieces} × “{name}” went along with the clerk, receipt {receipt}. You are told when it "
            "is back.",
        ),
    ),
    "original_returned": Template(
        W("原件已归还", "An original is back"),
        W(
            "【一窗】收据 {receipt} 的“{name}”已登记归还。没有收到的，请马上联系{place}。",
            "[Yichuang] “{name}” of receipt {receipt} is put down as returned. If you do not have it, call {place} at once.",
        ),
    ),
    "booking_missed": Template(
        W("预约未到", "Appointment missed"),
        W(
            "【一窗】您没有到 {when} {place}的预约 {number}，90 天内共 {count} 次。满三次暂停预约 30 天。有特殊情况请联系大厅主任。",
            "[Yichuang] You did not come to appointment {number} ({when}, {place}): {count} in 90 days. Three pause booking for 30 "
            "days. If there was a reason, tell the hall manager.",
        ),
    ),
    "booking_paused": Template(
        W("暂停预约", "Booking paused"),
        W(
            "【一窗】您没有到 {when} {place}的预约 {number}，90 天内已有 {count} 次，{until} 前暂停预约；仍可到大厅取号办理。有特殊情况请联系大厅主任。",
            "[Yichuang] You did not come to appointment {number} ({when}, {place}), {count} times in 90 days: no new appointments "
            "until {until}. You can still take a number at the hall. If there was a reason, tell the hall manager.",
        ),
    ),
    "booking_excused": Template(
        W("未到已谅解", "Your absence is excused"),
        W(
            "【一窗】{when} {place}的预约 {number} 未到一事，大厅主任已谅解，不计次数。",
            "[Yichuang] The hall manager excused that you did not come to appointment {number} ({when}, {place}): it does not count.",
        ),
    ),
    "place_offered": Template(
        W("候补有名额了", "A place has come free"),
        W(
            "【一窗】您候补的{what}有名额了：{when} {place}。请在 {until} 前到“我的预约”确认，过时让给下一位。",
            "[Yichuang] A place for {what} has come free: {when}, {place}. Confirm it under “My appointments” by {until}; after "
            "that it goes to the next.",
        ),
    ),
}
