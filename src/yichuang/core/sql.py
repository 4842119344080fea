"""Statements of hot paths: bound and prepared by the server, planned once per connection instead of once per request.

    found = sql.rows("SELECT value FROM network_stamp WHERE name = $1", [group])

Values stand as PostgreSQL writes them: `$1`, `$2`, each as often as needed. The server has to know the kind of a value
before it sees one: say `$1::text` where neither a column nor a function tells (`SELECT $1`, or one value in two places
of different kinds). After some runs PostgreSQL may keep one plan for all values: what needs another plan for other
values (one department with a fifth of all cases, say) does not belong here.
"""

import re
from collections.abc import Sequence
from itertools import count
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connections

from yichuang.core.database.base import DatabaseWrapper

Row = tuple[Any, ...]


def rows(statement: str, values: Sequence[Any] = ()) -> list[Row]:
    """Every row. JSON columns come as text, sealed ones sealed."""
    return _database().execute_prepared(statement, values).rows


def row(statement: str, values: Sequence[Any] = ()) -> Row | None:
    """The first row, or None."""
    found = _database().execute_prepared(statement, values).rows
    return found[0] if found else None


def run(statement: str, values: Sequence[Any] = ()) -> int:
    """How many rows were written."""
    return _database().execute_prepared(statement, values).count


def numbered(statement: str) -> str:
    """A statement as Django writes it (`%s`) in PostgreSQL's own spelling."""
    numbers = count(1)
    return re.sub("%[s%]", lambda mark: "%" if mark[0] == "%%" else f"${next(numbers)}", statement)


def _database() -> DatabaseWrapper:
    return cast(DatabaseWrapper, connections[DEFAULT_DB_ALIAS])
