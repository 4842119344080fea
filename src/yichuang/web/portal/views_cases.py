"""我的办件: what I filed and what is asked of me, the case with its clock and papers, and what I may do to it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from markupsafe import Markup

from yichuang.cases import queries as cases
from yichuang.cases.commands.end import object_to_lapse, withdraw_case
from yichuang.cases.commands.supplement import make_supply_link, supplement_case
from yichuang.cases.pages import CasePage
from yichuang.cases.states import ENDS, Act, State, Turn
from yichuang.cases.values import MATERIAL_WORDS, GapItem, MaterialRow, MaterialState
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import FileRule
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date, now
from yichuang.core.refusals import Change, Conflict, NotFound, Reason, Refused
from yichuang.core.words import W, Words
from yichuang.engine.values import STATE_WORDS
from yichuang.feedback import queries as feedback
from yichuang.issuing.commands import render_certificate
from yichuang.issuing.queries import find_exchange
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.registry import queries as registry
from yichuang.registry.values import VALIDITY_WORDS
from yichuang.web.portal import uploads
from yichuang.web.portal.drafts import list_lines
from yichuang.webkit import looks
from yichuang.webkit.actor import actor_of
from yichuang.webkit.areas import with_places
from yichuang.webkit.downloads import download
from yichuang.webkit.forms import answers_of, subjects
from yichuang.webkit.pages import is_fragment, note, render
from yichuang.webkit.params import text, whole
from yichuang.webkit.pictures import qr_of
from yichuang.webkit.problems import NONE, Problems, problems_of
from yichuang.webkit.uploads import TYPES

PDF = "application/pdf"
OPEN = frozenset({MaterialState.MISSING, MaterialState.FAULTY, MaterialState.PROMISED})
WITH_RESULT = frozenset({State.GRANTED, State.READY, State.DELIVERED})  # a certificate comes of no other case
TAKEN_UP_AGAIN = ENDS - {State.DELIVERED}  # ended without a result: may be filed again, with what was filled in
STEP_STATES = {"todo": "waiting"}
STEP_COLOURS = {"done": "green", "current": "blue", "late": "red", "waiting": "", "skipped": ""}
ACT_ON = {
    Turn.APPLICANT: W("轮到您办理", "Your turn"),
    Turn.CLERK: W("窗口正在办理", "With the window"),
    Turn.DEPARTMENT: W("部门正在办理", "With the department"),
    Turn.ISSUING: W("正在制作结果", "The result is being made"),
    Turn.NOBODY: W("已结束", "Closed"),
}
WAITS_FOR = {  # what the button of a case says that waits for its applicant
    State.SUBMITTED: W("去看承诺书", "Read the letter of promise"),
    State.CORRECTING: W("去补交材料", "Hand in the papers"),
    State.PREPARED: W("去补交材料", "Hand in the papers"),
    State.READY: W("去领取", "Collect the result"),
}


# ── lists ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def my_cases(request: HttpRequest) -> HttpResponse:
    """Drafts and cases; what waits for me stands on top."""
    actor, at = actor_of(request), now()
    cursor = text(request, "cursor") or None
    page = cases.list_my_cases(actor, at=at, cursor=cursor)
    context = {
        "drafts": () if cursor else list_lines(actor, at=at),
        "to_rate": len(feedback.list_to_rate(actor, at=at)),
        "signatures": sum(one.is_open for one in cases.list_signatures(actor)),
        "mine": [row for row in page.items if row.turn is Turn.APPLICANT],
        "running": [row for row in page.items if row.turn is not Turn.APPLICANT and row.state not in ENDS],
        "ended": [row for row in page.items if row.state in ENDS],
        "turns": ACT_ON,
        "todo": WAITS_FOR,
        "page": page,
        "cursor": cursor,
    }
    return render(request, "portal/cases/list.html", context)


def steps_of(page: Any) -> list[tuple[Words, str]]:
    """The step bar's rows of a case page or of public progress."""
    return [(row.name, STEP_STATES.get(row.state, row.state)) for row in page.phases]


# ── one case ──────────────────────────────────────────────────────────────────────────────────────────────────────


def case(request: HttpRequest, number: str) -> HttpResponse:
    """The case as its applicant sees it."""
    return case_page(request, number)


