"""Live news: pages that show something are told that it changed, and fetch it anew through their own door.

A topic names an object and nothing else — "case:<uuid>", "post:<DEPT.post>", "place:<uuid>" — so news carries no personal
data and opens nothing. PostgreSQL's NOTIFY brings it to the process of live events, which brings it to browsers.
"""

from functools import partial

from django.db import transaction

from yichuang.core import sql

CHANNEL = "yichuang_live"


def tell(*topics: str) -> None:
    """Say that the objects changed, after the commit of the present transaction.

    After it and not inside: PostgreSQL takes commits that carry a NOTIFY one by one. Inside only where the transaction
    carries one anyway, because it queued a job: PostgreSQL too hands it on after the commit. A process that dies in
    between loses a hint, never a fact; pages fetch anew when they reconnect. Once, however often an act says so.
    """
    told = sql.told()
    if not sql.notifies():
        transaction.on_commit(partial(_notify, sorted(set(topics)), told))
        return
    for topic in sorted(set(topics) - told):  # hardly ever more than one
        sql.later(_NOTIFY_ONE, [CHANNEL, topic], rows=1, sure=True)
    told.update(topics)


_NOTIFY_ONE = "SELECT pg_notify($1, $2)"
_NOTIFY = "SELECT pg_notify($1, topic) FROM unnest($2::text[]) AS topic"


def _notify(topics: list[str], told: set[str]) -> None:
    if left := [topic for topic in topics if topic not in told]:
        sql.run(_NOTIFY, [CHANNEL, left])
