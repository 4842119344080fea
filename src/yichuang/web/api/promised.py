"""告知承诺 as the API gives it: the letter that is read before filing, and what the checks found."""

from datetime import date, datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field

from yichuang.web.api.labels import Label


class CommitmentOut(Schema):
    code: str
    name: Label
    told: list[Label]
    promises: list[Label]
    check: Label = Field(description="how it is checked afterwards")
    check_days: int = Field(description="working days after the decision")
    consequence: Label
    published: Label | None = Field(description="where the letter may be read; null: nowhere")
    basis: str


class PromiseCheckOut(Schema):
    """后续核查 of a commitment."""

    id: UUID
    round: int
    due_date: date
    state: str = Field(description="open | kept | broken | unable (could not be made: another follows)")
    findings: str
    recorded_at: datetime | None
    mend_by: date | None = Field(description="by when what was not kept is to be put right")
    order: UUID | None = Field(description="the document of the order")


class PromisedOut(Schema):
    """告知承诺: a commitment signed with the filing."""

    id: UUID
    code: str
    name: Label
    version: int
    state: str = Field(description="signed | checking | found (not kept) | mending | kept | broken")
    words: Label
    document: UUID
    signed_at: datetime
    checks: list[PromiseCheckOut]
