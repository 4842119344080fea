"""一件事套餐: what is published, what lies in the folders, its faults and differences; published and withdrawn by two."""

from django.http import HttpRequest, HttpResponse
from markupsafe import Markup

from yichuang.bundles import queries as bundles
from yichuang.bundles.commands.publish import PUBLISH, WITHDRAW
from yichuang.bundles.queries import PackageTrial
from yichuang.core import ledger
from yichuang.core.clock import now
from yichuang.core.refusals import Refused
from yichuang.engine.values import ProcessFaults, draw, parse_process
from yichuang.web.console.items import FOLDERS
from yichuang.web.console.pages import render
from yichuang.web.console.second import to_ask
from yichuang.web.console.words import history
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of


def shelf(request: HttpRequest) -> HttpResponse:
    """Packages by code, with what is published and what lies in the folder."""
    context = {"rows": bundles.list_package_shelf(actor_of(request)), "folders": FOLDERS}
    return render(request, "console/packages.html", context)


def package(request: HttpRequest, code: str) -> HttpResponse:
    """One package; a form asks a second person to publish its folder or to withdraw it."""
    if request.method != "POST":
        return _page(request, code)

    def again(refused: Refused) -> HttpResponse:
        return _page(request, code, refused)

    if params.text(request, "act") == "withdraw":
        return to_ask(request, WITHDRAW, {"package": code}, again)
    args = {"package": code, "digest": params.text(request, "digest"), "version": params.whole(request, "version")}
    return to_ask(request, PUBLISH, args, again)


def _page(request: HttpRequest, code: str, refused: Refused | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    row = bundles.package_shelf_line(actor, code)
    trial = None if row.folder == "none" else bundles.try_package(actor, code, at=at)
    entries = [e for version in row.versions for e in ledger.list_entries(ledger.Subject("package", version.id))]
    context = {
        "row": row,
        "trial": trial,
        "drawing": _drawing(trial, actor.locale),
        "can_publish": trial is not None and not trial.faults and row.folder in {"new", "newer"},
        "folders": FOLDERS,
        "history": history(entries),
    }
    return render(request, "console/package.html", context, refused)


def _drawing(trial: PackageTrial | None, locale: str) -> Markup:
    """The way that a filed package would take; nothing where its process cannot be read."""
    if trial is None or trial.package is None:
        return Markup("")
    try:
        return Markup(draw(parse_process(trial.package.process_xml), None, locale=locale))
    except ProcessFaults:
        return Markup("")
