"""Queries that Django compiles once: hot reads and inserts without the price of writing their SQL anew.

Compiling a query set costs several times what PostgreSQL needs to answer it, and the SQL is the same each time:

    @compiled
    def _materials(case: Any) -> QuerySet[Material]:
        return Material.objects.filter(case=case).order_by("order")

    rows = _materials(case.id)      # a list; one statement

The function is called once, with marks in the place of values: use its arguments only as right-hand sides of lookups
(`among` takes a list; not in `in`, `icontains` or a slice). `select_related`, `only`, `annotate`, slices by constants and `values_list` work; prefetching
does not. A value goes to the database as it is: give what the column holds (an id, not a row).

    insert([encounter])             # new rows of one model; one statement
    update(Upload, ids, case_id=case.id)    # the same values in rows of one model; one statement
    build(Encounter, channel="web", …)      # a new row of a model, not yet inserted
    Beside(_session, _account)      # two such questions in one statement

All of them are prepared by the server (see `core.sql`): their plans may be kept whatever the values.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache, update_wrapper
from inspect import signature
from types import NoneType
from typing import Any, Generic, ParamSpec, TypeVar, cast
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import (
    AutoField,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    Field,
    ForeignKey,
    IntegerField,
    Lookup,
    Model,
    QuerySet,
    UUIDField,
    signals,
)
from django.db.models.base import ModelState
from django.db.models.expressions import Expression
from django.db.models.fields import NOT_PROVIDED
from django.db.models.query import FlatValuesListIterable, ModelIterable, get_related_populators
from django.db.transaction import TransactionManagementError

from yichuang.core import sql
from yichuang.core.fields import SealedText

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
M = TypeVar("M", bound=Model)
_NUMBER = re.compile(r"\$(\d+)")


class Slot(Expression):
    """Stands for the n-th argument in the compiled statement."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return "%s", [self]


@Field.register_lookup
class Among(Lookup):
    """`id__among=ids`: what `in` is to a list whose length is known, for a list that is an argument."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, before = self.process_lhs(compiler, connection)
        mark, given = self.process_rhs(compiler, connection)
        return f"{column} = ANY({mark})", (*before, *given)


class _Plan:
    """The statement, its parameters, and how a row becomes what the query set would give."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        if rows._prefetch_related_lookups:  # type: ignore[attr-defined]  # Django's own, not in its stubs
            raise TypeError("a compiled query cannot prefetch: compile the second query too")
        self.compiler = rows.query.get_compiler(connection=connection)
        statement, parameters = self.compiler.as_sql()
        self.sql = sql.numbered(statement)
        self.parameters = tuple(parameters)
        self.width = len(self.compiler.select)
        self.locks = rows.query.select_for_update
        self.flat = rows._iterable_class is FlatValuesListIterable
        self.as_models = rows._iterable_class is ModelIterable
        expressions = [column[0] for column in self.compiler.select]
        self.converters = list(self.compiler.get_converters(expressions).items())
        if self.as_models:
            self._plan_models()

    def _plan_models(self) -> None:
        """As `ModelIterable` does for each query."""
        info, select = self.compiler.klass_info, self.compiler.select
        fields = info["select_fields"]
        self.model, self.start, self.end = info["model"], fields[0], fields[-1] + 1
        self.names = [column[0].target.attname for column in select[self.start : self.end]]
        plain = "from_db" not in vars(self.model) and _is_plain(self.model)
        self.whole = plain and len(self.names) == len(self.model._meta.concrete_fields)
        self.annotated = tuple(self.compiler.annotation_col_map.items())
        self.related = get_related_populators(info, select, connection.alias)  # type: ignore[call-arg]  # the stubs lag behind Django

    def run(self, values: Sequence[Any]) -> list[Any]:
        if self.locks and not connection.in_atomic_block:  # what Django asks only while it compiles
            raise TransactionManagementError("select_for_update cannot be used outside of a transaction")
        return self.made(sql.rows(self.sql, self.given(values)))

    def made(self, rows: list[tuple[Any, ...]]) -> list[Any]:
        """The rows as the query set would give them."""
        if self.converters:
            rows = [self._convert(row) for row in rows]
        if self.as_models:
            return [self._model(row) for row in rows]
        return [row[0] for row in rows] if self.flat else rows

    def given(self, values: Sequence[Any]) -> list[Any]:
        """The parameters with the values in their places."""
        return [values[one.number] if isinstance(one, Slot) else one for one in self.parameters]

    def _convert(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """Sealed texts are opened, JSON is read: what the fields' own converters do."""
        made = list(row)
        for place, (converters, expression) in self.converters:
            for convert in converters:
                made[place] = convert(made[place], expression, connection)
        return tuple(made)

    def _model(self, row: Sequence[Any]) -> Any:
        if self.whole:
            made = loaded(self.model, self.names, row[self.start : self.end])
        else:  # some columns only, or a model that has its own way
            made = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.start : self.end])
        for related in self.related:
            related.populate(row, made)
        for name, place in self.annotated:
            setattr(made, name, row[place])
        return made


