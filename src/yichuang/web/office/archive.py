"""档案: the archive packages of the department's closed cases, found by number, person or day, taken out on record."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_date

from yichuang.core.clock import now
from yichuang.issuing import queries as issued
from yichuang.issuing.commands import open_package
from yichuang.web.office.pages import NAV
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.downloads import download
from yichuang.webkit.pages import render


def archive(request: HttpRequest) -> HttpResponse:
    """The packages, the latest closed first; by archive or case number, the applicant's identity number, days of closing."""
    text = params.text(request, "q", longest=60)
    since, until = (day_or_none(params.text(request, name, longest=10)) for name in ("since", "until"))
    cursor = params.uuid_or_none(params.text(request, "cursor"))
    page = issued.find_packages(
        actor_of(request), text, since=since, until=until, cursor=str(cursor) if cursor else None
    )
    context = {"nav": NAV, "page": page, "q": text, "since": since, "until": until}
    return render(request, "office/archive.html", context)


def package(request: HttpRequest, package: UUID) -> HttpResponse:
    """The ZIP of one package: the applicant reads who took it out, and when."""
    name, content = open_package(actor=actor_of(request), package=package, at=now())
    return download(content, name=name, media_type="application/zip")


def day_or_none(text: str) -> date | None:
    """The day that a text says; None where it says none."""
    try:
        return parse_date(text)
    except ValueError:
        return None
