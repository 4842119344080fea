"""申报: who applies, in which situation, the form one subject at a time, the papers, the check, the receipt.

Each page saves before anything else; what is wrong is told afterwards. Every page works without JavaScript.
"""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from yichuang.cases import queries as cases
from yichuang.cases.commands.drafts import attach_upload, detach_upload, discard_draft, save_draft
from yichuang.cases.pages import CasePage
from yichuang.cases.states import ENDS
from yichuang.cases.values import DocumentKind
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import FOLLOW_UP_WORDS, Pack
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date, now
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.registry.values import BASE_WORDS, GROUND_WORDS
from yichuang.web.portal import filing, uploads, views_service
from yichuang.web.portal.drafts import get_line, list_lines
from yichuang.web.portal.filed import file_once, unless_filed
from yichuang.web.portal.filing import CHECK, FORM, MATERIALS, SITUATION, Step, Work
from yichuang.web.portal.proving import named, send_code
from yichuang.webkit.actor import actor_of
from yichuang.webkit.filters import hour
from yichuang.webkit.forms import answers_of, parse_schema_post, press_buttons, render_schema, subjects
from yichuang.webkit.languages import locale_of
from yichuang.webkit.pages import is_fragment, note, render
from yichuang.webkit.params import text, uuid_or_none
from yichuang.webkit.pictures import qr_of
from yichuang.webkit.prefill import prefilled
from yichuang.webkit.problems import NONE, Problems, anchor, problems_of

THE_PAGE, FACE_PART = W("页面", "page"), "#f-face"
IN_FLIGHT, TRIES, PAUSE = "IN_FLIGHT", 20, 0.25  # a second click waits up to 5 s for the first one's answer
NOT_YOURS = Reason(
    "NOT_YOURS_TO_FILE",
    W("请选择本人，或者已授权您代办的人或单位", "Choose yourself, or somebody who has authorised you"),
    "applicant",
)


# ── beginning, leaving, going on ──────────────────────────────────────────────────────────────────────────────────


def start(request: HttpRequest, item: str) -> HttpResponse:
    """Who applies: me, or a person or company that I represent. Drafts of the same item are offered first."""
    actor, at = actor_of(request), now()
    pack = catalog.get_pack(item, at=at)
    errors = NONE
    kind = text(request, "follow_up", longest=10)
    before = _before(request, actor, item, at, kind)
    if request.method == "POST":
        chosen = uuid_or_none(text(request, "applicant")) or actor.id
        faults = cases.why_not_follow(pack, kind, before.id, chosen, at) if kind and before and chosen else []
        if chosen is not None and actor.acts_for(chosen, item=item) and not faults:
            return _begin(actor, pack, chosen, _given(request, pack), before, kind)
        errors = problems_of(faults or [NOT_YOURS])
    others = [
        (row, people.get_party(row.principal).name)  # their own principals: by name, or nobody knows whom they choose
        for row in people.represented(_id(actor), at=at)
        if actor.acts_for(row.principal, item=item)
    ]
    context = {
        "item": pack,
        "drafts": list_lines(actor, at=at, item=item),
        "others": others,
        "given": _given(request, pack),
        "before": before,
        "follow_up": kind if before else "",
        "follow_words": cases.name_of(pack, kind) if kind in FOLLOW_UP_WORDS else None,
        "chosen": before.applicant if before else actor.id,
        "errors": errors,
    }
    return render(request, "portal/filing/start.html", context, status=422 if errors else 200)


def _given(request: HttpRequest, pack: Pack) -> dict[str, str]:
    """Answers that were given on the guide's page already."""
    return filing.answered(pack, {q.id: text(request, q.id) for q in pack.questions})


def _before(request: HttpRequest, actor: Actor, item: str, at: datetime, kind: str) -> CasePage | None:
    """The ended case that is taken up again, or (`kind`) whose result is followed; one that is not the actor's, or of
    another item, is not there."""
    number = text(request, "previous", longest=40)
    if not number:
        return None
    page = cases.get_case_for(actor, number, at=at)
    fits = page.state in ENDS or (kind in FOLLOW_UP_WORDS and page.decided_at is not None)
    if page.item_code != item or not fits or not actor.acts_for(page.applicant, item=item):
        raise NotFound(W("办件", "case"))
    return page


