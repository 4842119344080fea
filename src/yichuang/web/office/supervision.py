"""督办: limits that are red or past, who holds them, how late; and the trips that applicants made beyond what was declared."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.escalate import urge_case
from yichuang.cases.figures import TRIP_DAYS, trip_figures
from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import Refused
from yichuang.core.words import W, Words
from yichuang.web.office.pages import NAV
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import settle
from yichuang.webkit.pages import render
from yichuang.webkit.problems import NONE, problems_sent

URGED = W("督办意见已记录，承办人可以看到", "Your words are on record; whoever holds the case sees them")
OF_MANAGERS: list[tuple[str, Words, str, int | None]] = [
    ("counter:desk", W("综合受理", "Work desk"), "checklist", None),
    ("office:supervision", W("督办", "Supervision"), "alert-triangle", None),
    ("office:ratings", W("好差评", "Ratings"), "heart", None),
    ("office:items", W("事项统计", "Items in numbers"), "list-details", None),
]


def supervision(request: HttpRequest) -> HttpResponse:
    """The list, the longest overdue first; and the trips by item."""
    return _page(request)


def urge(request: HttpRequest, number: str) -> HttpResponse:
    """A supervisor's or manager's words to whoever holds the case."""
    words = params.text(request, "words", longest=2000)
    return settle(
        request,
        lambda: urge_case(actor=actor_of(request), number=number, words=words, at=now()),
        done=URGED,
        then=reverse("office:supervision"),
        again=lambda refused: _page(request, refused, (number, words)),
    )


def _page(request: HttpRequest, refused: Refused | None = None, typed: tuple[str, str] = ("", "")) -> HttpResponse:
    actor, at = actor_of(request), now()
    rows = cases.list_escalated(actor, at=at)
    context = {
        "nav": nav_of(actor),
        "section": "office:supervision",  # also where the answer to an urging is shown at the case's address
        "rows": rows,
        "late": sum(row.days_late > 0 for row in rows),
        "urged": sum(row.orders > 0 for row in rows),
        "case_page": "office:case" if _reviews(actor) else "counter:case",
        "urges": bool(actor.roles & {roles.SUPERVISOR, roles.HALL_MANAGER}),
        "trips": trip_figures(actor, at=at),
        "days": TRIP_DAYS,
        "problems": problems_sent(request, refused) if refused else NONE,
        "typed": typed,  # for which case, and what
    }
    return render(request, "office/supervision.html", context, status=refused.status if refused else 200)


def nav_of(actor: Actor) -> list[tuple[str, Words, str, int | None]]:
    """Reviewers and supervisors come from the office, a hall's manager from the counter."""
    return NAV if _reviews(actor) else OF_MANAGERS


def _reviews(actor: Actor) -> bool:
    return bool(actor.roles & {roles.REVIEWER, roles.SUPERVISOR, roles.CHIEF_REPRESENTATIVE})
