"""Signing in and out, registering, language and type size, the outbox of the demo, who looked at my data."""

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.dateparse import parse_date

from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.clock import now
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.notices import queries as notices
from yichuang.people import commands as people
from yichuang.people import queries
from yichuang.people.values import ID_TYPES, RESIDENT_ID, USCC, SignedIn
from yichuang.registry import queries as registry
from yichuang.registry.values import BASE_WORDS, GROUND_WORDS, STATE_WORDS
from yichuang.webkit import entry, session
from yichuang.webkit.actor import actor_of, forget_actor
from yichuang.webkit.languages import ELDER_COOKIE, locale_of
from yichuang.webkit.limits import REGISTERING
from yichuang.webkit.menu import workplaces
from yichuang.webkit.pages import note, render
from yichuang.webkit.params import client_address, text
from yichuang.webkit.problems import NONE, problems_of

YEAR = 365 * 86400
REGISTER_FIELDS = ("name", "id_type", "id_no", "birth_date", "mobile", "username")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
NOT_THE_SAME = Reason("PASSWORDS_DIFFER", W("两次输入的密码不一致", "The two passwords differ"), "again")


def sign_in(request: HttpRequest) -> HttpResponse:
    """By password. An interrupted form travels along and is offered again afterwards."""
    if request.method != "POST":
        if actor_of(request).kind in {"person", "staff"}:
            return HttpResponseRedirect(_next(request))
        return _sign_in_page(request)
    try:
        known = people.sign_in_password(
            username=text(request, "username"),
            password=request.POST.get("password", "")[:200],
            address=client_address(request),
            locale=locale_of(request),
            at=now(),
        )
    except Refused as refused:
        return _sign_in_page(request, refused)
    return _welcome(request, known)


def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Step one sends a code to a mobile number; step two takes it. The answer is the same for every number."""
    mobile, code = text(request, "mobile", longest=30), text(request, "code", longest=12)
    if not request.POST.get("step"):
        return _send_code(request, mobile)
    try:
        known = people.sign_in_code(
            phone=mobile, code=code, address=client_address(request), locale=locale_of(request), at=now()
        )
    except Refused as refused:
        return _code_page(request, mobile, refused)
    return _welcome(request, known)


def sign_out(request: HttpRequest) -> HttpResponse:
    """The session is emptied and gets another key; the browser forgets the pages that it kept (ASVS 14.3.1)."""
    session.end(request)
    forget_actor(request)
    note(request, W("您已退出登录", "You have signed out"))
    response = HttpResponseRedirect(reverse("portal:home"))
    response["Clear-Site-Data"] = '"cache", "storage"'  # no cookies: language and large type stay
    return response


def _send_code(request: HttpRequest, mobile: str) -> HttpResponse:
    try:
        people.send_code(phone=mobile, address=client_address(request), locale=locale_of(request), at=now())
    except Refused as refused:
        return _sign_in_page(request, refused)
    return _code_page(request, mobile)


def _sign_in_page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    accounts = queries.list_demo_accounts() if settings.YICHUANG_DEMO else ()
    context = {
        "errors": _errors(refused, {"phone": "mobile"}),
        "username": text(request, "username"),
        "mobile": text(request, "mobile"),
        "accounts": accounts,
        "expired": False,
        "files_lost": False,
        **_carried(request),
    }
    return render(request, "webkit/sign_in.html", context, status=refused.status if refused else 200)


def _code_page(request: HttpRequest, mobile: str, refused: Refused | None = None) -> HttpResponse:
    context = {"errors": _errors(refused, {"phone": "mobile"}), "mobile": mobile, **_carried(request)}
    return render(request, "portal/sign_in_code.html", context, status=refused.status if refused else 200)


def _carried(request: HttpRequest) -> dict[str, Any]:
    posted = request.method == "POST"
    path = request.POST.get(entry.KEEP_PATH, "") if posted else ""
    target = request.POST.get("next", "") if posted else request.GET.get("next", "")
    return {
        "kept": entry.carried_fields(request) if posted else [],
        "keep_path": entry.safe_path(request, path),
        "next": entry.safe_path(request, target),
    }


def _welcome(request: HttpRequest, known: SignedIn) -> HttpResponse:
    carried = _carried(request)
    session.begin(request, known.account, stamp=known.stamp, at=now(), must_change=known.must_change)
    forget_actor(request)
    if known.must_change:
        return HttpResponseRedirect(reverse("portal:password"))
    if carried["keep_path"]:
        return render(request, "portal/go_on.html", {**carried, "fields": carried["kept"]})
    return HttpResponseRedirect(_next(request))


def _next(request: HttpRequest) -> str:
    data = request.POST if request.method == "POST" else request.GET
    if target := entry.safe_path(request, data.get("next", "")):
        return target
    return _home_of(actor_of(request))


def _home_of(actor: Actor) -> str:
    """Where somebody works: at the counter, in the office, in the console; everybody else begins at home."""
    return next((reverse(name) for name, *_ in workplaces(actor)), reverse("portal:home"))


def _errors(refused: Refused | None, names: Mapping[str, str] | None = None) -> Any:
    """Problems with pointers turned into the plain names of this page's inputs."""
    if refused is None:
        return NONE
    reasons = []
    for reason in refused.reasons:
        name = (reason.field or "").strip("/")
        reasons.append(Reason(reason.code, reason.words, (names or {}).get(name, name) or None, reason.basis))
    return problems_of(reasons)


