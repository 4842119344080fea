"""What the operations of other applications (租户) share: their answers, and the key that makes a call count once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, HeaderEx, P, Schema

from yichuang.core.refusals import Reason, Refused
from yichuang.engine.values import TaskRow
from yichuang.web.api import translate
from yichuang.web.api.filings import KEY_MISSING
from yichuang.web.api.schemas import Label, Problem

REFUSALS: dict[int, Any] = dict.fromkeys((401, 403, 404, 409, 413, 422, 429), Problem)
Key = HeaderEx[str, P(alias="Idempotency-Key", max_length=200)]


class TenantMadeOut(Schema):
    id: UUID
    replayed: bool = Field(description="the same Idempotency-Key was sent before: nothing was done again")


class TenantTaskOut(Schema):
    """A task of one of the tenant's own posts; who holds it is the tenant's own name for them."""

    id: UUID
    run: UUID
    node: str
    name: Label
    post: str
    state: str = Field(description="open, claimed, done or cancelled")
    by: str = Field(description="who holds it, or did it")
    outcome: str
    opinion: str
    created_at: datetime
    due_at: datetime | None
    done_at: datetime | None


def task(row: TaskRow) -> dict[str, Any]:
    names = ("id", "node", "post", "state", "outcome", "opinion", "created_at", "due_at", "done_at")
    told = {name: getattr(row, name) for name in names}
    return {**told, "run": row.subject_id, "name": translate.label(row.name), "by": row.done_name or row.claimed_name}


def needed(key: str) -> str:
    """The call's own key. Refused KEY_MISSING."""
    if not key.strip():
        raise Refused(Reason("KEY_MISSING", KEY_MISSING, "Idempotency-Key"))
    return key