@network.one_look()
def case_page(request: HttpRequest, number: str, refused: Refused | None = None) -> HttpResponse:
    """The case; after a refused act with its reasons."""
    actor, at = actor_of(request), now()
    page = cases.get_case_for(actor, number, at=at)
    certificate = registry.certificate_of_subject("case", page.id) if page.state in WITH_RESULT else None
    owns = actor.acts_for(page.applicant, item=page.item_code)
    worth = registry.validity(certificate, local_date(at)) if certificate and owns else None
    exchange = find_exchange(page.id) if page.corrections else None
    context = {
        "case": page,
        "steps": steps_of(page),
        "sections": _filed(page, at) if owns else (),
        "material_words": MATERIAL_WORDS,
        "asked": page.asked,
        "open": open_materials(page),
        "can": {act.value for act in page.acts},
        "certificate": certificate if owns else None,
        "worth": worth,
        "validity": VALIDITY_WORDS[worth] if worth else None,
        "exchange": exchange,
        "rules": cases.at_once_of(actor, page, at=at),
        "exchange_place": network.get_place_by_id(exchange.place).name if exchange else None,
        "looks": people.count_looks(page.applicant, number) if owns else 0,
        "owns": owns,
        "turn": ACT_ON[page.turn],
        "rating": feedback.find_asked("case", page.id, at=at) if owns and page.state in ENDS else None,
        "item_open": page.state in TAKEN_UP_AGAIN and _is_current(page.item_code, at),
        "problems": problems_of(refused) if refused else NONE,
        "change": _change_of(refused),
    }
    return render(request, "portal/cases/case.html", context, status=refused.status if refused else 200)


def _is_current(item: str, at: datetime) -> bool:
    try:
        catalog.get_item(item, at=at)
    except NotFound:
        return False
    return True


def _filed(page: CasePage, at: datetime) -> list[tuple[Words, Any]]:
    """What was filed, subject by subject; it is the applicant's own, so nothing is masked."""
    pack = catalog.get_pack(page.item_code, version=page.item_version, at=at)
    schema = with_places(catalog.form_schema(pack, page.answers, page.form))
    return [(subject.label, answers_of(schema, page.form, subject)) for subject in subjects(schema)]


def open_materials(page: CasePage) -> tuple[MaterialRow, ...]:
    """The papers that may be handed in now: those asked for, else every open one."""
    asked = {item.material for item in page.asked}
    if Act.SUPPLEMENT not in page.acts:
        return ()
    return tuple(m for m in page.materials if (m.code in asked if asked else m.state in OPEN))


def clock(request: HttpRequest, number: str) -> HttpResponse:
    """时限账: how each due day is derived, the same page as staff see."""
    page = cases.clock_of(actor_of(request), number, at=now())
    return render(request, "portal/cases/clock.html", {"clock": page})


def process(request: HttpRequest, number: str) -> HttpResponse:
    """办理流程: each step with its department, and the whole drawn, with where the case is now."""
    way = cases.way_of(actor_of(request), number, at=now())
    context = {"way": way, "drawing": Markup(way.drawing), "states": STATE_WORDS, "colours": STEP_COLOURS}
    return render(request, "portal/cases/process.html", context)


def document(request: HttpRequest, document: UUID) -> HttpResponse:
    """A legal document of my case as PDF."""
    return looks.document(request, document)


def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """The certificate that came of my case."""
    actor = actor_of(request)
    page = cases.get_case_for(actor, number, at=now())
    row = registry.certificate_of_subject("case", page.id)
    if row is None or not actor.acts_for(row.holder, item=page.item_code):
        raise NotFound(W("证照", "certificate"))
    return download(render_certificate(row.id), name=f"{row.name.zh}-{row.number}.pdf", media_type=PDF)


def my_upload(request: HttpRequest, upload: UUID) -> HttpResponse:
    """A file of mine, from a draft or a case."""
    row, content = cases.read_upload(actor_of(request), upload)
    return download(content, name=row.name, media_type=TYPES.get(row.kind, "application/octet-stream"))


# ── handing in what is asked ──────────────────────────────────────────────────────────────────────────────────────


