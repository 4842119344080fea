"""Filing a draft, once, judged at once where its item has rules; and its pages afterwards: who comes back is led to the case."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.cases.commands.at_once import decide_at_once
from yichuang.cases.commands.file_case import Filing, file_and_judge
from yichuang.catalog import queries as catalog
from yichuang.core import idempotency
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound
from yichuang.core.words import W
from yichuang.people.values import Proof
from yichuang.web.portal import filing
from yichuang.web.portal.proving import prove
from yichuang.webkit.actor import actor_of
from yichuang.webkit.pages import note
from yichuang.webkit.params import text

FILED = W("这份申请已经提交，这是它的办件", "This application was submitted already; here is its case")


def scope_of_submit(actor: Actor) -> str:
    """Whose submissions are counted together: one person's, so that nobody is led to another's case."""
    return idempotency.scope_of(actor, "portal.submit")


def unless_filed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page of a draft; of one that became a case, the case. Raises NotFound for any other that is not there."""

    @wraps(view)
    def seen(request: HttpRequest, draft: UUID, **more: str) -> HttpResponse:
        try:
            return view(request, draft, **more)
        except NotFound:
            number = filed_as(actor_of(request), draft)
            if not number:
                raise
        note(request, FILED)
        return HttpResponseRedirect(reverse("portal:case", args=[number]))

    return seen


def filed_as(actor: Actor, draft: UUID) -> str:
    """The number of the case that a draft of the actor's became; "" where it became none."""
    kept = idempotency.kept_answer(key=f"draft:{draft}", scope=scope_of_submit(actor))
    if kept:
        return str(kept["number"])
    signed = cases.find_signing(actor, draft)
    return signed.number if signed else ""


def file_once(request: HttpRequest, actor: Actor, draft: UUID, locale: str) -> str:
    """One case for one draft, also when the draft is gone because the first press filed it; its number.

    Who confirmed that it is them (实名确认) may have it decided in the same request; a code is spent once.
    """
    at, key, scope = now(), f"draft:{draft}", scope_of_submit(actor)
    proof = None
    if idempotency.kept_answer(key=key, scope=scope) is None and (
        text(request, "code") or request.POST.get("password")
    ):
        work = filing.open_draft(actor, draft, at=at)  # before a code is spent
        needs = filing.needs_of(work, at=at)
        unsigned = cases.why_not_committed(work.pack, needs, mark=promised(request))
        proof = prove(request, actor, at, *unsigned)
    answer, replayed = idempotency.run_once(
        key=key,
        scope=scope,
        body_hash=idempotency.body_hash({"draft": str(draft)}),
        at=at,
        do=lambda: _file(actor, draft, locale, proof, promised(request)),
    )
    if "judged" in answer and not replayed:
        decide_at_once(case=UUID(answer["judged"]), at=now())
    return str(answer["number"])


def promised(request: HttpRequest) -> str:
    """The mark of the letter of commitment (告知承诺书) that was read and promised; "" where nothing was."""
    return text(request, "letter", longest=16) if "agreed" in request.POST else ""


def filing_of(work: filing.Work, locale: str, proof: Proof | None, promised: str, *, at: datetime) -> Filing:
    """What a draft says now, as it is filed or signed."""
    needed = {m.code for m in filing.needs_of(work, at=at).materials}
    row = work.draft
    return Filing(
        item_code=row.item_code,
        item_version=row.item_version,
        answers=row.answers,
        form=catalog.pruned(work.pack, row.answers, row.form),
        materials={c: [UUID(i) for i in ids] for c, ids in row.materials.items() if ids and c in needed},
        applicant=row.applicant,
        draft=row.id,
        previous=row.previous,
        follow_up=row.follow_up,
        agreed=row.agreed,
        locale=locale,
        proof=proof,
        commitment=promised,
    )


def _file(actor: Actor, draft: UUID, locale: str, proof: Proof | None, promised: str) -> dict[str, str]:
    at = now()
    what = filing_of(filing.open_draft(actor, draft, at=at), locale, proof, promised, at=at)
    receipt, _replayed = file_and_judge(actor=actor, filing=what, key=f"draft:{draft}", at=at)
    waits = receipt.judged and receipt.became is None
    return {"number": receipt.number, **({"judged": str(receipt.case_id)} if waits else {})}
