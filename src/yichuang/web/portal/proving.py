"""Asking once more who is there, before something is signed: the password, or a code sent to the account's phone."""

from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest

from yichuang.core.actors import Actor
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W
from yichuang.people import commands as people
from yichuang.people.values import Proof
from yichuang.webkit.languages import locale_of
from yichuang.webkit.pages import note
from yichuang.webkit.params import client_address, text
from yichuang.webkit.problems import Problems, problems_of

SENT = W("验证码已发到您的手机，五分钟内有效", "A code is on its way to your phone; it works for five minutes")


def prove(request: HttpRequest, actor: Actor, at: datetime, *reasons: Reason) -> Proof:
    """The proof of the posted password or code. Refused together with the other `reasons` why not to sign: a code, which
    works once, is then not spent; a password is looked at all the same."""
    code = text(request, "code", longest=12)
    if reasons and code:
        raise Refused(*reasons)
    password = request.POST.get("password", "")[:200]
    try:
        found = people.prove_identity(actor=actor, password=password, code=code, address=client_address(request), at=at)
    except Refused as refused:
        raise Refused(*reasons, *refused.reasons, kind=refused.kind) from None
    if reasons:
        raise Refused(*reasons)
    return found


def send_code(request: HttpRequest, actor: Actor, at: datetime) -> None:
    """Send a code, and say so on the next page."""
    people.send_proof_code(actor=actor, address=client_address(request), locale=locale_of(request), at=at)
    note(request, SENT)


def named(refused: Refused) -> Problems:
    """The reasons at this door's inputs, which bear plain names; what is wrong with the phone stands at the code."""
    names = {"phone": "code"}
    plain = [(reason, (reason.field or "").strip("/")) for reason in refused.reasons]
    return problems_of([replace(reason, field=names.get(name, name) or None) for reason, name in plain])
