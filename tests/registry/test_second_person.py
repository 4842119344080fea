"""Rows into a base need a second steward: kept sealed meanwhile, loaded once, forgotten when nobody agrees."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from yichuang.core import ledger, roles, second
from yichuang.core.actors import Actor, Grant
from yichuang.core.asked import stands_for
from yichuang.core.clock import SHANGHAI, local
from yichuang.core.ids import new_id
from yichuang.core.refusals import NotFound, Refused
from yichuang.registry.commands import LOAD, forget_staged, load_batch, load_staged, settle_contradiction, stage_batch
from yichuang.registry.models import Contradiction, Holding, SharedBatch, SharedRecord, StagedBatch
from yichuang.registry.values import Base

ONE, TWO = "44030319900101901X", "440303199001019028"
FILE = "key,name\n44030319900101901X,张晓\n".encode()


@pytest.fixture
def colleague() -> Actor:
    """另一位事项管理员."""
    return Actor(kind="staff", id=new_id(), name="周敏", grants=frozenset({Grant(roles.ITEM_EDITOR, None, None)}))


@pytest.fixture
def stage(db: None, editor: Actor, at: datetime) -> Callable[..., UUID]:
    def make(file: bytes = FILE, **more: Any) -> UUID:
        given = {"base": Base.POPULATION, "source": "police", "name": "人口.csv", "actor": editor, "at": at, **more}
        return stage_batch(file=file, **given)

    return make


def propose(batch: UUID, actor: Actor, at: datetime) -> UUID:
    return second.propose(actor=actor, act=LOAD, args={"batch": str(batch)}, reason="按月更新", at=at)


def mark(batch: UUID, actor: Actor, at: datetime) -> str:
    return second.mark_of(second.preview(actor, LOAD, {"batch": str(batch)}, at=at))


def test_nobody_loads_rows_alone(stage: Callable[..., UUID], editor: Actor, at: datetime):
    for whole in (False, True):
        with pytest.raises(Refused) as refused:
            load_batch(base=Base.CREDIT, source="court", actor=editor, at=at, rows=[{"key": ONE}], whole=whole)
        assert refused.value.reasons[0].code == "SECOND_NEEDED"
    with pytest.raises(Refused) as refused:
        load_staged(id=stage(), actor=editor, at=at)
    assert refused.value.reasons[0].code == "SECOND_NEEDED"
    assert not SharedBatch.objects.exists()


def test_a_second_steward_reads_the_numbers_and_it_is_loaded_once(
    stage: Callable[..., UUID], editor: Actor, colleague: Actor, at: datetime
):
    batch = stage(whole=True)
    asked = propose(batch, editor, at)
    with pytest.raises(Refused) as refused:
        second.confirm(actor=editor, proposal=asked, mark=mark(batch, editor, at), at=at)
    assert refused.value.reasons[0].code == "SAME_PERSON"
    lines = {line.label.zh: line.value.zh for line in second.preview(colleague, LOAD, {"batch": str(batch)}, at=at)}
    assert lines["数据行"] == "1 行可以导入，0 处错误"
    assert lines["删除"] == "该来源现有 0 条，其中 0 条会被删除"
    answer = second.confirm(actor=colleague, proposal=asked, mark=mark(batch, colleague, at), at=at)
    assert answer == {"batch": str(batch)}
    assert SharedRecord.objects.get().key_masked.startswith("440303")
    assert not StagedBatch.objects.exists()
    entry = ledger.list_entries(ledger.Subject("registry-batch", batch))[-1]
    assert (entry.act, entry.detail["asked_by"]) == ("registry.load", "吴*")
    with pytest.raises(Refused):
        second.confirm(actor=colleague, proposal=asked, mark="", at=at)
    assert second.get_proposal(colleague, asked, at=at).about.zh == "人口库，来源 police"


def test_two_may_take_much_away_and_who_read_other_numbers_looks_again(
    stage: Callable[..., UUID], editor: Actor, colleague: Actor, at: datetime
):
    with stands_for(LOAD):
        rows = [{"key": ONE, "name": "张晓"}, {"key": TWO, "name": "李明"}]
        load_batch(base=Base.POPULATION, source="police", actor=editor, at=at, rows=rows, whole=True)
    batch = stage(whole=True)
    asked = propose(batch, editor, at)
    read = mark(batch, colleague, at)
    with stands_for(LOAD):
        rows = [{"key": "440303199001019044", "name": "王芳"}]
        load_batch(base=Base.POPULATION, source="police", actor=editor, at=at, rows=rows)
    with pytest.raises(Refused) as refused:
        second.confirm(actor=colleague, proposal=asked, mark=read, at=at)
    assert refused.value.reasons[0].code == "CHANGED"
    second.confirm(actor=colleague, proposal=asked, mark=mark(batch, colleague, at), at=at)
    assert SharedRecord.objects.count() == 1


def test_a_file_that_waits_is_sealed_the_same_twice_and_gone_after_a_day(
    stage: Callable[..., UUID], editor: Actor, at: datetime
):
    batch = stage()
    assert stage() == batch  # pressed twice
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM registry_staged")
        assert "张晓".encode() not in bytes(cursor.fetchone()[0])
    later = at + timedelta(hours=26)
    with pytest.raises(NotFound):
        second.preview(editor, LOAD, {"batch": str(batch)}, at=later)
    assert (forget_staged(at=at + timedelta(hours=24)), forget_staged(at=later)) == (0, 1)


def test_a_file_confirmed_late_is_as_old_as_it_is_and_newer_rows_win(
    stage: Callable[..., UUID], editor: Actor, colleague: Actor, at: datetime
):
    old = "440303199001019044"
    with stands_for(LOAD):
        rows = [{"key": ONE, "name": "张晓", "alive": True}, {"key": old, "name": "李明"}]
        load_batch(base=Base.POPULATION, source="police", actor=editor, at=at - timedelta(days=1), rows=rows)
    batch = stage(f"key,name,alive\n{ONE},张晓,是\n{TWO},王芳,是\n".encode(), whole=True)
    asked, noon, evening = propose(batch, editor, at), at + timedelta(hours=3), at + timedelta(hours=9)
    with stands_for(LOAD):
        dead = [{"key": ONE, "name": "张晓", "alive": False}]
        load_batch(base=Base.POPULATION, source="police", actor=editor, at=noon, rows=dead)
    lines = {
        line.label.zh: line.value.zh for line in second.preview(colleague, LOAD, {"batch": str(batch)}, at=evening)
    }
    assert lines["来源后来又更新过、保留不动的记录"] == "1"
    second.confirm(actor=colleague, proposal=asked, mark=mark(batch, colleague, evening), at=evening)
    said = {row.data["name"]: (row.data.get("alive"), row.as_of) for row in SharedRecord.objects.order_by("id")}
    assert said == {"张晓": (False, noon), "王芳": (True, at)}, (
        "what was said at noon stands, what the file left out is gone"
    )
    assert SharedBatch.objects.get(id=batch).as_of == at
    assert Holding.objects.get().whole_at == at


def test_a_file_is_as_old_as_its_giver_made_it_and_takes_nothing_back_that_was_said_since(
    stage: Callable[..., UUID], editor: Actor, colleague: Actor, at: datetime
):
    """Exported on Friday, handed in on Monday: the platform's delivery of Saturday stands."""
    friday, saturday = at - timedelta(days=3), at - timedelta(days=2)
    with stands_for(LOAD):
        dead = [{"key": ONE, "name": "张晓", "alive": False}]
        load_batch(base=Base.POPULATION, source="police", actor=editor, at=saturday, rows=dead)
    batch = stage(f"key,name,alive\n{ONE},张晓,是\n{TWO},王芳,是\n".encode(), made_at=friday)
    lines = {line.label.zh: line.value.zh for line in second.preview(colleague, LOAD, {"batch": str(batch)}, at=at)}
    assert (lines["数据截至"], lines["来源后来又更新过、保留不动的记录"]) == (f"{local(friday):%Y-%m-%d %H:%M}", "1")
    second.confirm(actor=colleague, proposal=propose(batch, editor, at), mark=mark(batch, colleague, at), at=at)
    said = {row.data["name"]: (row.data["alive"], row.as_of) for row in SharedRecord.objects.order_by("id")}
    assert said == {"张晓": (False, saturday), "王芳": (True, friday)}


