"""全城通办 and 移送 at the counter: results that travel, and cases that belong elsewhere."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.cases.commands.carry import receive_result, send_result
from yichuang.core.words import W
from yichuang.web.counter.keys import frame
from yichuang.web.counter.pages import case_page
from yichuang.webkit import params, turning
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import act

SENT = W("已登记送出，收件地点签收后通知领取", "Noted as sent; the receiver is called once it has arrived")
RECEIVED = W("已签收，已通知领取人", "Received; the receiver has been called")


def send(request: HttpRequest, number: str) -> HttpResponse:
    """The responsible place gives the result to a carrier."""
    return act(
        request,
        number,
        lambda given: send_result(**given, carrier=params.text(request, "carrier", longest=200)),
        done=SENT,
        then=reverse("counter:case", args=[number]),
        again=lambda refused: case_page(request, number, refused=refused),
    )


def transfer(request: HttpRequest, number: str) -> HttpResponse:
    """移送: to the place that is competent."""
    return turning.transfer(request, number, door="counter", home="desk", frame=frame(actor_of(request)))


def receive(request: HttpRequest, number: str) -> HttpResponse:
    """The place that took the filing has the result in hand."""
    return act(
        request,
        number,
        lambda given: receive_result(**given),
        done=RECEIVED,
        then=reverse("counter:case", args=[number]),
        again=lambda refused: case_page(request, number, refused=refused),
    )
