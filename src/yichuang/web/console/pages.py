"""What every page of the console shows, and how its forms are answered: once, with all faults at once."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.clock import SHANGHAI, now
from yichuang.core.idempotency import body_hash, run_once, scope_of
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.network.values import PlaceNode
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import note
from yichuang.webkit.pages import render as _render
from yichuang.webkit.problems import NONE, problems_sent

JsonDict = dict[str, Any]
THREE = roles.THREE_ADMINISTRATORS
AUTHORISE = frozenset({roles.CHIEF_REPRESENTATIVE, roles.HALL_MANAGER, roles.SYSTEM_ADMIN})
LETS = frozenset({roles.CHIEF_REPRESENTATIVE, roles.REVIEWER})  # among them who decides for a department
PAGES: tuple[tuple[str, Words, str, Collection[str]], ...] = (
    ("console:home", W("管理首页", "Overview"), "home", roles.ADMINISTERS),
    ("console:staff", W("人员与权限", "Staff and powers"), "users", THREE),
    (
        "console:places",
        W("网点与开放时间", "Places and hours"),
        "building-community",
        {roles.SYSTEM_ADMIN, roles.HALL_MANAGER},
    ),
    (
        "console:devices",
        W("设备", "Machines"),
        "printer",
        {roles.SYSTEM_ADMIN, roles.HALL_MANAGER, roles.DEVICE_KEEPER},
    ),
    ("console:nodes", W("大厅节点", "Hall nodes"), "arrows-shuffle", {roles.HALL_MANAGER}),
    ("console:departments", W("部门", "Departments"), "sitemap", {roles.SYSTEM_ADMIN}),
    ("console:posts", W("岗位", "Posts"), "id-badge-2", THREE),
    ("console:assignments", W("事项归口", "Who answers for items"), "route", {roles.SYSTEM_ADMIN, roles.ITEM_EDITOR}),
    ("console:authorisations", W("委托受理授权", "Authorisations"), "signature", AUTHORISE),
    (
        "console:qualifications",
        W("上岗资格", "Qualified clerks"),
        "certificate",
        {roles.HALL_MANAGER, roles.ITEM_EDITOR},
    ),
    ("console:second", W("待复核", "To be confirmed"), "eye-check", THREE | LETS | {roles.ITEM_EDITOR}),
    ("console:calendar", W("工作日历", "Working days"), "calendar", {roles.SYSTEM_ADMIN}),
    ("console:tenants", W("租户", "Other applications"), "package", {roles.SYSTEM_ADMIN}),
    ("console:messages", W("消息发送", "Messages"), "mail", {roles.SYSTEM_ADMIN, roles.SECURITY_AUDITOR}),
    ("console:ledger", W("留痕账本", "Ledger"), "shield-check", {roles.SYSTEM_ADMIN, roles.SECURITY_AUDITOR}),
    ("console:items", W("事项包", "Item packs"), "package", {roles.ITEM_EDITOR}),
    ("console:packages", W("一件事套餐", "Packages of items"), "folder", {roles.ITEM_EDITOR}),
    ("console:rulesets", W("秒批规则", "Instant rules"), "list-check", LETS | {roles.ITEM_EDITOR, roles.SUPERVISOR}),
    ("console:workbooks", W("事项表格", "Items as workbook"), "list-details", {roles.ITEM_EDITOR}),
    ("console:lists", W("事项清单", "Lists of items"), "checklist", {roles.ITEM_EDITOR}),
    ("console:registry", W("共享库与来源", "Shared bases"), "books", {roles.SYSTEM_ADMIN, roles.ITEM_EDITOR}),
    ("console:registry-batches", W("批量导入", "Batches"), "file-upload", {roles.ITEM_EDITOR}),
    ("console:registry-contradictions", W("数据矛盾", "Contradictions"), "scale", {roles.ITEM_EDITOR}),
    ("console:searches", W("搜索与说法", "Searches and words"), "search", {roles.ITEM_EDITOR}),
)
DESK = (
    "counter:desk",
    W("回到窗口工作台", "Back to the counter"),
    "arrow-left",
    {roles.HALL_MANAGER, roles.CHIEF_REPRESENTATIVE},
)
OFFICE = ("office:tasks", W("回到审批工作台", "Back to the office"), "arrow-left", {roles.REVIEWER, roles.SUPERVISOR})
NO_MOMENT = W("时间应写作 2026-12-31T09:00", "Write the time as 2026-12-31T09:00")
NO_DATE = W("日期应写作 2026-12-31", "Write the date as 2026-12-31")


def nav_of(actor: Actor) -> list[tuple[str, Words, str, int | None]]:
    """The pages that this actor's roles open."""
    pages = [
        (name, words, picture, None)
        for name, words, picture, who in (*PAGES, DESK, OFFICE)
        if actor.roles & frozenset(who)
    ]
    return list(pages)


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    refused: Refused | None = None,
    names: Mapping[str, str] | None = None,
) -> HttpResponse:
    """A page of the console; after a refusal with all reasons and what was typed. `key` makes the next press count once.

    `names` says which input a reason's field stands for, where it is called otherwise.
    """
    common = {
        "nav": nav_of(actor_of(request)),
        "problems": problems_sent(request, [_plain(reason, names or {}) for reason in refused.reasons])
        if refused
        else NONE,
        "typed": request.POST if refused else {},
        "key": str(new_id()),
    }
    return _render(request, template, {**common, **context}, status=refused.status if refused else 200)