@pytest.mark.parametrize(
    ("made_at", "code"),
    [
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), "NOT_YET"),
        (datetime(1, 1, 1, tzinfo=SHANGHAI), "LONG_AGO"),
        (datetime(2100, 1, 1, tzinfo=UTC), "NOT_YET"),
    ],
)
def test_no_file_was_made_tomorrow_or_in_another_century(stage: Callable[..., UUID], made_at: datetime, code: str):
    with pytest.raises(Refused) as refused:
        stage(made_at=made_at)
    assert [(one.code, one.field) for one in refused.value.reasons] == [(code, "/made_at")]
    assert not StagedBatch.objects.exists()


def test_a_whole_file_made_before_the_last_whole_delivery_is_not_even_kept(
    stage: Callable[..., UUID], editor: Actor, at: datetime
):
    with stands_for(LOAD):
        rows = [{"key": ONE, "name": "张晓"}]
        load_batch(
            base=Base.POPULATION, source="police", actor=editor, at=at - timedelta(days=1), rows=rows, whole=True
        )
    with pytest.raises(Refused) as refused:
        stage(whole=True, made_at=at - timedelta(days=2))
    assert refused.value.reasons[0].code == "OLDER_THAN_LAST"


def test_a_file_that_waited_is_nothing_after_a_newer_whole_delivery(
    stage: Callable[..., UUID], editor: Actor, colleague: Actor, at: datetime
):
    batch = stage(FILE + f"{TWO},王芳\n".encode())
    later = at + timedelta(hours=3)
    with stands_for(LOAD):
        rows = [{"key": ONE, "name": "张晓"}]
        load_batch(base=Base.POPULATION, source="police", actor=editor, at=later, rows=rows, whole=True)
    with pytest.raises(Refused) as refused:
        second.preview(colleague, LOAD, {"batch": str(batch)}, at=later)
    assert refused.value.reasons[0].code == "OLDER_THAN_LAST"
    with stands_for(LOAD), pytest.raises(Refused):
        load_staged(id=batch, actor=colleague, at=later)
    assert SharedRecord.objects.count() == 1, "what the whole delivery left out does not come back"


