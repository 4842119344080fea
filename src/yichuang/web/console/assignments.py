"""事项归口: which department answers for which item, where it is handled, and at which posts; many changed at once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.catalog import figures
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import ItemFilters, ItemRow, Mark
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.paging import Page
from yichuang.core.refusals import NotFound, Reason, Refused, refuse_all
from yichuang.core.words import W
from yichuang.engine.values import read_process
from yichuang.network import commands
from yichuang.network import queries as network
from yichuang.network.permissions import can_change_network, check_can_change_network
from yichuang.network.values import RULE_WORDS, AssignmentRule
from yichuang.people import queries as people
from yichuang.web.console.pages import render, save
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of

SAVED = W("归口已保存，新收的件按此办理", "Saved; what is filed from now on goes that way")
NONE_CHOSEN = W("请勾选至少一个事项", "Tick at least one item")
NO_DEPARTMENT = W("请选择部门", "Choose a department")
NO_RULE = W("请选择在哪里办", "Choose where it is handled")
AT_ONCE = 50  # items of a page


def assignments(request: HttpRequest) -> HttpResponse:
    """The published items with who answers for them; a form assigns those that are ticked."""
    if request.method != "POST":
        return _page(request)
    check_can_change_network(actor_of(request))
    return save(
        request,
        "assign_items",
        lambda actor, at: _assign(request, actor, at),
        done=SAVED,
        then=lambda _: f"{reverse('console:assignments')}?{request.GET.urlencode()}",
        again=lambda refused: _page(request, refused),
    )


def _assign(request: HttpRequest, actor: Actor, at: datetime) -> None:
    items = params.several(request, "item", most=AT_ONCE)
    department = params.text(request, "department", longest=20)
    rule = params.choice(request, "rule", {member.value for member in AssignmentRule})
    missing = ((items, "items", NONE_CHOSEN), (department, "department", NO_DEPARTMENT), (rule, "rule", NO_RULE))
    refuse_all([Reason("MISSING", words, field) for value, field, words in missing if not value])
    for item in items:
        if not catalog.list_versions(item):
            raise NotFound(W("事项", "item"))
        commands.assign_item(
            actor=actor,
            item_code=item,
            department=department,
            rule=AssignmentRule(rule),
            place=params.text(request, "place", longest=40) or None,
            at=at,
        )


def _asked(request: HttpRequest) -> dict[str, str]:
    """What the address asks for, also when a form is sent."""
    return {name: str(request.GET.get(name, "")).strip()[:60] for name in ("q", "organ", "mark", "list")}


def _items(request: HttpRequest, asked: Mapping[str, str], at: datetime) -> Page[ItemRow]:
    marks = (asked["mark"],) if asked["mark"] in {mark.value for mark in Mark} else ()
    filters = ItemFilters(department=asked["organ"], marks=marks)
    cursor = str(request.GET.get("cursor", ""))[:500] or None
    if asked["list"]:
        return figures.listed(asked["list"], cursor, AT_ONCE, at=at)
    if asked["q"]:
        return Page(catalog.search_items(asked["q"], AT_ONCE, at=at, filters=filters), None)
    return catalog.list_items(filters, cursor, AT_ONCE, at=at)


@network.one_look()
def _page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    actor, at, asked = actor_of(request), now(), _asked(request)
    page, known = _items(request, asked, at), {row.item_code: row for row in network.list_assignments()}
    may_assign = can_change_network(actor)
    held = people.post_holders(actor, at=at) if may_assign else None
    context: dict[str, Any] = {
        "page": page,
        "rows": [(item, known.get(item.code), _posts(item, held, at)) for item in page.items],
        "asked": asked,
        "may_assign": may_assign,
        "departments": {row.code: row for row in network.list_departments()},
        "open_departments": [(row.code, row.name) for row in network.list_open_departments()],
        "places": network.places_by_id(),
        "place_codes": [(row.code, row.name) for row in network.list_places() if row.active and row.takes_filings],
        "rules": [(member.value, words) for member, words in RULE_WORDS.items()],
        "rule_words": RULE_WORDS,
        "post_names": {post.code: post.name for post in network.list_posts()},
        "marks": {mark.value: mark.words for mark in Mark},
        "lists": [progress.list for progress in figures.list_progress(at=at)],
        "ticked": set(params.several(request, "item", most=AT_ONCE)) if refused else set(),
    }
    return render(request, "console/assignments.html", context, refused)


def _posts(item: ItemRow, held: Mapping[str, Any] | None, at: datetime) -> list[tuple[str, bool]]:
    """The posts that the item's process names, and whether somebody sits there (where one may know)."""
    pack = catalog.get_pack(item.code, version=item.version, at=at)
    posts = dict.fromkeys(post for task in read_process(pack.process_xml).tasks for post in task.posts)
    return [(post, held is None or any(holder.open for holder in held.get(post, ()))) for post in posts]
