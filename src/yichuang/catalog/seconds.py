"""What of the catalogue needs a second person (docs/adr/0014): publishing a pack to the public, closing a department."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yichuang.catalog.commands.departments import CLOSE, close_department
from yichuang.catalog.commands.publish import CONTENT_CHANGED, IN_PAST, publish_pack
from yichuang.catalog.commands.trials import fault_reason, try_pack
from yichuang.catalog.permissions import PUBLISH, check_can_publish
from yichuang.catalog.queries import pack_folder, published_name
from yichuang.catalog.values import Change
from yichuang.core import second
from yichuang.core.actors import Actor
from yichuang.core.clock import local
from yichuang.core.refusals import Conflict, Reason, refuse_all
from yichuang.core.second import Args, Line
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.network.permissions import check_can_change_network

ITEM, VERSION, FROM, CONTENT = W("事项", "Item"), W("版本", "Version"), W("生效", "Takes effect"), W("内容", "Content")
FAULTS, CHANGES = W("检查结果", "Checks"), W("与上一版相比", "Compared with the version before")
AT_ONCE = W("复核后立即", "at once when confirmed")
SOUND, FAULTY = W("没有错误", "no faults"), W("{n} 个例子不符", "failing examples: {n}")
ITEM_VERSION = W("{item}，第 {n} 版", "{item}, version {n}")
MOST = 40  # differences named here; all of them stand on the item's page
FIRST, DIFFERENCES = W("第一次发布", "published for the first time"), W("{n} 处不同", "differences: {n}")
DEPARTMENT, POSTS, ANSWERS = W("部门", "Department"), W("岗位", "Posts"), W("负责的事项", "Items that it answers for")


def _same(text: str) -> Words:
    return Words(text, text)


def _publish_check(actor: Actor, args: Args) -> None:
    check_can_publish(actor)


def _publish_about(args: Args) -> Words:
    """The item by its published name, a new one by its code, with the version asked for (older proposals name none)."""
    name, version = published_name(args["item"]) or _same(args["item"]), args.get("version")
    return ITEM_VERSION.format(item=name, n=version) if version else name


def _publish_preview(actor: Actor, args: Args, at: datetime) -> list[Line]:
    trial = try_pack(pack_folder(actor, args["item"]))
    refuse_all([_told(fault_reason(fault)) for fault in trial.faults])
    pack, text = trial.pack, args.get("effective_at")
    assert pack is not None  # without a fault there is one
    start = datetime.fromisoformat(text) if text else None
    if pack.digest != args["digest"] or args.get("version", pack.version) != pack.version:
        raise Conflict(Reason("CONTENT_CHANGED", CONTENT_CHANGED))
    refuse_all([Reason("EFFECTIVE_IN_PAST", IN_PAST, "/effective_at")] if start and start < at else [])
    red = sum(not example.ok for example in trial.examples)
    return [
        Line(ITEM, pack.name),
        Line(VERSION, _same(str(pack.version))),
        Line(FROM, _same(f"{local(start):%Y-%m-%d %H:%M}") if start else AT_ONCE),
        Line(FAULTS, FAULTY.format(n=red) if red else SOUND),
        Line(CHANGES, DIFFERENCES.format(n=len(trial.comparison.changes)) if trial.comparison else FIRST),
        *(_difference(change) for change in (trial.comparison.changes[:MOST] if trial.comparison else ())),
        Line(CONTENT, _same(pack.digest[:16])),
    ]


def _difference(change: Change) -> Line:
    """One difference in a line: what of which part, before and after."""
    what = change.what or Words("", "")
    label = Words(
        f"{change.part.zh}：{change.name.zh} {what.zh}".strip(), f"{change.part.en}: {change.name.en} {what.en}".strip()
    )
    before, after = change.before or Words("—", "—"), change.after or Words("—", "—")
    return Line(label, Words(f"{before.zh} → {after.zh}", f"{before.en} → {after.en}"))


def _told(reason: Reason) -> Reason:
    """The reason with its file before it: it speaks of files, not of a form's fields."""
    if not reason.field:
        return reason
    words = Words(f"{reason.field}：{reason.words.zh}", f"{reason.field}: {reason.words.en}")
    return Reason(reason.code, words, None, reason.basis)


def _publish_run(actor: Actor, args: Args, late: Mapping[str, str], at: datetime) -> dict[str, Any]:
    start = args.get("effective_at")
    row = publish_pack(
        folder=pack_folder(actor, args["item"]), actor=actor, at=at, digest=args.get("digest", ""),
        effective_at=datetime.fromisoformat(start) if start else None,
    )  # fmt: skip
    return {"code": row.code, "version": row.version}


def _close_check(actor: Actor, args: Args) -> None:
    check_can_change_network(actor)


def _department(args: Args) -> Words:
    row = network.get_department(args["code"])
    return Words(f"{row.name.zh}（{row.code}）", f"{row.name.en} ({row.code})")


def _close_preview(actor: Actor, args: Args, at: datetime) -> list[Line]:
    named = _department(args)
    second.trial(CLOSE, lambda: close_department(actor=actor, code=args["code"], at=at))
    return [
        Line(DEPARTMENT, named),
        Line(POSTS, _same(str(len(network.list_posts(args["code"]))))),
        Line(ANSWERS, _same(str(len(network.list_assignments(department=args["code"]))))),
    ]


def _close_run(actor: Actor, args: Args, late: Mapping[str, str], at: datetime) -> None:
    close_department(actor=actor, code=args["code"], at=at)


second.register(
    second.Act(
        PUBLISH,
        W("发布事项版本", "Publish a version of an item"),
        _publish_check,
        _publish_preview,
        _publish_run,
        page=("console:item", "item"),
        about=_publish_about,
    )  # fmt: skip
)
second.register(
    second.Act(
        CLOSE,
        W("撤销部门", "Close a department"),
        _close_check,
        _close_preview,
        _close_run,
        page=("console:department", "code"),
        about=_department,
    )  # fmt: skip
)
