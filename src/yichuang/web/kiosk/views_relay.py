"""接力码 at the kiosk: what somebody began elsewhere, how far it is, and a number to go on with it at a window."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases.commands.relay import look_at_relay
from yichuang.cases.values import RelayLook
from yichuang.catalog import queries as catalog
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W, Words
from yichuang.visits import queries as visits
from yichuang.visits.commands.tickets import take_ticket
from yichuang.visits.values import Source
from yichuang.web.kiosk.standing import Standing, at_kiosk
from yichuang.web.kiosk.views_ticket import given
from yichuang.webkit import params
from yichuang.webkit.limits import RELAYS
from yichuang.webkit.problems import NONE, problems_sent

UNKNOWN = W(
    "没有这个接力码，或者已经过期，请在手机上重新生成",
    "There is no such code, or it is over: make a new one on your phone",
)


@at_kiosk
def relay(standing: Standing) -> HttpResponse:
    """The code and the end of the document's number: what was begun; nothing that was typed is shown here."""
    request = standing.request
    if request.method != "POST":
        return _page(standing)
    code, tail = params.text(request, "code", longest=200), params.text(request, "tail", longest=8)
    try:
        RELAYS.check(request, at=standing.at)
        look = look_at_relay(actor=standing.actor, code=code, tail=tail, at=standing.at)
    except NotFound:
        RELAYS.count(request, at=standing.at)
        return _page(standing, refused=Refused(Reason("NO_CODE", UNKNOWN, "/code"), kind="missing"))
    except Refused as refused:
        return _page(standing, refused=refused)
    standing.remember(person=str(look.owner), card="", relay_item=look.item_code)
    return _page(standing, look)


@at_kiosk
def take(standing: Standing) -> HttpResponse:
    """A number for the item that was begun, in its owner's name: the window that calls it goes on."""
    item = standing.request.session.get("visit", {}).get("relay_item", "")
    if not item or standing.person is None:
        return HttpResponseRedirect(reverse("kiosk:relay"))
    try:
        taken = take_ticket(
            actor=standing.actor,
            place=standing.place.id,
            source=Source.KIOSK,
            items=[item],
            key=params.text(standing.request, "key", longest=40),
            person=standing.person,
            at=standing.at,
        )
    except Refused as refused:
        return _page(standing, refused=refused)
    return given(standing, taken.token)


def _page(standing: Standing, look: RelayLook | None = None, refused: Refused | None = None) -> HttpResponse:
    code = look.item_code if look else ""
    return standing.page(
        "kiosk/relay.html",
        status=refused.status if refused else 200,
        look=look,
        name=catalog.published_name(code) or Words(code, code),
        gives=visits.has_queues(standing.place.id),
        press_key=new_id().hex,
        problems=problems_sent(standing.request, refused) if refused else NONE,
    )