def supplement(request: HttpRequest, number: str) -> HttpResponse:
    """Upload what is asked for. Good files wait on the page until the main button is pressed, also when one is refused."""
    actor, at = actor_of(request), now()
    page = cases.get_case_for(actor, number, at=at)
    rows = open_materials(page)
    if not rows:
        note(request, W("没有需要补交的材料", "There is nothing to hand in"), kind="info")
        return HttpResponseRedirect(reverse("portal:case", args=[number]))
    if request.method != "POST":
        return _supplement_page(request, page, rows)
    ready, reasons = take(request, actor, rows, rules_of(page, at), at)
    if not reasons:
        try:
            supplement_case(actor=actor, number=number, version=whole(request, "version"), materials=ready, at=at)
        except NotFound:
            raise
        except Refused as refused:
            return _supplement_page(request, page, rows, problems_of(refused), kept=ready, change=_change_of(refused))
        note(request, W("材料已交，工作人员会尽快查看", "Your papers are in; somebody will look at them soon"))
        return HttpResponseRedirect(reverse("portal:case", args=[number]))
    return _supplement_page(request, page, rows, problems_of(reasons), kept=ready)


def _supplement_page(
    request: HttpRequest,
    page: CasePage,
    rows: tuple[MaterialRow, ...],
    problems: Problems = NONE,
    kept: dict[str, list[UUID]] | None = None,
    change: Change | None = None,
) -> HttpResponse:
    rules = rules_of(page, now())
    context = {
        "case": page,
        "change": change,
        "rows": rows,
        "rules": rules,
        "accepts": {code: uploads.accepts(rule) for code, rule in rules.items()},
        "words": words_of(page.asked),
        "kept": rows_of(actor_of(request), kept or {}),
        "errors": problems,
    }
    return render(request, "portal/cases/supplement.html", context, status=422 if problems else 200)


def supplement_upload(request: HttpRequest, number: str, material: str) -> HttpResponse:
    """One file ahead of the main button, with progress; the page keeps its id."""
    actor, at = actor_of(request), now()
    page = cases.get_case_for(actor, number, at=at)
    if material not in {row.code for row in open_materials(page)}:
        raise NotFound(W("材料", "paper"))
    return stage(request, actor, material, rules_of(page, at), at)


def stage(
    request: HttpRequest, actor: Actor, material: str, rules: Mapping[str, FileRule], at: datetime
) -> HttpResponse:
    """Store files of one paper and answer the list of all that wait for the main button."""
    before = uploads.kept(request, actor, [material])
    rule, had = rules.get(material), len(before[material])
    ids, reasons = uploads.store(request, actor, f"/materials/{material}", rule=rule, had=had, at=at)
    if reasons and (is_fragment(request) or not ids):
        raise uploads.refused(reasons)
    files = rows_of(actor, uploads.merged(before, {material: ids})).get(material, ())
    return render(request, "portal/cases/kept.html", {"code": material, "files": files})


def take(
    request: HttpRequest, actor: Actor, rows: tuple[MaterialRow, ...], rules: Mapping[str, FileRule], at: datetime
) -> tuple[dict[str, list[UUID]], list[Reason]]:
    """Everything of the form: files that came in before, and those that travelled with it; papers left empty stay open."""
    before = uploads.kept(request, actor, [row.code for row in rows])
    fresh: dict[str, list[UUID]] = {}
    reasons: list[Reason] = []
    for row in rows:
        name = f"/materials/{row.code}"
        if any(request.FILES.getlist(name)):
            had = len(before[row.code])
            fresh[row.code], found = uploads.store(request, actor, name, rule=rules.get(row.code), had=had, at=at)
            reasons += found
    ready = uploads.merged(before, fresh)
    if not ready and not reasons:
        reasons = [Reason("NO_FILE", uploads.NOTHING, f"/materials/{rows[0].code}")]
    return ready, reasons


def rules_of(page: CasePage, at: datetime) -> dict[str, FileRule]:
    """What files each paper of the case may have."""
    pack = catalog.get_pack(page.item_code, version=page.item_version, at=at)
    return {material.code: material.files for material in pack.materials}


