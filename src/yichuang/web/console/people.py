"""Staff: the list, opening an account, and one member's page with account, roles, posts and history.

Opening and closing accounts is the system administrator's, roles and posts the security administrator's (三员分立).
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.core import ledger, roles
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date, now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.people import commands
from yichuang.people import queries as people
from yichuang.people.permissions import can_renew_password, renewer_of
from yichuang.people.values import StaffFilters
from yichuang.web.console.pages import (
    Act,
    JsonDict,
    act,
    chosen,
    days_of,
    department_options,
    place_options,
    render,
    save,
)
from yichuang.web.console.second import to_ask
from yichuang.web.console.words import history
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of

STATES = {
    "open": W("在用", "In use"),
    "closed": W("已停用", "Closed"),
    "powerless": W("没有角色", "Without a role"),
}
OPENED = W("账号已开通。请安全管理员授予角色后，本人才能办理业务。", "The account is open. It can do nothing until the security administrator grants a role.")  # fmt: skip
CHANGED = W("已保存", "Saved")
CLOSED = W("账号已停用，立即生效", "The account is closed, from this moment")
REOPENED = W("账号已恢复使用", "The account is open again")
RENEWED = W("密码已重置，所有登录已退出", "The password is new; every session has ended")
GRANTED = W("角色已授予。本人需要重新登录。", "The role is granted. They sign in again to use it.")
REVOKED = W("角色已收回，立即生效", "The role is taken back, from this moment")
POSTED = W("已安排到岗位。本人需要重新登录。", "They hold the post now. They sign in again to use it.")
UNPOSTED = W("已离开岗位，立即生效", "They left the post, from this moment")


@network.one_look()
def staff_list(request: HttpRequest) -> HttpResponse:
    """Everybody, by staff number; found by name, number, role, place and state."""
    actor, at = actor_of(request), now()
    filters = StaffFilters(
        text=params.text(request, "q", longest=40),
        role=params.choice(request, "role", roles.ALL),
        place=chosen(request, "place"),
        state=params.choice(request, "state", set(STATES)),  # type: ignore[arg-type]  # one of STATES
    )
    page = people.list_staff(actor, filters=filters, cursor=params.text(request, "cursor") or None, at=at)
    places, departments = network.places_and_departments()
    context = {
        "page": page,
        "filters": filters,
        "filtered": filters != StaffFilters(),
        "asked": {"q": filters.text, "role": filters.role, "place": filters.place or "", "state": filters.state},
        "roles": roles.WORDS,
        "states": STATES,
        "places": places,
        "departments": departments,
        "post_names": {post.code: post.name for post in network.list_posts()},
        "place_options": place_options(),
        "today": local_date(at),
        "may_open": roles.SYSTEM_ADMIN in actor.roles,
    }
    return render(request, "console/staff.html", context)


@network.one_look()
def open_account(request: HttpRequest) -> HttpResponse:
    """A new member of staff with a first password, which the page proposes."""
    if request.method != "POST":
        return _open_page(request)

    def do(actor: Actor, at: datetime) -> JsonDict:
        staff = commands.open_staff_account(
            actor=actor,
            username=params.text(request, "username"),
            name=params.text(request, "name"),
            staff_no=params.text(request, "staff_no"),
            password=params.text(request, "password"),
            phone=params.text(request, "phone"),
            place=chosen(request, "place"),
            department=chosen(request, "department"),
            window=params.text(request, "window"),
            at=at,
        )
        return {"staff": str(staff)}

    return save(
        request,
        "open_staff",
        do,
        done=OPENED,
        then=lambda answer: reverse("console:member", args=[answer["staff"]]),
        again=lambda refused: _open_page(request, refused),
    )


def _open_page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    context = {
        "place_options": place_options(),
        "department_options": department_options(),
        "password": params.text(request, "password") or commands.first_password(),
    }
    return render(request, "console/staff_new.html", context, refused)


def member(request: HttpRequest, staff: UUID) -> HttpResponse:
    return _member_page(request, staff)


@network.one_look()
def _member_page(request: HttpRequest, staff: UUID, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    row = people.staff_page(actor, staff)
    places, departments = network.places_and_departments()
    entries = (*ledger.list_entries(ledger.Subject("staff", row.id)), *ledger.list_entries(ledger.Subject("account", row.account)))  # fmt: skip
    posts = {post.code: post for post in network.list_posts()}
    held = {grant.role for grant in row.grants if not grant.valid_to or grant.valid_to >= local_date(at)}
    context = {
        "member": row,
        "places": places,
        "departments": departments,
        "posts": posts,
        "roles": roles.WORDS,
        "today": local_date(at),
        "own": row.id == actor.id,
        "renews": can_renew_password(actor, held),
        "renewer": roles.WORDS[renewer_of(held)],
        "keeps_account": roles.SYSTEM_ADMIN in actor.roles,
        "grants_powers": roles.SECURITY_ADMIN in actor.roles,
        "place_options": place_options(),
        "department_options": department_options(),
        "role_options": list(roles.WORDS.items()),
        "post_options": [(code, _post_label(code, post.name)) for code, post in posts.items()],
        "act": params.text(request, "act") if refused else "",
        "password": (refused and params.text(request, "password"))
        or commands.first_password(),  # what a fault is about
        "history": history(entries),
    }
    return render(request, "console/member.html", context, refused)


def _post_label(code: str, name: Words) -> Words:
    return W(f"{code} {name.zh}", f"{code} {name.en}")


def _do(request: HttpRequest, staff: UUID, acts: dict[str, Act]) -> HttpResponse:
    """The act that the form names, from the member's page and back to it."""
    if request.method != "POST":
        return _member_page(request, staff)
    shown = reverse("console:member", args=[staff])
    return act(request, acts, then=shown, again=lambda refused: _member_page(request, staff, refused))


