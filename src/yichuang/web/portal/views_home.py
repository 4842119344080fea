"""The first page: search, life events, my open cases with the next action on top, halls now."""

from django.http import HttpRequest, HttpResponse

from yichuang.core.clock import now
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.network.values import PlaceKind
from yichuang.webkit.pages import render

EXAMPLES = (
    W("养狗", "dog"),
    W("租房备案", "register a lease"),
    W("办营业执照", "business licence"),
    W("失业登记", "unemployed"),
)
# Life events and themes of the catalogue, with their pictures. The Chinese word is what the catalogue knows them by.
EVENTS: tuple[tuple[Words, str], ...] = (
    (W("企业开办", "Starting a business"), "building-store"),
    (W("住房租房", "Housing"), "home"),
    (W("就业创业", "Work"), "briefcase"),
    (W("养犬", "Keeping a dog"), "paw"),
    (W("生育收养", "Children"), "baby-carriage"),
    (W("教育入学", "School"), "school"),
    (W("社保医保", "Insurance"), "heart"),
    (W("交通出行", "Travel"), "car"),
    (W("养老优待", "Older people"), "heart-handshake"),
    (W("身份户籍", "Identity"), "id"),
    (W("残疾服务", "Disability"), "accessible"),
    (W("证照查询", "Certificates"), "certificate"),
)
HALLS = frozenset({PlaceKind.DISTRICT_HALL, PlaceKind.SPECIAL_HALL, PlaceKind.SUBDISTRICT_HALL})
SHOWN_HALLS = 6


def home(request: HttpRequest) -> HttpResponse:
    """The start page; a person signed in sees their own cases first."""
    at = now()
    halls = [(place, network.opening(place.id, at)) for place in network.list_places(kinds=HALLS)[:SHOWN_HALLS]]
    context = {"halls": halls, "events": EVENTS, "examples": EXAMPLES, "items": (), "mine": (), "drafts": ()}
    return render(request, "portal/home.html", context)
