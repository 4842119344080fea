"""Definitions as rows, and as what they define: inside the wall."""

import json
from functools import lru_cache
from typing import Any
from uuid import UUID

from yichuang.core.refusals import NotFound
from yichuang.core.words import Words
from yichuang.engine.values import ReadyDecision, ready_decision
from yichuang.tenants.models import Part
from yichuang.tenants.rules import table_of
from yichuang.tenants.values import PART_WORDS, PartKind, PartRow, TableSpec


def part_row(row: Part, *, whole: bool = True) -> PartRow:
    return PartRow(
        id=row.id,
        kind=row.kind,  # type: ignore[arg-type]  # a constraint holds it to the four
        code=row.code,
        version=row.version,
        name=Words(row.name_zh, row.name_en),
        sha=row.sha,
        made_at=row.made_at,
        body=row.body if whole else "",
    )


def part_of(tenant: UUID, kind: PartKind, code: str, version: int | None = None) -> Part:
    """A version of a definition, the newest unless one is named. NotFound where there is none."""
    rows = Part.objects.filter(tenant=tenant, kind=kind, code=code).order_by("-version")
    row: Part | None = (rows if version is None else rows.filter(version=version)).first()
    if row is None:
        raise NotFound(PART_WORDS[kind])
    return row


@lru_cache(maxsize=64)  # each as large as a definition may be
def spec_of(body: str) -> TableSpec:
    """The declaration of a table that was published."""
    spec = table_of(json.loads(body))
    if spec is None:
        raise ValueError("what was published is a table")
    return spec


@lru_cache(maxsize=64)
def form_of(body: str) -> Any:
    """The JSON Schema of a form that was published."""
    return json.loads(body)


@lru_cache(maxsize=32)
def decision_of(body: str, name: str) -> ReadyDecision:
    """A decision table that was published, ready to decide."""
    return ready_decision(body.encode(), name)
