"""What somebody sees who may not come in: signed out → sign in and go on, nothing typed is lost; no right → 404."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.core.actors import Channel
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.webkit import problems
from yichuang.webkit.actor import actor_of, channel_of
from yichuang.webkit.came import page_of_form, safe_path
from yichuang.webkit.pages import is_fragment, render

KEEP = "keep:"  # prefix of the fields of an interrupted form, carried through signing in by the browser itself
KEEP_PATH = "keep-path"
_MAX_KEPT = 500  # fields
SIGNED_OUT = Reason("SIGNED_OUT", W("请先登录", "Please sign in first"))
PERSONS_ONLY = Reason(
    "PERSONS_ONLY",
    W(
        "这里是个人办事的页面。您正以工作人员身份登录，请退出后用个人账号登录。",
        "This page is for people's own affairs. You are signed in as staff: sign out and use your own account.",
    ),
)


def refuse_entry(request: HttpRequest, kind: str) -> HttpResponse:
    """The answer for an actor whom the audience `kind` does not admit."""
    actor = actor_of(request)
    if kind == "device":
        return HttpResponseRedirect(reverse("kiosk:enrol"))
    if actor.kind == "anonymous" and kind != "demo":
        return ask_to_sign_in(request)
    if actor.kind == "staff" and kind == "signed_in":
        return problems.problem(request, Refused(PERSONS_ONLY, kind="forbidden"))
    return problems.problem(request, NotFound(W("页面", "page")))


def nothing_here(request: HttpRequest) -> HttpResponse:
    """404 for programs, without asking who it is."""
    return problems.problem_json(request, NotFound(W("页面", "page")))


def ask_for_new_password(request: HttpRequest) -> HttpResponse:
    """Whoever signed in with a password that somebody else chose changes it first (programs have no session)."""
    return HttpResponseRedirect(reverse("portal:password"))


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """401 for programs; the sign-in page for people. A form that was sent comes along and is sent again afterwards."""
    if channel_of(request) is Channel.API:
        return problems.problem(request, Refused(SIGNED_OUT, kind="signed_out"))
    sign_in = reverse("portal:sign-in")
    if is_fragment(request):
        response = HttpResponse(status=401)
        here = request.headers.get("HX-Current-URL", "")
        response["HX-Redirect"] = f"{sign_in}?next={quote(safe_path(request, here) or '/')}"
        return response
    if request.method == "POST":
        kept = kept_fields(request)
        context = {
            "kept": kept,
            "keep_path": request.get_full_path(),
            "next": page_of_form(request),
            "expired": True,
            "errors": problems.NONE,
        }
        context |= {"username": "", "mobile": "", "files_lost": bool(request.FILES), "accounts": ()}
        return render(request, "webkit/sign_in.html", context, status=401)
    return HttpResponseRedirect(f"{sign_in}?next={quote(request.get_full_path())}")


def kept_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """(name, value) of an interrupted form, without its CSRF token and without secrets."""
    pairs = [(name, value) for name, values in request.POST.lists() for value in values]
    return [(n, str(v)) for n, v in pairs if n != "csrfmiddlewaretoken" and "password" not in n][:_MAX_KEPT]


def carried_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields that an interrupted form put into this sign-in form."""
    pairs = [(name, value) for name, values in request.POST.lists() for value in values if name.startswith(KEEP)]
    return [(name.removeprefix(KEEP), str(value)) for name, value in pairs]


__all__ = [
    "KEEP", "KEEP_PATH", "ask_for_new_password", "ask_to_sign_in", "carried_fields", "kept_fields", "page_of_form",
    "refuse_entry", "safe_path",
]  # fmt: skip
