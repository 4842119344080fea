"""取号 and 报到 at the kiosk: choose a queue or show the card, get a number on paper and on the screen, look at it again."""

from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.devices import queries as devices
from yichuang.devices.commands import print_slip, read_card
from yichuang.devices.values import FAULT_WORDS, DeviceKind
from yichuang.feedback import queries as feedback
from yichuang.feedback.commands.rate import rate as rate_service
from yichuang.feedback.values import LEVEL_WORDS
from yichuang.people import queries as people
from yichuang.visits import queries as visits
from yichuang.visits.commands.booking import check_in
from yichuang.visits.commands.tickets import return_after_pass, take_ticket
from yichuang.visits.values import CLASS_WORDS, MyTicket, Source
from yichuang.web.kiosk.slips import address_of, slip_of
from yichuang.web.kiosk.standing import Standing, at_kiosk
from yichuang.webkit import params
from yichuang.webkit.languages import locale_of
from yichuang.webkit.pages import note
from yichuang.webkit.pictures import qr_of
from yichuang.webkit.problems import NONE, problems_sent

CARD_READ = W("证件已读，取到的号会记在您名下", "The card was read: the number will be in your name")
CARD_UNKNOWN = W(
    "证件已读。您还没有在本系统办过事，可以直接取号。",
    "The card was read. You have done nothing here before; just take a number.",
)
RATED = W("已收到您的评价，谢谢", "Your rating has arrived. Thank you")
NO_SUCH_NUMBER = W(
    "今天没有这个号。请核对小票上的号码，如 A012。",
    "There is no such number today. Look at your slip: it is like A012.",
)


@at_kiosk
def take(standing: Standing) -> HttpResponse:
    """Which queue; a press gives a number, once for its key however often it is pressed."""
    if standing.request.method != "POST":
        return _choices(standing)
    request, queue = standing.request, params.uuid(params.text(standing.request, "queue"))
    try:
        taken = take_ticket(
            actor=standing.actor,
            place=standing.place.id,
            source=Source.KIOSK,
            queue=queue,
            key=params.text(request, "key", longest=40),
            person=standing.person,
            at=standing.at,
        )
    except Refused as refused:
        return _choices(standing, refused)
    return given(standing, taken.token)


def _choices(standing: Standing, refused: Refused | None = None) -> HttpResponse:
    queues = visits.queues_of(standing.place.id, at=standing.at)
    return standing.page(
        "kiosk/take.html",
        status=refused.status if refused else 200,
        queues=[one for one in queues if not one.priority_only and not one.shut],
        hours=visits.hall_hours(standing.place.id, at=standing.at),
        green=any(one.priority_only for one in queues),
        has_reader=devices.has_at(standing.actor, DeviceKind.READER),
        person=people.get_party(standing.person) if standing.person else None,
        press_key=params.text(standing.request, "key", longest=40) or new_id().hex,
        problems=problems_sent(standing.request, refused) if refused else NONE,
    )


@at_kiosk
def card(standing: Standing) -> HttpResponse:
    """刷证: the number that is taken afterwards is this person's."""
    try:
        known = read_document(standing)
    except Refused as refused:
        return _choices(standing, refused)
    note(standing.request, CARD_READ if known else CARD_UNKNOWN)
    return HttpResponseRedirect(reverse("kiosk:take"))


def read_document(standing: Standing) -> UUID | None:
    """Whose card lies on the reader, for the time of this visit; None for somebody who has done nothing here before."""
    found = read_card(actor=standing.actor)
    known = next(iter(people.find_parties(found.number)), None)
    standing.remember(person=str(known.id) if known else "", card="1" if known else "")
    return known.id if known else None


@at_kiosk
def arrive(standing: Standing) -> HttpResponse:
    """预约报到: the card on the reader names the appointment; its number comes out once, however often it is pressed."""
    if standing.request.method != "POST":
        return _arriving(standing)
    key = params.text(standing.request, "key", longest=40)
    try:
        taken = check_in(
            actor=standing.actor, place=standing.place.id, source=Source.KIOSK, key=key, person=read_document(standing),
            at=standing.at,
        )  # fmt: skip
    except Refused as refused:
        return _arriving(standing, refused)
    return given(standing, taken.token)


def _arriving(standing: Standing, refused: Refused | None = None) -> HttpResponse:
    return standing.page(
        "kiosk/check_in.html",
        status=refused.status if refused else 200,
        has_reader=devices.has_at(standing.actor, DeviceKind.READER),
        press_key=params.text(standing.request, "key", longest=40) or new_id().hex,
        problems=problems_sent(standing.request, refused) if refused else NONE,
    )


