"""The ceiling: the same rows written or read by `pgbench -M prepared`, one client, durable like ours.

For reads a scenario names its statements itself: one per table, by key. For writes nothing is named by hand: one act
is done through the door, what it left in the tables is found by its transaction ids, and pgbench writes those rows
again and again with fresh ids: one INSERT per table, one UPDATE per changed row.
"""

import itertools
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg

from bench.stack import Stack

MADE_BY_TRIGGERS = frozenset({"procrastinate_events"})  # they come by themselves when the row above them is written
Db = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Spent:
    """One run of pgbench."""

    transactions: int
    cpu: float  # seconds: pgbench itself and PostgreSQL


_RUNS = itertools.count(1)


class Ceiling:
    """A script, run for some seconds at a time. Ids of one run never meet those of another, of whichever script."""

    def __init__(self, stack: Stack, script: str) -> None:
        self.stack, self.script = stack, script

    def run(self, seconds: float, *, clients: int = 1) -> Spent:
        """By so many clients, each in a thread of its own. Raises RuntimeError when pgbench reports a failure."""
        run = next(_RUNS)
        with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as file:
            file.write(self.script)
            file.flush()
            command = [str(self.stack.pgbench()), "-M", "prepared", "-n", "-T", f"{max(1, round(seconds))}"]
            command += ["-c", f"{clients}", "-j", f"{clients}"]
            command += ["-D", f"n={run * 100_000_000}", "-f", file.name, self.stack.url]
            before = self.stack.cpu().database
            running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            assert running.stdout is not None
            said = running.stdout.read()
            _, status, usage = os.wait4(running.pid, 0)
            running.returncode = os.waitstatus_to_exitcode(status)
        done = re.search(r"transactions actually processed: (\d+)", said)
        if running.returncode or done is None or " failed transactions: 0 " not in said.replace("number of", " "):
            raise RuntimeError(f"pgbench: {said[-2000:]}")
        own = usage.ru_utime + usage.ru_stime
        return Spent(int(done[1]), own + self.stack.cpu().database - before)


# ── writing the same rows ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Written:
    """What one act left in one table: rows as columns → SQL literals."""

    table: str
    key: tuple[str, ...]
    inserted: list[dict[str, str]] = field(default_factory=list)
    updated: list[dict[str, str]] = field(default_factory=list)  # only key and changed columns


@contextmanager
def watched(stack: Stack) -> Iterator[list[Written]]:
    """What the block writes, table by table (nobody else may write meanwhile)."""
    found: list[Written] = []
    with psycopg.connect(stack.url) as old, psycopg.connect(stack.url, autocommit=True) as new:
        old.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        first = _one(new, "SELECT pg_current_xact_id()::text::bigint")
        old.execute("SELECT 1")  # its snapshot: the tables as they were
        yield found
        last = _one(new, "SELECT pg_current_xact_id()::text::bigint")
        for table in _tables(new):
            if rows := _rows(new, table, f"xmin::text::bigint > {first} AND xmin::text::bigint < {last}"):
                found.append(_told_apart(old, table, rows, _key(new, table)))


def _tables(db: Db) -> list[str]:
    told = db.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
    )
    return [name for (name,) in told if name not in MADE_BY_TRIGGERS]


def _one(db: Db, query: str) -> Any:
    row = db.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def _columns(db: Db, table: str) -> list[str]:
    """Without those that the database numbers or computes itself."""
    told = db.execute(
        "SELECT attname FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum "
        "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attidentity = '' AND attgenerated = '' "
        "AND COALESCE(pg_get_expr(adbin, adrelid), '') NOT LIKE 'nextval%%' ORDER BY attnum",
        [table],
    )
    return [name for (name,) in told]


def _key(db: Db, table: str) -> tuple[str, ...]:
    told = db.execute(
        "SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey) "
        "WHERE indrelid = %s::regclass AND indisprimary ORDER BY attnum",
        [table],
    )
    return tuple(name for (name,) in told)


def _rows(db: Db, table: str, where: str) -> list[dict[str, str]]:
    columns = _columns(db, table)
    hidden = [name for name in _key(db, table) if name not in columns]  # a bigserial key: needed to tell rows apart
    wanted = ", ".join(f'quote_nullable("{name}"::text)' for name in columns + hidden)
    found = db.execute(f'SELECT {wanted} FROM "{table}" WHERE {where}'.encode())
    return [dict(zip(columns + hidden, row, strict=True)) for row in found]


