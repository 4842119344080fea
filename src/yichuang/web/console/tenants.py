"""Other applications (租户): made, stopped and deleted by the system administrator, and their tokens. Never their data."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.network import queries as network
from yichuang.tenants import commands, queries
from yichuang.tenants.values import MEGABYTE, NEWS, PART_WORDS, SCOPES, STATE_WORDS, Quotas
from yichuang.web.console.pages import Act, JsonDict, act, chosen, department_options, render, save, words_of
from yichuang.web.console.second import to_ask
from yichuang.web.console.words import history
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of

MADE = W("租户已建立。请新建访问令牌，交给应用的开发者。", "The tenant is there. Its programmers need a token.")
SAVED = W("已保存，立即生效", "Saved, and in force")
SUSPENDED = W("已停用：令牌立即打不开任何数据", "Suspended: its tokens open nothing from now on")
RESUMED = W("已恢复", "Resumed")
REVOKED = W("令牌已吊销，立即失效", "The token is revoked and opens nothing")
NAMES = {"name": "name_zh"}  # what the command calls what this input holds
FIELDS = ("rows", "megabytes", "runs", "calls", "seconds")
MOST_DAYS = 400
QUOTAS = Quotas()


def tenant_list(request: HttpRequest) -> HttpResponse:
    """All of them by code with what they use, deleted ones last."""
    text, cursor = params.text(request, "q", longest=40), params.text(request, "cursor", longest=60) or None
    page = queries.list_tenants(actor_of(request), text, cursor=cursor, at=now())
    context = {"page": page, "text": text, "states": STATE_WORDS, "departments": network.departments_by_id()}
    return render(request, "console/tenants.html", context)


def new_tenant(request: HttpRequest) -> HttpResponse:
    """A new tenant with its quotas."""
    if request.method != "POST":
        return _new_page(request)

    def do(actor: Actor, at: datetime) -> JsonDict:
        code = params.text(request, "code", longest=60)
        commands.make_tenant(
            actor=actor, code=code, name=words_of(request, "name", 100, 100), department=chosen(request, "department"),
            quotas=_quotas(request), at=at,
        )  # fmt: skip
        return {"code": code}

    return save(
        request,
        "new_tenant",
        do,
        done=MADE,
        then=lambda answer: reverse("console:tenant", args=[answer["code"]]),
        again=lambda refused: _new_page(request, refused),
    )


def _new_page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    context = {"row": None, "quotas": QUOTAS, "department_options": department_options(), "megabyte": MEGABYTE}
    return render(request, "console/tenant_new.html", context, refused, NAMES)


def _quotas(request: HttpRequest) -> Quotas:
    return Quotas.of(**{name: params.whole(request, name) for name in FIELDS})


def tenant(request: HttpRequest, code: str) -> HttpResponse:
    """One tenant; a form changes it, stops it, asks for its end, or makes, replaces or revokes a token."""
    queries.get_tenant(actor_of(request), code)
    if request.method != "POST":
        return _page(request, code)
    again = partial(_page, request, code)
    named = params.text(request, "act")
    if named == "delete":
        return to_ask(request, commands.DELETE, {"code": code}, again)
    if named in {"token", "rotate"}:
        return _shown_once(request, code, _make if named == "token" else _rotate)
    acts: dict[str, Act] = {
        "change": ("change_tenant", partial(_change, request, code), SAVED),
        "suspend": ("suspend_tenant", partial(_turn, commands.suspend_tenant, code), SUSPENDED),
        "resume": ("resume_tenant", partial(_turn, commands.resume_tenant, code), RESUMED),
        "revoke": ("revoke_credential", partial(_revoke, request, code), REVOKED),
    }
    return act(request, acts, then=reverse("console:tenant", args=[code]), again=again)


def _change(request: HttpRequest, code: str, actor: Actor, at: datetime) -> None:
    commands.change_tenant(
        actor=actor, code=code, name=words_of(request, "name", 100, 100), department=chosen(request, "department"),
        quotas=_quotas(request), at=at,
    )  # fmt: skip


def _turn(command: Callable[..., None], code: str, actor: Actor, at: datetime) -> None:
    command(actor=actor, code=code, at=at)


def _revoke(request: HttpRequest, code: str, actor: Actor, at: datetime) -> None:
    commands.revoke_credential(actor=actor, tenant=code, credential=_credential(request), at=at)


def _credential(request: HttpRequest) -> UUID:
    found = chosen(request, "credential")
    if found is None:
        raise NotFound(W("访问令牌", "token"))
    return found


def _shown_once(request: HttpRequest, code: str, make: Callable[[HttpRequest, str, datetime], str]) -> HttpResponse:
    """The page with a new token on it. Nothing keeps the answer, as other forms' answers are kept: it would keep the token."""
    try:
        bearer = make(request, code, now())
    except NotFound:
        raise
    except Refused as refused:
        return _page(request, code, refused)
    return _page(request, code, bearer=bearer)


def _make(request: HttpRequest, code: str, at: datetime) -> str:
    _, bearer = commands.make_credential(
        actor=actor_of(request),
        tenant=code,
        label=params.text(request, "label", longest=80),
        scopes=params.several(request, "scopes"),
        days=params.whole(request, "days"),
        at=at,
    )
    return bearer


def _rotate(request: HttpRequest, code: str, at: datetime) -> str:
    _, bearer = commands.rotate_credential(actor=actor_of(request), tenant=code, credential=_credential(request), at=at)
    return bearer


def _page(request: HttpRequest, code: str, refused: Refused | None = None, *, bearer: str = "") -> HttpResponse:
    actor, at = actor_of(request), now()
    row = queries.get_tenant(actor, code)
    context = {
        "row": row,
        "state": STATE_WORDS[row.state],
        "department": network.get_department_by_id(row.department),
        "department_options": department_options(),
        "quotas": row.quotas,
        "megabyte": MEGABYTE,
        "used": queries.usage_of(actor, code, at=at),
        "tokens": queries.list_credentials(actor, code, at=at),
        "parts": queries.parts_of(actor, code),
        "part_words": PART_WORDS,
        "hooks": queries.hooks_of(actor, code),
        "news": NEWS,
        "scopes": SCOPES,
        "ticked": params.several(request, "scopes"),
        "bearer": bearer,
        "act": params.text(request, "act") if refused else "",
        "most_days": MOST_DAYS,
        "history": history(ledger.list_entries(ledger.Subject("tenant", row.id))),
    }
    return render(request, "console/tenant.html", context, refused, NAMES)
