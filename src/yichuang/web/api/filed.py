"""What is filed by API, and its answer."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from yichuang.cases import queries as cases
from yichuang.cases.commands.file_case import Filing
from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.web.api.schemas import In, Label

UNKNOWN_CASE = W("没有找到这个办件，或者您无权查看", "We could not find this case, or you may not see it")


class ToSignIn(In):
    """A filing of one's own, or for whom one acts."""

    item: str
    item_version: int | None = None
    answers: dict[str, Any] = {}
    form: dict[str, Any]
    materials: dict[str, list[UUID]] = {}
    fetch: list[str] = Field(
        default=[], description="免证办: papers that the applicant lets us fetch instead, where that rests on consent"
    )
    applicant: UUID | None = None
    previous: str | None = Field(
        None, description="number of the earlier case that this one takes up again, or whose result it follows"
    )
    follow_up: Literal["", "change", "renew", "replace"] = Field(
        "", description="变更, 延续, 补发: what is asked of the result of `previous`"
    )
    commitment: str = Field(
        "", max_length=16, description="告知承诺: the mark of the letter that was read and is promised (`requirements`)"
    )
    password: str = Field(
        "", max_length=200, description="实名确认: it is you who files; without it nothing is decided at once"
    )
    code: str = Field("", max_length=12, description="实名确认 by a code sent to your phone, instead of the password")


class CaseIn(ToSignIn):
    """A filing; clerks also say what they have seen at the window."""

    originals: list[str] = Field(default=[], description="papers seen at a window (clerks only)")
    agent: UUID | None = None
    confirmed: Literal["", "paper", "screen"] = Field(
        "", description="how who stands at the window confirmed what was typed for them (clerks; needed)"
    )
    authority_seen: bool = Field(
        default=False, description="the original of the agent's power of attorney was seen (clerks only)"
    )
    receiver: UUID | None = None
    proof: UUID | None = Field(
        None,
        description="实名确认 made before (POST /identity/proof), instead of password or code: counts for one filing",
    )


def filing_in(actor: Actor, body: ToSignIn) -> Filing:
    """What was sent, as it is filed or signed; the proof of who sent it comes with it later, so that no code is spent on what
    is refused. Refused UNKNOWN_CASE."""
    return Filing(
        item_code=body.item,
        item_version=body.item_version,
        answers=body.answers,
        form=body.form,
        materials=body.materials,
        applicant=body.applicant,
        agreed=frozenset(body.fetch),
        previous=_previous(actor, body.previous),
        follow_up=body.follow_up,
        commitment=body.commitment,
        locale=actor.locale,
    )


def _previous(actor: Actor, number: str | None) -> UUID | None:
    """The earlier case that this filing takes up again, when the actor may see it."""
    if number is None:
        return None
    try:
        return cases.get_case_for(actor, number, at=now()).id
    except NotFound:
        raise Refused(Reason("UNKNOWN_CASE", UNKNOWN_CASE, "/previous")) from None


class BecameOut(Schema):
    """秒批: what became of the filing in the same request. `state` of the receipt is where the case stands now."""

    judged: str = Field(description="waiting (sources are still asked) | done | failed (a person takes it on)")
    alone: bool = Field(description="accepted and granted without a person")
    why: list[Label] = Field(description="why a person decides; what concerns others is one sentence")


class ReceiptOut(Schema):
    number: str
    query_code: str
    state: str
    version: int
    received_at: datetime
    receipt: UUID = Field(description="the document 收件凭证")
    replayed: bool = False
    at_once: BecameOut | None = Field(None, description="秒批; null where the item has no rules")