def _begin(
    actor: Actor, pack: Pack, applicant: UUID, answers: dict[str, str], before: CasePage | None = None, kind: str = ""
) -> HttpResponse:
    """A new draft; taking an ended case up again, with all that was filled in there, for the same applicant."""
    at = now()
    form = prefilled(pack.form, people.get_party(applicant))
    if before is not None and before.applicant != applicant:  # somebody else's case is no beginning of this one
        before = None
    if before is not None:
        answers = filing.answered(pack, before.answers)
        form = {**form, **before.form}
    first = filing.steps_of(pack, catalog.form_schema(pack, {}, form))[0].id
    draft = save_draft(
        actor=actor, item_code=pack.code, item_version=pack.version, answers=answers, form=form, materials={},
        applicant=applicant, step=first, previous=before.id if before else None,
        follow_up=kind if before else "", at=at,
    )  # fmt: skip
    return HttpResponseRedirect(reverse("portal:file", args=[draft, first]))


def _id(actor: Actor) -> UUID:
    if actor.id is None:
        raise NotFound(THE_PAGE)
    return actor.id


@unless_filed
def resume(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Go on where the draft was left."""
    work = filing.open_draft(actor_of(request), draft, at=now())
    step = work.step(work.draft.step) or work.steps[0]
    return HttpResponseRedirect(reverse("portal:file", args=[draft, step.id]))


def discard(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Ask, then throw the draft away."""
    actor, at = actor_of(request), now()
    if request.method != "POST":
        return render(request, "portal/filing/discard.html", {"line": get_line(actor, draft, at=at)})
    discard_draft(actor=actor, draft=draft, at=at)
    note(request, W("草稿已删除", "The draft is gone"))
    return HttpResponseRedirect(reverse("portal:my-cases"))


# ── the pages ─────────────────────────────────────────────────────────────────────────────────────────────────────


@unless_filed
def step(request: HttpRequest, draft: UUID, step: str) -> HttpResponse:
    """One page of the wizard."""
    actor, at = actor_of(request), now()
    work = filing.open_draft(actor, draft, at=at)
    page = work.step(step)
    if page is None:  # a page that this situation no longer has
        return HttpResponseRedirect(reverse("portal:file", args=[draft, work.steps[0].id]))
    if request.method == "POST":
        return _post(request, work, page)
    return _show(request, work, page)


def _show(request: HttpRequest, work: Work, page: Step, problems: Problems = NONE) -> HttpResponse:
    if page.subject is not None:
        return _form_page(request, work, page, problems)
    match page.id:
        case "situation":
            return _situation_page(request, work, page, problems)
        case "materials":
            return _materials_page(request, work, page, problems)
    return _check_page(request, work, page, problems)


def _post(request: HttpRequest, work: Work, page: Step) -> HttpResponse:
    if page.subject is not None:
        return _post_form(request, work, page)
    if page.id == SITUATION:
        return _post_situation(request, work, page)
    if page.id == CHECK:
        return _submit(request, work, page)
    return _go(request, work, work.after(page.id))


def _common(work: Work, page: Step) -> dict[str, Any]:
    return {
        "work": work,
        "page": page,
        "number": work.number(page.id),
        "total": len(work.steps),
        "back": work.before(page.id),
        "saved_at": work.draft.updated_at,
    }


def _go(request: HttpRequest, work: Work, step: str, fragment: str = "") -> HttpResponse:
    """On to the next page, or out when "save and leave" was pressed."""
    if "_leave" in request.POST:
        note(request, W("已保存，随时可以回来接着填", "Saved. You can go on whenever you like"))
        return HttpResponseRedirect(reverse("portal:my-cases"))
    address = reverse("portal:file", args=[work.draft.id, step])
    return HttpResponseRedirect(address + (f"#{fragment}" if fragment else ""))


def _situation_page(request: HttpRequest, work: Work, page: Step, problems: Problems = NONE) -> HttpResponse:
    asked = catalog.asked_questions(work.pack, work.draft.answers)
    context = {**_common(work, page), "asked": asked, "errors": problems}
    return render(request, "portal/filing/situation.html", context, status=422 if problems else 200)


def _post_situation(request: HttpRequest, work: Work, page: Step) -> HttpResponse:
    """Questions that an answer brings up come on the same page next; nobody sees one that is not for them."""
    before = {q.id for q in catalog.asked_questions(work.pack, work.draft.answers)}
    if "_shown" in request.POST:  # the page says it: the first answer was saved as soon as it was chosen
        before &= set(text(request, "_shown", longest=4000).split(","))
    work = _save_answers(request, work, page.id)
    asked = {q.id for q in catalog.asked_questions(work.pack, work.draft.answers)}
    reasons = [r for r in catalog.check_answers(work.pack, work.draft.answers) if (r.field or "").strip("/") in before]
    if "_leave" in request.POST:
        return _go(request, work, page.id)
    if reasons:
        return _situation_page(request, work, page, problems_of(reasons))
    if new := sorted(asked - before):
        return _go(request, work, page.id, anchor("/" + new[0]))
    return _go(request, work, work.after(page.id))


def _save_answers(request: HttpRequest, work: Work, step: str) -> Work:
    actor, at = actor_of(request), now()
    given = {q.id: text(request, "/" + q.id) or str(work.draft.answers.get(q.id, "")) for q in work.pack.questions}
    filing.keep(actor, work.draft, at=at, answers=filing.answered(work.pack, given), step=step)
    return filing.open_draft(actor, work.draft.id, at=at)


def _form_page(request: HttpRequest, work: Work, page: Step, problems: Problems = NONE) -> HttpResponse:
    assert page.subject is not None
    (drawn,) = render_schema(
        work.schema, work.draft.form, problems, subject=page.subject, origins=filing.origins_of(work)
    )
    context = {
        **_common(work, page),
        "drawn": drawn,
        "errors": drawn.problems,
        "shown": ",".join(filing.conditional_pointers(work.pack, work.schema, page.subject)),
        "changes": filing.may_change(work.pack, page.subject),
    }
    return render(request, "portal/filing/form.html", context, status=422 if drawn.problems else 200)


def _post_form(request: HttpRequest, work: Work, page: Step) -> HttpResponse:
    assert page.subject is not None
    work, goal = _save_form(request, work, page)
    if goal:
        return _go(request, work, page.id, anchor(goal))
    if "_refresh" in request.POST:
        return _form_page(request, work, page)
    if "_leave" in request.POST:
        return _go(request, work, page.id)
    shown = set(text(request, "_shown", longest=4000).split(","))
    new = [p for p in filing.conditional_pointers(work.pack, work.schema, page.subject) if p not in shown]
    found = _faults(work)
    if new and "_shown" in request.POST:
        found = [r for r in found if not any((r.field or "").startswith(p) for p in new)]
    mine = render_schema(work.schema, work.draft.form, problems_of(found), subject=page.subject)[0].problems
    if mine:
        return _form_page(request, work, page, mine)
    if new and "_shown" in request.POST:
        return _go(request, work, page.id, anchor(new[0]))
    return _go(request, work, work.after(page.id))


def _faults(work: Work) -> list[Reason]:
    form = catalog.pruned(work.pack, work.draft.answers, work.draft.form)
    return catalog.check_form(work.pack, form, at=now(), answers=work.draft.answers)


def _save_form(request: HttpRequest, work: Work, page: Step) -> tuple[Work, str]:
    """Save what was typed, right or wrong. Twice read: the first reading says which fields this situation has."""
    assert page.subject is not None
    actor, at = actor_of(request), now()
    first = parse_schema_post(work.schema, request.POST, work.draft.form, page.subject)
    schema = filing.schema_of(work.pack, work.draft.answers, first)
    form = parse_schema_post(schema, request.POST, work.draft.form, page.subject)
    goal = press_buttons(schema, form, request.POST)
    filing.keep(actor, work.draft, at=at, form=form, step=page.id)
    return filing.open_draft(actor, work.draft.id, at=at), goal


def save(request: HttpRequest, draft: UUID, step: str) -> HttpResponse:
    """Autosave: the answer is the mark that stands under the form."""
    actor = actor_of(request)
    work = filing.open_draft(actor, draft, at=now())
    page = work.step(step)
    if page is None:
        raise NotFound(THE_PAGE)
    if page.subject is not None:
        work, _goal = _save_form(request, work, page)
    elif page.id == SITUATION:
        work = _save_answers(request, work, page.id)
    words = _("已保存 %(time)s") % {"time": hour(work.draft.updated_at)}
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


# ── papers ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _materials_page(request: HttpRequest, work: Work, page: Step, problems: Problems = NONE) -> HttpResponse:
    at = now()
    needs = filing.needs_of(work, at=at)
    files = uploads.of_draft(actor_of(request), work.draft)
    filing.keep(actor_of(request), work.draft, at=at, step=page.id)
    offers = filing.offers_of(work, needs, at=at)
    context = {
        **_common(work, page),
        "offers": offers,
        "earlier": cases.earlier_offers(actor_of(request), needs, work.applicant.id, at=at),
        "fetched": filing.fetched_of(work, offers),
        "bases": BASE_WORDS,
        "grounds": GROUND_WORDS,
        "needs": needs,
        "files": files,
        "errors": problems,
        "blocked": _located(work, needs.blocked),
        "accepts": {m.code: uploads.accepts(m.spec.files) for m in needs.materials},
        "dues": {m.code: uploads.due_day(m, needs, at=at) for m in needs.materials},
        "stands": _stood_for(actor_of(request), work) or frozenset(),
        "by_signing": filing.signed_instead(work, actor_of(request), at=at),
    }
    return render(request, "portal/filing/materials.html", context, status=422 if problems else 200)


def upload(request: HttpRequest, draft: UUID, material: str) -> HttpResponse:
    """Files for one paper. A refused one is told in plain words; the good ones stay."""
    actor, at = actor_of(request), now()
    work = filing.open_draft(actor, draft, at=at)
    spec = next((m.spec for m in filing.needs_of(work, at=at).materials if m.code == material), None)
    if spec is None:
        raise NotFound(W("材料", "paper"))
    name = f"/materials/{material}"
    had = len(work.draft.materials.get(material, ()))
    ids, reasons = uploads.store(request, actor, name, rule=spec.files, had=had, at=at)
    for id in ids:
        attach_upload(actor=actor, draft=draft, material=material, upload=id, at=at)
    work = filing.open_draft(actor, draft, at=at)
    if reasons and is_fragment(request):
        raise uploads.refused(reasons)
    if is_fragment(request):
        files = uploads.of_draft(actor, work.draft).get(material, ())
        return render(request, "portal/filing/file_list.html", {"work": work, "code": material, "files": files})
    if reasons:
        page = work.step(MATERIALS)
        assert page is not None
        return _materials_page(request, work, page, problems_of(reasons))
    return _go(request, work, MATERIALS, anchor(name))


def remove(request: HttpRequest, draft: UUID, material: str, upload: UUID) -> HttpResponse:
    """Take a file out of the draft."""
    detach_upload(actor=actor_of(request), draft=draft, material=material, upload=upload, at=now())
    address = reverse("portal:file", args=[draft, MATERIALS])
    return HttpResponseRedirect(address + "#" + anchor(f"/materials/{material}"))


# ── check, submit, receipt ────────────────────────────────────────────────────────────────────────────────────────


def _stood_for(actor: Actor, work: Work) -> frozenset[str] | None:
    """The papers for which data may stand, where it may be decided at once for who files; None where it may not."""
    if work.pack.decision is None or work.applicant.id != actor.id or not cases.decides_alone(work.pack):
        return None
    return frozenset(work.pack.decision.papers)


def _check_page(request: HttpRequest, work: Work, page: Step, problems: Problems = NONE) -> HttpResponse:
    actor, at = actor_of(request), now()
    filing.keep(actor, work.draft, at=at, step=page.id)
    needs = filing.needs_of(work, at=at)
    reasons = [
        *catalog.check_answers(work.pack, work.draft.answers),
        *_faults(work),
        *needs.blocked,
        *cases.why_not_promise(work.pack, needs, work.applicant.id),
    ]
    provided = {code for code, ids in work.draft.materials.items() if ids} | {m.code for m in needs.materials if m.held}
    stands, by_signing = _stood_for(actor, work), filing.signed_instead(work, actor, at=at)
    fetched = filing.fetched_of(work, filing.offers_of(work, needs, at=at))
    spared = provided | fetched | (stands or frozenset()) | by_signing
    missing = [m for m in needs.materials if m.necessity != "optional" and m.code not in spared]
    calendar = network.working_calendar()
    limit = needs.promise_with_gaps if missing else needs.promise
    faults = _located(work, reasons)
    form = catalog.pruned(work.pack, work.draft.answers, work.draft.form)
    context = {
        **_common(work, page),
        "needs": needs,
        "errors": problems,
        "faults": faults,
        "questions": filing.answered_questions(work),
        "sections": [(FORM + s.id, s.label, answers_of(work.schema, form, s)) for s in subjects(work.schema)],
        "files": uploads.of_draft(actor, work.draft),
        "missing": missing,
        "fetched": fetched,
        "may_follow": needs.tolerant and all(m.tolerable for m in missing),
        "dues": {m.code: uploads.due_day(m, needs, at=at) for m in missing},
        "limit": limit,
        "due": catalog.due_date(limit, local_date(at), calendar),
        "service": None if faults else views_service.to_ask(actor, work.applicant.id, work.pack.code),
        "warnings": catalog.form_warnings(work.pack, form, at=at, answers=work.draft.answers),
        "faster": (faster := filing.faster_way(work, needs, by_signing, own=stands is not None, at=at)),
        "at_once": stands is not None and not faults,
        "letter": None if faults else cases.letter_of(work.pack, needs),
        "agreed": "agreed" in request.POST,
        "stands": stands or frozenset(),
        "by_signing": by_signing,
        "phone": people.phone_of(actor),
        "cosigners": () if faults else filing.others_to_sign(work, actor, at=at),
        "signing": cases.find_signing(actor, work.draft.id),
        "face": (face := filing.face_of(work, actor, at=at)),
        "instant": not faults and (face is not None or (faster is not None and faster.ready)),
        "face_failed": any(address.endswith(FACE_PART) for _, address in faults),
    }
    return render(request, "portal/filing/check.html", context, status=422 if problems else 200)


def check_again(request: HttpRequest, work: Work, problems: Problems) -> HttpResponse:
    """The page before submitting, with what is wrong."""
    return _check_page(request, work, work.steps[-1], problems)


def _located(work: Work, reasons: Any) -> list[tuple[Reason, str]]:
    """Each reason with the address of what it speaks about."""
    faces = filing.asking_for_a_face(work)
    part = reverse("portal:file", args=[work.draft.id, CHECK]) + FACE_PART
    return [(one, part if one.code in faces else _address(work, one.field or "")) for one in reasons]


def _address(work: Work, field: str) -> str:
    name = field.strip("/").split("/")[0]
    asked = SITUATION if name in {q.id for q in work.pack.questions} else MATERIALS if name == "materials" else ""
    target = next((s.id for s in work.steps if s.subject is not None and name in s.subject.names), asked)
    return f"{reverse('portal:file', args=[work.draft.id, target])}#{anchor(field)}" if target else ""


def submit(request: HttpRequest, draft: UUID) -> HttpResponse:
    """File the case. However often it is pressed, one case comes of it, and every press gets its receipt."""
    actor = actor_of(request)
    if "_code" in request.POST:
        return _send_code(request, actor, draft)
    for turn in range(TRIES):
        try:
            number = file_once(request, actor, draft, locale_of(request))
        except Conflict as conflict:
            if turn + 1 == TRIES or conflict.reasons[0].code != IN_FLIGHT:
                raise
            time.sleep(PAUSE)
        except NotFound:
            raise
        except Refused as refused:
            work = filing.open_draft(actor, draft, at=now())
            return _check_page(request, work, work.steps[-1], named(refused))
        else:
            _hear(request, actor, number)
            return HttpResponseRedirect(reverse("portal:receipt", args=[number]))
    raise NotFound(THE_PAGE)


def _send_code(request: HttpRequest, actor: Actor, draft: UUID) -> HttpResponse:
    """A code for confirming that it is oneself (实名确认), and back to the page that asks for it."""
    work = filing.open_draft(actor, draft, at=now())
    try:
        send_code(request, actor, now())
    except Refused as refused:
        return _check_page(request, work, work.steps[-1], named(refused))
    return HttpResponseRedirect(reverse("portal:file", args=[draft, CHECK]) + "#f-code")


def _hear(request: HttpRequest, actor: Actor, number: str) -> None:
    """What the check page asked beside the filing: whether the applicant agrees to electronic service."""
    if "service_agreed" in request.POST:
        page = cases.get_case_for(actor, number, at=now())
        views_service.take_answer(request, actor, page.applicant, page.item_code, now())


def _submit(request: HttpRequest, work: Work, page: Step) -> HttpResponse:
    return _go(request, work, page.id) if "_leave" in request.POST else submit(request, work.draft.id)


def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """收件凭证 on the screen: number, query code, QR, the paper, what happens next."""
    actor, at = actor_of(request), now()
    page = cases.get_case_for(actor, number, at=at)
    target = f"{settings.YICHUANG_BASE_URL}{reverse('portal:progress')}?number={page.number}"
    paper = next((d for d in page.documents if d.kind is DocumentKind.RECEIPT), None)
    rules = cases.at_once_of(actor, page, at=at)
    context: Mapping[str, Any] = {"case": page, "qr": qr_of(target), "paper": paper, "rules": rules}
    return render(request, "portal/filing/receipt.html", context)
