"""Files that wait for a second person (docs/adr/0014): kept sealed for a day, loaded when somebody else confirms, or forgotten."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.crypto import seal_bytes, unseal_bytes
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.second import LIFE
from yichuang.core.words import W
from yichuang.registry import sheets
from yichuang.registry.batches import Plan, planned
from yichuang.registry.commands.loading import check_made, check_new, check_source, load_batch
from yichuang.registry.models import StagedBatch
from yichuang.registry.permissions import check_can_keep
from yichuang.registry.values import Base, BatchReport

MOST_WAITING = 5  # files of one steward at a time
KEPT = LIFE + timedelta(hours=1)  # as long as a proposal may still be confirmed
A_BATCH = W("待复核的批次", "batch that waits for a second person")
_NO_ROWS = W("文件里没有数据行", "There are no rows in the file")
_MANY = W(
    "您已有 {n} 份文件等待复核，请先处理或撤回",
    "{n} files of yours wait for a second person already: deal with them first",
)


@transaction.atomic
def stage_batch(
    *,
    base: Base,
    source: str,
    file: bytes,
    name: str,
    actor: Actor,
    at: datetime,
    whole: bool = False,
    encoding: sheets.Encoding = "utf-8",
    made_at: datetime | None = None,
) -> UUID:
    """Keep a file, sealed, until a second steward confirms that it be loaded; its id is the argument of that act.

    `made_at`: when its giver made it; what it says is as old as that, else as old as its coming in. What `load_batch` would
    refuse of the file itself is refused here. The same file once more while it waits is the same. Refused TOO_MANY_WAITING
    besides.
    """
    check_can_keep(actor)
    check_source(source)
    digest = hashlib.sha256(file).hexdigest()
    if not sheets.read(base, file, encoding) and not whole:
        raise Refused(Reason("NO_ROWS", _NO_ROWS, "/file"))
    check_made(made_at, at)
    check_new(base, source, digest, None, at, made_at or at)
    mine = StagedBatch.objects.filter(by_id=actor.id, at__gt=at - KEPT)
    told: dict[str, Any] = {"base": base.value, "source": source, "digest": digest, "whole": whole}
    told |= {"encoding": encoding, "made_at": made_at}
    same = mine.filter(**told).order_by("id").first()
    if same is not None:
        return same.id
    if mine.count() >= MOST_WAITING:
        raise Refused(Reason("TOO_MANY_WAITING", _MANY.format(n=MOST_WAITING), "/file"), kind="conflict")
    id = new_id()
    row = StagedBatch(id=id, **told, file=name[:200], content=seal_bytes(file, aad=_aad(id)), at=at, by_id=actor.id)
    row.save(force_insert=True)
    ledger.append(
        act="registry.stage",
        actor=actor,
        at=at,
        subject=ledger.Subject("registry-batch", id),
        detail={"base": base.value, "source": source},
        first=True,
    )
    return id


def _aad(id: UUID) -> str:
    return f"registry_staged.{id}"


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that waits."""

    base: Base
    source: str
    file: str
    whole: bool
    encoding: sheets.Encoding
    digest: str
    content: bytes
    at: datetime  # when it was made, or came in: as old as what it says is, however late somebody confirms


def staged(id: UUID, *, at: datetime) -> Staged:
    """The file that waits. NotFound where it was loaded, or its time is over."""
    row = StagedBatch.objects.filter(id=id, at__gt=at - KEPT).order_by("id").first()
    if row is None:
        raise NotFound(A_BATCH)
    encoding: sheets.Encoding = "gb18030" if row.encoding == "gb18030" else "utf-8"
    content = unseal_bytes(bytes(row.content), aad=_aad(id))
    return Staged(Base(row.base), row.source, row.file, row.whole, encoding, row.digest, content, row.made_at or row.at)


def plan_of(waiting: Staged, *, at: datetime) -> Plan:
    """What would happen if it were loaded now. Refused as `load_batch` refuses."""
    check_new(waiting.base, waiting.source, waiting.digest, None, at, waiting.at)
    rows = sheets.read(waiting.base, waiting.content, waiting.encoding)
    return planned(waiting.base, waiting.source, rows, whole=waiting.whole, at=at, said_at=waiting.at)


@transaction.atomic
def load_staged(*, id: UUID, actor: Actor, at: datetime) -> BatchReport:
    """Load the file that waits, as the second person; it is forgotten with that. NotFound, and what `load_batch` refuses."""
    check_can_keep(actor)
    waiting = staged(id, at=at)
    report = load_batch(
        base=waiting.base,
        source=waiting.source,
        actor=actor,
        at=at,
        file=waiting.content,
        name=waiting.file,
        whole=waiting.whole,
        encoding=waiting.encoding,
        arrived_at=waiting.at,
        id=id,
    )
    StagedBatch.objects.filter(id=id).delete()
    return report


@transaction.atomic
def forget_staged(*, at: datetime) -> int:
    """Throw away the files that nobody confirmed in time; how many."""
    return StagedBatch.objects.filter(at__lte=at - KEPT).delete()[0]
