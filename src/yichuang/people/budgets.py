"""Using up budgets (限流): one conditional statement each, so that no number of simultaneous requests gets more."""

from datetime import datetime
from typing import Any

from django.db import connection

from yichuang.people.models import Tally
from yichuang.people.values import Budget

# A span begins with its first use and is over after `span`; a `since` far in the future can only come from a clock
# that was set back (the demo's --now) and counts as over.
_TAKE = """
INSERT INTO people_tally AS t (scope, key, used, since) VALUES (%(scope)s, %(key)s, 1, %(at)s)
ON CONFLICT (scope, key) DO UPDATE SET
    used = CASE WHEN t.since <= %(at)s - %(span)s OR t.since > %(at)s + %(span)s THEN 1 ELSE t.used + 1 END,
    since = CASE WHEN %(renew)s OR t.since <= %(at)s - %(span)s OR t.since > %(at)s + %(span)s
                 THEN %(at)s ELSE t.since END
WHERE t.used < %(limit)s OR t.since <= %(at)s - %(span)s OR t.since > %(at)s + %(span)s
RETURNING used
"""


def take(budget: Budget, key: str, at: datetime) -> int | None:
    """Use one of the budget: how many are used now, or None when it was already used up."""
    values: dict[str, Any] = {
        "scope": budget.scope,
        "key": key,
        "at": at,
        "span": budget.span,
        "limit": budget.limit,
        "renew": budget.renew,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        row = cursor.fetchone()
    return row[0] if row else None


def ends_at(budget: Budget, key: str, at: datetime) -> datetime:
    """When the present span of a budget is over."""
    since = Tally.objects.filter(scope=budget.scope, key=key).values_list("since", flat=True).first()
    return (since or at) + budget.span


def forget(budget: Budget, key: str) -> None:
    """Start afresh (after a success)."""
    Tally.objects.filter(scope=budget.scope, key=key).delete()
