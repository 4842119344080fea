"""我的预约: what is to come, what I wait for; cancel, check in, take what is kept for me, put it into a calendar."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.catalog import queries as catalog
from yichuang.core.clock import local_date, now
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.visits import queries as visits
from yichuang.visits.commands.booking import cancel_booking, check_in, confirm_offer, leave_waiting_list
from yichuang.visits.commands.home import withdraw_fingerprint
from yichuang.visits.values import KIND_WORDS, BookingKind, BookingPage, Source
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import settle
from yichuang.webkit.calendars import Event, calendar_file
from yichuang.webkit.downloads import download
from yichuang.webkit.filters import say
from yichuang.webkit.pages import note, render
from yichuang.webkit.problems import NONE, problems_sent

PAGE = W("页面", "page")
TAKEN = W("预约成功，预约号 {number}", "Booked: number {number}")
CANCELLED = W("预约已取消", "The appointment is cancelled")
LEFT = W("已退出候补", "You have left the waiting list")
ARRIVED = W("报到成功，您的号是 {number}", "Checked in: your number is {number}")
WITHDRAWN = W("已撤回，不再采集指纹", "Taken back: no fingerprint is taken")
VISIT = W("到大厅办事", "A visit to the hall")
IN_CALENDAR = W("{what}（预约号 {number}）", "{what} (appointment {number})")
MIND = W("来不了请提前 2 小时取消或改期：{link}", "If you cannot come, cancel or move it two hours before: {link}")


def mine(request: HttpRequest) -> HttpResponse:
    """My appointments, what I wait for, and whether booking is paused."""
    actor, at = actor_of(request), now()
    rows, waits = visits.my_bookings(actor, at=at), visits.my_waits(actor, at=at)
    assert actor.id is not None  # the route lets in persons only
    context = {
        "coming": [row for row in rows if row.state == "BOOKED"],
        "past": [row for row in rows if row.state != "BOOKED"],
        "waits": waits,
        "places": {
            one: network.get_place_by_id(one) for one in {*(row.place for row in rows), *(row.place for row in waits)}
        },
        "kinds": KIND_WORDS,
        "names": _names(
            item for items in (*(row.items for row in rows), *(row.items for row in waits)) for item in items
        ),
        "standing": visits.standing_of(actor.id, at=at),
        "today": local_date(at),
    }
    return render(request, "portal/booking/mine.html", context)


def _names(items: Iterable[str]) -> Mapping[str, Words]:
    return {code: catalog.published_name(code) or Words(code, code) for code in set(items)}


def one(request: HttpRequest, booking: UUID) -> HttpResponse:
    """One appointment of mine."""
    return _page(request, booking)


def _page(request: HttpRequest, booking: UUID, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    page = visits.booking_page(actor, booking, at=at)
    context = {
        "booking": page,
        "row": page.row,
        "place": network.get_place_by_id(page.row.place),
        "kind": KIND_WORDS[page.row.kind],
        "home": visits.given_at_home(actor, booking, at=at) if page.row.kind is BookingKind.HOME else None,
        "names": _names(page.row.items),
        "mine": page.row.person == actor.id,
        "today": local_date(page.row.starts_at) == local_date(at),
        "to_come": at < page.check_in_from,
        "problems": problems_sent(request, refused) if refused else NONE,
    }
    return render(request, "portal/booking/one.html", context, status=refused.status if refused else 200)


def step(request: HttpRequest, booking: UUID, step: str) -> HttpResponse:
    """Cancel it, or check in: the number's own page follows."""
    actor, at = actor_of(request), now()
    then: list[str] = []

    def arrive() -> None:
        place = visits.booking_page(actor, booking, at=at).row.place
        taken = check_in(actor=actor, place=place, source=Source.PHONE, key=f"{actor.id}", booking=booking, at=at)
        note(request, ARRIVED.format(number=taken.number))
        then.append(reverse("portal:ticket", args=[taken.token]))

    def cancel() -> None:
        cancel_booking(actor=actor, booking=booking, at=at)
        note(request, CANCELLED)
        then.append(reverse("portal:bookings"))

    def no_fingerprint() -> None:
        withdraw_fingerprint(actor=actor, booking=booking, at=at)
        note(request, WITHDRAWN)
        then.append(reverse("portal:booking", args=[booking]))

    steps = {"check-in": arrive, "cancel": cancel, "no-fingerprint": no_fingerprint}
    if step not in steps:
        raise NotFound(PAGE)
    answer = settle(request, steps[step], done=None, then="", again=lambda refused: _page(request, booking, refused))
    return HttpResponseRedirect(then[0]) if then else answer


def calendar(request: HttpRequest, booking: UUID) -> HttpResponse:
    """The appointment as a file that a calendar takes in (.ics); taken in again after a change it replaces the old one."""
    page = visits.booking_page(actor_of(request), booking, at=now())
    return download(
        calendar_file([_event(page)]), name=f"{page.row.number}.ics", media_type="text/calendar; charset=utf-8"
    )


def _event(page: BookingPage) -> Event:
    """No address of a home visit: whoever shares their calendar shares what stands in it."""
    row, base = page.row, settings.YICHUANG_BASE_URL.rstrip("/")
    place = network.get_place_by_id(row.place)
    what = _names(row.items[:1]).get(row.items[0], VISIT) if row.items else VISIT
    link = base + reverse("portal:booking", args=[row.id])
    return Event(
        uid=f"{row.id}@{base.partition('//')[2] or 'yichuang'}",
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        changed_at=row.changed_at,
        sequence=row.sequence,
        cancelled=row.state == "CANCELLED",
        title=say(IN_CALENDAR.format(what=what, number=row.number)),
        where=say(KIND_WORDS[row.kind]) if row.kind.value != "hall" else f"{say(place.name)} {say(place.address)}",
        about=say(MIND.format(link=link)),
        link=link,
    )


def wait_step(request: HttpRequest, waiting: UUID, step: str) -> HttpResponse:
    """Take what is kept for me, or leave the list; a refusal is said on the list."""
    actor, at = actor_of(request), now()
    then = [reverse("portal:bookings")]

    def confirm() -> None:
        taken = confirm_offer(actor=actor, waiting=waiting, at=at)
        note(request, TAKEN.format(number=taken.number))
        then.append(reverse("portal:booking", args=[taken.id]))

    def leave() -> None:
        leave_waiting_list(actor=actor, waiting=waiting, at=at)
        note(request, LEFT)

    steps = {"confirm": confirm, "leave": leave}
    if step not in steps:
        raise NotFound(PAGE)

    def again(refused: Refused) -> HttpResponse:
        for reason in refused.reasons:
            note(request, reason.words, kind="warn")
        return HttpResponseRedirect(then[0])

    answer = settle(request, steps[step], done=None, then=then[0], again=again)
    return HttpResponseRedirect(then[1]) if len(then) > 1 else answer
