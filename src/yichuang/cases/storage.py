"""Where files lie: sealed, under names of our own, outside the database; written whole or not at all."""

import os
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from yichuang.cases.models import Upload
from yichuang.core import crypto
from yichuang.core.actors import Actor
from yichuang.core.compiled import compiled
from yichuang.core.disk import check_room, told_when_full


def own_files(actor: Actor) -> Q:
    """Which uploads are the actor's own; of a link's holder: what came through links of its case, nobody's account's."""
    if actor.kind == "link":
        return Q(case_id=actor.case, owner=None, staff=None)
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
