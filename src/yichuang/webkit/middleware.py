"""What stands around every view: body limits, language, session age, refusals turned into answers, security headers."""

import logging
import sys
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import translation
from django.utils.cache import patch_vary_headers

from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.webkit import folding, problems, session
from yichuang.webkit.actor import forget_actor
from yichuang.webkit.came import page_of_form
from yichuang.webkit.languages import is_elder, locale_of
from yichuang.webkit.metrics import route_of
from yichuang.webkit.pages import render, wants_json

Next = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("yichuang.web")
MAX_BODY = 60 * 1024 * 1024  # bytes of one request; a single file is limited to 20 MB by webkit.uploads

# Live news may come from the SSE process's own port; a person's own machine has two names.
_EVENTS = urlsplit(settings.YICHUANG_EVENTS_URL)
_LIVE = f" {_EVENTS.scheme}://{_EVENTS.netloc}" if _EVENTS.netloc else ""
if _EVENTS.hostname == "127.0.0.1":
    _LIVE += f" {_EVENTS.scheme}://localhost:{_EVENTS.port}"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    f"connect-src 'self'{_LIVE}; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; manifest-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
}
_HEADERS = tuple((name.lower(), (name, value)) for name, value in HEADERS.items())
VARY = ("Cookie", "Accept-Language", "HX-Request")
_VARY, _VARY_COOKIE = ("Vary", ", ".join(VARY)), ("Vary", "Cookie")
TOO_LARGE = W(
    "一次最多提交 60 MB。您填写的内容没有丢失：请返回上一页，把文件分次上传或压缩后再试。",
    "At most 60 MB can be sent at once. Nothing you typed is lost: go back and send the files one by one or smaller.",
)
TOO_MANY = W(
    "一次提交的栏目太多（最多 {n} 个），系统没有接收。请返回上一页分次提交。",
    "Too many fields were sent at once (at most {n}); nothing was stored. Please go back and send them in parts.",
)
FORM_BROKEN = W(
    "表单没有完整收到，或者文件名太长（请改到 80 个字以内）；系统没有接收。请返回上一页重试。",
    "The form did not arrive whole, or a file's name is too long (at most 80 characters, please); nothing was stored. Please go back and try again.",
)
NO_METHOD = W("这个地址不支持这种请求方法", "This address does not take this method")
NO_PAGE_TITLE = W("这个地址不能直接打开", "This address is not a page")
NO_PAGE = W(
    "这个地址只接收表单，不能直接打开；刚才没有办理任何事。请从页面上的按钮进入。",
    "This address only takes a form and cannot be opened by itself; nothing was done. Please start from the page that leads here.",
)
UNREADABLE = W(
    "提交的内容里有无法识别的字符（编码错误或空字符），系统没有接收。请返回上一页检查后重新提交。",
    "What was sent contains characters that cannot be read (broken encoding or NUL); nothing was stored. Please go back and check.",
)


class SecurityHeaders:
    """Headers on every answer; a stricter policy set by a view (downloads: sandbox) stays."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        store = response.headers._store  # each `setdefault` of Django's checks its constants anew
        for key, header in _HEADERS:
            store.setdefault(key, header)
        if not request.path.startswith(settings.STATIC_URL):
            if store.get("vary", _VARY_COOKIE)[1] == "Cookie":  # nothing, or what Django's sessions say
                store["vary"] = _VARY
            else:
                patch_vary_headers(response, VARY)
            known = settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies
            personal = known or not getattr(request, "yc_public", True)
            response.headers.setdefault("Cache-Control", "no-store" if personal else "private, no-cache")
        return response


class Language:
    """Every text of the request in one language."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        locale = locale_of(request)
        if translation.get_language() == locale:  # as in a thread that was left alone: Chinese
            response = self.get_response(request)
        else:
            with translation.override(locale):
                response = self.get_response(request)
        response.headers.setdefault("Content-Language", "zh-Hans-CN" if locale == "zh-hans" else "en")
        return response


