"""What this room vouches for: how many messages were handed over, how fast, and how many wait for a person."""

from dataclasses import dataclass
from datetime import datetime

from yichuang.core import sql

FAST = 5.0  # seconds from writing to handing over: the promise of A2


@dataclass(frozen=True, slots=True)
class HandOver:
    """Of the SMS and e-mails written in a span. `fast` of `written` were handed over within five seconds."""

    written: int
    sent: int
    fast: int
    parked: int
    undelivered: int
    median: float | None  # seconds
    slowest: float | None  # seconds

    @property
    def share(self) -> float:
        """The part handed over within five seconds, 1.0 when nothing was written."""
        return self.fast / self.written if self.written else 1.0


_HAND_OVER = """
WITH written AS (
    SELECT m.id, extract(epoch FROM d.at - m.created_at)::float8 AS seconds,
        d.id IS NULL AND EXISTS (
            SELECT FROM notices_delivery AS p WHERE p.message_id = m.id AND p.outcome = 'parked' AND NOT EXISTS (
                SELECT FROM notices_delivery AS a
                WHERE a.message_id = m.id AND a.outcome = 'again' AND a.at >= p.at)) AS parked
    FROM notices_message AS m LEFT JOIN notices_delivery AS d ON d.message_id = m.id AND d.sent
    WHERE m.created_at >= $1 AND m.created_at < $2 AND m.kind <> 'inbox'),
reported AS (
    SELECT count(*) AS undelivered FROM written WHERE EXISTS (
        SELECT FROM notices_receiptrow AS r WHERE r.message_id = written.id AND r.state = 'undelivered')
      AND NOT EXISTS (
        SELECT FROM notices_receiptrow AS r WHERE r.message_id = written.id AND r.state = 'delivered'))
SELECT count(*), count(seconds), count(*) FILTER (WHERE seconds <= $3), count(*) FILTER (WHERE parked),
    (SELECT undelivered FROM reported), percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds), max(seconds)
FROM written
"""


def hand_over(*, since: datetime, until: datetime) -> HandOver:
    """Of the messages written in [since, until)."""
    with sql.scanning():
        row = sql.row(_HAND_OVER, [since, until, FAST])
    assert row is not None
    written, sent, fast, parked, undelivered, median, slowest = row
    return HandOver(written, sent, fast, parked, undelivered, median, slowest)