def _told_apart(old: Db, table: str, rows: list[dict[str, str]], key: tuple[str, ...]) -> Written:
    """Rows that the old snapshot knows were updated, the others inserted."""
    written = Written(table, key)
    own = set(_columns(old, table))
    for row in rows:
        where = " AND ".join(f'"{name}" = {row[name]}' for name in key)
        known = _rows(old, table, where) if key else []
        if known:
            changed = {
                name: _change(name, known[0][name], value) for name, value in row.items() if known[0][name] != value
            }
            written.updated.append({name: row[name] for name in key} | changed)
        else:
            written.inserted.append({name: value for name, value in row.items() if name in own})
    return written


def _change(name: str, before: str, after: str) -> str:
    """A counter goes on counting: set back, it would give numbers twice."""
    if before.strip("'").isdigit() and after.strip("'").isdigit():
        return f'"{name}" + {int(after.strip(chr(39))) - int(before.strip(chr(39)))}'
    return after


def write_script(stack: Stack, written: Sequence[Written]) -> str:
    """The pgbench script that writes those rows with fresh ids, in one transaction."""
    with psycopg.connect(stack.url, autocommit=True) as db:
        ids = _fresh_ids(db, written)
        lines = ["\\set n :n + 1", "BEGIN;"]
        for table in written:
            if table.inserted:
                lines.append(_insert(db, table, ids))
            lines += [_update(table, row, ids) for row in table.updated]
    return "\n".join([*lines, "COMMIT;", ""])


def _fresh_ids(db: Db, written: Sequence[Written]) -> dict[str, str]:
    """Each UUID that the act made → an expression that is new in each transaction and grows, as UUIDv7 does."""
    made: dict[str, str] = {}
    for table in written:
        kinds = _types(db, table.table)
        for row in table.inserted:
            for name in table.key:
                if kinds.get(name) == "uuid" and row[name] not in made:
                    head = row[name].strip("'")[:8]
                    made[row[name]] = f"('{head}' || lpad(to_hex(:n::bigint * 64 + {len(made)}), 24, '0'))::uuid"
    return made


def _types(db: Db, table: str) -> dict[str, str]:
    told = db.execute(
        "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0",
        [table],
    )
    return dict(told.fetchall())


def _insert(db: Db, table: Written, ids: Mapping[str, str]) -> str:
    columns, varied = list(table.inserted[0]), _varied(db, table, ids)
    rows = [
        "(" + ", ".join(_vary(row[c], order) if c in varied else _value(row[c], ids) for c in columns) + ")"
        for order, row in enumerate(table.inserted)
    ]
    names = ", ".join(f'"{name}"' for name in columns)
    return f'INSERT INTO "{table.table}" ({names}) VALUES {", ".join(rows)};'


def _varied(db: Db, table: Written, ids: Mapping[str, str]) -> set[str]:
    """Texts that must be unique and that no fresh id makes so: the number of a case, a key of idempotency."""
    told = db.execute(
        "SELECT array_agg(attname::text) FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey) "
        "WHERE indrelid = %s::regclass AND indisunique GROUP BY indexrelid",
        [table.table],
    ).fetchall()
    kinds = _types(db, table.table)
    varied = set()
    for (names,) in told:
        fresh = any(row[n] in ids or row[n] == "NULL" for row in table.inserted for n in names if n in row)
        if set(names) <= set(table.inserted[0]) and not fresh:
            texts = [n for n in names if kinds[n] in {"text", "character varying"}]
            varied |= {next((n for n in texts if not n.endswith("_code")), texts[0])}  # codes are short, and few
    return varied


def _vary(literal: str, order: int) -> str:
    """A text of nearly the same length, new in each transaction; NULL stays."""
    if literal == "NULL":
        return literal
    return f"{_plain(literal[:-1][:12] + chr(39))} || lpad(:n::text, 12, '0') || '{order}'"


def _update(table: Written, row: Mapping[str, str], ids: Mapping[str, str]) -> str:
    changed = ", ".join(f'"{n}" = {_value(v, ids)}' for n, v in row.items() if n not in table.key)
    where = " AND ".join(f'"{name}" = {_value(row[name], ids)}' for name in table.key)
    return f'UPDATE "{table.table}" SET {changed} WHERE {where};'


def _value(literal: str, ids: Mapping[str, str]) -> str:
    return ids.get(literal) or _plain(literal)


def _plain(literal: str) -> str:
    """A literal that pgbench leaves alone: it takes a colon and a letter for one of its variables, also in quotes."""
    if ":" not in literal:
        return literal
    body = literal[2:-1] if literal.startswith("E'") else literal[1:-1].replace("\\", "\\\\")
    return "U&'" + body.replace(":", "\\003A") + "'"


def rows_written(written: Sequence[Written]) -> dict[str, str]:
    """How many rows of which table, for the report."""
    return {
        w.table: " ".join(
            [f"+{len(w.inserted)}"] * bool(w.inserted) + [f"~{len(w.updated)}"] * bool(w.updated)
        )
        for w in written
    }  # fmt: skip