class Doorkeeper:
    """Refuses bodies that are too large or unreadable, ends old sessions, turns refusals into answers."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _length(request) > MAX_BODY:
            return problems.problem(request, problems.plain("BODY_TOO_LARGE", TOO_LARGE, "too_large"))
        if "\x00" in request.path or _spoiled(request.GET.lists()):
            return problems.problem(request, problems.plain("UNREADABLE", UNREADABLE))
        if session.expire_if_old(request, at=now()):
            forget_actor(request)
        response = self.get_response(request)
        return _method_refused(request, response) if response.status_code == 405 else response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Runs after the CSRF check has parsed the form."""
        is_form = request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}
        if is_form and request.method == "POST" and _spoiled(request.POST.lists()):
            return problems.problem(request, problems.plain("UNREADABLE", UNREADABLE))
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A refusal is an answer; anything else is a bug and goes to `server_error`."""
        return problems.problem(request, error) if isinstance(error, Refused) else None


def _method_refused(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """405: a problem document for programs, a page for people, who came by an address that only takes a form (or by a form
    that is old); `Allow` says what may be called."""
    if wants_json(request):
        refused = problems.problem_json(request, problems.plain("METHOD_NOT_ALLOWED", NO_METHOD), status=405)
    else:
        words = NO_PAGE if request.method in {"GET", "HEAD"} else NO_METHOD
        told = problems.plain("METHOD_NOT_ALLOWED", words, "forbidden")
        refused = problems.problem(request, told, status=405, title=NO_PAGE_TITLE)
    refused["Allow"] = response.headers.get("Allow", "")
    return refused


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _spoiled(lists: Iterable[tuple[str, list[str]]]) -> bool:
    """Whether a name or value holds NUL, or the mark that decoding leaves where bytes were no UTF-8."""
    texts = (str(text) for name, values in lists for text in (name, *values))
    return any("\x00" in text or "\ufffd" in text for text in texts)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 and its relatives: too many fields, too many files, a body over the limit, a wrong host."""
    if isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        words = TOO_MANY.format(n=settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)
        return problems.problem(request, problems.plain("TOO_MANY_FIELDS", words, "too_large"))
    if isinstance(exception, RequestDataTooBig):
        return problems.problem(request, problems.plain("BODY_TOO_LARGE", TOO_LARGE, "too_large"))
    if isinstance(exception, MultiPartParserError):
        return problems.problem(request, problems.plain("FORM_BROKEN", FORM_BROKEN))
    if isinstance(exception, SuspiciousOperation):
        return HttpResponse("Bad request", status=400, content_type="text/plain; charset=utf-8")
    return problems.problem(request, problems.plain("UNREADABLE", UNREADABLE))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: what is not there and what is not yours look alike."""
    return problems.problem(request, NotFound(W("页面", "page")))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 of Django's own (none of the rooms raises it)."""
    words = W("您不能查看这个页面", "You may not see this page")
    return problems.problem(request, problems.plain("FORBIDDEN", words, "forbidden"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or old: usually signed out in another tab. Nothing was done; the person can send it again."""
    log.warning("csrf refused: %s", reason)
    again = [
        (name, value) for name, values in request.POST.lists() for value in values
        if name != "csrfmiddlewaretoken" and "password" not in name
    ]  # fmt: skip
    same_site = request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}
    context = {"again": again[:500] if same_site else [], "path": request.get_full_path()}
    context["back"] = page_of_form(request)
    return render(request, "webkit/csrf.html", context, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: the error number stands on the page and in the log; the page needs no database."""
    number = problems.error_number()
    log.error("error %s at %s", number, route_of(request), exc_info=sys.exc_info())
    words = W(
        "系统出错了，您的操作可能没有完成。错误编号 {number}。请稍后再试，或拨打 12345 并报出编号。",
        "Something went wrong, and what you did may not be complete. Error number {number}. Please try later, or call 12345 and quote the number.",
    ).format(number=number)
    refused = problems.plain("SERVER_ERROR", words, "unavailable")
    locale = locale_of(request)
    if wants_json(request):
        return problems.problem_json(request, refused, status=500)
    page = folding.template("webkit/broken.html", locale)
    with translation.override(locale):
        return HttpResponse(
            page.render({"words": words, "number": number, "locale": locale, "elder": is_elder(request)}), status=500
        )
