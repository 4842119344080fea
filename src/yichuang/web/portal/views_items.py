"""Finding an item, reading its guide, and my own list of materials after two or three questions."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.catalog import commands as catalog_commands
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import AREAS, AUDIENCES, ItemFilters, ItemRow, Mark
from yichuang.core.clock import now
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.network.values import Scope
from yichuang.web.portal import halls
from yichuang.webkit.guides import answers_from, flow_of, my_list, options_of
from yichuang.webkit.languages import locale_of
from yichuang.webkit.pages import is_fragment, render
from yichuang.webkit.params import choice, text

# the catalogue's words for 通办范围 are the network's
SCOPES = {scope.value for scope in Scope}
WAYS = {"window": W("窗口", "At a window"), "online": W("网上", "Online"), "post": W("邮寄", "By post")}

MOST_TOPICS = 20  # that a page may listen to
VISITS = [("0", W("不用跑", "No visit")), ("1", W("最多跑一次", "One visit at most"))]


def items(request: HttpRequest) -> HttpResponse:
    """Items by words, audience, mark, department, letter; a search that finds nothing is kept for the editors."""
    at, q = now(), text(request, "q", longest=60)
    filters = ItemFilters(
        department=choice(request, "department", {d.code for d in network.list_departments()}),
        audience=choice(request, "audience", set(AUDIENCES)),
        theme=text(request, "theme", longest=30),
        marks=tuple(m for m in request.GET.getlist("mark") if m in set(Mark)),
        letter=text(request, "letter", longest=1).upper(),
        area=choice(request, "area", set(AREAS)),
        visits={"0": 0, "1": 1}.get(request.GET.get("visits", "")),
    )
    if q:
        found = catalog.search_items(q, limit=20, at=at, filters=filters)
        following = None
        if not found:
            catalog_commands.record_unanswered(query=q, at=at)
    else:
        page = catalog.list_items(filters, cursor=text(request, "cursor") or None, limit=20, at=at)
        found, following = page.items, page.next
    context = {
        "q": q, "found": found, "next": following, "filters": filters, "marks": list(Mark), "theme": _theme(found, filters.theme),
        "audiences": [(code, words) for code, (_, words) in AUDIENCES.items()],
        "areas": list(AREAS.items())[1:], "visits": VISITS,
        "departments": [(d.code, d.name) for d in network.list_departments()], "more": _address(request, following),
        "first": _address(request, None) if request.GET.get("cursor") else "",
    }  # fmt: skip
    return render(request, "portal/items_list.html" if is_fragment(request) else "portal/items.html", context)


def _theme(found: Sequence[ItemRow], theme: str) -> Words:
    """The theme in both languages, as the items found name it."""
    names = (words for row in found for words in (*row.themes, *row.life_events))
    return next((words for words in names if words.zh == theme), Words(theme, theme))


def _address(request: HttpRequest, cursor: str | None) -> str:
    """The address of the same list at a cursor ("" when there is no next page)."""
    query = request.GET.copy()
    query.pop("cursor", None)
    if cursor:
        query["cursor"] = cursor
    return f"{reverse('portal:items')}?{query.urlencode()}"


def item(request: HttpRequest, code: str) -> HttpResponse:
    """The guide: can I, what do I need, how long, how much, where; then the whole text. The answers stay in the address."""
    at = now()
    guide = catalog.get_guide(code, at=at)
    pack = catalog.get_pack(code, at=at)
    answers = answers_from(request.GET, pack)
    context = {
        "guide": guide,
        "pack": pack,
        "open_now": options_of(pack, answers),
        "places": halls.taking(network.places_taking(code, pack.scope.area, at)[:8], code, pack.department, at),
        "department": network.get_department(pack.department),
        "flow": flow_of(pack, locale_of(request)),
        **my_list(pack, answers),
    }
    template = "portal/item_mine.html" if is_fragment(request) else "portal/item.html"
    if request.GET.get("print"):
        template = "portal/item_print.html"
    return render(request, template, context)


def item_halls(request: HttpRequest, code: str) -> HttpResponse:
    """Every hall that takes the item, as it stands now; fetched anew by itself."""
    at = now()
    pack = catalog.get_pack(code, at=at)
    taking = halls.taking(network.places_taking(code, pack.scope.area, at), code, pack.department, at)
    rows = halls.by_wait(halls.with_hours(taking, at))
    topics = [f"hall:{row.place.id}" for row in rows if row.now and row.opening.open][:MOST_TOPICS]
    template = "portal/item_halls_now.html" if is_fragment(request) else "portal/item_halls.html"
    return render(request, template, {"pack": pack, "rows": rows, "topics": topics})


def start(request: HttpRequest, code: str) -> HttpResponse:
    """开始办理: the answers given on the guide page go along into the filing."""
    pack = catalog.get_pack(code, at=now())
    return HttpResponseRedirect(
        reverse("portal:file-start", args=[code], query=answers_from(request.GET, pack) or None)
    )