def account(request: HttpRequest, staff: UUID) -> HttpResponse:
    """Name and seat, closing and opening: the system administrator's."""

    def switch(command: Callable[..., None]) -> Callable[[Actor, datetime], None]:
        return lambda actor, at: command(actor=actor, account=people.staff_page(actor, staff).account, at=at)

    def change(actor: Actor, at: datetime) -> None:
        commands.change_staff(
            actor=actor,
            staff=staff,
            name=params.text(request, "name"),
            place=chosen(request, "place"),
            department=chosen(request, "department"),
            window=params.text(request, "window"),
            at=at,
        )

    acts: dict[str, Act] = {
        "change": ("change_staff", change, CHANGED),
        "close": ("close_account", switch(commands.disable_account), CLOSED),
        "open": ("open_account", switch(commands.enable_account), REOPENED),
    }
    return _do(request, staff, acts)


def password(request: HttpRequest, staff: UUID) -> HttpResponse:
    """A new first password: by the one of the three offices that the owner's own does not watch."""

    def renew(actor: Actor, at: datetime) -> None:
        commands.renew_password(actor=actor, staff=staff, password=params.text(request, "password"), at=at)

    if request.method == "POST":
        actor, at = actor_of(request), now()
        held = people.staff_page(actor, staff).offices(local_date(at))
        if held and can_renew_password(actor, held):

            def again(refused: Refused) -> HttpResponse:
                return _member_page(request, staff, refused)

            return to_ask(request, commands.RENEW, {"staff": str(staff), "roles": sorted(held)}, again)
    return _do(request, staff, {"password": ("renew_password", renew, RENEWED)})


def powers(request: HttpRequest, staff: UUID) -> HttpResponse:
    """Roles and posts: the security administrator's."""

    def grant(actor: Actor, at: datetime) -> None:
        commands.grant_role(
            actor=actor,
            staff=staff,
            role=params.text(request, "role"),
            place=chosen(request, "place"),
            department=chosen(request, "department"),
            **days_of(request, "valid_from", "valid_to"),
            at=at,
        )

    def revoke(actor: Actor, at: datetime) -> None:
        held = {grant.id for grant in people.list_grants(actor, staff)}
        grant = chosen(request, "grant")
        if grant not in held:
            raise NotFound(W("授权", "grant"))
        commands.revoke_role(actor=actor, grant=grant, at=at)

    def assign(actor: Actor, at: datetime) -> None:
        commands.assign_post(actor=actor, staff=staff, post=params.text(request, "post"), at=at)

    def end(actor: Actor, at: datetime) -> None:
        commands.end_post(actor=actor, staff=staff, post=params.text(request, "post"), at=at)

    needs = _needs_two(request, staff)
    if needs is not None:
        return needs
    acts: dict[str, Act] = {
        "grant": ("grant_role", grant, GRANTED),
        "revoke": ("revoke_role", revoke, REVOKED),
        "assign": ("assign_post", assign, POSTED),
        "end": ("end_post", end, UNPOSTED),
    }
    return _do(request, staff, acts)


def _needs_two(request: HttpRequest, staff: UUID) -> HttpResponse | None:
    """The way to a second security administrator, where the form makes or unmakes one of the three administrators."""
    if request.method != "POST":
        return None
    act, role = params.text(request, "act"), params.text(request, "role")

    def again(refused: Refused) -> HttpResponse:
        return _member_page(request, staff, refused)

    if act == "grant" and role in roles.THREE_ADMINISTRATORS:
        try:
            days = days_of(request, "valid_from", "valid_to")
        except Refused as refused:
            return _member_page(request, staff, refused)
        seats = {name: chosen(request, name) for name in ("place", "department")}
        told = {name: str(value) if value else "" for name, value in {**days, **seats}.items()}
        return to_ask(request, commands.GRANT, {"staff": str(staff), "role": role, **told}, again)
    held = {row.id: row.role for row in people.list_grants(actor_of(request), staff)}
    grant = chosen(request, "grant")
    if act == "revoke" and grant is not None and held.get(grant) in roles.THREE_ADMINISTRATORS:
        return to_ask(request, commands.REVOKE, {"staff": str(staff), "grant": str(grant)}, again)
    return None
