"""免证办 as the API gives it: what may be fetched in the place of a paper, and what became of it."""

from datetime import date, datetime

from ninja import Schema
from pydantic import Field

from yichuang.web.api.labels import Label


class OfferOut(Schema):
    """What may be fetched when this is filed, of the applicant alone."""

    name: Label
    base: Label
    fields: list[str]
    ground: str = Field(description="duty: it will be fetched | consent: name the paper in `fetch` when filing")
    basis: str


class FetchedOut(Schema):
    """What was fetched in the place of a paper, or why not."""

    state: str = Field(description="fetched | waiting | nothing | unfit | ended | silent | declined")
    words: Label
    level: str = Field(description="材料可信等级: A from an organ … D on the person's word")
    name: Label
    provider: Label
    number: str
    valid_to: date | None
    said: list[dict[str, Label]] = Field(description="field and value; masked for staff")
    ground: str | None
    basis: str
    why: Label | None
    mark: Label | None = Field(description="what a copy of it bears")
    as_of: datetime | None
    asked_at: datetime
