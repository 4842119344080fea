"""一件事申报: one form for several items, in steps; each page saves before anything else. Every page works without JavaScript."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.bundles import queries as bundles
from yichuang.bundles.commands.drafts import attach_file, begin_draft, detach_file, discard_draft, keep_draft
from yichuang.bundles.commands.file_bundle import file_bundle
from yichuang.bundles.values import BundleFiling
from yichuang.cases import queries as cases
from yichuang.cases.values import UploadRow
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.people import queries as people
from yichuang.web.portal import packing, uploads
from yichuang.web.portal.packing import CHECK, FORM, PAPERS, SITUATION, PackageStep, Packing
from yichuang.webkit.actor import actor_of
from yichuang.webkit.forms import answers_of, parse_schema_post, press_buttons, render_schema, subjects
from yichuang.webkit.languages import locale_of
from yichuang.webkit.pages import note, render
from yichuang.webkit.params import text, uuid_or_none
from yichuang.webkit.prefill import prefilled
from yichuang.webkit.problems import NONE, Problems, anchor, problems_of

THE_PAPER = W("材料", "paper")
NOT_YOURS = Reason(
    "NOT_YOURS_TO_FILE",
    W("请选择本人，或者各项都已授权您代办的人", "Choose yourself, or somebody who has authorised you for every item"),
    "applicant",
)


def start(request: HttpRequest, code: str) -> HttpResponse:
    """Who applies: me, or somebody who has authorised me for every item. Drafts of the same package are offered first."""
    actor, at = actor_of(request), now()
    version, package = bundles.newest_version(code)
    work = bundles.work_of(package, {}, {}, at=at)
    others = [
        (row, people.get_party(row.principal).name)
        for row in people.represented(_id(actor), at=at)
        if all(actor.acts_for(row.principal, item=slot.item) for slot in package.slots)
    ]
    errors = NONE
    if request.method == "POST":
        chosen = uuid_or_none(text(request, "applicant")) or _id(actor)
        if chosen == actor.id or chosen in {row.principal for row, _ in others}:
            form = prefilled(work.schema, people.get_party(chosen))
            draft = begin_draft(actor=actor, package=version, applicant=chosen, form=form, at=at)
            return HttpResponseRedirect(reverse("portal:package-draft", args=[draft]))
        errors = problems_of([NOT_YOURS])
    context = {
        "package": package,
        "drafts": [row for row in bundles.list_drafts(actor) if row.code == code],
        "others": others,
        "errors": errors,
    }
    return render(request, "portal/packages/start.html", context, status=422 if errors else 200)


def _id(actor: Actor) -> UUID:
    if actor.id is None:
        raise NotFound(THE_PAPER)
    return actor.id


def resume(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Go on where the draft was left."""
    pack = packing.open_draft(actor_of(request), draft, at=now())
    step = pack.step(pack.draft.step) or pack.steps[0]
    return HttpResponseRedirect(pack.address(step.id))


