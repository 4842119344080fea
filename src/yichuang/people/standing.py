"""Who stands for whom (代理): agents, legal representatives, guardians, as they are in force on a day. Reads only."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db.models import Q

from yichuang.core.clock import local_date
from yichuang.core.paging import Page
from yichuang.people.actors import in_force
from yichuang.people.models import Account, Representation
from yichuang.people.values import RepresentationKind, RepresentationRow


def represented(party: UUID, *, at: datetime) -> tuple[RepresentationRow, ...]:
    """The parties that a person stands for today, oldest first."""
    return _representations(Q(agent=party) & in_force(local_date(at)))


def companies_of(party: UUID, *, at: datetime, cursor: str | None = None, limit: int = 20) -> Page[RepresentationRow]:
    """The companies that a person stands for today, in the order in which they came to."""
    which = Q(agent=party, principal__kind="company") & in_force(local_date(at))
    if cursor is not None:
        which &= Q(id__gt=UUID(cursor))
    rows = _representations(which, order=("id",), most=limit + 1)
    return Page(rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else None)


def representatives(party: UUID, *, at: datetime) -> tuple[RepresentationRow, ...]:
    """Who stands for a party today, or will: the page on which authorities are given and taken back."""
    return _representations(Q(principal=party) & (Q(valid_to=None) | Q(valid_to__gte=local_date(at))))


def can_sign_online(party: UUID, *, item: str, at: datetime) -> bool:
    """Whether the party, or somebody who stands for it in the item today, has an account that is open."""
    tied = Q(principal=party) & in_force(local_date(at))
    agents = {row.agent for row in _representations(tied) if not row.items or item in row.items}
    return Account.objects.filter(party__in={party, *agents}, disabled_at=None).exists()


def authority_ended(agent: UUID, principal: UUID, *, at: datetime) -> bool:
    """Whether an authority of this agent was on record and none is in force any more. One whose paper only a clerk saw,
    for the one filing, never was on record: it does not end by this."""
    theirs = Representation.objects.filter(agent=agent, principal=principal)
    return theirs.exists() and not theirs.filter(in_force(local_date(at)), revoked_at=None).exists()


def _representations(
    which: Q, *, order: Sequence[str] = ("granted_at", "id"), most: int | None = None
) -> tuple[RepresentationRow, ...]:
    rows = Representation.objects.select_related("agent", "principal").filter(which, revoked_at=None)
    return tuple(
        RepresentationRow(
            id=row.id,
            agent=row.agent_id,
            agent_name_masked=row.agent.name_masked,
            principal=row.principal_id,
            principal_name_masked=row.principal.name_masked,
            kind=cast(RepresentationKind, row.kind),
            items=tuple(row.items),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in rows.only(
            "id", "agent__name_masked", "principal__name_masked", "kind", "items", "valid_from", "valid_to"
        ).order_by(*order)[:most]
    )
