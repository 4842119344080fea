"""Publishing lists.toml: the file is the whole truth about lists; what is no longer in it is taken away."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from yichuang.catalog.commands.trials import fault_reason
from yichuang.catalog.lists.file import NAME, read_lists
from yichuang.catalog.models import ListedItems
from yichuang.catalog.permissions import check_can_publish
from yichuang.catalog.values import ItemList, ListsTrial, PackFault
from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.ids import new_id
from yichuang.core.refusals import refuse_all
from yichuang.core.words import W


def check_lists(file: str | Path) -> list[PackFault]:
    """Every fault of a lists.toml, with its line; [] when it may be published."""
    return list(_read(Path(file))[1])


def try_lists(file: str | Path) -> ListsTrial:
    """What publishing the file would change, or its faults; nothing is written."""
    lists, faults = _read(Path(file))
    kept = {row.code: row for row in ListedItems.objects.all()}
    state = {
        one.code: "new"
        if one.code not in kept
        else "same"
        if _fits(kept[one.code], _facts(one, position))
        else "changed"
        for position, one in enumerate(lists)
    }
    gone = tuple(W(row.name_zh, row.name_en) for code, row in sorted(kept.items()) if code not in state)
    return ListsTrial(faults, tuple((one, state[one.code]) for one in lists), () if faults else gone)


@transaction.atomic
def publish_lists(*, file: str | Path, actor: Actor, at: datetime) -> tuple[ItemList, ...]:
    """Put the lists of a file into force; each list that is new, changed or gone stands in the ledger.

    The same file again changes nothing. Raises Refused with every fault of the file.
    """
    check_can_publish(actor)
    lists, faults = _read(Path(file))
    refuse_all([fault_reason(fault) for fault in faults])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('catalog:lists', 0))")
    kept = {row.code: row for row in ListedItems.objects.all()}
    for position, one in enumerate(lists):
        _put(kept.pop(one.code, None), one, position, actor, at)
    for row in kept.values():
        _record("withdraw_list", row, actor, at)
        row.delete()
    return lists


def _read(file: Path) -> tuple[tuple[ItemList, ...], tuple[PackFault, ...]]:
    try:
        return read_lists(file.read_bytes())
    except OSError as error:
        said = error.strerror or ""
        words = W(f"文件读不出来：{said}", f"The file cannot be read: {said}")
        return (), (PackFault(NAME, 0, "UNREADABLE", words),)


def _facts(one: ItemList, position: int) -> dict[str, Any]:
    rule = one.rule
    return {
        "name_zh": one.name.zh,
        "name_en": one.name.en,
        "batch": one.batch,
        "target": one.target,
        "target_on": one.target_on,
        "marks": [mark.value for mark in rule.marks],
        "area": rule.area,
        "visits": rule.visits,
        "items": list(rule.items),
        "position": position,
    }


def _fits(row: ListedItems, facts: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in facts.items())


def _put(row: ListedItems | None, one: ItemList, position: int, actor: Actor, at: datetime) -> None:
    facts = _facts(one, position)
    if row is None:
        row = ListedItems(id=new_id(), code=one.code)
    elif _fits(row, facts):
        return
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()
    _record("publish_list", row, actor, at)


def _record(act: str, row: ListedItems, actor: Actor, at: datetime) -> None:
    detail: dict[str, str | int | None] = {
        "list": row.code,
        "name": row.name_zh,
        "batch": row.batch,
        "target": row.target,
        "target_on": row.target_on.isoformat(),
        "marks": " ".join(row.marks),
        "area": row.area,
        "visits": row.visits,
        "items": " ".join(row.items),
    }
    ledger.append(act=act, actor=actor, at=at, subject=ledger.Subject("item_list", row.id), detail=detail)
