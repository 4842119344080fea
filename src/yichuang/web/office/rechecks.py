"""抽查: automatic decisions of one's department, looked at blind: what was filed, never what was made of it (docs/adr/0022)."""

from typing import Literal, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.recheck import answer_recheck
from yichuang.cases.rulesets import RecheckPage
from yichuang.cases.values import MATERIAL_WORDS
from yichuang.catalog import queries as catalog
from yichuang.core.clock import now
from yichuang.core.refusals import Conflict, Refused
from yichuang.core.words import W
from yichuang.people import commands as people
from yichuang.web.office.pages import NAV
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of
from yichuang.webkit.acts import settle
from yichuang.webkit.areas import with_places
from yichuang.webkit.forms import masked_answers
from yichuang.webkit.pages import render
from yichuang.webkit.problems import NONE, problems_of

Field = Literal["name", "id_no", "mobile", "address"]
PURPOSE = "recheck"
FIELDS = ("form", "materials")
DONE = W("抽查已提交；办件编号见“我最近的抽查”", "Re-check handed in; the case stands under “My last re-checks”")
SAID = {
    "yes": W("是", "yes"),
    "no": W("否", "no"),
    "same": W("一致", "the same"),
    "different": W("不一致", "different"),
    "found": W("有记录", "on record"),
    "none": W("没有记录", "no record"),
    "unknown": W("无法确认", "cannot be told"),
    "skipped": W("不需要查", "not asked"),
    "True": W("是", "yes"),
    "False": W("否", "no"),
    "None": W("没有这项数据", "not known"),
}
UNMASKED = frozenset({"name", "id_no", "mobile", "address"})


def rechecks(request: HttpRequest) -> HttpResponse:
    """What waits to be looked at, the longest first; and one's own last answers."""
    waiting, done = cases.list_rechecks(actor_of(request))
    context = {"nav": NAV, "section": "office:rechecks", "waiting": waiting, "done": done}
    return render(request, "office/rechecks.html", context)


def recheck(request: HttpRequest, recheck: UUID) -> HttpResponse:
    """One draw: read, then say what oneself would have decided."""
    if request.method != "POST":
        return _page(request, recheck)
    if params.text(request, "act") == "unmask":
        return _unmask(request, recheck)
    return settle(
        request,
        lambda: answer_recheck(
            actor=actor_of(request),
            recheck=recheck,
            verdict=params.text(request, "verdict"),
            reasons=params.text(request, "reasons", longest=1100),
            found=params.several(request, "found"),
            at=now(),
        ),
        done=DONE,
        then=reverse("office:rechecks"),
        again=lambda refused: _page(request, recheck, refused),
    )


def _unmask(request: HttpRequest, id: UUID) -> HttpResponse:
    """One personal field in full, with a reason that the person will see."""
    actor, at = actor_of(request), now()
    page = cases.get_recheck(actor, id, at=at)
    field = cast(Field, params.choice(request, "field", UNMASKED, default="name"))
    try:
        value = people.unmask(
            actor=actor,
            party=page.applicant,
            field=field,
            reason=params.text(request, "reason"),
            case_number=page.number,
            at=at,
        )
    except Refused as refused:
        return _page(request, id, refused)
    return _page(request, id, unmasked=value)


def _page(request: HttpRequest, id: UUID, refused: Refused | None = None, unmasked: str = "") -> HttpResponse:
    actor, at = actor_of(request), now()
    page = cases.get_recheck(actor, id, at=at)
    people.record_look(
        actor=actor, party=page.applicant, purpose=PURPOSE, fields=FIELDS, case_number=page.number, at=at
    )
    context = {
        "nav": NAV,
        "section": "office:rechecks",
        "page": page,
        "subjects": _filed(page),
        "material_words": MATERIAL_WORDS,
        "said": SAID,
        "unmasked": unmasked,
        "typed": request.POST if refused else {},
        "chosen": params.several(request, "found") if refused else [],
        "change": refused.change if isinstance(refused, Conflict) else None,
        "problems": problems_of(refused) if refused else NONE,
    }
    return render(request, "office/recheck.html", context, status=refused.status if refused else 200)


def _filed(page: RecheckPage) -> object:
    """What was filed, subject by subject; personal lines masked, each to be had in full for a reason."""
    pack = catalog.get_pack(page.item_code, version=page.item_version, at=now())
    schema = with_places(catalog.form_schema(pack, dict(page.answers), dict(page.form)))
    return masked_answers(schema, page.form)
