"""My certificates, the pick-up code, and verification of any paper by anybody."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.cases import queries as cases
from yichuang.core.clock import local_date, now
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.issuing import commands as issuing
from yichuang.issuing import queries as issued
from yichuang.issuing.values import Verification
from yichuang.registry import queries as registry
from yichuang.registry.values import VALIDITY_WORDS
from yichuang.webkit.actor import actor_of
from yichuang.webkit.downloads import download
from yichuang.webkit.limits import CHECKING_FILES, VERIFYING
from yichuang.webkit.pages import render
from yichuang.webkit.params import text, uuid_or_none
from yichuang.webkit.problems import NONE, problems_of
from yichuang.webkit.uploads import MAX_BYTES

NOTHING = Reason("NOTHING_TO_VERIFY", W("请填写编号，或者选择文件", "Give a number or choose a file"), "number")
PDF = "application/pdf"


def certificates(request: HttpRequest) -> HttpResponse:
    """我的证照: mine and those of whom I stand for, the newest first, with what each is worth today."""
    actor, at = actor_of(request), now()
    today = local_date(at)
    cursor = uuid_or_none(text(request, "cursor"))
    parties = {p for p in (actor.id, *actor.represents) if p is not None}
    page = registry.list_held(parties, cursor=str(cursor) if cursor else None)
    rows = [(row, registry.validity(row, today)) for row in page.items]
    found = [(row, worth, VALIDITY_WORDS[worth]) for row, worth in rows]
    intended = cases.proceedings_of_holder(actor, [row.id for row, _ in rows])
    follow = {row.id: cases.follow_ups_of(actor, row, at=at) if worth == "valid" else () for row, worth in rows}
    context = {"found": found, "intended": intended, "follow": follow, "cursor": cursor, "next": page.next}
    return render(request, "portal/certificates.html", context)


def certificate(request: HttpRequest, id: UUID) -> HttpResponse:
    """The sealed PDF of a certificate, for its holder and who stands for the holder."""
    row = registry.get_certificate(id)
    if not actor_of(request).acts_for(row.holder):
        raise NotFound(W("证照", "certificate"))
    return download(issuing.render_certificate(row.id), name=f"{row.name.zh}-{row.number}.pdf", media_type=PDF)


def pick_up(request: HttpRequest, number: str) -> HttpResponse:
    """A code with which the result is handed out at the desk, together with the name."""
    made = issuing.make_pickup_code(actor=actor_of(request), number=number, at=now())
    return render(request, "portal/pick_up.html", {"made": made, "number": number})


def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Where the QR code of a paper leads."""
    return HttpResponseRedirect(reverse("portal:verify", query={"number": code}))


def verify(request: HttpRequest) -> HttpResponse:
    """验证: by number or by the file itself. Anybody may; only masked data is told."""
    number = text(request, "number", longest=300)
    found: Verification | None = None
    problems, status = NONE, 200
    try:
        if request.method == "POST":
            found = _verify_post(request, number)
        elif number:
            found = _verify_number(request, number)
    except Refused as refused:
        reasons = [Reason(r.code, r.words, (r.field or "").strip("/") or None, r.basis) for r in refused.reasons]
        problems, status = problems_of(reasons), refused.status
    context = {"found": found, "problems": problems, "number": number}
    return render(request, "portal/verify.html", context, status=status)


def _verify_post(request: HttpRequest, number: str) -> Verification:
    file = request.FILES.get("file")
    if file is not None:
        at = now()
        CHECKING_FILES.spend(request, at=at)
        return issued.verify_file(file.read(MAX_BYTES + 1), at=at)
    if not number:
        raise Refused(NOTHING)
    return _verify_number(request, number)


def _verify_number(request: HttpRequest, number: str) -> Verification:
    """Numbers can be tried one after the other, so those that nobody has are counted."""
    at = now()
    VERIFYING.check(request, at=at)
    found = issued.verify_number(number, at=at)
    if found.verdict == "unknown":
        VERIFYING.count(request, at=at)
    return found