def password(request: HttpRequest) -> HttpResponse:
    """Change the own password; every other session ends."""
    known = session.current(request)
    if known is None:
        return entry.ask_to_sign_in(request)
    errors = NONE
    if request.method == "POST":
        try:
            if request.POST.get("new", "") != request.POST.get("again", ""):
                raise Refused(NOT_THE_SAME)
            fresh = people.change_password(
                account=known.account,
                old=request.POST.get("old", "")[:200],
                new=request.POST.get("new", "")[:200],
                at=now(),
            )
            session.begin(request, fresh.account, stamp=fresh.stamp, at=now())
            forget_actor(request)
            note(request, W("密码已修改，其他设备上的登录已退出", "Password changed; other devices are signed out"))
            return HttpResponseRedirect(_home_of(actor_of(request)))
        except Refused as refused:
            errors = _errors(refused, {"password": "new"})
    return render(request, "portal/password.html", {"errors": errors}, status=422 if errors else 200)


TELLING = {"IDENTITY_KNOWN", "PHONE_TAKEN", "USERNAME_TAKEN"}  # refusals that say what is on record here


def register(request: HttpRequest) -> HttpResponse:
    """A personal account with a synthetic identity: only in the demo. A real network proves identity at a window or
    through its identity provider first, because whoever opens an account sees the cases of that identity."""
    values = {name: text(request, name) for name in REGISTER_FIELDS}
    errors, status = NONE, 200
    if request.method == "POST":
        try:
            REGISTERING.check(request, at=now())
            return _register(request, values)
        except Refused as refused:
            if any(reason.code in TELLING for reason in refused.reasons):
                REGISTERING.count(request, at=now())
            errors, status = _errors(refused, {"phone": "mobile"}), 429 if refused.kind == "too_many" else 422
    id_types = [(code, words) for code, words in ID_TYPES.items() if code != USCC]
    context = {"values": values, "errors": errors, "id_types": id_types}
    return render(request, "portal/register.html", context, status=status)


def _register(request: HttpRequest, values: Mapping[str, str]) -> HttpResponse:
    kind, also = values["id_type"] or RESIDENT_ID, []
    secret = request.POST.get("password", "")[:200]
    if secret != request.POST.get("again", ""):
        also.append(NOT_THE_SAME)
    born = parse_date(values["birth_date"]) if DATE.fullmatch(values["birth_date"]) else None
    people.register_person(
        actor=SYSTEM, name=values["name"], id_type=kind, id_no=values["id_no"], mobile=values["mobile"],
        birth_date=born, username=values["username"], password=secret, locale=locale_of(request), demo=True, also=also,
        at=now(),
    )  # fmt: skip
    note(request, W("注册成功，请登录", "You are registered, please sign in"))
    return HttpResponseRedirect(reverse("portal:sign-in"))


def language(request: HttpRequest) -> HttpResponse:
    """Chinese or English, kept for a year; somebody signed in gets their messages in it too."""
    chosen = request.POST.get("language", "")
    response = _back(request)
    if chosen in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, chosen)
        if known := session.current(request):
            people.choose_language(account=known.account, locale=chosen)
    return response


def elder(request: HttpRequest) -> HttpResponse:
    """长辈版 on or off, kept for a year."""
    response = _back(request)
    _keep(response, ELDER_COOKIE, "1" if request.POST.get("elder") == "1" else "0")
    return response


def _back(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(entry.safe_path(request, request.POST.get("next", "")) or reverse("portal:home"))


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


def looks(request: HttpRequest) -> HttpResponse:
    """谁看过我的数据: every look at my data, for which case, why."""
    actor = actor_of(request)
    rows = queries.list_looks(actor.id) if actor.id else ()
    uses = registry.list_uses(actor.id, limit=50).items if actor.id else ()
    asked = registry.list_looks(actor.id, limit=50).items if actor.id else ()
    context = {
        "looks": rows,
        "uses": uses,
        "asked": asked,
        "bases": BASE_WORDS,
        "states": STATE_WORDS,
        "grounds": GROUND_WORDS,
    }
    return render(request, "portal/looks.html", context)


def outbox(request: HttpRequest) -> HttpResponse:
    """Every message of the demo, newest first (codes included: no real phone gets one)."""
    page = notices.list_outbox(limit=50, cursor=text(request, "cursor") or None)
    return render(request, "portal/outbox.html", {"page": page})


def help_page(request: HttpRequest) -> HttpResponse:
    """How to use the site, the accessibility statement, where people help."""
    return render(request, "portal/help.html")
