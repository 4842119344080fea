"""Fills the table of cases: copies of cases that went through the commands, so that their rows are real ones.

What differs is named in VARIED, and all moments are shifted together; a test compares the rest column by column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psycopg

OPEN_SHARE = 10  # per cent of the copies that are open; the others have ended
BUSY_SHARE = 20  # per cent of the copies that belong to the department whose list is read
# lengths of real values: a UUIDv7 that grows, `440303-20200101-A-0000001-0`, 64 hex digits
ID = "(lpad(to_hex(26214400000 + n), 12, '0') || '70008' || lpad(to_hex(n), 15, '0'))::uuid"
NUMBER = "'440303-20200101-A-' || lpad(n::text, 7, '0') || '-0'"
INDEX = "md5(n::text) || md5('query' || n)"
A_DAY = 700  # copies filed on one day: more cases are more years of history, not busier days
SHIFT = (  # open ones were filed within the last ten weeks (some are overdue, others not), the others one day before another
    f"CASE WHEN n % 20 < {20 * OPEN_SHARE // 100} THEN (n::bigint * 7919) % 100000 ELSE n::bigint * 1440 / {A_DAY} END"
    " * interval '-1 minute'"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is copied and over whom it is spread: ids of cases, departments and places, the busy department first."""

    ended: str
    submitted: str
    in_review: str
    departments: Sequence[str]
    places: Sequence[str]
    count: int
    first: int = 1  # the copies are numbered from here, to `count`

    def varied(self) -> dict[str, str]:
        """The columns in which a copy differs from its model, with the expression for copy n."""
        busy, others = self.departments[0], list(self.departments[1:]) or [self.departments[0]]
        place = f"({_array(self.places)})[1 + (n / 20) % {len(self.places)}]"
        return {
            "id": ID,
            "number": NUMBER,
            "query_index": INDEX,
            "department_id": f"CASE WHEN (n / 20) % {100 // BUSY_SHARE} = 0 THEN '{busy}'::uuid "
            f"ELSE ({_array(others)})[1 + (n / 20) % {len(others)}] END",
            "taking_place_id": place,
            "responsible_place_id": place,
        }

    def insert(self, columns: Mapping[str, str]) -> str:
        """The statement, for a table with these columns (name → type)."""
        varied = self.varied()
        values = [varied.get(name) or _shifted(name, kind) for name, kind in columns.items()]
        names = ", ".join(f'"{name}"' for name in columns)
        return (
            f"INSERT INTO cases_case ({names}) SELECT {', '.join(values)} FROM generate_series({self.first}, {self.count}) AS n "
            f"JOIN cases_case AS model ON model.id = CASE WHEN n % 20 = 0 THEN '{self.submitted}'::uuid "
            f"WHEN n % 20 < {20 * OPEN_SHARE // 100} THEN '{self.in_review}'::uuid ELSE '{self.ended}'::uuid END"
        )


def _array(ids: Sequence[str]) -> str:
    return "ARRAY[" + ", ".join(f"'{one}'" for one in ids) + "]::uuid[]"


def _shifted(name: str, kind: str) -> str:
    if kind in {"timestamp with time zone", "date"}:
        return f'(model."{name}" + ({SHIFT}))::{kind}'
    return f'model."{name}"'


COLUMNS = """
SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
WHERE attrelid = 'cases_case'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = 'cases_case'::regclass
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


def fill(url: str, plan: Plan) -> None:
    """Copy, with the indexes built afterwards: two or three times as quick as one row after another."""
    with psycopg.connect(url, autocommit=True) as db:
        columns = dict(db.execute(COLUMNS).fetchall())
        indexes = db.execute(INDEXES).fetchall()
        db.execute("SET synchronous_commit = off")
        db.execute("SET session_replication_role = replica")  # the copies point where their models point
        db.execute("SET maintenance_work_mem = '512MB'")
        with db.transaction():
            for name, _ in indexes:
                db.execute(f"DROP INDEX {name}".encode())
            db.execute(plan.insert(columns).encode())
            for _, definition in indexes:
                db.execute(definition.encode())
        db.execute("VACUUM (ANALYZE) cases_case")
        db.execute("VACUUM ANALYZE")
        db.execute("CHECKPOINT")
