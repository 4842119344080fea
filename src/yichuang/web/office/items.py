"""事项统计: how many items bear which mark, ask how many visits, can be filed where; and the lists with their progress."""

from django.http import HttpRequest, HttpResponse

from yichuang.catalog import figures
from yichuang.core.clock import now
from yichuang.web.office.supervision import nav_of
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import render


def items(request: HttpRequest) -> HttpResponse:
    """Numbers of the items that apply now."""
    at = now()
    context = {
        "nav": nav_of(actor_of(request)),
        "figures": figures.item_figures(at=at),
        "lists": figures.list_progress(at=at),
    }
    return render(request, "office/items.html", context)
