"""The first page: search, life events, my open cases with the next action on top, halls now."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse

from yichuang.cases import queries as cases
from yichuang.cases.states import ENDS, Turn
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import ItemRow
from yichuang.core.clock import now
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.network.values import PlaceKind
from yichuang.web.portal.drafts import list_lines
from yichuang.web.portal.halls import of_places
from yichuang.web.portal.views_cases import ACT_ON, WAITS_FOR
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import render

EXAMPLES = (
    W("养狗", "dog"),
    W("租房备案", "register a lease"),
    W("办营业执照", "business licence"),
    W("失业登记", "unemployed"),
)
# Pictures of life events and themes, by a character of their Chinese words; what has none gets a plain one.
PICTURES = (
    ("宠犬", "paw"), ("困", "wallet"), ("婚", "users"), ("退", "sun"), ("屋", "home-2"), ("买", "home"), ("租", "key"), ("房居", "home"), ("创", "bulb"), ("企商市店", "building-store"), ("找", "id-badge-2"), ("业工职", "briefcase"), ("医", "stethoscope"), ("保障", "heart"),
    ("生育婴童", "baby-carriage"), ("学教", "school"), ("车交通", "car"), ("老", "heart-handshake"), ("残", "accessible"),
    ("证身籍", "id"), ("城", "building-community"),
)  # fmt: skip
MOST_EVENTS, MOST_CASES, MOST_DRAFTS = 12, 5, 3
HALLS = frozenset({PlaceKind.DISTRICT_HALL, PlaceKind.SPECIAL_HALL, PlaceKind.SUBDISTRICT_HALL})
SHOWN_HALLS = 6


def home(request: HttpRequest) -> HttpResponse:
    """The start page; a person signed in sees their own cases first."""
    actor, at = actor_of(request), now()
    person = actor.kind == "person"
    mine = [row for row in cases.list_my_cases(actor, at=at).items if row.state not in ENDS] if person else []
    mine.sort(key=lambda row: row.turn is not Turn.APPLICANT)  # what waits for me first, else newest first
    places = network.list_places(kinds=HALLS)[:SHOWN_HALLS]
    halls = of_places([(place, network.opening(place.id, at)) for place in places], at)
    items = catalog.list_items(limit=100, at=at).items
    context = {
        "mine": mine[:MOST_CASES], "drafts": list_lines(actor, at=at, most=MOST_DRAFTS) if person else (), "halls": halls, "examples": EXAMPLES, "items": items[:8],
        "events": events_of(items), "turns": ACT_ON, "todo": WAITS_FOR,
    }  # fmt: skip
    return render(request, "portal/home.html", context)


def events_of(items: Sequence[ItemRow]) -> list[tuple[Words, str]]:
    """The life events of these items and then their themes, each once, with a picture."""
    found = [words for row in items for words in row.life_events] + [words for row in items for words in row.themes]
    once = {words.zh: words for words in found}
    return [(words, _picture(words.zh)) for words in list(once.values())[:MOST_EVENTS]]


def _picture(text: str) -> str:
    return next((picture for marks, picture in PICTURES if any(mark in text for mark in marks)), "list-details")
