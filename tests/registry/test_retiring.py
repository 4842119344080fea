"""A local source that gives no more is retired by two: its silence would hold up everybody, its records free somebody."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from yichuang.core import ledger, roles, second
from yichuang.core.actors import SYSTEM, Actor, Grant
from yichuang.core.identifiers import synthetic
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.registry.commands import RETIRE, ask_local, load_batch, retire_source
from yichuang.registry.models import Holding, SharedRecord
from yichuang.registry.queries import list_holdings
from yichuang.registry.values import FRESH_FOR, Base, Ground, Purpose, Question

ONE = synthetic.cn_id(date(1990, 1, 1), "female", region="440303", nth=1)
ARGS = {"base": "credit", "source": "typo"}


@pytest.fixture(autouse=True)
def given(db: None, at: datetime) -> None:
    for source in ("court", "typo"):
        rows = [{"key": ONE, "restricted": True}] if source == "typo" else []
        load_batch(base=Base.CREDIT, source=source, actor=SYSTEM, at=at, rows=rows, whole=True)


def state(at: datetime) -> tuple[str, str | None]:
    question = Question("q", Base.CREDIT, ONE, ("restricted",))
    told: dict[str, Any] = {"ground": Ground("duty", "x"), "purpose": Purpose("x", "", W("", ""))}
    (answer,) = ask_local([question], actor=SYSTEM, at=at, **told)
    return answer.state, answer.fault


def test_what_grew_old_is_shown_and_its_retirement_frees_the_base(at: datetime, editor: Actor, li_na: Actor):
    later = at + FRESH_FOR[Base.CREDIT] + timedelta(days=1)
    load_batch(base=Base.CREDIT, source="court", actor=SYSTEM, at=later, rows=[], whole=True)
    assert state(later) == ("unknown", "stale")
    rows = {row.source: row for row in list_holdings(editor, at=later)}
    assert {source: (row.stale, row.records) for source, row in rows.items()} == {
        "court": (False, 0),
        "typo": (True, 1),
    }
    with pytest.raises(Refused) as refused:
        retire_source(base=Base.CREDIT, source="typo", actor=editor, at=later)
    assert refused.value.reasons[0].code == "SECOND_NEEDED"
    asked = second.propose(actor=editor, act=RETIRE, args=ARGS, reason="来源代码写错", at=later)
    other = Actor(kind="staff", id=new_id(), name="周敏", grants=frozenset({Grant(roles.ITEM_EDITOR, None, None)}))
    lines = second.preview(other, RETIRE, ARGS, at=later)
    assert any("1 条" in line.value.zh for line in lines)
    second.confirm(actor=other, proposal=asked, mark=second.mark_of(lines), at=later)
    assert state(later) == ("none", None)
    assert not SharedRecord.objects.exists()
    (entry,) = ledger.list_entries(ledger.Subject("registry-holding", rows["typo"].id))
    assert entry.act == "registry.retire"
    with pytest.raises(NotFound):
        second.preview(other, RETIRE, ARGS, at=later)
    assert second.get_proposal(other, asked, at=later).about.zh == "信用库，来源 typo"
    for act in (
        lambda: list_holdings(li_na, at=at),
        lambda: retire_source(base=Base.CREDIT, source="court", actor=li_na, at=at),
    ):
        with pytest.raises(Refused):
            act()


@pytest.mark.parametrize("args", [{"base": "people", "source": "typo"}, {"base": "credit"}, {"base": 5, "source": []}])
def test_what_is_no_source_is_not_found(args: dict[str, Any], at: datetime, editor: Actor):
    with pytest.raises(NotFound):
        second.preview(editor, RETIRE, args, at=at)
    assert Holding.objects.count() == 2
