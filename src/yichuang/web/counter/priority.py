"""优先办理 at the counter: put a case forward, or take that back."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.cases.commands.prioritise import end_priority, give_priority
from yichuang.core.words import W
from yichuang.web.counter.pages import case_page
from yichuang.webkit import params
from yichuang.webkit.acts import act

GIVEN = W("已列为优先办理", "The case is put forward")
ENDED = W("已取消优先办理", "The priority is taken back")


def priority(request: HttpRequest, number: str) -> HttpResponse:
    """`end` takes it back; else the category chosen."""
    ends = "end" in request.POST
    category = params.text(request, "category", longest=20)
    return act(
        request,
        number,
        lambda given: (
            end_priority(actor=given["actor"], number=number, at=given["at"])
            if ends
            else give_priority(actor=given["actor"], number=number, category=category, at=given["at"])
        ),
        done=ENDED if ends else GIVEN,
        then=reverse("counter:case", args=[number]),
        again=lambda refused: case_page(request, number, refused=refused),
    )
