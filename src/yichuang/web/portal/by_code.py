"""Doors without an account: a code typed by hand or carried by a link opens one thing of one case (补交码, 答复码)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yichuang.core.actors import Actor, Channel
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import Words
from yichuang.webkit.actor import actor_of
from yichuang.webkit.languages import locale_of
from yichuang.webkit.limits import Misses
from yichuang.webkit.pages import render
from yichuang.webkit.params import text
from yichuang.webkit.problems import NONE, Problems, problems_of

T = TypeVar("T")


@dataclass(frozen=True)
class CodeDoor(Generic[T]):
    """One kind of code: what it opens (`read`), where that is shown (`leads_to`), and how wrong ones are told."""

    read: Callable[[str, datetime], T]
    misses: Misses
    unknown: Words
    template: str
    leads_to: str

    def open(self, request: HttpRequest, code: str, at: datetime) -> T:
        """What the code opens; wrong codes from one network are counted, and stopped for the hour."""
        self.misses.check(request, at=at)
        try:
            return self.read(code, at)
        except NotFound:
            self.misses.count(request, at=at)
            raise

    def enter(
        self,
        request: HttpRequest,
        context: dict[str, Any] | None = None,
        instead: Callable[[str, datetime], HttpResponse | None] | None = None,
    ) -> HttpResponse:
        """The page where the code is typed by hand; `instead` may answer a good code otherwise than by its page."""
        code = text(request, "code", longest=20).upper()
        if request.method != "POST":
            return self._page(request, "", NONE, context)
        at = now()
        try:
            self.open(request, code, at)
            answer = instead(code, at) if instead else None
        except Refused as refused:
            reasons = [Reason(r.code, r.words, "code") for r in refused.reasons]
            if isinstance(refused, NotFound):
                reasons = [Reason("NO_CODE", self.unknown, "code")]
            return self._page(request, code, problems_of(reasons), context, refused.status)
        return answer or HttpResponseRedirect(reverse(self.leads_to, args=[code]))

    def _page(
        self, request: HttpRequest, code: str, problems: Problems, context: dict[str, Any] | None, status: int = 200
    ) -> HttpResponse:
        shown = {"code": code, "errors": problems, **(context or {})}
        return render(request, self.template, shown, status=status)


def holder_of(request: HttpRequest, case: UUID, link: UUID) -> Actor:
    """Whoever holds the code: for this case only, and never one with who holds another code of it."""
    device = actor_of(request).device
    return Actor(kind="link", case=case, link=link, channel=Channel.LINK, device=device, locale=locale_of(request))
