"""免证办: what was fetched in the place of each paper, as the applicant's side and as staff read it."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from yichuang.cases.fetched import HELD_WORDS, HeldRow, HeldState
from yichuang.cases.models import Case, HeldPaper
from yichuang.core.clock import local_date
from yichuang.core.compiled import compiled
from yichuang.core.masks import mask_certificate_number
from yichuang.core.words import W, Words
from yichuang.registry import queries as registry
from yichuang.registry.values import FIELDS, GROUND_WORDS, Base, Trust

COPY_LIFE = timedelta(days=90)  # (P) how long a copy may be used: it serves this case only
THERE = W("已取得，不显示", "fetched, not shown")


@compiled
def _papers(case: UUID) -> QuerySet[HeldPaper]:
    return HeldPaper.objects.filter(case=case).order_by("code")


def held_rows(case: Case, *, own: bool) -> Mapping[str, HeldRow]:
    """What was fetched for the case, by material. `own`: for the applicant's side; staff read it masked."""
    return MappingProxyType({row.code: _row(row, case, own=own) for row in _papers(case.id)})


def _row(row: HeldPaper, case: Case, *, own: bool) -> HeldRow:
    state, level = HeldState(row.state), Trust(row.level)
    last = local_date(row.asked_at) + COPY_LIFE
    until = min(row.valid_to, last) if row.valid_to else last
    provider, item = Words(row.provider_zh, row.provider_en), Words(case.item_name_zh, case.item_name_en)
    fetched = state is HeldState.FETCHED
    return HeldRow(
        material=row.code,
        state=state,
        words=HELD_WORDS[state],
        level=level,
        name=Words(row.name_zh, row.name_en),
        provider=provider,
        number=row.number if own else mask_certificate_number(row.number),
        valid_to=row.valid_to,
        said=tuple(_said(row, name, value, own=own) for name, value in row.data.items()) if fetched else (),
        ground="consent" if row.ground == "consent" else "duty" if row.ground else None,
        ground_words=GROUND_WORDS[row.ground] if row.ground else None,
        basis=row.basis,
        why=Words(row.why_zh, row.why_en) if row.why_zh else None,
        mark=registry.mark_of(level, provider=provider, item=item, until=until) if fetched else None,
        as_of=row.as_of,
        asked_at=row.asked_at,
    )


def _said(row: HeldPaper, name: str, value: Any, *, own: bool) -> tuple[Words, Words]:
    """A field and its value. Of certificates the label as printed; their values are for the holder."""
    spec = FIELDS[Base(row.base)].get(name) if row.base else None
    label = spec.words if spec else Words(name, name)
    if own:
        return label, registry.plain_value(value)
    return label, registry.masked_value(Base(row.base), name, value) if spec else THERE
