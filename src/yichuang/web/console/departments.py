"""Departments (部门) and their posts: opened, changed, closed and opened again by the system administrator."""

from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.catalog import queries as catalog
from yichuang.catalog.commands import CLOSE
from yichuang.catalog.values import ItemFilters
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W, Words
from yichuang.network import commands
from yichuang.network import queries as network
from yichuang.network.values import RULE_WORDS, WORDS, DepartmentData, DepartmentKind, DepartmentRow, PostAct
from yichuang.people import queries as people
from yichuang.web.console.pages import Act, JsonDict, act, render, save, words_of
from yichuang.web.console.second import to_ask
from yichuang.web.console.words import history
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of

SAVED = W("部门已保存，新出的文书按此落款", "The department is saved; papers issued from now on say so")
OPENED = W("部门已建立。请新建岗位，由安全管理员安排人员。", "The department is there. It needs posts, and people whom the security administrator gives them.")  # fmt: skip
POST_SAVED = W("岗位已保存", "The post is saved")
REOPENED = W("部门已恢复", "The department is open again")
NO_KIND = W("请选择性质", "Choose what it is")
NO_ACT = W("请选择岗位做什么", "Choose what the post does")
TAKEN = W("编码已被使用", "This code is taken")
NAMES = {
    "name": "name_zh",
    "review_organ": "review_organ_zh",
    "court": "court_zh",
}  # what the command calls what these inputs hold


@network.one_look()
def department_list(request: HttpRequest) -> HttpResponse:
    """All of them by code, closed ones last."""
    text = params.text(request, "q", longest=40).casefold()
    answers = [row.department for row in network.list_assignments()]
    posts = [post.department for post in network.list_posts()]
    rows = [
        (row, posts.count(row.id), answers.count(row.code))
        for row in network.list_departments()
        if text in f"{row.code} {row.name.zh} {row.name.en}".casefold()
    ]
    context = {"rows": sorted(rows, key=lambda found: found[0].closed), "text": text, "kinds": WORDS}
    return render(request, "console/departments.html", context)


def new_department(request: HttpRequest) -> HttpResponse:
    """A new department."""
    if request.method != "POST":
        return _new_page(request)

    def do(actor: Actor, at: datetime) -> JsonDict:
        code = params.text(request, "code", longest=20).upper()
        if any(row.code == code for row in network.list_departments()):
            raise Refused(Reason("CODE_TAKEN", TAKEN, "code"), kind="conflict")
        commands.save_department(actor=actor, department=_data(request, code, demo=False), at=at)
        return {"code": code}

    return save(
        request,
        "new_department",
        do,
        done=OPENED,
        then=lambda answer: reverse("console:department", args=[answer["code"]]),
        again=lambda refused: _new_page(request, refused),
    )


def _new_page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    return render(request, "console/department_new.html", {"row": None, "kinds": _kinds()}, refused, NAMES)


def _kinds() -> list[tuple[str, Any]]:
    return [(member.value, WORDS[member]) for member in DepartmentKind]


def _data(request: HttpRequest, code: str, *, demo: bool) -> DepartmentData:
    """What the form says. Without a kind refused, with all else that is wrong."""
    kind = params.choice(request, "kind", {member.value for member in DepartmentKind})
    data = DepartmentData(
        code=code,
        uscc=params.text(request, "uscc", longest=18).upper(),
        kind=DepartmentKind(kind or DepartmentKind.STATUTORY),  # without one it is only judged, and refused
        name=words_of(request, "name", 100, 160),
        organ_seal=params.text(request, "organ_seal", longest=100),
        review_organ=words_of(request, "review_organ", 100, 160),
        court=words_of(request, "court", 100, 160),
        phone=params.text(request, "phone", longest=40),
        complaint_phone=params.text(request, "complaint_phone", longest=40),
        address=words_of(request, "address", 200, 300),
        demo=demo,
    )
    if not kind:
        raise Refused(*network.department_faults(data), Reason("KIND_MISSING", NO_KIND, "kind"))
    return data