def test_what_cannot_be_loaded_is_not_kept(stage: Callable[..., UUID], li_na: Actor, at: datetime):
    for file, more, code in (
        (b"no table", {}, "COLUMN_UNKNOWN"),
        (b"key,name\n", {}, "NO_ROWS"),
        (FILE, {"source": "Bad Name"}, "SOURCE_NAME"),
        (FILE, {"actor": li_na}, "NOT_ALLOWED"),
    ):
        with pytest.raises(Refused) as refused:
            stage(file, **more)
        assert code in {reason.code for reason in refused.value.reasons}
    for number in range(5):
        stage(FILE + b"\n" * number)
    with pytest.raises(Refused) as refused:
        stage(FILE + b"\n" * 9)
    assert refused.value.reasons[0].code == "TOO_MANY_WAITING"
    assert StagedBatch.objects.count() == 5


def test_a_contradiction_is_settled_by_one_because_no_machine_goes_by_it(db: None, editor: Actor, at: datetime):
    row = Contradiction.objects.create(
        id=new_id(), base="credit", key_index="x", key_masked="4403**", field="restricted",
        said={"court": False, "police": True}, found_at=at,
    )  # fmt: skip
    settle_contradiction(actor=editor, id=row.id, seen=row.found_at, keep="court", reason="电话核实", at=at)
    assert Contradiction.objects.get().kept == "court"
