"""What people said of the cases that a rule set judged: read together, so many at once that figures stay honest and quick."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Exists, Min, OuterRef, Q

from yichuang.cases.models import Correction, GapNotice, Recheck, RuleSet
from yichuang.cases.rules.rulesets import evidence, outcome_of
from yichuang.cases.rulesets import Evidence, Outcome, Said
from yichuang.catalog import queries as catalog
from yichuang.core import sql

WINDOW: Final = 10_000  # the last judgements that count: enough for any bound down to 0.03 %, and read in a moment
LOOKS: Final = 500  # the last automatic decisions that people looked at, by which the brake goes
# Mended as `mended` says. Reviews and re-checks count once answered.
_JUDGED: Final = """
    SELECT a.id, a.case_id, a.verdict, a.codes, a.acted, a.judged_at, c.number, c.state, c.outcome,
        c.accepted_as = 'promise' OR EXISTS (SELECT 1 FROM cases_gapnotice g WHERE g.case_id = a.case_id)
            OR EXISTS (
                SELECT 1 FROM cases_correction k
                WHERE k.case_id = a.case_id AND k.state = 'made' AND k.decided_at <= c.decided_at
            ) AS mended,
        d.made_by_id IS NOT NULL AS decided, d.made_by_id AS decider, coalesce(r.verdict, '') AS recheck, h.stands,
        p.found_at IS NOT NULL AS revoked, greatest(r.at, h.answered_at, p.found_at) AS found_at
    FROM (
        SELECT id, case_id, verdict, codes, acted, judged_at FROM cases_autodecision
        WHERE item_code = $1 AND sha = $2 AND state = 'done' ORDER BY judged_at DESC, id DESC LIMIT $3
    ) a
    JOIN cases_case c ON c.id = a.case_id
    LEFT JOIN cases_decision d ON d.case_id = a.case_id
    LEFT JOIN cases_recheck r ON r.decision_id = a.id AND r.state = 'done'
    LEFT JOIN cases_humanreview h ON h.case_id = a.case_id AND h.answered_at IS NOT NULL
    LEFT JOIN LATERAL (
        SELECT max(decided_at) AS found_at FROM cases_proceeding
        WHERE case_id = a.case_id AND act = 'revoke' AND stage = 'ended'
    ) p ON true
"""
FACTS: Final = ("state", "outcome", "mended", "decided", "acted", "recheck", "stands", "revoked")
SAID: Final = f"""
    SELECT verdict, codes, judged_at >= $4 OR found_at > $4,
        judged_at >= $5 AND (decider = ANY($6::uuid[])) IS NOT TRUE, {", ".join(FACTS)}, count(*)
    FROM ({_JUDGED}) j GROUP BY verdict, codes, 3, 4, {", ".join(FACTS)}
"""
_NEWEST: Final = f"""
    SELECT case_id, number, judged_at, codes, {", ".join(FACTS)}
    FROM ({_JUDGED}) j WHERE verdict = $4 AND ($5 = '' OR codes ? $5) ORDER BY judged_at DESC, id DESC
"""
# What people looked at since it was let, whenever that had been decided: a fault found today is today's.
LOOKED: Final = """
    SELECT bool_or(l.wrong), jsonb_agg(l.found), bool_or(l.undue), bool_or(l.revoked)
    FROM (
        SELECT decision_id AS id, at AS looked_at, verdict = 'not' AS wrong, found, false AS undue, false AS revoked
        FROM cases_recheck WHERE state = 'done' AND at > $3
        UNION ALL
        SELECT a.id, h.answered_at, NOT h.stands, '[]'::jsonb, h.undue, false
        FROM cases_humanreview h JOIN cases_autodecision a ON a.case_id = h.case_id WHERE h.answered_at > $3
        UNION ALL
        SELECT a.id, p.decided_at, true, '[]'::jsonb, false, true
        FROM cases_proceeding p JOIN cases_autodecision a ON a.case_id = p.case_id
        WHERE p.act = 'revoke' AND p.stage = 'ended' AND p.decided_at > $3
    ) l JOIN cases_autodecision d ON d.id = l.id
    WHERE d.item_code = $1 AND d.sha = $2 AND d.acted
    GROUP BY l.id ORDER BY max(l.looked_at) DESC, l.id DESC LIMIT $4
