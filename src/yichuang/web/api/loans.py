"""/halls/…/loans: 便民物品 for programs of the desk by the door: what is there, lend, back, lost; what the hall has, for its manager.

The names of who has something are masked, as on the page; a returned loan holds nobody.
"""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import HeaderEx, P, Router, Schema
from pydantic import Field, StringConstraints

from yichuang.core.clock import now
from yichuang.core.ids import new_id
from yichuang.core.words import Words
from yichuang.network import queries as network
from yichuang.visits import queries as visits
from yichuang.visits.commands.loans import end_loan, lend, set_loan_item
from yichuang.visits.values import LoanDesk
from yichuang.web.api import translate
from yichuang.web.api.hall import REFUSALS
from yichuang.web.api.schemas import DoneOut, In, Label
from yichuang.webkit.actor import actor_of

router = Router(tags=["hall"])
Key = HeaderEx[str | None, P(alias="Idempotency-Key", max_length=40, description="of this press: again it is the same loan")]  # fmt: skip


class LoanItemOut(Schema):
    id: UUID
    name: Label
    owned: int
    out: int
    minutes: int


class LoanOut(Schema):
    id: UUID
    item: Label
    name_masked: str
    mobile_masked: str
    out_at: datetime
    due_at: datetime
    overdue: bool
    reminded_at: datetime | None


class LoanFiguresOut(Schema):
    item: Label
    lent: int
    late: int
    lost: int


class LoanDeskOut(Schema):
    items: list[LoanItemOut]
    out: list[LoanOut] = Field(description="what is due first on top")
    figures: list[LoanFiguresOut] = Field(description="of the last thirty days")


class LendIn(In):
    item: UUID
    name: Annotated[str, StringConstraints(max_length=60)]
    mobile: Annotated[str, StringConstraints(max_length=30)]


class LoanIdOut(Schema):
    id: UUID


class EndLoanIn(In):
    how: Literal["back", "lost"] = "back"


class LoanItemIn(In):
    item: UUID | None = Field(None, description="none: a new kind")
    name_zh: Annotated[str, StringConstraints(max_length=40)]
    name_en: Annotated[str, StringConstraints(max_length=80)]
    owned: int = Field(ge=0, le=10000)
    minutes: int = Field(ge=0, le=10000)


@router.get("/{place}/loans", response={200: LoanDeskOut, **REFUSALS}, url_name="loans", summary="便民物品: what the hall lends, and who has what (masked)")  # fmt: skip
def loans(request: HttpRequest, place: str) -> dict[str, Any]:
    return _desk(visits.loan_desk(actor_of(request), network.get_place(place).id, at=now()))


def _desk(desk: LoanDesk) -> dict[str, Any]:
    item = ("id", "owned", "out", "minutes")
    loan = ("id", "name_masked", "mobile_masked", "out_at", "due_at", "overdue", "reminded_at")
    figure = ("lent", "late", "lost")
    return {
        "items": [_row(row, item) | {"name": translate.label(row.name)} for row in desk.items],
        "out": [_row(row, loan) | {"item": translate.label(row.item)} for row in desk.out],
        "figures": [_row(row, figure) | {"item": translate.label(row.item)} for row in desk.figures],
    }


def _row(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


@router.post("/{place}/loans", response={200: LoanIdOut, **REFUSALS}, url_name="lend", summary="Lend one, without a document as a pledge")  # fmt: skip
def lend_one(request: HttpRequest, place: str, body: LendIn, key: Key = None) -> dict[str, Any]:
    hall = network.get_place(place).id
    return {
        "id": lend(
            actor=actor_of(request), place=hall, item=body.item, name=body.name, mobile=body.mobile,
            key=key or new_id().hex, at=now(),
        )
    }  # fmt: skip


@router.post("/{place}/loans/{loan}/end", response={200: DoneOut, **REFUSALS}, url_name="end_loan", summary="It is back, or lost: who had it is forgotten")  # fmt: skip
def end(request: HttpRequest, place: str, loan: UUID, body: EndLoanIn) -> dict[str, Any]:
    hall, lost = network.get_place(place).id, body.how == "lost"
    end_loan(actor=actor_of(request), place=hall, loan=loan, lost=lost, at=now())
    return {"done": True}


@router.post("/{place}/loan-items", response={200: LoanIdOut, **REFUSALS}, url_name="set_loan_item", summary="What the hall lends: a new kind, another number or time")  # fmt: skip
def set_item(request: HttpRequest, place: str, body: LoanItemIn) -> dict[str, Any]:
    hall, name = network.get_place(place).id, Words(body.name_zh, body.name_en)
    return {
        "id": set_loan_item(
            actor=actor_of(request), place=hall, item=body.item, name=name, owned=body.owned, minutes=body.minutes, at=now()
        )
    }  # fmt: skip
