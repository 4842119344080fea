"""Lists of items by batch, target and date (事项清单): what was promised by when, how far it has come, and which items."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.catalog import figures
from yichuang.catalog.values import AREAS, ListRule
from yichuang.core.clock import now
from yichuang.core.words import W, Words
from yichuang.webkit.pages import render
from yichuang.webkit.params import text

_VISITS = W("最多跑 {n} 次", "At most {n} visits")
_NONE = W("不用跑", "No visit")


def lists(request: HttpRequest) -> HttpResponse:
    """Every list with its progress, by batch."""
    return render(request, "portal/lists.html", {"lists": figures.list_progress(at=now())})


def one_list(request: HttpRequest, code: str) -> HttpResponse:
    """One list: progress, what an item must be, the items that are, and the named ones that are not yet."""
    at, cursor = now(), text(request, "cursor") or None
    progress = figures.get_progress(code, at=at)
    page = figures.listed(code, cursor, at=at)
    names = figures.waiting_names(progress, at=at)
    here = reverse("portal:list", args=[code])
    context = {
        "p": progress,
        "asked": asked(progress.list.rule),
        "found": page.items,
        "more": f"{here}?cursor={page.next}" if page.next else "",
        "first": here if cursor else "",
        "waiting": [(one, names.get(one)) for one in progress.waiting],
    }
    return render(request, "portal/list.html", context)


def asked(rule: ListRule) -> list[Words]:
    """What an item must be, in words."""
    said = [mark.words for mark in rule.marks]
    if rule.area:
        said.append(AREAS[rule.area])
    if rule.visits is not None:
        said.append(_VISITS.format(n=rule.visits) if rule.visits else _NONE)
    return said