def _plain(reason: Reason, names: Mapping[str, str]) -> Reason:
    """The reason with the plain name of the page's input in the place of a pointer."""
    field = (reason.field or "").strip("/")
    return Reason(reason.code, reason.words, names.get(field, field) or None, reason.basis)


def save(
    request: HttpRequest,
    act: str,
    do: Callable[[Actor, datetime], JsonDict | None],
    *,
    done: Words,
    then: Callable[[JsonDict], str],
    again: Callable[[Refused], HttpResponse],
) -> HttpResponse:
    """Do what the form asks, once for its key, and go on with a note; a refusal shows the page again with every reason.

    What is not there, or not theirs, is a 404 like anywhere. Passwords stay out of what is kept of the form.
    """
    actor, at = actor_of(request), now()
    sent = {
        name: values
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", "key"} and "password" not in name
    }
    try:
        answer, _ = run_once(
            key=params.text(request, "key") or str(new_id()),
            scope=scope_of(actor, f"console.{act}"),
            body_hash=body_hash({"path": request.path, "form": sent}),
            at=at,
            do=lambda: do(actor, at) or {},
        )
    except NotFound:
        raise
    except Refused as refused:
        return again(refused)
    note(request, done)
    return HttpResponseRedirect(then(answer))


Act = tuple[str, Callable[[Actor, datetime], JsonDict | None], Words]  # its scope, what it does, what the note says


def act(
    request: HttpRequest,
    acts: Mapping[str, Act],
    *,
    then: str | Callable[[JsonDict], str],
    again: Callable[[Refused], HttpResponse],
) -> HttpResponse:
    """The act that the form names by `act`, done once; a name that the page does not have is a 404."""
    named = acts.get(params.text(request, "act"))
    if named is None:
        raise NotFound(W("页面", "page"))
    scope, do, done = named
    return save(request, scope, do, done=done, then=(lambda _: then) if isinstance(then, str) else then, again=again)


def codes_of(request: HttpRequest, name: str, *, longest: int = 2000) -> list[str]:
    """Codes typed into one input, apart by spaces or commas."""
    return params.text(request, name, longest=longest).replace("，", " ").replace(",", " ").split()


def words_of(request: HttpRequest, name: str, zh: int, en: int) -> Words:
    """Two inputs of the form, as long as the table keeps them."""
    return W(params.text(request, f"{name}_zh", longest=zh), params.text(request, f"{name}_en", longest=en))


def day_of(request: HttpRequest, name: str) -> date | None:
    """A day of the form; None when it was left empty. Refused when it is no day."""
    text = params.text(request, name, longest=20)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(Reason("NOT_A_DATE", NO_DATE, f"/{name}")) from None


def moment_of(request: HttpRequest, name: str) -> datetime | None:
    """A local time of the form; None when it was left empty."""
    text = params.text(request, name, longest=30)
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) if text else None
    except ValueError:
        raise Refused(Reason("NOT_A_MOMENT", NO_MOMENT, name)) from None


def days_of(request: HttpRequest, *names: str) -> dict[str, date | None]:
    """Days of the form by name. Refused with every one that is no day."""
    days, wrong = days_and_faults(request, *names)
    refuse_all(wrong)
    return days


def days_and_faults(request: HttpRequest, *names: str) -> tuple[dict[str, date | None], list[Reason]]:
    """Days of the form by name, and why the others are none: for a form that names its other faults beside them."""
    days: dict[str, date | None] = {}
    wrong: list[Reason] = []
    for name in names:
        try:
            days[name] = day_of(request, name)
        except Refused as refused:
            wrong += refused.reasons
    return days, wrong


def chosen(request: HttpRequest, name: str) -> UUID | None:
    """The id chosen in a list of the form; None when it was left open."""
    return params.uuid_or_none(params.text(request, name))


def place_options() -> list[tuple[str, Words]]:
    """Every place for a list to choose from, those below others set in."""
    found: list[tuple[str, Words]] = []

    def walk(nodes: tuple[PlaceNode, ...], depth: int) -> None:
        for node in nodes:
            mark = "　" * depth
            found.append((str(node.place.id), W(f"{mark}{node.place.name.zh}", f"{mark}{node.place.name.en}")))
            walk(node.children, depth + 1)

    walk(network.place_tree(), 0)
    return found


def department_options() -> list[tuple[str, Words]]:
    """Every open department for a list to choose from."""
    return [(str(row.id), row.name) for row in network.list_open_departments()]