def given(standing: Standing, token: str) -> HttpResponse:
    """The page of a number that was just given, and its slip."""
    standing.remember(token=token)
    _print(standing, visits.my_ticket(token, at=standing.at), token)
    return HttpResponseRedirect(reverse("kiosk:ticket"))


@at_kiosk
def ticket(standing: Standing) -> HttpResponse:
    """The number that was taken or shown: how far it is, how it goes on a phone, what became of the slip."""
    return _ticket(standing)


def _ticket(standing: Standing, refused: Refused | None = None) -> HttpResponse:
    mine = _mine(standing)
    if mine is None:
        return HttpResponseRedirect(reverse("kiosk:home"))
    served = None if visits.is_node() else mine.encounter  # a node would keep the rating to itself
    asked = feedback.find_asked("stay", served, at=standing.at) if served else None
    return standing.page(
        "kiosk/ticket.html",
        asked=asked.state if asked else "",
        levels=[(int(level), words) for level, words in LEVEL_WORDS.items()],
        press_key=new_id().hex,
        status=refused.status if refused else 200,
        mine=mine,
        classes=CLASS_WORDS,
        code=qr_of(address_of(standing.token)),
        printed=devices.find_printed(standing.actor, _slip_key(mine)),
        faults=FAULT_WORDS,
        problems=problems_sent(standing.request, refused) if refused else NONE,
    )


@at_kiosk
def again(standing: Standing) -> HttpResponse:
    """Print once more what surely did not come out (the paper was changed, the cover closed)."""
    mine = _mine(standing)
    if mine is not None:
        _print(standing, mine, standing.token)
    return HttpResponseRedirect(reverse("kiosk:ticket"))


@at_kiosk
def come_back(standing: Standing) -> HttpResponse:
    """过号重排, by who holds the ticket."""
    mine = _mine(standing)
    try:
        if mine is not None:
            return_after_pass(actor=visits.holder(mine), ticket=mine.ticket, at=standing.at)
    except Refused as refused:
        return _ticket(standing, refused)
    return HttpResponseRedirect(reverse("kiosk:ticket"))


@at_kiosk
def rate(standing: Standing) -> HttpResponse:
    """评价 of the service that has ended, by who holds its ticket: one press, once."""
    mine = _mine(standing)
    if mine is None or mine.encounter is None:
        return HttpResponseRedirect(reverse("kiosk:home"))
    try:
        rate_service(
            actor=standing.actor,
            token=feedback.token_for("stay", mine.encounter),
            level=params.whole(standing.request, "level") or None,
            key=params.text(standing.request, "key", longest=40),
            at=standing.at,
        )
    except Refused as refused:
        return _ticket(standing, refused)
    note(standing.request, RATED)
    return HttpResponseRedirect(reverse("kiosk:ticket"))


@at_kiosk
def find(standing: Standing) -> HttpResponse:
    """Look at a number: by its letters how far it is; by the code on the slip all that its holder may."""
    told = params.text(standing.request, "number", longest=200)
    if standing.request.method != "POST" or not told:
        return _finding(standing)
    try:
        if "/" in told:  # a scanner types the address of the code
            token = urlsplit(told).path.rstrip("/").rsplit("/", 1)[-1]
            visits.my_ticket(token, at=standing.at)
            standing.remember(token=token)
            return HttpResponseRedirect(reverse("kiosk:ticket"))
        mine = visits.ticket_here(standing.actor, standing.place.id, told, at=standing.at)
    except NotFound:
        return _finding(standing, refused=Refused(Reason("NO_SUCH_NUMBER", NO_SUCH_NUMBER, "/number")))
    standing.remember()
    return _finding(standing, mine)


def _finding(standing: Standing, mine: MyTicket | None = None, refused: Refused | None = None) -> HttpResponse:
    return standing.page(
        "kiosk/find.html",
        status=refused.status if refused else 200,
        mine=mine,
        classes=CLASS_WORDS,
        letters=[one.letter for one in visits.queues_of(standing.place.id, at=standing.at)],
        typed=params.text(standing.request, "number", longest=10) if refused else "",
        problems=problems_sent(standing.request, refused) if refused else NONE,
    )


def _mine(standing: Standing) -> MyTicket | None:
    try:
        return visits.my_ticket(standing.token, at=standing.at) if standing.token else None
    except NotFound:
        return None


def _print(standing: Standing, mine: MyTicket, token: str) -> None:
    hours = visits.hall_hours(standing.place.id, at=standing.at)
    slip = slip_of(standing.place, mine, token, hours, locale=locale_of(standing.request))
    print_slip(actor=standing.actor, key=_slip_key(mine), slip=slip, at=standing.at)


def _slip_key(mine: MyTicket) -> str:
    return f"ticket:{mine.ticket}"