def rows_of(actor: Actor, ids: dict[str, list[UUID]]) -> dict[str, tuple[Any, ...]]:
    """The rows of stored files, by paper."""
    found = {row.id: row for row in cases.list_uploads(actor, [i for each in ids.values() for i in each])}
    return {code: tuple(found[i] for i in each if i in found) for code, each in ids.items()}


def words_of(asked: tuple[GapItem, ...]) -> dict[str, Words]:
    """Paper → what was said about it."""
    return {item.material: item.words for item in asked}


# ── other acts ────────────────────────────────────────────────────────────────────────────────────────────────────


def supply_link(request: HttpRequest, number: str) -> HttpResponse:
    """A code, a QR and a message with which anybody may photograph and send the missing papers, without an account."""
    actor, at = actor_of(request), now()
    page = cases.get_case_for(actor, number, at=at)
    rows = open_materials(page)
    if request.method != "POST" or not rows:
        return render(request, "portal/cases/link_new.html", {"case": page, "rows": rows, "errors": NONE})
    wanted = [row.code for row in rows if row.code in request.POST.getlist("material")]
    try:
        code = make_supply_link(actor=actor, number=number, materials=wanted, at=at)
    except NotFound:
        raise
    except Refused as refused:
        context = {"case": page, "rows": rows, "errors": problems_of(refused)}
        return render(request, "portal/cases/link_new.html", context, status=refused.status)
    address = f"{settings.YICHUANG_BASE_URL}{reverse('portal:supply', args=[code])}"
    party = people.get_party(page.agent or page.receiver)
    context = {
        "case": page,
        "code": code,
        "address": address,
        "qr": qr_of(address),
        "mobile": party.mobile_masked,
        "rows": [row for row in rows if not wanted or row.code in wanted],
    }
    return render(request, "portal/cases/link.html", context)


def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Ask once more, then withdraw."""
    actor, at = actor_of(request), now()
    page = cases.get_case_for(actor, number, at=at)
    if Act.WITHDRAW not in page.acts:
        note(request, W("这个办件现在不能撤回", "This case cannot be withdrawn now"), kind="warn")
        return HttpResponseRedirect(reverse("portal:case", args=[number]))
    if request.method != "POST":
        return render(
            request, "portal/cases/withdraw.html", {"case": page, "typed": "", "errors": NONE, "change": None}
        )
    reason = text(request, "reason", longest=1000)
    try:
        withdraw_case(actor=actor, number=number, version=whole(request, "version"), reason=reason, at=at)
    except NotFound:
        raise
    except Refused as refused:
        context = {
            "case": cases.get_case_for(actor, number, at=at),
            "typed": reason,
            "errors": problems_of(refused),
            "change": _change_of(refused),
        }
        return render(request, "portal/cases/withdraw.html", context, status=refused.status)
    note(request, W("申请已撤回", "The application is withdrawn"))
    return HttpResponseRedirect(reverse("portal:case", args=[number]))


def objection(request: HttpRequest, number: str) -> HttpResponse:
    """Object to the record of a promise not kept."""
    actor, at = actor_of(request), now()
    page = cases.get_case_for(actor, number, at=at)
    if page.lapse is None or not actor.acts_for(page.applicant, item=page.item_code):
        raise NotFound(W("记录", "record"))
    if request.method != "POST":
        return render(request, "portal/cases/objection.html", {"case": page, "typed": "", "errors": NONE})
    typed = text(request, "/objection", longest=2000)
    try:
        object_to_lapse(actor=actor, number=number, objection=typed, at=at)
    except NotFound:
        raise
    except Refused as refused:
        context = {"case": page, "typed": typed, "errors": problems_of(refused)}
        return render(request, "portal/cases/objection.html", context, status=refused.status)
    note(request, W("异议已提交，监督部门会答复您", "Your objection is in; you will be answered"))
    return HttpResponseRedirect(reverse("portal:case", args=[number]))


def _change_of(refused: Refused | None) -> Change | None:
    """Who was faster, when and with what, when that is why it was refused."""
    return refused.change if isinstance(refused, Conflict) else None


__all__ = [
    "case", "certificate", "clock", "document", "my_cases", "my_upload", "objection",
    "supplement", "supplement_upload", "supply_link", "withdraw",
]  # fmt: skip
