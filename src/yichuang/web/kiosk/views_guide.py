"""办事指南 at the kiosk: find an item, answer what narrows it, read what to bring; the phone takes it along by a QR code."""

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from yichuang.catalog import commands as catalog_commands
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import ItemFilters, ItemRow
from yichuang.core.words import Words
from yichuang.network import queries as network
from yichuang.visits import queries as visits
from yichuang.web.kiosk.standing import Standing, at_kiosk
from yichuang.webkit import params
from yichuang.webkit.guides import answers_from, flow_of, my_list, options_of
from yichuang.webkit.languages import locale_of
from yichuang.webkit.pictures import qr_of

SHOWN = 100  # of one theme


@at_kiosk
def guides(standing: Standing) -> HttpResponse:
    """Themes to press, words to type; what nothing answers is kept for the editors, as on the portal."""
    q, theme = params.text(standing.request, "q", longest=60), params.text(standing.request, "theme", longest=60)
    standing.remember()
    found: tuple[ItemRow, ...] = ()
    if q:
        found = tuple(catalog.search_items(q, limit=20, at=standing.at))
        if not found:
            catalog_commands.record_unanswered(query=q, at=standing.at)
    elif theme:
        found = tuple(catalog.list_items(ItemFilters(theme=theme), limit=SHOWN, at=standing.at).items)
    return standing.page("kiosk/guides.html", q=q, theme=theme, found=found, themes=_themes(standing))


def _themes(standing: Standing) -> list[Words]:
    """Every theme, in both languages where one of the first items names it."""
    first = catalog.list_items(limit=SHOWN, at=standing.at).items
    named = {words.zh: words for row in first for words in (*row.themes, *row.life_events)}
    return [named.get(theme, Words(theme, theme)) for theme in catalog.list_themes(at=standing.at)]


@at_kiosk
def guide(standing: Standing, code: str) -> HttpResponse:
    """The guide, word for word that of the portal; answers stay in the address until the visit ends."""
    found, pack = catalog.get_guide(code, at=standing.at), catalog.get_pack(code, at=standing.at)
    answers = answers_from(standing.request.GET, pack)
    standing.remember()
    return standing.page(
        "kiosk/guide.html",
        guide=found,
        pack=pack,
        open_now=options_of(pack, answers),
        department=network.get_department(pack.department),
        flow=flow_of(pack, locale_of(standing.request)),
        gives=visits.has_queues(standing.place.id),
        phone=qr_of(
            f"{settings.YICHUANG_BASE_URL}{reverse('portal:item', args=[code])}?{urlencode(answers)}".rstrip("?")
        ),
        **my_list(pack, answers),
    )
