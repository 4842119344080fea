"""Records: the message log with what failed, and the ledger's state with its verification."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.ledger import checks
from yichuang.core.refusals import Reason, Refused
from yichuang.core.upkeep import ask_ledger_check
from yichuang.core.words import W, Words
from yichuang.notices import commands as notices
from yichuang.notices import queries as messages
from yichuang.notices.permissions import can_resend, check_can_resend
from yichuang.notices.values import LogFilters
from yichuang.web.console.pages import JsonDict, render, save
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of

KINDS = {"sms": W("短信", "SMS"), "email": W("电子邮件", "E-mail"), "inbox": W("站内消息", "Inbox")}
ONLY = {
    "parked": W("多次失败、已停止", "Given up after many tries"),
    "undelivered": W("未送达", "Not delivered"),
    "waiting": W("等待发送", "Waiting"),
}
STATES: dict[str, tuple[Words, str]] = {
    "sent": (W("已发出", "Sent"), "green"),
    "queued": (W("等待发送", "Waiting"), "blue"),
    "failed": (W("还在重试", "Trying again"), "amber"),
}
RECEIPTS: dict[str, tuple[Words, str]] = {
    "delivered": (W("已送达", "Delivered"), "green"),
    "undelivered": (W("未送达", "Not delivered"), "red"),
}
# the senders that the sources know; any other is named by the operator's settings
SENDERS: dict[str, Words] = {
    "outbox": W("演示短信箱", "the demo's outbox"),
    "none": W("没有配置", "not configured"),
    "smtp": W("邮件服务器", "mail server"),
}
CHECKS: dict[str, tuple[Words, str]] = {
    "waiting": (W("等待核验", "Waiting"), "blue"),
    "running": (W("正在核验", "Running"), "blue"),
    "whole": (W("完好", "Whole"), "green"),
    "faulty": (W("发现问题", "Faults found"), "red"),
    "broken": (W("未能完成", "Not completed"), "amber"),
}
AGAIN = W("已重新排队发送", "Queued to be sent again")
ASKED = W("已开始核验，完成后结果会出现在下面", "The verification has begun; its result comes up below")
NONE_CHOSEN = W("请选择要重发的消息", "Choose the messages to send again")


def message_log(request: HttpRequest) -> HttpResponse:
    """The log, newest first; what was given up can be sent again."""
    if request.method != "POST":
        return _messages_page(request)

    def do(actor: Actor, at: datetime) -> JsonDict:
        check_can_resend(actor)  # before the form is judged: an auditor is told no, not what to tick
        chosen = [id for text in params.several(request, "message") if (id := params.uuid_or_none(text))]
        if not chosen:
            raise Refused(Reason("NONE_CHOSEN", NONE_CHOSEN, "message"))
        return {"count": notices.resend_messages(actor=actor, messages=chosen, at=at)}

    return save(
        request,
        "resend_messages",
        do,
        done=AGAIN,
        then=lambda _: reverse("console:messages"),
        again=lambda refused: _messages_page(request, refused),
    )


def _messages_page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    actor, at, asked = actor_of(request), now(), request.GET
    only, kind = str(asked.get("only", "")), str(asked.get("kind", ""))
    filters = LogFilters(
        kind=kind if kind in KINDS else "",
        only=only if only in ONLY else "",  # type: ignore[arg-type]  # one of ONLY
    )
    page = messages.list_messages(actor, filters, str(asked.get("cursor", ""))[:120] or None, at=at)
    context = {
        "page": page,
        "filters": filters,
        "kinds": KINDS,
        "only": ONLY,
        "states": STATES,
        "receipts": RECEIPTS,
        "senders": SENDERS,
        "resends": can_resend(actor) and any(row.can_resend for row in page.items),
    }
    return render(request, "console/messages.html", context, refused)


def ledger_page(request: HttpRequest) -> HttpResponse:
    """Size, newest checkpoint, what waits; the verification runs with their faults."""
    if request.method != "POST":
        return _ledger_page(request)
    return save(
        request,
        "check_ledger",
        lambda actor, at: {"check": str(ask_ledger_check(actor=actor, at=at))},
        done=ASKED,
        then=lambda _: reverse("console:ledger"),
        again=lambda refused: _ledger_page(request, refused),
    )


def _ledger_page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    rows = checks.list_checks(actor, at=at)
    context = {
        "state": checks.ledger_state(actor, at=at),
        "rows": rows,
        "under_way": any(row.state in {"waiting", "running"} for row in rows),
        "states": CHECKS,
        "last_faulty": next((row for row in rows if row.state == "faulty"), None),
    }
    return render(request, "console/ledger.html", context, refused)
