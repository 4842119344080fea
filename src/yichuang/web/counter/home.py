"""上门办 on the phone of who goes there: where to, papers photographed, originals that go along, the word on a fingerprint."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.core.clock import now
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.people import commands as people_commands
from yichuang.visits import queries as visits
from yichuang.visits.commands.home import (
    answer_fingerprint,
    begin_application,
    drop_photo,
    keep_photos,
    return_original,
    take_original,
    withdraw_fingerprint,
)
from yichuang.visits.values import ALTERNATIVE_WORDS, FINGERPRINT, RETURN_WORDS
from yichuang.web.counter import walkin
from yichuang.web.counter.bookings import hall_of
from yichuang.web.counter.keys import frame
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import settle
from yichuang.webkit.pages import note, render
from yichuang.webkit.pictures import qr_of
from yichuang.webkit.problems import NONE, problems_sent

PAGE = W("页面", "page")
TAKEN = W("已登记取件，收据号 {receipt}", "Put down: receipt {receipt}")
DONE = {
    "photo": W("已拍下，照片里的位置等信息已去掉", "Photographed; place and other data in the picture were taken off"),
    "drop": W("已删除这张照片", "The photograph is gone"),
    "consent": W("已登记本人的选择", "What they chose is on record"),
    "withdraw": W("已撤回指纹同意", "The consent to a fingerprint was taken back"),
}
RETURNED = W("已登记归还，本人已收到通知", "Put down as returned; the person has been told")


def visit(request: HttpRequest, booking: UUID) -> HttpResponse:
    """The visit, for who goes there; each look at the address is on record."""
    return _page(request, booking)


def step(request: HttpRequest, booking: UUID, step: str) -> HttpResponse:
    """Photograph a paper, drop a picture, take an original along, put down what was said to a fingerprint."""
    actor, at = actor_of(request), now()
    acts: dict[str, Callable[[], object]] = {
        "photo": lambda: _photo(request, booking, at),
        "drop": lambda: drop_photo(
            actor=actor, booking=booking, photo=params.uuid(params.text(request, "photo")), at=at
        ),
        "consent": lambda: answer_fingerprint(
            actor=actor,
            booking=booking,
            agreed=params.text(request, "answer") == "agree",
            alternative=params.text(request, "answer", longest=20),
            at=at,
        ),
        "withdraw": lambda: withdraw_fingerprint(actor=actor, booking=booking, at=at),
        "take": lambda: _take(request, booking, at),
    }
    if step not in acts:
        raise NotFound(PAGE)
    then = reverse("counter:home", args=[booking])
    return settle(
        request,
        acts[step],
        done=DONE.get(step),
        then=then,
        again=lambda refused: _page(request, booking, refused, step),
    )


def _photo(request: HttpRequest, booking: UUID, at: datetime) -> None:
    actor = actor_of(request)
    files, reasons = walkin.read_files(request, actor, at)
    material = params.text(request, "material", longest=80)
    kept = [(one.id, one.name) for one in files.get(material, ())]
    if kept or not reasons:
        keep_photos(actor=actor, booking=booking, material=material, uploads=kept, at=at)
    if reasons:
        raise Refused(*reasons)


def _take(request: HttpRequest, booking: UUID, at: datetime) -> None:
    receipt = take_original(
        actor=actor_of(request),
        booking=booking,
        name=params.text(request, "name", longest=200),
        pieces=params.whole(request, "pieces"),
        key=params.text(request, "key", longest=40) or new_id().hex,
        at=at,
    )
    note(request, TAKEN.format(receipt=receipt))


def draft(request: HttpRequest, booking: UUID) -> HttpResponse:
    """What was photographed becomes the person's draft: its code, shown once, for their phone and for this one."""
    actor, at = actor_of(request), now()
    try:
        made = begin_application(actor=actor, booking=booking, at=at)
    except NotFound:
        raise
    except Refused as refused:
        return _page(request, booking, refused)
    code = f"{made.code[:4]} {made.code[4:]}"
    address = request.build_absolute_uri(reverse("portal:relay-open", args=[made.code]))
    page = visits.home_page(actor, booking, at=at)
    context = {**frame(actor), "visit": page, "code": code, "until": made.until, "qr": qr_of(address)}
    return render(request, "counter/home_draft.html", context)


def receipt(request: HttpRequest, booking: UUID) -> HttpResponse:
    """What went along, to print or to show."""
    actor, at = actor_of(request), now()
    page = visits.receipt_page(actor, booking, at=at)
    return render(request, "counter/home_receipt.html", {**frame(actor), "receipt": page, "at": at})


def originals(request: HttpRequest) -> HttpResponse:
    """What went along from homes to this hall and is not back."""
    return _originals(request)


def give_back(request: HttpRequest, original: UUID) -> HttpResponse:
    """An original is with its person again."""
    actor, at, way = actor_of(request), now(), params.text(request, "way", longest=10)
    back = params.uuid_or_none(params.text(request, "booking"))
    then = reverse("counter:home", args=[back]) if back else reverse("counter:originals")
    return settle(
        request,
        lambda: return_original(actor=actor, original=original, way=way, at=at),
        done=RETURNED,
        then=then,
        again=lambda refused: _originals(request, refused),
    )


def _originals(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    context = {
        **frame(actor),
        "rows": visits.originals_out(actor, hall_of(actor), at=at),
        "ways": [(way.value, words) for way, words in RETURN_WORDS.items()],
        "problems": problems_sent(request, refused) if refused else NONE,
    }
    return render(request, "counter/originals.html", context, status=refused.status if refused else 200)


def _page(request: HttpRequest, booking: UUID, refused: Refused | None = None, step: str = "") -> HttpResponse:
    actor, at = actor_of(request), now()
    page = visits.home_page(actor, booking, at=at)
    people_commands.record_look(
        actor=actor, party=page.person, purpose="service", fields=("address", "mobile"), case_number="", at=at
    )
    context = {
        **frame(actor),
        "visit": page,
        "alternatives": [(one.value, words) for one, words in ALTERNATIVE_WORDS.items()],
        "fingerprint": FINGERPRINT,
        "ways": [(way.value, words) for way, words in RETURN_WORDS.items()],
        "press_key": params.text(request, "key", longest=40) if refused else new_id().hex,
        "failed": step,
        "typed": request.POST if refused else {},
        "problems": problems_sent(request, refused) if refused else NONE,
    }
    return render(request, "counter/home.html", context, status=refused.status if refused else 200)
