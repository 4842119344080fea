"""分派: the process of a case asks a table of its item which way to go; the row that says so stands on the record."""

from datetime import datetime

from yichuang.cases.commands.move_process import ACT as MOVED
from yichuang.cases.models import Case
from yichuang.cases.processes import KIND, calendar
from yichuang.catalog import queries as catalog
from yichuang.catalog.values import Pack
from yichuang.core import faults, ledger
from yichuang.core.actors import SYSTEM
from yichuang.core.ledger import Subject
from yichuang.core.words import W
from yichuang.engine import commands as engine
from yichuang.engine import queries
from yichuang.engine.values import WaitRow

BY_ROW = W("{step}：第 {row} 行", "{step}: row {row}")
UNSURE = W("{step}：规则判断不了，由人决定", "{step}: the rules are sure of nothing, a person decides")


def take_way(case: Case, row: WaitRow, at: datetime) -> bool:
    """The process goes on by what the table says; where it is sure of nothing, by the way drawn for that.

    On a locked case. False when it was asked before, or is wanted no more. Raises `LookupError` for a table that the
    item does not have: the job stays for a person to look at.
    """
    decision = _pack_of(case, at).routes.get(row.key)
    if decision is None:
        raise LookupError(f"no table {row.key!r} in the item of the case's process")
    said, why = catalog.way(decision, queries.values_at(row))
    if said:
        gone = engine.answer_work(wait=row.id, variables={}, outcome=said, at=at, calendar=calendar())
    else:
        gone = engine.fail_work(wait=row.id, code=catalog.UNDECIDED, at=at, calendar=calendar())
    if not gone:
        return False
    faults.point("take_way.after_answer")
    told = (BY_ROW if why else UNSURE).format(step=row.name, row=why.row if why else 0)
    ledger.append(
        act="process-rule",
        actor=SYSTEM,
        at=at,
        subject=Subject(KIND, case.id),
        detail={"node": row.node, "table": row.key, "way": said, "zh": told.zh, "en": told.en},
    )
    return True


def _pack_of(case: Case, at: datetime) -> Pack:
    """The version whose process runs: the case's own, unless its review was moved to a newer one."""
    moved = [entry for entry in ledger.list_entries(Subject(KIND, case.id)) if entry.act == MOVED]
    version = int(str(moved[-1].detail["to"])) if moved else case.item_version
    return catalog.get_pack(case.item_code, version=version, at=at)
