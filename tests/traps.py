"""Traps: what works by luck in a small test and fails in a busy hall fails here.

- a query set without an order is shuffled, so that nobody leans on the order rows happened to have;
- `select_for_update` over joined tables must say `of=`, or it locks rows of other rooms;
- a `datetime` written into a day (`DateField`) fails: Django would silently take the day in UTC, and a hall at 07:00
  would get yesterday.
(An undefined template variable fails everywhere, in production too: the environment is strict.)
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pytest
from django.db.models import DateField, DateTimeField, QuerySet
from django.db.models.sql.compiler import SQLCompiler


@contextmanager
def armed() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QuerySet, "_fetch_all", _shuffling(QuerySet._fetch_all))
        patch.setattr(SQLCompiler, "as_sql", _watching_locks(SQLCompiler.as_sql))
        patch.setattr(DateField, "get_prep_value", _days_only(DateField.get_prep_value))
        yield


def _shuffling(fetch_all: Any) -> Any:
    def fetch(self: Any) -> None:
        fresh = self._result_cache is None
        fetch_all(self)
        if fresh and not self.ordered and len(self._result_cache) > 1:
            random.shuffle(self._result_cache)

    return fetch


def _watching_locks(as_sql: Any) -> Any:
    def compile_query(self: Any, *args: Any, **kwargs: Any) -> Any:
        compiled = as_sql(self, *args, **kwargs)
        query = self.query
        if query.select_for_update and not query.select_for_update_of and " JOIN " in compiled[0]:
            raise AssertionError(f'select_for_update over a join needs of=("self",): {compiled[0]}')
        return compiled

    return compile_query


def _days_only(get_prep_value: Any) -> Any:
    def prepare(self: Any, value: Any) -> date | None:
        if isinstance(value, datetime) and not isinstance(self, DateTimeField):
            raise TypeError(f"{self} takes a day, not a moment: use core.clock.local_date(at)")
        prepared: date | None = get_prep_value(self, value)
        return prepared

    return prepare