"""
_CONTROLS: Final = """
    SELECT count(*), count(*) FILTER (WHERE (r.verdict = 'grant') = (c.outcome = 'grant'))
    FROM cases_recheck r JOIN cases_autodecision a ON a.id = r.decision_id JOIN cases_case c ON c.id = a.case_id
    WHERE a.item_code = $1 AND a.sha = $2 AND NOT a.acted AND r.state = 'done'
"""
_BEGINNING: Final = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


class Counted:
    """What a rule set said, and what people said of it."""

    def __init__(self, rows: Sequence[Sequence[Any]]) -> None:
        self.said: list[Said] = []
        self.alone = self.checked = 0
        for verdict, codes, counts, proves, *facts, count in rows:
            told = outcome_of(**dict(zip(FACTS, facts, strict=True)))
            self.said.append(Said(verdict, tuple(_list(codes)), told, count, bool(counts), bool(counts and proves)))
            acted = count if facts[FACTS.index("acted")] else 0
            self.alone += acted
            self.checked += acted if told in {Outcome.RIGHT, Outcome.WRONG} else 0

    def count(self, *, verdict: str = "") -> int:
        return sum(one.count for one in self.said if not verdict or one.verdict == verdict)


def counted(row: RuleSet) -> Counted:
    """Of the last `WINDOW` judgements of the rule set, with what of it counts as evidence still."""
    since = row.counted_from or _BEGINNING
    proves = max(since, row.proved_from or _BEGINNING)
    makers = list(catalog.makers_of(row.item_code, row.sha))
    return Counted(sql.rows(SAID, [row.item_code, row.sha, WINDOW, since, proves, makers]))


def evidence_of(row: RuleSet) -> Evidence:
    """What speaks for letting it decide alone. Only two persons begin it anew (`counted_from`); after it stopped itself,
    agreement is gathered anew while what was false stays (`proved_from`). Who made the table agrees with themselves: that
    speaks for nothing."""
    return evidence(counted(row).said, row.bound)


@dataclass(frozen=True, slots=True)
class Looked:
    """What people found of the automatic decisions that they looked at since it was let decide alone."""

    checked: int
    wrong: int
    grave: int


def looked(row: RuleSet, grave: frozenset[str]) -> Looked:
    """Of the last `LOOKS` of them. Grave: one that missed such a result of the table, one that should not have been
    granted at all, and every one that was revoked (撤销)."""
    rows = sql.rows(LOOKED, [row.item_code, row.sha, row.since, LOOKS])
    faults = sum(undue or revoked or bool(grave & _flat(found)) for _, found, undue, revoked in rows)
    return Looked(len(rows), sum(wrong for wrong, *_ in rows), faults)


def mended() -> Q:
    """Of automatic judgements: that people saw to something before the case was decided. A notice of what is missing was
    given, papers were promised, or what was filed was corrected (更正)."""
    of_case = {"case": OuterRef("case")}
    corrected = Correction.objects.filter(state="made", decided_at__lte=OuterRef("case__decided_at"), **of_case)
    return Q(case__accepted_as="promise") | Exists(GapNotice.objects.filter(**of_case)) | Exists(corrected)


def controls_of(row: RuleSet) -> tuple[int, int]:
    """(looked at, of these answered as people had decided): they measure who re-checks, not the table."""
    ((shown, same),) = sql.rows(_CONTROLS, [row.item_code, row.sha])
    return shown, same


def waiting_of(row: RuleSet) -> tuple[int, datetime | None]:
    """(re-checks that nobody has answered, when the first of them was drawn): what nobody looks at lets no brake fall."""
    rows = Recheck.objects.filter(state="open", decision__item_code=row.item_code, decision__sha=row.sha)
    found = rows.aggregate(n=Count("id"), since=Min("drawn_at"))
    return found["n"], found["since"]


def newest(item: str, sha: str, verdict: str, code: str) -> list[Mapping[str, Any]]:
    """The judged cases of a line of the matrix, the newest first; `outcome` as the matrix counts it."""
    rows = sql.rows(_NEWEST, [item, sha, WINDOW, verdict, code])
    return [
        {
            "case": case,
            "number": number,
            "judged_at": judged_at,
            "codes": tuple(_list(codes)),
            "outcome": outcome_of(**dict(zip(FACTS, facts, strict=True))),
        }
        for case, number, judged_at, codes, *facts in rows
    ]


def _flat(found: Any) -> set[str]:
    return {code for one in (json.loads(found) if isinstance(found, str) else found) for code in one}


def _list(codes: Any) -> list[str]:
    """JSON of plain SQL comes as text."""
    return [str(one) for one in (json.loads(codes) if isinstance(codes, str) else codes)]
