"""The pages, in Chinese and English: plain HTML that works on any phone, without a script."""

from __future__ import annotations

from html import escape
from typing import Any

STYLE = """
:root { color-scheme: light; } * { box-sizing: border-box; }
body { font: 17px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; margin: 0; background: #f5f7fa; color: #1b2733; }
header, main { max-width: 42rem; margin: 0 auto; padding: 1rem; } header a { color: inherit; font-weight: 700; text-decoration: none; }
header { display: flex; gap: 1rem; align-items: center; justify-content: space-between; flex-wrap: wrap; }
section { background: #fff; border: 1px solid #d5dce4; border-radius: 8px; padding: 1rem; margin-bottom: 1rem; overflow-wrap: anywhere; }
label, legend { display: block; font-weight: 600; margin-top: .75rem; padding: 0; } fieldset { border: 0; padding: 0; margin: 0; }
input:not([type=radio]), select, textarea { width: 100%; min-height: 2.75rem; font: inherit; padding: .4rem .6rem; border: 1px solid #7a8794; border-radius: 6px; background: #fff; }
fieldset label { font-weight: 400; margin: .25rem 0; } .fault { color: #a8071a; display: block; } .wrong { border-left: 4px solid #a8071a; padding-left: .75rem; }
button { font: inherit; min-height: 2.75rem; padding: .4rem 1.2rem; border: 0; border-radius: 6px; background: #0b5cad; color: #fff; margin-top: 1rem; cursor: pointer; } button.no { background: #a8071a; }
dl { display: grid; grid-template-columns: 7rem 1fr; gap: .25rem 1rem; margin: 0; } dt { color: #4a5866; } dd { margin: 0; }
h1 { font-size: 1.5rem; margin: .2rem 0 .6rem; } h2 { font-size: 1.15rem; margin: 0 0 .5rem; } .note { background: #fff7e6; border-color: #d48806; } .good { background: #f0faf0; border-color: #2f7d32; }
table { width: 100%; border-collapse: collapse; } th, td { text-align: left; padding: .4rem; border-bottom: 1px solid #d5dce4; } .taken { color: #4a5866; background: #eef1f4; }
a { color: #0b5cad; } :focus-visible { outline: 3px solid #d48806; outline-offset: 2px; }
"""
SLOTS = {"am": ("上午 9:00–12:00", "Morning 9:00–12:00"), "pm": ("下午 14:00–17:30", "Afternoon 14:00–17:30"), "night": ("晚上 19:00–21:00", "Evening 19:00–21:00")}  # fmt: skip
STATES = {
    "waiting": ("等待社区审核", "Waiting for the community worker"), "accepted": ("预约成功", "Booked"), "refused": ("未能预约", "Not booked"),
    "cancelled": ("已取消", "Cancelled"), "expired": ("两天内没有审核，已失效，请重新预约", "Not looked at in two days: please book again"),
}  # fmt: skip


