"""中台支撑 at the counter: ask the department's duty specialist about the case."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.cases.commands.ask import ask_specialist
from yichuang.core.words import W
from yichuang.web.counter.pages import case_page
from yichuang.webkit import params
from yichuang.webkit.acts import act

ASKED = W("已向部门值班专员提问，回答会出现在这一页", "Asked; the answer will appear on this page")


def ask(request: HttpRequest, number: str) -> HttpResponse:
    """A question in the clerk's words."""
    return act(
        request,
        number,
        lambda given: ask_specialist(
            actor=given["actor"], number=number, text=params.text(request, "text", longest=2000), at=given["at"]
        ),
        done=ASKED,
        then=reverse("counter:case", args=[number]),
        again=lambda refused: case_page(request, number, refused=refused),
    )
