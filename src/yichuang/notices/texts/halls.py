"""What who holds a number is told on the way to a hall; part of `notices.texts`."""

from yichuang.core.words import W
from yichuang.notices.texts.template import Template

HALLS: dict[str, Template] = {
    "ticket_near": Template(
        W("快到您了", "Your turn is near"),
        W(
            "【一窗】{place} {number} 号：前面还有 {ahead} 人，请到大厅等候。{away}看排队情况：{url}",
            "[Yichuang] {place}, number {number}: {ahead} ahead of you. Please be in the hall. {away}See the queue: {url}",
        ),
    ),
    "hall_unqualified": Template(
        W("有人等候，没有窗口有上岗资格", "People wait, and no window is qualified"),
        W(
            "【一窗】{place}有人等候办理“{item}”，现在开着的窗口都没有这个事项的上岗资格。各窗口会照常叫号，请值班专员协助；"
            "请安排有资格的人开窗，或者办理上岗资格。",
            "[Yichuang] {place}: people wait for “{item}”, and no open window has a clerk who is qualified for it. All "
            "windows go on calling, with the help of the duty specialist. Please open a qualified window, or grant the "
            "qualification.",
        ),
    ),
    "loan_due": Template(
        W("请归还借用的物品", "Please bring back what you borrowed"),
        W(
            "【一窗】您在{place}借用的“{item}”应在 {due} 前归还。用完请送回导办台，谢谢。",
            "[Yichuang] The {item} that you borrowed at {place} was due back by {due}. Please return it to the desk by the "
            "door. Thank you.",
        ),
    ),
    "ticket_leave": Template(
        W("该出发了", "Time to leave"),
        W(
            "【一窗】{place} {number} 号：按您选的路上时间，现在出发正好。前面还有 {ahead} 人。{away}看排队情况：{url}",
            "[Yichuang] {place}, number {number}: leave now, by the time you chose for the way. {ahead} ahead of you. "
            "{away}See the queue: {url}",
        ),
    ),
}
