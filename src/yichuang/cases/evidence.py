"""What people said of the cases that a rule set judged: read together, so many at once that figures stay honest and quick."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from yichuang.cases.instant import Mode
from yichuang.cases.models import RuleSet
from yichuang.cases.rules.rulesets import evidence, outcome_of
from yichuang.cases.rulesets import Evidence, Outcome, Said
from yichuang.core import sql

WINDOW: Final = 10_000  # the last judgements that count: enough for any bound down to 0.03 %, and read in a moment
# Mended: a notice of what is missing was given, or papers were promised. Reviews and re-checks count once answered.
_JUDGED: Final = """
    SELECT a.id, a.case_id, a.verdict, a.codes, a.acted, a.judged_at, c.number, c.state, c.outcome,
        c.accepted_as = 'promise' OR EXISTS (SELECT 1 FROM cases_gapnotice g WHERE g.case_id = a.case_id) AS mended,
        coalesce(r.verdict, '') AS recheck, coalesce(r.found, '[]'::jsonb) AS found, h.stands
    FROM (
        SELECT id, case_id, verdict, codes, acted, judged_at FROM cases_autodecision
        WHERE item_code = $1 AND sha = $2 AND state = 'done' AND judged_at >= $3
        ORDER BY id DESC LIMIT $4
    ) a
    JOIN cases_case c ON c.id = a.case_id
    LEFT JOIN cases_recheck r ON r.decision_id = a.id AND r.state = 'done'
    LEFT JOIN cases_humanreview h ON h.case_id = a.case_id AND h.answered_at IS NOT NULL
"""
_SAID: Final = f"""
    SELECT verdict, codes, state, outcome, mended, acted, recheck, found, stands, count(*)
    FROM ({_JUDGED}) j GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""
_NEWEST: Final = f"""
    SELECT case_id, number, judged_at, verdict, codes, state, outcome, mended, acted, recheck, stands
    FROM ({_JUDGED}) j WHERE verdict = $5 AND ($6 = '' OR codes ? $6) ORDER BY id DESC
"""
_BEGINNING: Final = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


class Counted:
    """What a rule set said since a moment, and what people said of it."""

    def __init__(self, rows: Sequence[Sequence[Any]], grave: frozenset[str] = frozenset()) -> None:
        said: Counter[tuple[str, tuple[str, ...], Outcome]] = Counter()
        self.alone = self.grave = 0
        for verdict, codes, state, outcome, mended, acted, recheck, found, stands, count in rows:
            told = outcome_of(state=state, outcome=outcome, mended=mended, acted=acted, recheck=recheck, stands=stands)
            said[verdict, tuple(_list(codes)), told] += count
            self.alone += count if acted else 0
            self.grave += count if acted and recheck == "not" and grave & set(_list(found)) else 0
        self.said = [Said(verdict, codes, outcome, count) for (verdict, codes, outcome), count in said.items()]

    def count(self, *outcomes: Outcome, verdict: str = "") -> int:
        return sum(
            one.count
            for one in self.said
            if (not outcomes or one.outcome in outcomes) and (not verdict or one.verdict == verdict)
        )

    @property
    def checked(self) -> int:
        return self.count(Outcome.RIGHT, Outcome.WRONG)

    @property
    def wrong(self) -> int:
        return self.count(Outcome.WRONG)


def counted(item: str, sha: str, *, since: datetime | None = None, grave: frozenset[str] = frozenset()) -> Counted:
    """Of the last `WINDOW` judgements of the rule set since the moment. `grave`: results that a re-check may have missed
    and of which one is enough (`Counted.grave`)."""
    return Counted(sql.rows(_SAID, [item, sha, since or _BEGINNING, WINDOW]), grave)


def evidence_of(row: RuleSet) -> Evidence:
    """What speaks for letting it decide alone. Once it was switched off, all is gathered anew."""
    since = row.since if row.mode == Mode.SHADOW.value else None
    return evidence(counted(row.item_code, row.sha, since=since).said, row.bound)


def newest(item: str, sha: str, verdict: str, code: str) -> list[Mapping[str, Any]]:
    """The judged cases of a line of the matrix, the newest first; `outcome` as the matrix counts it."""
    rows = sql.rows(_NEWEST, [item, sha, _BEGINNING, WINDOW, verdict, code])
    return [
        {
            "case": case,
            "number": number,
            "judged_at": judged_at,
            "codes": tuple(_list(codes)),
            "outcome": outcome_of(
                state=state, outcome=outcome, mended=mended, acted=acted, recheck=recheck, stands=stands
            ),
        }
        for case, number, judged_at, _, codes, state, outcome, mended, acted, recheck, stands in rows
    ]


def _list(codes: Any) -> list[str]:
    """JSON of plain SQL comes as text."""
    return [str(one) for one in (json.loads(codes) if isinstance(codes, str) else codes)]