def department(request: HttpRequest, code: str) -> HttpResponse:
    """One department; a form changes it, one of its posts, closes it or opens it again."""
    row = network.get_department(code)
    if request.method != "POST":
        return _page(request, code)
    if params.text(request, "act") == "close":
        return to_ask(request, CLOSE, {"code": code}, lambda refused: _page(request, code, refused))
    acts: dict[str, Act] = {
        "change": ("change_department", partial(_change, request, row), SAVED),
        "post": ("save_post", partial(_save_post, request, row), POST_SAVED),
        "reopen": ("reopen_department", partial(_reopen, row), REOPENED),
    }
    shown = reverse("console:department", args=[code])
    return act(request, acts, then=shown, again=lambda refused: _page(request, code, refused))


def _change(request: HttpRequest, row: DepartmentRow, actor: Actor, at: datetime) -> None:
    commands.save_department(actor=actor, department=_data(request, row.code, demo=row.demo), at=at)


def _save_post(request: HttpRequest, row: DepartmentRow, actor: Actor, at: datetime) -> None:
    does = params.choice(request, "does", {member.value for member in PostAct})
    code, name = f"{row.code}.{params.text(request, 'post', longest=39).lower()}", words_of(request, "post", 60, 100)
    try:
        if not does:
            raise Refused(*network.post_faults(code, name), Reason("ACT_MISSING", NO_ACT, "does"))
        commands.save_post(actor=actor, code=code, name=name, act=PostAct(does), at=at)
    except Refused as refused:
        fields = {"/code": "post", "/name": "post_zh"}
        told = (Reason(r.code, r.words, fields.get(r.field or "", r.field)) for r in refused.reasons)
        raise Refused(*told, kind=refused.kind) from None


def _reopen(row: DepartmentRow, actor: Actor, at: datetime) -> None:
    commands.reopen_department(actor=actor, code=row.code, at=at)


@network.one_look()
def _page(request: HttpRequest, code: str, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    row, posts = network.get_department(code), network.list_posts(code)
    wanted = params.text(request, "post", longest=60)
    context = {
        "row": row,
        "kinds": _kinds(),
        "kind_words": WORDS[row.kind],
        "posts": posts,
        "holders": people.post_holders(actor, at=at),
        "acts": [(member.value, WORDS[member]) for member in PostAct],
        "act_words": WORDS,
        "edited": next((post for post in posts if post.code == wanted), None),
        "rule_words": RULE_WORDS,
        "items": network.list_assignments(department=code),
        "item_names": _item_names(code, at),
        "act": params.text(request, "act") if refused else "",
        "history": history(ledger.list_entries(ledger.Subject("department", row.id))),
    }
    return render(request, "console/department.html", context, refused, NAMES)


def _item_names(department: str, at: datetime) -> dict[str, Words]:
    """Of all items of the department, page by page."""
    names, cursor = dict[str, Words](), ""
    while True:
        page = catalog.list_items(ItemFilters(department=department), cursor or None, 100, at=at)
        names |= {item.code: item.name for item in page.items}
        if page.next is None:
            return names
        cursor = page.next


@network.one_look()
def post_list(request: HttpRequest) -> HttpResponse:
    """Every post with who sits there; those that nobody holds can be picked out. For the three administrators."""
    actor, at = actor_of(request), now()
    asked, vacant = params.text(request, "department", longest=20), params.text(request, "state") == "empty"
    holders = people.post_holders(actor, at=at)
    departments = {row.code: row for row in network.list_departments()}
    if asked not in {"", "WINDOW", *departments}:
        raise NotFound(W("部门", "department"))
    rows = [
        (post, departments.get(post.code.partition(".")[0]), holders.get(post.code, ()))
        for post in network.list_posts(asked or None)
    ]
    context = {
        "rows": [row for row in rows if not vacant or not any(holder.open for holder in row[2])],
        "asked": asked,
        "vacant": vacant,
        "departments": [("WINDOW", W("综合窗口", "Windows")), *((row.code, row.name) for row in departments.values())],
        "acts": WORDS,
    }
    return render(request, "console/posts.html", context)
