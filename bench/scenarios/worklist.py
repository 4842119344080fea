"""Twenty rows of a department's work list among a million cases, any page of it."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from bench.ceiling import Ceiling
from bench.client import Connection, Request, for_ever, sign_in
from bench.figures import Result
from bench.measure import measure, profile
from bench.scenarios.casepage import WHO
from bench.stack import Stack
from bench.world import World
from yichuang.cases.states import ENDS

NAME = "worklist"
BAR = 10.0
REVIEWER = "wangqiang"
PAGES = 10  # places in the list, evenly spread, the first page among them
# who asks, and the same twenty rows by their keys: no search, so a missing index shows in ours only
ROWS = """
SELECT s.* FROM people_staff AS s JOIN people_account AS a ON a.id = s.account_id WHERE a.username = '{who}';
SELECT g.* FROM people_grantrow AS g WHERE g.staff_id = '{staff}';
SELECT id, number, item_name_zh, item_name_en, applicant_masked, state, channel, filed_at, due_at, version, accepted_as
  FROM cases_case WHERE id = ANY('{{{ids}}}'::uuid[]) ORDER BY due_at, id;
"""
LIST = """
SELECT c.due_at, c.id, c.number FROM cases_case AS c JOIN network_department AS d ON d.id = c.department_id
WHERE d.code = 'CGZF' AND c.due_at IS NOT NULL AND c.state NOT IN ({ends}) ORDER BY c.due_at, c.id
"""


def run(stack: Stack, world: World, quick: bool) -> list[Result]:
    headers = sign_in(stack.port, REVIEWER, world.password)
    rows = stack.execute(LIST.format(ends=", ".join(f"'{state.value}'" for state in ENDS)))
    starts = [None, *(rows[len(rows) * page // PAGES][:2] for page in range(1, PAGES))]
    pages = [Request(_path(start), headers) for start in starts]
    result = Result(NAME, f"20 of {len(rows)} open cases of one department among {world.loaded} cases, any page", BAR)
    result.facts |= {"cases": world.loaded, "open_in_department": len(rows)}
    result.faults += _faults(stack, pages, rows)
    ids = ",".join(str(row[1]) for row in rows[len(rows) // 2 :][:20])
    session = next(p.partition("=")[2] for p in headers["Cookie"].split("; ") if p.startswith("session="))
    staff = stack.execute(
        f"SELECT s.id FROM people_staff s JOIN people_account a ON a.id = s.account_id WHERE a.username = '{REVIEWER}'"
    )[0][0]
    script = (WHO + ROWS).format(session=session, who=REVIEWER, staff=staff, ids=ids)
    requests = for_ever(lambda number: pages[number % PAGES])
    measure(stack, result, requests, Ceiling(stack, script), quick=quick)
    profile(stack, result, lambda: next(requests), 44)
    return [result]


def _path(start: tuple[datetime, Any] | None) -> str:
    query = "?" + urlencode({"cursor": f"{start[0].isoformat()}|{start[1]}"}) if start else ""
    return f"/office/cases/{query}"


def _faults(stack: Stack, pages: list[Request], rows: list[tuple[Any, ...]]) -> list[str]:
    """Each page shows the twenty cases that the database says come there."""
    connection, wrong = Connection(stack.port), []
    for page, request in enumerate(pages):
        first = 0 if page == 0 else len(rows) * page // PAGES + 1
        body = connection.send(request).body
        missing = [number for _, _, number in rows[first : first + 20] if number.encode() not in body]
        if missing:
            wrong.append(f"page {page} lacks {len(missing)} of its 20 rows")
    connection.close()
    return wrong
