"""Where files lie: sealed, under names of our own, outside the database; written whole or not at all."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from yichuang.cases.models import Upload
from yichuang.core import crypto, sql
from yichuang.core.actors import Actor
from yichuang.core.compiled import compiled, loaded
from yichuang.core.disk import check_room, told_when_full

_COLUMNS = tuple(field.attname for field in Upload._meta.concrete_fields)


def own_files(actor: Actor) -> Q:
    """Which uploads are the actor's own; of a link's holder: what came through that very link, nobody's account's.

    What came before links had names of their own stays with its case's links.
    """
    if actor.kind == "link":
        return Q(case_id=actor.case, owner=None, staff=None) & (Q(link=actor.link) | Q(link=None))
    return Q(staff_id=actor.id) if actor.is_staff else Q(owner_id=actor.id)


@compiled
def _of_person(owner: UUID, ids: Iterable[UUID]) -> QuerySet[Upload]:
    return Upload.objects.select_for_update(of=("self",)).filter(owner=owner, id__among=ids).order_by("id")


@compiled
def _of_staff(staff: UUID, ids: Iterable[UUID]) -> QuerySet[Upload]:
    return Upload.objects.select_for_update(of=("self",)).filter(staff=staff, id__among=ids).order_by("id")


def lock_own(actor: Actor, ids: Iterable[UUID]) -> list[Upload]:
    """Those of the uploads that are the actor's own, locked; one statement."""
    if actor.kind != "link" and actor.id is not None:
        return (_of_staff if actor.is_staff else _of_person)(actor.id, list(ids))
    return list(Upload.objects.select_for_update(of=("self",)).filter(own_files(actor), id__in=ids).order_by("id"))


# By the key alone: where there are no statistics yet, PostgreSQL would rather read everything that its owner ever handed
# in, so nothing else here may be looked up in an index. The array is a query so that its length is no news: else
# PostgreSQL thinks three ids cheaper than any number, and plans anew for each filing. Locked by id, as `lock_own` does:
# two filings with the same files then wait for each other in turn, never each for the other.
_TAKE = """
WITH own AS MATERIALIZED (
    SELECT id FROM cases_upload
    WHERE id = ANY(ARRAY(SELECT unnest($2::uuid[]))) AND {owner} IS NOT DISTINCT FROM $3 AND num_nulls(case_id) = 1
    ORDER BY id FOR NO KEY UPDATE
)
UPDATE cases_upload SET case_id = $1 WHERE id = ANY(ARRAY(SELECT id FROM own))
RETURNING id, owner_id, staff_id, case_id, link, name, kind, size, pages, sha256, path, created_at
"""
_TAKE_OF_PERSON, _TAKE_OF_STAFF = _TAKE.format(owner="owner_id"), _TAKE.format(owner="staff_id")


def foresee_take(actor: Actor, ids: Iterable[UUID], case: UUID) -> None:
    """`take_own` comes next in this transaction, of the same ids in the same order (see `sql.ahead`)."""
    sql.ahead(*_taking(actor, ids, case))


def _taking(actor: Actor, ids: Iterable[UUID], case: UUID) -> tuple[str, list[Any]]:
    return _TAKE_OF_STAFF if actor.is_staff else _TAKE_OF_PERSON, [case, _array(ids), actor.id]


def _array(ids: Iterable[UUID]) -> str:
    """As PostgreSQL writes one: what psycopg does to a list takes longer."""
    return "{" + ",".join(map(str, ids)) + "}"


def take_own(actor: Actor, ids: Iterable[UUID], case: UUID) -> list[Upload]:
    """Give the case those of the uploads that are the actor's own and no case's yet: (locked) rows; one statement."""
    rows = sql.rows(*_taking(actor, ids, case))
    return [loaded(Upload, _COLUMNS, [*row[:5], _open_name(row[5]), *row[6:]]) for row in rows]


def _open_name(sealed: str) -> str:
    return crypto.unseal(sealed, aad="cases_upload.name")


def keep_file(upload: UUID, content: bytes) -> str:
    """Seal and write the file, durably, before the row that names it is committed.

    Returns its path below the data folder. Raises Refused (503), and leaves nothing, where the disk is full or nearly so.
    """
    check_room(len(content))
    relative = Path("uploads") / upload.hex[-2:] / f"{upload.hex}.sealed"
    target = Path(settings.YICHUANG_DATA) / relative
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_suffix(".part")
    try:
        with told_when_full(), part.open("wb") as file:
            file.write(crypto.seal_bytes(content, aad=f"upload:{upload}"))
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)  # the name must be as durable as what it names
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return str(relative)


def read_file(upload: UUID, path: str) -> bytes:
    """The file as it was handed in (after cleaning)."""
    sealed = (Path(settings.YICHUANG_DATA) / path).read_bytes()
    return crypto.unseal_bytes(sealed, aad=f"upload:{upload}")