def discard(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Ask, then throw the draft away."""
    actor = actor_of(request)
    row = bundles.get_draft(actor, draft)  # also of a package that is withdrawn
    if request.method != "POST":
        return render(request, "portal/packages/discard.html", {"draft": row})
    discard_draft(actor=actor, draft=draft, at=now())
    note(request, W("草稿已删除", "The draft is gone"))
    return HttpResponseRedirect(reverse("portal:my-packages"))


def step(request: HttpRequest, draft: UUID, step: str) -> HttpResponse:
    """One page of the one form."""
    pack = packing.open_draft(actor_of(request), draft, at=now())
    page = pack.step(step)
    if page is None:  # a page that this situation no longer has
        return HttpResponseRedirect(pack.address(pack.steps[0].id))
    if request.method == "POST":
        return _post(request, pack, page)
    return _show(request, pack, page)


def _show(request: HttpRequest, pack: Packing, page: PackageStep, problems: Problems = NONE) -> HttpResponse:
    context = {
        "pack": pack,
        "page": page,
        "number": pack.number(page.id),
        "total": len(pack.steps),
        "back": pack.before(page.id),
        "errors": problems,
    }
    status = 422 if problems else 200
    if page.subject is not None:
        (drawn,) = render_schema(pack.schema, pack.draft.form, problems, subject=page.subject)
        return render(request, "portal/packages/form.html", {**context, "drawn": drawn}, status=status)
    if page.id == SITUATION:
        asked = bundles.asked_questions(pack.work)
        return render(request, "portal/packages/situation.html", {**context, "asked": asked}, status=status)
    if page.id == PAPERS:
        return render(request, "portal/packages/papers.html", {**context, **_papers(request, pack)}, status=status)
    return render(request, "portal/packages/check.html", {**context, **_checked(request, pack)}, status=status)


def _post(request: HttpRequest, pack: Packing, page: PackageStep) -> HttpResponse:
    if page.id == CHECK:
        return submit(request, pack.draft.id)
    actor, at = actor_of(request), now()
    if page.id == SITUATION:
        return _post_situation(request, pack, actor)
    if page.subject is not None:
        return _post_form(request, pack, page, actor)
    keep_draft(actor=actor, draft=pack.draft.id, step=page.id, at=at)
    return _go(request, pack, pack.after(page.id))


def _go(request: HttpRequest, pack: Packing, step: str, field: str = "") -> HttpResponse:
    """On to a page, or out when "save and leave" was pressed."""
    if "_leave" in request.POST:
        note(request, W("已保存，随时可以回来接着填", "Saved. You can go on whenever you like"))
        return HttpResponseRedirect(reverse("portal:my-packages"))
    return HttpResponseRedirect(pack.address(step, field))


def _post_situation(request: HttpRequest, pack: Packing, actor: Actor) -> HttpResponse:
    """Questions that an answer brings up come on the same page next; nobody sees one that is not for them."""
    before = {one.id: one for one in bundles.asked_questions(pack.work)}
    given = {
        id: value
        for id, one in before.items()
        if (value := text(request, f"/{id}")) in {option.value for option in one.question.options}
    }
    keep_draft(actor=actor, draft=pack.draft.id, answers=given, step=SITUATION, at=now())
    pack = packing.open_draft(actor, pack.draft.id, at=now())
    if "_leave" in request.POST:
        return _go(request, pack, SITUATION)
    missing = [
        Reason("MISSING", W("请选择：{what}", "Please choose: {what}").format(what=one.question.text), f"/{id}")
        for id, one in before.items()
        if id not in given
    ]
    page = pack.step(SITUATION)
    if missing and page is not None:
        return _show(request, pack, page, problems_of(missing))
    new = [one.id for one in bundles.asked_questions(pack.work) if one.id not in before]
    return _go(request, pack, SITUATION, f"/{new[0]}") if new else _go(request, pack, pack.after(SITUATION))


def _post_form(request: HttpRequest, pack: Packing, page: PackageStep, actor: Actor) -> HttpResponse:
    """Save what was typed, right or wrong; fields that it brings up are shown before the next page."""
    assert page.subject is not None
    before = packing.pointers_of(pack.schema, page.subject)
    form = parse_schema_post(pack.schema, request.POST, pack.draft.form, page.subject)
    goal = press_buttons(pack.schema, form, request.POST)
    keep_draft(actor=actor, draft=pack.draft.id, form=form, step=page.id, at=now())
    pack = packing.open_draft(actor, pack.draft.id, at=now())
    if goal or "_leave" in request.POST:
        return _go(request, pack, page.id, goal)
    new = sorted(packing.pointers_of(pack.schema, page.subject) - before)
    found = [r for r in bundles.faults_of(pack.work, at=now()) if not (r.field or "").startswith(tuple(new) or ("//",))]
    mine = render_schema(pack.schema, pack.draft.form, problems_of(found), subject=page.subject)[0].problems
    if mine:
        return _show(request, pack, page, mine)
    return _go(request, pack, page.id, new[0]) if new else _go(request, pack, pack.after(page.id))


# ── papers ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _papers(request: HttpRequest, pack: Packing) -> dict[str, Any]:
    needs = packing.requirements(pack, at=now())
    same = bundles.same_papers(pack.work.package, needs)
    return {"needs": needs, "same": same, "files": _files(actor_of(request), pack), "accepts": uploads.accepts}


def _files(actor: Actor, pack: Packing) -> dict[tuple[str, str], tuple[UploadRow, ...]]:
    """(slot, material) → its files, in one statement."""
    held = {(slot, code): ids for slot, papers in pack.draft.materials.items() for code, ids in papers.items() if ids}
    rows = {str(row.id): row for row in cases.list_uploads(actor, [UUID(i) for ids in held.values() for i in ids])}
    return {place: tuple(rows[id] for id in ids if id in rows) for place, ids in held.items()}


def upload(request: HttpRequest, draft: UUID, slot: str, material: str) -> HttpResponse:
    """Files for one paper of one item. A refused one is told in plain words; the good ones stay."""
    actor, at = actor_of(request), now()
    pack = packing.open_draft(actor, draft, at=at)
    needs = packing.requirements(pack, at=at).get(slot)
    spec = next((m.spec for m in needs.materials if m.code == material), None) if needs else None
    if spec is None:
        raise NotFound(THE_PAPER)
    name = f"/{slot}-materials/{material}"
    had = len(pack.draft.materials.get(slot, {}).get(material, ()))
    ids, reasons = uploads.store(request, actor, name, rule=spec.files, had=had, at=at)
    for id in ids:
        attach_file(actor=actor, draft=draft, slot=slot, material=material, upload=id, at=at)
    pack, page = packing.open_draft(actor, draft, at=at), pack.step(PAPERS)
    if reasons and page is not None:
        return _show(request, pack, page, problems_of(reasons))
    return HttpResponseRedirect(pack.address(PAPERS, name))


def remove(request: HttpRequest, draft: UUID, slot: str, material: str, upload: UUID) -> HttpResponse:
    """Take a file out of the draft."""
    detach_file(actor=actor_of(request), draft=draft, slot=slot, material=material, upload=upload, at=now())
    name = anchor(f"/{slot}-materials/{material}")
    return HttpResponseRedirect(f"{reverse('portal:package-step', args=[draft, PAPERS])}#{name}")


# ── check and submit ──────────────────────────────────────────────────────────────────────────────────────────────────


def _checked(request: HttpRequest, pack: Packing) -> Mapping[str, Any]:
    at = now()
    needs = packing.requirements(pack, at=at)
    files = _files(actor_of(request), pack)
    return {
        "faults": packing.located(pack, [*bundles.faults_of(pack.work, at=at), *bundles.blocked_of(pack.work, needs)]),
        "guide": bundles.get_guide(pack.draft.code, at=at),
        "sections": [
            (FORM + s.id, s.label, answers_of(pack.schema, pack.draft.form, s)) for s in subjects(pack.schema)
        ],
        "needs": needs,
        "same": bundles.same_papers(pack.work.package, needs),
        "files": files,
        "paper": bundles.paper_items(pack.work),
        "handovers": bundles.handovers_of(pack.work),
        "handover": text(request, "handover") or pack.work.package.handover,
    }


def submit(request: HttpRequest, draft: UUID) -> HttpResponse:
    """File the package. However often it is pressed, one package comes of it."""
    actor, at = actor_of(request), now()
    try:
        number = _file(actor, draft, locale_of(request), text(request, "handover", longest=10))
    except (NotFound, Conflict):
        raise
    except Refused as refused:
        pack = packing.open_draft(actor, draft, at=at)
        return _show(request, pack, pack.steps[-1], problems_of(refused))
    return HttpResponseRedirect(reverse("portal:package-receipt", args=[number]))


def _file(actor: Actor, draft: UUID, locale: str, handover: str) -> str:
    at = now()
    if number := bundles.filed_from(actor, draft):
        return number
    pack = packing.open_draft(actor, draft, at=at)
    needed = {slot: {m.code for m in needs.materials} for slot, needs in packing.requirements(pack, at=at).items()}
    papers = {
        slot: {code: [UUID(i) for i in ids] for code, ids in held.items() if ids and code in needed.get(slot, ())}
        for slot, held in pack.draft.materials.items()
    }
    filing = BundleFiling(
        package=pack.draft.code,
        version=pack.work.package.version,
        answers=pack.draft.answers,
        form=pack.draft.form,
        materials=papers,
        applicant=pack.draft.applicant,
        draft=draft,
        handover=handover,
        locale=locale,
    )
    receipt, _replayed = file_bundle(actor=actor, filing=filing, key=f"draft:{draft}", at=at)
    return receipt.number
