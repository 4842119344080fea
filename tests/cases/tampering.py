"""What a database superuser can do to a row: change one column, whatever its kind, take it out, put in its like."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db import connection, models, transaction

from yichuang.core import crypto
from yichuang.core.fields import SealedJson, SealedText, dump
from yichuang.core.ids import new_id
from yichuang.core.ledger import vouching


def superuser(statement: str, *values: Any) -> None:
    """Triggers, rights and foreign keys are off for one who may set this."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        assert cursor.rowcount, statement
        cursor.execute("SET LOCAL session_replication_role = origin")


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is rolled back, so that one life serves many attacks."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)


@contextmanager
def looking_only_at(*kinds: str) -> Iterator[None]:
    """`verify_ledger` compares the rows of these kinds of subjects alone: of many attacks alike, one is looked for everywhere."""
    chosen = {key: witness for key, witness in vouching._WITNESSES.items() if witness.kind in kinds}
    assert {witness.kind for witness in chosen.values()} == set(kinds)
    with mock.patch.dict(vouching._WITNESSES, chosen, clear=True):
        yield


def broken(kind: str) -> set[str]:
    """Kind of fault, and what is meant, of the rows of one kind of subject, as `verify_ledger` names them."""
    with looking_only_at(kind):
        return {
            f"{fault} {where.partition(' ')[2].partition(':')[0]}".strip() for fault, where in vouching.find_broken()
        }


CHANGED = {  # by the kind of the column; what is NULL gets a value
    "UUIDField": "gen_random_uuid()",
    "ForeignKey": "gen_random_uuid()",
    "OneToOneField": "gen_random_uuid()",
    "CharField": "left(coalesce({0}, '') || 'x', 40)",
    "PositiveSmallIntegerField": "coalesce({0}, 0) + 1",
    "PositiveIntegerField": "coalesce({0}, 0) + 1",
    "BooleanField": "NOT {0}",
    "DateField": "coalesce({0} - 1, current_date)",
    "DateTimeField": "coalesce({0} - interval '1 second', now())",
    "BinaryField": "{0} || 'x'::bytea",
    "DecimalField": "{0} / 2",
    "JSONField": """'["x"]'""",
}


def attacks(row: models.Model, **special: str) -> Iterator[tuple[str, str, list[Any]]]:
    """(what, statement, values) for each column of the row; `special` says what a column may hold, "" that nothing else fits."""
    table, key = row._meta.db_table, row._meta.pk
    assert key is not None
    for field in row._meta.concrete_fields:
        if isinstance(field, SealedText):  # the superuser who also has the key
            forged = dump(["x"]) if isinstance(field, SealedJson) else "x"
            change, values = "%s", [crypto.seal(forged, aad=field.aad)]
        elif special.get(field.name) == "":  # the database itself refuses it
            continue
        else:
            change, values = special.get(field.name) or CHANGED[type(field).__name__].format(f'"{field.column}"'), []
        statement = f'UPDATE {table} SET "{field.column}" = {change} WHERE "{key.column}" = %s'
        yield f"{table}.{field.column}", statement, [*values, row.pk]


def delete(row: models.Model) -> None:
    key = row._meta.pk
    assert key is not None
    superuser(f'DELETE FROM {row._meta.db_table} WHERE "{key.column}" = %s', row.pk)


def insert_like(row: models.Model, **changed: Any) -> None:
    """Put in the same row under another key, with some columns changed."""
    table, key = row._meta.db_table, row._meta.pk
    assert key is not None
    changed = {key.column: new_id(), **changed}
    objects = ", ".join("%s, %s::text" for _ in changed)
    values = [value for pair in changed.items() for value in pair]
    superuser(
        f"INSERT INTO {table} SELECT (jsonb_populate_record(r, jsonb_build_object({objects}))).* "
        f'FROM {table} AS r WHERE "{key.column}" = %s',
        *values,
        row.pk,
    )
