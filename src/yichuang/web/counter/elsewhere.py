"""全城通办 at the counter: results that travel from the responsible place to the one that took the filing."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.cases.commands.carry import receive_result, send_result
from yichuang.core.words import W
from yichuang.web.counter.pages import case_page
from yichuang.webkit import params
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
