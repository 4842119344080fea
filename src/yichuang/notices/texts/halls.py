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
    "ticket_leave": Template(
        W("该出发了", "Time to leave"),
        W(
            "【一窗】{place} {number} 号：按您选的路上时间，现在出发正好。前面还有 {ahead} 人。{away}看排队情况：{url}",
            "[Yichuang] {place}, number {number}: leave now, by the time you chose for the way. {ahead} ahead of you. "
            "{away}See the queue: {url}",
        ),
    ),
}