class Compiled(Generic[P, R]):
    """What `compiled` makes of a function."""

    def __init__(self, make: Callable[P, QuerySet[Any, R]]) -> None:
        update_wrapper(self, make)
        self._make = make
        self._count = len(signature(make).parameters)
        self._plan: _Plan | None = None

    def __call__(self, *values: P.args, **no_names: P.kwargs) -> list[R]:
        """The rows, as the query set would give them. One statement."""
        if len(values) != self._count or no_names:
            raise TypeError(f"{self._make.__name__} takes {self._count} values by position")
        return self._planned().run(values)

    def ahead(self, *values: P.args, **no_names: P.kwargs) -> None:
        """Ask already what will be asked with these values (see `sql.ahead`)."""
        plan = self._planned()
        sql.ahead(plan.sql, plan.given(values))

    def _planned(self) -> _Plan:
        if self._plan is None:
            self._plan = _Plan(cast(Callable[..., QuerySet[Any, R]], self._make)(*map(Slot, range(self._count))))
        return self._plan

    def first(self, *values: P.args, **no_names: P.kwargs) -> R | None:
        """The first row, or None; the query set itself says `[:1]`."""
        return next(iter(self(*values, **no_names)), None)


class Beside(Generic[R, T]):
    """Two questions after one row each, asked in one statement; the second is answered only where the first is.

    The first column of the second is never null. Neither locks.
    """

    def __init__(self, first: Compiled[..., R], second: Compiled[..., T]) -> None:
        self._both = first, second
        self._sql = ""

    def __call__(self, values: Sequence[Any], others: Sequence[Any]) -> tuple[R | None, T | None]:
        """The row of the first, and that of the second; None for what is not there."""
        first, second = (one._planned() for one in self._both)
        given = first.given(values)
        if not self._sql:
            behind = _NUMBER.sub(lambda mark: f"${int(mark[1]) + len(given)}", second.sql)
            self._sql = f"SELECT * FROM ({first.sql}) AS one LEFT JOIN ({behind}) AS other ON TRUE"
        rows = sql.rows(self._sql, [*given, *second.given(others)])
        if not rows:
            return None, None
        row, width = rows[0], first.width
        return first.made([row[:width]])[0], None if row[width] is None else second.made([row[width:]])[0]


def compiled(make: Callable[P, QuerySet[Any, R]]) -> Compiled[P, R]:
    """Compile the query set that `make` gives once in each process."""
    return Compiled(make)


def build(model: type[M], **values: Any) -> M:
    """A row as `model(**values)` makes it, at a fifth of the price: columns by their attribute (`case_id`, not `case`).

    Raises TypeError for what is no column.
    """
    constant, computed, known = _defaults(model)
    if not known:
        return model(**values)
    if not values.keys() <= known:
        raise TypeError(f"{model.__name__} has no columns {sorted(values.keys() - known)}")
    told = {**constant, **values}
    for name, compute in computed:
        if name not in told:
            told[name] = compute()
    return _bare(model, told)


def loaded(model: type[M], names: Sequence[str], values: Sequence[Any]) -> M:
    """A row as `from_db` makes it, of a model that leaves that to Django (values by attribute, sealed ones opened)."""
    made = _bare(model, dict(zip(names, values, strict=True)))
    made._state.adding, made._state.db = False, DEFAULT_DB_ALIAS
    return made


def _bare(model: type[M], told: dict[str, Any]) -> M:
    """A row with these attributes: what Django sets one by one, asking each time whether the class minds."""
    made = model.__new__(model)
    made.__dict__ = told
    made._state = ModelState()
    return made


def _is_plain(model: type[Model]) -> bool:
    """Whether Django's own `__init__` does nothing for this model but set its attributes."""
    heard = signals.pre_init.has_listeners(model) or signals.post_init.has_listeners(model)
    return model.__init__ is Model.__init__ and not heard


@lru_cache(maxsize=64)
def _defaults(
    model: type[Model],
) -> tuple[dict[str, Any], tuple[tuple[str, Callable[[], Any]], ...], frozenset[str]]:
    """Values that a new row has unless told otherwise, those worked out for each row, and the names of all columns."""
    constant, computed = dict[str, Any](), list[tuple[str, Callable[[], Any]]]()
    for field in model._meta.concrete_fields:
        if getattr(field, "generated", False):
            continue  # the database works it out
        if callable(field.default) and field.default is not NOT_PROVIDED:
            computed.append((field.attname, field.default))
        else:
            constant[field.attname] = field.get_default()
    known = [*constant, *(name for name, _ in computed)] if _is_plain(model) else []
    return constant, tuple(computed), frozenset(known)


