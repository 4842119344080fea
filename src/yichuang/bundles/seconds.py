"""What of packages needs a second person (docs/adr/0014): publishing one to the public, and taking it off again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yichuang.bundles import messages
from yichuang.bundles.commands.publish import PUBLISH, WITHDRAW, publish_package, withdraw_package
from yichuang.bundles.rules.compare import PackageChange
from yichuang.bundles.shelf import package_folder, package_shelf_line, try_package
from yichuang.catalog.permissions import check_can_publish
from yichuang.core import second
from yichuang.core.actors import Actor
from yichuang.core.refusals import Conflict, Reason, refuse_all
from yichuang.core.second import Args, Line
from yichuang.core.words import W, Words

PACKAGE, VERSION, ITEMS = W("套餐", "Package"), W("版本", "Version"), W("包括的事项", "Items")
CHANGES, CONTENT = W("与上一版相比", "Compared with the version before"), W("内容", "Content")
FIRST, DIFFERENCES = W("第一次发布", "published for the first time"), W("{n} 处不同", "differences: {n}")
UNDER_WAY = W("在办的不受影响", "What was filed goes on")
NO_NEW = W("不再接受新的申请", "Nothing new is filed")
MOST = 40  # differences named here; all of them stand on the package's page


def _same(text: str) -> Words:
    return Words(text, text)


def _check(actor: Actor, args: Args) -> None:
    check_can_publish(actor)


def _about(args: Args) -> Words:
    return _same(f"{args['package']}" + (f" {args['version']}" if args.get("version") else ""))


def _preview(actor: Actor, args: Args, at: datetime) -> list[Line]:
    trial = try_package(actor, args["package"], at=at)
    refuse_all([Reason("PACKAGE_FAULT", _told(one.file, one.words)) for one in trial.faults])
    package = trial.package
    assert package is not None  # without a fault there is one
    if trial.digest != args["digest"]:
        raise Conflict(Reason("CONTENT_CHANGED", messages.CONTENT_CHANGED))
    second.trial(PUBLISH, lambda: _run(actor, args, {}, at))
    names = [slot.name for slot in package.slots]
    return [
        Line(PACKAGE, package.name),
        Line(VERSION, _same(str(package.version))),
        Line(ITEMS, Words("、".join(one.zh for one in names), ", ".join(one.en for one in names))),
        Line(CHANGES, FIRST if trial.changes is None else DIFFERENCES.format(n=len(trial.changes))),
        *(_difference(change) for change in (trial.changes or ())[:MOST]),
        Line(CONTENT, _same(trial.digest[:16])),
    ]


def _told(file: str, words: Words) -> Words:
    return Words(f"{file}：{words.zh}", f"{file}: {words.en}")


def _difference(change: PackageChange) -> Line:
    before, after = change.before or _same("—"), change.after or _same("—")
    label = Words(f"{change.part.zh}：{change.name.zh}", f"{change.part.en}: {change.name.en}")
    return Line(label, Words(f"{before.zh} → {after.zh}", f"{before.en} → {after.en}"))


def _run(actor: Actor, args: Args, late: Mapping[str, str], at: datetime) -> dict[str, Any]:
    folder = package_folder(actor, args["package"])
    publish_package(folder=folder, actor=actor, at=at, digest=args["digest"])
    return {"package": args["package"]}


def _withdraw_preview(actor: Actor, args: Args, at: datetime) -> list[Line]:
    line = package_shelf_line(actor, args["package"])
    second.trial(WITHDRAW, lambda: withdraw_package(code=args["package"], actor=actor, at=at))
    version = _same(str(line.open.version if line.open else 0))
    return [Line(PACKAGE, line.name), Line(VERSION, version), Line(NO_NEW, UNDER_WAY)]


def _withdraw_run(actor: Actor, args: Args, late: Mapping[str, str], at: datetime) -> None:
    withdraw_package(code=args["package"], actor=actor, at=at)


second.register(
    second.Act(
        PUBLISH,
        W("发布一件事套餐", "Publish a package"),
        _check,
        _preview,
        _run,
        page=("console:package", "package"),
        about=_about,
    )
)
second.register(
    second.Act(
        WITHDRAW,
        W("下线一件事套餐", "Withdraw a package"),
        _check,
        _withdraw_preview,
        _withdraw_run,
        page=("console:package", "package"),
        about=_about,
    )
)
