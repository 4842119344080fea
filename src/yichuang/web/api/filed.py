"""What is filed by API, and its answer."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from yichuang.web.api.schemas import In, Label


class CaseIn(In):
    item: str
    item_version: int | None = None
    answers: dict[str, Any] = {}
    form: dict[str, Any]
    materials: dict[str, list[UUID]] = {}
    originals: list[str] = Field(default=[], description="papers seen at a window (clerks only)")
    fetch: list[str] = Field(
        default=[], description="免证办: papers that the applicant lets us fetch instead, where that rests on consent"
    )
    applicant: UUID | None = None
    agent: UUID | None = None
    authority_seen: bool = Field(
        default=False, description="the original of the agent's power of attorney was seen (clerks only)"
    )
    receiver: UUID | None = None
    previous: str | None = Field(
        None, description="number of the earlier case that this one takes up again, or whose result it follows"
    )
    follow_up: Literal["", "change", "renew", "replace"] = Field(
        "", description="变更, 延续, 补发: what is asked of the result of `previous`"
    )
    password: str = Field(
        "", max_length=200, description="实名确认: it is you who files; without it nothing is decided at once"
    )
    commitment: str = Field(
        "", max_length=16, description="告知承诺: the mark of the letter that was read and is promised (`requirements`)"
    )
    code: str = Field("", max_length=12, description="实名确认 by a code sent to your phone, instead of the password")


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