def insert(rows: Sequence[Model], *, once: str = "", skip: bool = False) -> int:
    """Insert new rows of one model in one statement, as `bulk_create` does; how many came in.

    `once` names a unique column: a row whose value is there already is left out instead of failing. `skip`: so is one that
    any unique constraint forbids; the caller looks at how many came in, and no savepoint is needed to outlive that.
    """
    if not rows:
        return 0
    columns, head, marks = _insertion(type(rows[0]))
    values = [value for row in rows for value in columns.values(row)]
    known = f' ON CONFLICT ("{once}") DO NOTHING' if once else " ON CONFLICT DO NOTHING" if skip else ""
    statement, written = _statement(head, marks, len(rows), known), len(rows)
    if known:
        written = sql.run(statement, values)
    else:
        sql.later(statement, values, rows=written, sure=True)
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return written


def update(model: type[Model], ids: Sequence[Any], **values: Any) -> None:
    """Give the rows with these keys the values (attribute of a plain column → value). RuntimeError when one is missing."""
    statement, fields = _change(model, tuple(values))
    given = [
        value if value is None or type(value) is kind else field.get_db_prep_save(value, connection)
        for (field, kind), value in zip(fields, values.values(), strict=True)
    ]
    sql.later(statement, [*given, list(ids)], rows=len(ids))


@lru_cache(maxsize=64)
def _change(
    model: type[Model], names: tuple[str, ...]
) -> tuple[str, tuple[tuple["Field[Any, Any]", type | None], ...]]:
    by_attribute = {field.attname: field for field in model._meta.local_concrete_fields}
    fields = tuple(by_attribute[name] for name in names)
    changed = ", ".join(f'"{field.column}" = %s' for field in fields)
    key = model._meta.pk
    where = f'"{key.column}" = ANY((SELECT %s::{key.db_type(connection)}[])::{key.db_type(connection)}[])'
    statement = sql.numbered(f'UPDATE "{model._meta.db_table}" SET {changed} WHERE {where}')
    return statement, tuple((field, _kind_of(field)) for field in fields)


@lru_cache(maxsize=256)
def _statement(head: str, marks: str, rows: int, known: str) -> str:
    return sql.numbered(f"{head} {', '.join([marks] * rows)}{known}")


# A column: its attribute, the kind of value that goes to the database as it is, and what makes any other value fit.
Column = tuple[str, type | None, Callable[[Model], Any]]


class _Columns:
    """How the rows of a model become values. Which columns need a closer look depends on the kinds of a row's values."""

    def __init__(self, columns: tuple[Column, ...]) -> None:
        self.columns = columns
        self.names = tuple(name for name, _, _ in columns)
        self.looked = dict[tuple[type, ...], tuple[tuple[int, Callable[[Model], Any]], ...]]()

    def values(self, row: Model) -> list[Any]:
        values = list(map(row.__dict__.__getitem__, self.names))
        kinds = tuple(map(type, values))
        if (slow := self.looked.get(kinds)) is None:
            slow = self._look(kinds)
        for place, slowly in slow:
            values[place] = slowly(row)
        return values

    def _look(self, kinds: tuple[type, ...]) -> tuple[tuple[int, Callable[[Model], Any]], ...]:
        slow = tuple(
            (place, slowly)
            for place, ((_, kind, slowly), found) in enumerate(zip(self.columns, kinds, strict=True))
            if found not in {kind, NoneType}
        )
        if len(self.looked) < _MOST_KINDS:
            self.looked[kinds] = slow
        return slow


_MOST_KINDS = 64  # columns that may be NULL make several; rows of odd kinds are looked at each time
_AS_IT_IS: tuple[tuple[type["Field[Any, Any]"], type], ...] = (
    (UUIDField, UUID),
    (CharField, str),
    (BooleanField, bool),
    (IntegerField, int),
    (DateTimeField, datetime),  # before DateField, of which it is one
    (DateField, date),
)


@lru_cache(maxsize=64)
def _insertion(model: type[Model]) -> tuple[_Columns, str, str]:
    """The columns, `INSERT INTO … VALUES`, and the marks of one row."""
    fields = tuple(model._meta.local_concrete_fields)
    if any(isinstance(field, AutoField) or getattr(field, "generated", False) for field in fields):
        raise TypeError(f"{model.__name__} has columns that the database fills in: use its manager")
    names = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(
        field.get_placeholder(None, None, connection) if hasattr(field, "get_placeholder") else "%s" for field in fields
    )
    columns = tuple((field.attname, _kind_of(field), _saved(field)) for field in fields)
    return _Columns(columns), f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES', f"({marks})"


def _kind_of(field: "Field[Any, Any]") -> type | None:
    """The kind of value that Django would hand to the database unchanged; None when it always does something to it."""
    target = field.target_field if isinstance(field, ForeignKey) else field
    if getattr(target, "auto_now", False) or getattr(target, "auto_now_add", False):
        return None
    return next((kind for fits, kind in _AS_IT_IS if isinstance(target, fits)), None)


def _saved(field: "Field[Any, Any]") -> Callable[[Model], Any]:
    if isinstance(field, SealedText):  # nothing happens to it but the sealing
        return lambda row: field.get_prep_value(getattr(row, field.attname))
    return lambda row: field.get_db_prep_save(field.pre_save(row, True), connection)
