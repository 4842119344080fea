"""Without an account: progress by number and query code, and handing in a paper by a link (接力码, 拍照传送)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.supplement import supplement_case
from yichuang.cases.pages import SupplyScope
from yichuang.cases.values import MaterialRow
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.web.portal import views_cases
from yichuang.web.portal.by_code import CodeDoor, holder_of
from yichuang.webkit.limits import QUERIES, Misses
from yichuang.webkit.pages import render
from yichuang.webkit.params import text
from yichuang.webkit.problems import NONE, Problems, problems_of

NO_CASE = Reason(
    "NO_CASE",
    W(
        "没有查到：请核对办件编号和查询码，两项都在收件凭证上",
        "Nothing found: check number and query code, both are on your receipt",
    ),
    "code",
)
LINKS = Misses(
    "link-miss",
    60,
    W(
        "此网络输错补交码次数过多，请一小时后再试，或者带上材料到窗口办理",
        "Too many wrong codes from this network: please wait an hour, or bring the papers to a window",
    ),
    "code",
)
DOOR = CodeDoor(
    lambda code, at: cases.supply_scope(code, at=at),
    LINKS,
    W("没有找到这个补交码，请核对后重新输入", "This code is not known: please check it and enter it again"),
    "portal/cases/supply_ask.html",
    "portal:supply",
)


# ── 查进度 ────────────────────────────────────────────────────────────────────────────────────────────────────────


def progress(request: HttpRequest) -> HttpResponse:
    """Number and query code together open the state, without personal data. The code never stands in an address."""
    number = text(request, "number", longest=40)
    if request.method != "POST":
        return _progress_page(request, number, NONE)
    code, at = text(request, "code", longest=20), now()
    try:
        QUERIES.check(request, at=at)
        found = cases.find_by_query_code(number, code, at=now())
    except NotFound:
        QUERIES.count(request, at=at)
        return _progress_page(request, number, problems_of([NO_CASE]), 404)
    except Refused as refused:
        return _progress_page(request, number, problems_of(refused), refused.status)
    context = {"found": found, "steps": views_cases.steps_of(found), "turn": views_cases.ACT_ON[found.turn]}
    return render(request, "portal/cases/progress.html", context)


def _progress_page(request: HttpRequest, number: str, problems: Problems, status: int = 200) -> HttpResponse:
    return render(request, "portal/cases/progress_ask.html", {"number": number, "errors": problems}, status=status)


# ── 补交码 ────────────────────────────────────────────────────────────────────────────────────────────────────────


def enter(request: HttpRequest) -> HttpResponse:
    """Type the code of a link by hand."""
    return DOOR.enter(request)


def supply(request: HttpRequest, code: str) -> HttpResponse:
    """The phone page behind a link: names of papers only, camera first, one button."""
    at = now()
    scope = DOOR.open(request, code, at)
    rows = _open(scope)
    if request.method != "POST":
        return _supply_page(request, scope, code, rows)
    actor = _holder(request, scope)
    ready, reasons = views_cases.take(request, actor, rows, scope.files, at) if rows else ({}, [])
    if not reasons:
        try:
            supplement_case(
                actor=actor, number=scope.number, version=None, materials=ready,
                link_materials=frozenset(row.code for row in scope.materials), at=at,
            )  # fmt: skip
        except NotFound:
            raise
        except Refused as refused:
            return _supply_page(request, scope, code, rows, problems_of(refused), ready)
        return HttpResponseRedirect(reverse("portal:supply-done", args=[code]))
    return _supply_page(request, scope, code, rows, problems_of(reasons), ready)


def supply_upload(request: HttpRequest, code: str, material: str) -> HttpResponse:
    """One photo ahead of the button, with progress."""
    at = now()
    scope = DOOR.open(request, code, at)
    if material not in {row.code for row in _open(scope)}:
        raise NotFound(W("材料", "paper"))
    return views_cases.stage(request, _holder(request, scope), material, scope.files, at)


def supply_done(request: HttpRequest, code: str) -> HttpResponse:
    """Thank you; what of the link is still open, if anything."""
    try:
        rows = _open(DOOR.open(request, code, now()))
    except NotFound:
        raise
    except Refused:  # the last paper ended the link's purpose
        rows = ()
    return render(request, "portal/cases/supply_done.html", {"rows": rows, "code": code})


def _open(scope: SupplyScope) -> tuple[MaterialRow, ...]:
    return tuple(row for row in scope.materials if row.state in views_cases.OPEN)


def _holder(request: HttpRequest, scope: SupplyScope) -> Actor:
    return holder_of(request, scope.case_id, scope.link)


def _supply_page(
    request: HttpRequest,
    scope: SupplyScope,
    code: str,
    rows: tuple[MaterialRow, ...],
    problems: Problems = NONE,
    ready: dict[str, list[UUID]] | None = None,
) -> HttpResponse:
    kept = views_cases.rows_of(_holder(request, scope), ready or {})
    context = {"scope": scope, "code": code, "rows": rows, "kept": kept, "errors": problems}
    return render(request, "portal/cases/supply.html", context, status=422 if problems else 200)
