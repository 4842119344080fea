"""What of the shared bases needs a second person (docs/adr/0014, 0026): rows by which machines decide, in and out of a base."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from yichuang.core import second
from yichuang.core.actors import Actor
from yichuang.core.clock import local
from yichuang.core.refusals import NotFound
from yichuang.core.second import Args, Line
from yichuang.core.words import W, Words
from yichuang.registry.commands.loading import LOAD
from yichuang.registry.commands.retiring import A_SOURCE, RETIRE, retire_source
from yichuang.registry.commands.staging import load_staged, plan_of, staged
from yichuang.registry.models import Holding, SharedBatch, SharedRecord, StagedBatch
from yichuang.registry.permissions import check_can_keep
from yichuang.registry.values import BASE_WORDS, FIELDS, KEY_WORDS, KEYS, Base, RowFault

BASE, SOURCE, FILE, KIND = W("数据库", "Base"), W("来源", "Source"), W("文件", "File"), W("方式", "Kind")
ROWS, EFFECT, GONE, CONTENT = (
    W("数据行", "Rows"),
    W("结果", "What follows"),
    W("删除", "Taken away"),
    W("内容", "Content"),
)
WHOLE = W("全量：这是该来源的全部数据", "whole: all that the source has")
PART = W("增量：只更新文件里的记录", "part: only the records in the file")
READ = W("{n} 行可以导入，{faults} 处错误", "{n} rows can be taken, {faults} faults")
FOLLOWS = W("新增 {new} 条，更新 {changed} 条，不变 {same} 条", "{new} new, {changed} changed, {same} unchanged")
LOSES = W("该来源现有 {known} 条，其中 {gone} 条会被删除", "of {known} records that the source has now, {gone} go away")
FAULTY = W(
    "有错误的行：不删除任何记录，这个来源也不能回答“无记录”",
    "rows with faults: nothing goes away, and the source cannot answer “nothing on record”",
)
LAST = W("最近导入", "Loaded last")
RETIRED = W(
    "删除该来源的 {n} 条记录，以后查询不再等它；它可以重新提供数据",
    "its {n} records go away, and nobody waits for it any more; it may give data anew",
)
ROW = W("第 {n} 行，{column}", "Row {n}, {column}")
NEWER = W("来源后来又更新过、保留不动的记录", "Records that the source has renewed since: left as they are")
MORE = W("没有列出的错误", "Faults not listed")
AS_OLD_AS = W("数据截至", "Data as of")
MOST = 20  # faults of rows that are listed
ABOUT = W("{base}，来源 {source}", "{base}, source {source}")


def _same(text: str) -> Words:
    return Words(text, text)


def _check(actor: Actor, args: Args) -> None:
    check_can_keep(actor)
    UUID(str(args["batch"]))


def _about(args: Args) -> Words:
    """Base and source, also when it was loaded."""
    id = UUID(str(args["batch"]))
    for table in (StagedBatch, SharedBatch):
        row = table.objects.filter(id=id).order_by("id").values_list("base", "source").first()
        if row is not None:
            return ABOUT.format(base=BASE_WORDS[Base(row[0])], source=_same(row[1]))
    return Words("", "")


def _preview(actor: Actor, args: Args, at: datetime) -> list[Line]:
    waiting = staged(UUID(str(args["batch"])), at=at)
    plan = plan_of(waiting, at=at)
    lines = [
        Line(BASE, BASE_WORDS[waiting.base]),
        Line(SOURCE, _same(waiting.source)),
        Line(FILE, _same(waiting.file)),
        Line(KIND, WHOLE if waiting.whole else PART),
        Line(AS_OLD_AS, _same(f"{local(waiting.at):%Y-%m-%d %H:%M}")),
        Line(ROWS, READ.format(n=len(plan.good), faults=len(plan.faults))),
        Line(EFFECT, FOLLOWS.format(new=len(plan.new), changed=len(plan.changed), same=len(plan.same))),
    ]
    if waiting.whole:
        loses = LOSES.format(known=plan.known, gone=len(plan.gone))
        lines.append(Line(GONE, FAULTY if plan.faults else loses))
    if plan.newer:
        lines.append(Line(NEWER, _same(str(len(plan.newer)))))
    lines += [_fault(waiting.base, fault) for fault in plan.faults[:MOST]]
    if len(plan.faults) > MOST:
        lines.append(Line(MORE, _same(str(len(plan.faults) - MOST))))
    return [*lines, Line(CONTENT, _same(waiting.digest[:16]))]


def _fault(base: Base, fault: RowFault) -> Line:
    spec = FIELDS[base].get(fault.column)
    return Line(ROW.format(n=fault.row, column=spec.words if spec else KEY_WORDS[KEYS[base]]), fault.words)


def _run(actor: Actor, args: Args, late: Mapping[str, str], at: datetime) -> dict[str, str]:
    return {"batch": str(load_staged(id=UUID(str(args["batch"])), actor=actor, at=at).id)}


def _source(args: Args) -> tuple[Base, str]:
    return Base(args["base"]), str(args["source"])


def _retire_check(actor: Actor, args: Args) -> None:
    check_can_keep(actor)
    _source(args)


def _retire_about(args: Args) -> Words:
    base, source = _source(args)
    return ABOUT.format(base=BASE_WORDS[base], source=_same(source))


def _retire_preview(actor: Actor, args: Args, at: datetime) -> list[Line]:
    base, source = _source(args)
    held = Holding.objects.filter(base=base.value, source=source).order_by("id").first()
    if held is None:
        raise NotFound(A_SOURCE)
    records = SharedRecord.objects.filter(base=base.value, source=source).count()
    return [
        Line(BASE, BASE_WORDS[base]),
        Line(SOURCE, _same(source)),
        Line(LAST, _same(f"{local(held.loaded_at):%Y-%m-%d %H:%M}")),
        Line(EFFECT, RETIRED.format(n=records)),
    ]


def _retire_run(actor: Actor, args: Args, late: Mapping[str, str], at: datetime) -> dict[str, int]:
    base, source = _source(args)
    return {"records": retire_source(base=base, source=source, actor=actor, at=at)}


second.register(
    second.Act(
        RETIRE,
        W("停用共享库的本地来源", "Retire a local source of a shared base"),
        _retire_check,
        _retire_preview,
        _retire_run,
        about=_retire_about,
    )
)
second.register(
    second.Act(LOAD, W("导入共享库数据", "Load rows into a shared base"), _check, _preview, _run, about=_about)
)