class Page:
    """Writes pages in one language."""

    def __init__(self, english: bool) -> None:
        self.english = english

    def t(self, zh: str, en: str) -> str:
        return en if self.english else zh

    def whole(self, title: str, body: str) -> str:
        other = ("zh", "中文") if self.english else ("en", "English")
        return (
            f'<!doctype html><html lang="{"en" if self.english else "zh-Hans-CN"}"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
            f'<style>{STYLE}</style></head><body><header><a href="/">{self.t("社区活动场地预约", "Community venues")}</a>'
            f'<a href="/?lang={other[0]}" hreflang="{other[0]}">{other[1]}</a></header><main>{body}</main></body></html>'
        )

    def faults(self, found: list[dict[str, Any]]) -> str:
        if not found:
            return ""
        lines = "".join(
            f'<li><a href="#{escape((one["field"] or "").strip("/"))}">{self.said(one)}</a></li>' for one in found
        )
        return f'<section class="note" role="alert"><h2>{self.t("请核对以下内容", "Please check the following")}</h2><ul>{lines}</ul></section>'

    def said(self, reason: dict[str, Any]) -> str:
        return escape(reason["message_en"] if self.english else reason["message"])

    def ask(
        self, venues: list[dict[str, Any]], typed: dict[str, str], found: list[dict[str, Any]], key: str, first: str
    ) -> str:
        """The form. `first`: the earliest day that may be booked."""
        by_field: dict[str, list[dict[str, Any]]] = {}
        for one in found:
            by_field.setdefault((one["field"] or "").strip("/"), []).append(one)

        def field(name: str, label: str, inner: str) -> str:
            said = "".join(
                f'<span class="fault" id="{name}-e">{self.said(one)}</span>' for one in by_field.get(name, ())
            )
            return f'<div{" class=wrong" if said else ""}><label for="{name}">{label}</label>{said}{inner}</div>'

        def text(name: str, label: str, kind: str = "text", more: str = "") -> str:
            value = escape(typed.get(name, ""))
            wrong = f' aria-invalid="true" aria-describedby="{name}-e"' if name in by_field else ""
            return field(
                name, label, f'<input id="{name}" name="{name}" type="{kind}" value="{value}" required{wrong} {more}>'
            )

        def choose(name: str, label: str, options: list[tuple[str, str]]) -> str:
            lines = "".join(
                f'<option value="{escape(value)}"{" selected" if typed.get(name) == value else ""}>{escape(said)}</option>'
                for value, said in options
            )
            return field(name, label, f'<select id="{name}" name="{name}" required><option value="">{self.t("请选择", "Please choose")}</option>{lines}</select>')  # fmt: skip

        rooms = [
            (one["code"], self.t(f"{one['name']}（{one['room']} 人）", f"{one['name_en']} (holds {one['room']})"))
            for one in venues
        ]
        slots = [(code, self.t(*words)) for code, words in SLOTS.items()]
        quiet = [("no", self.t("有音乐、排练或其他声音", "Music, rehearsal or other noise")), ("yes", self.t("安静，如读书、下棋", "Quiet: reading, chess"))]  # fmt: skip
        body = (
            f"<h1>{self.t('预约活动场地', 'Book a venue')}</h1>{self.faults(found)}"
            f"<section><p>{self.t('10 人以内的安静活动马上就有结果，其他的由社区工作者在两天内审核。', 'Quiet activities of up to 10 people are answered at once; a community worker looks at others within two days.')}</p>"
            f'<p><a href="/free">{self.t("先看看哪些时段空着", "See which times are free")}</a></p>'
            f'<form method="post" action="/book" novalidate><input type="hidden" name="key" value="{escape(key)}">'
            + choose("venue", self.t("场地", "Venue"), rooms)
            + text("day", self.t("日期", "Day"), "date", f'min="{first}"')
            + choose("slot", self.t("时段", "Time"), slots)
            + text("people", self.t("人数", "How many people"), "number", 'min="1" inputmode="numeric"')
            + choose("quiet", self.t("活动的声音", "Noise"), quiet)
            + text("purpose", self.t("做什么用", "What for"), more='maxlength="200"')
            + text("name", self.t("姓名", "Name"), more='autocomplete="name"')
            + text("mobile", self.t("手机号码", "Mobile number"), "tel", 'autocomplete="tel"')
            + f"<button>{self.t('提交预约', 'Send')}</button></form></section>"
        )
        return self.whole(self.t("预约活动场地", "Book a venue"), body)

    def free(
        self, venues: list[dict[str, Any]], venue: dict[str, Any], days: list[str], held: dict[str, set[str]], next: str
    ) -> str:
        """A week of one venue: which times are free."""
        rooms = "".join(
            f'<option value="{escape(one["code"])}"{" selected" if one is venue else ""}>{escape(self.t(one["name"], one["name_en"]))}</option>'
            for one in venues
        )
        marks = {True: self.t("已约", "taken"), False: self.t("空", "free")}
        lines = "".join(
            f'<tr><th scope="row">{day}</th>'
            + "".join(
                f"<td{' class=taken' if slot in held.get(day, ()) else ''}>{marks[slot in held.get(day, ())]}</td>"
                for slot in SLOTS
            )
            + "</tr>"
            for day in days
        )
        heads = "".join(f'<th scope="col">{self.t(*words)}</th>' for words in SLOTS.values())
        title = self.t("空闲时段", "Free times")
        later = f'<p><a href="/free?venue={escape(venue["code"])}&amp;from={next}">{self.t("看下一周", "The next week")}</a></p>'
        body = (
            f'<h1>{title}</h1><section><form method="get" action="/free"><label for="venue">{self.t("场地", "Venue")}</label>'
            f'<select id="venue" name="venue">{rooms}</select><button>{self.t("查看", "Show")}</button></form></section>'
            f'<section><table><thead><tr><th scope="col">{self.t("日期", "Day")}</th>{heads}</tr></thead><tbody>{lines}</tbody></table>{later}</section>'
        )
        return self.whole(title, body)

    def facts(self, data: dict[str, Any], venues: list[dict[str, Any]], *, person: bool = False) -> str:
        venue = next(
            (self.t(one["name"], one["name_en"]) for one in venues if one["code"] == data["venue"]), data["venue"]
        )
        lines = [
            (self.t("场地", "Venue"), venue),
            (self.t("时间", "When"), f"{data['day']} {self.t(*SLOTS[data['slot']])}"),
            (self.t("人数", "People"), str(data["people"])),
            (self.t("用途", "What for"), data["purpose"]),
        ]
        if person:
            lines += [(self.t("姓名", "Name"), data["name"]), (self.t("手机", "Mobile"), data["mobile"])]
        if data.get("answer"):
            lines.append((self.t("审核意见", "What the worker said"), data["answer"]))
        return "<dl>" + "".join(f"<dt>{label}</dt><dd>{escape(value)}</dd>" for label, value in lines) + "</dl>"

    def booking(self, row: dict[str, Any], venues: list[dict[str, Any]], code: str, here: str) -> str:
        data = row["data"]
        state = self.t(*STATES[data["state"]])
        over = data["state"] not in {"waiting", "accepted"}
        cancel = "" if over else (
            f'<form method="post" action="{escape(here)}/cancel"><input type="hidden" name="code" value="{escape(code)}">'
            f'<button class="no">{self.t("取消预约", "Cancel the booking")}</button></form>'
        )  # fmt: skip
        body = (
            f'<section class="{"good" if data["state"] == "accepted" else "note"}" role="status"><h1>{state}</h1>'
            f"<p>{self.t('请收藏这个网页：凭它查看结果或取消。', 'Keep the address of this page: it shows the result and lets you cancel.')}</p></section>"
            f"<section><h2>{self.t('预约内容', 'The booking')}</h2>{self.facts(data, venues)}{cancel}</section>"
        )
        return self.whole(state, body)

    def worker(
        self, waiting: list[tuple[dict[str, Any], dict[str, Any]]], venues: list[dict[str, Any]], mark: str, note: str
    ) -> str:
        cards = "".join(
            f'<section aria-labelledby="h-{task["id"]}"><h2 id="h-{task["id"]}">{escape(row["data"]["purpose"])}</h2>{self.facts(row["data"], venues, person=True)}'
            f'<form method="post" action="/worker/answer"><input type="hidden" name="mark" value="{mark}"><input type="hidden" name="task" value="{task["id"]}">'
            f'<label for="o-{task["id"]}">{self.t("审核意见（预约人会看到）", "What you say (the resident reads it)")}</label><input id="o-{task["id"]}" name="opinion" maxlength="200">'
            f'<button name="answer" value="agree">{self.t("同意", "Agree")}</button> <button class="no" name="answer" value="refuse">{self.t("不同意", "Refuse")}</button></form></section>'
            for task, row in waiting
        )
        none = f"<section><p>{self.t('没有等待审核的预约。', 'Nothing waits for you.')}</p></section>"
        told = f'<section class="note" role="status"><p>{escape(note)}</p></section>' if note else ""
        title = self.t("审核场地预约", "Bookings to look at")
        return self.whole(title, f"<h1>{title}</h1>{told}{cards or none}")

    def plain(self, title: str, text: str) -> str:
        return self.whole(title, f'<section class="note"><h1>{escape(title)}</h1><p>{escape(text)}</p></section>')
